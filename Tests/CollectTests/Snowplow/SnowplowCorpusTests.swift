import Collect
import Testing

/// Requests that are wrong, and what their clients hear: 400 for what can never be taken, which ends their tries, and
/// 200 for what is dropped in silence.
@Suite struct SnowplowCorpusTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var line = SnowplowTests.path
        var headers: [String] = []
        var body: String
        var status: UInt16 = 400
        var reason: String
        var testDescription: String { "\(line.prefix(60)) \(body.prefix(60))" }
    }

    static let long = String(repeating: "x", count: 201)
    static let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    static let many = [String](repeating: #"{"e":"pv","aid":"my-app"}"#, count: 501).joined(separator: ",")

    static let bodies: [Bad] = [
        Bad(body: "", reason: "empty_body"), Bad(body: " ", reason: "invalid_json"),
        Bad(body: "{", reason: "invalid_json"),
        Bad(body: #"{"data":[{"e":"pv","aid":"my-a"#, reason: "invalid_json"), Bad(body: "[]", reason: "not_an_object"),
        Bad(body: "\"text\"", reason: "not_an_object"), Bad(body: "null", reason: "not_an_object"),
        Bad(body: "e=pv&aid=my-app", reason: "invalid_json"), Bad(body: #"{"data":[]}x"#, reason: "invalid_json"),
        Bad(body: "{}", reason: "empty_body"), Bad(body: #"{"data":null}"#, reason: "empty_body"),
        Bad(body: #"{"data":[]}"#, reason: "empty_body"), Bad(body: #"{"data":"x"}"#, reason: "invalid_field"),
        Bad(body: #"{"data":[1]}"#, reason: "not_an_object"), Bad(body: #"{"data":[[]]}"#, reason: "not_an_object"),
        Bad(body: #"{"data":\#(deep)}"#, reason: "too_deep"),
        Bad(body: #"{"data":[\#(many)]}"#, reason: "too_many_events"),
        Bad(line: "GET /i", body: "", reason: "empty_body"), Bad(line: "GET /i?e=pv", body: "", reason: "missing_site"),
        Bad(line: "GET /i?%FF%FE&&&=&%", body: "", reason: "missing_name"),
    ]

    static let events: [Bad] = [
        one("{}", "missing_name"), one(#"{"e":"zz","aid":"my-app"}"#, "invalid_field"),
        one(#"{"e":{},"aid":"my-app"}"#, "missing_name"), one(#"{"e":"PV","aid":"my-app"}"#, "invalid_field"),
        one(#"{"e":"pv"}"#, "missing_site"), one(#"{"e":"pv","aid":"other"}"#, "unknown_site", 200),
        one(#"{"e":"pv","aid":["my-app"]}"#, "missing_site"),
        one(#"{"e":"pv","url":"https://other.test/"}"#, "unknown_site", 200),
        one(#"{"e":"se","aid":"my-app"}"#, "missing_name"), one(#"{"e":"ue","aid":"my-app"}"#, "missing_name"),
        one(#"{"e":"ue","aid":"my-app","ue_px":"!!!"}"#, "invalid_json"),
        one(#"{"e":"ue","aid":"my-app","ue_px":"eyJzY2"}"#, "invalid_json"),
        one(#"{"e":"ue","aid":"my-app","ue_px":"A"}"#, "invalid_json"),
        one(#"{"e":"ue","aid":"my-app","ue_px":"_w"}"#, "invalid_json"),
        one(#"{"e":"ue","aid":"my-app","ue_pr":"[]"}"#, "not_an_object"),
        one(#"{"e":"ue","aid":"my-app","ue_pr":"\"{\\\"schema\\\":1}\""}"#, "not_an_object"),
        one(#"{"e":"ue","aid":"my-app","ue_pr":{"schema":"nonsense","data":{}}}"#, "invalid_field"),
        one(#"{"e":"ue","aid":"my-app","ue_pr":{"schema":"iglu:///","data":{}}}"#, "invalid_field"),
        one(#"{"e":"ue","aid":"my-app","ue_pr":{"schema":"iglu:a/unstruct_event/j/1","data":{}}}"#, "invalid_field"),
        one(#"{"e":"pv","aid":"my-app","dtm":"yesterday"}"#, "invalid_time"),
        one(#"{"e":"pv","aid":"my-app","dtm":"1795354628000","stm":"-"}"#, "invalid_time"),
        one(#"{"e":"pv","aid":"my-app","ttm":"9999999999999999999999"}"#, "invalid_time"),
        one(#"{"e":"pv","aid":"my-app","ttm":"0"}"#, "time_out_of_range", 200),
        one(#"{"e":"pv","aid":"my-app","dtm":"1795958228000"}"#, "time_out_of_range", 200),
        one(#"{"e":"pv","aid":"my-app","eid":"\#(long)"}"#, "field_too_long"),
        one(#"{"e":"pv","aid":"my-app","duid":"\#(long)"}"#, "field_too_long"),
        one(#"{"e":"se","aid":"my-app","se_ac":"\#(long)"}"#, "field_too_long"),
        one(#"{"e":"tr","aid":"my-app","tr_id":"1","tr_tt":"1","tr_cu":"EURO"}"#, "invalid_field"),
        Bad(
            headers: ["Origin: https://evil.test"], body: #"{"data":[{"e":"pv","aid":"my-app"}]}"#, status: 200,
            reason: "origin_not_allowed"),
    ]

    static func one(_ event: String, _ reason: String, _ status: UInt16 = 400) -> Bad {
        Bad(body: #"{"data":[\#(event)]}"#, status: status, reason: reason)
    }

    @Test(arguments: bodies + events)
    func badRequestsAreCountedAndEnd(_ bad: Bad) throws {
        var bench = ForeignBench()
        let answer = bench.send(bad.line, bad.headers, body: bad.body)
        let heard = try #require(answer)
        #expect(heard.status == bad.status)
        #expect(heard.reasons == [bad.reason])
        #expect(heard.outcome.accepted == 0)
        #expect(heard.headers["Set-Cookie"] == nil)
        #expect(try bench.events.isEmpty)
    }

    /// The bytes of a request that is good, cut or with one byte changed, at every place.
    @Test func noByteOfARequestStopsTheCollector() {
        let good =
            #"{"data":[{"e":"tr","aid":"my-app","tr_id":"1","tr_tt":"1"},"#
            + #"{"e":"ti","aid":"my-app","ti_id":"1","ti_qu":"2"},"#
            + #"{"e":"ue","aid":"my-app","ue_px":"eyJzY2hlbWEiOiJpZ2x1OmEvYi9jLzEifQ","co":"{\"data\":[{\"schema\":"#
            + #"\"iglu:a/b/c/1\",\"data\":{\"x\":[1,{}]}}]}"}]}"#
        let bytes = Array(good.utf8)
        for place in bytes.indices {
            for byte in [0x00, 0x22, 0x5C, 0x7D, 0xFF] as [UInt8] {
                var bench = ForeignBench()
                var changed = bytes
                changed[place] = byte
                for body in [changed, Array(bytes[..<place])] {
                    let lines = ["\(SnowplowTests.path) HTTP/1.1", "Host: track.test", "Content-Length: \(body.count)"]
                    let heard = bench.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
                    #expect(heard?.status == 200 || heard?.status == 400)
                    #expect(heard?.outcome.offered == (heard?.outcome.accepted ?? 0) + (heard?.outcome.refused ?? 0))
                }
            }
        }
    }
}
