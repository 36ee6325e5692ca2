/// Reads that every codec shares. Bounds are checked by the span: a wrong offset is our bug and stops the
/// process, so callers check lengths that come from bytes before they read.
extension RawSpan {
    @inlinable @inline(__always)
    package func byte(at offset: Int) -> UInt8 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }

    @inlinable @inline(__always)
    package func littleEndianUInt16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inlinable @inline(__always)
    package func littleEndianUInt32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inlinable @inline(__always)
    package func littleEndianUInt64(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The same bytes. Eight bytes a step; the last step overlaps the one before.
    @inlinable
    package func equals(_ other: borrowing RawSpan) -> Bool {
        let count = byteCount
        guard other.byteCount == count else { return false }
        guard count >= 8 else {
            for offset in 0..<count where byte(at: offset) != other.byte(at: offset) { return false }
            return true
        }
        var offset = 0
        while offset < count - 8 {
            if littleEndianUInt64(at: offset) != other.littleEndianUInt64(at: offset) { return false }
            offset += 8
        }
        return littleEndianUInt64(at: count - 8) == other.littleEndianUInt64(at: count - 8)
    }

    /// Where `byte` first stands in `range`; nil when it does not. Eight bytes a step.
    @inlinable @inline(__always)
    package func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
        let pattern = EightOctets.ones &* UInt64(byte)
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            let hits = EightOctets.zeros(littleEndianUInt64(at: offset) ^ pattern)
            if hits != 0 { return offset + hits.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < range.upperBound {
            if self.byte(at: offset) == byte { return offset }
            offset += 1
        }
        return nil
    }

    /// Where one of two bytes first stands in `range`; nil when neither does. Eight bytes a step.
    @inlinable @inline(__always)
    package func firstOffset(of first: UInt8, or second: UInt8, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            let word = littleEndianUInt64(at: offset)
            let hits =
                EightOctets.zeros(word ^ (EightOctets.ones &* UInt64(first)))
                | EightOctets.zeros(word ^ (EightOctets.ones &* UInt64(second)))
            if hits != 0 { return offset + hits.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < range.upperBound {
            let byte = byte(at: offset)
            if byte == first || byte == second { return offset }
            offset += 1
        }
        return nil
    }

    /// A copy as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

    /// A copy as an array.
    package var array: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
