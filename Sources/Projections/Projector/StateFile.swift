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
//   12        8     payload bytes, n
//   20        n     payload, as the projection's header comment says
//   20 + n    4     CRC-32C of everything before
//
// Life cycle: a projection raises its version with every change of its payload and refuses others; the projector
// then rebuilds from the journal.

/// Collects a state file's payload, then writes and syncs the whole file.
///
// SAFETY: `window` is allocated in init and freed in deinit; `store` writes below its size only.
package struct StateWriter: ~Copyable {
    private static let headerBytes = 20
    @usableFromInline static let windowBytes = 1 << 14
    private var bytes: [UInt8] = []
    /// What comes next goes here, then behind `bytes`: states are millions of words.
    @usableFromInline let window: UnsafeMutableRawPointer
    @usableFromInline var windowUsed = 0

    package init(magic: UInt64, version: UInt32) {
        window = .allocate(byteCount: StateWriter.windowBytes, alignment: 16)
        bytes.reserveCapacity(1 << 16)
        put(magic)
        put(version)
        put(UInt64(0))
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
        if windowUsed > StateWriter.windowBytes - MemoryLayout<Word>.size { emptyWindow() }
        window.storeBytes(of: word, toByteOffset: windowUsed, as: Word.self)
        windowUsed += MemoryLayout<Word>.size
    }

    @usableFromInline
    mutating func emptyWindow() {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: window, count: windowUsed))
        windowUsed = 0
    }

    @inlinable @inline(__always)
    package mutating func put(_ id: ID128) {
        put(id.low)
        put(id.high)
    }

    /// Count and bytes.
    package mutating func put(counted value: [UInt8]) {
        put(UInt32(clamping: value.count))
        emptyWindow()
        bytes.append(contentsOf: value)
    }

    /// Writes the file and syncs it; the directory is the caller's. Holds the whole state in memory once.
    package consuming func finish(path: String, files: any CheckpointFiles) throws(ProjectorError) {
        emptyWindow()
        let payload = UInt64(bytes.count - StateWriter.headerBytes).littleEndian
        withUnsafeBytes(of: payload) { source in
            for (index, byte) in source.enumerated() { bytes[12 + index] = byte }
        }
        put(CRC32C.checksum(bytes))
        emptyWindow()
        try files.write(bytes, to: path)
    }
}

/// Reads a state file: checks it whole, then gives its values in order. Every read is bounded by the file's end.
package struct StateReader {
    private let bytes: [UInt8]
    private let end: Int
    private let path: String
    private var offset = 20

    package init(path: String, magic: UInt64, version: UInt32, files: any CheckpointFiles) throws(ProjectorError) {
        let bytes = try files.read(path)
        self.bytes = bytes
        self.path = path
        guard bytes.count >= 24 else { throw .damaged(path: path, reason: "shorter than its header") }
        end = bytes.count - 4
        let span = bytes.span.bytes
        guard span.littleEndianUInt64(at: 0) == magic else {
            throw .damaged(path: path, reason: "another kind of file")
        }
        guard span.littleEndianUInt32(at: 8) == version else {
            throw .damaged(path: path, reason: "format version \(span.littleEndianUInt32(at: 8)), expected \(version)")
        }
        guard span.littleEndianUInt64(at: 12) == UInt64(end - 20) else { throw .damaged(path: path, reason: "length") }
        guard span.littleEndianUInt32(at: end) == CRC32C.checksum(bytes, 0..<end) else {
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
