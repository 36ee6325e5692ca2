/// What scanners ask of single bytes of ASCII text.
@usableFromInline
package enum ASCII {
    /// Capital letters become small ones.
    @inlinable @inline(__always)
    package static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    @inlinable @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inlinable @inline(__always)
    package static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inlinable @inline(__always)
    package static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// 0 to 15, nil for what is no hexadecimal digit.
    @inlinable @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte - 0x30 }
        let folded = byte | 0x20
        return folded >= 0x61 && folded <= 0x66 ? folded - 0x57 : nil
    }

    /// `bytes` is `lower`, which is in lower case, but for the case of its letters.
    @inlinable
    package static func equalsFolded(_ bytes: borrowing RawSpan, lower: [UInt8]) -> Bool {
        guard bytes.byteCount == lower.count else { return false }
        for index in 0..<lower.count where ASCII.lower(bytes.byte(at: index)) != lower[index] { return false }
        return true
    }
}
