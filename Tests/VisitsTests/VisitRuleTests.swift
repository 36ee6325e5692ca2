import Columns
import Events
import Journal
import Projector
import Testing
import Visits

/// The rules one by one, on events written out.
struct VisitRuleTests {
    struct GapCase: CustomTestStringConvertible {
        var title: String
        var site: UInt32 = 1
        var times: [Int64]
        var urls: [String] = []
        var visits: Int
        var testDescription: String { title }
    }

    static let gapCases = [
        GapCase(title: "30 minutes to the millisecond go on", times: [0, 30 * minute], visits: 1),
        GapCase(title: "a millisecond more is a new visit", times: [0, 30 * minute + 1], visits: 2),
        GapCase(title: "a late event joins two visits", times: [0, 50 * minute, 25 * minute], visits: 1),
        GapCase(
            title: "24 hours end a visit", times: (0...48).map { $0 * 30 * minute }, visits: 2),
        GapCase(
            title: "just below 24 hours do not", times: (0...48).map { $0 * 30 * minute - ($0 == 48 ? 1 : 0) },
            visits: 1),
        GapCase(
            title: "midnight splits where the site wants it", site: 2, times: [13 * hour + 50 * minute, 14 * hour],
            visits: 2),
        GapCase(title: "midnight does not where it does not", times: [13 * hour + 50 * minute, 14 * hour], visits: 1),
        GapCase(
            title: "another campaign splits where the site wants it", site: 2, times: [0, minute],
            urls: ["https://shop.test/", "https://shop.test/?utm_source=news"], visits: 2),
        GapCase(
            title: "the same campaign again does not", site: 2, times: [0, minute],
            urls: ["https://shop.test/?utm_source=news", "https://shop.test/x?utm_source=news&page=2"], visits: 1),
        GapCase(
            title: "another campaign does not where the site does not want it", times: [0, minute],
            urls: ["https://shop.test/", "https://shop.test/?utm_source=news"], visits: 1),
    ]

    @Test("visits are cut where the rules say", arguments: gapCases)
    func cutsWhereTheRulesSay(_ row: GapCase) throws {
        let fixture = Fixture()
        for (index, time) in row.times.enumerated() {
            var event = TestEvent(site: row.site, at: morning + time, receivedAt: morning + 30 * hour, device: 1)
            event.clientID = "e\(index)"
            event.url = row.urls.isEmpty ? nil : row.urls[index]
            try fixture.send([event])
        }
        #expect(fixture.rows.count == row.visits)
        #expect(fixture.store.faults.isEmpty)
        #expect(fixture.rows.reduce(0) { $0 + Int($1.events) } == row.times.count)
    }

    @Test func tenThousandEventsEndAVisit() throws {
        let fixture = Fixture()
        try fixture.send((0..<10_001).map { TestEvent(at: morning + Int64($0), device: 1) })
        #expect(fixture.rows.map(\.events) == [10_000, 1])
    }

    @Test func aVisitThatALateEventJoinsToAnotherIsRemovedAndItsEventsMove() throws {
        let fixture = Fixture()
        try fixture.send([TestEvent(at: morning, device: 1), TestEvent(at: morning + 50 * minute, device: 1)])
        let second = try #require(fixture.rows.last).number
        try fixture.send([TestEvent(at: morning + 25 * minute, receivedAt: morning + 50 * minute, device: 1)])
        #expect(fixture.rows.count == 1)
        #expect(fixture.store.visits[second] == nil)
        #expect(Set(fixture.store.events.values.map(\.visit)) == [fixture.rows[0].number])
        #expect(fixture.rows[0].lastAt.milliseconds == morning + 50 * minute)
    }

    @Test func theFirstEventThatKnowsDecides() throws {
        let fixture = Fixture()
        try fixture.send([
            TestEvent(at: morning, device: 1, name: "engaged", flags: .nonInteractive, agent: "mobile", engaged: 900),
            TestEvent(
                at: morning + minute, device: 1, url: "https://Shop.test:443/a?utm_source=news#x",
                referrer: "https://search.test/q", agent: "tablet/fox", country: "CH", language: "de-CH"),
            TestEvent(
                at: morning + 2 * minute, device: 1, url: "https://shop.test", referrer: "https://blog.test/",
                country: "DE"),
        ])
        let visit = try #require(fixture.rows.first)
        let text = { (dimension: Dimension) in fixture.store.text(visit[dimension], visit.site, dimension) }
        #expect(text(.source) == "search.test")
        #expect(text(.utmSource) == "news")
        #expect(text(.device) == "mobile")
        #expect(text(.browser) == "fox")
        #expect(text(.country) == "CH")
        #expect(text(.language) == "de-CH")
        #expect(fixture.store.text(visit.entryPage, visit.site, .page) == "/a")
        #expect(fixture.store.text(visit.exitPage, visit.site, .page) == "/")
        #expect(visit.pageviews == 2)
        #expect(visit.interactiveEvents == 2)
        #expect(visit.engagedMilliseconds == 900)
        let hosts = Set(fixture.store.events.values.map { fixture.store.text($0.hostname, $0.site, .hostname) })
        #expect(hosts == ["", "shop.test"])
    }

    @Test func propertiesBecomeCodesAndLongValuesAreCutAtACharacter() throws {
        let fixture = Fixture()
        try fixture.send([TestEvent(device: 1, properties: ["size": "L", "text": String(repeating: "ü", count: 200)])])
        let row = try #require(fixture.store.events.values.first)
        let texts = row.properties.map {
            [
                fixture.store.text($0.key, row.site, .propertyKey),
                fixture.store.text($0.value, row.site, .propertyValue),
            ]
        }
        #expect(texts == [["size", "L"], ["text", String(repeating: "ü", count: 150)]])
    }

    // MARK: Bridges

    @Test func grantingConsentInMidVisitGoesOnWithTheOpenVisit() throws {
        let fixture = Fixture()
        try fixture.send([
            TestEvent(at: morning - hour, daily: 100, url: "https://shop.test/before"),
            TestEvent(at: morning, daily: 100, url: "https://shop.test/", referrer: "https://search.test/"),
            TestEvent(at: morning + minute, daily: 100, url: "https://shop.test/a", referrer: "https://shop.test/"),
        ])
        let open = try #require(fixture.rows.last)
        try fixture.send([
            TestEvent(
                at: morning + 2 * minute, device: 5, daily: 100, url: "https://shop.test/b",
                referrer: "https://shop.test/a"),
            TestEvent(at: morning + 3 * minute, device: 5, url: "https://shop.test/c", referrer: "https://shop.test/b"),
        ])
        #expect(fixture.rows.count == 2)
        let before = try #require(fixture.rows.first)
        let visit = try #require(fixture.rows.last)
        #expect(visit.number == open.number)
        #expect(visit.events == 4)
        #expect(visit.anchorKind == .device)
        #expect(fixture.store.text(visit[.source], visit.site, .source) == "search.test")
        #expect(before.anchorKind == .daily)
        #expect(before.events == 1)
        #expect(before.anchor == open.anchor)
        #expect(visit.anchor != before.anchor)
        #expect(fixture.store.faults.isEmpty)
    }

    @Test("nothing but the open visit is ever linked to a device", arguments: UInt64(1)...40)
    func nothingBeforeTheOpenVisitIsLinked(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events: [TestEvent] = []
        var time = morning
        for index in 0..<30 {
            time += Int64(random.below(Int(45 * minute)))
            events.append(TestEvent(at: time, receivedAt: morning + 30 * hour, daily: 100, clientID: "e\(index)"))
        }
        time += Int64(random.below(Int(45 * minute)))
        events.append(TestEvent(at: time, receivedAt: morning + 30 * hour, device: 9, daily: 100, clientID: "grant"))
        var linked = 1
        for index in stride(from: events.count - 1, to: 0, by: -1) {
            guard events[index].at - events[index - 1].at <= 30 * minute else { break }
            linked += 1
        }
        let fixture = Fixture()
        for event in events.shuffled(using: &random) { try fixture.send([event]) }
        let devices = fixture.rows.filter { $0.anchorKind == .device }
        #expect(devices.count == 1, "seed \(seed)")
        #expect(devices.first?.events == UInt32(linked), "seed \(seed)")
        #expect(fixture.store.faults.isEmpty, "seed \(seed)")
    }

    @Test func aVisitGoesOnOverTheTurnOfTheSaltAndThenToTheDevice() throws {
        let fixture = Fixture()
        let night = morning + 15 * hour
        try fixture.send([
            TestEvent(at: night - minute, daily: 100), TestEvent(at: night + minute, daily: 200, previous: 100),
        ])
        #expect(fixture.rows.map(\.events) == [2])
        try fixture.send([TestEvent(at: night + 2 * minute, device: 3, daily: 200, previous: 100)])
        #expect(fixture.rows.map(\.events) == [3])
        #expect(fixture.rows.first?.anchorKind == .device)
        #expect(fixture.rows.first?.startedAt.milliseconds == night - minute)
    }

    // MARK: Who has a visit

    @Test func unidentifiedEventsHaveAVisitEach() throws {
        let fixture = Fixture()
        try fixture.send([TestEvent(country: "CH"), TestEvent(country: "CH")])
        #expect(fixture.rows.map(\.anchorKind) == [.none, .none])
        #expect(fixture.rows.map(\.events) == [1, 1])
        #expect(fixture.rows.allSatisfy { fixture.store.text($0[.country], $0.site, .country) == "CH" })
    }

    @Test func botsNeverJoinAHumanVisit() throws {
        let fixture = Fixture()
        try fixture.send([
            TestEvent(at: morning, daily: 100), TestEvent(at: morning + 1, daily: 100, flags: [.pageview, .bot]),
            TestEvent(at: morning + 2, daily: 100),
            TestEvent(at: morning + 3, daily: 100, flags: [.pageview, .prefetch]),
        ])
        #expect(fixture.rows.map(\.isBot) == [false, true])
        #expect(fixture.rows.map(\.events) == [2, 2])
        #expect(Set(fixture.rows.map(\.anchor)).count == 1)
    }

    @Test(
        "what is never counted leaves no row",
        arguments: [
            TestEvent(device: 1, flags: .quarantined), TestEvent(device: 1, flags: .preview),
            TestEvent(device: 1, flags: .ownTraffic), TestEvent(kind: .erased), TestEvent(name: "{}", kind: .control),
        ])
    func whatIsNeverCountedLeavesNoRow(event: TestEvent) throws {
        let fixture = Fixture()
        try fixture.send([event])
        #expect(fixture.store.events.isEmpty)
        #expect(fixture.store.visits.isEmpty)
        #expect(fixture.visits.appliedBatch == 1)
    }

    @Test func siteOptionsHoldFromTheControlRecordOn() throws {
        let fixture = Fixture()
        let beforeMidnight = morning + 15 * hour - minute
        let define = TestEvent(name: "midnight", kind: .control)
        try fixture.send([
            TestEvent(at: beforeMidnight, device: 1), TestEvent(at: beforeMidnight + 2 * minute, device: 1), define,
            TestEvent(at: beforeMidnight, device: 2), TestEvent(at: beforeMidnight + 2 * minute, device: 2),
        ])
        #expect(fixture.rows.map(\.events) == [2, 1, 1])
    }

    @Test func aRecordThatCannotBeReadStopsTheProjectionWithItsPosition() throws {
        let fixture = Fixture()
        let whole = batch(1, [TestEvent(device: 1)])
        var bytes = whole.bytes
        bytes[0] = 99
        let damaged = whole.ranges
        #expect(throws: VisitsError.record(position: Position(batch: 1, index: 0), error: .version(99))) {
            try fixture.visits.apply(CommittedBatch(sequence: 1, bytes: bytes, ranges: damaged))
        }
    }
}
