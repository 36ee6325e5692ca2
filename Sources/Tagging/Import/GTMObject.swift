internal import RequestParsing

/// One object of an export, read liberally: numbers stand for texts, words for booleans, one value for a list of one.
struct GTMObject {
    let members: [JSONValue.Member]
    /// Where it stands: `containerVersion.tag[3]`.
    let path: String

    init(_ value: JSONValue, path: String) throws(TaggingError) {
        guard case .object(let members) = value else {
            throw TaggingError.malformed(place: path, problem: "here is \(value.kind)", expected: "an object")
        }
        self.members = members
        self.path = path
    }

    subscript(_ name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    /// A scalar as text: exports have texts, API clients numbers and booleans too. nil for none, and for null.
    func text(_ name: String) throws(TaggingError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.scalarText else {
            throw TaggingError.malformed(
                place: "\(path).\(name)", problem: "here is \(value.kind)", expected: "a text")
        }
        return text
    }

    /// True for true and "true".
    func flag(_ name: String) throws(TaggingError) -> Bool { try text(name)?.lowercased() == "true" }

    /// The items of a list with their paths; one value that is no list is a list of one, no value an empty one.
    func list(_ name: String) throws(TaggingError) -> [(value: JSONValue, path: String)] {
        guard let value = self[name] else { return [] }
        guard case .array(let items) = value else {
            guard value.scalarText != nil else {
                throw TaggingError.malformed(
                    place: "\(path).\(name)", problem: "here is \(value.kind)", expected: "a list")
            }
            return [(value, "\(path).\(name)")]
        }
        guard items.count <= DefinitionReader.objectsMax else {
            throw TaggingError.tooMuch(
                what: "items in \(path).\(name)", count: items.count, allowed: DefinitionReader.objectsMax)
        }
        return items.enumerated().map { ($0.element, "\(path).\(name)[\($0.offset)]") }
    }

    /// A list of scalars.
    func texts(_ name: String) throws(TaggingError) -> [String] {
        var texts: [String] = []
        for (value, path) in try list(name) {
            guard let text = value.scalarText else {
                throw TaggingError.malformed(place: path, problem: "here is \(value.kind)", expected: "a text")
            }
            texts.append(text)
        }
        return texts
    }
}

extension JSONValue {
    /// What a text, number or boolean says; nil for others.
    var scalarText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .integer(let integer): String(integer)
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// JSON text, as `foreign` members have it.
    var foreignText: String { String(decoding: encoded, as: UTF8.self) }

    /// The object that a `foreign` text holds; nil for none and for what is no object.
    static func foreign(_ text: String?) -> [Member] {
        guard let text, let value = try? JSONReader.read(Array(text.utf8)) else { return [] }
        return value.members
    }
}
