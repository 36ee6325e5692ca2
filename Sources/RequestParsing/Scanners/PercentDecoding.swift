internal import COctets
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

    /// Writes a piece of `source` decoded over what stands in `out` from `offset` on, where there must be as many bytes.
    /// Gives the number written, and whether all of them are printable ASCII.
    package static func decode(
        _ source: borrowing RawSpan, _ piece: Range<Int>, plusIsSpace: Bool, over out: inout [UInt8], at offset: Int
    ) -> (count: Int, isPlain: Bool) {
        precondition(
            piece.lowerBound >= 0 && piece.upperBound <= source.byteCount, "what is decoded lies within the source")
        precondition(offset >= 0 && piece.count <= out.count - offset, "there is room for what is decoded")
        var decoder = Decoder(flip: plusIsSpace ? 0x2B ^ 0x20 : 0)
        out.withUnsafeMutableBytes { target in
            guard let start = target.baseAddress else { return }
            // SAFETY: as the preconditions say. Sixteen bytes behind the piece are read and written only where there are
            // as many, and what stood there is put back.
            let behind = start + offset + piece.count
            guard source.byteCount - piece.upperBound >= 16, target.count - offset - piece.count >= 16 else {
                return decoder.decode(source, piece, hasRoom: false, to: start + offset)
            }
            let low = behind.loadUnaligned(as: UInt64.self)
            let high = behind.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            decoder.decode(source, piece, hasRoom: true, to: start + offset)
            behind.storeBytes(of: low, as: UInt64.self)
            behind.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
        }
        return (decoder.written, !decoder.isOdd)
    }

    /// Appends `source` decoded, whatever bytes that gives. Says whether any byte is not printable ASCII.
    @discardableResult
    package static func append(_ source: borrowing RawSpan, plusIsSpace: Bool, to out: inout [UInt8]) -> Bool {
        let start = out.count
        source.withUnsafeBytes { out.append(contentsOf: $0) }
        let (written, isPlain) = decode(
            source, 0..<source.byteCount, plusIsSpace: plusIsSpace, over: &out, at: start)
        out.removeLast(out.count - start - written)
        return !isPlain
    }

    /// What was written, and how.
    private struct Decoder {
        /// What turns a plus into a space where it means one.
        let flip: UInt8
        var written = 0
        /// Something written is no printable ASCII.
        var isOdd = false

        init(flip: UInt8) { self.flip = flip }

        /// SAFETY: `target` has room for as many bytes as the piece has, and does not overlap it; with `hasRoom` it has
        /// sixteen more, and so has the source. No more is written than was read, so `written` stays below the count.
        @inline(__always)
        mutating func decode(
            _ source: borrowing RawSpan, _ piece: Range<Int>, hasRoom: Bool, to target: UnsafeMutableRawPointer
        ) {
            var read = piece.lowerBound
            while read < piece.upperBound {
                let masks = source.withSixtyFour(at: read) { octets64_encoded($0) }
                let end = min(piece.upperBound, read &+ 64)
                let outside: UInt64 = end &- read < 64 ? ~0 &<< UInt64(truncatingIfNeeded: end &- read) : 0
                if masks.odd & ~outside != 0 { isOdd = true }
                var escapes = masks.escapes & ~outside
                let block = read
                while true {
                    let mark = escapes == 0 ? end : block &+ escapes.trailingZeroBitCount
                    source.withUnsafeBytes { source in
                        guard let from = source.baseAddress else { return }
                        copy(from + read, mark &- read, hasRoom: hasRoom, to: target + written)
                    }
                    written &+= mark &- read
                    read = mark
                    guard escapes != 0 else { break }
                    let byte = PercentDecoding.escape(source, at: &read, end: piece.upperBound)
                    if byte &- 0x20 > 0x5E { isOdd = true }
                    target.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
                    written &+= 1
                    // Nothing, where the escape went beyond the 64 bytes.
                    escapes &= ~0 << UInt64(truncatingIfNeeded: read &- block)
                    if read >= end { break }
                }
            }
        }

        /// SAFETY: both have `count` bytes, with `hasRoom` sixteen more.
        @inline(__always)
        private func copy(
            _ source: UnsafeRawPointer, _ count: Int, hasRoom: Bool, to target: UnsafeMutableRawPointer
        ) {
            var offset = 0
            if hasRoom {
                while offset < count {
                    octets16_copy(source + offset, target + offset, flip)
                    offset &+= 16
                }
            } else {
                while offset < count {
                    let byte = source.load(fromByteOffset: offset, as: UInt8.self)
                    let kept = byte == UInt8(ascii: "+") ? byte ^ flip : byte
                    target.storeBytes(of: kept, toByteOffset: offset, as: UInt8.self)
                    offset &+= 1
                }
            }
        }
    }

    /// What the `%` at `offset` stands for, itself where no two hexadecimal digits follow; passes over it.
    @inline(__always)
    private static func escape(_ source: borrowing RawSpan, at offset: inout Int, end: Int) -> UInt8 {
        guard end &- offset > 2 else {
            offset &+= 1
            return UInt8(ascii: "%")
        }
        let high = octets_hex(source.byte(at: offset &+ 1))
        let low = octets_hex(source.byte(at: offset &+ 2))
        guard (high | low) < 16 else {
            offset &+= 1
            return UInt8(ascii: "%")
        }
        offset &+= 3
        return high << 4 | low
    }
}
