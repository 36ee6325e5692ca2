internal import Events
internal import Journal
internal import Serving
internal import Synchronization

/// One event loop's answers that wait for the disk, first in, first out, and the loop's ear at the journal.
///
/// The committer's thread only stores a number and wakes the loop once, however many commits come before the loop
/// runs; the loop then answers everything that is on disk in one turn. Bounded by the connections' own bound on
/// unanswered requests. Cost: one wake a commit and loop, no allocation a request once the queue has grown.
///
/// SAFETY: `waiting` and `first` are touched on `loop` alone; what other threads touch is atomic.
final class CommitWaiters: CommitObserver, @unchecked Sendable {
    private struct Waiter {
        var batch: UInt64
        var slot: ResponseSlot
        var memory: ConnectionMemory
        var response: Response
    }

    private let loop: ServingLoop
    private let failure: ResponseTemplate
    private let committed = Atomic<UInt64>(0)
    /// Batches of which nothing was kept, the latest last; the loop sees each long before the next comes.
    private let refused = Mutex<[ClosedRange<UInt64>]>([])
    private static let refusedMax = 16
    private let hasFailed = Atomic<Bool>(false)
    private let isScheduled = Atomic<Bool>(false)
    private var waiting: [Waiter] = []
    private var first = 0

    /// - failure: answers everything that waits when the journal can write no more.
    init(loop: ServingLoop, failure: ResponseTemplate) {
        self.loop = loop
        self.failure = failure
    }

    /// What nobody keeps any more.
    private func isRefused(_ batch: UInt64) -> Bool { refused.withLock { $0.contains { $0.contains(batch) } } }

    /// Completes `slot` with `response` once `batch` is on disk. On the loop.
    func wait(for batch: UInt64, slot: ResponseSlot, response: Response) {
        waiting.append(Waiter(batch: batch, slot: slot, memory: slot.memory, response: response))
        // The commit may have come between the append and this line: its wake found nothing to do.
        if committed.load(ordering: .acquiring) >= batch || hasFailed.load(ordering: .acquiring) || isRefused(batch) {
            wake()
        }
    }

    func journalCommitted(through batch: UInt64) {
        committed.store(batch, ordering: .releasing)
        wake()
    }

    func journalFailed() {
        hasFailed.store(true, ordering: .releasing)
        wake()
    }

    func journalRefused(_ batches: ClosedRange<UInt64>) {
        refused.withLock { refused in
            refused.append(batches)
            if refused.count > Self.refusedMax { refused.removeFirst() }
        }
        wake()
    }

    private func wake() {
        guard !isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        loop.execute { self.release() }
    }

    private func release() {
        isScheduled.store(false, ordering: .sequentiallyConsistent)
        let durable = committed.load(ordering: .sequentiallyConsistent)
        let refused = refused.withLock { $0 }
        let settled = max(durable, refused.last?.upperBound ?? 0)
        while first < waiting.count, waiting[first].batch <= settled {
            if first + 1 < waiting.count { waiting[first + 1].memory.prefetch() }
            let waiter = waiting[first]
            // A commit behind given-back batches says nothing of them.
            let isKept = !refused.contains { $0.contains(waiter.batch) }
            guard waiter.batch <= durable || !isKept else { break }
            // Before the answer: on its connection the next request may be read with it.
            first += 1
            waiter.slot.complete(isKept ? waiter.response : Response(failure))
        }
        if hasFailed.load(ordering: .acquiring) {
            while first < waiting.count {
                let slot = waiting[first].slot
                first += 1
                slot.complete(Response(failure))
            }
        }
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 4096 {
            waiting.removeFirst(first)
            first = 0
        }
    }
}
