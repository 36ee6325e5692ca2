/// New ids and names of what things in a definition refer to, and those things with the new ones in them. What is not
/// listed stays as it is.
struct DefinitionReferences: Sendable {
    var triggerIDs: [String: String] = [:]
    var folderIDs: [String: String] = [:]
    /// References to variables stand in texts, as `{{name}}`.
    var variableNames: [String: String] = [:]
    var tagNames: [String: String] = [:]

    func rewritten(_ tag: Tag) -> Tag {
        var tag = tag
        tag.parameters = rewritten(tag.parameters)
        tag.priority = tag.priority.map { rewritten($0) }
        tag.firingTriggers = tag.firingTriggers.map { triggerIDs[$0] ?? $0 }
        tag.blockingTriggers = tag.blockingTriggers.map { triggerIDs[$0] ?? $0 }
        if let called = tag.setup?.tagName { tag.setup?.tagName = tagNames[called] ?? called }
        if let called = tag.cleanup?.tagName { tag.cleanup?.tagName = tagNames[called] ?? called }
        tag.folder = tag.folder.map { folderIDs[$0] ?? $0 }
        return tag
    }

    func rewritten(_ trigger: Trigger) -> Trigger {
        var trigger = trigger
        trigger.filters = trigger.filters.map(rewritten)
        trigger.customEventFilters = trigger.customEventFilters.map(rewritten)
        trigger.autoEventFilters = trigger.autoEventFilters.map(rewritten)
        trigger.parameters = rewritten(trigger.parameters)
        trigger.folder = trigger.folder.map { folderIDs[$0] ?? $0 }
        return trigger
    }

    func rewritten(_ variable: Variable) -> Variable {
        var variable = variable
        variable.parameters = rewritten(variable.parameters)
        variable.format = rewritten(variable.format)
        variable.folder = variable.folder.map { folderIDs[$0] ?? $0 }
        return variable
    }

    private func rewritten(_ condition: Condition) -> Condition {
        var condition = condition
        condition.subject = rewritten(condition.subject)
        condition.value = rewritten(condition.value)
        return condition
    }

    private func rewritten(_ members: [Parameter.Member]) -> [Parameter.Member] {
        members.map { Parameter.Member($0.key, rewritten($0.value)) }
    }

    /// As deep as parameters are: `ParameterJSON.depthMax`.
    private func rewritten(_ parameter: Parameter) -> Parameter {
        switch parameter {
        case .template(let text): .template(rewritten(text))
        case .boolean(let text): .boolean(rewritten(text))
        case .integer(let text): .integer(rewritten(text))
        case .list(let items): .list(items.map { rewritten($0) })
        case .map(let members): .map(rewritten(members))
        case .triggerReference(let id): .triggerReference(triggerIDs[id] ?? id)
        case .tagReference(let name): .tagReference(tagNames[name] ?? name)
        }
    }

    private func rewritten(_ text: String) -> String {
        guard !variableNames.isEmpty else { return text }
        var result = ""
        var rest = text[...]
        while let range = GTMReferences.first(in: rest) {
            let name = String(rest[range].dropFirst(2).dropLast(2))
            result += rest[..<range.lowerBound]
            result += variableNames[name].map { "{{\($0)}}" } ?? String(rest[range])
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

/// Follows the new name of a tag or variable through a definition: everything refers to these two by name.
extension ContainerDefinition {
    /// `{{old}}` becomes `{{new}}` wherever a reference may stand. O(bytes).
    package mutating func renameReferences(toVariable old: String, _ new: String) {
        rewrite(DefinitionReferences(variableNames: [old: new]))
    }

    /// Sequences and references to a tag follow its name. O(bytes).
    package mutating func renameReferences(toTag old: String, _ new: String) {
        rewrite(DefinitionReferences(tagNames: [old: new]))
    }

    mutating func rewrite(_ references: DefinitionReferences) {
        tags = tags.map(references.rewritten)
        triggers = triggers.map(references.rewritten)
        variables = variables.map(references.rewritten)
    }
}

/// Numbers that nothing has, going up.
struct FreshIDs {
    private var highest: Int64

    init(_ ids: [String], after: Int64 = 0) {
        highest = ids.compactMap { Int64($0) }.filter { $0 < 2_147_000_000 }.reduce(after, max)
    }

    mutating func next() -> String {
        highest &+= 1
        return String(highest)
    }
}
