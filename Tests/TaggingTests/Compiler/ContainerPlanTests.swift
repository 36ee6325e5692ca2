import Tagging
import Testing

@Suite struct ContainerPlanTests {
    private func definition(_ tags: [Tagging.Tag], _ triggers: [Trigger] = []) -> ContainerDefinition {
        var definition = ContainerDefinition()
        definition.tags = tags
        definition.triggers = triggers
        return definition
    }

    /// Google Tag Manager compiles them to tags that do nothing and count as failed.
    @Test func pausedTagsStayOutEvenWhereAnotherCallsThem() throws {
        let paused = Tagging.Tag.image("1", "Paused").with { $0.isPaused = true }
        let alone = try CompiledText(definition([paused, .image("2", "Runs")]))
        #expect(try alone.tagIDs == ["2"])
        #expect(alone.says("notice: tag \"Paused\": it is left out: it is paused"))
        let caller = Tagging.Tag.image("2", "Runs").with { $0.setup = .init(tagName: "Paused", stopsOnFailure: true) }
        let called = try CompiledText(definition([paused, caller]))
        #expect(try called.tagIDs == [])
        let why = "it stops where its set-up tag \"Paused\" fails or is paused, and that one is"
        #expect(called.says("warning: tag \"Runs\": it does not run: \(why)"))
        let goesOn = Tagging.Tag.image("2", "Runs").with { $0.setup = .init(tagName: "Paused", stopsOnFailure: false) }
        let without = try CompiledText(definition([paused, goesOn]))
        #expect(try without.tagIDs == ["2"])
        #expect(without.says("warning: tag \"Runs\": its set-up tag \"Paused\" does not run"))
    }

    @Test func tagsWithoutTriggersRunWhereAnotherCallsThem() throws {
        let before = Tagging.Tag.image("1", "Before").with { $0.firingTriggers = [] }
        let caller = Tagging.Tag.image("2", "Runs").with { $0.setup = .init(tagName: "Before", stopsOnFailure: true) }
        let called = try CompiledText(definition([before, caller]))
        #expect(try called.tagIDs == ["1", "2"])
        #expect(called.data.contains(#"{t:"image",p:{url:"https://pixel.test/p.gif"}}"#), "without triggers")
        #expect(called.data.contains("s:[0,1]"))
    }

    @Test func aTagThatNothingCanFireDoesNotRun() throws {
        var broken = Trigger(id: "7", name: "Broken", type: "pageview")
        broken.filters = [Condition(.equals, "{{_event}}", "x"), Condition(.matchRegex, "{{_event}}", "[a")]
        let hopeless = Tagging.Tag.image("1", "Hopeless").with { $0.firingTriggers = ["7"] }
        let compiled = try CompiledText(definition([hopeless], [broken]))
        #expect(try compiled.tagIDs == [])
        let why = #"trigger "Broken" never fires: "[a" is no regular expression: unterminated class"#
        #expect(compiled.says("confirmation: tag \"Hopeless\": it does not run: \(why)"))
        broken.filters[1].isNegated = true
        #expect(try CompiledText(definition([hopeless], [broken])).tagIDs == ["1"], "it always holds the other way")
        let another = hopeless.with { $0.firingTriggers.append("2147479553") }
        #expect(try CompiledText(definition([another], [broken])).tagIDs == ["1"])
    }

    @Test func aTagThatItsOwnTriggersBlockDoesNotRun() throws {
        let blocked = Tagging.Tag.image("1", "Blocked").with { $0.blockingTriggers = $0.firingTriggers }
        let compiled = try CompiledText(definition([blocked]))
        #expect(try compiled.tagIDs == [])
        #expect(compiled.says("warning: tag \"Blocked\": it does not run: all that fires it blocks it as well"))
    }

    @Test func aTagWithoutTriggersDoesNotRun() throws {
        let compiled = try CompiledText(definition([Tagging.Tag.image("1", "Lost").with { $0.firingTriggers = [] }]))
        #expect(try compiled.tagIDs == [])
        #expect(compiled.says("warning: tag \"Lost\": it does not run: no trigger fires it"))
    }

    @Test func aMissingTriggerIsNamed() throws {
        let compiled = try CompiledText(
            definition([
                Tagging.Tag.image("1", "A").with {
                    $0.firingTriggers = ["99", BuiltInTrigger.allPages.rawValue]
                    $0.blockingTriggers = ["98"]
                },
                Tagging.Tag.image("2", "B").with { $0.firingTriggers = ["97"] },
            ]))
        #expect(try compiled.tagIDs == ["1"])
        #expect(compiled.says("warning: tag \"A\": there is no trigger 99"))
        #expect(compiled.says("confirmation: tag \"A\": there is no trigger 98"))
        #expect(compiled.says("tag \"B\": it does not run: none of its triggers is in the container"))
    }

    @Test func triggersOfOtherPlacesNeverFire() throws {
        let compiled = try CompiledText(
            definition(
                [Tagging.Tag.image("1", "A").with { $0.firingTriggers = ["5"] }],
                [Trigger(id: "5", name: "Server", type: "always")]))
        #expect(try compiled.tagIDs == [])
        #expect(compiled.says("its triggers are of kinds that web pages do not have"))
    }

    @Test func onlyTriggersThatAreUsedAreSent() throws {
        var group = Trigger(id: "3", name: "Group", type: "triggerGroup")
        group.parameters = [.init("triggerIds", .list([.triggerReference("2"), .triggerReference("2147479553")]))]
        let compiled = try CompiledText(
            definition(
                [Tagging.Tag.image("1", "A").with { $0.firingTriggers = ["3"] }],
                [
                    Trigger(id: "1", name: "Unused", type: "click"), Trigger(id: "2", name: "Dom", type: "domReady"),
                    group,
                ]))
        #expect(
            compiled.data.contains(
                #"T:[["domReady",[],{eventName:"gtm.dom"},0],"#
                    + #"["triggerGroup",[],{eventName:"gtm.triggerGroup",triggerIds:[2,0,2]},"3"],"#
                    + #"["pageview",[],{eventName:"gtm.js"},0]]"#),
            "\(compiled.data)")
        #expect(compiled.data.contains("f:[1]"))
    }

    @Test func conditionsHaveShortWordsAndFlags() throws {
        var trigger = Trigger(id: "1", name: "C", type: "customEvent")
        trigger.customEventFilters = [Condition(.matchRegex, "{{_event}}", "^buy", ignoresCase: true)]
        trigger.filters = [Condition(.urlMatches, "{{Page URL}}", "https://a.test/", isNegated: true)]
        let compiled = try CompiledText(
            definition([Tagging.Tag.image("1", "A").with { $0.firingTriggers = ["1"] }], [trigger]))
        #expect(
            compiled.data.contains(
                #"["customEvent",[["re",[0,0],"^buy",2],["url",[0,1],"https://a.test/",1]],{},0]"#),
            "\(compiled.data)")
        #expect(compiled.data.contains(#"V:[["e",{}],["u",{}]]"#))
    }

    @Test func aSetupTagThatDoesNotRunCountsAsFailed() throws {
        var unknown = Tagging.Tag(id: "1", name: "Unknown", type: "cvt_1_2")
        unknown.firingTriggers = ["2147479553"]
        let strict = Tagging.Tag.image("2", "Strict").with {
            $0.setup = .init(tagName: "Unknown", stopsOnFailure: true)
        }
        let lax = Tagging.Tag.image("3", "Lax").with { $0.setup = .init(tagName: "Unknown", stopsOnFailure: false) }
        let after = Tagging.Tag.image("4", "After").with { $0.setup = .init(tagName: "Strict", stopsOnFailure: true) }
        let compiled = try CompiledText(definition([unknown, strict, lax, after]))
        #expect(try compiled.tagIDs == ["3"])
        #expect(
            compiled.says("confirmation: tag \"Strict\": it does not run: it stops where its set-up tag \"Unknown\""))
        #expect(compiled.says("confirmation: tag \"After\""))
        #expect(compiled.says("warning: tag \"Lax\": its set-up tag \"Unknown\" does not run"))
    }

    @Test func whatIsSwitchedOffStaysOut() throws {
        let tags = definition([
            .image("1", "A", "https://x.vendor.test/p"), .image("2", "B", "{{Host}}/p"), .image("3", "C"),
        ])
        var named = tags
        named.variables = [.constant("1", "Host", "https://vendor.test")]
        #expect(try CompiledText(named).tagIDs == ["1", "2", "3"])
        #expect(try CompiledText(named) { $0.killedTags = ["3"] }.tagIDs == ["1", "2"])
        #expect(try CompiledText(named) { $0.killedHosts = ["vendor.test"] }.tagIDs == ["3"])
        #expect(try CompiledText(named) { $0.killedHosts = ["x.vendor.test"] }.tagIDs == ["2", "3"])
    }

    @Test func liveOnlyTagsStayOutOfPreviews() throws {
        let only = definition([Tagging.Tag.image("1", "A").with { $0.isLiveOnly = true }])
        #expect(try CompiledText(only).data.contains("t:\"image\""))
        let preview = try CompiledText(only) { $0.isPreview = true }
        #expect(try preview.tagIDs == [])
        let tail = #",p:1,N:{V:[],T:[],G:[],L:[["A","it does not run in previews"]]}}"#
        #expect(preview.data.hasSuffix(tail), "\(preview.data)")
    }

    @Test func previewsNameWhatIsLeftOut() throws {
        let tags = definition([
            .image("1", "Kept"), Tagging.Tag.image("2", "Resting").with { $0.isPaused = true }, .image("3", "Off"),
            Tagging.Tag.image("4", "Alone").with { $0.firingTriggers = [] },
        ])
        let preview = try CompiledText(tags) {
            $0.isPreview = true
            $0.killedTags = ["3"]
        }
        let names = #"G:["Kept"],L:[["Resting","it is paused"],["Off","the tag is switched off"],"#
        #expect(preview.data.contains(names), "\(preview.data)")
        #expect(preview.data.hasSuffix(#"["Alone","no trigger fires it"]]}}"#), "\(preview.data)")
        #expect(try !CompiledText(tags) { $0.killedTags = ["3"] }.data.contains("Resting"))
    }

    @Test func consentOptionsAndScheduleAreWritten() throws {
        let compiled = try CompiledText(
            definition([
                Tagging.Tag.image("1", "A").with {
                    $0.consent = ConsentRule(
                        status: .needed, types: ["ad_storage", "ad_storage", "x"], lacking: .waiting)
                    $0.firing = .oncePerLoad
                    $0.priority = .integer("-5")
                    $0.startsAt = 1_700_000_000_000
                },
                Tagging.Tag.image("2", "B").with {
                    $0.firing = .oncePerEvent
                    $0.priority = .template("{{x}}")
                    $0.consent = ConsentRule(status: .notNeeded, types: ["ad_storage"])
                },
            ]))
        #expect(
            compiled.data.contains(
                #"f:[0],o:2,r:-5,c:[1,"ad_storage","x"],w:[1700000000000,8640000000000000]}"#), "\(compiled.data)"
        )
        #expect(compiled.data.contains(#"f:[0],o:1}"#))
        #expect(compiled.says("tag \"B\": priority: \"{{x}}\" is no whole number"))
    }
}
