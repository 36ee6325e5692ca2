package import Events

/// What one request hands to the journal: encoded records, each with its idempotency key where the client
/// gave an event id. Reused by its owner; no allocation once grown.
package struct PendingRecords: ~Copyable {
    package struct Entry: Sendable {
        /// The record's range in `encoder.finished`.
        package var range: Range<Int>
        /// Keyed hash of (site, client event id); nil where the client sent no id.
        package var idempotencyKey: ID128?

        package init(range: Range<Int>, idempotencyKey: ID128?) {
            self.range = range
            self.idempotencyKey = idempotencyKey
        }
    }

    package var encoder = RecordEncoder()
    package var entries: [Entry] = []

    package init() {}

    package mutating func removeAll() {
        encoder.removeAll()
        entries.removeAll(keepingCapacity: true)
    }
}

/// What became of an append. `batch` is on disk once an observer hears of a commit through it or a later one.
package enum AppendReceipt: Hashable, Sendable {
    /// Wait for `batch`. `duplicates` of the entries were known already, committed or not; they are not written again.
    case pending(batch: UInt64, duplicates: Int)
    /// Every entry is a duplicate of one that is on disk: nothing to wait for.
    case durable(duplicates: Int)
}

/// Why the journal takes no records now. Nothing of the request was kept.
package enum JournalRefusal: Error, Hashable, Sendable {
    /// The commit queue's bytes or age are at their bound. May succeed soon: 503 with `Retry-After`.
    case queueFull
    /// The disk has less than the reserve left. May succeed once there is space: 503 with `Retry-After`.
    case noSpace
    /// The projections are further behind than their stated bound. May succeed soon: 503 with `Retry-After`.
    case lagging
    /// A write or sync failed; the process is about to leave with code 74.
    case failed
    /// The journal is shutting down.
    case closed
}

/// Told about commits and failures in order, on a committer's thread and under its lock: must only hand the number on,
/// never block or call back.
package protocol CommitObserver: AnyObject, Sendable {
    /// Every batch up to and including `batch` is on disk.
    func journalCommitted(through batch: UInt64)
    /// A write or sync failed: no batch after the last committed one will ever be acknowledged.
    func journalFailed()
    /// Nothing of these batches was kept, for want of space: whoever waits for one may try again later. They will be
    /// committed empty, so a later commit says nothing of them.
    func journalRefused(_ batches: ClosedRange<UInt64>)
}

extension CommitObserver {
    /// For who does not wait for a batch of its own.
    package func journalRefused(_ batches: ClosedRange<UInt64>) {}
}

/// The port: a durable, ordered log of batches. Thread-safe; `append` never blocks on I/O.
package protocol EventJournal: AnyObject, Sendable {
    /// Puts the records into the batch being filled. The bytes are copied before it returns. All or nothing:
    /// when it throws, none was taken and the caller may try again later.
    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt
    /// A record with this idempotency key will be appended soon: what the journal looks at for it may come from memory
    /// while the caller does other things. Changes nothing and never waits.
    func expect(_ key: ID128)
    /// Adds an observer; each event loop has one. Observers are held until the journal closes.
    func addObserver(_ observer: any CommitObserver)
    /// The last batch that is on disk; 0 before the first.
    var committedBatch: UInt64 { get }
}

extension EventJournal {
    /// For a journal whose keys lie near.
    package func expect(_ key: ID128) {}
}

/// A committed batch as projections see it: immutable bytes with the ranges of its records.
package final class CommittedBatch: Sendable {
    package let sequence: UInt64
    package let bytes: [UInt8]
    package let ranges: [Range<Int>]

    package init(sequence: UInt64, bytes: [UInt8], ranges: [Range<Int>]) {
        self.sequence = sequence
        self.bytes = bytes
        self.ranges = ranges
    }

    package var recordCount: Int { ranges.count }

    package func position(of index: Int) -> Position { Position(batch: sequence, index: UInt32(clamping: index)) }
}

/// The port for everything that is derived from the journal: a deterministic function of the batches in order.
/// Live and rebuild run the same code. Called on the projector's thread only.
package protocol Projection: AnyObject {
    /// Closed set, used in metrics and file names: `visits`.
    var name: String { get }
    /// The last batch applied; a batch at or before it is passed over by the caller.
    var appliedBatch: UInt64 { get }
    func apply(_ batch: CommittedBatch) throws
    /// Writes all state as of `appliedBatch` below `directory`, which is empty and private to this call, and
    /// syncs it. The caller publishes all projections' directories at once with one rename of the manifest.
    func checkpoint(into directory: String) throws
    /// Loads what `checkpoint` wrote. Called once, before the first `apply`.
    func restore(from directory: String, appliedBatch: UInt64) throws
    /// Forgets everything about these anchors.
    func erase(_ anchors: [Anchor]) throws
}
