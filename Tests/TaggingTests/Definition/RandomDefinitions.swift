import Events
import Tagging

/// Definitions that follow from a seed: every member of the model takes part, and texts are unpleasant.
struct RandomDefinitions {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

    mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    static let texts = [
        "", "a", "{{Page Path}}", "{{a}} and {{b}}", "{{{x}}", "quote \" back \\ line\nfeed\ttab\r", "</script>",
        "__proto__",
        "é", "e\u{301}", "$integer", "$map", "\u{2028}\u{0}\u{7f}", "🦊", "true", "false", "3", "-7", "007", "+1", "1e3",
        "9223372036854775807", "9223372036854775808", "{\"a\":1}", "{ \"a\": 1 }", "{\"a\":{\"b\":[1,2,{}]}}", "null",
        "[]",
        "<b>&amp;</b>", "{\"notes\":\"x\",\"paused\":true}", "{\"parameter\":[],\"fingerprint\":\"1\"}",
    ]

    mutating func text() -> String { pick(RandomDefinitions.texts) }

    mutating func parameter(_ depth: Int = 0) -> Parameter {
        switch below(depth > 3 ? 5 : 8) {
        case 0: .template(text())
        case 1: .boolean(text())
        case 2: .integer(text())
        case 3: .triggerReference(text())
        case 4: .tagReference(text())
        case 5, 6: .list((0..<below(4)).map { _ in parameter(depth + 1) })
        default: .map(members(depth + 1))
        }
    }

    mutating func members(_ depth: Int = 0) -> [Parameter.Member] {
        var keys: Set<String> = []
        var members: [Parameter.Member] = []
        for _ in 0..<below(4) {
            let key = text()
            if keys.insert(key).inserted { members.append(Parameter.Member(key, parameter(depth))) }
        }
        return members
    }

    private mutating func conditions() -> [Condition] {
        (0..<below(3)).map { _ in
            Condition(
                pick(Condition.Comparison.allCases), text(), text(), isNegated: chance(2), ignoresCase: chance(2))
        }
    }

    private mutating func optional(_ oneIn: Int = 2) -> String? { chance(oneIn) ? text() : nil }

    private mutating func foreign() -> String? { chance(2) ? text() : nil }

    /// Where `isTidy`, ids are numbers and names are not given twice, as in every workspace.
    mutating func tag(_ number: Int, isTidy: Bool) -> Tag {
        let types = ["html", "ua", "googtag", "cvt_1_2", "metaPixel", "image", "googleTag", "highland", "script"]
        var tag = Tag(
            id: isTidy ? String(number + 1) : text(), name: isTidy ? "tag \(number) \(text())" : text(),
            type: chance(8) ? text() : pick(types))
        tag.parameters = members()
        tag.firingTriggers = (0..<below(3)).map { _ in text() }
        tag.blockingTriggers = (0..<below(2)).map { _ in text() }
        if chance(2) { tag.priority = parameter(3) }
        tag.firing = pick(Tag.FiringOption.allCases)
        if chance(3) { tag.setup = Tag.Sequenced(tagName: text(), stopsOnFailure: chance(2)) }
        if chance(3) { tag.cleanup = Tag.Sequenced(tagName: text(), stopsOnFailure: chance(2)) }
        tag.isPaused = chance(3)
        tag.isLiveOnly = chance(3)
        if chance(3) { tag.startsAt = Int64(bitPattern: generator.next()) }
        if chance(3) { tag.endsAt = Int64(below(1_000_000)) }
        tag.consent = ConsentRule(
            status: pick(ConsentRule.Status.allCases), types: (0..<below(3)).map { _ in text() },
            lacking: pick(ConsentRule.Lacking.allCases))
        tag.folder = optional()
        tag.notes = optional()
        tag.foreign = foreign()
        return tag
    }

    mutating func definition(isTidy: Bool = false) -> ContainerDefinition {
        var definition = ContainerDefinition()
        for number in 0..<below(6) { definition.tags.append(tag(number, isTidy: isTidy)) }
        for number in 0..<below(5) {
            var trigger = Trigger(
                id: isTidy ? String(number + 1) : text(), name: isTidy ? "trigger \(number) \(text())" : text(),
                type: pick(["pageview", "click", "youTubeVideo", "jsError", text()]))
            trigger.filters = conditions()
            trigger.customEventFilters = conditions()
            trigger.autoEventFilters = conditions()
            trigger.parameters = members()
            if chance(2), !trigger.parameters.contains(where: { $0.key == "limit" }) {
                trigger.parameters.append(Parameter.Member("limit", parameter(3)))
            }
            trigger.folder = optional()
            trigger.notes = optional()
            trigger.foreign = foreign()
            definition.triggers.append(trigger)
        }
        for number in 0..<below(5) {
            var variable = Variable(
                id: isTidy ? String(number + 1) : text(), name: isTidy ? "variable \(number) \(text())" : text(),
                type: pick(["jsm", "v", "smm", text()]))
            variable.parameters = members()
            variable.format = members(3)
            variable.folder = optional()
            variable.notes = optional()
            variable.foreign = foreign()
            definition.variables.append(variable)
        }
        definition.builtIns = (0..<below(4)).map { _ in pick(["pageUrl", "clickId", "videoTitle", text()]) }
        for number in 0..<below(3) {
            var folder = Folder(id: isTidy ? String(number + 1) : text(), name: isTidy ? "folder \(number)" : text())
            folder.foreign = foreign()
            definition.folders.append(folder)
        }
        if chance(3) {
            definition.templates.append(
                ImportedTemplate(
                    id: text(), name: text(), gallery: optional(), type: pick(["cvt_1_2", text()]), foreign: text()))
        }
        definition.settings.allowsCustomCode = chance(2)
        definition.settings.importedID = optional()
        definition.settings.googleConsent = pick(ContainerSettings.GoogleConsent.allCases)
        definition.settings.googleEvents = pick(ContainerSettings.GoogleEvents.allCases)
        definition.settings.waitForConsentMilliseconds = Int(truncatingIfNeeded: generator.next())
        definition.foreign = foreign()
        return definition
    }
}
