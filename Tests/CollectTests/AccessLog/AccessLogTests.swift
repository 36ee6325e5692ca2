import Catalog
import Collect
import Events
import RequestParsing
import Testing

private let site = Site(id: SiteID(7), key: "site-key", name: "Shop", domains: ["shop.test"])

private func read(_ line: String) -> AccessLogTranslation.Reading { read(Array(line.utf8)) }

private func read(_ line: [UInt8]) -> AccessLogTranslation.Reading {
    AccessLogTranslation(site).read(line.span.bytes)
}

private func word(_ reading: AccessLogTranslation.Reading) -> String {
    switch reading {
    case .rejected(let reason): reason.rawValue
    case .skipped(let reason): reason.rawValue
    case .event(_, _, let verdict): "\(verdict)"
    }
}

private func line(
    host: String = "203.0.113.9", time: String = "17/May/2015:10:05:03 +0000", request: String = "GET / HTTP/1.1",
    status: String = "200", rest: String = "1024 \"-\" \"Mozilla/5.0\""
) -> String { "\(host) - - [\(time)] \"\(request)\" \(status) \(rest)" }

struct AccessLogTests {
    @Test(arguments: [
        ("GET / HTTP/1.1", "200", "pageview"), ("GET /a HTTP/1.0", "304", "pageview"), ("GET /a", "206", "pageview"),
        ("GET /a b c HTTP/1.1", "200", "pageview"), ("GET /v1.2/page HTTP/2.0", "299", "pageview"),
        ("GET /index.php HTTP/1.1", "200", "pageview"), ("GET /x.html?y=.css HTTP/1.1", "200", "pageview"),
        ("GET /style.css HTTP/1.1", "200", "asset"), ("GET /STYLE.CSS?v=3 HTTP/1.1", "304", "asset"),
        ("GET /f.woff2 HTTP/1.1", "200", "asset"), ("GET /feed.rss HTTP/1.1", "200", "asset"),
        ("GET /a.pdf HTTP/1.1", "200", "download"), ("GET /a.tar.gz HTTP/1.1", "200", "download"),
        ("GET /b.xlsx#top HTTP/1.1", "200", "download"), ("GET /style.css HTTP/1.1", "404", "notFound"),
        ("GET /none HTTP/1.1", "404", "notFound"), ("GET / HTTP/1.1", "301", "status"),
        ("GET / HTTP/1.1", "500", "status"),
        ("GET / HTTP/1.1", "410", "status"), ("HEAD / HTTP/1.1", "200", "method"), ("POST / HTTP/1.1", "404", "method"),
        ("OPTIONS * HTTP/1.0", "200", "method"), ("CONNECT shop.test:443 HTTP/1.1", "405", "method"),
        ("GET https://shop.test/a.css HTTP/1.1", "200", "asset"), ("GET http://shop.test HTTP/1.1", "200", "pageview"),
        ("GET ftp://shop.test/ HTTP/1.1", "200", "invalid_request_line"),
        ("GET * HTTP/1.1", "404", "invalid_request_line"),
        ("GET", "400", "invalid_request_line"), ("-", "408", "invalid_request_line"),
        ("", "400", "invalid_request_line"),
        ("\\x16\\x03\\x01", "400", "invalid_request_line"), ("get / HTTP/1.1", "200", "invalid_request_line"),
    ])
    func requestsAreWhatTheContractSays(request: String, status: String, expected: String) {
        #expect(word(read(line(request: request, status: status))) == expected)
    }

    @Test(arguments: [
        ("", "not_a_log_line"), ("hello", "not_a_log_line"), ("{\"name\":\"pageview\"}", "not_a_log_line"),
        ("a b c d e f", "no_time"), (line(host: "shop.test"), "invalid_host"),
        (line(host: "300.1.1.1"), "invalid_host"),
        (line(time: "31/Feb/2015:10:05:03 +0000"), "invalid_time"),
        (line(time: "17/Mai/2015:10:05:03 +0000"), "invalid_time"),
        (line(time: "17/May/2015:24:05:03 +0000"), "invalid_time"),
        (line(time: "17/May/2015:10:05:03"), "invalid_time"),
        ("203.0.113.9 - - [17/May/2015:10:05:03 +0000", "no_time"),
        ("203.0.113.9 - - [17/May/2015:10:05:03 +0000] GET / 200 1", "no_request_line"),
        (line(status: "2000"), "invalid_status"), (line(status: "abc"), "invalid_status"),
        (line(status: "099"), "invalid_status"),
        (line(rest: "12x"), "invalid_size"), (line(rest: ""), "invalid_size"),
        (line(rest: "1 \"https://from.test/"), "unclosed_quote"), (line(rest: "1 \"-\" \"Mozilla"), "unclosed_quote"),
        (line(rest: "1 \"-\" \"Mozilla\\\""), "unclosed_quote"),
    ])
    func whatIsNoLogLineIsRejectedWithItsReason(line: String, expected: String) {
        #expect(word(read(line)) == expected)
    }

    @Test(arguments: [
        "1024", "-", "0 \"-\" \"-\"", "1 \"https://from.test/\"", "1 \"-\" \"Mozilla/5.0\" 0.031 \"x\" extra",
        "99999999999999999999",
    ])
    func commonCombinedAndLongerLinesAreRead(rest: String) {
        #expect(word(read(line(rest: rest))) == "pageview")
    }

    @Test(arguments: [
        ("17/May/2015:10:05:03 +0000", 1_431_857_103_000), ("17/May/2015:12:05:03 +0200", 1_431_857_103_000),
        ("17/May/2015:04:35:03 -0530", 1_431_857_103_000), ("29/Feb/2016:23:59:59 +0000", 1_456_790_399_000),
        ("01/Jan/1970:00:00:00 +0000", 0), ("31/Dec/2016:23:59:60 +0000", 1_483_228_799_000),
    ])
    func timesAreReadWithTheirZone(text: String, milliseconds: Int) throws {
        guard case .event(let parsed, _, _) = read(line(time: text)) else {
            Issue.record("not read")
            return
        }
        #expect(parsed.time.milliseconds == Int64(milliseconds))
    }

    @Test func hostileBytesNeverTrap() {
        var generator = SeededGenerator(seed: 20_150_517)
        let good = Array(line(rest: "1 \"https://from.test/a\\\"b\" \"Mozilla \\x22 5\"").utf8)
        var outcomes: Set<String> = []
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0 ... .max, using: &generator), at: place)
                }
            }
            outcomes.insert(word(read(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))))
        }
        #expect(outcomes.contains("pageview") && outcomes.contains("unclosed_quote") && outcomes.contains("no_time"))
        let long = Array("203.0.113.9 ".utf8) + [UInt8](repeating: 91, count: 1 << 20)
        #expect(word(read(long)) == "no_time")
    }

    @Test func aLineBecomesARecordThroughTheSteps() throws {
        let journal = FakeJournal()
        let records = collect(
            [
                line(
                    request: "GET /a\\x22b?utm_source=x&secret=1 HTTP/1.1",
                    rest: "1 \"https://from.test/p?q=1\" \"Agent \\\"7\\\" \u{1}\""),
                line(
                    time: "17/May/2015:10:06:03 +0000", request: "GET /b HTTP/1.1", status: "404",
                    rest: "1 \"-\" \"Agent \\\"7\\\" \u{1}\""),
                line(host: "203.0.113.10", request: "GET http://elsewhere.test/ HTTP/1.1", rest: "1 \"-\" \"curl/8\""),
            ], journal: journal)
        try #require(records.count == 3)
        let first = try SeenEvent(records[0])
        #expect(first.name == "pageview" && first.url == "https://shop.test/a\"b?utm_source=x")
        #expect(first.referrer == "https://from.test/p" && first.agent == "Agent \"7\" ")
        #expect(first.flags.contains(.imported) && first.flags.contains(.pageview) && !first.flags.contains(.bot))
        #expect(first.milliseconds == 1_431_857_103_000 && first.site == SiteID(7))
        #expect(first.network == [203, 0, 113, 0] && first.wireProtocol == WireProtocol.accessLog.rawValue)
        let second = try SeenEvent(records[1])
        #expect(second.name == "404" && second.status == 404)
        #expect(second.dailyID == first.dailyID && first.dailyID != nil)
        let third = try SeenEvent(records[2])
        #expect(third.flags.contains(.bot) && third.flags.contains(.quarantined))
        #expect(third.dailyID != first.dailyID)
    }

    @Test func aVisitGoesOnOverMidnightAndADaysSaltStaysTheSame() throws {
        let journal = FakeJournal()
        let records = collect(
            [
                line(time: "17/May/2015:23:59:00 +0000"), line(time: "18/May/2015:00:10:00 +0000"),
                line(time: "18/May/2015:09:00:00 +0000"), line(time: "17/May/2015:08:00:00 +0000"),
            ], journal: journal)
        try #require(records.count == 4)
        func ids(_ index: Int) throws -> (ID128?, ID128?) {
            let view = try SeenEvent(records[index])
            return (view.dailyID, view.previousDailyID)
        }
        let (evening, night, morning, early) = (try ids(0), try ids(1), try ids(2), try ids(3))
        #expect(evening.0 != nil && night.1 == evening.0 && night.0 != evening.0)
        #expect(morning.0 == night.0 && morning.1 == nil)
        #expect(early.0 == evening.0)
    }

    private func collect(_ lines: [String], journal: FakeJournal) -> [[UInt8]] {
        var collector = EdgeCollector(secrets: .random(), salts: .replay(ReplaySalts()), geo: .none, journal: journal)
        var translation = AccessLogTranslation(site)
        let catalog = CatalogSnapshot(generation: 1, sites: [site])
        let now = Timestamp(milliseconds: 1_763_800_000_000)
        collector.beginAccessLog(&translation)
        for (index, text) in lines.enumerated() {
            let bytes = Array(text.utf8)
            guard case .event(let parsed, let address, let verdict) = translation.read(bytes.span.bytes) else {
                continue
            }
            collector.offer(
                bytes.span.bytes, parsed, from: address, as: verdict, key: ID128(low: UInt64(index), high: 1),
                receivedAt: now, translation: &translation, catalog: catalog)
        }
        let outcome = collector.commitImported(receivedAt: now)
        #expect(outcome.accepted == lines.count, "\(collector.rejections)")
        return journal.records
    }
}
