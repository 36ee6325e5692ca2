import Columns
import ColumnsModel
import Events
import Foundation
import Reports
import RequestParsing
import Testing

/// A store with a seeded history and the model of it.
private struct Fixture {
    let store: EmbeddedColumnStore
    let model: RowModel
    let folder: URL
    static let site = SiteID(3)

    init(seed: UInt64, start: Timestamp, steps: Int) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var limits = ColumnLimits()
        limits.partitionTailRowsMax = 50
        store = try EmbeddedColumnStore(partsDirectory: folder.path + "/parts", limits: limits)
        let history = History(seed: seed, steps: steps, sites: [Fixture.site], start: start)
        var translation = Translation(history)
        var model = RowModel(history)
        for step in history.steps {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
            model.apply(step)
        }
        self.model = model
    }

    func run(_ json: String, zone: String = "UTC", now: Timestamp) throws -> ReportTable {
        let runner = ReportRunner(store: store) { name in
            name == "shop.test" ? ReportSite(id: Fixture.site, name: name, timeZone: zone, currency: "EUR") : nil
        }
        return try runner.run(ReportQuery(json: Array(json.utf8)), now: now)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

@Suite struct ReportRunnerTests {
    /// The days on which the clocks change, and zones off the hour.
    static let zones: [(zone: String, start: Int64)] = [
        ("Europe/Berlin", 1_711_749_600_000), ("Europe/Berlin", 1_729_893_600_000),
        ("Asia/Kathmandu", 1_714_500_000_000),
        ("Australia/Lord_Howe", 1_712_300_000_000), ("Australia/Adelaide", 1_728_100_000_000),
        ("America/St_Johns", 1_710_000_000_000),
    ]

    @Test(arguments: zones, ["hour", "day", "week", "month"])
    func timeReportsAgreeWithTheModelAndTheCalendar(_ place: (zone: String, start: Int64), unit: String) throws {
        let start = Timestamp(milliseconds: place.start)
        let seed = UInt64(place.start)
        let fixture = try Fixture(seed: seed, start: start, steps: 200)
        defer { fixture.remove() }
        let now = start.adding(milliseconds: 200 * 20 * 60_000)
        let table = try fixture.run(
            """
            {"site_id": "shop.test", "metrics": ["visitors", "visits", "events", "visit_duration"], "date_range": "all",
             "dimensions": ["time:\(unit)"]}
            """, zone: place.zone, now: now)
        var plan = QueryPlan(site: Fixture.site, from: .init(milliseconds: 0), to: .init(milliseconds: .max))
        plan.currency = CurrencyCode("EUR")
        let zone = try #require(TimeZone(identifier: place.zone))
        var expected: [String: (events: Int, visitors: Set<AnchorNumber>, visits: [VisitNumber: Int64])] = [:]
        for (event, visit) in fixture.model.counting(plan) {
            let label = label(unit, event.occurredAt, zone)
            expected[label, default: (0, [], [:])].events += 1
            guard visit.anchorKind != .none else { continue }
            expected[label, default: (0, [], [:])].visitors.insert(visit.anchor)
            expected[self.label(unit, visit.startedAt, zone), default: (0, [], [:])].visits[visit.number] =
                visit.lastAt.milliseconds - visit.startedAt.milliseconds
        }
        #expect(table.rows.count == expected.count, "seed \(seed)")
        for row in table.rows {
            let group = try #require(expected[row.dimensions[0] ?? ""], "\(row), seed \(seed)")
            let cannotTell = group.visitors.isEmpty && group.visits.isEmpty
            #expect(
                row.metrics[0] == (cannotTell ? .none : .integer(UInt64(group.visitors.count))), "\(row), seed \(seed)")
            #expect(
                row.metrics[1] == (cannotTell ? .none : .integer(UInt64(group.visits.count))), "\(row), seed \(seed)")
            #expect(row.metrics[2] == .integer(UInt64(group.events)), "\(row), seed \(seed)")
            let duration = group.visits.values.reduce(0, +)
            #expect(row.metrics[3] == .ratio(Int128(duration), Int128(group.visits.count) * 1_000, places: 1))
        }
        #expect(table.rows.map { $0.dimensions[0] ?? "" } == table.rows.map { $0.dimensions[0] ?? "" }.sorted())
    }

    private func label(_ unit: String, _ time: Timestamp, _ zone: TimeZone) -> String {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .weekday], from: date)
        let day = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
        switch unit {
        case "hour": return String(format: "%@ %02d:00:00", day, parts.hour ?? 0)
        case "week": return CivilDate(day)?.adding(days: -(((parts.weekday ?? 2) + 5) % 7)).description ?? ""
        case "month": return day.dropLast(2) + "01"
        default: return day
        }
    }

    static let start = Timestamp(milliseconds: 1_711_749_600_000)
    static let now = start.adding(milliseconds: 150 * 20 * 60_000)

    @Test func pagesAddUpAndTotalsAreStated() throws {
        let fixture = try Fixture(seed: 31, start: Self.start, steps: 150)
        defer { fixture.remove() }
        let query = """
            {"site_id": "shop.test", "metrics": ["pageviews"], "date_range": "all",
             "dimensions": ["event:page", "visit:source"],
             "include": {"total_rows": true}, "pagination": {"limit": %L, "offset": %O}}
            """
        func page(_ limit: Int, _ offset: Int) throws -> ReportTable {
            let json = query.replacingOccurrences(of: "%L", with: "\(limit)").replacingOccurrences(
                of: "%O", with: "\(offset)")
            return try fixture.run(json, now: Self.now)
        }
        let all = try page(10_000, 0)
        var collected: [ReportTable.Row] = []
        while collected.count < all.rows.count { collected += try page(3, collected.count).rows }
        #expect(collected == all.rows && all.rows.count > 6)
        let meta = try #require(try JSONReader.read(all.json())["meta"])
        #expect(meta["total_rows"] == .integer(Int64(all.rows.count)))
        #expect(try page(3, 10_000).rows.isEmpty)
    }

    @Test func whatCannotBeToldIsNull() throws {
        let fixture = try Fixture(seed: 32, start: Self.start, steps: 1)
        defer { fixture.remove() }
        let site = Fixture.site
        var amendments = VisitAmendments()
        var events: [EventRow] = []
        let time = Timestamp(milliseconds: 1_600_000_000_000)
        let page = Array("/nobody".utf8)
        for number in UInt64(1_000)...1_002 {
            var event = EventRow(
                position: .init(batch: 9_000 + number, index: 0), site: site, occurredAt: time, flags: .pageview)
            event.visit = number
            event.page = fixture.store.code(of: page.span.bytes, site: site, dimension: .page)
            event.revenue = CurrencyCode("USD").map { Money(micros: 5, currency: $0) }
            events.append(event)
            amendments.visits.append(VisitRow(number: number, site: site, startedAt: time))
        }
        try fixture.store.append(events)
        try fixture.store.amend(amendments)
        let metrics = ReportMetric.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let table = try fixture.run(
            """
            {"site_id": "shop.test", "metrics": [\(metrics)], "date_range": ["2020-09-13", "2020-09-13"],
             "dimensions": ["event:page"]}
            """, now: Self.now)
        let row = try #require(table.rows.first)
        #expect(table.rows.count == 1 && row.dimensions == ["/nobody"])
        for (metric, value) in zip(ReportMetric.allCases, row.metrics) {
            let expected: ReportValue = metric == .events || metric == .pageviews ? .integer(3) : .none
            #expect(value == expected, "\(metric)")
        }
        let meta = try #require(try JSONReader.read(table.json())["meta"])
        #expect(meta["unidentified"]?["events"] == .integer(1) && meta["unidentified"]?["visits"] == .integer(1))
        #expect(meta["revenue"]?["left_out"] == .array([.string("USD")]))
        let empty = try fixture.run(
            """
            {"site_id": "shop.test", "metrics": ["visitors", "bounce_rate", "total_revenue"],
             "date_range": ["2010-01-01", "2010-01-02"]}
            """, now: Self.now)
        #expect(empty.rows.map(\.metrics) == [[.integer(0), .none, .none]])
    }

    @Test func timeLabelsFillWhatIsMissing() throws {
        let fixture = try Fixture(seed: 33, start: Self.start, steps: 5)
        defer { fixture.remove() }
        let body =
            #""site_id": "shop.test", "metrics": ["visitors", "bounce_rate"], "date_range": "7d", "#
            + #""dimensions": ["time:day"]"#
        let now = Self.start.adding(milliseconds: 3_600_000)
        #expect(try fixture.run("{\(body)}", now: now).rows.count < 7)
        let filled = try fixture.run("{\(body), \"include\": {\"time_labels\": true}}", now: now)
        #expect(filled.rows.count == 7)
        #expect(filled.rows[0].metrics == [.integer(0), .none])
        let meta = try #require(try JSONReader.read(filled.json())["meta"])
        #expect(meta["time_labels"] == .array(filled.rows.map { .string($0.dimensions[0] ?? "") }))
    }

    @Test func comparisonsMatchGroups() throws {
        let fixture = try Fixture(seed: 34, start: Self.start, steps: 150)
        defer { fixture.remove() }
        let table = try fixture.run(
            """
            {"site_id": "shop.test", "metrics": ["events", "bounce_rate"], "date_range": ["2024-03-31", "2024-03-31"],
             "dimensions": ["visit:country"], "include": {"comparisons": {"mode": "previous_period"}}}
            """, now: Self.now)
        let before = try fixture.run(
            """
            {"site_id": "shop.test", "metrics": ["events", "bounce_rate"], "date_range": ["2024-03-30", "2024-03-30"],
             "dimensions": ["visit:country"]}
            """, now: Self.now)
        #expect(table.rows.count >= 3)
        for row in table.rows {
            let comparison = try #require(row.comparison)
            let same = before.rows.first { $0.dimensions == row.dimensions }
            #expect(comparison.metrics == (same?.metrics ?? [.integer(0), .none]))
        }
    }

    @Test func anUnknownSiteIsNamed() throws {
        let fixture = try Fixture(seed: 35, start: Self.start, steps: 1)
        defer { fixture.remove() }
        let error = #expect(throws: ReportError.self) {
            try fixture.run(#"{"site_id": "other.test", "metrics": ["visits"], "date_range": "7d"}"#, now: Self.now)
        }
        #expect(error?.field == "site_id")
        let tooMany = #expect(throws: ReportError.self) {
            try fixture.run(
                #"{"site_id":"shop.test","metrics":["visits"],"date_range":["1980-01-01","2020-01-01"],"#
                    + #""dimensions":["time:hour"]}"#,
                now: Self.now)
        }
        #expect(tooMany?.field == "dimensions[0]")
    }

    @Test(arguments: ["", #","include":{"imports":true}"#, #","include":{"imports":false}"#])
    func importedEventsAreSaidToBeCounted(_ include: String) throws {
        let fixture = try Fixture(seed: 37, start: Self.start, steps: 1)
        defer { fixture.remove() }
        let json = #"{"site_id":"shop.test","metrics":["visits"],"date_range":"7d"\#(include)}"#
        let answer = try JSONReader.read(try fixture.run(json, now: Self.now).json())
        #expect(answer["meta"]?["imports_included"] == .bool(true))
        #expect(answer["query"]?["include"]?["imports"] == .bool(true))
    }

    @Test func theQueryIsToldBackAsItWasUnderstood() throws {
        let fixture = try Fixture(seed: 36, start: Self.start, steps: 1)
        defer { fixture.remove() }
        let filters =
            #"[["is_not","visit:country",["DE"],{"case_sensitive":false}],["or",[["contains","event:page",["/"]]]]]"#
        let table = try fixture.run(
            """
            {"site_id":"shop.test","metrics":["visits"],"date_range":["2024-03-31","2024-03-31"],"filters":\(filters)}
            """, zone: "Europe/Berlin", now: Self.now)
        let query = try #require(try JSONReader.read(table.json())["query"])
        #expect(query["filters"] == (try JSONReader.read(Array(filters.utf8))))
        #expect(
            query["date_range"]
                == .array([.string("2024-03-31T00:00:00+01:00"), .string("2024-03-31T23:59:59+02:00")]))
    }
}
