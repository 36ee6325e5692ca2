internal import Events

/// CRC-32C (Castagnoli) of file contents, eight bytes a step with eight tables of 256 words.
/// Finds every burst of up to 32 flipped bits. Source: RFC 3720, appendix B.4.
enum Checksum {
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
            tables[index] = value
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 255)]
        }
        return tables
    }()

    /// The checksum of the first `count` bytes; the caller keeps `count` within the span.
    static func crc32c(_ bytes: borrowing RawSpan, count: Int) -> UInt32 {
        let tables = tables
        var crc: UInt32 = ~0
        var offset = 0
        while count - offset >= 8 {
            let word = bytes.littleEndianUInt64(at: offset) ^ UInt64(crc)
            crc = 0
            for lane in 0..<8 {
                let byte = Int(truncatingIfNeeded: (word >> UInt64(lane * 8)) & 255)
                crc ^= tables[(7 - lane) * 256 + byte]
            }
            offset += 8
        }
        while offset < count {
            crc = (crc >> 8) ^ tables[Int((crc ^ UInt32(bytes.byte(at: offset))) & 255)]
            offset += 1
        }
        return ~crc
    }

    /// The checksum of a whole array.
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        let bytes = bytes
        return crc32c(bytes.span.bytes, count: bytes.count)
    }
}
