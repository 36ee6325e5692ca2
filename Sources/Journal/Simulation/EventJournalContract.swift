package import Events
internal import Synchronization

/// What every implementation of `EventJournal` must do, as one function that a test of each implementation calls.
package enum EventJournalContract {
    /// Hears of commits; for tests.
    package final class Listener: CommitObserver {
        private let state = Mutex<(through: UInt64, calls: Int, failed: Bool)>((0, 0, false))
        private let given = Mutex<[ClosedRange<UInt64>]>([])
        package init() {}
        package func journalCommitted(through batch: UInt64) {
            state.withLock { $0 = (max($0.through, batch), $0.calls + 1, $0.failed) }
        }
        package func journalFailed() { state.withLock { $0.failed = true } }
        package func journalRefused(_ batches: ClosedRange<UInt64>) { given.withLock { $0.append(batches) } }
        /// Batches that were given back.
        package var refused: [ClosedRange<UInt64>] { given.withLock { $0 } }
        package var committedThrough: UInt64 { state.withLock { $0.through } }
        package var calls: Int { state.withLock { $0.calls } }
        package var hasFailed: Bool { state.withLock { $0.failed } }
    }

    /// One record with `name` as its client event id.
    package static func add(
        _ name: String, to records: inout PendingRecords, key: ID128?, device: ID128? = nil, site: UInt32 = 1
    ) {
        records.encoder.begin(
            site: SiteID(site), receivedAt: Timestamp(milliseconds: 1_700_000_000_000),
            occurredAt: Timestamp(milliseconds: 1_700_000_000_000))
        records.encoder.field(.name, "pageview")
        records.encoder.field(.clientEventID, name)
        if let device { records.encoder.field(.deviceID, device) }
        records.entries.append(.init(range: records.encoder.end(), idempotencyKey: key))
    }

    /// The claims that do not hold, as sentences; none for a right implementation. `commit` makes the journal commit
    /// what it has taken and returns when it did.
    package static func violations(of journal: any EventJournal, commit: () -> Void) -> [String] {
        var wrong: [String] = []
        func claim(_ holds: Bool, _ sentence: String) { if !holds { wrong.append(sentence) } }
        let listener = Listener()
        journal.addObserver(listener)
        var records = PendingRecords()
        func append(_ names: [(String, UInt64?)]) -> AppendReceipt? {
            records.removeAll()
            for (name, key) in names { add(name, to: &records, key: key.map { ID128(low: $0, high: ~$0) }) }
            return try? journal.append(records)
        }
        claim(append([]) == .durable(duplicates: 0), "an empty append has nothing to wait for")
        let before = journal.committedBatch
        guard case .pending(let first, let none)? = append([("a", 11), ("b", nil)]) else {
            return wrong + ["a first append is pending"]
        }
        claim(none == 0, "new records are no duplicates")
        claim(first > before, "a pending batch is not committed")
        guard case .pending(let second, let one)? = append([("a", 11)]) else {
            return wrong + ["a duplicate of an uncommitted event is pending"]
        }
        claim(one == 1 && second == first, "a duplicate of an uncommitted event waits for that event's batch")
        commit()
        claim(journal.committedBatch >= first, "committing publishes the batch")
        claim(listener.committedThrough >= first, "observers hear of the commit")
        claim(
            append([("a", 11)]) == .durable(duplicates: 1), "a duplicate of a committed event has nothing to wait for")
        guard case .pending(let third, let inside)? = append([("c", 12), ("c", 12), ("a", 11), ("d", nil)]) else {
            return wrong + ["an append with something new is pending"]
        }
        claim(inside == 2, "duplicates inside a request and of committed events are counted")
        claim(third > first, "batches ascend")
        commit()
        claim(journal.committedBatch >= third, "the next batch is committed too")
        claim(append([("b", nil)]) != .durable(duplicates: 1), "records without a key are never duplicates")
        commit()
        return wrong
    }
}
