/// Milliseconds since 1970-01-01T00:00:00Z. Arithmetic saturates, so no pair of values can trap.
@usableFromInline
package struct Timestamp: Hashable, Comparable, Sendable {
    @usableFromInline package var milliseconds: Int64
    @inlinable package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    @inlinable package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// `milliseconds` later, held at the ends of the range.
    package func adding(milliseconds delta: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
        return Timestamp(milliseconds: overflow ? (delta > 0 ? .max : .min) : sum)
    }

    /// From `earlier` to this one in milliseconds, held at the ends of the range.
    @inlinable package func milliseconds(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return overflow ? (milliseconds > 0 ? .max : .min) : difference
    }

    /// Days since 1970-01-01 in UTC, rounding down.
    @inlinable package var utcDay: Int32 {
        let day =
            milliseconds >= 0
            ? milliseconds / 86_400_000 : (milliseconds.addingReportingOverflow(1).partialValue / 86_400_000) - 1
        return Int32(clamping: day)
    }
}

/// A reading of the monotonic clock in nanoseconds; only differences mean anything.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
    package var nanoseconds: UInt64
    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// From `earlier` to this one; 0 when it is not earlier.
    package func nanoseconds(since earlier: MonotonicInstant) -> UInt64 {
        nanoseconds >= earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }
}

/// The clock seam. Wall time stamps events and picks the day; timers and ages use the monotonic reading,
/// which no clock jump moves. Time never orders the journal.
package protocol TimeSource: Sendable {
    func wallClock() -> Timestamp
    func monotonic() -> MonotonicInstant
}
