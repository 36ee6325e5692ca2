/// What a text with references is made of.
package enum TextPart: Sendable, Hashable {
    case text(String)
    /// `{{Name}}`, by its name.
    case reference(String)
}

/// Finds `{{Name}}` in a text, as `Reference` has it; all else is text. O(bytes); allocates the parts.
package enum ReferenceText {
    package static func split(_ text: String) -> [TextPart] {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "{")) else { return bytes.isEmpty ? [] : [.text(text)] }
        var parts: [TextPart] = []
        var textStart = 0
        var place = 0
        while place < bytes.count {
            guard let end = Reference.end(in: bytes, at: place) else {
                place += 1
                continue
            }
            if textStart < place { parts.append(.text(String(decoding: bytes[textStart..<place], as: UTF8.self))) }
            parts.append(.reference(Reference.name(in: bytes, place..<end)))
            textStart = end
            place = end
        }
        if textStart < bytes.count { parts.append(.text(String(decoding: bytes[textStart...], as: UTF8.self))) }
        return parts
    }

    /// The text with `value` of each name put in; nil where there is none of one.
    static func filled(_ text: String, _ value: (String) -> String?) -> String? {
        var result = ""
        for part in split(text) {
            switch part {
            case .text(let text): result += text
            case .reference(let name):
                guard let text = value(name) else { return nil }
                result += text
            }
        }
        return result
    }

    /// The names alone, in order, with repetitions.
    package static func names(in text: String) -> [String] {
        split(text).compactMap {
            if case .reference(let name) = $0 { return name }
            return nil
        }
    }
}
