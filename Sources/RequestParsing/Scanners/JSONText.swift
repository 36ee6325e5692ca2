internal import Events

/// The text of a JSON key or string.
package enum JSONText {
    /// Appends the token's text, escapes resolved, then cleaned (`TextCleaning`): `\u0000` and other control
    /// characters go, a lone surrogate becomes U+FFFD. Never longer than its source. Text without escapes is copied
    /// at once.
    package static func append(_ token: JSONToken, of bytes: borrowing RawSpan, to out: inout [UInt8]) {
        guard token.hasEscapes else { return TextCleaning.append(bytes.extracting(token.range), to: &out) }
        let start = out.count
        appendVerbatim(token, of: bytes, to: &out)
        TextCleaning.clean(&out, from: start)
    }

    /// Appends the token's text, escapes resolved, control characters kept. Says whether it held a lone surrogate,
    /// which has become U+FFFD.
    @discardableResult
    package static func appendVerbatim(_ token: JSONToken, of bytes: borrowing RawSpan, to out: inout [UInt8]) -> Bool {
        var write = out.count
        bytes.extracting(token.range).withUnsafeBytes { out.append(contentsOf: $0) }
        guard token.hasEscapes else { return false }
        var read = write
        let end = out.count
        var hasLoneSurrogate = false
        while read < end {
            let byte = out[read]
            guard byte == UInt8(ascii: "\\"), end - read >= 2 else {
                out[write] = byte
                write += 1
                read += 1
                continue
            }
            let letter = out[read + 1]
            read += 2
            if letter == UInt8(ascii: "u") {
                let scalar = unicodeScalar(out, at: &read, end: end)
                if scalar == nil { hasLoneSurrogate = true }
                write = put(scalar ?? 0xFFFD, into: &out, at: write)
            } else {
                out[write] = simpleEscape(letter)
                write += 1
            }
        }
        out.removeSubrange(write...)
        return hasLoneSurrogate
    }

    private static func simpleEscape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// The scalar whose first four digits stand at `read`, a second escape included where it completes a pair; nil
    /// for a lone surrogate.
    private static func unicodeScalar(_ out: borrowing [UInt8], at read: inout Int, end: Int) -> UInt32? {
        let first = fourDigits(out, at: read, end: end)
        read = min(read + 4, end)
        guard first & 0xF800 == 0xD800 else { return first }
        guard first < 0xDC00, end - read >= 6, out[read] == UInt8(ascii: "\\"), out[read + 1] == UInt8(ascii: "u")
        else {
            return nil
        }
        let second = fourDigits(out, at: read + 2, end: end)
        guard second & 0xFC00 == 0xDC00 else { return nil }
        read += 6
        return 0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF)
    }

    private static func fourDigits(_ out: borrowing [UInt8], at offset: Int, end: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in offset..<min(offset + 4, end) { value = value << 4 | UInt32(ASCII.hexValue(out[index]) ?? 0) }
        return value
    }

    /// Writes the scalar as UTF-8 where its escape stood, which was at least as long.
    private static func put(_ scalar: UInt32, into out: inout [UInt8], at write: Int) -> Int {
        func low(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift) & 0x3F }
        switch scalar {
        case 0..<0x80:
            out[write] = UInt8(truncatingIfNeeded: scalar)
            return write + 1
        case 0x80..<0x800:
            out[write] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
            out[write + 1] = low(0)
            return write + 2
        case 0x800..<0x1_0000:
            out[write] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
            out[write + 1] = low(6)
            out[write + 2] = low(0)
            return write + 3
        default:
            out[write] = 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
            out[write + 1] = low(12)
            out[write + 2] = low(6)
            out[write + 3] = low(0)
            return write + 4
        }
    }
}
