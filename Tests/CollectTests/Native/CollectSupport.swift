import Catalog
import Collect
import Events
import Journal
import RequestParsing
import Synchronization

/// No steps at all: consent is what the event states.
struct NoSteps: CollectSteps {
    mutating func beginRequest() {}
    var refusesNames = false

    mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena,
        cookie: inout CookieInstruction, timings: inout StepTimings
    ) throws(CollectRefusal) {
        if refusesNames, arena.string(draft.name) == "foreign" { throw CollectRefusal(.originNotAllowed, at: .origin) }
        draft.consent = draft.statedConsent
        if cookie == .none { cookie = .expire }
        timings.lap(.consent)
    }
}

/// Keeps what it is given; refuses when told to; knows the keys it has seen.
final class FakeJournal: EventJournal {
    private struct State {
        var refusal: JournalRefusal?
        var records: [[UInt8]] = []
        var keys: Set<ID128> = []
        var batch: UInt64 = 0
    }
    private let state = Mutex(State())

    var refusal: JournalRefusal? {
        get { state.withLock { $0.refusal } }
        set { state.withLock { $0.refusal = newValue } }
    }
    var records: [[UInt8]] { state.withLock { $0.records } }
    var keys: Set<ID128> { state.withLock { $0.keys } }
    var committedBatch: UInt64 { state.withLock { $0.batch } }
    func addObserver(_ observer: any CommitObserver) {}

    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        let entries = records.entries
        let bytes = records.encoder.bytes
        let result: Result<AppendReceipt, JournalRefusal> = state.withLock { state in
            if let refusal = state.refusal { return .failure(refusal) }
            var duplicates = 0
            for entry in entries {
                if let key = entry.idempotencyKey, !state.keys.insert(key).inserted {
                    duplicates += 1
                    continue
                }
                state.records.append(Array(bytes[entry.range]))
            }
            if duplicates == entries.count { return .success(.durable(duplicates: duplicates)) }
            state.batch += 1
            return .success(.pending(batch: state.batch, duplicates: duplicates))
        }
        return try result.get()
    }
}

/// One collector with its journal, and requests to it.
struct Bench: ~Copyable {
    static let key = "aaaaaaaaaaaaaaaaaaaaaa"
    static let received = Timestamp(milliseconds: 1_795_354_629_000)
    let journal = FakeJournal()
    let catalog = CatalogSnapshot(
        generation: 1,
        sites: [Site(id: SiteID(7), key: Bench.key, name: "Shop", domains: ["shop.test"], currency: "CHF")])
    var collector: Collector<NoSteps>

    init(limits: CollectLimits = CollectLimits(), refusesNames: Bool = false) {
        collector = Collector(
            steps: NoSteps(refusesNames: refusesNames), journal: journal, idempotencySecret: ID128(low: 1, high: 2),
            limits: limits)
    }

    mutating func pixel(_ query: String, referer: String = "", hasServerKey: Bool = false) -> CollectOutcome {
        pixel(Array(query.utf8), referer: Array(referer.utf8), hasServerKey: hasServerKey)
    }

    mutating func pixel(_ query: [UInt8], referer: [UInt8] = [], hasServerKey: Bool = false) -> CollectOutcome {
        var request = RequestFacts(
            receivedAt: Bench.received, address: IPAddress(ipv4: 0x0102_0304), none: query.span.bytes)
        request.referer = referer.span.bytes
        request.hasServerKey = hasServerKey
        return collector.collectPixel(query: query.span.bytes, of: request, catalog: catalog)
    }

    mutating func body(_ text: String, hasServerKey: Bool = false) -> CollectOutcome {
        body(Array(text.utf8), hasServerKey: hasServerKey)
    }

    mutating func body(_ bytes: [UInt8], hasServerKey: Bool = false, agent: String = "", language: String = "")
        -> CollectOutcome
    {
        let agent = Array(agent.utf8)
        let language = Array(language.utf8)
        var request = RequestFacts(
            receivedAt: Bench.received, address: IPAddress(ipv4: 0x0102_0304), none: bytes.span.bytes)
        request.hasServerKey = hasServerKey
        request.userAgent = agent.span.bytes
        request.acceptLanguage = language.span.bytes
        request.platform = language.span.bytes
        return collector.collectBody(bytes.span.bytes, of: request, catalog: catalog)
    }

    /// The only refusal of one event of a body; nil where it was accepted.
    mutating func refusal(_ members: String, hasServerKey: Bool = false) -> Rejection? {
        _ = body(event(members), hasServerKey: hasServerKey)
        return collector.rejections.first?.reason
    }

    func answer(_ outcome: CollectOutcome) -> String {
        var bytes: [UInt8] = []
        collector.writeAnswer(outcome, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An event's JSON with these members beside site and name.
func event(_ members: String = "", name: String = "buy") -> String {
    "{\"site\":\"\(Bench.key)\",\"name\":\"\(name)\"\(members.isEmpty ? "" : ",")\(members)}"
}

/// A record read back.
struct ReadEvent {
    var texts: [FieldTag: String] = [:]
    var properties: [String: String] = [:]
    var types: [String: PropertyType] = [:]
    var items: [String] = []
    var revenue: Money?
    var consent = Consent.unknown
    var flags: EventFlags = []
    var occurredAt = Timestamp(milliseconds: 0)
    var clockOffset: Int64?
    var wireProtocol: UInt8?
    var engagedMilliseconds: UInt32?

    init(_ record: [UInt8]) throws {
        let bytes = record.span.bytes
        let view = try EventView(bytes)
        for tag in FieldTag.allCases { texts[tag] = view.text(tag) }
        view.forEachProperty { key, type, value in
            let name = String(decoding: record[key], as: UTF8.self)
            properties[name] =
                type == .boolean ? String(record[value.lowerBound]) : String(decoding: record[value], as: UTF8.self)
            types[name] = type
        }
        view.forEachItem { id, name, quantity, price in
            let words = [id, name].map { String(decoding: record[$0], as: UTF8.self) }
            items.append("\(words[0])|\(words[1])|\(quantity)|\(price.map { String($0) } ?? "-")")
        }
        revenue = view.revenue
        consent = view.consent
        flags = view.flags
        occurredAt = view.occurredAt
        clockOffset = view.int64(.clockOffset)
        wireProtocol = view.byte(.wireProtocol)
        engagedMilliseconds = view.varint(.engagedMilliseconds)
    }
}
