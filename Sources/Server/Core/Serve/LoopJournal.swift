internal import Events
internal import Journal

/// The journal as one event loop sees it. Refuses while the projections are beyond their stated lag, so that a reader of
/// reports never falls behind without bound (one relaxed atomic read an append; `LagWatch` sets the flag). Wakes the
/// committer once at the end of a turn, so that one commit takes what all requests of the turn brought.
///
/// SAFETY: `mustWake` is touched on the loop alone.
final class LoopJournal: EventJournal, @unchecked Sendable {
    private let journal: FileJournal
    private let flag: LagFlag
    private var mustWake = false

    init(_ journal: FileJournal, flag: LagFlag) {
        self.journal = journal
        self.flag = flag
    }

    func expect(_ key: ID128) { journal.expect(key) }

    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        if flag.isRaised { throw .lagging }
        mustWake = true
        return try journal.append(records, wakesCommitter: false)
    }

    /// The loop's turn is over.
    func endTurn() {
        guard mustWake else { return }
        mustWake = false
        journal.wakeCommitter()
    }

    func addObserver(_ observer: any CommitObserver) { journal.addObserver(observer) }
    var committedBatch: UInt64 { journal.committedBatch }
}
