internal import Events
internal import Synchronization
internal import Threads

/// The latest committed batches, bounded by bytes: the oldest leave first, and there is always room for the newest.
/// Readers that find their batch here touch no file.
final class TailRing: Sendable {
    private struct State: Sendable {
        var batches: [CommittedBatch] = []
        /// Index of the oldest in `batches`; the ones before have left.
        var head = 0
        var byteCount = 0
        var isEnded = false
    }

    private let state = Mutex(State())
    private let bytesMax: Int
    let signal = Signal()

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    private static func cost(_ batch: CommittedBatch) -> Int { batch.bytes.count + batch.ranges.count * 16 + 96 }

    /// Adds the batch that follows the newest. Wakes nobody: the committer does when the number is published.
    func append(_ batch: CommittedBatch) {
        var leaving: [CommittedBatch] = []
        state.withLock { state in
            state.batches.append(batch)
            state.byteCount += Self.cost(batch)
            while state.byteCount > bytesMax, state.head < state.batches.count - 1 {
                let oldest = state.batches[state.head]
                state.byteCount -= Self.cost(oldest)
                leaving.append(oldest)
                state.head += 1
            }
            if state.head > 64, state.head * 2 > state.batches.count {
                state.batches.removeFirst(state.head)
                state.head = 0
            }
        }
        // Memory is given back outside the lock.
        leaving.removeAll()
    }

    /// The batch, when it is here.
    func batch(_ sequence: UInt64) -> CommittedBatch? {
        state.withLock { state in
            guard state.head < state.batches.count else { return nil }
            let oldest = state.batches[state.head].sequence
            guard sequence >= oldest, let distance = Int(exactly: sequence - oldest),
                distance < state.batches.count - state.head
            else { return nil }
            return state.batches[state.head + distance]
        }
    }

    /// Forgets all batches: readers go to the files, where erased records are gone.
    func removeAll() {
        state.withLock { state in
            state.batches.removeAll()
            state.head = 0
            state.byteCount = 0
        }
    }

    /// No batch will follow; waiting readers return.
    func end() {
        state.withLock { $0.isEnded = true }
        signal.raise()
    }

    var isEnded: Bool { state.withLock { $0.isEnded } }
    var occupancy: (batches: Int, bytes: Int) { state.withLock { ($0.batches.count - $0.head, $0.byteCount) } }
}
