package import RequestParsing

/// Parameters as our own JSON has them: plain where that says it all, else an object with one name that begins with `$`.
///
/// | parameter | JSON |
/// | --- | --- |
/// | template | `"text"` |
/// | boolean | `true`, `false`; else `{"$boolean": "{{x}}"}` |
/// | integer | `3`; what is no canonical whole number of 64 bits `{"$integer": "{{x}}"}` |
/// | list | `[…]` |
/// | map | `{"key": …}`; with a key that begins with `$`, `{"$map": {"$key": …}}` |
/// | trigger reference | `{"$trigger": "12"}` |
/// | tag reference | `{"$tag": "Name"}` |
package enum ParameterJSON {
    /// Levels of lists and maps that a parameter may have, here and in an import.
    static let depthMax = 20

    /// The JSON of a parameter. What lies beyond `depthMax` levels (no reader lets it in) becomes null.
    package static func value(_ parameter: Parameter, depth: Int = 0) -> JSONValue {
        guard depth <= depthMax else { return .null }
        switch parameter {
        case .template(let text): return .string(text)
        case .boolean("true"): return .bool(true)
        case .boolean("false"): return .bool(false)
        case .boolean(let text): return special("$boolean", .string(text))
        case .integer(let text):
            if let integer = Int64(text), String(integer) == text { return .integer(integer) }
            return special("$integer", .string(text))
        case .triggerReference(let text): return special("$trigger", .string(text))
        case .tagReference(let text): return special("$tag", .string(text))
        case .list(let items): return .array(items.map { value($0, depth: depth + 1) })
        case .map(let members):
            let object = value(members, depth: depth + 1)
            return members.contains { $0.key.hasPrefix("$") } ? special("$map", object) : object
        }
    }

    /// An object of members by their keys.
    static func value(_ members: [Parameter.Member], depth: Int = 0) -> JSONValue {
        .object(members.map { JSONValue.Member($0.key, value($0.value, depth: depth)) })
    }

    private static func special(_ name: String, _ value: JSONValue) -> JSONValue {
        .object([JSONValue.Member(name, value)])
    }

    /// The parameter that a JSON value is; the path names it in an error.
    static func parameter(_ value: JSONValue, path: String, depth: Int = 0) throws(TaggingError) -> Parameter {
        guard depth <= depthMax else {
            throw TaggingError.malformed(
                place: path, problem: "lists and maps are nested too deeply", expected: "at most \(depthMax) levels")
        }
        switch value {
        case .string(let text): return .template(text)
        case .bool(let flag): return .boolean(flag ? "true" : "false")
        case .integer(let integer): return .integer(String(integer))
        case .null, .number:
            throw TaggingError.malformed(
                place: path, problem: "here is \(value == .null ? "null" : "a fraction")",
                expected: "a text, a whole number, true, false, a list or a map")
        case .array(let items):
            var list: [Parameter] = []
            for (index, item) in items.enumerated() {
                list.append(try parameter(item, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return .list(list)
        case .object(let members):
            guard let first = members.first(where: { $0.name.hasPrefix("$") }) else {
                return .map(try self.members(members, path: path, depth: depth + 1))
            }
            return try special(first, members.count, path: path, depth: depth)
        }
    }

    private static func special(
        _ member: JSONValue.Member, _ count: Int, path: String, depth: Int
    ) throws(TaggingError) -> Parameter {
        if count == 1 {
            switch (member.name, member.value) {
            case ("$boolean", .string(let text)): return .boolean(text)
            case ("$integer", .string(let text)): return .integer(text)
            case ("$trigger", .string(let text)): return .triggerReference(text)
            case ("$tag", .string(let text)): return .tagReference(text)
            case ("$map", .object(let members)):
                return .map(try self.members(members, path: "\(path).$map", depth: depth + 1))
            default: break
            }
        }
        throw TaggingError.malformed(
            place: "\(path).\(member.name.prefix(80))", problem: "a name with $ has a meaning of its own",
            expected: "one member $boolean, $integer, $trigger or $tag with a text, or $map with an object")
    }

    /// The members of an object, or of an object's `parameters`.
    static func members(
        _ members: [JSONValue.Member], path: String, depth: Int = 0
    ) throws(TaggingError) -> [Parameter.Member] {
        var result: [Parameter.Member] = []
        for member in members {
            result.append(
                Parameter.Member(
                    member.name, try parameter(member.value, path: "\(path).\(member.name.prefix(80))", depth: depth)))
        }
        return result
    }
}
