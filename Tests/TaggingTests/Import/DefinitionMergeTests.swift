import Tagging
import Testing

@Suite struct DefinitionMergeTests {
    private func workspace() -> ContainerDefinition {
        var definition = ContainerDefinition()
        var variable = Variable(id: "1", name: "Value", type: "c")
        variable.parameters = [Parameter.Member("value", .template("old"))]
        definition.variables = [variable]
        var trigger = Trigger(id: "4", name: "Click", type: "click")
        trigger.filters = [Condition(.equals, "{{Value}}", "x")]
        definition.triggers = [trigger]
        var tag = Tag(id: "9", name: "Banner", type: "html")
        tag.parameters = [Parameter.Member("html", .template("{{Value}}"))]
        tag.firingTriggers = ["4"]
        definition.tags = [tag]
        definition.builtIns = ["pageUrl"]
        definition.settings.importedID = "GTM-OLD"
        return definition
    }

    private func imported() -> ContainerDefinition {
        var definition = workspace()
        definition.variables[0].id = "7"
        definition.variables[0].parameters = [Parameter.Member("value", .template("new"))]
        definition.triggers[0].id = "1"
        definition.tags[0].id = "2"
        definition.tags[0].firingTriggers = ["1", "2147479553"]
        var other = Tag(id: "3", name: "Other", type: "html")
        other.parameters = [Parameter.Member("html", .template("{{Value}} {{Page URL}}"))]
        other.setup = Tag.Sequenced(tagName: "Banner", stopsOnFailure: false)
        definition.tags.append(other)
        definition.builtIns = ["clickId", "pageUrl"]
        definition.settings.importedID = "GTM-NEW"
        definition.settings.allowsCustomCode = true
        return definition
    }

    @Test func anOverwritingImportLeavesNothingOfTheOld() {
        let merge = DefinitionMerge(imported(), into: workspace(), mode: .overwrite)
        #expect(merge.definition.tags == imported().tags)
        #expect(merge.definition.settings.importedID == "GTM-NEW")
        #expect(merge.definition.settings.allowsCustomCode)
    }

    @Test func whatDiffersGetsAnotherNameAndIsReferredToByIt() throws {
        let merged = DefinitionMerge(imported(), into: workspace(), mode: .mergeRenaming, idsAfter: 20)
        let definition = merged.definition
        #expect(definition.variables.map(\.name) == ["Value", "Value (import)"])
        #expect(definition.triggers.map(\.name) == ["Click", "Click (import)"])
        #expect(definition.triggers[1].filters.first?.subject == "{{Value (import)}}")
        #expect(definition.tags.map(\.name) == ["Banner", "Banner (import)", "Other"])
        #expect(definition.tags[0] == workspace().tags[0])
        #expect(definition.tags[1].parameters["html"] == .template("{{Value (import)}}"))
        #expect(definition.tags[1].firingTriggers == [definition.triggers[1].id, "2147479553"])
        #expect(definition.tags[2].setup?.tagName == "Banner (import)")
        #expect(definition.tags.map(\.id) == ["9", "21", "22"])
        #expect(definition.builtIns == ["pageUrl", "clickId"])
        #expect(definition.settings.importedID == "GTM-OLD")
        #expect(merged.findings.count == 3)
    }

    @Test func theImportedOneTakesThePlaceWhereThatIsWanted() {
        let definition = DefinitionMerge(imported(), into: workspace(), mode: .mergeOverwriting).definition
        #expect(definition.variables.map(\.id) == ["1"])
        #expect(definition.variables[0].parameters["value"] == .template("new"))
        #expect(definition.triggers == workspace().triggers)
        #expect(definition.tags.map(\.id) == ["9", "10"])
        #expect(definition.tags[0].firingTriggers == ["4", "2147479553"])
    }

    @Test(arguments: [DefinitionMerge.Mode.mergeRenaming, .mergeOverwriting])
    func theSameImportTwiceIsOne(_ mode: DefinitionMerge.Mode) throws {
        let imported = try Exports.read("shop.json").definition
        let once = DefinitionMerge(imported, into: workspace(), mode: mode).definition
        let twice = DefinitionMerge(imported, into: once, mode: mode)
        #expect(DefinitionDiff.between(once, twice.definition) == [])
        #expect(twice.findings == [])
    }

    @Test func anEmptyWorkspaceGetsTheImport() throws {
        let imported = try Exports.read("shop.json").definition
        let merged = DefinitionMerge(imported, into: ContainerDefinition(), mode: .mergeRenaming).definition
        #expect(merged.tags.map(\.name) == imported.tags.map(\.name))
        #expect(
            merged.tags.allSatisfy { tag in
                tag.firingTriggers.allSatisfy { id in
                    BuiltInTrigger(rawValue: id) != nil || merged.triggers.contains { $0.id == id }
                }
            })
        #expect(merged.settings == imported.settings)
    }
}
