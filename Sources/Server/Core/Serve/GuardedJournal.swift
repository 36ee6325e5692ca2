internal import Events
internal import Journal

/// The journal as the edge sees it: refuses while the projections are beyond their stated lag, so that a reader of
/// reports never falls behind without bound. One relaxed atomic read an append; `LagWatch` sets the flag.
final class GuardedJournal: EventJournal, Sendable {
    private let journal: FileJournal
    private let flag: LagFlag

    init(_ journal: FileJournal, flag: LagFlag) {
        self.journal = journal
        self.flag = flag
    }

    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        if flag.isRaised { throw .lagging }
        return try journal.append(records)
    }

    func addObserver(_ observer: any CommitObserver) { journal.addObserver(observer) }
    var committedBatch: UInt64 { journal.committedBatch }
}
