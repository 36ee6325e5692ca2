extension Lowering {
    /// One tag as the runtime gets it; absent members are nil.
    struct LoweredTag {
        var type: String
        var parameters: [(key: String, value: Lowered)] = []
        var firing: [Int]?
        var blocking: [Int] = []
        var once = 0
        var priority: Int64 = 0
        var setup: [Int]?
        var cleanup: [Int]?
        /// 1 waiting.
        var lacking = 0
        var consent: [String] = []
        var window: [Int64]?
        /// For previews and custom templates.
        var id: String

        /// Nothing of it has to be worked out.
        var isLiteral: Bool { parameters.allSatisfy(\.value.isLiteral) }
    }

    mutating func lower(_ planned: PlannedTag) -> LoweredTag {
        let tag = planned.tag
        let words = FindingPlace.tag(tag.name)
        modules.formUnion(planned.type.modules(for: planned.parameters))
        var lowered = LoweredTag(type: planned.type.name, id: tag.id)
        lowered.parameters = lowerParameters(of: planned, words)
        lowered.once =
            switch tag.firing {
            case .unlimited: 0
            case .oncePerEvent: 1
            case .oncePerLoad: 2
            }
        lowered.priority = priority(of: tag, words)
        if lowered.priority != 0 { modules.insert("priority") }
        lowered.consent = planned.consent
        lowered.lacking = tag.consent.lacking == .waiting ? 1 : 0
        if tag.startsAt != nil || tag.endsAt != nil {
            lowered.window = [tag.startsAt ?? 0, tag.endsAt ?? Lowering.endOfTime]
        }
        if planned.fires {
            lowered.firing = triggers(tag.firingTriggers, .warning, "does not fire by it", words)
            lowered.blocking = triggers(tag.blockingTriggers, .confirmation, "is not kept from firing by it", words)
        }
        guard !planned.isExtra else { return lowered }
        if let setup = tag.setup { lowered.setup = sequenced(setup, "set-up", words) }
        if let cleanup = tag.cleanup { lowered.cleanup = sequenced(cleanup, "clean-up", words) }
        if lowered.setup != nil || lowered.cleanup != nil { modules.insert("sequence") }
        return lowered
    }

    /// The last millisecond of an ECMAScript date.
    private static let endOfTime: Int64 = 8_640_000_000_000_000

    private mutating func lowerParameters(
        of planned: PlannedTag, _ words: String
    ) -> [(key: String, value: Lowered)] {
        var parameters: [(key: String, value: Lowered)] = []
        if let template = plan.index.mapping.custom(ofType: planned.tag.type), let code = template.code(as: "TAG"),
            planned.type.name == TagTypeMapping.templateType
        {
            return lower(template, code, type: planned.tag.type, planned.parameters, words)
        }
        // Where it sends to is one value, however the tag says it.
        let destination = planned.destination(plan.index)
        if let destination { parameters.append(("tagId", lower(destination, at: "\(words): where it sends to"))) }
        for member in planned.type.made?(planned.parameters) ?? [] {
            parameters.append((member.key, lower(member.value, at: "\(words): parameter \(member.key)")))
        }
        for member in planned.parameters where planned.type.made == nil {
            guard let field = planned.type.fields.first(where: { $0.key == member.key }),
                !field.isUsual(member.value, among: planned.parameters),
                !planned.type.destinations.contains(member.key)
            else { continue }
            let place = "\(words): parameter \(member.key)"
            if field.kind == .code, let text = member.value.text {
                guard let value = lowerCode(text, of: planned, words, at: place) else { continue }
                parameters.append((member.key, value))
            } else if let object = planned.type.object(of: member) {
                let pairs = object.map { Lowered.Pair(key: .text($0.key), value: lower($0.value, at: place)) }
                parameters.append((member.key, .object(pairs)))
            } else {
                parameters.append((member.key, lower(member.value, at: place)))
            }
        }
        for field in planned.layer { parameters.append((field.key, .variable(place(of: field)))) }
        let given = Set(planned.parameters.filter { $0.value.text != "" }.map(\.key) + planned.layer.map(\.key))
        for field in planned.type.fields where field.isRequired && !given.contains(field.key) {
            findings.add(.warning, words, "\(field.title) (\(field.key)) is missing; the tag does nothing without")
        }
        return parameters
    }

    private mutating func priority(of tag: Tag, _ words: String) -> Int64 {
        guard let text = tag.priority?.text, !text.isEmpty else { return 0 }
        if case .integer(let number) = Lowering.number(text) { return number }
        findings.add(.warning, "\(words): priority", "\(FindingPlace.quoted(text)) is no whole number; it counts as 0")
        return 0
    }

    /// Places of triggers. One that is missing, or of a kind that pages do not have, never fires.
    private mutating func triggers(
        _ ids: [String], _ severity: Finding.Severity, _ consequence: String, _ words: String
    ) -> [Int] {
        var places: [Int] = []
        for id in ids {
            if let place = plan.triggerPlace(id: id) {
                if !places.contains(place) { places.append(place) }
            } else if let trigger = plan.index.trigger(id: id) {
                findings.add(
                    severity, words,
                    "\(FindingPlace.trigger(trigger.name)) is of a kind that web pages do not have; "
                        + "the tag \(consequence)"
                )
            } else {
                findings.add(severity, words, "there is no trigger \(id) in the container; the tag \(consequence)")
            }
        }
        return places
    }

    private mutating func sequenced(_ other: Tag.Sequenced, _ role: String, _ words: String) -> [Int]? {
        if let place = plan.tagPlace(named: other.tagName) { return [place, other.stopsOnFailure ? 1 : 0] }
        let name = FindingPlace.quoted(other.tagName)
        let known = plan.index.tagPlace(named: other.tagName) != nil
        findings.add(
            .warning, words,
            known ? "its \(role) tag \(name) does not run" : "there is no tag \(name), which should be its \(role) tag")
        return nil
    }
}
