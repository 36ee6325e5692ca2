/// Unsigned LEB128, at most five bytes: seven bits a byte, low ones first.
@usableFromInline
package enum Varint {
    package static func byteCount(of value: UInt32) -> Int {
        switch value {
        case 0..<0x80: 1
        case 0x80..<0x4000: 2
        case 0x4000..<0x20_0000: 3
        case 0x20_0000..<0x1000_0000: 4
        default: 5
        }
    }

    /// Reads at `offset` and moves it on; nil where the bytes end early or say more than 32 bits.
    @inlinable @inline(__always)
    package static func read(_ bytes: borrowing RawSpan, at offset: inout Int) -> UInt32? {
        guard offset < bytes.byteCount else { return nil }
        let first = bytes.byte(at: offset)
        guard first >= 0x80 else {
            offset += 1
            return UInt32(first)
        }
        return readSeveral(bytes, at: &offset)
    }

    @usableFromInline
    static func readSeveral(_ bytes: borrowing RawSpan, at offset: inout Int) -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while offset < bytes.byteCount {
            let byte = bytes.byte(at: offset)
            offset += 1
            if shift == 28, byte > 0x0F { return nil }
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 28 { return nil }
        }
        return nil
    }
}
