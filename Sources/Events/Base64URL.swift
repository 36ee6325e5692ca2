/// Base64 with the URL-safe alphabet and no padding (RFC 4648, section 5): how random bytes are written in keys.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Four characters for every three bytes, the last group shortened. Allocates the text.
    package static func encode(_ bytes: [UInt8]) -> String { String(decoding: text(of: bytes), as: UTF8.self) }

    /// The same as bytes of ASCII.
    package static func text(of bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 4)
        var start = 0
        while start < bytes.count {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for (place, byte) in group.enumerated() { word |= UInt32(byte) << UInt32(16 - 8 * place) }
            for place in 0...group.count {
                text.append(alphabet[Int(word >> UInt32(18 - 6 * place) & 63)])
            }
            start += 3
        }
        return text
    }

    /// `count` bytes of the system's random source, as text.
    package static func random(byteCount count: Int) -> String {
        // Words, because each number asked of the system is a call to it.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = UInt64.random(in: 0 ... .max)
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
        }
        return encode(Array(bytes[..<count]))
    }

    /// The same for what people type: never begins with a hyphen, which a command line takes for an option, or an
    /// underscore. Costs a twentieth of a bit.
    package static func randomName(byteCount count: Int) -> String {
        while true {
            let text = random(byteCount: count)
            if text.first != "-", text.first != "_" { return text }
        }
    }

    /// True for the 64 characters of the alphabet.
    package static func holds(_ byte: UInt8) -> Bool { value(byte) != nil }

    /// 52 characters into 39 bytes, the length of an identifier cookie, which leaves no spare bits; nil for any other
    /// length or a character outside the alphabet. No allocation.
    package static func decode39(_ text: borrowing RawSpan) -> InlineArray<39, UInt8>? {
        guard text.byteCount == 52 else { return nil }
        var bytes = InlineArray<39, UInt8>(repeating: 0)
        for group in 0..<13 {
            var word: UInt32 = 0
            for index in 0..<4 {
                guard let value = value(text.byte(at: group * 4 + index)) else { return nil }
                word = word << 6 | UInt32(value)
            }
            bytes[group * 3] = UInt8(truncatingIfNeeded: word >> 16)
            bytes[group * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8)
            bytes[group * 3 + 2] = UInt8(truncatingIfNeeded: word)
        }
        return bytes
    }

    /// Appends what a text stands for, in either alphabet, with or without padding, white space passed over; false, and
    /// nothing appended, where it holds anything else or breaks off. Never longer than three quarters of its source.
    package static func append(_ text: borrowing RawSpan, to bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        var word: UInt32 = 0
        var sextets = 0
        var padding = 0
        for offset in 0..<text.byteCount {
            let byte = text.byte(at: offset)
            switch byte {
            case UInt8(ascii: "="):
                padding += 1
                continue
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: break
            }
            let value = byte == UInt8(ascii: "+") ? 62 : byte == UInt8(ascii: "/") ? 63 : self.value(byte)
            guard let value, padding == 0 else {
                bytes.removeLast(bytes.count - start)
                return false
            }
            word = word << 6 | UInt32(value)
            sextets += 1
            if sextets & 3 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: word >> 16))
                bytes.append(UInt8(truncatingIfNeeded: word >> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
            }
        }
        switch sextets & 3 {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: word >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: word >> 10))
            bytes.append(UInt8(truncatingIfNeeded: word >> 2))
        default:
            bytes.removeLast(bytes.count - start)
            return false
        }
        return true
    }

    /// The six bits a character stands for; nil outside the alphabet.
    @inline(__always)
    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
