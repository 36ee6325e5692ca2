import RequestParsing
import Tagging
import Testing

@Suite struct GTMReportTests {
    private func report() throws -> GTMReport {
        let imported = try Exports.read("blog-1.3.json")
        return GTMReport(
            imported, runs: [GTMReport.Entry(name: "Counter", type: "html", reason: "")],
            dead: [GTMReport.Entry(name: "UA \u{1b}[31mevent", type: "ua", reason: "it is over")], refused: [],
            beforeConsent: [GTMReport.Entry(name: "Counter", type: "html", reason: "nothing is asked for")],
            vendors: ["a.example"], findings: [Finding(.confirmation, "tag \"CMP\"", "It does not run.")],
            scriptBytes: 6_400)
    }

    @Test func theReportHasTheMembersOfTheContract() throws {
        let json = try report().json
        #expect(json["format"] == .number("1.3"))
        #expect(
            json["tags"]
                == .object([
                    JSONValue.Member("total", .integer(2)), JSONValue.Member("runs", .integer(1)),
                    JSONValue.Member("dead", .integer(1)), JSONValue.Member("refused", .integer(0)),
                ]))
        #expect(json["triggers"] == .integer(2))
        #expect(json["variables"] == .integer(1))
        #expect(json["beforeConsent"] == .array([.string("Counter")]))
        #expect(json["vendors"] == .array([.string("a.example")]))
        #expect(json["needsConfirmation"] == .array([.string("tag \"CMP\": It does not run.")]))
        guard case .array(let warnings)? = json["warnings"] else {
            Issue.record("no warnings")
            return
        }
        #expect(warnings.count == 2)
        #expect(json["bytes"]?["savedEstimate"] == .integer(23_600))
    }

    @Test func theTextSaysTheSameAndControlsNoTerminal() throws {
        let text = try report().text
        #expect(
            text.hasPrefix("Container blog.example (Google Tag Manager, format 1.3): 2 tags, 2 triggers, 1 variables\n")
        )
        #expect(text.contains("1 run   1 dead   0 refused"))
        #expect(text.contains("UA  [31mevent [ua]: it is over"))
        #expect(!text.contains("\u{1b}"))
        #expect(text.contains("A browser loads 6.4 kB (gzip); about 23 kB less"))
    }
}

@Suite struct GTMReportOfAnalysisTests {
    @Test func aWholeContainersReportCountsWhatABrowserExecutes() throws {
        let report = GTMReport(try Exports.read("shop.json"))
        #expect(report.runs.count == 14)
        #expect(report.dead.map(\.name) == ["Old banner"])
        #expect(report.refused.map(\.name) == ["Hotjar", "Floodlight"])
        #expect(report.beforeConsent.map(\.name).contains("Cookiebot"))
        #expect(report.vendors.contains("Meta"))
        #expect(report.scriptBytes != nil)
        let saidOfHotjar = report.findings.filter { $0.place == "tag \"Hotjar\"" }
        #expect(saidOfHotjar.count == 1)
        #expect(!report.findings.contains { $0.message.contains("does not parse") })
    }
}
