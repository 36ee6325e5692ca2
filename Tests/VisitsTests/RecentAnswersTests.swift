import Columns
import Events
import Journal
import Testing
import Visits

/// What was looked up lately is remembered: nothing that is said may depend on it.
struct RecentAnswersTests {
    private static func text(_ fixture: Fixture, _ code: ValueCode, _ site: SiteID, _ dimension: Dimension) -> String {
        fixture.store.text(code, site, dimension)
    }

    /// More of everything than is remembered, twice.
    @Test func whatIsForgottenIsFoundAgain() throws {
        let fixture = Fixture()
        let count = 6_000
        let events = (0..<count * 2).map { place in
            let index = place % count
            var event = TestEvent(device: UInt64(1 + index))
            event.name = "name \(index)"
            event.url = "https://h\(index % 9).test/page-\(index)?utm_source=s\(index)"
            event.referrer = "https://from-\(index).test/"
            event.agent = "device-\(index)/browser-\(index % 7)"
            event.properties = ["key": "value \(index)", "same": "same"]
            return event
        }
        for start in stride(from: 0, to: events.count, by: 400) {
            try fixture.send(Array(events[start..<start + 400]))
        }
        for (position, row) in fixture.store.events {
            let event = try #require(fixture.sent[position])
            let visit = try #require(fixture.store.visits[row.visit])
            let index = try #require(event.device) - 1
            let found = [
                Self.text(fixture, row.name, row.site, .eventName), Self.text(fixture, row.page, row.site, .page),
                Self.text(fixture, row.hostname, row.site, .hostname),
                Self.text(fixture, visit[.utmSource], row.site, .utmSource),
                Self.text(fixture, visit[.source], row.site, .source),
                Self.text(fixture, visit[.device], row.site, .device),
            ]
            let sent = [
                event.name, "/page-\(index)", "h\(index % 9).test", "s\(index)", "from-\(index).test",
                "device-\(index)",
            ]
            let values = row.properties.map { Self.text(fixture, $0.value, row.site, .propertyValue) }
            #expect(found == sent && values == ["value \(index)", "same"])
        }
        #expect(fixture.store.faults.isEmpty)
    }

    @Test func oneTextHasACodeOnEachSite() throws {
        let fixture = Fixture()
        var event = TestEvent(site: 1, device: 1)
        event.url = "https://shop.test/first"
        event.properties = ["first": "first"]
        try fixture.send([event])
        for site: UInt32 in [2, 1, 2, 1] {
            event.site = site
            event.name = "order"
            event.url = "https://shop.test/a?utm_source=news"
            event.properties = ["size": "L"]
            try fixture.send([event])
        }
        for (position, row) in fixture.store.events where position.batch > 1 {
            #expect(Self.text(fixture, row.name, row.site, .eventName) == "order")
            #expect(Self.text(fixture, row.page, row.site, .page) == "/a")
            #expect(row.properties.count == 1)
            let property = try #require(row.properties.first)
            #expect(Self.text(fixture, property.key, row.site, .propertyKey) == "size")
            #expect(Self.text(fixture, property.value, row.site, .propertyValue) == "L")
        }
    }

    @Test(
        "an URL has its page and host however it is written",
        arguments: [
            ("https://Shop.test:443/a?x=1#y", "/a", "shop.test"), ("http://shop.test/a#y?x", "/a", "shop.test"),
            ("HTTPS://shop.test", "/", "shop.test"), ("https://shop.test?x=/a", "/", "shop.test"),
            ("https://shop.test#/a?b", "/", "shop.test"), ("https://me@you@shop.test:8080/a/b", "/a/b", "shop.test"),
            ("https://[::1]:80/a", "/a", "[::1]"), ("https://[::1/a", "/a", "[::1"), ("app://Home/a", "/a", "home"),
            ("/page-of-a-shop?b=https://c.test/", "/page-of-a-shop", ""),
            ("longer-than-sixteen://a", "longer-than-sixteen://a", ""),
            ("https://", "/", ""), ("https:/", "https:/", ""), ("x", "x", ""),
        ])
    func pagesAndHosts(url: String, page: String, host: String) throws {
        let fixture = Fixture()
        try fixture.send([TestEvent(device: 1, url: url), TestEvent(device: 2, url: url)])
        #expect(fixture.store.events.count == 2)
        for row in fixture.store.events.values {
            #expect(Self.text(fixture, row.page, row.site, .page) == page)
            #expect(Self.text(fixture, row.hostname, row.site, .hostname) == host)
        }
    }

    @Test func allPagesOfTheSitesOwnHostAreOneReferrer() throws {
        let fixture = Fixture()
        let referrers = [
            "https://shop.test/a", "https://blog.test/", "https://SHOP.test:443/b", nil, "https://shop.test/a",
            "https://blog.test/",
        ]
        for (index, referrer) in referrers.enumerated() {
            try fixture.send([
                TestEvent(device: UInt64(1 + index), url: "https://shop.test/p\(index)", referrer: referrer)
            ])
        }
        let sources = fixture.rows.map { Self.text(fixture, $0[.source], $0.site, .source) }
        #expect(sources == ["", "blog.test", "", "direct", "", "blog.test"])
    }

    @Test func propertiesOfEveryTypeAreTextAndWhatCannotBeReadIsPassedOver() throws {
        let fixture = Fixture()
        var encoder = RecordEncoder()
        func add(_ key: String, _ type: PropertyType, _ value: [UInt8]) {
            let keyBytes = Array(key.utf8)
            encoder.property(key: keyBytes.span.bytes, type: type, value: value.span.bytes)
        }
        func add(broken value: [UInt8]) { encoder.field(.property, value.span.bytes) }
        var ranges: [Range<Int>] = []
        for _ in 0..<2 {
            encoder.begin(
                kind: .event, site: SiteID(1), receivedAt: Timestamp(milliseconds: morning),
                occurredAt: Timestamp(milliseconds: morning), flags: [.pageview])
            add("text", .string, Array("a".utf8))
            add("number", .number, Array("1.50".utf8))
            add("yes", .boolean, [1])
            add("no", .boolean, [0])
            add("empty", .string, [])
            add("", .string, Array("nameless".utf8))
            add(broken: [9, 1])
            add(broken: [1, 107, 77, 1])
            add(broken: [])
            ranges.append(encoder.end())
        }
        try fixture.visits.apply(CommittedBatch(sequence: 1, bytes: encoder.bytes, ranges: ranges))
        #expect(fixture.store.events.count == 2)
        for row in fixture.store.events.values {
            let keys = row.properties.map { Self.text(fixture, $0.key, row.site, .propertyKey) }
            let values = row.properties.map { Self.text(fixture, $0.value, row.site, .propertyValue) }
            #expect(keys == ["text", "number", "yes", "no", "empty"])
            #expect(values == ["a", "1.50", "true", "false", ""])
        }
    }
}
