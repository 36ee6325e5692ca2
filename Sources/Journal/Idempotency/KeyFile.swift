// Idempotency keys of a range of batches, sorted: what a restart reads instead of old journal files.
//
// Constraints
//   - Immutable. A lookup reads at most one page, and none for about 99 of 100 keys that are not there.
//   - Opening reads index and filter only: 10 % of the file (1.5 bytes a key for the filter, 8 bytes a page).
//
// Layout, little-endian
//   0      80   file header, kind 4: its number is the first batch covered, its "first batch" the last one covered
//   4096   …    pages of 4096 bytes: 255 keys of 16 bytes ascending (the last page has fewer, then zeros), at 4080 the
//               count (4), zero (8), at 4092 CRC from the seed over the 4092 bytes
//   …           fences: per page 8 bytes, the high word of its first key
//   …           filter: 64-byte blocks (`KeyFilter`)
//   end-72      magic "KEYSTAIL", keys (8), pages (8), filter words (8), oldest and newest `written at` of the batches
//               (8 each), zero (16), zero (4), CRC from the seed over fences, filter and the 68 bytes before
//
// Life cycle: written by maintenance when enough keys are in memory and at each close; neighbouring ones are merged; a
// file whose range lies in another's is removed; out of the window, the whole file is removed. A damaged one is set
// aside and its batches are read again from the journal.

internal import Events

final class KeyFile: Sendable {
    static let pageBytes = 4096
    static let keysPerPage = 255
    static let trailerBytes = 72
    static let trailerMagic: UInt64 = 0x4C49_4154_5359_454B

    let file: FileReference
    let name: String
    let coverage: KeyCoverage
    let keyCount: Int
    private let seed: UInt32
    private let fences: [UInt64]
    private let filter: KeyFilter
    /// When this process wrote it: a wall clock that jumps ahead alone expires nothing that is young.
    let writtenAt: MonotonicInstant?

    /// Memory it takes while open.
    var byteCountInMemory: Int { fences.count * 8 + filter.words.count * 8 }

    enum Answer { case absent, present, unreadable }

    init(
        file: FileReference, name: String, coverage: KeyCoverage, keyCount: Int, seed: UInt32, fences: [UInt64],
        filter: KeyFilter, writtenAt: MonotonicInstant?
    ) {
        self.file = file
        self.name = name
        self.coverage = coverage
        self.keyCount = keyCount
        self.seed = seed
        self.fences = fences
        self.filter = filter
        self.writtenAt = writtenAt
    }

    /// Adds the indices of the entries whose key is in the file; gives how many keys could not be looked up because a
    /// page could not be read. The filter's blocks are asked for together, so that memory is waited for once.
    func addKnown(of entries: [PendingRecords.Entry], to known: inout [Int]) -> Int {
        for entry in entries {
            if let key = entry.idempotencyKey { expect(key) }
        }
        var unreadable = 0
        for (index, entry) in entries.enumerated() {
            guard let key = entry.idempotencyKey else { continue }
            switch contains(key) {
            case .present: known.append(index)
            case .unreadable: unreadable += 1
            case .absent: break
            }
        }
        return unreadable
    }

    /// The key will be asked for soon.
    func expect(_ key: ID128) { filter.prefetch(key) }

    /// Whether the key is in the file. About 10 ns where the filter says no, else one page's read (microseconds).
    func contains(_ key: ID128) -> Answer {
        guard filter.mayContain(key), !fences.isEmpty else { return .absent }
        var low = 0
        var high = fences.count
        while low < high {
            let middle = (low + high) / 2
            if fences[middle] < key.high { low = middle + 1 } else { high = middle }
        }
        // Keys with this high word may begin in the page before, and go on through pages that begin with it.
        var index = max(0, low - 1)
        while index < fences.count, index < low || fences[index] <= key.high {
            guard let keys = page(index) else { return .unreadable }
            if Self.contains(keys, key) { return .present }
            index += 1
        }
        return .absent
    }

    private static func contains(_ keys: [ID128], _ key: ID128) -> Bool {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key
    }

    var pageCount: Int { fences.count }

    /// The page's keys; nil when it cannot be read or does not check.
    func page(_ index: Int) -> [ID128]? {
        guard let bytes = try? file.readBytes(at: (index + 1) * Self.pageBytes, count: Self.pageBytes) else {
            return nil
        }
        return Self.keys(of: bytes, seed: seed)
    }

    static func keys(of bytes: [UInt8], seed: UInt32) -> [ID128]? {
        guard bytes.count == pageBytes,
            CRC32C.checksum(bytes, 0..<pageBytes - 4, seed: seed) == bytes.word32(at: pageBytes - 4)
        else { return nil }
        let count = Int(bytes.word32(at: keysPerPage * ID128.byteCount))
        guard count <= keysPerPage else { return nil }
        return (0..<count).map { bytes.id(at: $0 * ID128.byteCount) }
    }

    /// Opens a file; nil when it is damaged.
    static func open(
        _ fileSystem: any FileSystem, directory: String, name: String, header: JournalFileHeader
    ) throws(FileSystemError) -> KeyFile? {
        let file = try FileReference(fileSystem, "\(directory)/\(name)", .read)
        let size = try file.size()
        guard size >= pageBytes + trailerBytes else { return nil }
        let trailer = try file.readBytes(at: size - trailerBytes, count: trailerBytes)
        guard trailer.count == trailerBytes, trailer.word64(at: 0) == trailerMagic,
            let keyCount = Int(exactly: trailer.word64(at: 8)), let pages = Int(exactly: trailer.word64(at: 16)),
            let words = Int(exactly: trailer.word64(at: 24)), pages <= size / pageBytes, words <= size / 8,
            size == pageBytes * (pages + 1) + (pages + words) * 8 + trailerBytes,
            keyCount <= pages * keysPerPage
        else { return nil }
        let index = try file.readBytes(at: pageBytes * (pages + 1), count: (pages + words) * 8 + trailerBytes)
        guard index.count == (pages + words) * 8 + trailerBytes,
            CRC32C.checksum(index, 0..<index.count - 4, seed: header.seed) == index.word32(at: index.count - 4),
            let filter = KeyFilter(words: (pages..<pages + words).map { index.word64(at: $0 * 8) })
        else { return nil }
        let coverage = KeyCoverage(
            firstBatch: header.number, lastBatch: header.firstBatch,
            oldest: Timestamp(milliseconds: Int64(bitPattern: trailer.word64(at: 32))),
            newest: Timestamp(milliseconds: Int64(bitPattern: trailer.word64(at: 40))))
        return KeyFile(
            file: file, name: name, coverage: coverage, keyCount: keyCount, seed: header.seed,
            fences: (0..<pages).map { index.word64(at: $0 * 8) }, filter: filter, writtenAt: nil)
    }
}

/// The key files of the window, newest first; immutable, replaced as a whole.
final class KeyFileSet: Sendable {
    let files: [KeyFile]
    init(_ files: [KeyFile]) { self.files = files.sorted { $0.coverage.lastBatch > $1.coverage.lastBatch } }

    var keyCount: Int { files.reduce(0) { $0 + $1.keyCount } }
    var byteCountInMemory: Int { files.reduce(0) { $0 + $1.byteCountInMemory } }
    /// The last batch that key files cover; 0 without any.
    var coveredThrough: UInt64 { files.first?.coverage.lastBatch ?? 0 }

    /// The key will be asked for soon.
    func expect(_ key: ID128) {
        for file in files { file.expect(key) }
    }

    /// Indices of the entries whose key any file has, ascending. Unreadable pages count as "not there", so that no event
    /// is ever taken for a duplicate by mistake, and are counted.
    func known(of entries: [PendingRecords.Entry], unreadable: inout Int) -> [Int] {
        var known: [Int] = []
        for file in files { unreadable += file.addKnown(of: entries, to: &known) }
        // A key of two files, where one was merged from others just now, is known twice.
        return known.isEmpty ? known : Set(known).sorted()
    }
}
