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

    /// Against a model that says for each id what must come out.
    @Test(arguments: 1...300) func everyObjectIsWhatTheSidesMadeOfIt(_ seed: Int) {
        var generator = Generator(UInt64(seed))
        var base = ContainerDefinition()
        for id in 1...Int.random(in: 1...12, using: &generator) { base.tags.append(Self.tag("\(id)", "T\(id)")) }
        func changed(_ side: String) -> ContainerDefinition {
            var side = (name: side, definition: base)
            side.definition.tags.removeAll { _ in Int.random(in: 0..<5, using: &generator) == 0 }
            for place in side.definition.tags.indices where Int.random(in: 0..<3, using: &generator) == 0 {
                side.definition.tags[place].notes = Bool.random(using: &generator) ? side.name : "both"
            }
            return side.definition
        }
        let (draft, newest) = (changed("draft"), changed("newest"))
        let update = DefinitionUpdate(draft, from: base, to: newest)
        func notes(_ definition: ContainerDefinition, _ id: String) -> String? {
            definition.tags.first { $0.id == id }.map { $0.notes ?? "untouched" }
        }
        for tag in base.tags {
            let (mine, theirs) = (notes(draft, tag.id), notes(newest, tag.id))
            let wanted: String?
            switch (mine, theirs) {
            case ("untouched", _): wanted = theirs
            case (_, "untouched"): wanted = mine
            case (nil, nil): wanted = nil
            case (nil, let theirs): wanted = theirs
            case (let mine, _): wanted = mine
            }
            let isConflict = mine != theirs && mine != "untouched" && theirs != "untouched"
            #expect(
                notes(update.definition, tag.id) == wanted,
                "seed \(seed), tag \(tag.id): \(mine ?? "-"), \(theirs ?? "-")")
            #expect(update.findings.contains { $0.place == "tag \"\(tag.name)\"" } == isConflict)
        }
        #expect(Set(update.definition.tags.map(\.id)).count == update.definition.tags.count)
    }

    private struct Generator: RandomNumberGenerator {
        private var state: UInt64
        init(_ seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) ^ (state << 31)
        }
    }
}
