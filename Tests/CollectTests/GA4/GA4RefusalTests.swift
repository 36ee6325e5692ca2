import Catalog
import Collect
import Events
import Journal
import Testing

/// Requests of which nothing becomes: 204 all the same, and the reason is counted.
struct GA4RefusalTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var reasons: [String]
        /// Events of the request that are taken nevertheless.
        var taken = 0
        var testDescription: String { "\(line.prefix(60)) \(String(body.prefix(60)).debugDescription)" }
    }

    static let tag = "POST /g/collect?tid=G-TEST1234&cid=1.2"
    static let mp = "POST /mp/collect?measurement_id=G-TEST1234"
    static let long = String(repeating: "x", count: 40_000)
    static let deep = String(repeating: "[", count: 70)
    static let corpus: [Bad] = [
        Bad(line: "GET /g/collect", reasons: ["empty_body"]),
        Bad(line: "POST /g/collect/", reasons: ["empty_body"]),
        Bad(line: "GET /g/collect?&&&==&", reasons: ["missing_site"]),
        Bad(line: "GET /g/collect?en=page_view", reasons: ["missing_site"]),
        Bad(line: "GET /g/collect?tid=&en=page_view", reasons: ["missing_site"]),
        Bad(line: "GET /g/collect?tid%3DG-TEST1234%26en%3Dpage_view", reasons: ["missing_site"]),
        Bad(line: "GET /g/collect?tid=G-OTHER&en=page_view", reasons: ["unknown_site"]),
        Bad(line: "GET /g/collect?tid=%00%FF%FE&en=page_view", reasons: ["unknown_site"]),
        Bad(line: "GET /g/collect?tid=1'%20OR%20'1'='1&en=page_view", reasons: ["unknown_site"]),
        Bad(line: "GET /g/collect?tid=\(long.prefix(4_000))&en=page_view", reasons: ["unknown_site"]),
        Bad(line: tag, reasons: ["missing_name"]),
        Bad(line: tag + "&en=", reasons: ["missing_name"]),
        Bad(line: tag + "&en=%00", reasons: ["missing_name"]),
        Bad(line: tag + "&en=\(long.prefix(121))", reasons: ["field_too_long"]),
        Bad(line: tag + "&en=a&uid=\(long.prefix(201))", reasons: ["field_too_long"]),
        Bad(line: tag + "&en=purchase&epn.value=1&cu=EURO", reasons: ["invalid_field"]),
        Bad(line: tag, body: "{\"en\":\"page_view\"}", reasons: ["missing_name"]),
        Bad(line: tag, body: "en=a\nep.x=1\n\r\n\nen=b", reasons: ["missing_name"], taken: 2),
        Bad(line: tag, body: String(repeating: "en=a\n", count: 501), reasons: ["too_many_events"]),
        Bad(line: tag, body: String(repeating: "\u{1F}\n", count: 5_000), reasons: ["too_many_events"]),
        Bad(line: mp, reasons: ["empty_body"]),
        Bad(line: mp, body: "{", reasons: ["invalid_json"]),
        Bad(line: mp, body: "{\"client_id\":\"1\",\"events\":[{\"name\":\"a", reasons: ["invalid_json"]),
        Bad(line: mp, body: "client_id=1&events=a", reasons: ["invalid_json"]),
        Bad(line: mp, body: "\"{\\\"client_id\\\":\\\"1\\\"}\"", reasons: ["not_an_object"]),
        Bad(line: mp, body: "[]", reasons: ["not_an_object"]),
        Bad(line: mp, body: deep, reasons: ["too_deep"]),
        Bad(line: mp, body: "{}", reasons: ["invalid_field"]),
        Bad(line: mp, body: "{\"events\":null}", reasons: ["invalid_field"]),
        Bad(line: mp, body: "{\"events\":\"a\"}", reasons: ["not_an_object"]),
        Bad(line: mp, body: "{\"events\":[1,null,[],\"a\"]}", reasons: Array(repeating: "not_an_object", count: 4)),
        Bad(
            line: mp, body: "{\"events\":[{},{\"name\":{}},{\"name\":\"a\"}]}",
            reasons: ["missing_name", "missing_name"], taken: 1),
        Bad(line: mp, body: "{\"events\":[{\"name\":\"a\",\"timestamp_micros\":\"now\"}]}", reasons: ["invalid_time"]),
        Bad(line: mp, body: "{\"events\":[{\"name\":\"a\",\"timestamp_micros\":{}}]}", reasons: ["invalid_time"]),
        Bad(line: mp, body: "{\"timestamp_micros\":9e99,\"events\":[{\"name\":\"a\"}]}", reasons: ["invalid_time"]),
        Bad(line: mp, body: "{\"timestamp_micros\":-1,\"events\":[{\"name\":\"a\"}]}", reasons: ["time_out_of_range"]),
        Bad(line: "POST /mp/collect", body: "{\"events\":[{\"name\":\"a\"}]}", reasons: ["missing_site"]),
        Bad(
            line: "POST /mp/collect?measurement_id=G-2", body: "{\"events\":[{\"name\":\"a\"}]}",
            reasons: ["unknown_site"]),
        Bad(
            line: mp,
            body: "{\"events\":[" + Array(repeating: "{\"name\":\"a\"}", count: 501).joined(separator: ",") + "]}",
            reasons: ["too_many_events"]),
    ]

    @Test(arguments: corpus) func whatIsWrongIsCountedAndTheClientHearsNothing(bad: Bad) throws {
        var bench = ForeignBench()
        let answer = bench.send(bad.line, GA4Tests.origin, body: bad.body)
        let heard = try #require(answer)
        #expect(heard.status == 204)
        #expect(heard.reasons == bad.reasons)
        #expect(try bench.events.count == bad.taken)
    }

    /// Odd values cost their own field, not the event.
    @Test(arguments: [
        "epn.value=NaN&cu=EUR", "pr1=~~~&pr2=&pr3=i&pr1000=idx&pr=idy&prx=1", "ep.=1&.=2&epn.=3&up.=4&ep", "_et=-1",
        "_et=99999999999999999999", "sr=wide&ul=%F0%9F%91%A2", "dl=%25%25%zz&cs=%", "gcd=%F0zzzzzzzzz&gcs=G1",
        "ep.long=\(long.prefix(6_000))", "pr1=id\(long.prefix(300))~nmA~qt1e99~pr-",
    ])
    func oddValuesCostTheirFieldOnly(query: String) throws {
        var bench = ForeignBench()
        let answer = bench.send("\(Self.tag)&en=purchase&\(query)", GA4Tests.origin)
        let heard = try #require(answer)
        #expect(heard.reasons == [])
        #expect(try bench.events.map(\.name) == ["order"])
    }

    @Test func onlyAFullJournalIsTold() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let answer = bench.send("\(Self.tag)&en=page_view", GA4Tests.origin)
        let heard = try #require(answer)
        #expect(heard.status == 503)
        #expect(heard.headers["Retry-After"] == "1")
    }

    // MARK: check

    @Test func theCheckKeepsNothingAndFindsNothingWrong() throws {
        var bench = ForeignBench()
        let answer = bench.send(
            "POST /debug/mp/collect?measurement_id=G-TEST1234", GA4Tests.origin,
            body: #"{"client_id":"1","events":[{"name":"login","params":{"session_id":1}}]}"#)
        let heard = try #require(answer)
        #expect(heard.status == 200)
        #expect(heard.content == .json)
        #expect(heard.body == #"{"validationMessages":[]}"#)
        #expect(heard.outcome.offered == 0)
        #expect(try bench.events.isEmpty)
    }

    @Test(arguments: [
        ("G-TEST1234", "{", "", "VALUE_INVALID"),
        ("G-TEST1234", "{}", "client_id", "VALUE_REQUIRED"),
        ("G-TEST1234", #"{"client_id":7,"events":[{"name":"a"}]}"#, "client_id", "VALUE_INVALID"),
        ("G-TEST1234", #"{"client_id":"1"}"#, "events", "VALUE_REQUIRED"),
        ("G-TEST1234", #"{"client_id":"1","events":[]}"#, "events", "VALUE_REQUIRED"),
        ("G-TEST1234", #"{"client_id":"1","events":[{"name":"_bad"}]}"#, "events", "NAME_INVALID"),
        ("G-TEST1234", #"{"client_id":"1","events":[{"name":"session_start"}]}"#, "events", "NAME_RESERVED"),
        (
            "G-TEST1234", #"{"client_id":"1","events":[{"name":"a","params":{"ga_x":1}}]}"#, "events.params",
            "NAME_RESERVED"
        ),
        (
            "G-TEST1234", #"{"client_id":"1","events":[{"name":"a","params":{"value":1}}]}"#, "events.params.currency",
            "VALUE_REQUIRED"
        ),
        (
            "G-TEST1234", #"{"client_id":"1","timestamp_micros":"x","events":[{"name":"a"}]}"#, "timestamp_micros",
            "VALUE_INVALID"
        ),
        (
            "G-TEST1234", #"{"client_id":"1","timestamp_micros":1,"events":[{"name":"a"}]}"#, "timestamp_micros",
            "VALUE_OUT_OF_BOUNDS"
        ),
        (
            "G-TEST1234", #"{"client_id":"1","consent":{"ad_user_data":"yes"},"events":[{"name":"a"}]}"#, "consent",
            "VALUE_INVALID"
        ),
        ("G-OTHER", #"{"client_id":"1","events":[{"name":"a"}]}"#, "measurement_id", "VALUE_INVALID"),
    ])
    func theCheckSaysWhatIsWrong(site: String, body: String, path: String, code: String) throws {
        var bench = ForeignBench()
        let answer = bench.send("POST /debug/mp/collect?measurement_id=\(site)", GA4Tests.origin, body: body)
        let heard = try #require(answer)
        #expect(heard.body.hasPrefix("{\"validationMessages\":[{\"fieldPath\":\"\(path)\""))
        #expect(heard.body.contains("\"validationCode\":\"\(code)\""))
    }

    @Test func theChecksAnswerIsBounded() throws {
        var bench = ForeignBench()
        let events = Array(repeating: #"{"name":"_","params":{"_a":1,"_b":1,"_c":1}}"#, count: 1_000)
        let answer = bench.send(
            "POST /debug/mp/collect", GA4Tests.origin,
            body: "{\"client_id\":\"1\",\"events\":[\(events.joined(separator: ","))]}")
        let heard = try #require(answer)
        #expect(heard.body.utf8.count < 10_000)
    }
}
