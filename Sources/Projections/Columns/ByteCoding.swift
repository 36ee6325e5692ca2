internal import Events

/// Appends little-endian integers and length-prefixed bytes to an array; grows.
struct ByteWriter {
    var bytes: [UInt8] = []

    /// Appends an integer, lowest byte first.
    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a 32-bit count and the bytes.
    mutating func append(counted value: some Collection<UInt8>) {
        append(UInt32(clamping: value.count))
        bytes.append(contentsOf: value)
    }

    /// Appends a 32-bit count and the words.
    mutating func append(words: [UInt64]) {
        append(UInt32(clamping: words.count))
        for word in words { append(word) }
    }

    /// Appends the checksum of everything before it.
    mutating func seal() { append(CRC32C.checksum(bytes)) }
}

/// Reads what `ByteWriter` wrote; every read checks that the bytes are there and names file and place if not.
struct ByteReader {
    let bytes: [UInt8]
    let path: String
    private(set) var offset = 0
    /// Where the content ends: before the checksum.
    private let end: Int

    /// Checks version, magic and checksum. `headBytes` is version byte plus three magic bytes.
    init(sealed bytes: [UInt8], path: String, version: UInt8, magic: [UInt8]) throws(ColumnError) {
        self.bytes = bytes
        self.path = path
        guard bytes.count >= 8 else {
            throw ColumnError.damaged(path: path, offset: bytes.count, reason: "it ends before its header does")
        }
        guard Array(bytes[1..<4]) == magic else {
            throw ColumnError.damaged(path: path, offset: 1, reason: "it does not begin as such a file does")
        }
        guard bytes[0] <= version else {
            throw ColumnError.newerVersion(path: path, found: bytes[0], supported: version)
        }
        guard bytes[0] == version else {
            throw ColumnError.damaged(path: path, offset: 0, reason: "version \(bytes[0]) never existed")
        }
        end = bytes.count - 4
        let local = bytes
        let span = local.span.bytes
        guard CRC32C.checksum(bytes, 0..<end) == span.littleEndianUInt32(at: end) else {
            throw ColumnError.damaged(path: path, offset: end, reason: "the checksum does not match")
        }
        offset = 4
    }

    /// Whether everything was read.
    var isAtEnd: Bool { offset == end }

    /// The next integer, lowest byte first.
    mutating func read<Value: FixedWidthInteger>(_ type: Value.Type) throws(ColumnError) -> Value {
        let width = Value.bitWidth / 8
        guard end - offset >= width else { throw short("an integer of \(width) bytes") }
        var value: Value = 0
        for index in 0..<width { value |= Value(truncatingIfNeeded: bytes[offset + index]) << Value(index * 8) }
        offset += width
        return value
    }

    /// A 32-bit count that must leave room for that many items of `itemBytes` each.
    mutating func readCount(itemBytes: Int) throws(ColumnError) -> Int {
        let count = Int(try read(UInt32.self))
        guard count <= (end - offset) / max(1, itemBytes) else { throw short("\(count) items") }
        return count
    }

    /// Bytes with their count before them.
    mutating func readCounted() throws(ColumnError) -> [UInt8] {
        let count = try readCount(itemBytes: 1)
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    /// Words with their count before them.
    mutating func readWords() throws(ColumnError) -> [UInt64] {
        var words: [UInt64] = []
        for _ in 0..<(try readCount(itemBytes: 8)) { words.append(try read(UInt64.self)) }
        return words
    }

    private func short(_ wanted: String) -> ColumnError {
        .damaged(path: path, offset: offset, reason: "\(wanted) expected, the content ends at \(end)")
    }
}
