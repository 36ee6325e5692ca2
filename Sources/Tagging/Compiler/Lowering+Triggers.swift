extension Lowering {
    /// One trigger as the runtime gets it.
    struct LoweredTrigger {
        var type: String
        var filters: [LoweredCondition]
        var parameters: [(key: String, value: Lowered)]
        /// Nil where no message names it.
        var id: String?
        var autoFilters: [LoweredCondition]

        /// Nothing of it has to be worked out.
        var isLiteral: Bool {
            filters.isEmpty && autoFilters.isEmpty && parameters.allSatisfy(\.value.isLiteral)
        }
    }

    struct LoweredCondition {
        var comparison: String
        var subject: Lowered
        var value: Lowered
        var flags: Int
    }

    mutating func lower(_ trigger: Trigger) -> LoweredTrigger {
        let words = FindingPlace.trigger(trigger.name)
        let type = KnownTypes.trigger(trigger.type)
        if let module = type?.module { modules.insert(module) }
        let options = (type?.options ?? []).filter { $0.isNeeded(by: trigger.parameters) }.map(\.module)
        modules.formUnion(options)
        var parameters: [(key: String, value: Lowered)] = []
        for member in trigger.parameters {
            guard let field = type?.sent(member.key), !field.isUsual(member.value, among: trigger.parameters),
                field.module.map(options.contains) ?? true
            else { continue }
            parameters.append((member.key, lower(member.value, at: "\(words): parameter \(member.key)")))
        }
        // What an empty timer's event is called, too.
        let isNamed = parameters.contains { $0.key == "eventName" && $0.value != .text("") }
        if let event = type?.event, !isNamed {
            parameters.removeAll { $0.key == "eventName" }
            parameters.insert(("eventName", .text(event)), at: 0)
        }
        let isNamedInMessages = type?.module != nil || context.isPreview
        return LoweredTrigger(
            type: trigger.type, filters: lower(trigger.customEventFilters + trigger.filters, at: words),
            parameters: parameters, id: isNamedInMessages ? trigger.id : nil,
            autoFilters: lower(trigger.autoEventFilters, at: words))
    }

    private mutating func lower(_ conditions: [Condition], at words: String) -> [LoweredCondition] {
        conditions.enumerated().compactMap { number, condition in
            guard !holdsAlways(condition) else { return nil }
            let place = "\(words): condition \(number + 1)"
            if condition.comparison == .matchRegex {
                checkPattern(condition.value, ignoringCase: condition.ignoresCase, at: place) { [$0] }
            }
            if let module = Lowering.module(for: condition.comparison) { modules.insert(module) }
            return LoweredCondition(
                comparison: Lowering.word(for: condition.comparison),
                subject: lower(condition.subject, at: place), value: lower(condition.value, at: place),
                flags: (condition.isNegated ? 1 : 0) | (condition.ignoresCase ? 2 : 0))
        }
    }

    /// The module that has a rare comparison; nil for those of `values`.
    private static func module(for comparison: Condition.Comparison) -> String? {
        switch comparison {
        case .equals, .contains, .startsWith, .endsWith, .matchRegex: nil
        case .greater, .greaterOrEquals, .less, .lessOrEquals, .urlMatches: "compare"
        case .cssSelector: "css"
        }
    }

    /// Whether it holds for every text: exports say so of links that listen everywhere. A preview shows it all the same.
    private func holdsAlways(_ condition: Condition) -> Bool {
        condition.comparison == .matchRegex && !condition.isNegated && [".*", "^.*"].contains(condition.value)
            && !context.isPreview
    }

    /// The runtime's words for comparisons.
    private static func word(for comparison: Condition.Comparison) -> String {
        switch comparison {
        case .equals: "eq"
        case .contains: "cn"
        case .startsWith: "sw"
        case .endsWith: "ew"
        case .matchRegex: "re"
        case .greater: "gt"
        case .greaterOrEquals: "ge"
        case .less: "lt"
        case .lessOrEquals: "le"
        case .cssSelector: "css"
        case .urlMatches: "url"
        }
    }
}
