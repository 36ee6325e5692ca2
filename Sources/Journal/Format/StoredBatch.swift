package import Events

/// A batch as read from a file.
package struct StoredBatch: Sendable {
    package var sequence: UInt64
    package var writtenAt: Timestamp
    package var bytes: [UInt8]
    /// Where the records stand in `bytes`.
    package var ranges: [Range<Int>]
    /// Where each record's idempotency key stands in `bytes`; -1 where it has none.
    package var keyOffsets: [Int]

    /// The record's idempotency key.
    package func key(of index: Int) -> ID128? { keyOffsets[index] < 0 ? nil : bytes.id(at: keyOffsets[index]) }

    var committed: CommittedBatch { CommittedBatch(sequence: sequence, bytes: bytes, ranges: ranges) }
}

/// What a file's next bytes turned out to be.
enum FileStep: Sendable {
    case batch(StoredBatch)
    /// The batches named are lost; the next step goes on after them.
    case damage(DamagedRange)
    case end(FileEnd)
}

/// How a file ends.
enum FileEnd: Hashable, Sendable {
    /// With its end frame, or its index: complete.
    case complete
    /// After a whole batch, with nothing but zeros following.
    case open
    /// With bytes that are no batch and have none after them: what a crash leaves of an unacknowledged batch.
    case torn(bytes: Range<Int>)
}
