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
        append(source, plusIsSpace: plusIsSpace, to: &out)
        TextCleaning.clean(&out, from: start)
    }

    /// Appends `source` decoded, whatever bytes that gives.
    package static func append(_ source: borrowing RawSpan, plusIsSpace: Bool, to out: inout [UInt8]) {
        let start = out.count
        source.withUnsafeBytes { out.append(contentsOf: $0) }
        let count = decode(source, 0..<source.byteCount, plusIsSpace: plusIsSpace, over: &out, at: start)
        out.removeLast(out.count - start - count)
    }

    /// Writes a piece of `source` decoded over what stands in `out` from `offset` on, where there must be as many
    /// bytes. Gives the number written.
    package static func decode(
        _ source: borrowing RawSpan, _ piece: Range<Int>, plusIsSpace: Bool, over out: inout [UInt8], at offset: Int
    ) -> Int {
        precondition(
            piece.lowerBound >= 0 && piece.upperBound <= source.byteCount, "what is decoded lies within the source")
        precondition(offset >= 0 && piece.count <= out.count - offset, "there is room for what is decoded")
        // What turns a plus into a space where it means one.
        let flip: UInt8 = plusIsSpace ? 0x2B ^ 0x20 : 0
        return source.withUnsafeBytes { source in
            out.withUnsafeMutableBytes { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
                // SAFETY: as the preconditions say; an array overlaps no other memory. Sixteen bytes behind the piece
                // are read and written only where there are as many, and what stood there is put back.
                let place = to + offset
                let behind = place + piece.count
                guard source.count - piece.upperBound >= 16, target.count - offset - piece.count >= 16 else {
                    return decode(from + piece.lowerBound, piece.count, spare: 0, flip: flip, to: place)
                }
                let low = behind.loadUnaligned(as: UInt64.self)
                let high = behind.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                let count = decode(from + piece.lowerBound, piece.count, spare: 16, flip: flip, to: place)
                behind.storeBytes(of: low, as: UInt64.self)
                behind.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
                return count
            }
        }
    }

    /// SAFETY: reads `count` + `spare` bytes at `source` and writes at most as many at `target`, which do not overlap:
    /// what is written is never further than what is read, and sixteen bytes are moved only while as many are left to
    /// read. No sum goes beyond `count` + 16.
    private static func decode(
        _ source: UnsafeRawPointer, _ count: Int, spare: Int, flip: UInt8, to target: UnsafeMutableRawPointer
    ) -> Int {
        var read = 0
        var write = 0
        let last = min(count, count &+ spare &- 15)
        while read < last {
            let escapes = octets16_copyEncoded(source + read, target + write, flip)
            let plain = min(escapes == 0 ? 16 : escapes.trailingZeroBitCount, count &- read)
            read &+= plain
            write &+= plain
            guard escapes != 0, read < count else { continue }
            // What was copied from the escape on is overwritten by what follows.
            read &+= escape(source + read, count &- read, to: target + write)
            write &+= 1
        }
        while read < count {
            let byte = source.load(fromByteOffset: read, as: UInt8.self)
            if byte == UInt8(ascii: "%") {
                read &+= escape(source + read, count &- read, to: target + write)
            } else {
                let kept = byte == UInt8(ascii: "+") ? byte ^ flip : byte
                target.storeBytes(of: kept, toByteOffset: write, as: UInt8.self)
                read &+= 1
            }
            write &+= 1
        }
        return write
    }

    /// Writes what the `%` at `source` stands for, itself where no two hexadecimal digits follow. Gives how many bytes
    /// that was.
    ///
    /// SAFETY: `source` has `rest` bytes, one at least; one byte is written.
    @inline(__always)
    private static func escape(_ source: UnsafeRawPointer, _ rest: Int, to target: UnsafeMutableRawPointer) -> Int {
        if rest > 2 {
            let high = octets_hex(source.load(fromByteOffset: 1, as: UInt8.self))
            let low = octets_hex(source.load(fromByteOffset: 2, as: UInt8.self))
            if (high | low) < 16 {
                target.storeBytes(of: high << 4 | low, as: UInt8.self)
                return 3
            }
        }
        target.storeBytes(of: UInt8(ascii: "%"), as: UInt8.self)
        return 1
    }
}
