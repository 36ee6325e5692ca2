import Collect
import Events
import Testing

struct NativeBodyTests {
    /// Names of the accepted events and the refusals by index.
    private func collect(_ text: [UInt8], refusesNames: Bool = false) throws -> (
        names: [String], refusals: [String], status: Int
    ) {
        var bench = Bench(refusesNames: refusesNames)
        let outcome = bench.body(text)
        let names = try bench.journal.records.map { try ReadEvent($0).texts[.name] ?? "" }
        #expect(outcome.offered == outcome.accepted + outcome.refused)
        return (names, bench.collector.rejections.map { "\($0.index) \($0.reason.rawValue)" }, outcome.status.code)
    }

    private func collect(_ text: String) throws -> (names: [String], refusals: [String], status: Int) {
        try collect(Array(text.utf8))
    }

    @Test func anArrayALineEachAndRunTogetherGiveTheSame() throws {
        let events = ["a", "b", "c"].map { event(name: $0) }
        let bodies: [String] = [
            "[\(events.joined(separator: ","))]", events.joined(separator: "\n"),
            "\(events.joined(separator: "\r\n"))\r\n\n",
            events.joined(), " \n[ \(events.joined(separator: " , ")) ]\n", "\u{FEFF}\(events.joined(separator: "\n"))",
        ]
        for body in bodies {
            let result = try collect(body)
            #expect(result.names == ["a", "b", "c"] && result.refusals.isEmpty && result.status == 202, "\(body)")
        }
    }

    @Test(
        "a body that holds nothing is refused as a whole",
        arguments: [
            ("", "0 empty_body"), (" \n\t", "0 empty_body"), ("hello", "0 invalid_json"), ("<xml/>", "0 invalid_json"),
            ("[", "0 invalid_json"),
            ("{", "0 invalid_json"), ("42", "0 not_an_object"), ("\"a\"", "0 not_an_object"),
            ("null", "0 not_an_object"), ("{}", "0 missing_site"),
            ("a=b", "0 missing_site"), ("[1]", "0 not_an_object"), ("[{}", "1 invalid_json"),
            ("[{}]x", "1 invalid_json"), ("[{}}", "1 invalid_json"),
        ])
    func refusesWholeBodies(body: String, refusal: String) throws {
        let result = try collect(body)
        #expect(result.names.isEmpty && result.refusals == [refusal] && result.status == 400)
    }

    @Test func anEmptyArrayIsTakenAndHoldsNothing() throws {
        let result = try collect("[]")
        #expect(result.names.isEmpty && result.refusals.isEmpty && result.status == 202)
    }

    @Test func oneBadElementDoesNotTakeTheOthersAlong() throws {
        let body = "[\(event(name: "a")),7,\(event("\"id\":1")),{\"site\":\"x\",\"name\":\"n\"},\(event(name: "b"))]"
        let result = try collect(body)
        #expect(result.names == ["a", "b"] && result.status == 202)
        #expect(result.refusals == ["1 not_an_object", "2 invalid_field", "3 unknown_site"])
    }

    @Test func anArrayThatBreaksOffIsRefusedAltogether() throws {
        let result = try collect("[\(event(name: "a")),\(event(name: "b")),{\"site\":")
        #expect(result.names.isEmpty && result.refusals == ["2 invalid_json"] && result.status == 400)
    }

    @Test func aBrokenLineIsRefusedAlone() throws {
        let result = try collect("\(event(name: "a"))\n{\"site\":\"x\",\"na\n{bad}\n\n\(event(name: "b"))\n{\"trunc")
        #expect(result.names == ["a", "b"])
        #expect(result.refusals == ["1 invalid_json", "2 invalid_json", "4 invalid_json"])
    }

    /// Every line is accounted for, whatever the ones before it were.
    @Test(arguments: [
        "broken", "\u{C}", "\u{0}", "# a comment", "]", "\"", "{\"a\":\"", "\u{FEFF}{}", "a=b", "{\"a\":tru",
    ])
    func linesBehindABrokenOneAreRead(broken: String) throws {
        let first = "\(event(name: "a"))\n"
        let last = "[1]\n\(event(name: "b"))\n\r\n\(event(name: "c"))"
        for count in 1...3 {
            let lines = String(repeating: "\(broken)\r\n", count: count)
            let result = try collect(first + lines + last)
            #expect(result.names == ["a", "b", "c"] && result.status == 202)
            let refusals = (1...count).map { "\($0) invalid_json" } + ["\(count + 1) not_an_object"]
            #expect(result.refusals == refusals)
        }
    }

    @Test func theEndOfALineThatWasCutIsNoForm() throws {
        let result = try collect("rl\":\"https://shop.test/?a=b\"}\n\(event(name: "a"))\n\(event(name: "b"))")
        #expect(result.names == ["a", "b"] && result.refusals == ["0 invalid_json"])
    }

    @Test func whatFollowsABrokenObjectOverSeveralLinesIsRead() throws {
        let broken = "{\n  \"site\": \"x\",\n  \"name\": oops,\n  \"id\": {\n    \"a\": 1 }\n}\n"
        let result = try collect(broken + event(name: "a") + "\n" + broken + event(name: "b"))
        #expect(result.names == ["a", "b"] && result.refusals == ["0 invalid_json", "2 invalid_json"])
    }

    @Test func aBrokenObjectOverSeveralLinesIsOneRefusal() throws {
        let result = try collect("{\n  \"site\": \"x\",\n  \"name\": oops,\n  \"id\": \"1\"\n}\n")
        #expect(result.refusals == ["0 invalid_json"] && result.status == 400)
    }

    @Test func aFormWithThePixelsKeysIsOneEvent() throws {
        let result = try collect("site=\(Bench.key)&name=from+form&p.a=1")
        #expect(result.names == ["from form"] && result.status == 202)
    }

    @Test func fiveHundredEventsAreTakenAndOneMoreRefusesTheBody() throws {
        let one = event(name: "e")
        let allowed = try collect("[" + Array(repeating: one, count: 500).joined(separator: ",") + "]")
        #expect(allowed.names.count == 500 && allowed.status == 202)
        let tooMany = try collect("[" + Array(repeating: one, count: 501).joined(separator: ",") + "]")
        #expect(tooMany.names.isEmpty && tooMany.refusals == ["500 too_many_events"] && tooMany.status == 400)
    }

    @Test func latin1IsRefusedAndSaidSo() throws {
        let bytes = Array(event("\"title\":\"gr").utf8.dropLast()) + [0xFC] + Array("n\"}".utf8)
        #expect(try collect(bytes).refusals == ["0 invalid_utf8"])
    }

    @Test func everyTruncationOfABatchIsAnsweredAndAcceptsNothing() throws {
        let text = Array(
            "[\(event("\"properties\":{\"a\":[1,{\"b\":\"\\u00e9ü\"}]},\"items\":[{\"price\":\"1.5\"}]")),\(event())]"
                .utf8)
        #expect(try collect(text).names.count == 2)
        for count in 0..<text.count {
            let result = try collect(Array(text[..<count]))
            #expect(result.names.isEmpty && result.status == 400 && result.refusals.count == 1, "cut at \(count)")
        }
    }

    @Test(arguments: [61, 62, 63] as [UInt64])
    func randomlyDamagedBodiesAreAnsweredAndWhatIsAcceptedDecodes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rich = #""title":"ü\ud83d\ude00","properties":{"a":{"b":1}},"consent":{"measurement":true}"#
        let whole = Array("[\(event(rich)),\(event("\"time\":1795354620000"))]\n\(event())".utf8)
        var accepted = 0
        for round in 0..<1_000 {
            var body =
                round % 2 == 0
                ? whole : Array(whole.dropFirst().map { $0 == 0x5D ? 0x0A : $0 == 0x2C && round % 4 == 1 ? 0x0A : $0 })
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let result = try collect(body)
            accepted += result.names.count
            #expect([202, 400].contains(result.status), "seed \(seed), round \(round)")
        }
        #expect(accepted > 50, "seed \(seed)")
    }
}
