/// Finds `{{Name}}` in texts. A name has no braces and no line breaks; code may hold `{{` for reasons of its own.
enum GTMReferences {
    /// Where the first reference stands, braces included. O(text).
    static func first(in text: Substring) -> Range<Substring.Index>? {
        let bytes = text.utf8
        var start = bytes.startIndex
        while let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")) {
            var first = bytes.index(after: open)
            guard first < bytes.endIndex, bytes[first] == UInt8(ascii: "{") else {
                start = first
                continue
            }
            // of three braces the last two count
            var begin = open
            while bytes.index(after: first) < bytes.endIndex, bytes[bytes.index(after: first)] == UInt8(ascii: "{") {
                begin = bytes.index(after: begin)
                first = bytes.index(after: first)
            }
            let name = bytes.index(after: first)
            let stop = bytes[name...].firstIndex {
                $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") || $0 == 10 || $0 == 13
            }
            guard let stop else { return nil }
            let second = bytes.index(after: stop)
            if bytes[stop] == UInt8(ascii: "}"), second < bytes.endIndex, bytes[second] == UInt8(ascii: "}"),
                stop > name
            {
                return begin..<bytes.index(after: second)
            }
            start = stop
        }
        return nil
    }

    /// The names in a text, each once, in order.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        var rest = text[...]
        while let range = first(in: rest) {
            let name = String(rest[range].dropFirst(2).dropLast(2))
            if seen.insert(name).inserted { names.append(name) }
            rest = rest[range.upperBound...]
        }
        return names
    }
}

extension Parameter {
    /// The texts that may hold references, and where they stand below `path`. As deep as parameters are.
    func texts(_ path: String) -> [(path: String, text: String)] {
        switch self {
        case .template(let text), .boolean(let text), .integer(let text): [(path, text)]
        case .triggerReference, .tagReference: []
        case .list(let items): items.enumerated().flatMap { $0.element.texts("\(path)[\($0.offset)]") }
        case .map(let members): members.flatMap { $0.value.texts("\(path).\($0.key.prefix(80))") }
        }
    }
}
