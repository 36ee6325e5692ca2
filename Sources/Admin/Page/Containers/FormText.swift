/// Text inside of forms. Unlike `HTMLEscaping`, which is for reading, it keeps every character: what a form shows is
/// what it sends back.
enum FormText {
    /// Fit for an attribute in double quotes and for a textarea. O(count).
    static func escape(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            case 0: result += "\u{FFFD}".utf8
            case 13: result += "&#13;".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Many lines to look at: escaped as all text is, but line by line, and cut at `max` characters.
    static func shown(_ text: String, max: Int = 2_000) -> String {
        let cut = String(text.prefix(max))
        let lines = cut.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.map { HTMLEscaping.escape(String($0)) }.joined(separator: "\n")
        return cut.utf8.count < text.utf8.count ? shown + "…" : shown
    }

    /// What a form sent in the place of `old`: the old text where it was only shown and sent back, with line ends as
    /// forms make them.
    static func kept(_ new: String, for old: String?) -> String {
        guard let old, FormFields.plain(old) == new else { return new }
        return old
    }
}
