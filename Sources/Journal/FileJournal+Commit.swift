internal import Events
internal import Synchronization
internal import Threads

extension FileJournal {
    /// Commits what waits: one write, one sync, one notification. The one step that the committers' threads repeat; its
    /// only other callers are tests, `close` and erasure. Blocks on the disk, and for as long as other commits that are
    /// under way must go first.
    @discardableResult
    package func commitOnce() -> CommitOutcome {
        while true {
            let seen = landed.current
            switch begin() {
            case .idle: return .idle
            case .wait(let nanoseconds): landed.wait(after: seen, nanosecondsAtMost: nanoseconds)
            case .begun(var flight):
                sync(&flight)
                return land(&flight)
            case .noSpace: return .noSpace
            case .failed: return .failed
            }
        }
    }

    /// The first part of a commit, for tests that order the parts of two; `commitOnce` is the whole. Takes what waits
    /// and writes it.
    package func begin() -> CommitBeginning {
        let now = clock.monotonic()
        let (beginning, isSlow) = committer.withLock { committer -> (CommitBeginning, Bool) in
            let beginning = takeAndWrite(&committer, at: now)
            return (beginning, committer.pace.isSlow)
        }
        if isSlow, case .begun = beginning { slowSync.raise() }
        return beginning
    }

    private func takeAndWrite(_ committer: inout Committer, at now: MonotonicInstant) -> CommitBeginning {
        if let time = committer.nanosecondsToWait(at: now) { return .wait(time) }
        if committer.lacksRoom, let instead = findRoom(&committer) { return instead }
        checkSpace(&committer, at: now)
        var buffer = committer.spareBuffers.popLast() ?? FrameBuffer()
        switch take(committer, into: &buffer) {
        case .batch(let batch): return write(batch, &buffer, by: &committer, since: now)
        case .none(let instead):
            committer.spareBuffers.append(buffer)
            return instead
        }
    }

    private enum Taken {
        case batch(UInt64)
        case none(CommitBeginning)
    }

    private func take(_ committer: Committer, into buffer: inout FrameBuffer) -> Taken {
        queue.withLock { queue in
            if queue.status == .failed { return .none(.failed) }
            // The batch needs a new file, and others are still under way into this one.
            if committer.underWay > 0, !queue.filling.isEmpty,
                !(committer.writer?.hasRoom(for: queue.filling.byteCount) ?? false)
            {
                return .none(.wait(Committer.untilNews))
            }
            if let batch = queue.take(into: &buffer) { return .batch(batch) }
            queue.wakesAt = 1
            return .none(.idle)
        }
    }

    private func write(
        _ batch: UInt64, _ buffer: inout FrameBuffer, by committer: inout Committer, since start: MonotonicInstant
    ) -> CommitBeginning {
        let writtenAt = clock.wallClock()
        do {
            try makeRoom(&committer, for: buffer.byteCount)
        } catch {
            guard ErrorCode.meansNoSpace(error.code) else {
                fail(&committer)
                return .failed
            }
            committer.lacksRoom = true
            committer.reuse(&buffer)
            if let given = queue.withLock({ $0.giveBack() }) {
                for observer in observers.withLock({ $0 }) { observer.journalRefused(given) }
            }
            return .noSpace
        }
        do {
            // Batches that were given back are there, and empty: the sequence has no gap.
            while let next = committer.writer?.nextBatch, next < batch {
                guard let empty = try committer.writer?.appendEmpty(writtenAt: writtenAt) else { break }
                ring.append(CommittedBatch(sequence: next, bytes: empty.bytes, ranges: []))
            }
            try committer.writer?.write(&buffer, writtenAt: writtenAt, overlaps: committer.underWay > 0)
        } catch {
            fail(&committer)
            return .failed
        }
        guard let file = committer.writer?.takeSyncable() else {
            fail(&committer)
            return .failed
        }
        committer.underWay += 1
        committer.lastBegan = start
        return .begun(CommitFlight(batch: batch, buffer: buffer, writtenAt: writtenAt, began: start, file: file))
    }

    /// The second part.
    package func sync(_ flight: inout CommitFlight) {
        let start = clock.monotonic()
        do throws(FileSystemError) { try flight.file.sync() } catch { flight.hasFailed = true }
        flight.syncNanoseconds = clock.monotonic().nanoseconds(since: start)
    }

    /// The third part: publishes a synced batch once the one before it is, or fails with it. Blocks for that. A failed
    /// sync is final.
    package func land(_ flight: inout CommitFlight) -> CommitOutcome {
        // One exact copy for readers; the buffer goes on to take another batch.
        // SAFETY: the copy is made inside the closure.
        let bytes = flight.buffer.bytes.withUnsafeBytes { [UInt8]($0) }
        while true {
            let seen = landed.current
            let outcome = committer.withLock { committer -> CommitOutcome? in
                if flight.hasFailed { fail(&committer) }
                if queue.withLock({ $0.status == .failed }) {
                    committer.underWay -= 1
                    return .failed
                }
                guard queue.withLock({ $0.isOldest(flight.batch) }) else { return nil }
                publish(&flight, bytes, by: &committer)
                return .committed
            }
            if let outcome {
                landed.raise()
                return outcome
            }
            landed.wait(after: seen, nanosecondsAtMost: Committer.untilNews)
        }
    }

    /// The batch is on disk: readers, counts, keys and observers hear of it, in an order that lets nobody see a number
    /// before the batch behind it.
    private func publish(_ flight: inout CommitFlight, _ bytes: [UInt8], by committer: inout Committer) {
        let batch = flight.batch
        let records = flight.buffer.ranges.count
        committer.recordsWaiting = queue.withLock { $0.filling.ranges.count }
        ring.append(CommittedBatch(sequence: batch, bytes: bytes, ranges: Array(flight.buffer.ranges[...])))
        committer.underWay -= 1
        committer.writer?.giveBack(flight.file)
        committer.bytesSinceSpaceCheck += bytes.count
        committer.lastWrittenAt = max(committer.lastWrittenAt, flight.writtenAt)
        committer.recordsInFile += records
        committer.recordsInBatch = records
        committer.pace.synced(flight.syncNanoseconds)
        let mustFlush = queue.withLock { queue in
            queue.committed(batch, writtenAt: flight.writtenAt, options)
            return queue.recent.count >= options.keysInMemory * 4
        }
        committed.store(batch, ordering: .releasing)
        ring.signal.raise()
        let elapsed = clock.monotonic().nanoseconds(since: flight.began)
        committer.lastNanoseconds = elapsed
        committerCounts.withLock { counts in
            counts.commits += 1
            counts.records += UInt64(records)
            counts.bytes += UInt64(bytes.count)
            counts.latency.record(nanoseconds: elapsed)
        }
        for observer in observers.withLock({ $0 }) { observer.journalCommitted(through: batch) }
        committer.reuse(&flight.buffer)
        if queue.withLock({ $0.frozen != nil }) { upkeep.raise() }
        // Maintenance is far behind: memory stays bounded by writing the keys here, at the price of a slow commit.
        if mustFlush { try? flushKeys() }
    }

    /// Nothing will be committed any more: readers and observers hear of it, once.
    private func fail(_ committer: inout Committer) {
        committer.writer = nil
        let isNew = queue.withLock { queue in
            defer { queue.fail() }
            return queue.status != .failed
        }
        guard isNew else { return }
        ring.end()
        for observer in observers.withLock({ $0 }) { observer.journalFailed() }
    }

    /// Ends the live file, if there is one, once nothing is under way into it. A failure is final, as in a commit.
    func finishLiveFile() throws(JournalError) {
        committer.withLock { $0.isEnding = true }
        var result: Result<Void, JournalError>?
        while result == nil {
            let seen = landed.current
            result = committer.withLock { committer in
                guard committer.underWay == 0 else { return nil }
                committer.isEnding = false
                return endLiveFile(&committer)
            }
            if result == nil { landed.wait(after: seen, nanosecondsAtMost: Committer.untilNews) }
        }
        landed.raise()
        try result?.get()
    }

    private func endLiveFile(_ committer: inout Committer) -> Result<Void, JournalError> {
        if queue.withLock({ $0.status == .failed }) { return .failure(.unavailable) }
        do throws(FileSystemError) { try endFile(&committer) } catch {
            fail(&committer)
            return .failure(.fileSystem(error))
        }
        return .success(())
    }

    // MARK: room

    /// Tries again to make a file; nil once there is one, and appends are taken again.
    private func findRoom(_ committer: inout Committer) -> CommitBeginning? {
        do {
            try makeRoom(&committer, for: 0)
        } catch {
            guard ErrorCode.meansNoSpace(error.code) else {
                fail(&committer)
                return .failed
            }
            return .noSpace
        }
        committer.lacksRoom = false
        return nil
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
        let capacity = BlockAppender.rounded(max(options.fileBytes, needed), to: options.blockBytes)
        committer.writer = try RawFileWriter.create(
            fileSystem, directory: options.directory, header: header, capacity: capacity,
            options: options)
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
        queue.withLock { _ = $0.freeze() }
        upkeep.raise()
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
}
