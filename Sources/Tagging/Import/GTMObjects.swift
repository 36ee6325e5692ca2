internal import RequestParsing

/// Tags, triggers, variables and folders of an export, both ways; `GTMForeign` keeps what these do not read.
enum GTMObjects {
    typealias Member = JSONValue.Member

    /// Ids that every object of an export repeats.
    struct Owner: Equatable {
        var accountID: String?
        var containerID: String?

        var members: [Member] {
            [("accountId", accountID), ("containerId", containerID)].compactMap { name, id in
                id.map { Member(name, .string($0)) }
            }
        }
    }

    // MARK: Tags

    static let tagNames: Set<String> = [
        "tagId", "name", "type", "parameter", "firingTriggerId", "blockingTriggerId", "priority", "tagFiringOption",
        "setupTag", "teardownTag", "paused", "liveOnly", "scheduleStartMs", "scheduleEndMs", "consentSettings",
        "parentFolderId", "notes",
    ]

    static func tag(_ object: GTMObject, _ findings: inout [Finding]) throws(TaggingError) -> Tag {
        var tag = Tag(
            id: try object.text("tagId") ?? "", name: try object.text("name") ?? "",
            type: try object.text("type") ?? "")
        tag.parameters = try GTMParameters.members(object, "parameter", &findings)
        tag.firingTriggers = try object.texts("firingTriggerId")
        tag.blockingTriggers = try object.texts("blockingTriggerId")
        if let value = object["priority"] {
            tag.priority = try GTMParameters.read(value, path: "\(object.path).priority", &findings)
        }
        tag.firing = try word(object, "tagFiringOption", &findings) ?? .unlimited
        tag.setup = try sequenced(object, "setupTag", "stopOnSetupFailure", &findings)
        tag.cleanup = try sequenced(object, "teardownTag", "stopTeardownOnFailure", &findings)
        tag.isPaused = try object.flag("paused")
        tag.isLiveOnly = try object.flag("liveOnly")
        tag.startsAt = try milliseconds(object, "scheduleStartMs", &findings)
        tag.endsAt = try milliseconds(object, "scheduleEndMs", &findings)
        if let value = object["consentSettings"] {
            tag.consent = try consent(GTMObject(value, path: "\(object.path).consentSettings"), &findings)
        }
        tag.folder = try object.text("parentFolderId")
        tag.notes = try object.text("notes")
        return tag
    }

    static func members(_ tag: Tag, _ owner: Owner) -> [Member] {
        var members = owner.members
        members += [Member("tagId", .string(tag.id)), Member("name", .string(tag.name))]
        members.append(Member("type", .string(tag.type)))
        if !tag.parameters.isEmpty { members.append(Member("parameter", GTMParameters.write(tag.parameters))) }
        for (name, ids) in [("firingTriggerId", tag.firingTriggers), ("blockingTriggerId", tag.blockingTriggers)]
        where !ids.isEmpty {
            members.append(Member(name, .array(ids.map(JSONValue.string))))
        }
        if let priority = tag.priority { members.append(Member("priority", GTMParameters.write(priority))) }
        members.append(Member("tagFiringOption", .string(GTMWords.snake(tag.firing.rawValue))))
        add(tag.setup, "setupTag", "stopOnSetupFailure", to: &members)
        add(tag.cleanup, "teardownTag", "stopTeardownOnFailure", to: &members)
        if tag.isPaused { members.append(Member("paused", .bool(true))) }
        if tag.isLiveOnly { members.append(Member("liveOnly", .bool(true))) }
        for (name, time) in [("scheduleStartMs", tag.startsAt), ("scheduleEndMs", tag.endsAt)] {
            if let time { members.append(Member(name, .string(String(time)))) }
        }
        if tag.consent.status != .notSet || !tag.consent.types.isEmpty {
            var parts = [Member("consentStatus", .string(GTMWords.snake(tag.consent.status.rawValue)))]
            if !tag.consent.types.isEmpty {
                parts.append(
                    Member("consentType", GTMParameters.write(.list(tag.consent.types.map(Parameter.template)))))
            }
            members.append(Member("consentSettings", .object(parts)))
        }
        add("parentFolderId", tag.folder, to: &members)
        add("notes", tag.notes, to: &members)
        return members
    }

    private static func sequenced(
        _ object: GTMObject, _ name: String, _ flag: String, _ findings: inout [Finding]
    ) throws(TaggingError) -> Tag.Sequenced? {
        let items = try object.list(name)
        guard let first = items.first else { return nil }
        if items.count > 1 {
            findings.append(
                Finding(.warning, "\(object.path).\(name)", "There are \(items.count) tags; only the first one is run.")
            )
        }
        let item = try GTMObject(first.value, path: first.path)
        return Tag.Sequenced(tagName: try item.text("tagName") ?? "", stopsOnFailure: try item.flag(flag))
    }

    private static func add(_ sequenced: Tag.Sequenced?, _ name: String, _ flag: String, to members: inout [Member]) {
        guard let sequenced else { return }
        var parts = [Member("tagName", .string(sequenced.tagName))]
        if sequenced.stopsOnFailure { parts.append(Member(flag, .bool(true))) }
        members.append(Member(name, .array([.object(parts)])))
    }

    private static func milliseconds(
        _ object: GTMObject, _ name: String, _ findings: inout [Finding]
    ) throws(TaggingError) -> Int64? {
        guard let text = try object.text(name) else { return nil }
        if let time = Int64(text) { return time }
        findings.append(
            Finding(
                .warning, "\(object.path).\(name)", "\"\(text.prefix(40))\" is no time in milliseconds; it is ignored.")
        )
        return nil
    }

    private static func consent(
        _ object: GTMObject, _ findings: inout [Finding]
    ) throws(TaggingError) -> ConsentRule {
        var rule = ConsentRule()
        rule.status = try word(object, "consentStatus", &findings) ?? .notSet
        guard let value = object["consentType"] else { return rule }
        let path = "\(object.path).consentType"
        if case .array = value {
            rule.types = try object.texts("consentType")
        } else {
            rule.types = try GTMParameters.read(value, path: path, &findings).items.compactMap(\.text)
        }
        return rule
    }

    // MARK: Triggers

    /// Members of a trigger that are parameters, in the order in which the model keeps them.
    static let triggerParameters = [
        "waitForTags", "checkValidation", "waitForTagsTimeout", "uniqueTriggerId", "eventName", "interval", "limit",
        "intervalSeconds", "maxTimerLengthSeconds", "selector", "verticalScrollPercentageList",
        "horizontalScrollPercentageList", "visibilitySelector", "visiblePercentageMin", "visiblePercentageMax",
        "continuousTimeMinMilliseconds", "totalTimeMinMilliseconds", "enableAllVideos", "videoPercentageList",
    ]

    /// The parameter of a trigger group that lists its triggers.
    static let groupKey = "triggerIds"

    static let triggerNames = Set(triggerParameters).union([
        "triggerId", "name", "type", "filter", "customEventFilter", "autoEventFilter", "parameter", "parentFolderId",
        "notes",
    ])

    static func trigger(_ object: GTMObject, _ findings: inout [Finding]) throws(TaggingError) -> Trigger {
        var trigger = Trigger(
            id: try object.text("triggerId") ?? "", name: try object.text("name") ?? "",
            type: GTMWords.camel(try object.text("type") ?? ""))
        trigger.filters = try conditions(object, "filter", &findings)
        trigger.customEventFilters = try conditions(object, "customEventFilter", &findings)
        trigger.autoEventFilters = try conditions(object, "autoEventFilter", &findings)
        for name in triggerParameters {
            guard let value = object[name] else { continue }
            var parameter = try GTMParameters.read(value, path: "\(object.path).\(name)", &findings)
            if case .array(let items) = value {
                // a list as such, without a type: videoPercentageList of the first API
                parameter = .list(items.compactMap { $0.scalarText.map(Parameter.template) })
            }
            trigger.parameters.append(Parameter.Member(name, parameter))
        }
        let names = Set(trigger.parameters.map(\.key))
        trigger.parameters += try GTMParameters.members(object, "parameter", &findings).filter {
            !names.contains($0.key)
        }
        if let group = trigger.parameters[groupKey] {
            // ids as plain texts, of programs that write exports
            trigger.parameters[groupKey] = .list(group.items.map { .triggerReference($0.text ?? "") })
        }
        trigger.folder = try object.text("parentFolderId")
        trigger.notes = try object.text("notes")
        return trigger
    }

    static func members(_ trigger: Trigger, _ owner: Owner) -> [Member] {
        var members = owner.members
        members += [Member("triggerId", .string(trigger.id)), Member("name", .string(trigger.name))]
        members.append(Member("type", .string(GTMWords.snake(trigger.type))))
        let lists = [
            ("filter", trigger.filters), ("customEventFilter", trigger.customEventFilters),
            ("autoEventFilter", trigger.autoEventFilters),
        ]
        for (name, conditions) in lists where !conditions.isEmpty {
            members.append(Member(name, .array(conditions.map(value))))
        }
        let known = Set(triggerParameters)
        for name in triggerParameters {
            if let value = trigger.parameters[name] { members.append(Member(name, GTMParameters.write(value))) }
        }
        let others = trigger.parameters.filter { !known.contains($0.key) }
        if !others.isEmpty { members.append(Member("parameter", GTMParameters.write(others))) }
        add("parentFolderId", trigger.folder, to: &members)
        add("notes", trigger.notes, to: &members)
        return members
    }

    private static func conditions(
        _ object: GTMObject, _ name: String, _ findings: inout [Finding]
    ) throws(TaggingError) -> [Condition] {
        var conditions: [Condition] = []
        for (value, path) in try object.list(name) {
            let item = try GTMObject(value, path: path)
            let parameters = try GTMParameters.members(item, "parameter", &findings)
            let type = try item.text("type") ?? ""
            guard let comparison = Condition.Comparison(rawValue: GTMWords.camel(type)) else {
                findings.append(
                    Finding(
                        .warning, path,
                        "The comparison \"\(type.prefix(40))\" is not known; the condition never holds."))
                conditions.append(Condition(.equals, "", "never"))
                continue
            }
            conditions.append(
                Condition(
                    comparison, parameters["arg0"]?.text ?? "", parameters["arg1"]?.text ?? "",
                    isNegated: parameters["negate"]?.isTrue ?? false,
                    ignoresCase: parameters["ignore_case"]?.isTrue ?? false))
        }
        return conditions
    }

    private static func value(_ condition: Condition) -> JSONValue {
        var parameters = [
            Parameter.Member("arg0", .template(condition.subject)),
            Parameter.Member("arg1", .template(condition.value)),
        ]
        if condition.ignoresCase { parameters.append(Parameter.Member("ignore_case", .boolean("true"))) }
        if condition.isNegated { parameters.append(Parameter.Member("negate", .boolean("true"))) }
        return .object([
            Member("type", .string(GTMWords.snake(condition.comparison.rawValue))),
            Member("parameter", GTMParameters.write(parameters)),
        ])
    }

    // MARK: Variables and folders

    static let variableNames: Set<String> = [
        "variableId", "name", "type", "parameter", "formatValue", "parentFolderId", "notes",
    ]

    static func variable(_ object: GTMObject, _ findings: inout [Finding]) throws(TaggingError) -> Variable {
        var variable = Variable(
            id: try object.text("variableId") ?? "", name: try object.text("name") ?? "",
            type: try object.text("type") ?? "")
        variable.parameters = try GTMParameters.members(object, "parameter", &findings)
        if let value = object["formatValue"] {
            let format = try GTMObject(value, path: "\(object.path).formatValue")
            for member in format.members where member.value != .null {
                if let word = member.value.scalarText {
                    let text = member.name == "caseConversionType" ? GTMWords.camel(word) : word
                    variable.format.append(Parameter.Member(member.name, .template(text)))
                } else {
                    let parameter = try GTMParameters.read(
                        member.value, path: "\(format.path).\(member.name.prefix(80))", &findings)
                    variable.format.append(Parameter.Member(member.name, parameter))
                }
            }
        }
        variable.folder = try object.text("parentFolderId")
        variable.notes = try object.text("notes")
        return variable
    }

    static func members(_ variable: Variable, _ owner: Owner) -> [Member] {
        var members = owner.members
        members += [Member("variableId", .string(variable.id)), Member("name", .string(variable.name))]
        members.append(Member("type", .string(variable.type)))
        if !variable.parameters.isEmpty {
            members.append(Member("parameter", GTMParameters.write(variable.parameters)))
        }
        if !variable.format.isEmpty {
            let parts = variable.format.map { member in
                if member.key == "caseConversionType", let word = member.value.text {
                    return Member(member.key, .string(GTMWords.snake(word)))
                }
                return Member(member.key, GTMParameters.write(member.value))
            }
            members.append(Member("formatValue", .object(parts)))
        }
        add("parentFolderId", variable.folder, to: &members)
        add("notes", variable.notes, to: &members)
        return members
    }

    static let folderNames: Set<String> = ["folderId", "name"]

    static func folder(_ object: GTMObject) throws(TaggingError) -> Folder {
        Folder(id: try object.text("folderId") ?? "", name: try object.text("name") ?? "")
    }

    static func members(_ folder: Folder, _ owner: Owner) -> [Member] {
        owner.members + [Member("folderId", .string(folder.id)), Member("name", .string(folder.name))]
    }

    private static func add(_ name: String, _ text: String?, to members: inout [Member]) {
        if let text { members.append(Member(name, .string(text))) }
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ object: GTMObject, _ name: String, _ findings: inout [Finding]
    ) throws(TaggingError) -> Word? {
        guard let text = try object.text(name), !text.isEmpty else { return nil }
        if let word = Word(rawValue: GTMWords.camel(text)) { return word }
        // What Google's API calls a value that nobody has set.
        if text.lowercased().hasSuffix("unspecified") { return nil }
        findings.append(
            Finding(
                .warning, "\(object.path).\(name)",
                "\"\(text.prefix(40))\" is not known and ignored; expected one of "
                    + Word.allCases.map { GTMWords.snake($0.rawValue) }.joined(separator: ", ") + "."))
        return nil
    }
}
