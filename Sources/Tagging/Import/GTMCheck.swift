internal import RequestParsing

/// What the author of an import should know: references to what is not there, and what does not run here.
struct GTMCheck {
    /// More findings than that help nobody; one more says how many there are.
    private static let findingsMax = 1_000

    private let definition: ContainerDefinition
    private let version: GTMObject
    /// Milliseconds since 1970, for schedules that are over; nil where nobody asks.
    private let now: Int64?
    private var findings: [Finding] = []
    private var lost = 0
    private let mapping: TagTypeMapping
    private let names: Set<String>
    private let triggerIDs: Set<String>
    private let folderIDs: Set<String>
    private let switchedOn: Set<String>

    init(_ definition: ContainerDefinition, _ version: GTMObject, now: Int64?) {
        self.definition = definition
        self.version = version
        self.now = now
        mapping = TagTypeMapping(definition.templates)
        names = Set(definition.variables.map(\.name))
        triggerIDs = Set(definition.triggers.map(\.id))
        folderIDs = Set(definition.folders.map(\.id))
        switchedOn = Set(definition.builtIns)
    }

    mutating func run() -> [Finding] {
        for tag in definition.tags { check(tag) }
        for trigger in definition.triggers { check(trigger) }
        for variable in definition.variables { check(variable) }
        checkTagNames()
        checkRest()
        if lost > 0 { findings.append(Finding(.notice, "the container", "There are \(lost) more findings.")) }
        return findings
    }

    private mutating func add(_ severity: Finding.Severity, _ place: String, _ message: String) {
        // whatever keeps a container from being published is said in any case
        guard findings.count < GTMCheck.findingsMax || severity == .confirmation else {
            lost += 1
            return
        }
        findings.append(Finding(severity, place, message))
    }

    // MARK: Tags

    private mutating func check(_ tag: Tag) {
        let place = "tag \"\(tag.name)\""
        checkReferences(tag.parameters, place)
        if let priority = tag.priority { checkReferences([Parameter.Member("priority", priority)], place) }
        checkType(tag, place)
        checkParameters(of: tag, place)
        for (ids, word) in [(tag.firingTriggers, "fires"), (tag.blockingTriggers, "is blocked")] {
            for id in ids { checkTrigger(id, word, tag) }
        }
        if tag.isPaused { add(.notice, place, "It is paused and does not run.") }
        if let end = tag.endsAt, let now, end <= now { add(.warning, place, "Its schedule is over; it never runs.") }
        if tag.consent.status == .needed, tag.consent.types.isEmpty {
            add(.warning, place, "It asks for consent and names no consent type; it runs without.")
        }
        if tag.consent.status != .needed, !tag.consent.types.isEmpty {
            add(.notice, place, "It names consent types and does not ask for them.")
        }
        checkFolder(tag.folder, place)
    }

    private mutating func checkType(_ tag: Tag, _ place: String) {
        guard TagType.named(tag.type) == nil, mapping.runtimeType(of: tag) == nil else { return }
        let reason = mapping.reason(of: tag)
        if let manager = mapping.consentManager(of: tag), !tag.isPaused {
            return add(
                .confirmation, place,
                "\(manager)'s tag does not run: \(reason). Unless the page asks visitors for consent by itself, nobody does."
            )
        }
        add(.warning, place, "It is kept and does not run: \(reason).")
    }

    /// Parameters that change what a tag does at Google's, and nothing here.
    private mutating func checkParameters(of tag: Tag, _ place: String) {
        guard let type = TagTypeMapping.ownType(of: tag.type) else { return }
        let known = Set(type.fields.map(\.key))
        let others = tag.parameters.filter { member in
            !known.contains(member.key) && !GTMCheck.isOff(member.value)
        }.map { String($0.key.prefix(60)) }
        if !others.isEmpty {
            let verb = others.count == 1 ? "does" : "do"
            add(.notice, place, "\(others.joined(separator: ", ")) \(verb) nothing here; kept for exports.")
        }
        if tag.type == "html", let text = tag.parameters["html"]?.text, text.contains("("), !GTMCheck.hasElements(text)
        {
            add(.warning, place, "There is no element in its markup: pages show the code as text and do not run it.")
        }
    }

    private static func hasElements(_ markup: String) -> Bool {
        zip(markup.utf8, markup.utf8.dropFirst()).contains { first, second in
            first == UInt8(ascii: "<") && (97...122).contains(second | 0x20)
        }
    }

    /// Whether a value is the same as none.
    private static func isOff(_ value: Parameter) -> Bool {
        guard let text = value.text else { return value.items.isEmpty && value.members.isEmpty }
        return text.isEmpty || text == "false"
    }

    private mutating func checkTrigger(_ id: String, _ word: String, _ tag: Tag) {
        if let builtIn = BuiltInTrigger(rawValue: id) { return checkMeaning(builtIn, tag) }
        if triggerIDs.contains(id) { return }
        if id.hasPrefix("21474795") {
            let known = BuiltInTrigger.allCases.map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
            return add(
                .warning, "tag \"\(tag.name)\"",
                "It \(word) by trigger \(id), which looks like one of Google's own and is none. Known are \(known).")
        }
        add(.warning, "tag \"\(tag.name)\"", "It \(word) by trigger \(id.prefix(40)), which is not in the file.")
    }

    /// Generated files give Google's numbers meanings of their own; a name that says so is the only trace.
    private mutating func checkMeaning(_ builtIn: BuiltInTrigger, _ tag: Tag) {
        let text = "\(tag.name) \(tag.notes ?? "")".lowercased()
        let others = [
            "dom ready", "domready", "window loaded", "windowloaded", "history change", "all clicks", "all elements",
            "scroll",
        ]
        guard builtIn != .allPages || definition.triggers.isEmpty, let word = others.first(where: text.contains) else {
            return
        }
        add(
            .warning, "tag \"\(tag.name)\"",
            "It fires by trigger \(builtIn.rawValue), which is \(builtIn.name), while its name or notes say \"\(word)\"."
        )
    }

    private mutating func checkTagNames() {
        let tags = Set(definition.tags.map(\.name))
        for tag in definition.tags {
            for (sequenced, word) in [(tag.setup, "set-up"), (tag.cleanup, "clean-up")] {
                guard let sequenced, !tags.contains(sequenced.tagName) else { continue }
                add(
                    .warning, "tag \"\(tag.name)\"",
                    "Its \(word) tag \"\(sequenced.tagName.prefix(80))\" is not in the file; it runs without.")
            }
        }
    }

    // MARK: Triggers and variables

    private mutating func check(_ trigger: Trigger) {
        let place = "trigger \"\(trigger.name)\""
        checkReferences(trigger.parameters, place)
        for condition in trigger.filters + trigger.customEventFilters + trigger.autoEventFilters {
            checkReferences(condition.subject, "\(place): condition", place)
            checkReferences(condition.value, "\(place): condition", place)
        }
        if TriggerType.named(trigger.type)?.usage != .web {
            let type =
                trigger.type.isEmpty ? "It has no type" : "Pages have no trigger of the type \(trigger.type.prefix(60))"
            add(.warning, place, "\(type); it never fires.")
        }
        if let builtIn = BuiltInTrigger.allCases.first(where: { $0.name == trigger.name }), builtIn.type != trigger.type
        {
            add(.warning, place, "It is called like Google's own trigger \(builtIn.rawValue) and is of another type.")
        }
        for condition in trigger.autoEventFilters { checkListening(condition, place) }
        if trigger.type == "customEvent", trigger.customEventFilters.isEmpty {
            add(.warning, place, "It names no event, and fires at every event that its conditions allow.")
        }
        if trigger.type == "triggerGroup", trigger.parameters[GTMObjects.groupKey]?.items.isEmpty != false {
            add(.warning, place, "It is a group and names no triggers; it never fires.")
        }
        for member in trigger.parameters where member.key == GTMObjects.groupKey {
            for item in member.value.items {
                guard let id = item.text, BuiltInTrigger(rawValue: id) == nil, !triggerIDs.contains(id) else {
                    continue
                }
                add(.warning, place, "It waits for trigger \(id.prefix(40)), which is not in the file; it never fires.")
            }
        }
        checkFolder(trigger.folder, place)
    }

    /// What a click or a submit is of is not known while a trigger waits for one.
    private mutating func checkListening(_ condition: Condition, _ place: String) {
        let texts = [condition.subject, condition.value].flatMap { GTMReferences.names(in: $0) }
        for name in texts where !names.contains(name) {
            guard let word = BuiltInVariable.titled(name)?.name, word.hasPrefix("click") || word.hasPrefix("form")
            else {
                continue
            }
            add(
                .warning, place,
                "It is enabled where {{\(name)}} has a value, which nothing has before the first click or submit; it "
                    + "hardly ever fires. Let its filter ask for that alone.")
        }
    }

    private mutating func check(_ variable: Variable) {
        let place = "variable \"\(variable.name)\""
        checkReferences(variable.parameters, place)
        checkReferences(variable.format, place)
        if VariableType.named(variable.type) == nil, mapping.variableTemplate(ofType: variable.type) == nil {
            let template = definition.templates.first { $0.type == variable.type }
            let type = template.map { "the custom template \($0.name)" } ?? "the type \(variable.type.prefix(60))"
            let why = mapping.variableReason(ofType: variable.type).map { ": \($0)" } ?? ""
            add(.warning, place, "Nothing here resolves \(type); it is undefined\(why).")
        }
        checkFolder(variable.folder, place)
    }

    private mutating func checkFolder(_ id: String?, _ place: String) {
        guard let id, !folderIDs.contains(id) else { return }
        add(.notice, place, "Its folder \(id.prefix(40)) is not in the file.")
    }

    // MARK: References

    private mutating func checkReferences(_ parameters: [Parameter.Member], _ place: String) {
        for member in parameters {
            for (path, text) in member.value.texts(member.key) {
                checkReferences(text, "\(place): parameter \(path.prefix(120))", place)
            }
        }
    }

    private mutating func checkReferences(_ text: String, _ place: String, _ object: String) {
        for name in GTMReferences.names(in: text) where !names.contains(name) {
            guard let builtIn = BuiltInVariable.titled(name) else {
                add(.warning, place, "{{\(name.prefix(120))}} is not in the file; it is undefined.")
                continue
            }
            if name != "_event", !switchedOn.contains(builtIn.name) {
                add(.warning, place, "{{\(name)}} is not switched on in the file; it is used all the same.")
            }
        }
    }

    // MARK: The rest of the file

    private mutating func checkRest() {
        let others = [
            ("zone", "Zones load other containers; they are kept and do nothing here."),
            ("gtagConfig", "Settings of Google tags (gtagConfig) are kept and do nothing here."),
            ("client", "Clients belong to server containers; they are kept and do nothing here."),
            ("transformation", "Transformations belong to server containers; they are kept and do nothing here."),
            ("macro", "Macros of the first Tag Manager are kept and do nothing here; export the container anew."),
            ("rule", "Rules of the first Tag Manager are kept and do nothing here; export the container anew."),
        ]
        for (name, message) in others {
            guard let items = version[name]?.items, !items.isEmpty else { continue }
            add(.warning, name, "\(items.count) of them: \(message)")
        }
        let used = Set(definition.tags.map(\.type) + definition.variables.map(\.type))
        for template in definition.templates where !used.contains(template.type) {
            add(.notice, "template \"\(template.name)\"", "Nothing uses it.")
        }
        if definition.tags.contains(where: { $0.type == "ua" }) {
            let way = "with --google-events highland, or in the container's settings"
            add(.notice, "the container", "Tags of Universal Analytics can become Highland's events: \(way).")
        }
        if definition.hasCustomCode {
            add(.notice, "the container", "It has custom code, which the import allows to be published.")
        }
        if definition.tags.isEmpty { add(.notice, "the container", "There is no tag in it.") }
    }
}
