internal import RequestParsing

/// Parameters as exports have them: `{"type": "TEMPLATE", "key": "html", "value": "…"}`, lists with `list`, maps with
/// `map`. Only members of a map, and of an object's `parameter` list, have a key.
enum GTMParameters {
    static let types = ["template", "boolean", "integer", "list", "map", "triggerReference", "tagReference"]

    /// True for an object whose `type` is one of a parameter.
    static func isParameter(_ value: JSONValue) -> Bool {
        guard case .string(let type)? = value["type"] else { return false }
        return types.contains(GTMWords.camel(type))
    }

    /// Reads one; a value without a type is taken for what it looks like.
    static func read(
        _ value: JSONValue, path: String, depth: Int = 0, _ findings: inout [Finding]
    ) throws(TaggingError) -> Parameter {
        guard depth <= ParameterJSON.depthMax else {
            throw TaggingError.malformed(
                place: path, problem: "lists and maps are nested too deeply",
                expected: "at most \(ParameterJSON.depthMax) levels")
        }
        if let text = value.scalarText {
            if case .bool = value { return .boolean(text) }
            return .template(text)
        }
        let object = try GTMObject(value, path: path)
        let type = GTMWords.camel(try object.text("type") ?? "")
        if type == "list" || (type.isEmpty && object["list"] != nil) {
            var items: [Parameter] = []
            for (value, path) in try object.list("list") {
                items.append(try read(value, path: path, depth: depth + 1, &findings))
            }
            return .list(items)
        }
        if type == "map" || (type.isEmpty && object["map"] != nil) {
            return .map(try members(object, "map", depth: depth + 1, &findings))
        }
        let text = try object.text("value") ?? ""
        switch type {
        case "boolean": return .boolean(text)
        case "integer": return .integer(text)
        case "triggerReference": return .triggerReference(text)
        case "tagReference": return .tagReference(text)
        case "template", "": return .template(text)
        default:
            findings.append(
                Finding(.warning, path, "The parameter's type \(type.prefix(40)) is not known; it is taken as text."))
            return .template(text)
        }
    }

    /// Reads a list of parameters with keys. Of two with the same key the last one counts.
    static func members(
        _ object: GTMObject, _ name: String, depth: Int = 0, _ findings: inout [Finding]
    ) throws(TaggingError) -> [Parameter.Member] {
        var members: [Parameter.Member] = []
        var places: [String: Int] = [:]
        for (value, path) in try object.list(name) {
            let item = try GTMObject(value, path: path)
            guard let key = try item.text("key") else {
                throw TaggingError.malformed(
                    place: path, problem: "the parameter has no key", expected: "a member \"key\"")
            }
            let parameter = try read(value, path: path, depth: depth, &findings)
            if let place = places[key] {
                findings.append(
                    Finding(.warning, path, "The key \(key.prefix(80)) is given twice; the last one counts."))
                members[place].value = parameter
            } else {
                places[key] = members.count
                members.append(Parameter.Member(key, parameter))
            }
        }
        return members
    }

    /// What an export says of a parameter. Beyond the depth that readers let in, nothing.
    static func write(_ parameter: Parameter, key: String? = nil, depth: Int = 0) -> JSONValue {
        func object(_ type: String, _ name: String, _ value: JSONValue?) -> JSONValue {
            var members = [JSONValue.Member("type", .string(type))]
            if let key { members.append(JSONValue.Member("key", .string(key))) }
            if let value { members.append(JSONValue.Member(name, value)) }
            return .object(members)
        }
        switch parameter {
        case .template(let text): return object("TEMPLATE", "value", .string(text))
        case .boolean(let text): return object("BOOLEAN", "value", .string(text))
        case .integer(let text): return object("INTEGER", "value", .string(text))
        case .triggerReference(let text): return object("TRIGGER_REFERENCE", "value", .string(text))
        case .tagReference(let text): return object("TAG_REFERENCE", "value", .string(text))
        case .list(let items):
            guard !items.isEmpty, depth < ParameterJSON.depthMax else { return object("LIST", "list", nil) }
            return object("LIST", "list", .array(items.map { write($0, depth: depth + 1) }))
        case .map(let members):
            guard !members.isEmpty, depth < ParameterJSON.depthMax else { return object("MAP", "map", nil) }
            return object("MAP", "map", write(members, depth: depth + 1))
        }
    }

    /// A list of parameters with keys.
    static func write(_ members: [Parameter.Member], depth: Int = 0) -> JSONValue {
        .array(members.map { write($0.value, key: $0.key, depth: depth) })
    }
}
