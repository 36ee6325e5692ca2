internal import RequestParsing

/// The custom templates of a script, in the order in which tags and variables need them: member `P` of its data.
struct LoweredTemplates {
    private var items: [(function: Int, permissions: TemplatePermissions)] = []
    private var places: [String: Int] = [:]

    /// The place of a type's template, where it has one already.
    func place(ofType type: String) -> Int? { places[type] }

    var isEmpty: Bool { items.isEmpty }

    /// Adds the template of a type; `function` is the place of its code in the custom script.
    mutating func add(_ type: String, function: Int, _ permissions: TemplatePermissions) -> Int {
        places[type] = items.count
        items.append((function, permissions))
        return items.count - 1
    }

    /// `,P:[[function,{permissions}],…]`, and `,K:[hosts]` where some are switched off; nothing without templates.
    func write(to writer: inout LiteralWriter, killedHosts: Set<String>) {
        guard !items.isEmpty else { return }
        writer.raw(",P:")
        writer.array(items) { writer, item in
            writer.raw("[\(item.function),")
            writer.json(.object(item.permissions.values), depth: LoweredTemplates.depthMax)
            writer.raw("]")
        }
        guard !killedHosts.isEmpty else { return }
        writer.raw(",K:")
        writer.array(killedHosts.sorted()) { $0.text($1) }
    }

    /// Permissions are lists of lists at most.
    private static let depthMax = 8
}

extension LiteralWriter {
    /// A JSON value as a literal. Recursion ends at `depth` 0.
    fileprivate mutating func json(_ value: JSONValue, depth: Int) {
        switch value {
        case .string(let text): self.text(text)
        case .integer(let number): raw(String(number))
        case .number(let text): raw(text)
        case .bool(let flag): raw(flag ? "true" : "false")
        case .array(let items) where depth > 0: array(items) { $0.json($1, depth: depth - 1) }
        case .object(let members) where depth > 0:
            raw("{")
            for (place, member) in members.enumerated() {
                if place > 0 { raw(",") }
                key(member.name)
                json(member.value, depth: depth - 1)
            }
            raw("}")
        case .null, .array, .object: raw("null")
        }
    }
}
