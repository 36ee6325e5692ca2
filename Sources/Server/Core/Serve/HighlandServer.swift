internal import Adapters
package import Catalog
internal import Collect
package import Events
internal import Foundation
package import Journal
package import Logging
internal import NIOCore
internal import Reports
internal import RequestParsing
internal import Serving
internal import Synchronization

/// What a test may put in the place of the machine.
package struct ServerSeams: Sendable {
    package var fileSystem: any FileSystem = PosixFileSystem()
    package var time: any TimeSource = SystemTimeSource()
    /// Takes each line that an operator should see.
    package var log: @Sendable (LogLevel, String, [String: String]) -> Void = { _, _, _ in }
    /// Called once when the journal can write no more: the process must leave with 74 and be started again.
    package var journalFailed: @Sendable () -> Void = {}
    /// How many files and sockets the process may have open.
    package var descriptorsMax = Int.max
    /// For the libraries that log by themselves; silent unless set.
    package var logger = Logger(label: "highland") { _ in SwiftLogNoOpLogHandler() }
    package init() {}
}

/// A running Highland: the public plane, the journal and everything behind it, in one process.
///
/// Life cycle: `start` opens and recovers everything in the order of the river, listens last; `stop` goes the other way:
/// stops listening, answers what is in flight, commits, checkpoints, closes. Both block on the disk.
package final class HighlandServer: Sendable {
    package let catalog: CatalogHolder
    let state: ServerState
    let pipeline: ProjectionPipeline
    private let lag: LagWatch
    private let listener: HTTPListener
    private let admin: AdminServer
    private let plane: AdminPlane
    /// The port of the admin plane.
    package let adminPort: Int
    private let salts: SaltTurner
    private let seams: ServerSeams

    /// Opens the installation in `directories` and serves it. Throws what kept it from starting; nothing is left running.
    package static func start(
        _ configuration: Configuration, directories: Directories, seams: ServerSeams = ServerSeams()
    ) async throws -> HighlandServer {
        let budget = DescriptorBudget(
            limit: seams.descriptorsMax, wanted: configuration.publicPlane.connectionsMax)
        if let warning = budget.warning { seams.log(.warning, "fewer connections", ["reason": warning]) }
        let store = try CatalogStoreSQLite(directory: directories.data, time: seams.time)
        let catalog = CatalogHolder(try store.load())
        let secrets = try InstallationSecrets.load(directories) { seams.log(.warning, $0, [:]) }
        let salts = SaltTurner(try SaltKeeper(directory: directories.runtime, clock: seams.time), seams: seams)
        let geo = try GeoSource.open(databasePath: configuration.collect.geoDatabase)
        seams.log(.notice, "geo database", ["summary": geo.summary])

        let admin = AdminServer(directory: directories.data)
        admin.registerCatalog(store: store, holder: catalog)
        try admin.start()
        do {
            let journal = try openJournal(configuration, directories: directories, seams: seams)
            journal.addObserver(FailureWatch(seams.journalFailed))
            let state = ServerState(
                catalog: catalog, journal: journal, settings: configuration.publicPlane, time: seams.time)
            let pipeline = ProjectionPipeline(
                journal: journal, catalog: catalog, dataDirectory: directories.data,
                settings: configuration.projections, seams: seams)
            state.add(pipeline)
            let lag = LagWatch(pipeline.projector)
            let definitions = DefinitionWriter(journal: journal, time: seams.time)
            try TagScriptsKeeper(store: store, holder: catalog, scripts: state.scripts, log: seams.log).start()
            catalog.onChange { definitions.write($0) }
            state.registerTail(on: admin)
            admin.registerImport(
                catalog: catalog, journal: journal, secrets: secrets, geo: geo, data: directories.data,
                time: seams.time,
                mayGoOn: { state.waitForProjections(pipeline, below: configuration.projections.lagEventsMax / 4) })
            pipeline.registerReports(on: admin, catalog: catalog, settings: configuration.projections, time: seams.time)
            pipeline.registerRebuild(on: admin, seams: seams)
            state.registerHealth(on: admin)
            let make = try responders(
                configuration, state: state, lag: lag.flag, secrets: secrets, salts: salts.keeper, geo: geo,
                time: seams.time)
            journal.start()
            if let batch = definitions.write(catalog.current) { FirstCommit.wait(for: batch, in: journal) }
            try pipeline.start(seams: seams)
            lag.start()
            salts.start()
            var serving = ServingConfiguration(configuration.publicPlane)
            serving.connectionsMax = budget.publicConnectionsMax
            let listener = try await HTTPListener.start(
                serving, loopCount: configuration.publicPlane.loops, time: seams.time, makeResponder: make)
            let plane = try AdminPlane(
                configuration, connectionsMax: budget.adminConnectionsMax, catalog: catalog, store: store,
                pipeline: pipeline, arrivals: Arrivals(state), seams: seams,
                metrics: { ServerMetrics.families(state, serving: listener.counts, pipeline: pipeline) })
            let adminPort = try await plane.start(logger: seams.logger)
            state.isStarted.store(true, ordering: .relaxed)
            return HighlandServer(
                catalog: catalog, state: state, pipeline: pipeline, lag: lag, listener: listener,
                admin: admin, plane: plane,
                adminPort: adminPort, salts: salts, seams: seams)
        } catch {
            admin.stop()
            throw error
        }
    }

    private init(
        catalog: CatalogHolder, state: ServerState, pipeline: ProjectionPipeline, lag: LagWatch, listener: HTTPListener,
        admin: AdminServer,
        plane: AdminPlane, adminPort: Int, salts: SaltTurner, seams: ServerSeams
    ) {
        self.catalog = catalog
        self.state = state
        self.pipeline = pipeline
        self.lag = lag
        self.listener = listener
        self.admin = admin
        self.plane = plane
        self.adminPort = adminPort
        self.salts = salts
        self.seams = seams
    }

    /// What the public plane serves below `/tags/`.
    package var scripts: TagScriptsHolder { state.scripts }

    /// The port of the public plane.
    package var publicPort: Int { listener.port }

    /// A link that signs a browser in as owner, once, within 30 minutes. For the terminal, never for a log.
    package func signInLink() -> String { plane.signInLink(port: adminPort) }

    /// Waits until every committed event is in the reports, at most so long.
    package func catchUp(milliseconds: Int) -> Bool { pipeline.catchUp(milliseconds: milliseconds) }

    /// Answers a query in the shape of `POST /api/v2/query`, as that answer's JSON. Blocks.
    package func report(json: [UInt8]) throws -> [UInt8] {
        try pipeline.report(try ReportQuery(json: json), catalog: catalog.current, now: seams.time.wallClock()).json()
    }

    /// Drains and closes; true when every connection was answered within the drain's deadline.
    @discardableResult
    package func stop() async -> Bool {
        state.isDraining.store(true, ordering: .relaxed)
        let report = await listener.drain()
        await plane.stop()
        salts.stop()
        // What is committed is applied first, so that a restart has nothing to read again.
        _ = pipeline.catchUp(milliseconds: 1_000)
        lag.stop()
        pipeline.stop()
        do { try state.journal.close() } catch {
            seams.log(.error, "the journal did not close cleanly", ["error": "\(error)", "hint": error.hint])
        }
        admin.stop()
        return report.cutOff == 0
    }

    /// Makes each loop's collector and what answers its requests.
    private static func responders(
        _ configuration: Configuration, state: ServerState, lag: LagFlag, secrets: Secrets, salts: SaltKeeper,
        geo: GeoSource, time: any TimeSource
    ) throws -> @Sendable (ServingLoop) -> any RequestResponder {
        let answers = try PublicAnswers()
        let tagAnswers = try TagAnswers()
        return { loop in
            let waiters = CommitWaiters(loop: loop, failure: answers.unavailable)
            state.journal.addObserver(waiters)
            let ledger = CollectLedger()
            state.ledgers.withLock { $0.append(ledger) }
            let scriptCounters = TagScriptCounters()
            state.scriptCounters.withLock { $0.append(scriptCounters) }
            let loopJournal = LoopJournal(state.journal, flag: lag)
            let collector = EdgeCollector(
                secrets: secrets, salts: .live(salts), geo: geo, journal: loopJournal,
                limits: CollectLimits(configuration.collect), ledger: ledger)
            return PublicResponder(
                shared: state, answers: answers, tagAnswers: tagAnswers, waiters: waiters, journal: loopJournal,
                collector: collector, scriptCounters: scriptCounters,
                bodyBytesMax: configuration.publicPlane.bodyBytesMax, time: time)
        }
    }

    /// Said of each range that is passed over.
    static func acceptedDamage(_ range: DamagedRange, _ seams: ServerSeams) {
        seams.log(.error, "damage of the journal is passed over", ["journal.damage": "\(range)"])
    }

    static func openJournal(
        _ configuration: Configuration, directories: Directories, seams: ServerSeams
    ) throws -> FileJournal {
        let options = JournalOptions(configuration, directories)
        let journal = try FileJournal.open(options, fileSystem: seams.fileSystem, clock: seams.time)
        let report = journal.recovery
        seams.log(
            report.damage.isEmpty ? .notice : .error, "journal open",
            [
                "journal.batch": "\(report.lastBatch)", "journal.files": "\(report.fileCount)",
                "journal.unclean": "\(report.wasUnclean)",
                "journal.torn_bytes": "\(report.tornBytes)",
                "journal.moved_aside": report.movedAside.joined(separator: " "),
            ])
        for range in report.damage.prefix(100) { acceptedDamage(range, seams) }
        return journal
    }
}
