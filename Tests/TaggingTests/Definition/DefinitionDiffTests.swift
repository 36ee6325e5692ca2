import Tagging
import Testing

@Suite struct DefinitionDiffTests {
    private func base() -> ContainerDefinition {
        var definition = ContainerDefinition()
        var tag = Tag(id: "1", name: "Banner", type: "html")
        tag.parameters = [Parameter.Member("html", .template("<b>")), Parameter.Member("n", .integer("1"))]
        tag.firingTriggers = ["5"]
        definition.tags = [tag, Tag(id: "2", name: "Other", type: "html")]
        definition.triggers = [Trigger(id: "5", name: "All", type: "pageview")]
        definition.builtIns = ["pageUrl"]
        return definition
    }

    @Test func equalDefinitionsDoNotDifferAndOthersDo() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomDefinitions(seed: seed)
            let one = random.definition(isTidy: true)
            let other = random.definition(isTidy: true)
            #expect(DefinitionDiff.between(one, one).isEmpty, "seed \(seed)")
            #expect(DefinitionDiff.between(one, other).isEmpty == (one == other), "seed \(seed)")
        }
    }

    @Test func twoThingsUnderOneIDDifferFromNothingButThemselves() {
        var definition = ContainerDefinition()
        definition.templates = ["cvt_a", "cvt_b"].map {
            ImportedTemplate(id: "1", name: $0, gallery: nil, type: $0, foreign: "{}")
        }
        #expect(DefinitionDiff.between(definition, definition).isEmpty)
    }

    @Test func aChangedParameterIsNamedWithOldAndNew() {
        var changed = base()
        changed.tags[0].parameters["html"] = .template("<i>")
        changed.tags[0].isPaused = true
        let changes = DefinitionDiff.between(base(), changed)
        #expect(changes.count == 1)
        #expect(changes.first?.kind == .tag)
        #expect(changes.first?.action == .changed)
        #expect(changes.first?.name == "Banner")
        #expect(
            changes.first?.details == [
                DefinitionDiff.Detail("parameters.html", old: "<b>", new: "<i>"),
                DefinitionDiff.Detail("isPaused", old: nil, new: "true"),
            ])
    }

    @Test func whatComesGoesAndIsRenamedIsFoundByItsID() {
        var changed = base()
        changed.tags[1].name = "Another"
        changed.triggers = [Trigger(id: "6", name: "New", type: "click")]
        changed.builtIns = ["clickId"]
        changed.settings.googleConsent = .advanced
        let changes = DefinitionDiff.between(base(), changed)
        #expect(changes.map(\.action) == [.renamed, .added, .removed, .added, .removed, .changed])
        #expect(changes.map(\.kind) == [.tag, .trigger, .trigger, .builtIn, .builtIn, .setting])
        #expect(changes.first?.previousName == "Other")
        #expect(changes.last?.details == [DefinitionDiff.Detail("googleConsent", old: "basic", new: "advanced")])
    }

    @Test func anotherOrderIsAChange() {
        var changed = base()
        changed.tags.swapAt(0, 1)
        let changes = DefinitionDiff.between(base(), changed)
        #expect(changes.first?.details == [DefinitionDiff.Detail("order", old: "1 2", new: "2 1")])
    }
}
