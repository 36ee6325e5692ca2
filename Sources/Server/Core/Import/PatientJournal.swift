internal import Events
internal import Foundation
internal import Journal

/// The journal as an import uses it: `append` waits until there is room instead of refusing, and lets at most 4 MiB be
/// on their way to the disk, so that requests of the public plane find the queue as good as empty.
///
/// One observer for the life of the journal; the imports of a server use it one after another.
///
/// SAFETY: every field below `condition` is touched with it locked; `append` is called by one thread at a time.
final class PatientJournal: EventJournal, CommitObserver, @unchecked Sendable {
    static let bytesInFlightMax = 4 << 20
    /// A journal that commits nothing for so long will not: it is closed, or its disk hangs.
    private static let silenceMax: TimeInterval = 60

    private let journal: any EventJournal
    private let condition = NSCondition()
    private var committed: UInt64
    private var hasFailed = false
    /// The last batches of which nothing was kept, and whether any was the import's.
    private var refused: ClosedRange<UInt64>?
    private var hasLost = false
    private var inFlight: [(batch: UInt64, bytes: Int)] = []
    private var bytesInFlight = 0

    init(_ journal: any EventJournal) {
        self.journal = journal
        committed = journal.committedBatch
        journal.addObserver(self)
    }

    var committedBatch: UInt64 { journal.committedBatch }
    func addObserver(_ observer: any CommitObserver) { journal.addObserver(observer) }

    /// Waits for room, then appends. Throws what waiting does not mend: `noSpace`, `failed`, `closed`.
    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        waitForRoom()
        while true {
            do throws(JournalRefusal) {
                let receipt = try journal.append(records)
                if case .pending(let batch, _) = receipt { note(batch, bytes: records.encoder.byteCount) }
                return receipt
            } catch {
                guard error == .queueFull else { throw error }
            }
            // Another's bytes fill the queue: the next commit makes room.
            condition.lock()
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.02))
            condition.unlock()
        }
    }

    /// Waits until `batch` is on disk; false when it never will be, or when batches before it were lost.
    func waitUntilDurable(_ batch: UInt64) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !hasLost, committed < batch, waitForCommit() {}
        defer { hasLost = false }
        return committed >= batch && !hasLost
    }

    /// Waits for a commit, with `condition` locked; false when none will come.
    private func waitForCommit() -> Bool {
        guard !hasFailed else { return false }
        return condition.wait(until: Date(timeIntervalSinceNow: Self.silenceMax)) && !hasFailed
    }

    func journalCommitted(through batch: UInt64) {
        condition.lock()
        committed = max(committed, batch)
        condition.broadcast()
        condition.unlock()
    }

    func journalFailed() {
        condition.lock()
        hasFailed = true
        condition.broadcast()
        condition.unlock()
    }

    /// The import that is under way ends with an error: it may be run again, and what is there already is not taken
    /// twice.
    func journalRefused(_ batches: ClosedRange<UInt64>) {
        condition.lock()
        refused = batches
        if inFlight.contains(where: { batches.contains($0.batch) }) { hasLost = true }
        condition.broadcast()
        condition.unlock()
    }

    private func note(_ batch: UInt64, bytes: Int) {
        condition.lock()
        if refused?.contains(batch) ?? false { hasLost = true }
        inFlight.append((batch, bytes))
        bytesInFlight += bytes
        condition.unlock()
    }

    private func waitForRoom() {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let settled = max(committed, refused?.upperBound ?? 0)
            let done = inFlight.firstIndex { $0.batch > settled } ?? inFlight.count
            for entry in inFlight[..<done] { bytesInFlight -= entry.bytes }
            inFlight.removeFirst(done)
            guard bytesInFlight > Self.bytesInFlightMax, waitForCommit() else { return }
        }
    }
}
