import Catalog
import Foundation
import Tagging
import Testing

/// Google's tags as they are imported: what the script has of them.
@Suite struct GoogleTagTests {
    private func tag(
        _ id: String, _ name: String, _ type: String, _ parameters: [String: Parameter],
        on triggers: [String] = [BuiltInTrigger.allPages.rawValue]
    ) -> Tagging.Tag {
        var tag = Tagging.Tag(id: id, name: name, type: type)
        tag.parameters = parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        tag.firingTriggers = triggers
        return tag
    }

    private func compiled(_ tags: Tagging.Tag...) throws -> CompiledText {
        var definition = ContainerDefinition()
        definition.tags = tags
        return try CompiledText(definition)
    }

    private func event(_ parameters: [String: Parameter]) -> Tagging.Tag {
        tag("2", "Event", "gaawe", parameters.merging(["eventName": .template("buy")]) { given, _ in given })
    }

    @Test(arguments: ["measurementId", "measurementIdOverride"])
    func anEventThatNamesItsTagGoesToTheIDOfThatTag(key: String) throws {
        let event = event([key: .tagReference("Google")])
        for google in [
            tag("1", "Google", "gaawc", ["measurementId": .template("G-1")]),
            tag("1", "Google", "googtag", ["tagId": .template("G-1")], on: []),
            tag("1", "Google", "googtag", ["tagId": .template("G-1")]).with { $0.isPaused = true },
        ] {
            let made = try compiled(google, event)
            #expect(made.data.contains("p:{tagId:\"G-1\""), "\(made.data)")
            #expect(!made.says("tag \"Event\""), "\(made.findings)")
        }
    }

    @Test func ofTwoIDsTheEventsOwnIsKeptAndNoneIsNoName() throws {
        let made = try compiled(
            event(["measurementId": .tagReference("none"), "measurementIdOverride": .template("G-2")]))
        #expect(made.data.contains(#"p:{tagId:"G-2""#), "\(made.data)")
        #expect(!made.data.contains("measurementId"), "\(made.data)")
        #expect(made.findings.isEmpty, "\(made.findings)")
    }

    @Test func aTagWithoutADestinationDoesNotRun() throws {
        for lost in [
            event([:]), event(["measurementId": .tagReference("Nobody")]),
            event(["measurementIdOverride": .template(""), "measurementId": .template("none")]),
            tag("1", "Event", "gaawc", ["measurementIdOverride": .template("G-1")]),
        ] {
            let made = try compiled(lost)
            #expect(made.says("warning: tag \"Event\": it does not run: it has no measurement or tag ID"))
            #expect(made.data.contains("G:[]"), "\(made.data)")
            var definition = ContainerDefinition()
            definition.tags = [lost]
            let analysis = ContainerAnalysis.of(definition)
            #expect(analysis.runs.isEmpty)
            #expect(analysis.dead.map(\.name) == ["Event"])
        }
    }

    @Test func asHighlandsEventATagNeedsNoDestination() throws {
        var definition = ContainerDefinition()
        definition.tags = [event([:])]
        definition.settings.googleEvents = .highland
        let made = try CompiledText(definition)
        #expect(made.data.contains(#"t:"highlandEvent""#), "\(made.data)")
    }

    @Test func userProvidedDataOfAnEventIsSent() throws {
        let made = try compiled(
            event([
                "measurementIdOverride": .template("G-1"), "enhancedUserId": .boolean("true"),
                "userDataVariable": .template("{{Visitor}}"),
            ]))
        #expect(made.data.contains("enhancedUserId:true,"), "\(made.data)")
        #expect(made.data.contains("userDataVariable:[0,0]"), "\(made.data)")
    }
}
