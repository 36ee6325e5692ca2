import Foundation
import Tagging
import Testing

@Suite struct GoogleEventsTests {
    private func compiled(
        _ type: String, _ parameters: [Parameter.Member], _ mode: ContainerSettings.GoogleEvents = .highland
    ) throws -> CompiledText {
        var definition = ContainerDefinition.image("x")
        definition.tags[0].type = type
        definition.tags[0].parameters = parameters
        definition.settings.googleEvents = mode
        return try CompiledText(definition)
    }

    private func row(_ name: String, _ value: String) -> Parameter {
        .map([.init("parameter", .template(name)), .init("parameterValue", .template(value))])
    }

    @Test func aGA4EventBecomesAHighlandEvent() throws {
        let data = try compiled(
            "gaawe",
            [
                .init("eventName", .template("purchase")), .init("measurementIdOverride", .template("G-1")),
                .init("sendEcommerceData", .boolean("true")), .init("getEcommerceDataFrom", .template("dataLayer")),
                .init("eventSettingsTable", .list([row("value", "12"), row("colour", "red"), row("send_to", "G-2")])),
            ]
        ).data
        #expect(
            data.contains(
                #"{t:"highlandEvent",p:{name:"purchase",revenue:"12",ecommerce:true,"#
                    + #"properties:[2,[3,"key","colour","value","red"]]},f:[0],c:[0,"analytics_storage"]}"#),
            "\(data)")
    }

    @Test func aGoogleTagBecomesAPageViewUnlessItSendsNone() throws {
        let view = try compiled("googtag", [.init("tagId", .template("G-ABC"))])
        #expect(view.data.contains(#"G:[{t:"highland",p:{},"#), "\(view.data)")
        let silent = try compiled(
            "googtag",
            [.init("tagId", .template("G-ABC")), .init("configSettingsTable", .list([row("send_page_view", "false")]))])
        #expect(silent.data.contains(#"G:[{t:"googleTag","#))
        let ads = try compiled("googtag", [.init("tagId", .template("AW-123"))])
        #expect(ads.data.contains(#"G:[{t:"googleTag","#))
        let both = try compiled("googtag", [.init("tagId", .template("G-ABC"))], .both)
        #expect(both.data.contains(#"G:[{t:"googleTag","#) && both.data.contains(#",{t:"highland","#))
    }

    @Test func universalAnalyticsIsDeadUntilItIsHighlands() throws {
        let parameters: [Parameter.Member] = [
            .init("trackType", .template("TRACK_EVENT")), .init("eventCategory", .template("Shop")),
            .init("eventAction", .template("Add")), .init("nonInteraction", .boolean("true")),
        ]
        let kept = try compiled("ua", parameters, .keep)
        #expect(kept.data.contains("G:[]"))
        #expect(kept.says("Universal Analytics"))
        let data = try compiled("ua", parameters).data
        #expect(
            data.contains(
                #"p:{name:"Add",properties:[2,[3,"key","category","value","Shop"],"#
                    + #"[3,"key","nonInteraction","value",true]]}"#
            ),
            "\(data)")
    }

    @Test func oneViewIsCountedOnce() throws {
        var definition = ContainerDefinition()
        definition.settings.googleEvents = .highland
        definition.tags = ["G-A", "G-B"].enumerated().map { place, id in
            Tagging.Tag.image("\(place)", id).with {
                $0.type = "googtag"
                $0.parameters = [.init("tagId", .template(id))]
            }
        }
        let compiled = try CompiledText(definition)
        #expect(compiled.data.components(separatedBy: #"t:"highland""#).count == 2)
        #expect(compiled.says("another tag sends the same event at the same time"))
    }

    @Test func googlesTagsNeedAGrantUnlessTheyAreAdvanced() throws {
        var definition = ContainerDefinition.image("x")
        definition.tags[0].type = "googtag"
        definition.tags[0].parameters = [.init("tagId", .template("G-ABC"))]
        for status in [ConsentRule.Status.notSet, .notNeeded] {
            definition.tags[0].consent = ConsentRule(status: status)
            #expect(try CompiledText(definition).data.contains(#"c:[0,"analytics_storage"]"#))
        }
        definition.tags[0].consent = ConsentRule(status: .needed, types: ["ad_storage"])
        #expect(try CompiledText(definition).data.contains(#"c:[0,"analytics_storage","ad_storage"]"#))
        definition.settings.googleConsent = .advanced
        let advanced = try CompiledText(definition).data
        #expect(advanced.contains(#"c:[0,"ad_storage"]"#) && advanced.contains(",C:{g:1}"))
    }
}
