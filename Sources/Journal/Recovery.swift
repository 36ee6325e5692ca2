internal import Events

/// What opening a journal found and did.
package struct RecoveryReport: Hashable, Sendable {
    /// The last file had no end: the process before did not close the journal.
    package var wasUnclean = false
    /// Bytes after the last whole batch that a crash left. They were never acknowledged.
    package var tornBytes = 0
    package var lastBatch: UInt64 = 0
    package var fileCount = 0
    /// Names moved to the folder `aside`, because they are none of the journal's.
    package var movedAside: [String] = []
    /// Damage that was accepted.
    package var damage: [DamagedRange] = []
    /// Key files that were damaged; their batches were read again.
    package var damagedKeyFiles: [String] = []
    /// Batches read to know their idempotency keys.
    package var replayedBatches = 0
}

/// Brings a directory to a state from which the journal goes on. In order: read and judge everything, writing nothing;
/// then tidy; then put the last file, where it has no end, into a synced copy that has one. Each step may be cut short
/// and done again.
///
/// What is read after a crash may be in the page cache only: a sync that failed marks pages clean that never reached
/// the disk. So the last batches are copied, not merely synced again, before anything is served.
struct Recovery {
    struct Outcome {
        var journalID: ID128
        var files: [JournalFileInfo]
        var lastBatch: UInt64
        var nextFile: UInt64
        var keyFiles: [KeyFile]
        var recent: RecentKeys
        var recentCoverage: KeyCoverage?
        var report: RecoveryReport
    }

    let fileSystem: any FileSystem
    let clock: any TimeSource
    let options: JournalOptions
    private var names: [String] = []
    private var files: [JournalFileInfo] = []
    private var superseded: [JournalFileInfo] = []
    private var keyHeaders: [(name: String, header: JournalFileHeader)] = []
    private var report = RecoveryReport()

    init(_ fileSystem: any FileSystem, _ clock: any TimeSource, _ options: JournalOptions) {
        self.fileSystem = fileSystem
        self.clock = clock
        self.options = options
    }

    private func path(_ name: String) -> String { "\(options.directory)/\(name)" }

    mutating func run() throws(JournalError) -> Outcome {
        do {
            let scan = try read()
            try tidy()
            try settleLast(scan)
            report.lastBatch = files.last?.lastBatch ?? 0
            report.fileCount = files.count
            var keys = KeyRecovery(fileSystem, clock, options, journalID: journalID, files: files)
            try keys.run(keyHeaders)
            report.damagedKeyFiles = keys.damaged
            report.replayedBatches = keys.replayedBatches
            let next = (files.last?.header.number ?? 0) + 1
            return Outcome(
                journalID: journalID, files: files, lastBatch: report.lastBatch, nextFile: max(next, highestNumber + 1),
                keyFiles: keys.files, recent: keys.recent, recentCoverage: keys.coverage, report: report)
        } catch {
            throw JournalError(error)
        }
    }

    /// The reading half alone.
    mutating func judge() throws(JournalError) -> RecoveryReport {
        do {
            let scan = try read()
            report.lastBatch = scan.map { $0.nextBatch &- 1 } ?? files.last?.lastBatch ?? 0
            report.fileCount = files.count
            return report
        } catch {
            throw JournalError(error)
        }
    }

    private let freshID = ID128.random()
    private var journalID: ID128 { files.first?.header.journalID ?? freshID }
    private var highestNumber: UInt64 = 0

    /// Notes damage, or stops there.
    private mutating func accept(_ damage: DamagedRange) throws {
        guard options.acceptsDamage else { throw JournalError.damaged(damage) }
        report.damage.append(damage)
    }

    // MARK: reading only

    private mutating func read() throws -> LastFile? {
        names = try fileSystem.list(options.directory)
        try readHeaders()
        try checkOrder()
        return try scanLast()
    }

    /// Reads every header; keeps the newest generation of each journal file.
    private mutating func readHeaders() throws {
        var newest: [UInt64: JournalFileInfo] = [:]
        var damagedHeaders: [(number: UInt64, name: String, size: Int)] = []
        for name in names.sorted() {
            let kind = JournalFileName(name)
            switch kind {
            case .journal(let number, let generation):
                highestNumber = max(highestNumber, number)
                let file = try FileReference(fileSystem, path(name), .read)
                guard let header = try header(file, name), header.number == number, header.generation == generation,
                    header.kind == .raw || header.kind == .sealed
                else {
                    damagedHeaders.append((number, name, try file.size()))
                    continue
                }
                var info = JournalFileInfo(name: name, header: header, lastBatch: nil, byteCount: try file.size())
                if header.kind == .sealed, let summary = try SealedIndex.summary(of: file, header: header) {
                    info.lastBatch = summary.nextBatch &- 1
                    info.recordCount = summary.recordCount
                    info.contentBytes = summary.contentBytes
                    info.newestWrittenAt = summary.newestWrittenAt
                }
                if let known = newest[number] {
                    superseded.append(known.header.generation < generation ? known : info)
                    if known.header.generation > generation { continue }
                }
                newest[number] = info
            case .keys, .identifiers:
                let file = try FileReference(fileSystem, path(name), .read)
                let header = try header(file, name)
                if case .keys(let first, let last) = kind {
                    if let header, header.kind == .keys, header.number == first, header.firstBatch == last {
                        keyHeaders.append((name, header))
                    } else {
                        report.damagedKeyFiles.append(name)
                    }
                }
            case .temporary, .lock, .aside, .unknown: break
            }
        }
        files = newest.values.sorted { $0.header.number < $1.header.number }
        for (number, name, size) in damagedHeaders {
            let before = files.last { $0.header.number < number }
            let after = files.first { $0.header.number > number }
            let first = before.flatMap(\.lastBatch).map { $0 + 1 } ?? (before?.firstBatch ?? 1)
            try accept(
                DamagedRange(
                    file: name, bytes: 0..<size, firstBatch: first, lastBatch: after.map { $0.firstBatch &- 1 },
                    reason: .header))
        }
    }

    /// The file's header; nil when it is damaged. A newer format stops the opening.
    private func header(_ file: FileReference, _ name: String) throws -> JournalFileHeader? {
        switch JournalFileHeader.decode(try file.readBytes(at: 0, count: JournalFileHeader.byteCount)) {
        case .header(let header): return header
        case .damaged: return nil
        case .newer(let version):
            throw JournalError.newerFormat(file: name, version: version, supported: JournalFileHeader.version)
        }
    }

    /// Files of one journal whose batches follow each other. A file's last batch is the one before the next file's
    /// first; readers find out when it is not.
    private mutating func checkOrder() throws {
        for index in files.indices {
            let file = files[index]
            if file.header.journalID != journalID {
                try accept(
                    DamagedRange(
                        file: file.name, bytes: 0..<file.byteCount, firstBatch: file.firstBatch,
                        lastBatch: file.lastBatch,
                        reason: .foreignJournal))
            }
            guard index + 1 < files.count else { continue }
            let next = files[index + 1].firstBatch
            if next <= file.firstBatch || (file.lastBatch.map { $0 >= next } ?? false) {
                try accept(
                    DamagedRange(
                        file: files[index + 1].name, bytes: 0..<files[index + 1].byteCount, firstBatch: next,
                        lastBatch: files[index + 1].lastBatch, reason: .foreignJournal))
            }
            if let last = file.lastBatch, last + 1 < next {
                try accept(
                    DamagedRange(
                        file: file.name, bytes: file.byteCount..<file.byteCount, firstBatch: last + 1,
                        lastBatch: next - 1,
                        reason: .missingBatches))
            }
            if file.lastBatch == nil { files[index].lastBatch = next &- 1 }
        }
    }

    private struct LastFile {
        var end: FileEnd
        var nextBatch: UInt64
        var hasDamage: Bool
        var newestWrittenAt: Timestamp?
    }

    /// Reads the last file to its end; it is the only one that a crash may have cut.
    private mutating func scanLast() throws -> LastFile? {
        guard let last = files.last, !(last.isSealed && last.lastBatch != nil) else { return nil }
        var cursor = try JournalFileCursor(fileSystem, directory: options.directory, last)
        var found = LastFile(end: .open, nextBatch: last.firstBatch, hasDamage: false, newestWrittenAt: nil)
        while true {
            switch try cursor.next() {
            case .batch(let batch):
                found.newestWrittenAt = max(found.newestWrittenAt ?? batch.writtenAt, batch.writtenAt)
            case .damage(let damage):
                try accept(damage)
                found.hasDamage = true
            case .end(let end):
                found.end = end
                found.nextBatch = cursor.nextBatch
                return found
            }
        }
    }

    // MARK: writing

    /// Moves strangers aside, removes what is of no worth. Names are made lasting first, so that nothing is removed in
    /// favour of a file whose name could still be lost.
    private mutating func tidy() throws {
        let strangers = names.filter { JournalFileName($0) == .unknown } + report.damagedKeyFiles
        let temporary = names.filter { JournalFileName($0) == .temporary }
        guard !(strangers.isEmpty && temporary.isEmpty && superseded.isEmpty && names.isEmpty) else { return }
        try fileSystem.syncDirectoryFully(options.directory)
        if !strangers.isEmpty {
            let folder = path(JournalFileName.asideFolder)
            try fileSystem.makeDirectory(folder)
            let taken = Set(try fileSystem.list(folder))
            for name in strangers {
                var target = name
                var count = 1
                while taken.contains(target) {
                    target = "\(name).\(count)"
                    count += 1
                }
                try fileSystem.rename(path(name), to: "\(folder)/\(target)")
                report.movedAside.append(name)
            }
            try fileSystem.syncDirectoryFully(folder)
        }
        for name in temporary { try fileSystem.unlinkIfPresent(path(name)) }
        for info in superseded { try remove(info) }
        let kept = Set(files.map { JournalFileName.identifiers($0.header.number, $0.header.generation) })
        for name in names {
            if case .identifiers = JournalFileName(name), !kept.contains(name) {
                try fileSystem.unlinkIfPresent(path(name))
            }
        }
    }

    private func remove(_ info: JournalFileInfo) throws(FileSystemError) {
        try fileSystem.unlinkIfPresent(path(info.name))
        try fileSystem.unlinkIfPresent(path(JournalFileName.identifiers(info.header.number, info.header.generation)))
    }

    /// Gives the last file an end that is certainly on disk.
    private mutating func settleLast(_ scan: LastFile?) throws {
        guard let scan, let last = files.last else { return }
        if case .torn(let bytes) = scan.end { report.tornBytes = bytes.count }
        if scan.end != .complete { report.wasUnclean = true }
        files[files.count - 1].lastBatch = scan.nextBatch &- 1
        files[files.count - 1].newestWrittenAt = scan.newestWrittenAt
        if scan.hasDamage || last.isSealed {
            // A damaged file is evidence and stays as it is.
            return
        }
        if scan.end == .complete { return }
        if scan.nextBatch == last.firstBatch {
            files.removeLast()
            try remove(last)
            return
        }
        try copyLast(last, through: scan.nextBatch - 1)
    }

    /// Copies the whole batches of an unfinished file into its next generation, with an end.
    private mutating func copyLast(_ last: JournalFileInfo, through lastBatch: UInt64) throws {
        let rewriter = FileRewriter(fileSystem: fileSystem, directory: options.directory, codec: .none)
        var info = last
        info.lastBatch = lastBatch
        let copy = try rewriter.rewrite(info, erasing: nil, now: clock.wallClock(), acceptsTornTail: true)
        files[files.count - 1] = copy.info
        files[files.count - 1].awaitsCompression = options.codec != .none
        try remove(last)
    }
}
