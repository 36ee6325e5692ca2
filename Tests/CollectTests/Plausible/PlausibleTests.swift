import Catalog
import Collect
import Events
import Journal
import Testing

/// What Plausible's script sends becomes the same events as native ones.
struct PlausibleTests {
    static let origin = ["Origin: https://shop.test", "Content-Type: text/plain"]

    private static func send(_ body: String) throws -> SeenEvent {
        var bench = ForeignBench()
        let answer = bench.send("POST /api/event", origin, body: body)
        let heard = try #require(answer)
        #expect(heard.status == 202)
        #expect(heard.body == "ok")
        #expect(heard.headers == [:])
        let events = try bench.events
        #expect(events.count == 1)
        return try #require(events.first)
    }

    @Test(arguments: [
        #"{"n":"pageview","u":"https://shop.test/boots","d":"shop.test","r":"https://www.google.com/","v":24}"#,
        #"{"name":"pageview","url":"https://shop.test/boots","domain":"shop.test","referrer":"https://google.com"}"#,
        #"{"n":"pageview","u":"https://shop.test/boots","r":"https://www.google.com/"}"#,
        #"{"n":"pageview","u":"https://www.shop.test/boots","r":"https://www.google.com/"}"#,
    ])
    func aPageViewHasShortOrLongNames(body: String) throws {
        let event = try Self.send(body)
        #expect(event.name == "pageview")
        #expect(event.flags == .pageview)
        #expect(event.url?.hasSuffix("shop.test/boots") == true)
        #expect(event.referrer?.contains("google.com") == true)
    }

    @Test func aVisitorWithoutAnyIdIsTheSameForTheDay() throws {
        var bench = ForeignBench(consent: .client)
        for page in ["a", "b"] {
            let body = #"{"n":"pageview","u":"https://shop.test/\#(page)","d":"shop.test"}"#
            _ = bench.send("POST /api/event", Self.origin, body: body)
        }
        _ = bench.send(
            "POST /api/event", Self.origin + ["User-Agent: Mozilla/5.0 (Macintosh) Safari/605.1"],
            body: #"{"n":"pageview","u":"https://shop.test/c","d":"shop.test"}"#)
        let events = try bench.events
        #expect(events.map(\.deviceID) == [nil, nil, nil])
        #expect(events[0].dailyID != nil)
        #expect(events[0].dailyID == events[1].dailyID)
        #expect(events[2].dailyID != nil)
        #expect(events[2].dailyID != events[0].dailyID)
    }

    @Test(arguments: [
        ("https://shop.test/#/boots", "1", "https://shop.test/%23/boots"),
        ("https://shop.test/#/boots", "true", "https://shop.test/%23/boots"),
        ("https://shop.test/#/boots", "0", "https://shop.test/"),
        (
            "https://shop.test/a?utm_source=x#/boots?utm_medium=y", "1",
            "https://shop.test/a%23/boots?utm_source=x&utm_medium=y"
        ),
        ("https://shop.test/#/boots?", "1", "https://shop.test/%23/boots"),
        ("https://shop.test/#access_token=abc", "1", "https://shop.test/"),
        ("https://shop.test/#", "1", "https://shop.test/"),
        ("https://shop.test/#?utm_source=x", "1", "https://shop.test/"),
    ])
    func withHashesThePageStandsBehindOne(url: String, mode: String, kept: String) throws {
        #expect(try Self.send(#"{"n":"pageview","u":"\#(url)","d":"shop.test","h":\#(mode)}"#).url == kept)
    }

    @Test func engagementBreaksNoBounce() throws {
        let event = try Self.send(
            #"{"n":"engagement","u":"https://shop.test/","d":"shop.test","sd":80,"e":12345}"#)
        #expect(event.flags == .nonInteractive)
        #expect(event.engagedMilliseconds == 12_345)
        #expect(event.properties == ["scroll_depth:number:80"])
        let unscrolled = try Self.send(#"{"n":"engagement","u":"https://shop.test/","d":"shop.test","sd":255,"e":1}"#)
        #expect(unscrolled.properties == [])
    }

    @Test func anEventMaySayThatItIsNoDeed() throws {
        let event = try Self.send(#"{"n":"banner","u":"https://shop.test/","d":"shop.test","i":false}"#)
        #expect(event.flags == .nonInteractive)
    }

    @Test(arguments: [
        #"{"product":"Boots","size":42,"gift":false}"#, #""{\"product\":\"Boots\",\"size\":42,\"gift\":false}""#,
    ])
    func propertiesAreAnObjectOrItsText(properties: String) throws {
        let event = try Self.send(#"{"n":"add_to_cart","u":"https://shop.test/","d":"shop.test","p":\#(properties)}"#)
        #expect(event.properties == ["product:string:Boots", "size:number:42", "gift:boolean:0"])
    }

    @Test(arguments: [("Outbound Link: Click", "outlink"), ("File Download", "download")])
    func aFollowedLinkHasATarget(name: String, kept: String) throws {
        let event = try Self.send(
            #"{"n":"\#(name)","u":"https://shop.test/","d":"shop.test","p":{"url":"https://maker.example/","a":"b"}}"#)
        #expect(event.name == kept)
        #expect(event.url == "https://shop.test/")
        #expect(event.properties == ["target:string:https://maker.example/", "a:string:b"])
    }

    @Test func revenueIsAnAmountAndACurrency() throws {
        let event = try Self.send(
            #"{"n":"order","u":"https://shop.test/","d":"shop.test","$":{"amount":"129.90","currency":"EUR"}}"#)
        #expect(event.revenue?.micros == 129_900_000)
    }

    @Test func severalDomainsAreSeveralSites() throws {
        var bench = ForeignBench()
        let answer = bench.send(
            "POST /api/event", Self.origin,
            body: #"{"n":"a","u":"https://shop.test/","d":"shop.test, all.test","p":{"x":"y"}}"#)
        let heard = try #require(answer)
        #expect(heard.status == 202)
        #expect(heard.headers["x-plausible-dropped"] == "1")
        #expect(heard.reasons == ["unknown_site"])
        #expect(try bench.events.map(\.properties) == [["x:string:y"]])
    }

    // MARK: refusals

    struct Bad: Sendable, CustomTestStringConvertible {
        var body: String
        var status: UInt16 = 400
        var reason: String
        /// The field at fault, in a 400.
        var field: String?
        var testDescription: String { String(body.prefix(80)).debugDescription }
    }

    static let long = String(repeating: "x", count: 40_000)
    static let corpus: [Bad] = [
        Bad(body: "", reason: "empty_body", field: "request"),
        Bad(body: " ", reason: "invalid_json", field: "request"),
        Bad(body: "{", reason: "invalid_json", field: "request"),
        Bad(body: #"{"n":"pageview","u":"https://shop.test/","d":"shop"#, reason: "invalid_json", field: "request"),
        Bad(body: "n=pageview&d=shop.test", reason: "invalid_json", field: "request"),
        Bad(body: "{'n':'pageview'}", reason: "invalid_json", field: "request"),
        Bad(body: #"{"n":"a","d":"shop.test"} {}"#, reason: "invalid_json", field: "request"),
        Bad(body: #"{"n":"a","d":"shop.test",}"#, reason: "invalid_json", field: "request"),
        Bad(body: #"{"n":"\x","d":"shop.test"}"#, reason: "invalid_json", field: "request"),
        Bad(body: "[]", reason: "not_an_object", field: "request"),
        Bad(body: "null", reason: "not_an_object", field: "request"),
        Bad(body: "7", reason: "not_an_object", field: "request"),
        Bad(body: #""{\"n\":\"pageview\",\"d\":\"shop.test\"}""#, reason: "not_an_object", field: "request"),
        Bad(body: String(repeating: "[", count: 70), reason: "too_deep", field: "request"),
        Bad(body: String(repeating: #"{"p":"#, count: 70), reason: "too_deep", field: "request"),
        Bad(body: "{}", reason: "missing_site", field: "domain"),
        Bad(body: #"{"n":"pageview"}"#, reason: "missing_site", field: "domain"),
        Bad(body: #"{"n":"pageview","d":null}"#, reason: "missing_site", field: "domain"),
        Bad(body: #"{"n":"pageview","d":{"a":1}}"#, reason: "missing_site", field: "domain"),
        Bad(body: #"{"n":"pageview","d":" "}"#, reason: "missing_site", field: "domain"),
        Bad(body: #"{"n":"pageview","u":"/boots"}"#, reason: "missing_site", field: "domain"),
        Bad(body: #"{"d":"shop.test"}"#, reason: "missing_name", field: "event_name"),
        Bad(body: #"{"n":"","d":"shop.test"}"#, reason: "missing_name", field: "event_name"),
        Bad(body: #"{"n":["pageview"],"d":"shop.test"}"#, reason: "missing_name", field: "event_name"),
        Bad(body: #"{"n":"\u0000","d":"shop.test"}"#, reason: "missing_name", field: "event_name"),
        Bad(body: #"{"n":"\#(long)","d":"shop.test"}"#, reason: "field_too_long", field: "event_name"),
        Bad(
            body: #"{"n":"a","d":"shop.test","$":{"amount":1,"currency":"EURO"}}"#, reason: "invalid_field",
            field: "revenue_source"),
        Bad(
            body: #"{"n":"a","d":"\#(String(repeating: "shop.test,", count: 501))"}"#, reason: "too_many_events",
            field: "domain"),
        Bad(body: #"{"n":"a","d":"other.test"}"#, status: 202, reason: "unknown_site"),
        Bad(body: #"{"n":"a","d":"\#(long)"}"#, status: 202, reason: "unknown_site"),
        Bad(body: #"{"n":"a","d":"' OR 1=1 --"}"#, status: 202, reason: "unknown_site"),
        Bad(body: #"{"n":"a","d":7}"#, status: 202, reason: "unknown_site"),
    ]

    @Test(arguments: corpus) func whatCanNeverSucceedIsSaidByItsField(bad: Bad) throws {
        var bench = ForeignBench()
        let answer = bench.send("POST /api/event", Self.origin, body: bad.body)
        let heard = try #require(answer)
        #expect(heard.status == bad.status)
        #expect(heard.reasons.first == bad.reason)
        if let field = bad.field { #expect(heard.body.hasPrefix("{\"errors\":{\"\(field)\":[\"")) }
        if bad.status == 202 { #expect(heard.headers["x-plausible-dropped"] == "1") }
        #expect(try bench.events.isEmpty)
    }

    /// Odd values cost their own field, not the event.
    @Test(arguments: [
        #""p":7"#, #""p":"{""#, #""p":[1]"#, #""$":"9""#, #""$":{"amount":"lots","currency":"EUR"}"#, #""i":"no""#,
        #""h":[1]"#, #""r":{}"#, #""unknown":{"deep":[{}]}"#, #""p":{"":"x","a":{"b":{"c":{"d":{"e":1}}}}}"#,
        #""p":"{\"a\":\"{\\\"b\\\":1}\"}""#,
    ])
    func oddValuesCostTheirFieldOnly(member: String) throws {
        let event = try Self.send(#"{"n":"a","u":"https://shop.test/","d":"shop.test",\#(member)}"#)
        #expect(event.name == "a")
        #expect(event.revenue == nil)
    }

    @Test func bytesThatAreNoUTF8AreRefused() throws {
        var bench = ForeignBench()
        let body = Array(#"{"d":"shop.test","n":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        let head = "POST /api/event HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n"
        let answer = bench.send(Array(head.utf8) + body)
        let heard = try #require(answer)
        #expect(heard.status == 400)
        #expect(heard.reasons == ["invalid_utf8"])
    }

    @Test func aFullJournalAsksToComeBack() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let answer = bench.send("POST /api/event", Self.origin, body: #"{"n":"a","d":"shop.test"}"#)
        let heard = try #require(answer)
        #expect(heard.status == 503)
        #expect(heard.headers["Retry-After"] == "1")
    }
}
