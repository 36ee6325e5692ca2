package import Events
internal import Synchronization

/// Slows down an address that keeps showing wrong keys and tokens. Who shows a right one always passes: a key has
/// 256 random bits, so guessing is hopeless anyway, and nobody behind the same proxy can lock others out.
///
/// Ten failures are free; each later one doubles the wait, from 1 s to 15 min; a quiet quarter of an hour forgives all.
/// At most 10,000 networks are remembered, the oldest make room.
package final class FailureBackoff: Sendable {
    private struct Entry {
        var failures: Int
        var lastAt: MonotonicInstant
        var blockedUntil: MonotonicInstant
    }

    private static let freeFailures = 10
    private static let waitSecondsMax: UInt64 = 900
    private let entriesMax: Int
    private let entries = Mutex<[IPAddress: Entry]>([:])

    package init(entriesMax: Int = 10_000) { self.entriesMax = entriesMax }

    /// Counts a failure. The seconds for which this address is to wait, 0 while failures are free.
    package func fail(_ address: IPAddress?, at now: MonotonicInstant) -> Int {
        guard let network = address?.network else { return 0 }
        return entries.withLock { entries in
            var entry = entries[network] ?? Entry(failures: 0, lastAt: now, blockedUntil: now)
            let quiet = now.nanoseconds(since: entry.lastAt) / 1_000_000_000
            if quiet >= FailureBackoff.waitSecondsMax { entry.failures = 0 }
            entry.failures = min(entry.failures + 1, 1_000)
            entry.lastAt = now
            let over = entry.failures - FailureBackoff.freeFailures
            let wait = over <= 0 ? 0 : min(FailureBackoff.waitSecondsMax, 1 << UInt64(min(over - 1, 10)))
            entry.blockedUntil = MonotonicInstant(nanoseconds: now.nanoseconds &+ wait &* 1_000_000_000)
            if entries[network] == nil, entries.count >= entriesMax,
                let oldest = entries.min(by: { $0.value.lastAt < $1.value.lastAt })
            {
                entries[oldest.key] = nil
            }
            entries[network] = entry
            return Int(clamping: wait)
        }
    }

    /// A right credential: nothing is held against the address any more.
    package func succeed(_ address: IPAddress?) {
        guard let network = address?.network else { return }
        entries.withLock { $0[network] = nil }
    }

    package var count: Int { entries.withLock { $0.count } }
}
