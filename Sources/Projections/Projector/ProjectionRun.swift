package import Events
internal import Journal

/// The projector without its thread: opens, applies batch by batch, checkpoints. Whoever calls it owns it; `rebuild`
/// and tests drive it directly, `Projector` from its thread. Live and rebuild are this one code.
package final class ProjectionRun {
    package typealias MakeSet = (ProjectionStart) throws -> ProjectionSet
    package typealias OpenSource = (_ afterBatch: UInt64) throws -> any BatchSource

    private let configuration: ProjectorConfiguration
    private let cut: CheckpointCut
    private let time: any TimeSource
    private let makeSet: MakeSet
    private let openSource: OpenSource
    private let report: (ProjectorNote) -> Void

    private var set = ProjectionSet(projections: [])
    private var source: (any BatchSource)?
    /// The last batch every projection has applied.
    package private(set) var appliedBatch: UInt64 = 0 {
        didSet { settledBatch = appliedBatch }
    }
    /// As `appliedBatch`, or later where the batches after it are lost and passed over.
    package private(set) var settledBatch: UInt64 = 0
    /// The batch a restart would go on from; 0 where it would begin anew.
    package private(set) var checkpointedBatch: UInt64 = 0
    package private(set) var appliedEvents: UInt64 = 0
    /// What the projections or the journal's reader wait for; nil while nothing does.
    package private(set) var shortage: String?
    private var readerShortage: String?
    private var triedAt: MonotonicInstant
    private var bytesSinceCheckpoint = 0
    private var lastCheckpointAt: MonotonicInstant
    private var lastCheckpointNanoseconds: UInt64 = 0

    /// - Parameters:
    ///   - makeSet: makes new projections; called again where a checkpoint cannot be restored into the first ones.
    ///   - openSource: the journal from behind a batch on.
    ///   - report: told what an operator should know, on the caller's thread.
    package init(
        configuration: ProjectorConfiguration, files: any CheckpointFiles = SystemCheckpointFiles(),
        time: any TimeSource = SystemTimeSource(), makeSet: @escaping MakeSet, openSource: @escaping OpenSource,
        report: @escaping (ProjectorNote) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.time = time
        self.makeSet = makeSet
        self.openSource = openSource
        self.report = report
        cut = CheckpointCut(directory: configuration.directory, files: files)
        lastCheckpointAt = time.monotonic()
        triedAt = lastCheckpointAt
    }

    package var backlogEvents: Int? { source?.backlogEvents }

    /// Restores the published checkpoint and opens the journal behind it; without one, or where it is damaged, or
    /// where `rebuilding`, begins with new projections at the journal's start. Never changes the journal.
    package func open(rebuilding: Bool = false) throws(ProjectorError) {
        if !rebuilding {
            do {
                if try openFromCheckpoint() { return }
            } catch {
                report(.checkpointUnusable(reason: error.description))
            }
        }
        report(.building)
        try cut.withdraw()
        set = try made(.nothing)
        appliedBatch = 0
        checkpointedBatch = 0
        source = try opened(after: 0)
        lastCheckpointAt = time.monotonic()
    }

    private func openFromCheckpoint() throws(ProjectorError) -> Bool {
        set = try made(.checkpoint)
        guard let batch = try cut.publishedBatch(names: set.names) else { return false }
        try cut.restore(set, batch: batch)
        let source = try opened(after: batch)
        guard source.newestBatch >= batch else { throw .gap(expected: batch, found: source.newestBatch) }
        self.source = source
        appliedBatch = batch
        checkpointedBatch = batch
        lastCheckpointAt = time.monotonic()
        report(.restored(batch: batch))
        return true
    }

    /// Tries again, once a second, what found no space; whether no batch may be applied before the next try. Call it
    /// before each `step`: without it the memory of what waits has no bound.
    package func mustWait() throws(ProjectorError) -> Bool {
        let now = time.monotonic()
        let isDue = now.nanoseconds(since: triedAt) >= 1_000_000_000
        if let waiter = set.waiter, shortage != nil, waiter.shortage != nil, isDue {
            triedAt = now
            do { try waiter.tryAgain() } catch {
                throw .projection(name: set.names.joined(separator: ", "), batch: appliedBatch, reason: "\(error)")
            }
        }
        let found = set.waiter?.shortage ?? readerShortage
        let isNew = shortage == nil
        if isNew, let found {
            triedAt = now
            report(.waitsForSpace(reason: found))
        } else if !isNew, found == nil {
            report(.foundSpace)
        }
        shortage = found
        if set.waiter?.isFull == true { return true }
        guard readerShortage != nil else { return false }
        if isNew || !isDue { return true }
        triedAt = now
        return false
    }

    /// Applies the next batch to every projection that has not applied it; false when none came in time. After an
    /// error the projections are of no use any more: `open` again, or leave.
    package func step(waitingAtMost duration: Duration) throws(ProjectorError) -> Bool {
        guard let source else { throw .source(batch: appliedBatch, reason: "not open") }
        let batch: CommittedBatch
        do {
            let next = try source.next(waitingAtMost: duration)
            readerShortage = nil
            guard let next else {
                settledBatch = max(settledBatch, source.passedThrough)
                return false
            }
            batch = next
        } catch JournalError.fileSystem(let error) where ErrorCode.meansNoSpace(error.code) {
            // The reader stands where it stood.
            readerShortage = "\(error)"
            return false
        } catch {
            throw .source(batch: appliedBatch, reason: "\(error)")
        }
        guard batch.sequence > appliedBatch else { return true }
        for projection in set.projections where projection.appliedBatch < batch.sequence {
            do { try projection.apply(batch) } catch {
                throw .projection(name: projection.name, batch: batch.sequence, reason: "\(error)")
            }
        }
        appliedBatch = batch.sequence
        appliedEvents &+= UInt64(batch.recordCount)
        bytesSinceCheckpoint += batch.bytes.count
        return true
    }

    /// Checkpoints where enough was applied or enough time has passed, and the last one did not take too large a part of
    /// it. A failure is reported and tried again after the next interval: the checkpoint before stays valid.
    package func checkpointIfDue() {
        guard appliedBatch != checkpointedBatch else { return }
        let elapsed = time.monotonic().nanoseconds(since: lastCheckpointAt)
        let seconds = elapsed / 1_000_000_000
        // However much there is to write, at most a hundredth of the time goes into it.
        guard elapsed / 100 >= lastCheckpointNanoseconds else { return }
        guard
            bytesSinceCheckpoint >= configuration.checkpointBytesMax
                || seconds >= configuration.checkpointIntervalSeconds
        else { return }
        do { try checkpoint() } catch { report(.checkpointFailed(error)) }
    }

    /// Writes a checkpoint now, unless the published one is of this batch.
    package func checkpoint() throws(ProjectorError) {
        guard appliedBatch != checkpointedBatch else { return }
        let start = time.monotonic()
        bytesSinceCheckpoint = 0
        lastCheckpointAt = start
        try cut.write(set, batch: appliedBatch)
        checkpointedBatch = appliedBatch
        try cut.tidy(set, batch: appliedBatch)
        lastCheckpointNanoseconds = time.monotonic().nanoseconds(since: start)
        report(.checkpointed(batch: appliedBatch, milliseconds: lastCheckpointNanoseconds / 1_000_000))
    }

    /// Forgets anchors in every projection, and checkpoints, so that no file of ours keeps them.
    package func erase(_ anchors: [Anchor]) throws(ProjectorError) {
        for projection in set.projections {
            do { try projection.erase(anchors) } catch {
                throw .projection(name: projection.name, batch: appliedBatch, reason: "\(error)")
            }
        }
        guard appliedBatch > 0 else { return }
        checkpointedBatch = 0
        try cut.write(set, batch: appliedBatch)
        checkpointedBatch = appliedBatch
        try cut.tidy(set, batch: appliedBatch)
    }

    private func made(_ start: ProjectionStart) throws(ProjectorError) -> ProjectionSet {
        do { return try makeSet(start) } catch {
            throw .checkpoint(name: "projections", batch: 0, reason: "could not be made: \(error)")
        }
    }

    private func opened(after batch: UInt64) throws(ProjectorError) -> any BatchSource {
        do { return try openSource(batch) } catch { throw .source(batch: batch, reason: "\(error)") }
    }
}
