/// Follows the new name of a tag or variable through a definition: everything refers to these two by name.
extension ContainerDefinition {
    /// `{{old}}` becomes `{{new}}` wherever a reference may stand. O(bytes).
    package mutating func renameReferences(toVariable old: String, _ new: String) {
        guard old != new else { return }
        let (from, to) = ("{{\(old)}}", "{{\(new)}}")
        rewrite { $0.utf8.count < from.utf8.count ? $0 : $0.replacing(from, with: to) } tagName: { $0 }
    }

    /// Sequences and references to a tag follow its name. O(bytes).
    package mutating func renameReferences(toTag old: String, _ new: String) {
        guard old != new else { return }
        rewrite { $0 } tagName: { $0 == old ? new : $0 }
    }

    private mutating func rewrite(_ text: (String) -> String, tagName: (String) -> String) {
        func parameter(_ value: Parameter) -> Parameter {
            switch value {
            case .template(let old): .template(text(old))
            case .boolean(let old): .boolean(text(old))
            case .integer(let old): .integer(text(old))
            // As deep as parameters are: `ParameterJSON.depthMax`.
            case .list(let items): .list(items.map(parameter))
            case .map(let members): .map(members.map { Parameter.Member($0.key, parameter($0.value)) })
            case .triggerReference: value
            case .tagReference(let name): .tagReference(tagName(name))
            }
        }
        func members(_ list: [Parameter.Member]) -> [Parameter.Member] {
            list.map { Parameter.Member($0.key, parameter($0.value)) }
        }
        func conditions(_ list: [Condition]) -> [Condition] {
            list.map { condition in
                var condition = condition
                condition.subject = text(condition.subject)
                condition.value = text(condition.value)
                return condition
            }
        }
        for place in tags.indices {
            tags[place].parameters = members(tags[place].parameters)
            tags[place].priority = tags[place].priority.map(parameter)
            if let name = tags[place].setup?.tagName { tags[place].setup?.tagName = tagName(name) }
            if let name = tags[place].cleanup?.tagName { tags[place].cleanup?.tagName = tagName(name) }
        }
        for place in triggers.indices {
            triggers[place].parameters = members(triggers[place].parameters)
            triggers[place].filters = conditions(triggers[place].filters)
            triggers[place].customEventFilters = conditions(triggers[place].customEventFilters)
            triggers[place].autoEventFilters = conditions(triggers[place].autoEventFilters)
        }
        for place in variables.indices {
            variables[place].parameters = members(variables[place].parameters)
            variables[place].format = members(variables[place].format)
        }
    }
}
