internal import Events
internal import Journal

/// The journal as the edge sees it: refuses while the projections are beyond their stated lag, so that a reader of
/// reports never falls behind without bound. One atomic read of the projector's state in 64 appends.
///
/// SAFETY: everything is immutable but `isBeyond`, which the projector's status gives; see `LagFlag`.
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
