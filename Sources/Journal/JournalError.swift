internal import Events

/// What kept the journal from doing what it was asked.
package enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A call to the file system failed.
    case fileSystem(FileSystemError)
    /// Another process has the data directory.
    case inUse(directory: String)
    /// A file was written by a newer program. Nothing was changed.
    case newerFormat(file: String, version: UInt16, supported: UInt16)
    /// Bytes that were once on disk are no longer what was written.
    case damaged(DamagedRange)
    /// The batch was dropped by retention; the oldest that is left is named.
    case dropped(batch: UInt64, oldest: UInt64)
    /// The journal is closed or has failed.
    case unavailable
    /// A reader was cancelled.
    case cancelled

    /// What an operator can do.
    package var hint: String {
        switch self {
        case .fileSystem(let error) where ErrorCode.meansNoDescriptor(error.code): "raise the limit on open files"
        case .fileSystem(let error) where ErrorCode.meansNoSpace(error.code): "make space on the volume"
        case .fileSystem: "check the volume and the permissions of the data directory"
        case .inUse: "stop the other process, or choose another data directory"
        case .newerFormat: "start the newer program, or restore a backup made by this one"
        case .damaged:
            "restore the file from a backup, or set journal.acceptDamage (HIGHLAND_JOURNAL_ACCEPT_DAMAGE) to true, which "
                + "passes over what is lost"
        case .dropped: "rebuild from the base snapshot at the oldest position"
        case .unavailable, .cancelled: "start again"
        }
    }

    package var description: String {
        switch self {
        case .fileSystem(let error): "\(error); \(hint)"
        case .inUse(let directory): "\(directory) is in use by another process; \(hint)"
        case .newerFormat(let file, let version, let supported):
            "\(file) has format version \(version), this program reads up to \(supported); \(hint)"
        case .damaged(let range): "\(range); \(hint)"
        case .dropped(let batch, let oldest): "batch \(batch) was dropped, the oldest is \(oldest); \(hint)"
        case .unavailable: "the journal is closed or has failed; \(hint)"
        case .cancelled: "cancelled; \(hint)"
        }
    }
}

extension JournalError {
    /// What calls that throw errors of several kinds have thrown.
    init(_ error: any Error) {
        switch error {
        case let error as JournalError: self = error
        case let error as FileSystemError: self = .fileSystem(error)
        default: self = .unavailable
        }
    }
}

/// Where a file is not what was written.
package struct DamagedRange: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Offsets in the file.
    package var bytes: Range<Int>
    /// The first and the last batch that cannot be read; `lastBatch` is nil where nothing tells how many there were,
    /// and before the first where there are none. Of keys and identifiers: the batches they are of.
    package var firstBatch: UInt64
    package var lastBatch: UInt64?
    package var reason: DamageReason

    package init(file: String, bytes: Range<Int>, firstBatch: UInt64, lastBatch: UInt64?, reason: DamageReason) {
        self.file = file
        self.bytes = bytes
        self.firstBatch = firstBatch
        self.lastBatch = lastBatch
        self.reason = reason
    }

    /// Whether events are lost by it, or may be.
    package var losesEvents: Bool {
        switch reason {
        case .keys, .identifiers, .identifiersMissing: false
        case .header, .batch, .block, .index, .content, .missingBatches, .foreignJournal:
            lastBatch.map { $0 >= firstBatch } ?? true
        }
    }

    package var description: String {
        let place = bytes.isEmpty ? "" : " in bytes \(bytes.lowerBound)..<\(bytes.upperBound)"
        return "\(file): \(reason.rawValue)\(place), \(consequence)"
    }

    private var consequence: String {
        switch reason {
        case .keys:
            let batches = lastBatch.map { "\(firstBatch) through \($0)" } ?? "\(firstBatch) and later"
            return
                "no event is lost; repeated events of batches \(batches) may not be recognised until the next start, "
                + "which reads these batches again"
        case .identifiers, .identifiersMissing:
            return "no event is lost; an erasure reads the whole journal file instead"
        case .header, .batch, .block, .index, .content, .missingBatches, .foreignJournal:
            guard let lastBatch else {
                return "batches from \(firstBatch) on \(reason == .index ? "may be" : "are") lost"
            }
            if lastBatch < firstBatch { return "no batch is lost" }
            return lastBatch == firstBatch
                ? "batch \(firstBatch) is lost" : "batches \(firstBatch) through \(lastBatch) are lost"
        }
    }
}

package enum DamageReason: String, Hashable, Sendable {
    case header = "damaged file header"
    case batch = "damaged batch"
    case block = "damaged block"
    case index = "damaged block index"
    /// Checksums are right and the content is not: a record's frame, a count.
    case content = "inconsistent content"
    /// The next file begins later than this one ends.
    case missingBatches = "missing batches"
    /// The file belongs to another journal.
    case foreignJournal = "a file of another journal"
    case keys = "damaged idempotency keys"
    case identifiers = "damaged list of identifiers"
    /// Each sealed file has one.
    case identifiersMissing = "no list of identifiers"
}
