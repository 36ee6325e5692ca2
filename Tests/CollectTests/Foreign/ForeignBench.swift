import Catalog
import Collect
import Events
import Journal
import RequestParsing

/// One edge with its journal, a site with an alias in every protocol, and raw requests to it.
struct ForeignBench: ~Copyable {
    static let received = Timestamp(milliseconds: 1_795_354_629_000)
    /// The site's alias in each protocol.
    static let aliases: [AliasProtocol: String] = [
        .matomo: "1", .snowplow: "my-app", .plausible: "shop.test", .umami: "94db1cb1-74f4-4a40-ad6c-962362670409",
        .ga4: "G-TEST1234", .segment: "wk_test", .posthog: "phc_test",
    ]

    let journal = FakeJournal()
    let catalog: CatalogSnapshot
    private var edge: EdgeCollector
    private let routes = ForeignRoutes()

    /// What a client heard.
    struct Heard {
        var status: UInt16
        var body: String
        var content: ForeignAnswer.Content
        var origins: ForeignOrigins
        var headers: [String: String]
        var outcome: CollectOutcome
        var reasons: [String]
    }

    /// - consent: whether the client's own ids are kept.
    /// - keys: keys of the installation that requests may carry.
    init(consent: AliasConsent = .client, keys: [APIKey] = [], limits: CollectLimits = CollectLimits()) {
        catalog = CatalogSnapshot(
            generation: 1,
            sites: [Site(id: SiteID(7), key: Bench.key, name: "Shop", domains: ["shop.test"], currency: "EUR")],
            keys: keys,
            aliases: Self.aliases.map {
                SiteAlias(site: SiteID(7), protocol: $0.key, value: $0.value, consent: consent)
            })
        edge = EdgeCollector(
            secrets: Secrets.random(), salts: .replay(ReplaySalts()), geo: .none, journal: journal, limits: limits)
    }

    /// Sends one request as it stands on the wire; nil where no protocol has its path. The body is what follows the
    /// empty line, unpacked already.
    mutating func send(_ request: [UInt8], address: String = "203.0.113.9") -> Heard? {
        var parser = RequestHeadParser(limits: HeadLimits())
        guard parser.parse(request.span.bytes) == .complete else { return nil }
        let head = parser.head
        let bytes = request.span.bytes
        let path = bytes.extracting(head.path)
        guard let route = routes.route(path, method: head.method) else { return nil }
        var facts = RequestFacts(
            receivedAt: Self.received,
            address: IPAddress(parsing: Array(address.utf8).span.bytes) ?? IPAddress(ipv4: 0),
            none: bytes.extracting(first: 0))
        facts.userAgent = bytes.extracting(head.value(.userAgent) ?? 0..<0)
        facts.cookies = bytes.extracting(head.value(.cookie) ?? 0..<0)
        facts.origin = bytes.extracting(head.value(.origin) ?? 0..<0)
        facts.referer = bytes.extracting(head.value(.referer) ?? 0..<0)
        facts.acceptLanguage = bytes.extracting(head.value(.acceptLanguage) ?? 0..<0)
        let objection = bytes.extracting(head.value(.globalPrivacyControl) ?? 0..<0)
        facts.objectsGlobally = objection.byteCount == 1 && objection.byte(at: 0) == UInt8(ascii: "1")
        let foreign = ForeignRequest(
            method: head.method, action: route.action, path: path, query: bytes.extracting(head.query),
            body: bytes.extracting(head.byteCount..<bytes.byteCount), head: head, headBytes: bytes, facts: facts,
            catalog: catalog)
        var answer = ForeignAnswer()
        let outcome = edge.collectForeign(route, foreign, answer: &answer)
        var headers: [String: String] = [:]
        for (name, value) in answer.headers { headers["\(name)"] = value }
        return Heard(
            status: answer.status, body: String(decoding: answer.body, as: UTF8.self), content: answer.content,
            origins: answer.origins, headers: headers, outcome: outcome,
            reasons: edge.rejections.map(\.reason.rawValue))
    }

    /// The same, written in pieces: `POST /path`, header lines, body.
    mutating func send(_ line: String, _ headers: [String] = [], body: String = "") -> Heard? {
        let browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        let agent = headers.contains { $0.lowercased().hasPrefix("user-agent:") } ? [] : [browser]
        let lines = ["\(line) HTTP/1.1", "Host: track.test"] + agent + headers + ["Content-Length: \(body.utf8.count)"]
        return send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }

    /// Everything the journal was given.
    var events: [SeenEvent] { get throws { try journal.records.map { try SeenEvent($0) } } }
}
