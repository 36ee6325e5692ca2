internal import Mustache

/// How text gets into pages. The library's own escaping compares whole characters, so `"` followed by a combining
/// accent is another character to it and passes; this one goes by scalars.
struct HTMLEscaping: MustacheContentType {
    static let name = "HIGHLAND_HTML"

    func escapeText(_ text: String) -> String { HTMLEscaping.escape(text) }

    /// `& < > " '` as references; control characters and those that turn the direction of text around them as U+FFFD.
    /// O(count).
    static func escape(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t", "\r": result.append(" ")
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result.append("\u{FFFD}")
            default: result.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
            }
        }
        return String(result)
    }
}
