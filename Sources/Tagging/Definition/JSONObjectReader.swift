internal import RequestParsing

/// Takes the members of one JSON object, each once, and refuses what is left: the strict reading of our own format.
struct JSONObjectReader {
    /// Where the object stands: `tags[3].consent`; empty for the root.
    let path: String
    private var members: [JSONValue.Member]

    init(_ value: JSONValue, path: String) throws(TaggingError) {
        guard case .object(let members) = value else {
            throw TaggingError.malformed(
                place: path.isEmpty ? "the text" : path, problem: "here is \(value.kind)", expected: "an object")
        }
        self.members = members
        self.path = path
    }

    /// The path of a member.
    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The error that a member is not what it should be.
    func failure(_ name: String, _ problem: String, expected: String) -> TaggingError {
        .malformed(place: place(name), problem: problem, expected: expected)
    }

    /// A member's value, which is then gone; nil where there is none. O(members).
    mutating func take(_ name: String) -> JSONValue? {
        guard let place = members.firstIndex(where: { $0.name == name }) else { return nil }
        return members.remove(at: place).value
    }

    /// A text, or nil.
    mutating func text(_ name: String) throws(TaggingError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else { throw failure(name, "here is \(value.kind)", expected: "a text") }
        return text
    }

    /// A text that has to be there.
    mutating func requiredText(_ name: String) throws(TaggingError) -> String {
        guard let text = try text(name) else { throw failure(name, "nothing is here", expected: "a text") }
        return text
    }

    /// A boolean; false where there is none.
    mutating func flag(_ name: String) throws(TaggingError) -> Bool {
        guard let value = take(name) else { return false }
        guard case .bool(let flag) = value else {
            throw failure(name, "here is \(value.kind)", expected: "true or false")
        }
        return flag
    }

    /// A whole number, or nil.
    mutating func integer(_ name: String) throws(TaggingError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard case .integer(let integer) = value else {
            throw failure(name, "here is \(value.kind)", expected: "a whole number")
        }
        return integer
    }

    /// One of an enum's words; nil where there is none.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(TaggingError) -> Word? {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(name, "here is \"\(text.prefix(80))\"", expected: "one of \(words)")
        }
        return word
    }

    /// The items of an array with their paths; none where there is no member.
    mutating func list(_ name: String, countMax: Int) throws(TaggingError) -> [(value: JSONValue, path: String)] {
        guard let value = take(name) else { return [] }
        guard case .array(let items) = value else {
            throw failure(name, "here is \(value.kind)", expected: "an array")
        }
        guard items.count <= countMax else {
            throw TaggingError.tooMuch(what: "items in \(place(name))", count: items.count, allowed: countMax)
        }
        return items.enumerated().map { ($0.element, "\(place(name))[\($0.offset)]") }
    }

    /// A list of texts; empty where there is no member.
    mutating func texts(_ name: String, countMax: Int) throws(TaggingError) -> [String] {
        var texts: [String] = []
        for (value, path) in try list(name, countMax: countMax) {
            guard case .string(let text) = value else {
                throw TaggingError.malformed(place: path, problem: "here is \(value.kind)", expected: "a text")
            }
            texts.append(text)
        }
        return texts
    }

    /// Refuses members that nobody took.
    func end() throws(TaggingError) {
        guard let member = members.first else { return }
        throw failure(String(member.name.prefix(80)), "no such member is known", expected: "it to be left out")
    }
}
