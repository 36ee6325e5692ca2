internal import Catalog
internal import Collect
internal import Events
internal import Foundation
internal import Journal
internal import Projector
internal import Serving
internal import Synchronization

/// What every loop and thread of a running server shares: definitions, the journal, and how far each stage is.
final class ServerState: Sendable {
    let catalog: CatalogHolder
    let journal: FileJournal
    /// One a loop, in the loops' order; an import's come after them.
    let ledgers: Mutex<[CollectLedger]> = Mutex([])
    /// Both planes listen and every stage runs.
    let isStarted = Atomic<Bool>(false)
    let isDraining = Atomic<Bool>(false)
    private let publicURL: String?
    private let time: any TimeSource
    /// Stages behind the journal; set once they run.
    private let stages: Mutex<[any Stage]> = Mutex([])

    /// A reader of the journal as readiness shows it.
    protocol Stage: AnyObject, Sendable {
        var name: String { get }
        var appliedBatch: UInt64 { get }
        /// nil while it works; a sentence when it has stopped.
        var failure: String? { get }
    }

    init(catalog: CatalogHolder, journal: FileJournal, publicURL: String?, time: any TimeSource) {
        self.catalog = catalog
        self.journal = journal
        self.publicURL = publicURL
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
            let state = stage.failure == nil ? "working" : "failed"
            if stage.failure != nil { isReady = false }
            parts.append(
                "\"\(stage.name)\":{\"lagBatches\":\(committed > applied ? committed - applied : 0),\"state\":\"\(state)\"}"
            )
        }
        let body = "{\"ready\":\(isReady),\"stages\":{\(parts.joined(separator: ","))}}\n"
        return answer(isReady ? 200 : 503, "application/json", body, maxAge: 0)
    }

    /// `/.well-known/security.txt` (RFC 9116), valid for 90 days from the moment it is asked for.
    func securityText() -> Response {
        let expires = Date(timeIntervalSince1970: Double(time.wallClock().milliseconds) / 1000 + 90 * 86_400)
        let contact = publicURL.map { "\($0)/" } ?? "https://github.com/"
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
