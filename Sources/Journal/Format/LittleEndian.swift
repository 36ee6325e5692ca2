internal import Events

/// Little-endian words in byte arrays. Offsets are the caller's own, checked by the array.
extension Array where Element == UInt8 {
    mutating func appendWord<Word: FixedWidthInteger>(_ word: Word) {
        Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }

    mutating func appendID(_ id: ID128) {
        appendWord(id.low)
        appendWord(id.high)
    }

    mutating func setWord<Word: FixedWidthInteger>(_ word: Word, at offset: Int) {
        Swift.withUnsafeBytes(of: word.littleEndian) { replaceSubrange(offset..<offset + $0.count, with: $0) }
    }

    func word32(at offset: Int) -> UInt32 { span.bytes.littleEndianUInt32(at: offset) }
    func word64(at offset: Int) -> UInt64 { span.bytes.littleEndianUInt64(at: offset) }
    func id(at offset: Int) -> ID128 { ID128(low: word64(at: offset), high: word64(at: offset + 8)) }

    mutating func appendZeros(_ count: Int) { if count > 0 { append(contentsOf: [UInt8](repeating: 0, count: count)) } }

    /// Whether all of `range` is zero.
    func isZero(_ range: Range<Int>) -> Bool {
        let bytes = span.bytes
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            if bytes.littleEndianUInt64(at: offset) != 0 { return false }
            offset += 8
        }
        while offset < range.upperBound {
            if bytes.byte(at: offset) != 0 { return false }
            offset += 1
        }
        return true
    }
}
