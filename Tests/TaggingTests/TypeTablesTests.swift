import Tagging
import Testing

@Suite("the tables of types")
struct TypeTablesTests {
    /// The words of Google's API for triggers (discovery document of `tagmanager` v2).
    private static let triggerWords: Set<String> = [
        "pageview", "domReady", "windowLoaded", "customEvent", "triggerGroup", "init", "consentInit", "serverPageview",
        "always", "firebaseAppException", "firebaseAppUpdate", "firebaseCampaign", "firebaseFirstOpen",
        "firebaseInAppPurchase", "firebaseNotificationDismiss", "firebaseNotificationForeground",
        "firebaseNotificationOpen", "firebaseNotificationReceive", "firebaseOsUpdate", "firebaseSessionStart",
        "firebaseUserEngagement", "formSubmission", "click", "linkClick", "jsError", "historyChange", "timer",
        "ampClick", "ampTimer", "ampScroll", "ampVisibility", "youTubeVideo", "scrollDepth", "elementVisibility",
    ]

    @Test func everyTriggerWordHasOneType() {
        #expect(Set(TriggerType.all.map(\.name)) == Self.triggerWords)
        #expect(TriggerType.all.count == Self.triggerWords.count)
        #expect(TriggerType.named("shoeClick") == nil)
    }

    @Test func triggersOfTheWebHaveAnEventButCustomOnes() {
        for type in TriggerType.all {
            #expect((type.event != nil) == (type.usage == .web && type.name != "customEvent"), "\(type.name)")
        }
        #expect(TriggerType.named("linkClick")?.event == "gtm.linkClick")
        #expect(TriggerType.named("youTubeVideo")?.scriptHosts == ["www.youtube.com"])
    }

    @Test func builtInTriggersHaveATypeOfTheWeb() {
        for trigger in BuiltInTrigger.allCases {
            #expect(TriggerType.named(trigger.type)?.usage == .web, "\(trigger)")
        }
    }

    @Test func everyBuiltInVariableOfTheWebIsOneThatTheRuntimeHas() {
        for variable in BuiltInVariable.all {
            #expect((variable.type == nil) == (variable.usage != .web), "\(variable.name)")
            guard let code = variable.type else { continue }
            let type = VariableType.named(code)
            #expect(type != nil, "\(variable.name)")
            let sent = Set((type?.fields ?? []).map(\.key))
            #expect(variable.parameters.allSatisfy { sent.contains($0.key) }, "\(variable.name)")
        }
    }

    @Test func namesAndTitlesAreUnique() {
        let names = Set(BuiltInVariable.all.map(\.name))
        let titles = Set(BuiltInVariable.all.map(\.title))
        #expect(names.count == BuiltInVariable.all.count)
        #expect(titles.count == BuiltInVariable.all.count)
        #expect(Set(VariableType.all.map(\.name)).count == VariableType.all.count)
    }

    @Test(arguments: [
        ("Page URL", "u"), ("Click ID", "v"), ("Click Text", "clickText"), ("Form Element", "v"), ("Referrer", "f"),
        ("Scroll Direction", "v"), ("Percent Visible", "v"), ("On-Screen Duration", "v"), ("HTML ID", "htmlId"),
        ("_event", "e"), ("Event", "e"), ("Analytics Session Number", "analyticsSessionNumber"),
    ])
    func referencesMeanBuiltInVariablesByTitle(title: String, type: String) {
        #expect(BuiltInVariable.titled(title)?.type == type)
    }

    @Test func theEventOfFiltersIsNoWordOfTheAPI() {
        #expect(BuiltInVariable.named("_event") == nil)
        #expect(BuiltInVariable.titled("Page Url") == nil)
    }

    @Test func keysOfFormsAreUnique() {
        let forms = TriggerType.all.map(\.fields) + VariableType.all.map(\.fields)
        for fields in forms {
            #expect(Set(fields.map(\.key)).count == fields.count, "\(fields.map(\.key))")
        }
    }
}
