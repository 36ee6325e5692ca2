import Catalog
import Collect
import Events
import Journal
import Testing

/// Requests of which nothing becomes, and what Matomo's clients hear then.
struct MatomoRefusalTests {
    private static let base = MatomoTests.base
    private static let shop = MatomoTests.shop

    struct Bad: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var status: UInt16 = 400
        var reasons: [String]
        var testDescription: String { "\(line.prefix(60)) \(body.prefix(60))" }
    }

    static let long = String(repeating: "x", count: 40_000)
    static let corpus: [Bad] = [
        Bad(line: "GET /matomo.php", reasons: ["empty_body"]),
        Bad(line: "POST /matomo.php", reasons: ["empty_body"]),
        Bad(line: "GET /matomo.php?", reasons: ["empty_body"]),
        Bad(line: "GET /matomo.php?&&&==&", reasons: ["missing_site"]),
        Bad(line: "GET /matomo.php?rec=1", reasons: ["missing_site"]),
        Bad(line: "GET /matomo.php?idsite=&rec=1", reasons: ["missing_site"]),
        Bad(line: "GET /matomo.php?idsite%3D1%26rec%3D1", reasons: ["missing_site"]),
        Bad(line: "GET /matomo.php?idsite=1", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?idsite=1&rec=0", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?idsite=9&rec=1", status: 200, reasons: ["unknown_site"]),
        Bad(line: "GET /matomo.php?idsite=-1&rec=1&send_image=0", status: 204, reasons: ["unknown_site"]),
        Bad(line: "GET /matomo.php?idsite=%00%FF%FE&rec=1", status: 200, reasons: ["unknown_site"]),
        Bad(line: "GET /matomo.php?idsite=1'%20OR%20'1'='1&rec=1", status: 200, reasons: ["unknown_site"]),
        Bad(
            line: "GET /matomo.php?idsite=\(String(repeating: "9", count: 400))&rec=1", status: 200,
            reasons: ["unknown_site"]),
        Bad(line: "GET /matomo.php?\(base)&cid=short", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&cid=zzzzzzzzzzzzzzzz", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&cid=a11a0000000000012", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&idgoal=three", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&idgoal=-1", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&idgoal=99999999999999999999", reasons: ["invalid_field"]),
        Bad(line: "GET /matomo.php?\(base)&e_c=shop", reasons: ["missing_name"]),
        Bad(line: "GET /matomo.php?\(base)&ca=1&hsr_vid=a&hsr_ev=%5B%5D", reasons: ["missing_name"]),
        Bad(line: "GET /matomo.php?\(base)&uid=\(long.prefix(201))", reasons: ["field_too_long"]),
        Bad(line: "GET /matomo.php?\(base)&cdt=0", reasons: ["time_out_of_range"]),
        Bad(line: "GET /matomo.php?\(base)&cdt=-5", reasons: ["time_out_of_range"]),
        Bad(line: "GET /matomo.php?\(base)&cdo=9223372036854775", reasons: ["time_out_of_range"]),
        Bad(line: "POST /matomo.php", body: "\(base)&action_name=\(long)", reasons: ["event_too_large"]),
        Bad(line: "POST /matomo.php", body: "{", reasons: ["invalid_json"]),
        Bad(line: "POST /matomo.php", body: "{\"requests\":[\"?\(base)", reasons: ["invalid_json"]),
        Bad(line: "POST /matomo.php", body: "{'requests':['?\(base)']}", reasons: ["invalid_json"]),
        Bad(line: "POST /matomo.php", body: "{}", reasons: ["invalid_field"]),
        Bad(line: "POST /matomo.php", body: "{\"requests\":{\"0\":\"?\(base)\"}}", reasons: ["invalid_field"]),
        Bad(line: "POST /matomo.php", body: "{\"requests\":\"?\(base)\"}", reasons: ["invalid_field"]),
        Bad(line: "POST /matomo.php", body: "{\"requests\":[]}", reasons: ["empty_body"]),
        Bad(line: "POST /matomo.php", body: "[\"?\(base)\"]", reasons: ["missing_site"]),
        Bad(line: "POST /matomo.php", body: "{\"requests\":[1]}", status: 200, reasons: ["invalid_field"]),
        Bad(
            line: "POST /matomo.php", body: "{\"requests\":[null,[],true]}", status: 200,
            reasons: ["invalid_field", "invalid_field", "invalid_field"]),
        Bad(
            line: "POST /matomo.php", body: "{\"requests\":[\"?\(base)&a=\(long)\",\"\"]}", status: 200,
            reasons: ["event_too_large", "missing_site"]),
        Bad(
            line: "POST /matomo.php", body: "{\"requests\":[{\"idsite\":[1],\"rec\":1},{\"idsite\":{},\"rec\":1}]}",
            status: 200, reasons: ["unknown_site", "unknown_site"]),
        Bad(
            line: "POST /matomo.php", body: "{\"requests\":" + String(repeating: "[", count: 60),
            reasons: ["too_deep"]),
        Bad(
            line: "POST /matomo.php",
            body: "{\"requests\":[" + Array(repeating: "\"?\(base)\"", count: 501).joined(separator: ",") + "]}",
            reasons: ["too_many_events"]),
    ]

    @Test(arguments: corpus)
    func badRequestsAreAnsweredAndCounted(bad: Bad) throws {
        var bench = ForeignBench()
        let heard = try bench.hearMatomo(bad.line, Self.shop, body: bad.body)
        #expect(heard.status == bad.status)
        #expect(heard.reasons == bad.reasons)
        #expect(heard.outcome.accepted == 0)
        #expect(try bench.events.isEmpty)
    }

    /// What describes only is left out; the event is taken.
    @Test(arguments: [
        "_id=nonsense", "_id=%00", "res=big", "lang=%3Cscript%3E", "ec_items=%5B%5B", "cvar=%7B%221%22%3A%5B%5D%7D",
        "cvar=%5B%5B%5B", "cvar=%7B%221%22%3A%5B%5B1%5D%2C%7B%7D%5D%7D", "_pkp=free", "country=zzz", "cip=999.1.1.1",
        "url=javascript:alert(1)", "action_name=%FF%FE%00%C2%80", "uadata=%7B", "idsite[]=2", "e_v=1", "token_auth=%00",
        "idgoal=0&ec_items=%5B1%2C%7B%7D%2Cnull%2C%5B%5D%2C%5B%5B%5D%5D%5D", "idgoal=0&revenue=NaN&ec_id=",
        "dimension7=%F0%9F%92%A9%F0", "new_visit=1", "ping=0", "search=", "link=",
    ])
    func oddFieldsDoNotCostTheEvent(words: String) throws {
        var bench = ForeignBench()
        let heard = try bench.hearMatomo("GET /matomo.php?idsite=1&rec=1&\(MatomoTests.page)&\(words)", Self.shop)
        #expect(heard.status == 200)
        #expect(try bench.events.count == 1)
    }

    @Test func whatIsBeyondTheLimitsIsLeftOut() throws {
        var bench = ForeignBench()
        let items = Array(repeating: "%5B%22a%22%2C%22b%22%2C%22c%22%2C1%2C1%5D", count: 150).joined(separator: "%2C")
        let dimensions = (1...90).map { "dimension\($0)=x" }.joined(separator: "&")
        let heard = try bench.hearMatomo(
            "POST /matomo.php", Self.shop, body: "\(Self.base)&idgoal=0&\(dimensions)&ec_items=%5B\(items)%5D")
        #expect(heard.status == 200)
        let events = try bench.events
        #expect(events.first?.items.count == 100)
        #expect(events.first?.properties.count == 64)
    }

    @Test func aBusyJournalAsksToComeBack() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let one = try bench.hearMatomo("GET /matomo.php?\(Self.base)", Self.shop)
        #expect(one.status == 503)
        #expect(one.headers["Retry-After"] == "1")
        let many = try bench.hearMatomo(
            "POST /matomo.php", Self.shop, body: "{\"requests\":[\"?\(Self.base)\"],\"send_image\":0}")
        #expect(many.status == 503)
        #expect(many.body == "{\"status\":\"error\",\"tracked\":0,\"invalid\":1}")
        #expect(many.reasons == ["queue_full"])
    }

    // MARK: the log importer

    @Test func theImporterHearsOfItsSiteOnlyWithAKey() throws {
        let (key, text) = MatomoTests.key()
        let (other, elsewhere) = MatomoTests.key(scope: .only([SiteID(8)]))
        var bench = ForeignBench(keys: [key, other])
        let question = "module=API&method=SitesManager.getSiteFromId&format=json&idSite=1"
        let heard = try bench.hearMatomo("POST /", ["User-Agent: Python"], body: "\(question)&token_auth=\(text)")
        #expect(heard.status == 200)
        #expect(heard.body == "{\"idsite\":\"1\",\"main_url\":\"https://shop.test\"}")
        for words in [
            "", "&token_auth=\(elsewhere)", "&token_auth=0123456789abcdef0123456789abcdef",
            "&idSite=9&token_auth=\(text)",
        ] {
            let refused = try bench.hearMatomo("POST /", ["User-Agent: Python"], body: question + words)
            #expect(refused.body.hasPrefix("{\"result\":\"error\""))
        }
        let none = try bench.hearMatomo("POST /", body: "idsite=1&rec=1")
        #expect(none.status == 404)
        let front = bench.send("GET /")
        #expect(front?.status == nil)
        #expect(try bench.events.isEmpty)
    }

    @Test func theImportersLinesBecomeEvents() throws {
        let (key, text) = MatomoTests.key()
        var bench = ForeignBench(keys: [key])
        let line = """
            {"idsite":"1","rec":"1","apiv":"1","url":"https://shop.test/boots","urlref":"","cip":"198.51.100.17",\
            "cdt":"2019-08-09 11:02:26","ua":"Mozilla/5.0 (X11; Linux) Firefox/140.0","dp":"0","queuedtracking":"0",\
            "cvar":"{\\"1\\": [\\"HTTP-code\\", \\"200\\"]}"}
            """
        let missing = line.replacing("200", with: "404")
        let heard = try bench.hearMatomo(
            "POST /piwik.php", ["User-Agent: Python-urllib/3.12", "Content-Type: application/json"],
            body: "{\"token_auth\":\"\(text)\",\"requests\":[\(line),\(missing)]}")
        #expect(heard.body == "{\"status\":\"success\",\"tracked\":2,\"invalid\":0,\"invalid_indices\":[]}")
        let events = try bench.events
        #expect(events.map(\.milliseconds) == [1_565_348_546_000, 1_565_348_546_000])
        #expect(events.first?.network == [198, 51, 100, 0])
        #expect(events.first?.agent == "Mozilla/5.0 (X11; Linux) Firefox/140.0")
        #expect(events.first?.properties.isEmpty == true)
        #expect(events.map(\.status) == [200, 404])
        #expect(events.map(\.name) == ["pageview", "404"])
        #expect(events.first?.dailyID != nil)
    }

    // MARK: bytes that nobody wrote

    @Test(arguments: [UInt64(1), 2, 3])
    func brokenBytesNeverBreakTheEdge(seed: UInt64) throws {
        var bench = ForeignBench()
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % max(bound, 1)
        }
        let items = "%5B%5B%22B%22%2C%22b%22%2C%5B%22c%22%5D%2C1%2C1%5D%5D"
        let sources = [
            "\(Self.base)&idgoal=0&ec_id=7&ec_items=\(items)&cdt=2026-11-22+12:20:00"
                + "&cvar=%7B%221%22%3A%5B%22a%22%2C%22b%22%5D%7D",
            "{\"requests\":[\"?\(Self.base)&e_c=a&e_a=b\",{\"idsite\":\"1\",\"rec\":1,"
                + "\"cid\":\"a11a000000000001\"}],\"send_image\":0}",
        ].map { Array($0.utf8) }
        for round in 0..<1_500 {
            var body = sources[round % 2]
            for _ in 0...next(4) {
                let place = next(body.count)
                switch next(3) {
                case 0: body[place] = UInt8(truncatingIfNeeded: next(256))
                case 1: body.removeSubrange(place..<min(place + next(12), body.count))
                default:
                    let marks = Array("%{\"[\\&=?".utf8)
                    let turn = next(marks.count)
                    body.insert(contentsOf: marks[turn...] + marks[..<turn], at: place)
                }
                if body.isEmpty { body = [0x25] }
            }
            let agent = round % 3 == 0 ? "curl/8" : "Mozilla/5.0"
            let head =
                "POST /matomo.php HTTP/1.1\r\nHost: t\r\nUser-Agent: \(agent)\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            let answer = bench.send(Array(head.utf8) + body)
            let heard = try #require(answer)
            #expect([200, 204, 400].contains(heard.status), "seed \(seed), round \(round)")
            #expect(heard.outcome.offered == heard.outcome.accepted + heard.outcome.refused)
        }
    }
}
