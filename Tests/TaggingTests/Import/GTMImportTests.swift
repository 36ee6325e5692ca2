import Tagging
import Testing

@Suite struct GTMImportTests {
    @Test func aWholeContainerIsReadWithAllThatTheFormatSays() throws {
        let read = try Exports.read("shop.json")
        let definition = read.definition
        #expect(read.containerName == "shop.example")
        #expect(read.format == "2")
        #expect(definition.tags.count == 17)
        #expect(definition.triggers.count == 15)
        #expect(definition.variables.count == 13)
        #expect(definition.settings.importedID == "GTM-SH0P123")
        #expect(definition.settings.allowsCustomCode)
        #expect(definition.folders.map(\.name) == ["Analytics", "Triggers & variables"])
        #expect(definition.builtIns.first == "pageUrl")
        #expect(definition.builtIns.contains("elementVisibilityRatio"))
        #expect(definition.templates.map(\.type) == ["cvt_KP2QM", "cvt_5RM3Q", "cvt_7PZ2X", "cvt_M8RWV"])
        let purchase = try #require(definition.tags.first { $0.name == "GA4 - purchase" })
        #expect(purchase.setup == Tag.Sequenced(tagName: "Google tag", stopsOnFailure: true))
        #expect(purchase.cleanup == Tag.Sequenced(tagName: "Thanks", stopsOnFailure: true))
        #expect(purchase.parameters["measurementId"] == .tagReference("Google tag"))
        #expect(purchase.firing == .oncePerEvent)
        let conversion = try #require(definition.tags.first { $0.name == "Ads conversion" })
        #expect(
            conversion.consent
                == ConsentRule(status: .needed, types: ["ad_storage", "ad_user_data"], lacking: .dropped))
        let old = try #require(definition.tags.first { $0.name == "Old banner" })
        #expect(old.isPaused)
        #expect(old.startsAt == 1_577_836_800_000)
        #expect(old.endsAt == 1_580_515_200_000)
        let cookiebot = try #require(definition.tags.first { $0.name == "Cookiebot" })
        #expect(cookiebot.priority == .integer("100"))
        #expect(definition.tags.first { $0.name == "Meta - base" }?.firing == .oncePerLoad)
        #expect(definition.tags.first { $0.name == "Ads remarketing" }?.blockingTriggers == ["32"])
    }

    @Test func triggersKeepTheirConditionsAndParameters() throws {
        let triggers = try Exports.read("shop.json").definition.triggers
        let outbound = try #require(triggers.first { $0.name == "Outbound link" })
        #expect(outbound.type == "linkClick")
        #expect(outbound.filters == [Condition(.contains, "{{Click URL}}", "shop.example", isNegated: true)])
        #expect(outbound.autoEventFilters == [Condition(.matchRegex, "{{Page Path}}", ".*", ignoresCase: true)])
        #expect(outbound.parameters["waitForTags"] == .boolean("true"))
        #expect(outbound.parameters["waitForTagsTimeout"] == .template("2000"))
        let video = try #require(triggers.first { $0.name == "Video" })
        #expect(video.type == "youTubeVideo")
        #expect(video.parameters["progressThresholdsPercent"] == .template("10,50"))
        let group = try #require(triggers.first { $0.name == "Both" })
        #expect(group.parameters["triggerIds"] == .list([.triggerReference("36"), .triggerReference("40")]))
        let event = try #require(triggers.first { $0.name == "CE - purchase" })
        #expect(event.customEventFilters == [Condition(.matchRegex, "{{_event}}", "^purchase$")])
    }

    @Test func theOlderFormatIsReadTheSameWay() throws {
        let read = try Exports.read("blog-1.3.json")
        #expect(read.format == "1.3")
        #expect(read.definition.builtIns == ["pageUrl", "pagePath", "referrer", "event", "clickUrl", "clickText"])
        #expect(read.definition.tags.first?.isLiveOnly == true)
        #expect(read.definition.tags.first?.priority == .integer("-5"))
        #expect(read.definition.tags.first?.parameters["supportDocumentWrite"] == .boolean("true"))
        #expect(read.definition.variables.first?.parameters["dataLayerVersion"] == .integer("1"))
        #expect(Exports.findings(read, "took Universal Analytics down").map(\.place) == ["tag \"UA event\""])
    }

    @Test func whatGeneratedFilesGetWrongIsMendedAndSaid() throws {
        let read = try Exports.read("generated.json")
        let definition = read.definition
        #expect(definition.tags.map(\.id) == ["1", "6", "7", "5"])
        #expect(definition.tags.map(\.name) == ["Page view", "Init on DOM Ready", "Page view 7", "Mystery"])
        let pageviews = try #require(definition.triggers.first { $0.name == "All Pages" })
        #expect(definition.tags[0].firingTriggers == [pageviews.id])
        #expect(definition.tags[1].firingTriggers == ["2147479572"])
        #expect(definition.tags[2].parameters["html"] == .template("<i>"))
        #expect(definition.tags[2].consent == ConsentRule(status: .needed, types: ["ad_storage"]))
        let group = try #require(definition.triggers.first { $0.name == "Group" })
        #expect(group.parameters["triggerIds"] == .list([.triggerReference(pageviews.id), .triggerReference("77")]))
        #expect(definition.triggers.first { $0.name == "Window loaded" }?.id != "2147479573")
        #expect(!definition.triggers.contains { $0.id == "2147479553" })
        #expect(definition.triggers.first { $0.name == "Odd" }?.customEventFilters == [Condition(.equals, "", "never")])
        for part in [
            "is Google's for Initialization - All Pages", "which is Consent Initialization - All Pages, while its name",
            "2147479599, which looks like one of Google's own", "trigger 99, which is not in the file",
            "\"Nobody\" is not in the file", "{{Nowhere}} is not in the file", "{{Page Path}} is not switched on",
            "its custom template is not in the file", "called like Google's own trigger", "waits for trigger 77",
            "no trigger of the type firebaseAppUpdate", "\"soundsLike\" is not known", "\"SOMETIMES\" is not known",
            "Zones load other containers", "Settings of Google tags (gtagConfig)", "folder 7 is not in the file",
            "The key html is given twice", "The id \"pageviews\" is no number", "A second tag has the id 1",
            "A second tag is called \"Page view\"",
        ] {
            #expect(!Exports.findings(read, part).isEmpty, "\(part)")
        }
    }

    @Test func triggersOfProgramsThatCannotFireAsTheySaySoAreNamed() throws {
        let read = try GTMExport.read(
            Exports.text(
                """
                "trigger": [
                {"triggerId": "a", "name": "A", "type": "customEvent"},
                {"triggerId": "9", "name": "Link", "type": "LINK_CLICK", "autoEventFilter": [{"type": "CONTAINS",
                "parameter": [{"type": "TEMPLATE", "key": "arg0", "value": "{{Click URL}}"},
                {"type": "TEMPLATE", "key": "arg1", "value": "{{Page Path}}"}]}]},
                {"triggerId": "4", "name": "Both", "type": "TRIGGER_GROUP", "parameter": [{"type": "LIST",
                "key": "triggerIds", "list": [{"type": "TEMPLATE", "value": "a"}, {"type": "template", "value": "4"}]}]},
                {"triggerId": "5", "name": "Empty", "type": "TRIGGER_GROUP", "parameter": [{"type": "LIST",
                "key": "conditions", "list": [{"type": "TEMPLATE", "value": "4"}]}]}],
                "tag": [{"tagId": "1", "name": "Old", "type": "ua"}]
                """))
        let triggers = read.definition.triggers
        #expect(
            triggers[2].parameters["triggerIds"] == .list([.triggerReference(triggers[0].id), .triggerReference("4")]))
        #expect(Exports.findings(read, "names no event").map(\.place) == ["trigger \"A\""])
        #expect(Exports.findings(read, "enabled where {{Click URL}}").map(\.place) == ["trigger \"Link\""])
        #expect(Exports.findings(read, "enabled where").count == 1)
        #expect(Exports.findings(read, "names no triggers").map(\.place) == ["trigger \"Empty\""])
        #expect(Exports.findings(read, "can become Highland's events").map(\.severity) == [.notice])
    }

    @Test func schedulesThatAreOverAreSaidWhereSomebodyKnowsTheTime() throws {
        let bytes = try Exports.bytes("shop.json")
        let late = try GTMExport.read(bytes, now: 1_700_000_000_000)
        #expect(Exports.findings(late, "schedule is over").map(\.place) == ["tag \"Old banner\""])
        let early = try GTMExport.read(bytes, now: 1_577_000_000_000)
        #expect(Exports.findings(early, "schedule is over").isEmpty)
    }

    @Test func unknownMembersAreKeptAndSaid() throws {
        let read = try GTMExport.read(
            Exports.text(
                "\"tag\": [{\"tagId\": \"1\", \"name\": \"t\", \"type\": \"html\", \"novelty\": {\"a\": [1]}}]"))
        #expect(read.definition.tags.first?.foreign == "{\"novelty\":{\"a\":[1]}}")
        #expect(Exports.findings(read, "novelty").map(\.place) == ["tag \"t\""])
    }

    @Test func aConsentManagerThatCannotRunAsksForConfirmation() throws {
        let template = """
            "customTemplate": [{"templateId": "3", "name": "CookieYes CMP", "templateData": "___INFO___",
            "galleryReference": {"owner": "cookieyes", "repository": "cmp", "galleryTemplateId": "AAAAA"}}],
            "tag": [{"tagId": "1", "name": "CMP", "type": "cvt_AAAAA", "firingTriggerId": ["2147479572"], "parameter":
            [{"type": "TEMPLATE", "key": "key", "value": "VALUE"}]}]
            """
        let lost = try GTMExport.read(Exports.text(template))
        #expect(lost.findings.filter { $0.severity == .confirmation }.map(\.place) == ["tag \"CMP\""])
        let known = template.replacing("VALUE", with: "0123456789abcdef01234567")
        let runs = try GTMExport.read(Exports.text(known))
        #expect(!runs.findings.contains { $0.severity == .confirmation })
    }
}
