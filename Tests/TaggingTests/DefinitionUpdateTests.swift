import Tagging
import Testing

/// A newer version taken into a draft: nothing that either side did is lost.
@Suite struct DefinitionUpdateTests {
    private static func tag(_ id: String, _ name: String, firing: [String] = []) -> Tagging.Tag {
        var tag = Tag(id: id, name: name, type: "image")
        tag.firingTriggers = firing
        return tag
    }

    private static func base() -> ContainerDefinition {
        var base = ContainerDefinition()
        base.triggers = [Trigger(id: "1", name: "One", type: "click"), Trigger(id: "2", name: "Two", type: "click")]
        base.tags = [tag("1", "A", firing: ["1"]), tag("2", "B", firing: ["2"]), tag("3", "C")]
        base.builtIns = ["pageUrl", "clickId"]
        return base
    }

    @Test func aDraftThatChangedNothingBecomesTheNewestVersion() {
        var newest = Self.base()
        newest.tags.remove(at: 1)
        newest.tags.append(Self.tag("4", "D"))
        newest.settings.waitForConsentMilliseconds = 500
        newest.builtIns = ["clickId", "event"]
        let update = DefinitionUpdate(Self.base(), from: Self.base(), to: newest)
        #expect(update.definition == newest)
        #expect(update.findings.isEmpty)
    }

    @Test func aDraftOnAVersionThatChangedNothingStaysAsItIs() {
        var draft = Self.base()
        draft.tags.swapAt(0, 2)
        draft.tags[1].name = "B two"
        draft.variables = [Variable(id: "9", name: "V", type: "constant")]
        draft.builtIns = []
        let update = DefinitionUpdate(draft, from: Self.base(), to: Self.base())
        #expect(update.definition == draft)
        #expect(update.findings.isEmpty)
    }

    @Test func changesOfBothSidesAreInIt() {
        var draft = Self.base()
        draft.tags[0].isPaused = true
        draft.tags.remove(at: 2)
        draft.builtIns.append("event")
        var newest = Self.base()
        newest.tags[1].notes = "changed"
        newest.triggers[0].name = "First"
        newest.builtIns.removeFirst()
        let update = DefinitionUpdate(draft, from: Self.base(), to: newest)
        #expect(update.definition.tags.map(\.name) == ["A", "B"])
        #expect(update.definition.tags.first?.isPaused == true)
        #expect(update.definition.tags.last?.notes == "changed")
        #expect(update.definition.triggers.first?.name == "First")
        #expect(update.definition.builtIns == ["clickId", "event"])
        #expect(update.findings.isEmpty)
    }

    @Test func whatBothChangedStaysTheDraftsAndIsNamed() {
        var draft = Self.base()
        draft.tags[0].notes = "mine"
        draft.tags[1].notes = "mine"
        draft.tags.remove(at: 2)
        draft.settings.googleConsent = .advanced
        draft.settings.waitForConsentMilliseconds = 100
        var newest = Self.base()
        newest.tags[0].notes = "theirs"
        newest.tags.remove(at: 1)
        newest.tags[1].notes = "theirs"
        newest.settings.googleConsent = .advanced
        newest.settings.waitForConsentMilliseconds = 200
        let update = DefinitionUpdate(draft, from: Self.base(), to: newest)
        #expect(update.definition.tags.map(\.notes) == ["mine", "mine", "theirs"])
        #expect(update.definition.settings.waitForConsentMilliseconds == 100)
        #expect(
            update.findings.map(\.place) == [
                "tag \"A\"", "tag \"B\"", "tag \"C\"", "settings: waitForConsentMilliseconds",
            ])
        let isWarned = update.findings.allSatisfy { $0.severity == .warning }
        #expect(isWarned)
    }

    @Test func newThingsOfBothSidesUnderOneIdAreBothKept() {
        var draft = Self.base()
        draft.folders = [Folder(id: "5", name: "Mine")]
        draft.triggers.append(Trigger(id: "3", name: "Mine", type: "click"))
        draft.triggers[2].folder = "5"
        draft.tags[0].firingTriggers.append("3")
        draft.tags.append(Self.tag("4", "Mine", firing: ["3", "1"]))
        var group = Trigger(id: "4", name: "Group", type: "triggerGroup")
        group.parameters = [.init("triggerIds", .list([.triggerReference("3"), .triggerReference("1")]))]
        draft.triggers.append(group)
        var newest = Self.base()
        newest.folders = [Folder(id: "5", name: "Theirs")]
        newest.triggers.append(Trigger(id: "3", name: "Theirs", type: "formSubmission"))
        newest.tags.append(Self.tag("4", "Theirs", firing: ["3"]))
        let update = DefinitionUpdate(draft, from: Self.base(), to: newest)
        let result = update.definition
        func named(_ name: String) -> String? { result.triggers.first { $0.name == name }?.id }
        func tag(_ name: String) -> Tagging.Tag? { result.tags.first { $0.name == name } }
        #expect(update.findings.isEmpty)
        #expect(named("Theirs") == "3" && named("Mine") == "5")
        #expect(tag("Theirs")?.id == "4" && tag("Theirs")?.firingTriggers == ["3"])
        #expect(tag("Mine")?.id == "5" && tag("Mine")?.firingTriggers == ["5", "1"])
        #expect(tag("A")?.firingTriggers == ["1", "5"])
        let members = result.triggers.first { $0.name == "Group" }?.parameters.first?.value.items
        #expect(members == [.triggerReference("5"), .triggerReference("1")])
        #expect(result.folders.map(\.name).sorted() == ["Mine", "Theirs"])
        let folder = result.triggers.first { $0.name == "Mine" }?.folder
        #expect(result.folders.first { $0.name == "Mine" }?.id == folder)
    }

    @Test func thingsThatLookAlikeButMeanOthersAreBothKept() {
        func side(_ name: String) -> ContainerDefinition {
            var side = Self.base()
            side.triggers.append(Trigger(id: "3", name: name, type: "click"))
            var group = Trigger(id: "4", name: "Group", type: "triggerGroup")
            group.parameters = [.init("triggerIds", .list([.triggerReference("3"), .triggerReference("1")]))]
            side.triggers.append(group)
            side.tags.append(Self.tag("4", "New", firing: ["3", "4"]))
            return side
        }
        let result = DefinitionUpdate(side("Mine"), from: Self.base(), to: side("Theirs"))
        #expect(result.findings.isEmpty)
        let names = Dictionary(uniqueKeysWithValues: result.definition.triggers.map { ($0.id, $0.name) })
        let groups = result.definition.triggers.filter { $0.name == "Group" }.map { group in
            group.parameters.first?.value.items.map { item -> String in
                if case .triggerReference(let id) = item { names[id] ?? "" } else { "" }
            }
        }
        #expect(groups == [["Theirs", "One"], ["Mine", "One"]] || groups == [["Mine", "One"], ["Theirs", "One"]])
        let tags = result.definition.tags.filter { $0.name == "New" }
        let firsts = Set(tags.compactMap { $0.firingTriggers.first.flatMap { names[$0] } })
        #expect(tags.count == 2 && firsts == ["Mine", "Theirs"])
        #expect(Set(tags.compactMap(\.firingTriggers.last)).count == 2, "each has its own group")
    }

    /// Every way in which two sides may treat one thing, against a model that says what must come out.
    @Test func everyObjectIsWhatTheSidesMadeOfIt() {
        let ways = ["untouched", "removed", "own", "both"]
        var (base, draft, newest) = (ContainerDefinition(), ContainerDefinition(), ContainerDefinition())
        var wanted: [String: (notes: String?, isConflict: Bool)] = [:]
        for mine in ways {
            for theirs in ways {
                let tag = Self.tag("\(base.tags.count + 1)", "\(mine), \(theirs)")
                base.tags.append(tag)
                func add(_ way: String, _ side: String, to definition: inout ContainerDefinition) {
                    guard way != "removed" else { return }
                    var tag = tag
                    if way != "untouched" { tag.notes = way == "own" ? side : way }
                    definition.tags.append(tag)
                }
                add(mine, "draft", to: &draft)
                add(theirs, "newest", to: &newest)
                func notes(_ way: String, _ side: String) -> String? {
                    way == "removed" ? nil : way == "own" ? side : way
                }
                let (own, other) = (notes(mine, "draft"), notes(theirs, "newest"))
                let chosen = mine == "untouched" ? other : theirs == "untouched" ? own : own ?? other
                let isConflict = own != other && mine != "untouched" && theirs != "untouched"
                wanted[tag.name] = (chosen, isConflict)
            }
        }
        let update = DefinitionUpdate(draft, from: base, to: newest)
        let got = Dictionary(uniqueKeysWithValues: update.definition.tags.map { ($0.name, $0.notes ?? "untouched") })
        #expect(wanted.count == 16)
        for (name, wanted) in wanted {
            #expect(got[name] == wanted.notes, "\(name)")
            #expect(update.findings.contains { $0.place == "tag \"\(name)\"" } == wanted.isConflict, "\(name)")
        }
    }
}
