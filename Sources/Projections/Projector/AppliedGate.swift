internal import Events
internal import Synchronization
internal import Threads

/// Where threads wait for a batch to be applied.
final class AppliedGate: Sendable {
    private struct State {
        /// nil before what was applied earlier is restored.
        var applied: UInt64?
        var isOver = false
        /// Counts the beginnings anew: who drives an earlier one is no longer heard.
        var run: UInt64 = 0
    }

    private static let millisecondsMax: UInt64 = 1 << 40
    private let state = Mutex(State())
    private let changed = Signal()

    /// Nothing is applied any more, as at the start: waiters wait for the new run.
    func beginAnew() { state.withLock { $0 = State(run: $0.run + 1) } }

    /// Which run `advance` and `close` speak of.
    var currentRun: UInt64 { state.withLock { $0.run } }

    func advance(to batch: UInt64, in run: UInt64) {
        state.withLock { state in
            if run == state.run { state.applied = max(state.applied ?? 0, batch) }
        }
        changed.raise()
    }

    /// Nothing more will be applied: everybody stops waiting.
    func close(_ run: UInt64) {
        state.withLock { state in
            if run == state.run { state.isOver = true }
        }
        changed.raise()
    }

    /// Whether `batch` is applied, at the latest after `milliseconds`; batch 0 is once the run is restored. Blocks the
    /// thread.
    func wait(for batch: UInt64, milliseconds: Int) -> Bool {
        let clock = SystemTimeSource()
        let time = min(UInt64(clamping: milliseconds), Self.millisecondsMax) * 1_000_000
        let deadline = clock.monotonic().nanoseconds + time
        while true {
            let seen = changed.current
            let (isApplied, isOver) = state.withLock { ($0.applied.map { $0 >= batch } ?? false, $0.isOver) }
            let now = clock.monotonic().nanoseconds
            guard !isApplied, !isOver, now < deadline else { return isApplied }
            changed.wait(after: seen, nanosecondsAtMost: deadline - now)
        }
    }
}
