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
            waiting: ["Counter"], tellsConsent: false, vendors: ["a.example"],
            findings: [Finding(.confirmation, "tag \"CMP\"", "It does not run.")],
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
        #expect(json["waiting"] == .array([.string("Counter")]))
        #expect(json["tellsConsent"] == .bool(false))
        #expect(json["errors"] == .array([]))
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
        #expect(text.contains("1 run (1 once there is consent)   1 dead   0 refused"))
        #expect(text.contains("UA  [31mevent [ua]: it is over"))
        #expect(!text.contains("\u{1b}"))
        #expect(text.contains("A browser loads 6.4 kB (gzip); about 23 kB less"))
    }
}

@Suite struct GTMReportOfAnalysisTests {
    /// Tags of advertising in a container where nobody asks visitors.
    @Test func whatNothingInTheContainerGrantsIsSaid() throws {
        func notices(_ more: String) throws -> [String] {
            let export = """
                {"exportFormatVersion": 2, "containerVersion": {"container": {"publicId": "GTM-1", "usageContext": ["WEB"]},
                 "tag": [{"tagId": "1", "name": "Ads", "type": "awct", "firingTriggerId": ["2147479553"], "parameter": [
                   {"type": "TEMPLATE", "key": "conversionId", "value": "1"}]}\(more)]}}
                """
            return GTMReport(try GTMExport.read(Array(export.utf8))).findings.map(\.message)
                .filter { $0.contains("nothing in the container") }
        }
        let alone = try notices("")
        #expect(alone.count == 1)
        #expect(alone.first?.contains("1 tag waits for consent to ad_storage") == true, "\(alone)")
        #expect(alone.first?.contains("'Ads'") == true)
        let manager = """
            , {"tagId": "2", "name": "M", "type": "html", "firingTriggerId": ["2147479572"], "parameter": [
             {"type": "TEMPLATE", "key": "html", "value": "<script>gtag('consent', 'default', {})</script>"}]}
            """
        #expect(try notices(manager).isEmpty)
        #expect(try notices(manager.replacing("gtag(", with: "fbq(")).count == 1, "that is told to Meta alone")
        #expect(try notices(manager.replacing("gtag('consent'", with: "dataLayer.push(['consent'")).isEmpty)
    }

    private func report(_ tags: String, now: Int64? = nil) throws -> GTMReport {
        let export = """
            {"exportFormatVersion": 2, "containerVersion": {"container": {"publicId": "GTM-1", "usageContext": ["WEB"]},
             "tag": [\(tags)]}}
            """
        return GTMReport(try GTMExport.read(Array(export.utf8)), now: now)
    }

    private func tag(_ name: String, _ type: String, _ parameters: [(String, String)], _ more: String = "") -> String {
        let list = parameters.map { #"{"type": "TEMPLATE", "key": "\#($0.0)", "value": "\#($0.1)"}"# }.joined(
            separator: ",")
        return """
            {"tagId": "\(name)", "name": "\(name)", "type": "\(type)", "firingTriggerId": ["2147479553"], \(more)
             "parameter": [\(list)]}
            """
    }

    @Test func aTagWhoseScheduleIsOverIsDead() throws {
        let pixel = tag("P", "img", [("url", "https://p.test/")], #""scheduleEndMs": "1000","#)
        #expect(try report(pixel, now: 999).runs.count == 1)
        let over = try report(pixel, now: 1000)
        #expect(over.dead.map(\.reason) == ["its schedule is over"])
        #expect(over.beforeConsent.isEmpty && over.vendors.isEmpty)
    }

    @Test func callsOfVendorsFunctionsSend() throws {
        func early(_ code: String) throws -> [String] {
            try report(tag("H", "html", [("html", "<script>\(code)</script>")])).beforeConsent.map(\.name)
        }
        for code in [
            "fbq('track', 'Lead')", "gtag('event', 'x')", "ttq.track('x')", "_paq.push(['x'])", "uetq.push('x')",
        ] {
            #expect(try early(code) == ["H"], "\(code)")
        }
        for code in ["gtag('consent', 'default', {})", "console.log({{Page URL}})", "dataLayer.push({event: 'x'})"] {
            #expect(try early(code) == [], "\(code)")
        }
    }

    @Test func aGoogleTagCountsForTheProductThatItIsOf() throws {
        #expect(try report(tag("G", "googtag", [("tagId", "G-1")])).vendors == ["Google Analytics"])
        #expect(try report(tag("G", "googtag", [("tagId", "AW-1")])).vendors == ["Google Ads"])
    }

    @Test func whatATypeDoesNotKnowIsSaid() throws {
        let odd = tag("C", "awct", [("conversionId", "1"), ("shippingFee", "9"), ("odd", ""), ("off", "false")])
        #expect(try report(odd).findings.contains { $0.message == "shippingFee does nothing here; kept for exports." })
        let text = tag("H", "html", [("html", "var a = f(1 < 2)")])
        #expect(try report(text).findings.contains { $0.message.hasPrefix("There is no element in its markup") })
        #expect(try report(tag("O", "opt", [])).dead.map(\.reason) == ["Google ended Optimize on 30 September 2023"])
    }

    @Test func whereHereTagsWaitAndTheExportLetsThemRunThatIsSaid() throws {
        let insight = tag("L", "bzi", [("id", "1")])
        #expect(try report(insight).findings.contains { $0.message.hasSuffix("need none: 'L'.") })
        let set = tag("L", "bzi", [("id", "1")], #""consentSettings": {"consentStatus": "NOT_NEEDED"},"#)
        #expect(!(try report(set).findings.contains { $0.message.hasSuffix("need none: 'L'.") }))
    }

    @Test func whyATagDoesNotRunStandsOnce() throws {
        let lost = tag("P", "img", [("url", "https://p.test/")]).replacing("[\"2147479553\"]", with: "[]")
        let found = try report(lost)
        #expect(found.dead.map(\.reason) == ["no trigger fires it"])
        #expect(found.findings.filter { $0.place == "tag \"P\"" }.isEmpty)
    }

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
