internal import Catalog
internal import Columns
internal import Events
internal import Foundation
internal import Journal
internal import Projector
internal import Reports
internal import Synchronization
internal import Threads
internal import Visits

/// Everything behind the journal: the projector with visits and columns, and the reports over them. The same for a
/// running server and for a command on the files.
final class ProjectionPipeline: Sendable {
    let projector: Projector
    private let store: StoreHolder
    let journal: FileJournal
    private let checkpoints: String

    /// - dataDirectory: holds `checkpoints/` and `columns/`.
    init(
        journal: FileJournal, catalog: CatalogHolder, dataDirectory: String, settings: ProjectionSettings,
        seams: ServerSeams
    ) {
        self.journal = journal
        let holder = StoreHolder()
        store = holder
        let checkpoints = dataDirectory + "/checkpoints"
        self.checkpoints = checkpoints
        var configuration = ProjectorConfiguration(directory: checkpoints)
        configuration.checkpointIntervalSeconds = UInt64(
            clamping: max(1, settings.checkpointInterval.milliseconds / 1_000))
        configuration.lagEventsMax = settings.lagEventsMax
        let columns = dataDirectory + "/columns"
        let chosen = configuration
        projector = Projector(configuration: chosen, time: seams.time) {
            ProjectionRun(
                configuration: chosen, time: seams.time,
                makeSet: { start in
                    if start == .nothing { try? FileManager.default.removeItem(atPath: columns) }
                    return try ProjectionPipeline.makeSet(
                        columns: columns, catalog: catalog, holder: holder, seams: seams)
                },
                openSource: { batch in
                    JournalBatchSource(journal, after: batch) { HighlandServer.acceptedDamage($0, seams) }
                },
                report: { ProjectionPipeline.log($0, journal, seams) })
        }
        journal.addObserver(projector)
    }

    private static func makeSet(
        columns: String, catalog: CatalogHolder, holder: StoreHolder, seams: ServerSeams
    ) throws -> ProjectionSet {
        let store = try EmbeddedColumnStore(partsDirectory: columns)
        holder.replace(with: store)
        let clients = ClientClassifier(key: .random())
        if let notice = clients.notice { seams.log(.notice, "user agents", ["notice": "\(notice)"]) }
        let visits = Visits(
            store: store, classifier: StandardVisitClassifier(clients: clients), definitions: SiteControlRecord(),
            catalog: { catalog.current })
        let cut = ColumnStoreCheckpoint(store, afterPublishing: { _ = try store.retireUnreferencedParts() })
        return ProjectionSet(projections: [visits], participants: [cut], waiter: ColumnSpace(store))
    }

    private static func log(_ note: ProjectorNote, _ journal: FileJournal, _ seams: ServerSeams) {
        switch note {
        case .restored(let batch):
            FreedMemory.giveBackAfterStart()
            seams.log(.notice, "projections restored", ["projection.batch": "\(batch)"])
        case .building: seams.log(.notice, "projections built from the journal's start", [:])
        case .checkpointUnusable(let reason):
            seams.log(.warning, "the checkpoint cannot be used; rebuilding from the journal", ["reason": reason])
        case .checkpointed(let batch, let milliseconds):
            // At rest, so nobody asks for it again: the rows that have become parts, and what a long way to here took.
            if batch == journal.committedBatch { FreedMemory.giveBack() }
            seams.log(.debug, "checkpoint", ["projection.batch": "\(batch)", "duration.ms": "\(milliseconds)"])
        case .waitsForSpace(let reason):
            seams.log(.warning, "projections find no space; they try again every second", ["reason": reason])
        case .foundSpace: seams.log(.notice, "projections have space again", [:])
        case .checkpointFailed(let error): seams.log(.error, "a checkpoint could not be written", ["error": "\(error)"])
        case .failed(let error):
            seams.log(.critical, "projections stopped; events are still taken", ["error": "\(error)"])
        }
    }

    /// Throws where the checkpoint is of batches that the journal does not have: starting would throw away what was
    /// built of them. A checkpoint that cannot be read says nothing; starting builds again.
    func requireJournalOfCheckpoint() throws {
        guard let batch = try? PublishedCheckpoint.batch(in: checkpoints), batch > journal.committedBatch else {
            return
        }
        throw PipelineError.ahead(
            checkpoints: checkpoints, batch: batch, journal: journal.options.directory,
            lastBatch: journal.committedBatch)
    }

    /// Starts the thread; it restores, then follows the journal.
    func start(rebuilding: Bool = false, seams: ServerSeams) throws {
        guard
            projector.start(rebuilding: rebuilding, report: { [journal] in ProjectionPipeline.log($0, journal, seams) })
        else {
            throw PipelineError.noThread
        }
    }

    /// Throws columns and visits away and begins at the journal's start; returns at once.
    func rebuild(seams: ServerSeams) throws {
        guard projector.rebuild(report: { [journal] in ProjectionPipeline.log($0, journal, seams) }) else {
            throw PipelineError.stopped
        }
    }

    /// Waits until everything committed is applied, at most so long. False when time ran out or the projections failed.
    func catchUp(milliseconds: Int) -> Bool {
        projector.waitUntilApplied(journal.committedBatch, milliseconds: milliseconds)
    }

    func stop() { projector.stop() }

    /// Answers a query over what is applied. Blocks while the store works; any thread.
    func report(
        _ query: ReportQuery, catalog: CatalogSnapshot, now: Timestamp,
        may: @escaping @Sendable (SiteID) -> Bool = { _ in true },
        isCancelled: (@Sendable () -> Bool)? = nil
    ) throws -> ReportTable {
        guard let store = store.current else { throw PipelineError.restoring }
        let runner = ReportRunner(store: store) { reference in
            guard let site = catalog.site(reference: reference), may(site.id) else { return nil }
            return ReportSite(id: site.id, name: site.name, timeZone: site.timeZone, currency: site.currency)
        }
        return try runner.run(query, now: now, isCancelled: isCancelled)
    }

    var columnStatistics: EmbeddedColumnStore.Statistics? { store.current?.statistics }
}

enum PipelineError: Error, CustomStringConvertible {
    case noThread
    case restoring
    case stopped
    case failed(String)
    case behind
    case ahead(checkpoints: String, batch: UInt64, journal: String, lastBatch: UInt64)
    case withoutSpace(String)

    var description: String {
        switch self {
        case .noThread: "the system gives no thread for the projections; raise the limit on threads"
        case .restoring: "the projections are still being restored; try again in a moment"
        case .stopped: "the server is stopping; try again once it runs"
        case .failed(let reason): "the projections have stopped: \(reason)"
        case .withoutSpace(let reason): "the projections wait for space and go on by themselves: \(reason)"
        case .ahead(let checkpoints, let batch, let journal, let lastBatch):
            "\(journal): ends with batch \(lastBatch), and \(checkpoints) is of batch \(batch); expected the journal it "
                + "was made of: restore that from a backup, or run 'highland rebuild' to count what is there"
        case .behind: "the projections did not catch up with the journal in time; try again"
        }
    }
}

/// The column store as the projector waits for its space.
private final class ColumnSpace: SpaceWaiter {
    private let store: EmbeddedColumnStore
    init(_ store: EmbeddedColumnStore) { self.store = store }
    var shortage: String? { store.waitsFor.map { "\($0)" } }
    var isFull: Bool { store.isFull }
    func tryAgain() throws { try store.sealAgain() }
}

/// The column store in use: replaced when projections begin anew.
private final class StoreHolder: Sendable {
    private let state = Mutex<EmbeddedColumnStore?>(nil)
    var current: EmbeddedColumnStore? { state.withLock { $0 } }
    func replace(with store: EmbeddedColumnStore) { state.withLock { $0 = store } }
}

/// The journal's reader as the projector takes it.
final class JournalBatchSource: BatchSource {
    private let journal: FileJournal
    private let reader: JournalReader
    private let report: (DamagedRange) -> Void
    private var reported: Int

    /// - report: told of each damaged range that is passed over, those apart that opening has found.
    init(_ journal: FileJournal, after batch: UInt64, report: @escaping (DamagedRange) -> Void) {
        self.journal = journal
        self.report = report
        reader = journal.reader(after: batch)
        reported = 0
    }

    func next(waitingAtMost duration: Duration) throws -> CommittedBatch? {
        let batch = try reader.next(waitingAtMost: UInt64(clamping: duration.milliseconds) &* 1_000_000)
        if reader.skipped.count > reported {
            for range in reader.skipped[reported...] where !journal.recovery.damage.contains(range) { report(range) }
            reported = reader.skipped.count
        }
        return batch
    }

    var newestBatch: UInt64 { journal.committedBatch }
    var passedThrough: UInt64 { reader.nextBatch - 1 }
}

extension ProjectionPipeline: ServerState.Stage {
    var name: String { "visits" }
    var appliedBatch: UInt64 { projector.status.appliedBatch }
    var waitsFor: String? { projector.status.shortage }
    var failure: String? {
        if case .failed(let error) = projector.status.phase { return "\(error)" }
        return nil
    }
}
