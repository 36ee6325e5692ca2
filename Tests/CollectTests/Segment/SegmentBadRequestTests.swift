import Collect
import Testing

/// What cannot be taken: every request is answered so that its client goes on, and counted with a reason.
@Suite struct SegmentBadRequestTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var line = "POST /v1/track"
        var headers = [SegmentTests.basic]
        var body = ""
        var status: UInt16 = 400
        var reasons: [String]
        var testDescription: String { name }
    }

    static let tooMany = Array(repeating: #"{"type":"track","event":"a"}"#, count: 501)
        .joined(separator: ",")

    static let corpus: [Bad] = [
        Bad(name: "no body", reasons: ["empty_body"]),
        Bad(name: "spaces", body: "  \n", reasons: ["invalid_json"]),
        Bad(name: "cut off", body: #"{"event":"a""#, reasons: ["invalid_json"]),
        Bad(name: "cut off in a text", body: #"{"event":"a"#, reasons: ["invalid_json"]),
        Bad(name: "bad escape", body: #"{"event":"\x"}"#, reasons: ["invalid_json"]),
        Bad(name: "two values", body: #"{"event":"a"}{}"#, reasons: ["invalid_json"]),
        Bad(name: "array", body: "[]", reasons: ["not_an_object"]),
        Bad(name: "number", body: "7", reasons: ["not_an_object"]),
        Bad(name: "null", body: "null", reasons: ["not_an_object"]),
        Bad(name: "encoded twice", body: #""{\"event\":\"a\"}""#, reasons: ["not_an_object"]),
        Bad(name: "form", body: "event=a&writeKey=wk_test", reasons: ["invalid_json"]),
        Bad(name: "zero bytes", body: "\0\0", reasons: ["invalid_json"]),
        Bad(name: "deep", body: #"{"a":"# + String(repeating: "[", count: 100), reasons: ["too_deep"]),
        Bad(name: "no name", body: "{}", reasons: ["missing_name"]),
        Bad(name: "name is an object", body: #"{"event":{}}"#, reasons: ["missing_name"]),
        Bad(
            name: "long name", body: #"{"event":"\#(String(repeating: "x", count: 121))"}"#,
            reasons: ["field_too_long"]),
        Bad(
            name: "long id", body: #"{"event":"a","userId":"\#(String(repeating: "x", count: 201))"}"#,
            reasons: ["field_too_long"]),
        Bad(
            name: "large event", body: #"{"event":"a","properties":{"x":"\#(String(repeating: "y", count: 40_000))"}}"#,
            reasons: ["event_too_large"]),
        Bad(name: "no time", body: #"{"event":"a","timestamp":"yesterday"}"#, reasons: ["invalid_time"]),
        Bad(
            name: "long ago", body: #"{"event":"a","timestamp":"2020-01-01T00:00:00Z"}"#, status: 200,
            reasons: ["time_out_of_range"]),
        Bad(name: "no key", headers: [], body: #"{"event":"a"}"#, status: 401, reasons: ["missing_site"]),
        Bad(
            name: "key of another type", headers: [], body: #"{"event":"a","writeKey":{}}"#, status: 401,
            reasons: ["missing_site"]),
        Bad(
            name: "Basic is no base64", headers: ["Authorization: Basic !!!"], body: #"{"event":"a"}"#, status: 401,
            reasons: ["missing_site"]),
        Bad(
            name: "unknown key", headers: [], body: #"{"event":"a","writeKey":"nobody"}"#, status: 200,
            reasons: ["unknown_site"]),
        Bad(
            name: "somebody's server key", headers: [],
            body: #"{"event":"a","writeKey":"wk_test:hlk_\#(String(repeating: "a", count: 55))"}"#, status: 401,
            reasons: ["wrong_key"]),
        Bad(
            name: "another's page", headers: [SegmentTests.basic, "Origin: https://evil.test"],
            body: #"{"event":"a","context":{"page":{"url":"https://shop.test/"}}}"#, status: 200,
            reasons: ["origin_not_allowed"]),
        Bad(name: "batch without one", line: "POST /v1/batch", body: "{}", reasons: ["invalid_field"]),
        Bad(name: "batch is an object", line: "POST /v1/batch", body: #"{"batch":{}}"#, reasons: ["invalid_field"]),
        Bad(name: "batch of numbers", line: "POST /v1/batch", body: #"{"batch":[1]}"#, reasons: ["not_an_object"]),
        Bad(
            name: "unknown type", line: "POST /v1/batch", body: #"{"batch":[{"type":"x"},{}]}"#,
            reasons: ["invalid_field", "invalid_field"]),
        Bad(
            name: "batch in a batch", line: "POST /v1/batch", body: #"{"batch":[{"type":"batch","batch":[]}]}"#,
            reasons: ["invalid_field"]),
        Bad(
            name: "too many", line: "POST /v1/batch", body: #"{"batch":[\#(tooMany)]}"#,
            reasons: ["too_many_events"]),
        Bad(
            name: "image with bad data", line: "GET /v1/pixel/track?data=%25%25", headers: [], status: 200,
            reasons: ["missing_site"]),
        Bad(
            name: "image without a query", line: "GET /pixel/v1/page", headers: [], status: 200,
            reasons: ["missing_site"]),
    ]

    @Test(arguments: corpus)
    func isAnsweredAndCounted(bad: Bad) throws {
        var bench = ForeignBench()
        let answer = bench.send(bad.line, bad.headers, body: bad.body)
        let heard = try #require(answer)
        #expect(heard.status == bad.status)
        #expect(heard.reasons == bad.reasons)
        #expect(heard.headers["x-segment-dropped"] == "\(heard.outcome.refused)")
        #expect(try bench.events.isEmpty)
        if bad.status != 200 {
            #expect(heard.body.hasPrefix(#"{"code":\#(bad.status),"message":""#))
        }
    }

    @Test func bytesThatAreNoUTF8AreRefused() throws {
        var bench = ForeignBench()
        let head = "POST /v1/track HTTP/1.1\r\nHost: track.test\r\n\(SegmentTests.basic)\r\n\r\n"
        var bytes = Array(head.utf8)
        bytes += Array(#"{"event":""#.utf8)
        bytes += [0xFF, 0xFE, 0x22, 0x7D]
        let answer = bench.send(bytes)
        let heard = try #require(answer)
        #expect(heard.status == 400)
        #expect(heard.reasons == ["invalid_utf8"])
    }

    @Test func oddTypesAreLeftOutAndTheEventKept() throws {
        var bench = ForeignBench()
        let body =
            #"{"event":"a","properties":"x","context":[1],"anonymousId":{},"userId":[],"#
            + #""timestamp":null,"sentAt":"bad"}"#
        let heard = bench.send("POST /v1/track", [SegmentTests.basic], body: body)
        #expect(heard?.status == 200)
        let seen = try #require(try bench.events.first)
        #expect(seen.properties.isEmpty)
        #expect(seen.anonymousID == nil)
    }

    @Test func goodCallsOfABatchAreKept() throws {
        var bench = ForeignBench()
        let body = #"{"batch":[1,{"type":"track"},{"type":"track","event":"a"}]}"#
        let answer = bench.send("POST /v1/batch", [SegmentTests.basic], body: body)
        let heard = try #require(answer)
        #expect(heard.status == 200)
        #expect(heard.reasons == ["not_an_object", "missing_name"])
        #expect(try bench.events.map(\.name) == ["a"])
    }

    @Test func whatIsTooMuchIsLeftOut() throws {
        var bench = ForeignBench()
        let properties = (0..<300).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let products = Array(repeating: #"{"sku":"s"}"#, count: 300).joined(separator: ",")
        let body = #"{"event":"Order Completed","properties":{\#(properties),"products":[\#(products)]}}"#
        let heard = bench.send("POST /v1/track", [SegmentTests.basic], body: body)
        #expect(heard?.status == 200)
        let seen = try #require(try bench.events.first)
        #expect(seen.properties.count == 64)
        #expect(seen.items.count == 100)
    }

    @Test func aHugeSharedContextIsNotSearchedForEveryCall() throws {
        var bench = ForeignBench()
        let members = (0..<300).map { "\"k\($0)\":1" }.joined(separator: ",")
        let body = #"{"batch":[{"type":"track","event":"a"}],"context":{\#(members),"locale":"de"}}"#
        let heard = bench.send("POST /v1/batch", [SegmentTests.basic], body: body)
        #expect(heard?.status == 200)
        #expect(try bench.events.first?.language == nil)
    }
}
