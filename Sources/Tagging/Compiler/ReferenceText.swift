/// What a text with references is made of.
package enum TextPart: Sendable, Hashable {
    case text(String)
    /// `{{Name}}`, by its name.
    case reference(String)
}

/// Finds `{{Name}}` in a text, as Google Tag Manager's templates have it.
///
/// A name is what stands between the last `{{` before a `}}` and that `}}`; it is not empty and has no line break. All
/// else is text. O(bytes); allocates the parts.
package enum ReferenceText {
    package static func split(_ text: String) -> [TextPart] {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "{")) else { return bytes.isEmpty ? [] : [.text(text)] }
        var parts: [TextPart] = []
        var textStart = 0
        var opening: Int?
        var place = 0
        while place + 1 < bytes.count {
            let pair = (bytes[place], bytes[place + 1])
            if pair == (UInt8(ascii: "{"), UInt8(ascii: "{")) {
                opening = place
                place += 1
            } else if pair == (UInt8(ascii: "}"), UInt8(ascii: "}")), let start = opening {
                if start + 2 < place {
                    if textStart < start { parts.append(.text(String(decoding: bytes[textStart..<start], as: UTF8.self))) }
                    parts.append(.reference(String(decoding: bytes[(start + 2)..<place], as: UTF8.self)))
                    textStart = place + 2
                }
                opening = nil
                place += 2
            } else {
                if bytes[place] == UInt8(ascii: "\n") { opening = nil }
                place += 1
            }
        }
        if textStart < bytes.count { parts.append(.text(String(decoding: bytes[textStart...], as: UTF8.self))) }
        return parts
    }

    /// The names alone, in order, with repetitions.
    package static func names(in text: String) -> [String] {
        split(text).compactMap {
            if case .reference(let name) = $0 { return name }
            return nil
        }
    }
}
