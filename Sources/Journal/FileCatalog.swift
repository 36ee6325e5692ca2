package import Events
internal import Synchronization

/// A journal file as the catalog knows it.
package struct JournalFileInfo: Hashable, Sendable {
    package var name: String
    package var header: JournalFileHeader
    /// Nil for the file that takes batches.
    package var lastBatch: UInt64?
    package var byteCount: Int
    /// Known of sealed files, and of raw ones that this process wrote.
    package var recordCount: Int?
    /// Before compression; known of sealed files.
    package var contentBytes: Int?
    package var newestWrittenAt: Timestamp?
    /// Sealed without compression by recovery, which must not take long.
    var awaitsCompression = false

    package var isSealed: Bool { header.kind == .sealed }
    package var firstBatch: UInt64 { header.firstBatch }
}

/// Reads a journal file of either kind.
struct JournalFileCursor: Sendable {
    private enum Kind: Sendable {
        case raw(RawFileCursor)
        case sealed(SealedFileCursor)
        case empty
    }

    private var kind: Kind

    init(_ fileSystem: any FileSystem, directory: String, _ info: JournalFileInfo) throws(FileSystemError) {
        let file = try FileReference(fileSystem, "\(directory)/\(info.name)", .read)
        try self.init(file, name: info.name, header: info.header)
    }

    init(_ file: FileReference, name: String, header: JournalFileHeader) throws(FileSystemError) {
        if header.kind == .sealed {
            kind = .sealed(try SealedFileCursor(file, name: name, header: header))
        } else {
            kind = .raw(try RawFileCursor(file, name: name, header: header))
        }
    }

    var nextBatch: UInt64 {
        switch kind {
        case .raw(let cursor): cursor.nextBatch
        case .sealed(let cursor): cursor.nextBatch
        case .empty: 0
        }
    }

    mutating func seek(to sequence: UInt64) {
        guard case .sealed(var cursor) = kind else { return }
        cursor.seek(to: sequence)
        kind = .sealed(cursor)
    }

    mutating func next() throws(FileSystemError) -> FileStep {
        switch kind {
        case .raw(var cursor):
            // The cursor is put back whatever happens; a placeholder keeps its buffers from being copied.
            defer { kind = .raw(cursor) }
            kind = .empty
            return try cursor.next()
        case .sealed(var cursor):
            defer { kind = .sealed(cursor) }
            kind = .empty
            return try cursor.next()
        case .empty: return .end(.complete)
        }
    }
}

/// The journal's files, oldest first; the last may be the one that takes batches. Readers take a snapshot; `version`
/// tells them when it is out of date.
final class FileCatalog: Sendable {
    struct Snapshot: Sendable {
        var version: UInt64 = 0
        var files: [JournalFileInfo] = []

        /// The file that holds or will hold the batch; nil before the oldest.
        func file(holding batch: UInt64) -> JournalFileInfo? {
            var low = 0
            var high = files.count
            while low < high {
                let middle = (low + high) / 2
                if files[middle].firstBatch <= batch { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? files[low - 1] : nil
        }
    }

    private let state: Mutex<Snapshot>
    private let published = Atomic<UInt64>(0)

    init(_ files: [JournalFileInfo]) { state = Mutex(Snapshot(version: 0, files: files)) }

    var snapshot: Snapshot { state.withLock { $0 } }
    var version: UInt64 { published.load(ordering: .acquiring) }

    func change(_ body: (inout [JournalFileInfo]) -> Void) {
        let version = state.withLock { state in
            body(&state.files)
            state.version += 1
            return state.version
        }
        published.store(version, ordering: .releasing)
    }
}
