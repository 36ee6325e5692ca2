import Admin
import Catalog
import Events
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Reports
import RequestParsing
import Synchronization
import Tagging
import Testing

/// An admin plane over made-up data: sites 1 (`shop.test`) and 2 (`other.test`), each with its domain as an alias for
/// Plausible's clients, and a key for every role and scope.
struct TestPlane: Sendable {
    enum Reach: String, CaseIterable, Sendable { case all, first }

    let store: MemoryCatalog
    let holder: CatalogHolder
    let time = ManualTimeSource(
        wall: Timestamp(milliseconds: 1_719_700_000_000), monotonic: MonotonicInstant(nanoseconds: 1_000_000_000))
    let plane: AdminApplication
    let logged = LogLines()
    private let keys: [String: String]

    init(
        reports: MadeUpReports = MadeUpReports(), siteName: String = "Shop", settings: AdminSettings = AdminSettings(),
        run: (@Sendable (ReportQuery, Site, @escaping AdminSources.Cancellation) async throws -> ReportTable)? = nil
    ) throws {
        store = try MemoryCatalog()
        var draft = SiteDraft(name: siteName, domains: ["shop.test"])
        draft.timeZone = "Europe/Zurich"
        draft.currency = "CHF"
        let first = try store.addSite(draft, by: "test")
        let second = try store.addSite(SiteDraft(domains: ["other.test"]), by: "test")
        for site in [first, second] {
            let alias = SiteAlias(site: site.id, protocol: .plausible, value: site.domains[0], consent: .client)
            _ = try store.addAlias(alias, by: "test")
        }
        var keys: [String: String] = [:]
        for role in Role.allCases {
            keys["\(role) all"] = try store.addKey(name: "", role: role, scope: .all, by: "test").text
            keys["\(role) first"] = try store.addKey(name: "", role: role, scope: .only([first.id]), by: "test").text
        }
        self.keys = keys
        // One container on the first site, one on the second, with a draft `default` each.
        let publisher = ContainerPublisher(store)
        _ = try publisher.addContainer(ContainerDraft(name: "own", sites: [first.id]), by: "test")
        _ = try publisher.addContainer(ContainerDraft(name: "foreign", sites: [second.id]), by: "test")
        holder = CatalogHolder(try store.load())
        let lines = logged
        let sources = AdminSources(
            metrics: {
                [MetricFamily("highland_collect_events_total", .counter, help: "Events taken.", 12)]
            },
            runReport: run ?? { query, _, _ in reports.run(query) },
            log: { message, facts in lines.add("\(message) \(facts)") })
        plane = try AdminApplication(settings: settings, sources: sources, catalog: holder, store: store, time: time)
    }

    func key(_ role: Role, _ reach: Reach = .all) -> String { keys["\(role) \(reach)"] ?? "" }

    /// Runs `body` with a client of the routes, no port in between.
    func test<Value>(_ body: @Sendable (TestClient) async throws -> Value) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await body(TestClient(responder: plane.application(logger: logger).responder, logger: logger))
    }

    /// The token of a fresh sign-in link.
    func signInToken(role: Role = .owner, scope: SiteScope = .all) -> String {
        String(plane.signInLink(port: 8081, role: role, scope: scope).split(separator: "/").last ?? "")
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

extension HTTPFields {
    /// With a key.
    static func key(_ text: String, json: Bool = false) -> HTTPFields {
        var fields: HTTPFields = [.authorization: "Bearer \(text)"]
        if json { fields[.contentType] = "application/json" }
        return fields
    }

    func with(_ name: String, _ value: String) -> HTTPFields {
        var fields = self
        if let name = HTTPField.Name(name) { fields[name] = value }
        return fields
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    /// The body as JSON.
    func json() throws -> JSONValue { try JSONReader.read(Array(body.readableBytesView)) }

    /// A text of a JSON object.
    func member(_ name: String) throws -> String? {
        if case .string(let text)? = try json()[name] { return text }
        return nil
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

extension ByteBuffer {
    static func text(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }
}
