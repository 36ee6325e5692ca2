/// A value as the runtime gets it: a literal, or an array that begins with its kind (`tags/README.md`).
indirect enum Lowered: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case bool(Bool)
    /// `[0, i]`: variable `i` with its type.
    case variable(Int)
    /// `[1, …]`: the parts as one text.
    case joined([Lowered])
    /// `[2, …]`
    case list([Lowered])
    /// `[3, key, value, …]`; keys are data, so `__proto__` is one like any other.
    case map([Pair])
    /// `[10, key, value, …]`: a map without those members that are undefined.
    case object([Pair])
    /// `[4, i]`: variable `i` as HTML text.
    case html(Int)
    /// `[5, i]`: variable `i` as part of a URL.
    case urlPart(Int)
    /// `[6, i]` to `[9, i]`: variable `i` as it may stand in a place of markup that escaping alone does not make
    /// safe.
    case checked(Int, Check)

    /// Kinds of the runtime's module `escape`.
    enum Check: Int, Sendable, Hashable {
        /// The beginning of a URL.
        case url = 6
        /// A value in a style sheet.
        case css
        /// In a string of JSON.
        case jsonString
        /// A value of JSON.
        case json
    }

    struct Pair: Sendable, Hashable {
        var key: Lowered
        var value: Lowered

        init(key: Lowered, value: Lowered) {
            self.key = key
            self.value = value
        }

        init(_ key: String, _ value: String) {
            self.init(key: .text(key), value: .text(value))
        }
    }

    /// Whether the runtime takes it as it stands; what is no literal is an array.
    var isLiteral: Bool {
        switch self {
        case .text, .integer, .bool: true
        case .variable, .joined, .list, .map, .object, .html, .urlPart, .checked: false
        }
    }

    /// The text of a literal text.
    var literal: String? {
        if case .text(let text) = self { return text }
        return nil
    }
}

/// Writes JavaScript literals that are safe wherever the script stands: in a file, in a page's script element, in
/// UTF-8.
///
/// `<` before `/`, `!` or a letter becomes `\x3c`, so that neither `</script` nor `<!--` appear; U+2028, U+2029,
/// U+FEFF and control characters are escaped. O(characters).
struct LiteralWriter {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ text: String) {
        bytes += text.utf8
    }

    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var rest = text.unicodeScalars.makeIterator()
        var next = rest.next()
        while let scalar = next {
            next = rest.next()
            switch scalar {
            case "\"", "\\":
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\n": raw("\\n")
            case "\r": raw("\\r")
            case "\t": raw("\\t")
            case "<":
                let isOpening = next.map { $0 == "/" || $0 == "!" || $0 == "?" || $0.properties.isAlphabetic } ?? true
                raw(isOpening ? "\\x3c" : "<")
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: escape(scalar.value, "\\x", digits: 2)
            case "\u{2028}", "\u{2029}", "\u{FEFF}": escape(scalar.value, "\\u", digits: 4)
            default: bytes += String(scalar).utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A key of an object literal: bare where JavaScript allows it, in brackets for `__proto__`, which would set the
    /// prototype otherwise.
    mutating func key(_ name: String) {
        if name == "__proto__" {
            raw("[\"__proto__\"]")
        } else if LiteralWriter.isName(name) {
            raw(name)
        } else {
            text(name)
        }
        raw(":")
    }

    mutating func value(_ value: Lowered) {
        switch value {
        case .text(let text): self.text(text)
        case .integer(let number): raw(String(number))
        case .bool(let flag): raw(flag ? "true" : "false")
        case .variable(let place): raw("[0,\(place)]")
        case .html(let place): raw("[4,\(place)]")
        case .urlPart(let place): raw("[5,\(place)]")
        case .checked(let place, let check): raw("[\(check.rawValue),\(place)]")
        case .joined(let parts): list(kind: "1", parts)
        case .list(let items): list(kind: "2", items)
        case .map(let pairs): list(kind: "3", pairs.flatMap { [$0.key, $0.value] })
        case .object(let pairs): list(kind: "10", pairs.flatMap { [$0.key, $0.value] })
        }
    }

    /// `{key:value,…}`, keys in the order given.
    mutating func object(_ members: [(key: String, value: Lowered)]) {
        raw("{")
        for (place, member) in members.enumerated() {
            if place > 0 { raw(",") }
            key(member.key)
            value(member.value)
        }
        raw("}")
    }

    /// `[…]` of whatever `write` writes for each.
    mutating func array<Item>(_ items: [Item], _ write: (inout LiteralWriter, Item) -> Void) {
        raw("[")
        for (place, item) in items.enumerated() {
            if place > 0 { raw(",") }
            write(&self, item)
        }
        raw("]")
    }

    mutating func numbers(_ numbers: [Int]) {
        array(numbers) { writer, number in writer.raw(String(number)) }
    }

    // The depth is that of the definition's parameters, which `ReferenceLimits.depthMax` bounds.
    private mutating func list(kind: String, _ items: [Lowered]) {
        raw("[" + kind)
        for item in items {
            raw(",")
            value(item)
        }
        raw("]")
    }

    private mutating func escape(_ value: UInt32, _ prefix: String, digits: Int) {
        let text = String(value, radix: 16)
        raw(prefix + String(repeating: "0", count: max(0, digits - text.count)) + text)
    }

    /// ASCII names that no version of JavaScript reserves as keys; every word may be a key since ECMAScript 5.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isNameByte(first), !isDigit(first) else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "$"):
            true
        default: isDigit(byte)
        }
    }
}
