import Tagging
import Testing

@Suite struct DefinitionJSONTests {
    @Test func everyDefinitionComesBackFromItsStoredForm() throws {
        for seed in 0..<400 as Range<UInt64> {
            var random = RandomDefinitions(seed: seed)
            let definition = random.definition()
            let json = definition.json
            let read = try ContainerDefinition(json: json)
            let isSame = read == definition && read.json == json
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test func theStoredFormIsOneThatPeopleCanRead() throws {
        var tag = Tag(id: "7", name: "Banner", type: "html")
        tag.parameters = [
            Parameter.Member("html", .template("<b>{{x}}</b>")), Parameter.Member("count", .integer("3")),
            Parameter.Member("isOn", .boolean("true")), Parameter.Member("which", .boolean("{{x}}")),
            Parameter.Member("table", .list([.map([Parameter.Member("key", .template("a"))])])),
            Parameter.Member("after", .triggerReference("12")), Parameter.Member("of", .tagReference("Base")),
        ]
        tag.foreign = "{\"fingerprint\":\"1\"}"
        var definition = ContainerDefinition()
        definition.tags = [tag]
        let text = String(decoding: definition.json, as: UTF8.self)
        #expect(text.hasPrefix("{\n  \"format\": 1,\n"))
        for part in [
            "\"html\": \"<b>{{x}}</b>\"", "\"count\": 3", "\"isOn\": true", "\"which\": {\"$boolean\": \"{{x}}\"}",
            "\"table\": [{\"key\": \"a\"}]", "\"after\": {\"$trigger\": \"12\"}", "\"of\": {\"$tag\": \"Base\"}",
            "\"foreign\": {\"fingerprint\": \"1\"}",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("isPaused"))
    }

    static let refused: [(json: String, place: String)] = [
        ("", "byte 0"), ("{", "byte 1"), ("[]", "the text"), ("{}", "format"), ("{\"format\": 2}", "format"),
        ("{\"format\": \"1\"}", "format"), ("{\"format\": 1, \"tag\": []}", "tag"),
        ("{\"format\": 1, \"tags\": {}}", "tags"), ("{\"format\": 1, \"tags\": [7]}", "tags[0]"),
        ("{\"format\": 1, \"tags\": [{\"id\": \"1\", \"name\": \"a\"}]}", "tags[0].type"),
        ("{\"format\": 1, \"tags\": [{\"id\": 1, \"name\": \"a\", \"type\": \"html\"}]}", "tags[0].id"),
        (tag("\"odd\": 1"), "tags[0].odd"), (tag("\"isPaused\": \"true\""), "tags[0].isPaused"),
        (tag("\"firing\": \"often\""), "tags[0].firing"), (tag("\"parameters\": {\"a\": 1.5}"), "tags[0].parameters.a"),
        (tag("\"parameters\": {\"a\": null}"), "tags[0].parameters.a"),
        (tag("\"parameters\": {\"a\": {\"$odd\": 1}}"), "tags[0].parameters.a.$odd"),
        (tag("\"parameters\": {\"a\": {\"$integer\": \"1\", \"b\": 2}}"), "tags[0].parameters.a.$integer"),
        (tag("\"consent\": {\"status\": \"maybe\"}"), "tags[0].consent.status"),
        (tag("\"foreign\": 7"), "tags[0].foreign"),
        ("{\"format\": 1, \"settings\": {\"waitForConsentMilliseconds\": 1e3}}", "settings.waitForConsentMilliseconds"),
        (
            "{\"format\": 1, \"templates\": [{\"id\": \"1\", \"name\": \"a\", \"type\": \"cvt_1\"}]}",
            "templates[0].foreign"
        ),
    ]

    private static func tag(_ member: String) -> String {
        "{\"format\": 1, \"tags\": [{\"id\": \"1\", \"name\": \"a\", \"type\": \"html\", \(member)}]}"
    }

    @Test(arguments: refused) func whatIsNotTheStoredFormIsRefusedWithItsPlace(_ row: (json: String, place: String)) {
        do throws(TaggingError) {
            let read = try ContainerDefinition(json: Array(row.json.utf8))
            Issue.record("\(read) was read from \(row.json)")
        } catch {
            guard case .malformed(let place, _, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(place == row.place)
        }
    }

    @Test func nestingAndCountsAreBounded() {
        let deep = String(repeating: "[", count: 30) + String(repeating: "]", count: 30)
        let nested =
            "{\"format\": 1, \"tags\": [{\"id\": \"1\", \"name\": \"a\", \"type\": \"t\", \"parameters\": {\"a\": \(deep)}}]}"
        #expect(throws: TaggingError.self) { try ContainerDefinition(json: Array(nested.utf8)) }
        let many = "{\"format\": 1, \"builtIns\": [" + String(repeating: "\"a\",", count: 10_000) + "\"a\"]}"
        #expect(throws: TaggingError.tooMuch(what: "items in builtIns", count: 10_001, allowed: 10_000)) {
            try ContainerDefinition(json: Array(many.utf8))
        }
        let long = [UInt8](repeating: 32, count: ContainerDefinition.jsonBytesMax + 1)
        #expect(throws: TaggingError.self) { try ContainerDefinition(json: long) }
    }
}
