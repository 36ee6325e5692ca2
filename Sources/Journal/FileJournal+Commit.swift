internal import Events
internal import Synchronization
internal import Threads

/// What only the committer touches.
struct Committer: Sendable {
    var writer: RawFileWriter?
    var buffer = FrameBuffer()
    /// The last batch found no space for a file: nothing is taken until there is some.
    var lacksRoom = false
    var nextFile: UInt64
    var lastWrittenAt = Timestamp(milliseconds: 0)
    var recordsInFile = 0
    /// Those of the last batch.
    var recordsInBatch = 0
    /// How long the last commit took.
    var lastNanoseconds: UInt64 = 0
    var lastSpaceCheck: MonotonicInstant?
    var bytesSinceSpaceCheck = 0

    init(nextFile: UInt64) { self.nextFile = nextFile }
}

package enum CommitOutcome: Hashable, Sendable {
    /// Nothing waits.
    case idle
    case committed
    /// There is no space for a file; what waited was given back.
    case noSpace
    /// Nothing will be committed any more.
    case failed
}

extension FileJournal {
    /// Commits what waits: one write, one sync, one notification. The one step that the committer's thread repeats; its
    /// only other callers are tests, `close` and erasure. Blocks on the disk.
    @discardableResult
    package func commitOnce() -> CommitOutcome {
        let outcome = committer.withLock { committer in commit(&committer) }
        if case .committed(let batch) = outcome {
            for observer in observers.withLock({ $0 }) { observer.journalCommitted(through: batch) }
        } else if case .failed(isNew: true) = outcome {
            announceFailure()
        } else if case .noSpace(let given?) = outcome {
            for observer in observers.withLock({ $0 }) { observer.journalRefused(given) }
        }
        switch outcome {
        case .idle: return .idle
        case .committed: return .committed
        case .noSpace: return .noSpace
        case .failed: return .failed
        }
    }

    /// Readers and observers hear that no batch will follow.
    private func announceFailure() {
        ring.end()
        for observer in observers.withLock({ $0 }) { observer.journalFailed() }
    }

    private enum Step {
        case idle
        /// With the batches that were given back, if any.
        case noSpace(ClosedRange<UInt64>?)
        case committed(UInt64)
        case failed(isNew: Bool)
    }

    private enum Taken {
        case failed, nothing
        case batch(UInt64)
    }

    private func commit(_ committer: inout Committer) -> Step {
        let start = clock.monotonic()
        if committer.lacksRoom, let step = findRoom(&committer) { return step }
        checkSpace(&committer, at: start)
        let taken = queue.withLock { queue -> Taken in
            if queue.status == .failed { return .failed }
            if let batch = queue.take(into: &committer.buffer) { return .batch(batch) }
            queue.wakesAt = 1
            return .nothing
        }
        switch taken {
        case .failed: return .failed(isNew: false)
        case .nothing: return .idle
        case .batch(let batch): return write(batch, by: &committer, since: start)
        }
    }

    private func write(_ batch: UInt64, by committer: inout Committer, since start: MonotonicInstant) -> Step {
        let writtenAt = clock.wallClock()
        do {
            try makeRoom(&committer, for: committer.buffer.byteCount)
        } catch {
            guard ErrorCode.meansNoSpace(error.code) else { return fail() }
            committer.lacksRoom = true
            committer.buffer.removeAll(capacityKept: 4 << 20)
            return .noSpace(queue.withLock { $0.giveBack() })
        }
        guard committer.writer != nil else { return fail() }
        do {
            // Batches that were given back are there, and empty: the sequence has no gap.
            while let next = committer.writer?.nextBatch, next < batch {
                var empty = FrameBuffer()
                try committer.writer?.append(&empty, writtenAt: writtenAt)
                ring.append(CommittedBatch(sequence: next, bytes: empty.bytes, ranges: []))
            }
            try committer.writer?.append(&committer.buffer, writtenAt: writtenAt)
        } catch {
            committer.writer = nil
            return fail()
        }
        publish(&committer, batch, writtenAt, since: start)
        return .committed(batch)
    }

    /// Tries again to make a file; nil once there is one, and appends are taken again.
    private func findRoom(_ committer: inout Committer) -> Step? {
        do {
            try makeRoom(&committer, for: 0)
        } catch {
            guard ErrorCode.meansNoSpace(error.code) else { return fail() }
            return .noSpace(nil)
        }
        committer.lacksRoom = false
        return nil
    }

    /// The batch is on disk: readers, counts and keys hear of it, in an order that lets nobody see a number before the
    /// batch behind it.
    private func publish(
        _ committer: inout Committer, _ batch: UInt64, _ writtenAt: Timestamp, since start: MonotonicInstant
    ) {
        let byteCount = committer.buffer.bytes.count
        committer.bytesSinceSpaceCheck += byteCount
        let records = committer.buffer.ranges.count
        // One exact copy for readers; the buffer goes on to take the next batch.
        // SAFETY: the copy is made inside the closure.
        let copy = committer.buffer.bytes.withUnsafeBytes { [UInt8]($0) }
        ring.append(CommittedBatch(sequence: batch, bytes: copy, ranges: Array(committer.buffer.ranges[...])))
        committer.lastWrittenAt = max(committer.lastWrittenAt, writtenAt)
        committer.recordsInFile += records
        committer.recordsInBatch = records
        let mustFlush = queue.withLock { queue in
            queue.committed(batch, writtenAt: writtenAt, options)
            return queue.recent.count >= options.keysInMemory * 4
        }
        committed.store(batch, ordering: .releasing)
        ring.signal.raise()
        let elapsed = clock.monotonic().nanoseconds(since: start)
        committer.lastNanoseconds = elapsed
        committerCounts.withLock { counts in
            counts.commits += 1
            counts.records += UInt64(records)
            counts.bytes += UInt64(byteCount)
            counts.latency.record(nanoseconds: elapsed)
        }
        committer.buffer.removeAll(capacityKept: 4 << 20)
        if queue.withLock({ $0.frozen != nil }) { upkeep.raise() }
        // Maintenance is far behind: memory stays bounded by writing the keys here, at the price of a slow commit.
        if mustFlush { try? flushKeys() }
    }

    private func fail() -> Step {
        let isNew = queue.withLock { queue in
            defer { queue.fail() }
            return queue.status != .failed
        }
        return .failed(isNew: isNew)
    }

    /// Makes sure that the live file takes a frame of this size: ends a full one, begins the next.
    private func makeRoom(_ committer: inout Committer, for byteCount: Int) throws(FileSystemError) {
        if let writer = committer.writer, !writer.hasRoom(for: byteCount) { try endFile(&committer) }
        guard committer.writer == nil else { return }
        let first = committedBatch + 1
        let needed = JournalFileHeader.byteCount + byteCount + BatchFormat.headerBytes
        let header = JournalFileHeader(
            kind: .raw, generation: 0, number: committer.nextFile, firstBatch: first, journalID: journalID,
            salt: .random(),
            createdAt: clock.wallClock())
        let capacity = max(options.fileBytes, needed)
        committer.writer = try RawFileWriter.create(
            fileSystem, directory: options.directory, header: header, capacity: capacity,
            zeroChunkBytes: options.zeroChunkBytes)
        committer.nextFile += 1
        committer.recordsInFile = 0
        let info = JournalFileInfo(
            name: JournalFileName.journal(header.number, 0), header: header, lastBatch: nil, byteCount: capacity)
        catalog.change { $0.append(info) }
    }

    /// Ends the live file: it takes no more batches. Freezes the keys, so that a restart need not read it.
    private func endFile(_ committer: inout Committer) throws(FileSystemError) {
        guard var writer = committer.writer else { return }
        try writer.finish(at: clock.wallClock())
        committer.writer = nil
        let records = committer.recordsInFile
        let newest = committer.lastWrittenAt
        catalog.change { files in
            guard let index = files.lastIndex(where: { $0.header.number == writer.header.number }) else { return }
            files[index].lastBatch = writer.nextBatch - 1
            files[index].byteCount = writer.offset
            files[index].recordCount = records
            files[index].newestWrittenAt = newest
        }
        let inFlight = committer.buffer.keys
        queue.withLock { _ = $0.freeze(inFlight: inFlight) }
        upkeep.raise()
    }

    /// Ends the live file, if there is one. A failure is final, as in a commit.
    func finishLiveFile() throws(JournalError) {
        let failure = committer.withLock { committer -> JournalError? in
            if queue.withLock({ $0.status == .failed }) { return .unavailable }
            do throws(FileSystemError) { try endFile(&committer) } catch {
                committer.writer = nil
                _ = fail()
                return .fileSystem(error)
            }
            return nil
        }
        guard let failure else { return }
        if failure != .unavailable { announceFailure() }
        throw failure
    }

    /// Looks at the volume's free space when it is time: below the reserve appends are refused, above it taken again.
    private func checkSpace(_ committer: inout Committer, at now: MonotonicInstant) {
        if let last = committer.lastSpaceCheck, committer.bytesSinceSpaceCheck < options.zeroChunkBytes,
            now.nanoseconds(since: last) < options.spaceCheckMilliseconds * 1_000_000
        {
            return
        }
        committer.lastSpaceCheck = now
        committer.bytesSinceSpaceCheck = 0
        guard let (free, total) = try? fileSystem.freeSpace(options.directory) else { return }
        let isShort = free < options.reserve(totalBytes: total)
        queue.withLock { queue in
            if isShort, queue.status == .open { queue.status = .noSpace }
            if !isShort, queue.status == .noSpace { queue.status = .open }
        }
    }

    /// Under load the next commit waits a moment for those whom the last one answered: each sync then carries more, and
    /// the core changes fewer tasks. A request that comes alone never waits, and none where the disk itself takes so
    /// long that enough gathers meanwhile.
    private func gather() {
        let (last, elapsed) = committer.withLock { ($0.recordsInBatch, $0.lastNanoseconds) }
        let (limit, isOver) = (options.gatherMicrosecondsMax * 1_000).subtractingReportingOverflow(elapsed)
        guard !isOver, limit > 0, last > 1 else { return }
        let seen = work.current
        queue.withLock { $0.wakesAt = $0.filling.ranges.count + last }
        guard !isStopping.load(ordering: .acquiring) else { return }
        work.wait(after: seen, nanosecondsAtMost: limit)
    }

    /// The committer's thread: commits as long as there is something, then waits for more.
    func runCommitter() {
        while true {
            let seen = work.current
            switch commitOnce() {
            case .committed: gather()
            case .failed: return
            case .idle:
                if isStopping.load(ordering: .acquiring) { return }
                let isWithoutSpace = queue.withLock { $0.status == .noSpace }
                let time = isWithoutSpace ? options.spaceCheckMilliseconds * 1_000_000 : 1_000_000_000
                work.wait(after: seen, nanosecondsAtMost: time)
            case .noSpace:
                if isStopping.load(ordering: .acquiring) { return }
                work.wait(after: seen, nanosecondsAtMost: options.spaceCheckMilliseconds * 1_000_000)
            }
        }
    }
}
