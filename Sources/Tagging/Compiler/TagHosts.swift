/// The hosts that a tag loads from or sends to: those of its type, and those of URLs in its own parameters.
struct TagHosts: Sendable {
    var script: [String]
    var connect: [String]
    /// Hosts of URLs in parameters and code: of either kind.
    var written: [String]

    var all: [String] { script + connect + written }

    static func of(_ type: TagType, _ parameters: [Parameter.Member], _ index: DefinitionIndex) -> TagHosts {
        let texts = parameters.flatMap { ParameterTexts.all(in: $0.value) }.map { withConstants($0, index) }
        var written: [String] = []
        for host in texts.flatMap({ hosts(in: $0) }) where !written.contains(host) { written.append(host) }
        for text in type.name == "html" ? texts : [] {
            for host in HTMLTemplate.split(text).hosts.map({ String($0.prefix { $0 != ":" }) })
            where !written.contains(host) { written.append(host) }
        }
        return TagHosts(
            script: type.scriptHosts.filter { $0 != KnownTypes.anyHost },
            connect: type.connectHosts.filter { $0 != KnownTypes.anyHost }, written: written)
    }

    /// A killed host covers its sub-domains.
    static func isKilled(_ host: String, _ killed: Set<String>) -> Bool {
        guard !killed.isEmpty else { return false }
        // A type's `*.vendor.test` takes in whatever is below it.
        if host.hasPrefix("*."), killed.contains(where: { $0.hasSuffix(host.dropFirst()) }) { return true }
        var rest = Substring(host.lowercased())
        while true {
            if killed.contains(String(rest)) { return true }
            guard let dot = rest.firstIndex(of: ".") else { return false }
            rest = rest[rest.index(after: dot)...]
        }
    }

    /// Hosts of the URLs that a text begins with, quotes, or gives an attribute: what stands in a comment
    /// (`// see https://…`) is preceded by a space and is not meant. Lower case, in order; O(bytes).
    static func hosts(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        var found: [String] = []
        var place = 0
        while place + 1 < bytes.count {
            guard bytes[place] == UInt8(ascii: "/"), bytes[place + 1] == UInt8(ascii: "/") else {
                place += 1
                continue
            }
            var end = place + 2
            while end < bytes.count, isHostByte(bytes[end]) { end += 1 }
            if let start = urlStart(bytes, slashes: place), start == 0 || isOpening(bytes[start - 1]) {
                let host = String(decoding: bytes[(place + 2)..<end], as: UTF8.self).lowercased()
                if isHost(host) { found.append(host) }
            }
            place = end
        }
        return found
    }

    /// Where the URL begins whose `//` stands at `slashes`: with its scheme, or there.
    private static func urlStart(_ bytes: [UInt8], slashes: Int) -> Int? {
        guard slashes > 0, bytes[slashes - 1] == UInt8(ascii: ":") else { return slashes }
        for scheme in ["https:", "http:", "wss:", "ws:"] {
            let start = slashes - scheme.utf8.count
            guard start >= 0 else { continue }
            if zip(bytes[start..<slashes], scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return start }
        }
        return nil
    }

    private static func isOpening(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "("), UInt8(ascii: "="): true
        default: false
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1 && text.utf8.count <= 253 && labels.allSatisfy { !$0.isEmpty }
    }

    /// The text with references to constants replaced by what they are; others are left.
    private static func withConstants(_ text: String, _ index: DefinitionIndex) -> String {
        let parts = ReferenceText.split(text)
        guard parts.contains(where: { if case .reference = $0 { true } else { false } }) else { return text }
        return parts.map { part in
            switch part {
            case .text(let text): text
            case .reference(let name): index.constant(named: name) ?? "{{\(name)}}"
            }
        }.joined()
    }
}

extension DefinitionIndex {
    /// What a variable of type constant is, where that is one plain text.
    func constant(named name: String) -> String? {
        guard let place = variablePlace(named: name), definition.variables[place].type == "c" else { return nil }
        let text = definition.variables[place].parameters["value"]?.text
        return text.flatMap { ReferenceText.names(in: $0).isEmpty ? $0 : nil }
    }

    /// A parameter's text with constants put in; nil for lists, maps, and where other variables take part.
    func plainText(_ parameter: Parameter?) -> String? {
        parameter?.text.flatMap { ReferenceText.filled($0, constant(named:)) }
    }
}
