internal import Events

/// Percent decoding of query and form text. Bad escapes (`%`, `%4`, `%zz`) are kept as they are written, as browsers
/// keep them. Source: WHATWG URL Standard, 1.3 (percent-decode) and 5.1 (urlencoded parsing).
package enum PercentDecoding {
    /// Whether there is an escape to decode: a `%` with two hexadecimal digits behind it.
    package static func isEncoded(_ text: borrowing RawSpan) -> Bool {
        var start = 0
        while let mark = text.firstOffset(of: UInt8(ascii: "%"), in: start..<text.byteCount) {
            if text.byteCount - mark > 2, ASCII.hexValue(text.byte(at: mark + 1)) != nil,
                ASCII.hexValue(text.byte(at: mark + 2)) != nil
            {
                return true
            }
            start = mark + 1
        }
        return false
    }

    /// Appends `source` decoded and cleaned (`TextCleaning`). With `plusIsSpace`, `+` becomes a space, as in forms.
    /// Decoding never lengthens text. Text without `%` and `+` is copied at once.
    package static func appendText(_ source: borrowing RawSpan, plusIsSpace: Bool, to out: inout [UInt8]) {
        let start = out.count
        if append(source, plusIsSpace: plusIsSpace, to: &out) { TextCleaning.clean(&out, from: start) }
    }

    /// Writes `source` decoded over what stands in `out` from `offset` on, where there must be as many bytes. Gives the
    /// number written, and whether all of them are printable ASCII.
    package static func decode(
        _ source: borrowing RawSpan, plusIsSpace: Bool, over out: inout [UInt8], at offset: Int
    ) -> (count: Int, isPlain: Bool) {
        precondition(offset >= 0 && source.byteCount <= out.count - offset, "there is room for what is decoded")
        let (written, oddities) = source.withUnsafeBytes { source in
            out.withUnsafeMutableBytes { target -> (Int, UInt64) in
                guard let from = source.baseAddress, let to = target.baseAddress else { return (0, 0) }
                // SAFETY: the precondition says that `to` + `offset` has room; an array overlaps no other memory.
                return decode(from, source.count, plusIsSpace: plusIsSpace, to: to + offset)
            }
        }
        return (written, oddities & EightOctets.highs == 0)
    }

    /// Appends `source` decoded, whatever bytes that gives. Says whether any byte is not printable ASCII.
    @discardableResult
    package static func append(_ source: borrowing RawSpan, plusIsSpace: Bool, to out: inout [UInt8]) -> Bool {
        let start = out.count
        source.withUnsafeBytes { out.append(contentsOf: $0) }
        var oddities: UInt64 = 0
        var written = 0
        source.withUnsafeBytes { source in
            out.withUnsafeMutableBytes { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                // SAFETY: `to` + `start` has room for as many bytes as `source` has: they were appended above.
                (written, oddities) = decode(from, source.count, plusIsSpace: plusIsSpace, to: to + start)
            }
        }
        out.removeLast(out.count - start - written)
        return oddities & EightOctets.highs != 0
    }

    /// SAFETY: reads `count` bytes at `source`, writes at most as many at `target`, which do not overlap: what is written
    /// is never further than what is read, and whole words are moved only while eight bytes are left to read.
    @inline(__always)
    private static func decode(
        _ source: UnsafeRawPointer, _ count: Int, plusIsSpace: Bool, to target: UnsafeMutableRawPointer
    ) -> (written: Int, oddities: UInt64) {
        // What turns a plus into a space where it means one.
        let flip: UInt64 = plusIsSpace ? 0x2B ^ 0x20 : 0
        var read = 0
        var write = 0
        var oddities: UInt64 = 0
        while read < count {
            if count - read >= 8 {
                var word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: read, as: UInt64.self))
                let escapes = EightOctets.zeros(word ^ (EightOctets.ones &* 0x25))
                word ^= EightOctets.zerosExactly(word ^ (EightOctets.ones &* 0x2B)) >> 7 &* flip
                target.storeBytes(of: word.littleEndian, toByteOffset: write, as: UInt64.self)
                guard escapes != 0 else {
                    oddities |= EightOctets.unprintable(word)
                    read += 8
                    write += 8
                    continue
                }
                // Those behind the first `%` are overwritten by what follows; spaces stand in for them here.
                let mask = (escapes & (0 &- escapes)) &- 1
                oddities |= EightOctets.unprintable(word & mask | (EightOctets.ones &* 0x20) & ~mask)
                let plain = escapes.trailingZeroBitCount / 8
                read += plain
                write += plain
            }
            // Escapes often follow each other.
            repeat {
                var byte = source.load(fromByteOffset: read, as: UInt8.self)
                read += 1
                if byte == UInt8(ascii: "%") {
                    if count - read >= 2, let high = ASCII.hexValue(source.load(fromByteOffset: read, as: UInt8.self)),
                        let low = ASCII.hexValue(source.load(fromByteOffset: read + 1, as: UInt8.self))
                    {
                        byte = high << 4 | low
                        read += 2
                    }
                } else if byte == UInt8(ascii: "+") {
                    byte ^= UInt8(truncatingIfNeeded: flip)
                }
                if byte &- 0x20 > 0x5E { oddities = EightOctets.highs }
                target.storeBytes(of: byte, toByteOffset: write, as: UInt8.self)
                write += 1
            } while read < count && source.load(fromByteOffset: read, as: UInt8.self) == UInt8(ascii: "%")
        }
        return (write, oddities)
    }
}
