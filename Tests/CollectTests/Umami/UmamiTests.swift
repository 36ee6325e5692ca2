import Catalog
import Collect
import Events
import Journal
import Testing

/// Umami's clients, as they send.
@Suite struct UmamiTests {
    private static let site = "94db1cb1-74f4-4a40-ad6c-962362670409"
    private static let browser = ["Origin: https://shop.test", "Content-Type: application/json"]

    private static func body(_ members: String = "", type: String = "event", site: String = site) -> String {
        let more = members.isEmpty ? "" : "," + members
        return """
            {"type":"\(type)","payload":{"website":"\(site)","hostname":"shop.test","url":"/boots"\(more)}}
            """
    }

    private func seen(
        _ members: String = "", type: String = "event", consent: AliasConsent = .client, headers: [String] = browser
    ) throws -> SeenEvent {
        var bench = ForeignBench(consent: consent)
        let heard = try sent(bench.send("POST /api/send", headers, body: Self.body(members, type: type)))
        #expect(heard.status == 200 && heard.content == .json && heard.reasons == [])
        let events = try bench.events
        return try #require(events.first)
    }

    @Test func anEventWithoutANameIsAPageview() throws {
        let event = try seen(
            #""title":"Boots","screen":"1920x1080","language":"de-CH","referrer":"https://www.google.com/","tag":"red""#
        )
        #expect(event.name == "pageview" && event.flags == .pageview && event.url == "https://shop.test/boots")
        #expect(event.referrer == "https://www.google.com/" && event.title == "Boots")
        #expect(event.screen == "1920x1080" && event.language == "de-CH" && event.properties == ["tag:string:red"])
        #expect(event.wireProtocol == WireProtocol.umami.rawValue && event.dailyID != nil && event.anonymousID == nil)
    }

    @Test func aWholeURLStaysAndABadHostIsNotUsed() throws {
        #expect(try seen(#""url":"https://shop.test/a""#).url == "https://shop.test/a")
        #expect(try seen(#""url":"/a","hostname":"evil.test/x?""#).url == "/a")
        #expect(try seen(#""url":"/a","referrer":"/b""#).referrer == "https://shop.test/b")
    }

    @Test func namedEventsKeepNameAndData() throws {
        let event = try seen(#""name":"add_to_cart","data":{"product":"Boots","size":42,"in":{"sale":true}}"#)
        #expect(event.name == "add_to_cart" && event.flags == [])
        #expect(Set(event.properties) == ["product:string:Boots", "size:number:42", "in.sale:boolean:1"])
    }

    @Test func revenueIsMoneyWhateverTheName() throws {
        let event = try seen(#""name":"donation","data":{"revenue":"129.90","currency":"USD","order_id":"o-1"}"#)
        #expect(event.name == "donation" && event.revenue?.micros == 129_900_000 && event.clientEventID == nil)
        #expect(event.properties == ["order_id:string:o-1"])
        let odd = try seen(#""name":"donation","data":{"revenue":1,"currency":"coins","my_revenue":2}"#)
        #expect(odd.revenue == nil && odd.properties.count == 3)
    }

    @Test func anOrderIsCountedOnce() throws {
        var bench = ForeignBench()
        let body = Self.body(#""name":"order","data":{"revenue":5,"order_id":"o-1"}"#)
        for _ in 0..<2 {
            let heard = bench.send("POST /api/send", Self.browser, body: body)
            #expect(heard?.status == 200)
        }
        let events = try bench.events
        #expect(events.count == 1)
    }

    @Test func anIDIsTheVisitorWhereConsentAllows() throws {
        #expect(try seen(#""id":"anna""#).anonymousID == "anna")
        let required = try seen(#""id":"anna""#, consent: .required)
        #expect(required.anonymousID == nil && required.deviceID == nil && required.dailyID != nil)
        let identify = try seen(#""id":"customer-7","data":{"plan":"gold"}"#, type: "identify")
        #expect(identify.name == "identify" && identify.flags == .identity && identify.userHash != nil)
        #expect(identify.properties == ["plan:string:gold"])
    }

    @Test func measuresOfAPageBreakNoBounce() throws {
        let event = try seen(#""lcp":1234.5,"inp":40,"cls":0.02,"fcp":"640","ttfb":null"#, type: "performance")
        #expect(event.name == "performance" && event.flags == .nonInteractive)
        #expect(event.properties == ["lcp:number:1234.5", "inp:number:40", "cls:number:0.02"])
    }

    @Test func anAddressInTheBodyIsNotBelieved() throws {
        let event = try seen(#""ip":"198.51.100.17","userAgent":"Mozilla/5.0 (Claimed)""#)
        #expect(event.network == [203, 0, 113, 0] && event.agent == "Mozilla/5.0 (Claimed)")
    }

    @Test func anAddressIsTakenWithAKeyOfThisInstallation() throws {
        let (id, text) = APIKey.generate()
        let key = APIKey(
            id: id, name: "shop", role: .server, scope: .all, digest: APIKey.digest(of: text),
            createdAt: Timestamp(milliseconds: 0))
        var bench = ForeignBench(keys: [key])
        let body = Self.body(#""ip":"198.51.100.17","userAgent":"Mozilla/5.0 (X11; Linux) Firefox/143.0""#)
        let heard = try sent(bench.send("POST /api/send", ["Authorization: Bearer \(text)"], body: body))
        #expect(heard.status == 200)
        let events = try bench.events
        let event = try #require(events.first)
        #expect(event.flags == [.pageview, .serverKey] && event.network == [198, 51, 100, 0])
    }

    @Test func timestampsAreSeconds() throws {
        let received = ForeignBench.received.milliseconds
        #expect(try seen(#""timestamp":\#(received / 1_000 - 60)"#).milliseconds == received - 60_000)
        #expect(try seen(#""timestamp":\#(received - 60_000)"#).milliseconds == received - 60_000)
    }

    @Test func aProgramHearsBoopAndIsMarked() throws {
        var bench = ForeignBench()
        let heard = try sent(
            bench.send("POST /api/send", Self.browser + ["User-Agent: Googlebot/2.1"], body: Self.body()))
        #expect(heard.status == 200 && heard.body == #"{"beep":"boop"}"#)
        let events = try bench.events
        #expect(events.first?.flags.contains(.bot) == true)
    }

    @Test func theTokenIsGivenBack() throws {
        var bench = ForeignBench()
        let first = try sent(bench.send("POST /api/send", Self.browser, body: Self.body())).body
        let token = try #require(first.split(separator: #"""#).dropFirst(3).first)
        let again = try sent(
            bench.send("POST /api/send", Self.browser + ["x-umami-cache: \(token)"], body: Self.body()))
        #expect(first.contains(#""sessionId":"#) && again.body == first)
        let foreign = try sent(
            bench.send("POST /api/send", Self.browser + [#"x-umami-cache: a"b.c"#], body: Self.body()))
        #expect(foreign.status == 200 && !foreign.body.contains(#"a"b"#))
    }

    @Test func aBatchIsCounted() throws {
        var bench = ForeignBench()
        let body =
            #"[\#(Self.body()),\#(Self.body("\"name\":\"a\"")),{},\#(Self.body(site: "00000000-0000-4000-8000-000000000000"))]"#
        let heard = try sent(bench.send("POST /api/batch", Self.browser, body: body))
        #expect(heard.status == 200 && heard.reasons == ["not_an_object", "unknown_site"])
        #expect(heard.body.hasPrefix(#"{"size":4,"processed":3,"errors":1,"details":[{"index":2,"#))
        #expect(heard.body.contains(#""cache":""#))
        let events = try bench.events
        #expect(events.map(\.name) == ["pageview", "a"])
    }

    @Test func theHeartbeatBeats() throws {
        var bench = ForeignBench()
        let heard = try sent(bench.send("GET /api/heartbeat"))
        #expect(heard.status == 200 && heard.body == #"{"ok":true}"# && heard.outcome.offered == 0)
    }

    @Test func aJournalThatIsFullAsksToComeAgain() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let heard = try sent(bench.send("POST /api/send", Self.browser, body: Self.body()))
        #expect(heard.status == 503 && heard.headers["Retry-After"] == "1" && heard.content == .json)
    }

    /// Path, body, status, first reason.
    static let bad: [(path: String, body: String, status: UInt16, reason: String)] = [
        ("/api/send", "", 400, "empty_body"),
        ("/api/send", "{", 400, "invalid_json"),
        ("/api/send", "nonsense", 400, "invalid_json"),
        ("/api/send", #"{"type":"event","payload":{}"#, 400, "invalid_json"),
        ("/api/send", "type=event", 400, "invalid_json"),
        ("/api/send", #"{"type":"event","payload":{"name":"\x"}}"#, 400, "invalid_json"),
        ("/api/send", "null", 400, "not_an_object"),
        ("/api/send", "7", 400, "not_an_object"),
        ("/api/send", "[]", 400, "not_an_object"),
        ("/api/send", "[\(body())]", 400, "not_an_object"),
        ("/api/send", #""{}""#, 400, "not_an_object"),
        ("/api/send", "{}", 400, "not_an_object"),
        ("/api/send", #"{"type":"event"}"#, 400, "not_an_object"),
        ("/api/send", #"{"type":"event","payload":null}"#, 400, "not_an_object"),
        ("/api/send", #"{"type":"event","payload":"{}"}"#, 400, "not_an_object"),
        ("/api/send", #"{"type":"event","payload":[]}"#, 400, "not_an_object"),
        ("/api/send", #"{"type":"event","payload":{}}"#, 400, "missing_site"),
        ("/api/send", #"{"type":"event","payload":{"website":{}}}"#, 400, "missing_site"),
        ("/api/send", body(type: "record"), 400, "invalid_field"),
        ("/api/send", body(type: ""), 400, "invalid_field"),
        ("/api/send", #"{"payload":{"website":"\#(site)"}}"#, 400, "invalid_field"),
        ("/api/send", #"{"type":[],"payload":{"website":"\#(site)"}}"#, 400, "invalid_field"),
        ("/api/send", body(site: "00000000-0000-4000-8000-000000000000"), 200, "unknown_site"),
        ("/api/send", body(site: "' or 1=1 --"), 200, "unknown_site"),
        ("/api/send", body(#""timestamp":"soon""#), 400, "invalid_time"),
        ("/api/send", body(#""timestamp":1e60"#), 400, "invalid_time"),
        ("/api/send", body(#""timestamp":{}"#), 400, "invalid_time"),
        ("/api/send", body(#""timestamp":1"#), 200, "time_out_of_range"),
        ("/api/send", body(#""name":"\#(String(repeating: "n", count: 121))""#), 400, "field_too_long"),
        ("/api/send", body(#""id":"\#(String(repeating: "i", count: 201))""#), 400, "field_too_long"),
        ("/api/send", String(repeating: #"{"a":"#, count: 2_000), 400, "too_deep"),
        ("/api/batch", "{}", 400, "not_an_object"),
        ("/api/batch", "[{}]", 400, "not_an_object"),
        ("/api/batch", "[\(Array(repeating: body(), count: 501).joined(separator: ","))]", 400, "too_many_events"),
    ]

    @Test(arguments: bad.indices)
    func badRequestsAreAnsweredAndCounted(place: Int) throws {
        let (path, body, status, reason) = Self.bad[place]
        var bench = ForeignBench()
        let heard = try sent(bench.send("POST \(path)", Self.browser, body: body))
        #expect(heard.status == status && heard.reasons.first == reason, "\(path) \(body.prefix(80))")
        #expect(heard.content == .json && heard.outcome.accepted == 0)
        let events = try bench.events
        #expect(events.isEmpty)
    }

    private static let samples = [
        body(#""id":"anna","data":{"revenue":129.9,"currency":"EUR","a":{"b":[1,{"c":null}]}},"name":"order""#),
        body(#""timestamp":1795354600,"ip":"::1","userAgent":"x","referrer":"/\u00e9""#, type: "identify"),
        body(#""lcp":1.5e3,"cls":0.02"#, type: "performance"),
    ]

    /// Bytes changed, cut and repeated: always an answer that the client knows, and never a crash.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func brokenRequestsAreAnswered(seed: UInt64) throws {
        var bench = ForeignBench()
        for bytes in BrokenTexts(of: Self.samples, seed: seed).prefix(300) {
            let head = Array(
                "POST /api/send HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.test\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
                    .utf8)
            let heard = try sent(bench.send(head + bytes))
            #expect([200, 400, 401].contains(heard.status) && heard.content == .json, "seed \(seed)")
        }
    }

    /// An event is not lost for a field that only describes it.
    @Test(arguments: [
        #""name":null"#, #""name":{}"#, #""data":7"#, #""data":[1]"#, #""data":{"a":[{}]}"#, #""url":7"#,
        #""screen":"wide""#,
        #""hostname":"""#, #""language":{}"#, #""referrer":[]"#, #""ip":"::""#, #""userAgent":false"#, #""tag":{}"#,
        #""x":1"#,
    ])
    func whatCannotBeReadIsLeftOut(member: String) throws { #expect(try seen(member).site == SiteID(7)) }
}

/// Outside of the macros, which copy what they are given.
private func sent(_ heard: ForeignBench.Heard?) throws -> ForeignBench.Heard { try #require(heard) }
