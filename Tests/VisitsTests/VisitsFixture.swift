import Catalog
import Columns
import Events
import Journal
import Projector
import Testing
import Visits

extension SeededGenerator {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

let minute: Int64 = 60_000
let hour: Int64 = 60 * minute
/// 2026-03-02T09:00:00Z.
let morning: Int64 = 1_772_442_000_000

/// One event in the words of a test; ids are small numbers.
struct TestEvent: Hashable {
    var site: UInt32 = 1
    var at: Int64 = morning
    var receivedAt: Int64?
    var device: UInt64?
    var user: UInt64?
    var daily: UInt64?
    var previous: UInt64?
    var name = "pageview"
    var flags: EventFlags = [.pageview]
    var clientID: String?
    var url: String?
    var referrer: String?
    var agent: String?
    var country: String?
    var language: String?
    var engaged: UInt32?
    var properties: [String: String] = [:]
    var kind: RecordKind = .event

    func encode(into encoder: inout RecordEncoder) -> Range<Int> {
        encoder.begin(
            kind: kind, site: SiteID(site), receivedAt: Timestamp(milliseconds: receivedAt ?? at),
            occurredAt: Timestamp(milliseconds: at), flags: flags)
        guard kind == .event else {
            if kind == .control { encoder.field(.control, name) }
            return encoder.end()
        }
        encoder.field(.name, name)
        if let clientID { encoder.field(.clientEventID, clientID) }
        if let url { encoder.field(.url, url) }
        if let referrer { encoder.field(.referrer, referrer) }
        if let user { encoder.field(.userHash, ID128(low: user, high: 7)) }
        if let device { encoder.field(.deviceID, ID128(low: device, high: 8)) }
        if let daily { encoder.field(.dailyID, ID128(low: daily, high: 9)) }
        if let previous { encoder.field(.previousDailyID, ID128(low: previous, high: 9)) }
        if let agent { encoder.field(.userAgent, agent) }
        if let language { encoder.field(.language, language) }
        if let country { encoder.field(.country, country) }
        if let engaged { encoder.field(.engagedMilliseconds, varint: engaged) }
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            let (keyBytes, valueBytes) = (Array(key.utf8), Array(value.utf8))
            encoder.property(key: keyBytes.span.bytes, type: .string, value: valueBytes.span.bytes)
        }
        return encoder.end()
    }

    var anchorText: String {
        if let device { return "\(site) device \(device)" }
        if let user { return "\(site) user \(user)" }
        if let daily { return "\(site) daily \(daily)" }
        return "none"
    }
}

func batch(_ sequence: UInt64, _ events: [TestEvent]) -> CommittedBatch {
    var encoder = RecordEncoder()
    var ranges: [Range<Int>] = []
    for event in events { ranges.append(event.encode(into: &encoder)) }
    return CommittedBatch(sequence: sequence, bytes: encoder.bytes, ranges: ranges)
}

/// Understands `device/browser` agents, utm parameters and referrer hosts.
struct TestClassifier: VisitClassifier {
    mutating func client(userAgent: RawSpan, hints: RawSpan, into answer: inout ClientClass) {
        answer.reset()
        let parts = userAgent.text.split(separator: "/")
        if parts.count > 0 { answer.device = put(String(parts[0]), &answer.arena) }
        if parts.count > 1 { answer.browser = put(String(parts[1]), &answer.arena) }
    }

    mutating func traffic(url: RawSpan, referrer: RawSpan, site: Site, into answer: inout TrafficSource) {
        answer.reset()
        if let query = url.text.split(separator: "#")[0].split(separator: "?").dropFirst().first {
            for pair in query.split(separator: "&") {
                let parts = pair.split(separator: "=")
                guard parts.count == 2 else { continue }
                if parts[0] == "utm_source" { answer.utmSource = put(String(parts[1]), &answer.arena) }
                if parts[0] == "utm_campaign" { answer.utmCampaign = put(String(parts[1]), &answer.arena) }
            }
        }
        let host = referrer.text.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        if host.isEmpty {
            answer.source = answer.arena.put("direct")
        } else if !site.domains.contains(host), host != "shop.test" {
            answer.source = put(host, &answer.arena)
        }
    }

    private func put(_ text: String, _ arena: inout ClassArena) -> ClassText {
        let bytes = Array(text.utf8)
        return arena.put(bytes.span.bytes)
    }
}

/// A column store that keeps rows as they come and checks every word of what it is told.
final class TestStore: ColumnStore, @unchecked Sendable {
    // SAFETY: used by one test on one thread.
    struct Value: Hashable {
        var site: SiteID
        var dimension: Dimension
        var text: String
    }
    /// No test of visits asks a question; one that did would fail.
    func run(_ plan: QueryPlan) throws -> PlanResult { throw ColumnError.cancelled }
    func firstEventAt(site: SiteID) -> Timestamp? { events.values.filter { $0.site == site }.map(\.occurredAt).min() }

    var codes: [Value: ValueCode] = [:]
    var texts: [SiteID: [Dimension: [ValueCode: String]]] = [:]
    var events: [Position: EventRow] = [:]
    var visits: [VisitNumber: VisitRow] = [:]
    var faults: [String] = []
    var erased: [AnchorNumber] = []

    func code(of value: borrowing RawSpan, site: SiteID, dimension: Dimension) -> ValueCode {
        let key = Value(site: site, dimension: dimension, text: value.text)
        if let code = codes[key] { return code }
        let code = ValueCode(texts[site]?[dimension]?.count ?? 0) + 1
        codes[key] = code
        texts[site, default: [:]][dimension, default: [:]][code] = key.text
        return code
    }

    func append(_ rows: [EventRow]) throws {
        for row in rows {
            if events[row.position] != nil { faults.append("event \(row.position) came twice") }
            events[row.position] = row
        }
    }

    func amend(_ amendments: VisitAmendments) throws {
        if Set(amendments.visits.map(\.number)).count != amendments.visits.count {
            faults.append("two versions of a visit")
        }
        for visit in amendments.visits { visits[visit.number] = visit }
        for move in amendments.moved {
            if events[move.position]?.visit != move.from {
                faults.append("\(move) but is in \(events[move.position]?.visit ?? 0)")
            }
            events[move.position]?.visit = move.to
        }
        for removed in amendments.removed {
            if visits[removed.number]?.startedAt != removed.startedAt { faults.append("removed \(removed)") }
            visits[removed.number] = nil
        }
    }

    func checkpoint(into directory: String) throws {}
    func restore(from directory: String) throws {}
    func erase(anchors: [AnchorNumber]) throws { erased += anchors }
    func drop(site: SiteID, before: Timestamp) throws {}

    func text(_ code: ValueCode, _ site: SiteID, _ dimension: Dimension) -> String {
        texts[site]?[dimension]?[code] ?? ""
    }

    func copy() -> TestStore {
        let copy = TestStore()
        (copy.codes, copy.texts, copy.events, copy.visits) = (codes, texts, events, visits)
        return copy
    }

    /// Rows as text, numbers included: equal only where everything is.
    var everything: [String] {
        events.values.sorted { $0.position < $1.position }.map { "\($0)" }
            + visits.values.sorted { $0.number < $1.number }.map(describe)
    }

    func describe(_ visit: VisitRow) -> String {
        let values = (0..<18).map { visit.values[$0] }
        return "\(visit.number) \(visit.site) \(visit.anchor) \(visit.anchorKind) \(visit.startedAt.milliseconds) "
            + "\(visit.lastAt.milliseconds) \(visit.pageviews) \(visit.events) \(visit.interactiveEvents) "
            + "\(visit.engagedMilliseconds) \(visit.isBot) \(visit.entryPage) \(visit.exitPage) \(values)"
    }
}

/// A visit by its content, without numbers.
struct VisitContent: Hashable, Comparable, CustomStringConvertible {
    var text: String
    static func < (left: VisitContent, right: VisitContent) -> Bool { left.text < right.text }
    var description: String { text }

    init(
        anchor: String, isBot: Bool, startedAt: Int64, lastAt: Int64, counts: [UInt32], pages: [String],
        source: [String],
        place: [String], events: [String]
    ) {
        text =
            "\(anchor) bot \(isBot) from \(startedAt) to \(lastAt) counts \(counts) pages \(pages) source \(source) "
            + "place \(place) events \(events.sorted())"
    }
}

/// Visits over a test store, fed with batches.
final class Fixture {
    let store: TestStore
    let visits: Visits
    private(set) var sent: [Position: TestEvent] = [:]
    private var sequence: UInt64 = 0

    init(store: TestStore = TestStore(), sites: [Site] = Fixture.sites, rules: VisitRules = VisitRules()) {
        let snapshot = CatalogSnapshot(generation: 1, sites: sites)
        self.store = store
        visits = Visits(
            store: store, classifier: TestClassifier(), definitions: TestDefinitions(), catalog: { snapshot },
            rules: rules)
    }

    static let sites = [
        Site(id: SiteID(1), key: "a", name: "plain", domains: ["shop.test"]),
        Site(
            id: SiteID(2), key: "b", name: "splitting", domains: ["shop.test"], timeZone: "Europe/Zurich",
            splitsVisitsAtMidnight: true, splitsVisitsOnCampaign: true),
    ]

    func send(_ events: [TestEvent]) throws {
        sequence += 1
        for (index, event) in events.enumerated() { sent[Position(batch: sequence, index: UInt32(index))] = event }
        try visits.apply(batch(sequence, events))
    }

    /// As if the events had been sent, for a fixture that goes on from a checkpoint.
    func note(_ events: [TestEvent]) {
        sequence += 1
        for (index, event) in events.enumerated() { sent[Position(batch: sequence, index: UInt32(index))] = event }
    }

    var rows: [VisitRow] { store.visits.values.sorted { $0.number < $1.number } }

    /// The store's visits by content; `label` names an event.
    func contents(_ label: (TestEvent) -> String) -> [VisitContent] {
        var anchors: [AnchorNumber: String] = [:]
        var members: [VisitNumber: [String]] = [:]
        for (position, row) in store.events {
            guard let event = sent[position] else { continue }
            if row.anchor != 0 { anchors[row.anchor] = event.anchorText }
            members[row.visit, default: []].append(label(event))
        }
        return rows.map { visit in
            let text = { (dimension: Dimension) in self.store.text(visit[dimension], visit.site, dimension) }
            return VisitContent(
                anchor: visit.anchor == 0 ? "none" : anchors[visit.anchor] ?? "?", isBot: visit.isBot,
                startedAt: visit.startedAt.milliseconds, lastAt: visit.lastAt.milliseconds,
                counts: [visit.pageviews, visit.events, visit.interactiveEvents, visit.engagedMilliseconds],
                pages: [store.text(visit.entryPage, visit.site, .page), store.text(visit.exitPage, visit.site, .page)],
                source: [text(.source), text(.utmSource), text(.utmCampaign)],
                place: [text(.country), text(.device), text(.browser), text(.language)],
                events: members[visit.number] ?? [])
        }.sorted()
    }
}

/// Control records of tests: `midnight` turns the midnight split on.
struct TestDefinitions: SiteDefinitionReader {
    func site(payload: RawSpan, id: SiteID) -> Site? {
        guard payload.text == "midnight" else { return nil }
        return Site(id: id, key: "", name: "", domains: ["shop.test"], splitsVisitsAtMidnight: true)
    }
}

func temporaryDirectory() throws -> String {
    let path = "/tmp/visits-\(ID128.random())"
    try SystemCheckpointFiles().makeDirectory(path)
    return path
}
