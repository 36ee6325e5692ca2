internal import Events
internal import Synchronization
internal import Threads

/// Batches in order from a position on: from the ring when it keeps up, from files when it is behind. Both give the
/// same records. Its owner calls it from one thread at a time; `cancel` comes from any.
///
/// SAFETY: `cursor`, `file` and `nextBatch` are touched by `next` alone, which belongs to the owner's thread.
package final class JournalReader: @unchecked Sendable {
    private let journal: FileJournal
    private var cursor: JournalFileCursor?
    private var file: JournalFileInfo?
    private var catalogVersion: UInt64 = 0
    private let cancelled = Atomic<Bool>(false)
    private let position: Atomic<UInt64>
    /// Ranges passed over, which only happens in a journal opened with `acceptsDamage`.
    package private(set) var skipped: [DamagedRange] = []
    /// Batches that came from files.
    package private(set) var batchesFromFiles: UInt64 = 0

    init(_ journal: FileJournal, after batch: UInt64) {
        self.journal = journal
        self.position = Atomic(batch &+ 1)
    }

    /// The batch that `next` will give.
    package var nextBatch: UInt64 { position.load(ordering: .relaxed) }

    /// How many committed batches it has not given yet.
    package var lagBatches: UInt64 {
        let committed = journal.committedBatch
        return committed >= nextBatch ? committed - nextBatch + 1 : 0
    }

    /// Makes the present and every later call of `next` throw `cancelled`.
    package func cancel() {
        cancelled.store(true, ordering: .releasing)
        journal.ring.signal.raise()
    }

    /// The next batch; nil when none was committed within the time, or none will be. 0 does not wait.
    ///
    /// Throws `cancelled`, `dropped` (retention overtook the reader), `damaged` (calling again throws again) or
    /// `fileSystem` (may be tried again).
    package func next(waitingAtMost nanoseconds: UInt64) throws(JournalError) -> CommittedBatch? {
        let clock = journal.clock
        let deadline = clock.monotonic().nanoseconds &+ nanoseconds
        while true {
            let seen = journal.ring.signal.current
            if cancelled.load(ordering: .acquiring) { throw .cancelled }
            let wanted = nextBatch
            if wanted <= journal.committedBatch {
                if let batch = journal.ring.batch(wanted) {
                    cursor = nil
                    position.store(wanted + 1, ordering: .relaxed)
                    return batch
                }
                if let batch = try readFromFiles(wanted) { return batch }
                continue
            }
            if journal.ring.isEnded { return nil }
            let now = clock.monotonic().nanoseconds
            guard nanoseconds > 0, now < deadline else { return nil }
            if !journal.ring.signal.wait(after: seen, nanosecondsAtMost: deadline - now) { return nil }
        }
    }

    /// The batch from its file; nil when a lost range was passed over instead.
    private func readFromFiles(_ wanted: UInt64) throws(JournalError) -> CommittedBatch? {
        do {
            return try read(wanted)
        } catch let error as JournalError {
            cursor = nil
            throw error
        } catch let error as FileSystemError {
            // The file may have been swapped or dropped between the snapshot and the opening.
            let isGone = error.code == ErrorCode.noEntry && journal.catalog.version != catalogVersion
            cursor = nil
            if isGone { return nil }
            throw .fileSystem(error)
        } catch {
            throw .unavailable
        }
    }

    private func read(_ wanted: UInt64) throws -> CommittedBatch? {
        if cursor == nil || journal.catalog.version != catalogVersion { try openFile(holding: wanted) }
        while true {
            // A file ends where the next begins; what it holds beyond that was never committed.
            if let last = file?.lastBatch, wanted > last { try openFile(holding: wanted) }
            // Opening may have passed over a lost range.
            guard nextBatch == wanted else { return nil }
            guard let file, let step = try cursor?.next() else { return nil }
            switch step {
            case .batch(let batch):
                if batch.sequence < wanted { continue }
                guard batch.sequence == wanted else {
                    return try pass(missing(wanted, through: batch.sequence - 1, in: file))
                }
                position.store(wanted + 1, ordering: .relaxed)
                batchesFromFiles += 1
                return batch.committed
            case .damage(let damage):
                if let last = damage.lastBatch, last < wanted, damage.reason != .index { continue }
                let isPassed = try pass(damage) == nil && damage.reason == .index
                if isPassed { continue }
                return nil
            case .end:
                let last = file.lastBatch ?? journal.committedBatch
                return try pass(missing(wanted, through: max(wanted, last), in: file))
            }
        }
    }

    private func missing(_ first: UInt64, through last: UInt64, in file: JournalFileInfo) -> DamagedRange {
        DamagedRange(
            file: file.name, bytes: file.byteCount..<file.byteCount, firstBatch: first, lastBatch: last,
            reason: .missingBatches)
    }

    /// Goes on after a lost range where the operator has accepted it, and notes it; else stops there.
    private func pass(_ damage: DamagedRange) throws(JournalError) -> CommittedBatch? {
        guard journal.options.acceptsDamage else { throw .damaged(damage) }
        if !skipped.contains(damage), skipped.count < 1_000 {
            skipped.append(damage)
            journal.noteAccepted(damage)
        }
        if damage.reason == .index { return nil }
        let last = damage.lastBatch ?? file?.lastBatch ?? journal.committedBatch
        position.store(max(nextBatch, last) + 1, ordering: .relaxed)
        return nil
    }

    private func openFile(holding wanted: UInt64) throws {
        catalogVersion = journal.catalog.version
        let snapshot = journal.catalog.snapshot
        guard let info = snapshot.file(holding: wanted) else {
            let oldest = snapshot.files.first?.firstBatch ?? journal.committedBatch + 1
            // Whether the first files are lost or were dropped, opening has found out.
            guard var lost = journal.recovery.damage.first(where: { $0.reason == .header && $0.firstBatch <= wanted }),
                lost.lastBatch.map({ $0 >= wanted }) ?? true
            else { throw JournalError.dropped(batch: wanted, oldest: oldest) }
            lost.lastBatch = oldest - 1
            cursor = nil
            file = nil
            _ = try pass(lost)
            return
        }
        if let last = info.lastBatch, wanted > last {
            let next = snapshot.files.first { $0.firstBatch > wanted }?.firstBatch ?? journal.committedBatch + 1
            cursor = nil
            file = info
            _ = try pass(missing(wanted, through: next - 1, in: info))
            cursor = nil
            return try openFile(holding: nextBatch)
        }
        file = info
        var opened = try JournalFileCursor(journal.fileSystem, directory: journal.options.directory, info)
        opened.seek(to: wanted)
        cursor = opened
    }
}
