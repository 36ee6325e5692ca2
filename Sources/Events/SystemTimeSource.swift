import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The machine's clocks. One system call's worth of vDSO work a reading, no allocation.
package struct SystemTimeSource: TimeSource {
    package init() {}

    package func wallClock() -> Timestamp {
        let (seconds, nanoseconds) = read(CLOCK_REALTIME)
        return Timestamp(milliseconds: seconds &* 1_000 &+ nanoseconds / 1_000_000)
    }

    package func monotonic() -> MonotonicInstant {
        let (seconds, nanoseconds) = read(CLOCK_MONOTONIC)
        return MonotonicInstant(
            nanoseconds: UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: nanoseconds))
    }

    private func read(_ clock: clockid_t) -> (Int64, Int64) {
        var time = timespec()
        clock_gettime(clock, &time)
        return (Int64(time.tv_sec), Int64(time.tv_nsec))
    }
}

/// A clock that stands still until it is moved: for tests, and for imports that replay a log's own time.
package final class ManualTimeSource: TimeSource {
    private let state: Mutex<(wall: Timestamp, monotonic: MonotonicInstant)>

    package init(wall: Timestamp, monotonic: MonotonicInstant = MonotonicInstant(nanoseconds: 0)) {
        state = Mutex((wall, monotonic))
    }

    package func wallClock() -> Timestamp { state.withLock { $0.wall } }
    package func monotonic() -> MonotonicInstant { state.withLock { $0.monotonic } }

    /// Lets both clocks run on by the same amount.
    package func advance(milliseconds: Int64) {
        state.withLock {
            $0.wall = $0.wall.adding(milliseconds: milliseconds)
            $0.monotonic.nanoseconds &+= UInt64(clamping: milliseconds) &* 1_000_000
        }
    }

    /// Sets the wall clock alone, as an operator or NTP would.
    package func jump(to wall: Timestamp) { state.withLock { $0.wall = wall } }
}
