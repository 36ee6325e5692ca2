import Catalog
import Events
import Foundation
import Journal
import LoadSupport
import ServerCore

/// A whole server in this process, on free ports and a folder of its own, with one site: real HTTP in, the journal's
/// records out. `stop` drains it and removes the folder.
final class RunningServer {
    let server: HighlandServer
    let folder: URL
    let site: Site
    var port: Int { server.publicPort }

    /// - domain: of the one site. `prepare` may change the configuration before the start.
    static func start(
        domain: String = "shop.test", folder: URL? = nil, seams: ServerSeams = ServerSeams(),
        site change: (inout SiteDraft) -> Void = { _ in }, prepare: (inout Configuration) -> Void = { _ in }
    ) async throws -> RunningServer {
        let folder =
            folder
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("highland-flow-\(UUID().uuidString)")
        var configuration = Configuration()
        configuration.storage.dataDirectory = folder.appendingPathComponent("data").path
        configuration.storage.runtimeDirectory = folder.appendingPathComponent("runtime").path
        configuration.storage.secretsDirectory = folder.appendingPathComponent("secrets").path
        configuration.storage.reserveBytes = 1 << 20
        configuration.storage.reservePercent = 0
        configuration.publicPlane.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.adminPlane.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.publicPlane.loops = 2
        // No test asks for how quick this machine's disk is, but those that ask for the bound.
        configuration.journal.queueAgeMax = .seconds(60)
        prepare(&configuration)
        let directories = Directories(configuration.storage)
        try directories.prepare()
        let access = CatalogAccess(directory: configuration.storage.dataDirectory)
        var draft = SiteDraft(domains: [domain])
        change(&draft)
        if case .sites(let sites) = try access.perform(.sites), sites.isEmpty {
            _ = try access.perform(.addSite(draft))
        }
        let server = try await HighlandServer.start(configuration, directories: directories, seams: seams)
        guard let site = server.catalog.current.sites.first else { throw Failure.noSite }
        return RunningServer(server: server, folder: folder, site: site)
    }

    enum Failure: Error { case noSite, damaged, behind }

    private init(server: HighlandServer, folder: URL, site: Site) {
        self.server = server
        self.folder = folder
        self.site = site
    }

    func connection() throws -> HTTPConnection { try HTTPConnection(port: port) }

    /// One request on a connection of its own.
    func request(_ method: String, _ target: String, headers: [(String, String)] = [], body: String = "") throws
        -> HTTPConnection.Answer
    {
        try connection().request(method, target, headers: headers, body: Array(body.utf8))
    }

    func pixel(_ query: String, headers: [(String, String)] = []) throws -> HTTPConnection.Answer {
        try request("GET", "/collect.gif?site=\(site.key)&\(query)", headers: browser(headers))
    }

    func post(_ body: String, headers: [(String, String)] = []) throws -> HTTPConnection.Answer {
        try request("POST", "/collect", headers: browser([("Content-Type", "application/json")] + headers), body: body)
    }

    /// One row of metrics over the last 30 days, once everything committed is in the reports.
    func metrics(_ names: [String], extra: String = "") throws -> [Double?] {
        try rows(names, extra: extra).first?.metrics ?? []
    }

    /// Rows of a query in the shape of `POST /api/v2/query`.
    func rows(_ names: [String], dimensions: [String] = [], extra: String = "") throws -> [(
        dimensions: [String?], metrics: [Double?]
    )] {
        guard server.catchUp(milliseconds: 20_000) else { throw Failure.behind }
        let list = { (texts: [String]) in texts.map { "\"\($0)\"" }.joined(separator: ",") }
        let query = """
            {"site_id":"\(site.domains[0])","metrics":[\(list(names))],"date_range":"30d","dimensions":[\(list(dimensions))]\(extra)}
            """
        let answer =
            try JSONSerialization.jsonObject(with: Data(try server.report(json: Array(query.utf8)))) as? [String: Any]
        return (answer?["results"] as? [[String: Any]] ?? []).map { row in
            (
                (row["dimensions"] as? [Any] ?? []).map { $0 as? String },
                (row["metrics"] as? [Any] ?? []).map { ($0 as? NSNumber)?.doubleValue }
            )
        }
    }

    /// Every event on disk, in order, as its fields' texts.
    func storedEvents() throws -> [StoredEvent] {
        try StoredEvent.all(in: folder.appendingPathComponent("data").path)
    }

    func stop() async {
        _ = await server.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private func browser(_ headers: [(String, String)]) -> [(String, String)] {
        headers.contains { $0.0 == "User-Agent" }
            ? headers
            : headers + [
                (
                    "User-Agent",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
                )
            ]
    }
}

/// An event read back from the journal's files.
struct StoredEvent {
    var position: Position
    var site: SiteID
    var name: String
    var clientEventID: String?
    var url: String?
    var referrer: String?
    var flags: EventFlags
    var consent: Consent
    var occurredAt: Timestamp
    var receivedAt: Timestamp
    var deviceID: ID128?
    var dailyID: ID128?
    var previousDailyID: ID128?
    var network: [UInt8]?
    var country: String?
    var properties: [String: String] = [:]
    var revenue: Money?
    /// The whole record, for canaries.
    var bytes: [UInt8]

    static func all(in directory: String) throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        let report = try JournalInspection(directory: directory + "/journal").dump { position, view in
            if view.kind == .event { events.append(StoredEvent(view, at: position)) }
            return true
        }
        guard report.isWhole else { throw RunningServer.Failure.damaged }
        return events
    }

    private init(_ view: borrowing EventView, at position: Position) {
        let bytes = view.bytes
        self.position = position
        site = view.site
        name = view.text(.name) ?? ""
        clientEventID = view.text(.clientEventID)
        url = view.text(.url)
        referrer = view.text(.referrer)
        flags = view.flags
        consent = view.consent
        occurredAt = view.occurredAt
        receivedAt = view.receivedAt
        deviceID = view.id(.deviceID)
        dailyID = view.id(.dailyID)
        previousDailyID = view.id(.previousDailyID)
        network = view.field(.network)?.array
        country = view.text(.country)
        revenue = view.revenue
        self.bytes = bytes.array
        var properties: [String: String] = [:]
        view.forEachProperty { key, _, value in properties[bytes.extracting(key).text] = bytes.extracting(value).text }
        self.properties = properties
    }
}
