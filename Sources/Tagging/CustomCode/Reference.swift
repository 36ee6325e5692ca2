/// `{{Name}}` in a text that people write: how Google Tag Manager's exports refer to a variable.
///
/// The name is whatever stands between the braces: at least one character, no brace and no line end.
package enum Reference {
    /// Names are not longer; a longer one is text.
    package static let nameBytesMax = 500

    /// Where the reference that begins at a place ends; nil if none begins there. O(the name).
    static func end(in bytes: [UInt8], at place: Int) -> Int? {
        guard place + 4 < bytes.count, bytes[place] == 0x7B, bytes[place + 1] == 0x7B else { return nil }
        var end = place + 2
        let last = min(bytes.count - 1, place + 2 + nameBytesMax)
        while end < last {
            switch bytes[end] {
            case 0x7D:
                guard end > place + 2, bytes[end + 1] == 0x7D else { return nil }
                return end + 2
            case 0x7B, 0x0A, 0x0D: return nil
            default: end += 1
            }
        }
        return nil
    }

    /// The name in a reference. The range is from `{{` to behind `}}`.
    static func name(in bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[(range.lowerBound + 2)..<(range.upperBound - 2)], as: UTF8.self)
    }
}
