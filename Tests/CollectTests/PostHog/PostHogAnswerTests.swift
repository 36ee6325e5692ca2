import Catalog
import Collect
import Events
import Journal
import Testing

/// What PostHog's clients hear, of bad requests too.
@Suite struct PostHogAnswerTests {
    private static let browser = ["Origin: https://shop.test", "Content-Type: application/json"]
    private static let good = #"{"event":"a","token":"phc_test","distinct_id":"x"}"#

    /// Line, body, status, first reason.
    static let bad: [(line: String, body: String, status: UInt16, reason: String)] = [
        ("POST /e/", "", 400, "empty_body"),
        ("GET /e/", "", 400, "empty_body"),
        ("GET /e/?data=", "", 400, "empty_body"),
        ("GET /e/?data=%7B", "", 400, "invalid_json"),
        ("GET /e/?data=!!!", "", 400, "invalid_json"),
        ("POST /e/", "hello there", 400, "invalid_json"),
        ("POST /e/", "{", 400, "invalid_json"),
        ("POST /e/", #"{"event":"a""#, 400, "invalid_json"),
        ("POST /e/", "[\(good)", 400, "invalid_json"),
        ("POST /e/", #"{"event":"\u12"}"#, 400, "invalid_json"),
        ("POST /e/", "null", 400, "invalid_json"),
        ("POST /e/", "17", 400, "invalid_json"),
        ("POST /e/", #""{}""#, 400, "invalid_json"),
        ("POST /e/", "[]", 400, "empty_body"),
        ("POST /e/", "{}", 401, "missing_site"),
        ("POST /e/", #"{"api_key":"phc_test"}"#, 400, "missing_name"),
        ("POST /e/", #"{"event":"a"}"#, 401, "missing_site"),
        ("POST /e/", #"{"event":"a","token":{}}"#, 401, "missing_site"),
        ("POST /e/", #"{"event":[],"token":"phc_test"}"#, 400, "missing_name"),
        ("POST /e/", #"{"event":"","token":"phc_test"}"#, 400, "missing_name"),
        ("POST /e/", "[1,2]", 400, "not_an_object"),
        ("POST /e/", "[[\(good)]]", 400, "not_an_object"),
        ("POST /batch/", #"{"api_key":"phc_test","batch":{}}"#, 400, "not_an_object"),
        ("POST /batch/", #"{"api_key":"phc_test","batch":"[]"}"#, 400, "not_an_object"),
        ("POST /batch/", #"{"api_key":"phc_test","batch":[]}"#, 400, "empty_body"),
        ("POST /e/", #"{"event":"a","token":"phc_wrong"}"#, 200, "unknown_site"),
        ("POST /e/", #"{"event":"a","token":"PHC_TEST"}"#, 200, "unknown_site"),
        ("POST /e/?compression=lz64", "data=N4Ig", 400, "invalid_field"),
        ("POST /e/", "data=N4Ig&compression=lz64", 400, "invalid_field"),
        ("POST /e/?compression=base64", "data=e30", 401, "missing_site"),
        ("POST /e/?compression=base64", "data=e", 400, "invalid_json"),
        ("POST /e/", "data=", 400, "invalid_json"),
        ("POST /e/", "\u{1F}\u{8B}\u{8}", 400, "invalid_json"),
        ("POST /e/", #"{"event":"a","token":"phc_test","timestamp":"yesterday"}"#, 400, "invalid_time"),
        ("POST /e/", #"{"event":"a","token":"phc_test","timestamp":"2020-01-01T00:00:00Z"}"#, 200, "time_out_of_range"),
        ("POST /e/", #"{"event":"a","token":"phc_test","timestamp":true}"#, 400, "invalid_time"),
        ("POST /e/", #"{"event":"\#(String(repeating: "n", count: 200))","token":"phc_test"}"#, 400, "field_too_long"),
        (
            "POST /e/", #"{"event":"a","token":"phc_test","distinct_id":"\#(String(repeating: "i", count: 201))"}"#,
            400, "field_too_long"
        ),
        ("POST /e/", String(repeating: "[", count: 2_000), 400, "too_deep"),
        (
            "POST /e/", "{\"event\":\"a\",\"token\":\"phc_test\",\"properties\":{\"\\ud800\":\"\u{0}\"}}", 400,
            "invalid_json"
        ),
        ("POST /i/v1/analytics/events", #"{"batch":[{"event":"a"}]}"#, 401, "missing_site"),
        (
            "POST /batch/", #"{"batch":[\#(Array(repeating: good, count: 501).joined(separator: ","))]}"#, 400,
            "too_many_events"
        ),
    ]

    @Test(arguments: bad.indices)
    func badRequestsAreAnsweredAndCounted(place: Int) throws {
        let (line, body, status, reason) = Self.bad[place]
        var bench = ForeignBench()
        let heard = try sent(bench.send(line, Self.browser, body: body))
        #expect(heard.status == status && heard.reasons.first == reason, "\(line) \(body.prefix(80))")
        #expect(heard.content == .json && heard.outcome.accepted == 0)
        let events = try bench.events
        #expect(events.isEmpty)
    }

    /// Nothing of these is an event's end: it is stored without what cannot be read.
    @Test(arguments: [
        #""properties":7"#, #""properties":[{}]"#, #""properties":null"#, #""uuid":{}"#, #""distinct_id":[1]"#,
        #""sent_at":"soon","timestamp":"2026-11-22T13:37:00Z""#, #""offset":-5"#, #""offset":"x""#, #""offset":1e99"#,
        #""properties":{"$screen_width":1e30,"$screen_height":-1}"#, #""properties":{"$current_url":{}}"#,
        #""properties":{"$prev_pageview_duration":1e60}"#, #""$set":"x""#, #""batch":null"#,
        "\"properties\":{\"$current_url\":\"#\",\"utm_source\":\"x\"}",
        #""properties":{"$current_url":"?","utm_term":"%"}"#,
    ])
    func whatCannotBeReadIsLeftOut(member: String) throws {
        var bench = ForeignBench()
        let body = #"{"event":"$pageleave","token":"phc_test",\#(member)}"#
        let heard = bench.send("POST /e/", Self.browser, body: body)
        #expect(heard?.status == 200)
        let events = try bench.events
        #expect(events.count == 1)
    }

    private static let samples = [
        #"[{"event":"$pageview","uuid":"u","timestamp":"2026-11-22T13:37:09Z","properties":{"token":"phc_test","distinct_id":"a","#
            + #""$device_id":"b","$current_url":"https://a/b?c#d","utm_source":"x\u0020","$screen_width":1,"$screen_height":2}}]"#,
        #"{"api_key":"phc_test","sent_at":"2026-11-22T13:37:09Z","batch":[{"event":"order","properties":{"revenue":1.5,"#
            + #""currency":"EUR","products":[{"sku":"a","price":"1"}]}},{"event":"$identify","$set":{"a":{"b":[1]}}}]}"#,
        "data=eyJldmVudCI6ImE/YiIsInRva2VuIjoicGhjX3Rlc3QiLCJkaXN0aW5jdF9pZCI6Inh+fiJ9&compression=base64",
    ]

    /// Bytes changed, cut and repeated: always an answer that the client knows, and never a crash.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func brokenRequestsAreAnswered(seed: UInt64) throws {
        var bench = ForeignBench()
        for bytes in BrokenTexts(of: Self.samples, seed: seed).prefix(300) {
            let head = Array(
                "POST /batch/ HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.test\r\nUser-Agent: Mozilla/5.0\r\n\r\n".utf8)
            let heard = try sent(bench.send(head + bytes))
            #expect([200, 400, 401].contains(heard.status) && heard.content == .json, "seed \(seed)")
        }
    }

    @Test func oneBadEventDoesNotHurtTheOthers() throws {
        var bench = ForeignBench()
        let heard = try sent(
            bench.send("POST /e/", Self.browser, body: #"[\#(Self.good),7,{"event":"b"},\#(Self.good)]"#))
        #expect(heard.status == 200 && heard.body == #"{"status":"Ok"}"#)
        #expect(heard.reasons == ["not_an_object", "missing_site"] && heard.outcome.accepted == 2)
    }

    @Test func aJournalThatIsFullAsksToComeAgain() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        for line in ["POST /e/", "POST /batch/"] {
            let heard = try sent(bench.send(line, Self.browser, body: Self.good))
            #expect(heard.status == 503 && heard.headers["Retry-After"] == "1")
        }
    }

    @Test func resultsSpeakOfEachEvent() throws {
        var bench = ForeignBench()
        let body = """
            {"created_at":"2026-11-22T13:37:09Z","batch":[{"event":"a","uuid":"u-1","distinct_id":"x"},\
            {"event":"","uuid":"u-\\"2"},{"event":"b","uuid":"u-3","timestamp":"2020-01-01T00:00:00Z"},7]}
            """
        let line = "POST /i/v1/analytics/events"
        let heard = try sent(bench.send(line, ["Authorization: Bearer phc_test"], body: body))
        #expect(heard.status == 200)
        #expect(
            heard.body == """
                {"results":{"u-1":{"result":"ok"},"u-\\"2":{"result":"drop","details":"missing_name"},\
                "u-3":{"result":"drop","details":"time_out_of_range"}}}
                """)
        let events = try bench.events
        #expect(events.map(\.name) == ["a"])
        let wrong = try sent(bench.send(line, ["Authorization: Bearer phc_wrong"], body: body))
        #expect(wrong.status == 200 && wrong.body.contains(#""u-1":{"result":"ok"}"#) && wrong.reasons.count == 4)
    }

    @Test(arguments: ["POST /flags/?v=2", "POST /flags/?v=4", "POST /flags", "POST /decide/?v=3", "GET /flags/?v=2"])
    func noFlagsAreSet(line: String) throws {
        var bench = ForeignBench()
        let heard = try sent(bench.send(line, Self.browser, body: #"{"token":"phc_test"}"#))
        #expect(heard.status == 200 && heard.content == .json && heard.outcome.offered == 0)
        #expect(heard.body.hasPrefix(#"{"flags":{},"featureFlags":{}"#) && heard.body.hasSuffix("}"))
    }

    @Test func theConfigurationSwitchesNothingOn() throws {
        var bench = ForeignBench()
        let config = try sent(bench.send("GET /array/phc_test/config"))
        #expect(config.content == .json && config.body.hasPrefix(#"{"token":"phc_test","#))
        #expect(config.body.contains(#""sessionRecording":false"#))
        let script = try sent(bench.send("GET /array/phc_test/config.js"))
        #expect(script.content == .javaScript && script.body.contains("_POSTHOG_REMOTE_CONFIG"))
        #expect(script.body.contains(#"["phc_test"]={config:{"token":"phc_test","#))
    }

    @Test(arguments: [
        "/array/a%22b/config.js", "/array/a'b/config.js", "/array//config", "/array/x/config.css", "/array/x",
    ])
    func noForeignTextGetsIntoAScript(path: String) {
        var bench = ForeignBench()
        let heard = bench.send("GET \(path)")
        #expect(heard?.status == nil)
    }

    @Test func answersMirrorTheOrigin() throws {
        var bench = ForeignBench()
        let heard = try sent(bench.send("POST /e/", Self.browser, body: Self.good))
        guard case .mirrored = heard.origins else { Issue.record("the origin is not mirrored"); return }
    }
}

/// Outside of the macros, which copy what they are given.
private func sent(_ heard: ForeignBench.Heard?) throws -> ForeignBench.Heard { try #require(heard) }
