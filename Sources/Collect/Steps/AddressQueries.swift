internal import Events

/// The queries and fragments of addresses that stand in free text, as in `see https://shop.test/reset?token=x` or
/// `/done#id_token=y`: a `?` or `#` behind a slash of the same word, then a name and `=`. They end where the word does.
enum AddressQueries {
    /// Bytes of a parameter's name that are looked at.
    private static let nameBytesMax = 64

    /// Appends the text without them; false, and nothing appended, where there are none. One pass.
    static func cut(_ text: borrowing RawSpan, into output: inout [UInt8]) -> Bool {
        var copied = 0
        var index = 0
        var isAddress = false
        while index < text.byteCount {
            let byte = text.byte(at: index)
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") {
                isAddress = true
            } else if endsWord(byte) {
                isAddress = false
            } else if isAddress, byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#"), hasName(text, from: index + 1)
            {
                output.append(text, copied..<index)
                while index < text.byteCount, !endsWord(text.byte(at: index)) { index += 1 }
                copied = index
                continue
            }
            index += 1
        }
        guard copied > 0 else { return false }
        output.append(text, copied..<text.byteCount)
        return true
    }

    private static func hasName(_ text: borrowing RawSpan, from start: Int) -> Bool {
        var index = start
        while index < min(start + nameBytesMax, text.byteCount) {
            let byte = text.byte(at: index)
            if byte == UInt8(ascii: "=") { return index > start }
            if endsWord(byte) || byte == UInt8(ascii: "?") { return false }
            index += 1
        }
        return false
    }

    /// A blank, or what quotes or brackets an address in a text.
    static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
