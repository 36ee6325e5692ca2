internal import RequestParsing

/// Reads the members of one JSON object: every name is known, every value fits, or the error names the field and what
/// it may be. Each route has its own list of names, so no field of a definition can be set that was not meant to be.
struct JSONFields {
    private let members: [JSONValue.Member]

    /// Reads a body; `names` are all it may have.
    init(_ body: [UInt8], names: [String]) throws {
        let list = names.joined(separator: ", ")
        let value: JSONValue
        do throws(JSONTextError) { value = try JSONReader.read(body) } catch {
            throw AdminError(.invalid, "body: \(error).", field: "body", expected: "an object with \(list)")
        }
        guard case .object(let members) = value else {
            throw AdminError(
                .invalid, "body: \(value.kind) is no object.", field: "body", expected: "an object with \(list)")
        }
        if let other = members.first(where: { !names.contains($0.name) }) {
            let name = String(other.name.prefix(80))
            throw AdminError(.invalid, "\(name): is not known.", field: name, expected: "one of \(list)")
        }
        self.members = members
    }

    private func value(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    private func wrong(_ name: String, _ value: JSONValue?, _ expected: String) -> AdminError {
        let problem = value.map { "\($0.kind) does not fit" } ?? "is missing"
        return AdminError(.invalid, "\(name): \(problem).", field: name, expected: expected)
    }

    func text(_ name: String, _ expected: String = "a text") throws(AdminError) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text)?: return text
        case let other: throw wrong(name, other, expected)
        }
    }

    /// A value that something else reads.
    func json(_ name: String) -> JSONValue? { value(name) }

    func flag(_ name: String) throws(AdminError) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .bool(let flag)?: return flag
        case let other: throw wrong(name, other, "true or false")
        }
    }

    func number(_ name: String, _ range: ClosedRange<Int>) throws(AdminError) -> Int? {
        switch value(name) {
        case nil: return nil
        case .integer(let number)? where number >= range.lowerBound && number <= range.upperBound: return Int(number)
        case let other: throw wrong(name, other, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func texts(_ name: String, countMax: Int = 200) throws(AdminError) -> [String]? {
        guard let given = value(name) else { return nil }
        let expected = "a list of at most \(countMax) texts"
        guard case .array(let items) = given, items.count <= countMax else { throw wrong(name, given, expected) }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw wrong(name, item, expected) }
            texts.append(text)
        }
        return texts
    }

    /// One of a closed list.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Value.Type
    ) throws(AdminError) -> Value? where Value.RawValue == String {
        guard let given = value(name) else { return nil }
        guard case .string(let text) = given, let value = Value(rawValue: text) else {
            throw wrong(name, given, "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    /// The error for a field that has to be there and is not.
    func missing(_ name: String, _ expected: String) -> AdminError { wrong(name, value(name), expected) }

    /// Sites by number, domain or key; nil where the field is null or missing.
    func siteReferences(_ name: String, countMax: Int = 200) throws(AdminError) -> [String]? {
        guard let given = value(name), given != .null else { return nil }
        let expected = "null for all sites, or a list of 1 to \(countMax) numbers or domains of sites"
        guard case .array(let items) = given, !items.isEmpty, items.count <= countMax else {
            throw wrong(name, given, expected)
        }
        var references: [String] = []
        for item in items {
            switch item {
            case .string(let text): references.append(text)
            case .integer(let number): references.append(String(number))
            default: throw wrong(name, item, expected)
            }
        }
        return references
    }
}
