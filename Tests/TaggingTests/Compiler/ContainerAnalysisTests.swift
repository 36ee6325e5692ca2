import Tagging
import Testing

@Suite struct ContainerAnalysisTests {
    @Test func tagsAreSortedByWhatBecomesOfThem() {
        var definition = ContainerDefinition()
        definition.settings.allowsCustomCode = true
        definition.tags = [
            Tagging.Tag.image("1", "Runs", "https://pixel.test/p").with {
                $0.consent = ConsentRule(status: .needed, types: ["ad_storage"])
            },
            Tagging.Tag.image("2", "Early", "//cdn.early.test/p"),
            Tagging.Tag.image("3", "Paused").with { $0.isPaused = true },
            Tagging.Tag.image("4", "Strange").with { $0.type = "cvt_1_1" },
            Tagging.Tag.image("5", "UA").with { $0.type = "ua" },
            Tagging.Tag.image("6", "Called").with { $0.firingTriggers = [] },
            Tagging.Tag.image("7", "Markup").with {
                $0.type = "html"
                $0.parameters = [
                    .init(
                        "html",
                        .template(
                            "<!-- see https://docs.test/ --><script>x.src='https://connect.facebook.net/e.js'</script>")
                    )
                ]
                $0.cleanup = .init(tagName: "Called", stopsOnFailure: false)
            },
        ]
        let analysis = ContainerAnalysis.of(definition)
        #expect(analysis.runs.map(\.name) == ["Runs", "Early", "Called", "Markup"])
        #expect(analysis.dead.map(\.name) == ["Paused", "UA"])
        #expect(analysis.refused.map(\.name) == ["Strange"])
        #expect(analysis.beforeConsent.map(\.name) == ["Early", "Called", "Markup"])
        #expect(analysis.vendors.map(\.name) == ["Meta", "cdn.early.test", "pixel.test"])
        #expect(analysis.vendors.map(\.isBeforeConsent) == [true, true, true])
    }

    @Test func markupSendsWhereAVariableThatItUsesDoes() {
        var definition = ContainerDefinition()
        definition.settings.allowsCustomCode = true
        let code = [
            "Sends": "function(){return function(){analytics.track('x')}}", "Uses": "function(){return {{Sends}}}",
            "Quiet": "function(){return 1}",
        ]
        definition.variables = code.keys.sorted().enumerated().map { place, name in
            var variable = Variable(id: "\(place)", name: name, type: "jsm")
            variable.parameters = [.init("javascript", .template(code[name] ?? ""))]
            return variable
        }
        definition.tags = [("1", "Uses"), ("2", "Quiet"), ("3", "Page URL")].map { id, name in
            Tagging.Tag.image(id, "on \(name)").with {
                $0.type = "html"
                $0.parameters = [.init("html", .template("<script>window.onclick = {{\(name)}}</script>"))]
            }
        }
        #expect(ContainerAnalysis.of(definition).beforeConsent.map(\.name) == ["on Uses"])
    }
}
