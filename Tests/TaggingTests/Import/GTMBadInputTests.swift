import Tagging
import Testing

@Suite struct GTMBadInputTests {
    private func problem(_ bytes: [UInt8]) -> TaggingError? {
        do throws(TaggingError) {
            _ = try GTMExport.read(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func anExportThatWasCutShortIsRefusedWithTheByte() throws {
        let bytes = try Exports.bytes("bare.json")
        for count in 0..<bytes.count - 1 where bytes[..<count].contains(UInt8(ascii: "}")) || count % 7 == 0 {
            let error = problem(Array(bytes[..<count]))
            guard case .malformed(let place, let problem, _)? = error else {
                Issue.record("\(count) bytes: \(String(describing: error))")
                continue
            }
            #expect(place.hasPrefix("byte "), "\(count) bytes: \(place)")
            #expect(!problem.isEmpty)
        }
    }

    static let rows: [(text: String, place: String, word: String)] = [
        ("", "byte 0", "empty"), ("   \n", "byte 0", "empty"), ("Here is your export:\n{}", "byte 0", "Here is your"),
        ("\u{FEFF})]}'\n{}", "byte 3", ")]}'"), ("[{}]", "byte 0", "list"), ("7", "byte 0", "7"),
        ("{} x", "byte 3, line 1", "more"),
        ("{\n\"a\": 1,\n\"a\": 2}", "byte 13, line 3", "twice"), ("{}", "the text", "containerVersion"),
        ("{\"containerVersion\": []}", "containerVersion", "list"),
        ("{\"containerVersion\": 7}", "containerVersion", "number"),
        ("{\"container\": [{\"name\": \"a\"}]}", "container", "containers"),
        ("{\"resource\": {\"macros\": []}}", "resource", "published script"),
        ("{\"exportFormatVersion\": 3, \"containerVersion\": {}}", "exportFormatVersion", "3"),
        ("{\"containerVersion\": {\"tag\": {}}}", "containerVersion.tag", "object"),
        ("{\"containerVersion\": {\"tag\": [[]]}}", "containerVersion.tag[0]", "array"),
        ("{\"containerVersion\": {\"tag\": [{\"name\": {}}]}}", "containerVersion.tag[0].name", "object"),
        (
            "{\"containerVersion\": {\"tag\": [{\"parameter\": [{\"type\": \"TEMPLATE\"}]}]}}",
            "containerVersion.tag[0].parameter[0]", "key"
        ),
    ]

    @Test(arguments: rows) func rubbishIsRefusedWithItsPlace(_ row: (text: String, place: String, word: String)) {
        guard case .malformed(let place, let problem, _)? = problem(Array(row.text.utf8)) else {
            Issue.record("\(row.text) was read")
            return
        }
        #expect(place == row.place)
        #expect(problem.contains(row.word), "\(problem)")
    }

    @Test func containersThatAreNotForPagesAreRefusedPolitely() throws {
        #expect(problem(try Exports.bytes("server.json")) == .notWeb(kind: "servers"))
        for (word, kind) in [("AMP", "AMP pages"), ("ANDROID", "Android apps"), ("iosSdk5", "iOS apps")] {
            let text = "{\"containerVersion\": {\"container\": {\"usageContext\": [\"\(word)\"]}}}"
            #expect(problem(Array(text.utf8)) == .notWeb(kind: kind))
        }
        #expect(problem(Array("{\"containerVersion\": {\"client\": [{}]}}".utf8)) == .notWeb(kind: "servers"))
    }

    @Test func bytesListsAndNestingAreBounded() {
        #expect(
            problem([UInt8](repeating: 32, count: GTMExport.bytesMax + 1))
                == .tooMuch(what: "bytes of an export", count: GTMExport.bytesMax + 1, allowed: GTMExport.bytesMax))
        let many = "\"tag\": [" + String(repeating: "{},", count: 10_000) + "{}]"
        #expect(
            problem(Exports.text(many))
                == .tooMuch(what: "items in containerVersion.tag", count: 10_001, allowed: 10_000))
        let open = String(repeating: "{\"type\": \"LIST\", \"list\": [", count: 25)
        let deep =
            "\"tag\": [{\"parameter\": [{\"key\": \"a\", \"type\": \"LIST\", \"list\": [\(open)\(String(repeating: "]}", count: 25))]}]}]"
        guard case .malformed(let place, let what, _)? = problem(Exports.text(deep)) else {
            Issue.record("read")
            return
        }
        #expect(place.hasPrefix("containerVersion.tag[0].parameter[0].list[0]"))
        #expect(what.contains("nested"))
        #expect(problem([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) != nil)
    }

    @Test func tenThousandTagsAndAMegabyteOfMarkupAreRead() throws {
        let tags = (0..<10_000).map {
            "{\"tagId\": \"\($0)\", \"name\": \"t\", \"type\": \"cvt_9_9\", \"firingTriggerId\": [\"4\"]}"
        }
        let many = try GTMExport.read(Exports.text("\"tag\": [\(tags.joined(separator: ","))]"))
        #expect(many.definition.tags.count == 10_000)
        #expect(Set(many.definition.tags.map(\.name)).count == 10_000)
        #expect(many.findings.count < 20_100)
        let html = String(repeating: "{{a}}<", count: 170_000)
        let long = try GTMExport.read(
            Exports.text(
                "\"tag\": [{\"name\": \"t\", \"type\": \"html\", \"parameter\": [{\"key\": \"html\", \"value\": \"\(html)\"}]}]"
            ))
        #expect(long.definition.tags.first?.parameters["html"]?.text == html)
        #expect(Exports.findings(long, "{{a}} is not in the file").count == 1)
    }

    @Test func namesThatJavaScriptKnowsAreNames() throws {
        let read = try GTMExport.read(
            Exports.text(
                """
                "variable": [{"variableId": "1", "name": "__proto__", "type": "c", "parameter":
                [{"type": "TEMPLATE", "key": "__proto__", "value": "{{constructor}}"}]}]
                """))
        #expect(read.definition.variables.first?.name == "__proto__")
        #expect(read.definition.variables.first?.parameters["__proto__"] == .template("{{constructor}}"))
        #expect(Exports.findings(read, "{{constructor}} is not in the file").count == 1)
    }

    @Test func aByteOrderMarkIsNoRubbish() throws {
        let read = try GTMExport.read([0xEF, 0xBB, 0xBF] + Exports.bytes("shop.json"))
        #expect(read.definition.tags.count == 17)
    }

    @Test func aDefinitionMadeOfRandomBytesNeverStopsTheProcess() throws {
        let bytes = try Exports.bytes("generated.json")
        var random = RandomDefinitions(seed: 7)
        for _ in 0..<3_000 {
            var changed = bytes
            for _ in 0...random.below(4) { changed[random.below(changed.count)] = UInt8(random.below(256)) }
            guard let read = try? GTMExport.read(changed) else { continue }
            let again = try GTMExport.read(GTMExport.write(read.definition, name: "n", publicID: "HL-1"))
            #expect(again.definition == read.definition)
        }
    }
}
