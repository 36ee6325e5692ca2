package import Events
internal import Synchronization
internal import Threads

/// What only maintenance touches.
struct Maintenance: Sendable {
    /// Files that could not be rewritten because they are damaged; left as they are.
    var damagedFiles: Set<String> = []
}

extension FileJournal {
    /// Does one piece of upkeep, the most urgent first: write keys, drop what left the window, merge key files,
    /// compress one file. False when there was nothing to do. Blocks on the disk; never holds up a commit.
    @discardableResult
    package func maintainOnce() throws(JournalError) -> Bool {
        do {
            return try maintenance.withLock { (state) throws(JournalError) in
                if queue.withLock({ $0.frozen != nil }) {
                    try flushKeys()
                    return true
                }
                if try expireKeys() { return true }
                if try mergeKeys() { return true }
                return try sealNext(&state)
            }
        } catch {
            committerCounts.withLock { $0.maintenanceFailures += 1 }
            throw error
        }
    }

    /// The upkeep's thread. After a failure it waits ten seconds: nothing is lost meanwhile, files only stay larger.
    func runMaintenance() {
        while !isStopping.load(ordering: .acquiring) {
            let seen = upkeep.current
            do {
                if try maintainOnce() { continue }
                upkeep.wait(after: seen, nanosecondsAtMost: 10_000_000_000)
            } catch {
                var rest: UInt64 = 10
                while rest > 0, !isStopping.load(ordering: .acquiring) {
                    upkeep.wait(after: upkeep.current, nanosecondsAtMost: 1_000_000_000)
                    rest -= 1
                }
            }
        }
    }

    // MARK: keys

    /// Writes the frozen keys to a file. They are found in one place or the other at every moment.
    func flushKeys() throws(JournalError) {
        try keyWriting.withLock { (_) throws(JournalError) in
            guard let frozen = queue.withLock({ $0.frozen }) else { return }
            let keys = frozen.table.sortedKeys(through: frozen.coverage.lastBatch)
            let file: KeyFile
            do throws(FileSystemError) {
                file = try KeyFileWriter.write(
                    fileSystem, directory: options.directory, journalID: journalID, coverage: frozen.coverage,
                    keys: keys.count, clock: clock
                ) { (take) throws(FileSystemError) in
                    for key in keys { try take(key) }
                }
            } catch {
                throw .fileSystem(error)
            }
            keyFiles.withLock { $0 = KeyFileSet($0.files + [file]) }
            queue.withLock { $0.frozen = nil }
        }
    }

    /// Removes key files that have left the window, by age or by count.
    private func expireKeys() throws(JournalError) -> Bool {
        let now = clock.wallClock()
        let instant = clock.monotonic()
        let window = options.keyWindowMilliseconds
        let files = keyFiles.withLock { $0.files }
        var kept = files
        while let oldest = kept.last {
            let isOld = now.milliseconds(since: oldest.coverage.newest) > window
            let wasLongAgo = oldest.writtenAt.map {
                instant.nanoseconds(since: $0) / 1_000_000 > UInt64(clamping: window)
            }
            let total = kept.reduce(0) { $0 + $1.keyCount }
            // The newest file stays: it says how far the journal's keys are covered.
            guard kept.count > 1, total > options.keyWindowCount || (isOld && wasLongAgo ?? true) else { break }
            kept.removeLast()
        }
        guard kept.count < files.count else { return false }
        let gone = files[kept.count...]
        try replaceKeyFiles(removing: Array(gone), adding: nil)
        return true
    }

    /// Merges four neighbours of about the same size, so that a lookup meets few files.
    private func mergeKeys() throws(JournalError) -> Bool {
        let files = keyFiles.withLock { $0.files }
        guard files.count >= 4 else { return false }
        for start in 0...files.count - 4 {
            let four = Array(files[start..<start + 4])
            let total = four.reduce(0) { $0 + $1.keyCount }
            guard total <= options.keyFileKeysMax, Set(four.map { tier($0.keyCount) }).count == 1 else { continue }
            let coverage = four.dropFirst().reduce(four[0].coverage) { $0.union($1.coverage) }
            do {
                let merged = try keyWriting.withLock { (_) throws(FileSystemError) in
                    try KeyFileWriter.write(
                        fileSystem, directory: options.directory, journalID: journalID, coverage: coverage, keys: total,
                        clock: clock
                    ) { (take) throws(FileSystemError) in
                        var merge = KeyMerge(four)
                        try merge.run(take)
                    }
                }
                try replaceKeyFiles(removing: four, adding: merged)
                return true
            } catch {
                throw JournalError(error)
            }
        }
        return false
    }

    /// 0 for what memory holds at once, one more for each factor of four.
    private func tier(_ count: Int) -> Int {
        var tier = 0
        var rest = count / max(1, options.keysInMemory)
        while rest >= 4 {
            tier += 1
            rest /= 4
        }
        return tier
    }

    private func replaceKeyFiles(removing gone: [KeyFile], adding new: KeyFile?) throws(JournalError) {
        let names = Set(gone.map(\.name))
        keyFiles.withLock { set in
            set = KeyFileSet(set.files.filter { !names.contains($0.name) } + (new.map { [$0] } ?? []))
        }
        do {
            for name in names.sorted() { try fileSystem.unlinkIfPresent("\(options.directory)/\(name)") }
        } catch {
            throw .fileSystem(error)
        }
    }

    // MARK: sealing, erasing, dropping

    private var rewriter: FileRewriter {
        FileRewriter(fileSystem: fileSystem, directory: options.directory, codec: options.codec)
    }

    /// Compresses the oldest file that takes no more batches and has rested long enough.
    private func sealNext(_ state: inout Maintenance) throws(JournalError) -> Bool {
        let now = clock.wallClock()
        let candidate = catalog.snapshot.files.first { file in
            guard !file.isSealed || file.awaitsCompression, file.lastBatch != nil,
                !state.damagedFiles.contains(file.name)
            else { return false }
            return file.newestWrittenAt.map { now.milliseconds(since: $0) >= options.sealDelayMilliseconds } ?? true
        }
        guard let candidate else { return false }
        do {
            let result = try rewriter.rewrite(candidate, erasing: nil, now: now)
            try swapIn(result.info, for: candidate)
        } catch {
            if case .damaged = error { state.damagedFiles.insert(candidate.name) }
            throw error
        }
        return true
    }

    /// The new generation is synced and named: readers get it, the old one goes last.
    private func swapIn(_ info: JournalFileInfo, for old: JournalFileInfo) throws(JournalError) {
        catalog.change { files in
            if let index = files.firstIndex(where: { $0.name == old.name }) { files[index] = info }
        }
        try removeFiles(of: old)
    }

    private func removeFiles(of info: JournalFileInfo) throws(JournalError) {
        let sidecar = JournalFileName.identifiers(info.header.number, info.header.generation)
        do {
            try fileSystem.unlinkIfPresent("\(options.directory)/\(info.name)")
            try fileSystem.unlinkIfPresent("\(options.directory)/\(sidecar)")
        } catch {
            throw .fileSystem(error)
        }
    }

    /// What an erasure did.
    package struct ErasureResult: Hashable, Sendable {
        package var erasedRecords = 0
        package var rewrittenFiles = 0
        /// Files that hold none of the identifiers, by their sidecar.
        package var skippedFiles = 0
    }

    /// Erases records: each keeps its position and site, its payload is gone from the journal's files when this
    /// returns. Covers everything appended before the call. Blocks for as long as the affected files take to rewrite.
    /// May be repeated after an error; what was done stays done. A batch that a reader holds in memory is the reader's.
    package func erase(_ erasure: Erasure) throws(JournalError) -> ErasureResult {
        try maintenance.withLock { (_) throws(JournalError) in
            commitOnce()
            try finishLiveFile()
            var result = ErasureResult()
            for file in catalog.snapshot.files where file.lastBatch != nil {
                if try isUntouched(file, by: erasure) {
                    result.skippedFiles += 1
                    continue
                }
                let rewritten = try rewriter.rewrite(file, erasing: erasure, now: clock.wallClock())
                try swapIn(rewritten.info, for: file)
                result.rewrittenFiles += 1
                result.erasedRecords += rewritten.erasedRecords
            }
            ring.removeAll()
            do throws(FileSystemError) { try fileSystem.syncDirectoryFully(options.directory) } catch {
                throw .fileSystem(error)
            }
            return result
        }
    }

    /// Whether the file's sidecar says that it holds none of the identifiers.
    private func isUntouched(_ file: JournalFileInfo, by erasure: Erasure) throws(JournalError) -> Bool {
        guard file.isSealed, case .anchors(let anchors) = erasure else { return false }
        do {
            guard
                let held = try IdentifierSidecar.read(
                    number: file.header.number, generation: file.header.generation, directory: options.directory,
                    fileSystem)
            else { return false }
            return !IdentifierSidecar.contains(held, anyOf: Set(anchors.map(\.id)))
        } catch {
            throw .fileSystem(error)
        }
    }

    /// Removes the oldest files all of whose batches are before `batch`; gives how many went. The last file stays.
    /// Callers write projections' base snapshots first.
    package func dropFiles(before batch: UInt64) throws(JournalError) -> Int {
        try dropFiles { ($0.lastBatch ?? .max) < batch }
    }

    /// Removes the oldest files all of whose batches were written before `time`, as far as that is known: files that
    /// are not compressed yet stay. A caller asks first when a clock jump would remove much.
    package func dropFiles(writtenBefore time: Timestamp) throws(JournalError) -> Int {
        try dropFiles { file in file.newestWrittenAt.map { $0 < time } ?? false }
    }

    private func dropFiles(_ mayGo: (JournalFileInfo) -> Bool) throws(JournalError) -> Int {
        try maintenance.withLock { (_) throws(JournalError) in
            let files = catalog.snapshot.files
            let gone = Array(files.dropLast().prefix { $0.lastBatch != nil && mayGo($0) })
            guard !gone.isEmpty else { return 0 }
            let names = Set(gone.map(\.name))
            catalog.change { $0.removeAll { names.contains($0.name) } }
            ring.removeAll()
            for file in gone { try removeFiles(of: file) }
            do throws(FileSystemError) { try fileSystem.syncDirectoryFully(options.directory) } catch {
                throw .fileSystem(error)
            }
            return gone.count
        }
    }
}
