package import Events
internal import Journal

// A projection's state in one file of a checkpoint.
//
// Constraints
//   - Written once, from front to back, then synced; read whole. Little-endian throughout.
//   - A file that was cut, extended or changed in any byte is refused before a value of it is used.
//
// Layout
//   offset    bytes
//   0         8     magic, chosen by the projection
//   8         4     format version, the projection's own
//   12        n     payload, as the projection's header comment says
//   12 + n    8     payload bytes, n
//   20 + n    4     CRC-32C of everything before
//
// Life cycle: a projection raises its version with every change of its payload and refuses others; the projector
// then rebuilds from the journal.

private let headBytes = 12
private let tailBytes = 12

/// Writes a state file while its values are put, in pieces of 64 KiB. A state is millions of words: where it was first
/// collected in memory, taking that memory was three quarters of a checkpoint's time.
///
// SAFETY: `window` is allocated in init and freed in deinit; what writes into it has compared its size first.
package struct StateWriter: ~Copyable {
    @usableFromInline static let windowBytes = 1 << 16
    @usableFromInline let window: UnsafeMutableRawBufferPointer
    @usableFromInline var windowUsed = 0
    private let file: any CheckpointFile
    private var written = 0
    private var checksum: UInt32 = 0
    /// The first failure; `finish` throws it, and nothing is written after it.
    private var failure: ProjectorError?

    /// Begins the file anew.
    package init(
        path: String, magic: UInt64, version: UInt32, files: any CheckpointFiles
    ) throws(ProjectorError) {
        file = try files.create(path)
        window = .allocate(byteCount: StateWriter.windowBytes, alignment: 16)
        put(magic)
        put(version)
    }

    deinit { window.deallocate() }

    @inlinable @inline(__always)
    package mutating func put(_ word: UInt8) { store(word) }
    @inlinable @inline(__always)
    package mutating func put(_ word: UInt16) { store(word.littleEndian) }
    @inlinable @inline(__always)
    package mutating func put(_ word: UInt32) { store(word.littleEndian) }
    @inlinable @inline(__always)
    package mutating func put(_ word: UInt64) { store(word.littleEndian) }
    @inlinable @inline(__always)
    package mutating func put(_ word: Int64) { store(word.littleEndian) }

    @inlinable @inline(__always)
    mutating func store<Word: BitwiseCopyable>(_ word: Word) {
        if windowUsed > StateWriter.windowBytes - MemoryLayout<Word>.size { writeWindow() }
        window.storeBytes(of: word, toByteOffset: windowUsed, as: Word.self)
        windowUsed += MemoryLayout<Word>.size
    }

    @usableFromInline
    mutating func writeWindow() {
        write(UnsafeRawBufferPointer(rebasing: window[..<windowUsed]).bytes)
        windowUsed = 0
    }

    private mutating func write(_ bytes: RawSpan) {
        guard failure == nil else { return }
        checksum = CRC32C.checksum(bytes, seed: checksum)
        written += bytes.byteCount
        do throws(ProjectorError) { try file.append(bytes) } catch { failure = error }
    }

    @inlinable @inline(__always)
    package mutating func put(_ id: ID128) {
        put(id.low)
        put(id.high)
    }

    /// Count and bytes.
    package mutating func put(counted value: [UInt8]) {
        put(UInt32(clamping: value.count))
        if value.count > StateWriter.windowBytes - windowUsed { writeWindow() }
        guard value.count <= StateWriter.windowBytes else { return write(value.span.bytes) }
        value.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: window[windowUsed...]).copyMemory(from: $0) }
        windowUsed += value.count
    }

    /// Ends the file and syncs it; the directory is the caller's. Throws the first failure since it was begun.
    package consuming func finish() throws(ProjectorError) {
        put(UInt64(written + windowUsed - headBytes))
        put(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: window[..<windowUsed]).bytes, seed: checksum))
        writeWindow()
        if let failure { throw failure }
        try file.finish()
    }
}

/// Reads a state file: checks it whole, then gives its values in order. Every read is bounded by the file's end.
package struct StateReader {
    private let bytes: [UInt8]
    private let end: Int
    private let path: String
    private var offset = headBytes

    package init(path: String, magic: UInt64, version: UInt32, files: any CheckpointFiles) throws(ProjectorError) {
        let bytes = try files.read(path)
        self.bytes = bytes
        self.path = path
        guard bytes.count >= headBytes + tailBytes else {
            throw .damaged(path: path, reason: "shorter than an empty one")
        }
        end = bytes.count - tailBytes
        let span = bytes.span.bytes
        guard span.littleEndianUInt64(at: 0) == magic else {
            throw .damaged(path: path, reason: "another kind of file")
        }
        guard span.littleEndianUInt32(at: 8) == version else {
            throw .damaged(path: path, reason: "format version \(span.littleEndianUInt32(at: 8)), expected \(version)")
        }
        guard span.littleEndianUInt64(at: end) == UInt64(end - headBytes) else {
            throw .damaged(path: path, reason: "length")
        }
        guard span.littleEndianUInt32(at: end + 8) == CRC32C.checksum(bytes, 0..<end + 8) else {
            throw .damaged(path: path, reason: "checksum")
        }
    }

    package mutating func next() throws(ProjectorError) -> UInt8 { try load() }
    package mutating func next() throws(ProjectorError) -> UInt16 { try load() }
    package mutating func next() throws(ProjectorError) -> UInt32 { try load() }
    package mutating func next() throws(ProjectorError) -> UInt64 { try load() }
    package mutating func next() throws(ProjectorError) -> Int64 { try load() }

    @inline(__always)
    private mutating func load<Word: FixedWidthInteger & BitwiseCopyable>() throws(ProjectorError) -> Word {
        let count = MemoryLayout<Word>.size
        guard end - offset >= count else { throw .damaged(path: path, reason: "payload ends early") }
        let word = bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)
        offset += count
        return Word(littleEndian: word)
    }

    package mutating func nextID() throws(ProjectorError) -> ID128 {
        let low: UInt64 = try next()
        return ID128(low: low, high: try next())
    }

    package mutating func nextCounted() throws(ProjectorError) -> [UInt8] {
        let stored: UInt32 = try next()
        let count = Int(stored)
        guard end - offset >= count else { throw .damaged(path: path, reason: "payload ends early") }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    /// A count of things of at least `itemBytes` each: never more than the file can hold.
    package mutating func nextCount(itemBytes: Int) throws(ProjectorError) -> Int {
        let count: UInt64 = try next()
        guard count <= UInt64((end - offset) / max(1, itemBytes)) else {
            throw .damaged(path: path, reason: "a count beyond the file")
        }
        return Int(clamping: count)
    }

    package func finish() throws(ProjectorError) {
        guard offset == end else { throw .damaged(path: path, reason: "bytes after the payload") }
    }
}
