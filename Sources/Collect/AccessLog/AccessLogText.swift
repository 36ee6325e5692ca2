internal import Events
internal import RequestParsing

/// The text of a log's quoted field.
enum AccessLogText {
    /// Appends it with escapes resolved, then cleaned (`TextCleaning`). `\"`, `\\`, `\n`, `\t`, `\r`, `\b`, `\v` and
    /// `\xHH` as Apache and nginx write them; any other backslash stays.
    ///
    /// Source: Apache HTTP Server, mod_log_config, "Custom Log Formats"; nginx, ngx_http_log_module, `escape=default`.
    static func append(_ field: borrowing RawSpan, hasEscapes: Bool, to out: inout [UInt8]) {
        guard hasEscapes else { return TextCleaning.append(field, to: &out) }
        let start = out.count
        var offset = 0
        while offset < field.byteCount {
            let byte = field.octet(at: offset)
            guard byte == UInt8(ascii: "\\"), offset + 1 < field.byteCount else {
                out.append(byte)
                offset += 1
                continue
            }
            let letter = field.octet(at: offset + 1)
            if letter == UInt8(ascii: "x"), offset + 3 < field.byteCount, let high = digit(field.octet(at: offset + 2)),
                let low = digit(field.octet(at: offset + 3))
            {
                out.append(high << 4 | low)
                offset += 4
            } else if let plain = plain(letter) {
                out.append(plain)
                offset += 2
            } else {
                out.append(byte)
                offset += 1
            }
        }
        TextCleaning.clean(&out, from: start)
    }

    private static func plain(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "v"), UInt8(ascii: "b"): 32
        default: nil
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte &- 48
        case 65...70: byte &- 55
        case 97...102: byte &- 87
        default: nil
        }
    }
}

/// Loads for this folder's loops: a call into another module is not inlined, and these run once a byte. Bounds are
/// checked by the span.
extension RawSpan {
    @inline(__always)
    func octet(at offset: Int) -> UInt8 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }

    /// Where `octet` or `other` first stands at or after `start`; the byte count when neither does. Eight bytes a step.
    ///
    /// Source: S. E. Anderson, "Bit Twiddling Hacks", determine if a word has a zero byte.
    @inline(__always)
    func firstOffset(of octet: UInt8, or other: UInt8, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let first = ones &* UInt64(octet)
        let second = ones &* UInt64(other)
        let count = byteCount
        var offset = start
        while count - offset >= 8 {
            let word = UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let left = word ^ first
            let right = word ^ second
            // The lowest mark of each is right; marks above it may not be.
            let hits = ((left &- ones) & ~left | (right &- ones) & ~right) & highs
            if hits != 0 { return offset + hits.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < count {
            let byte = self.octet(at: offset)
            if byte == octet || byte == other { return offset }
            offset += 1
        }
        return count
    }
}
