package import RequestParsing

/// JSON for people's eyes: what fits on a line stands on one, all else a member a line.
///
/// Only what JSON has to escape is escaped, so custom HTML stays legible; a text that goes into a page's script element
/// needs `JSONValue.encoded`. The same value gives the same bytes. O(bytes); recursion is as deep as the value, and
/// values come from `JSONReader` or from bounded models.
struct IndentedJSON {
    private let step: Int
    /// Objects and arrays that need no more columns than this stand on one line; 0: none but empty ones do.
    private let lineMax: Int
    private var bytes: [UInt8] = []

    /// The text of a value with a line feed after it, indented by `step` blanks a level.
    static func write(_ value: JSONValue, step: Int = 2, lineMax: Int = 100) -> [UInt8] {
        var text = IndentedJSON(step: step, lineMax: lineMax)
        text.append(value, indent: 0)
        text.bytes.append(10)
        return text.bytes
    }

    private init(step: Int, lineMax: Int) {
        self.step = step
        self.lineMax = lineMax
    }

    private mutating func append(_ value: JSONValue, indent: Int) {
        switch value {
        case .null, .bool, .integer, .number: bytes += value.encoded
        case .string(let text): append(text)
        case .array(let items):
            group(items.count, "[", "]", isShort: isShort(value, indent), indent: indent) { text, index, indent in
                text.append(items[index], indent: indent)
            }
        case .object(let members):
            group(members.count, "{", "}", isShort: isShort(value, indent), indent: indent) { text, index, indent in
                text.append(members[index].name)
                text.bytes += ": ".utf8
                text.append(members[index].value, indent: indent)
            }
        }
    }

    private func isShort(_ value: JSONValue, _ indent: Int) -> Bool {
        var room = lineMax - indent
        return IndentedJSON.fits(value, &room)
    }

    private mutating func group(
        _ count: Int, _ open: String, _ close: String, isShort: Bool, indent: Int,
        _ item: (inout IndentedJSON, Int, Int) -> Void
    ) {
        bytes += open.utf8
        for index in 0..<count {
            if index > 0 { bytes += (isShort ? ", " : ",").utf8 }
            if !isShort { breakLine(indent + step) }
            item(&self, index, indent + step)
        }
        if !isShort, count > 0 { breakLine(indent) }
        bytes += close.utf8
    }

    private mutating func breakLine(_ indent: Int) {
        bytes.append(10)
        bytes += repeatElement(32, count: indent)
    }

    /// Takes what a value needs on one line from `room`; stops where there is none left.
    private static func fits(_ value: JSONValue, _ room: inout Int) -> Bool {
        switch value {
        case .null, .bool: room -= 5
        case .integer, .number: room -= 12
        case .string(let text): room -= text.utf8.count + 2
        case .array(let items):
            room -= 2 + items.count * 2
            for item in items where room >= 0 { _ = fits(item, &room) }
        case .object(let members):
            room -= 2 + members.count * 4
            for member in members where room >= 0 {
                room -= member.name.utf8.count + 2
                _ = fits(member.value, &room)
            }
        }
        return room >= 0
    }

    private mutating func append(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 10: bytes += "\\n".utf8
            case 9: bytes += "\\t".utf8
            case 13: bytes += "\\r".utf8
            case 0..<32, 127:
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue {
    /// Levels of objects and arrays: 0 for a scalar.
    var depth: Int {
        switch self {
        case .array(let items): 1 + (items.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }

    /// The members of an object, else none.
    var members: [Member] {
        if case .object(let members) = self { return members }
        return []
    }

    /// The items of an array, else none.
    var items: [JSONValue] {
        if case .array(let items) = self { return items }
        return []
    }

    /// The same value with the members of every object in the order of their names: equal where two texts say the same.
    package var sorted: JSONValue {
        switch self {
        case .array(let items): .array(items.map(\.sorted))
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.sorted) }
                    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        default: self
        }
    }
}
