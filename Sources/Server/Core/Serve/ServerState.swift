internal import Catalog
internal import Collect
internal import Events
internal import Foundation
internal import Journal
internal import Projector
internal import Serving
internal import Synchronization

/// A stage of a running server as `highland doctor` shows it.
struct StageHealth: Codable, Sendable {
    static let requestName = "health"
    var name: String
    var failure: String?
    var waitsFor: String?
}

/// What every loop and thread of a running server shares: definitions, the journal, and how far each stage is.
final class ServerState: Sendable {
    let catalog: CatalogHolder
    let journal: FileJournal
    /// One a loop, in the loops' order; an import's come after them.
    let ledgers: Mutex<[CollectLedger]> = Mutex([])
    /// What is served below `/tags/`.
    let scripts = TagScriptsHolder()
    /// One a loop.
    let scriptCounters: Mutex<[TagScriptCounters]> = Mutex([])
    /// Both planes listen and every stage runs.
    let isStarted = Atomic<Bool>(false)
    let isDraining = Atomic<Bool>(false)
    private let publicURL: String?
    private let securityContact: String?
    private let time: any TimeSource
    /// Stages behind the journal; set once they run.
    private let stages: Mutex<[any Stage]> = Mutex([])

    /// A reader of the journal as readiness shows it.
    protocol Stage: AnyObject, Sendable {
        var name: String { get }
        var appliedBatch: UInt64 { get }
        /// nil while it works; a sentence when it has stopped.
        var failure: String? { get }
        /// nil while it goes on; a sentence when it waits for space, and goes on by itself.
        var waitsFor: String? { get }
    }

    init(catalog: CatalogHolder, journal: FileJournal, settings: PublicPlaneSettings, time: any TimeSource) {
        self.catalog = catalog
        self.journal = journal
        publicURL = settings.url
        securityContact = settings.securityContact
        self.time = time
    }

    func add(_ stage: any Stage) { stages.withLock { $0.append(stage) } }

    /// Blocks an import while the projections are further behind than `events`; false when the server stops.
    func waitForProjections(_ pipeline: ProjectionPipeline, below events: Int) -> Bool {
        while !isDraining.load(ordering: .relaxed) {
            let status = pipeline.projector.status
            if (status.lagEvents ?? 0) <= events, !status.isBeyondLagBound { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    /// `GET /readyz`: 200 while everything that the start promises is up and requests are taken, else 503; names every
    /// stage and its lag.
    ///
    ///     {"ready":true,"stages":{"journal":{"lagBatches":0,"state":"working"}}}
    func readiness() -> Response {
        let metrics = journal.metrics()
        let journalState = metrics.hasFailed ? "failed" : metrics.isWithoutSpace ? "no space" : "working"
        var parts = [
            "\"journal\":{\"lagBatches\":0,\"state\":\"\(journalState)\",\"committedBatch\":\(journal.committedBatch)}"
        ]
        var isReady = !metrics.hasFailed && !metrics.isWithoutSpace
        if isDraining.load(ordering: .relaxed) || !isStarted.load(ordering: .relaxed) { isReady = false }
        for stage in stages.withLock({ $0 }) {
            let committed = journal.committedBatch
            let applied = stage.appliedBatch
            let state = stage.failure != nil ? "failed" : stage.waitsFor != nil ? "no space" : "working"
            if stage.failure != nil { isReady = false }
            parts.append(
                "\"\(stage.name)\":{\"lagBatches\":\(committed > applied ? committed - applied : 0),\"state\":\"\(state)\"}"
            )
        }
        let body = "{\"ready\":\(isReady),\"stages\":{\(parts.joined(separator: ","))}}\n"
        return answer(isReady ? 200 : 503, "application/json", body, maxAge: 0)
    }

    /// Answers `highland doctor` with each stage as it is now.
    func registerHealth(on admin: AdminServer) {
        admin.register(StageHealth.requestName) { [self] (_: AdminNothing) -> [StageHealth] in
            let metrics = journal.metrics()
            let lack = metrics.isWithoutSpace ? "no space or no descriptor for events; they are answered 503" : nil
            let failure = metrics.hasFailed ? "it can write no more" : nil
            return [StageHealth(name: "journal", failure: failure, waitsFor: lack)]
                + stages.withLock { $0 }.map {
                    StageHealth(name: $0.name, failure: $0.failure, waitsFor: $0.waitsFor)
                }
        }
    }

    /// `/.well-known/security.txt` (RFC 9116), valid for 90 days from the moment it is asked for. `host` is what
    /// the request says.
    func securityText(host: String) -> Response {
        let contact = SecurityContact.uri(
            configured: securityContact, publicURL: publicURL, siteDomain: catalog.current.sites.first?.domains.first,
            host: host)
        let expires = Date(timeIntervalSince1970: Double(time.wallClock().milliseconds) / 1000 + 90 * 86_400)
        let text = "Contact: \(contact)\nExpires: \(expires.formatted(.iso8601))\nPreferred-Languages: en\n"
        return answer(200, "text/plain; charset=utf-8", text, maxAge: 86_400)
    }

    private func answer(_ status: UInt16, _ type: String, _ text: String, maxAge: Int) -> Response {
        let cache = maxAge > 0 ? "max-age=\(maxAge)" : "no-store"
        let headers = [("Content-Type", type), ("Cache-Control", cache), ("X-Content-Type-Options", "nosniff")]
        if let response = try? Response(status: status, headers: headers, body: Array(text.utf8)) { return response }
        return Response(ResponseTemplate(status: 503, sentence: "The answer could not be written."))
    }
}
