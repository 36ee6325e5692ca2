internal import Events

/// Brings the idempotency keys back at start: key files as they are, and the batches that none of them covers, which
/// after a clean close are none. A damaged key file is as good as a missing one. Memory stays bounded: keys read again
/// go to a file whenever there are enough.
struct KeyRecovery {
    private let fileSystem: any FileSystem
    private let clock: any TimeSource
    private let options: JournalOptions
    private let journalID: ID128
    private let journalFiles: [JournalFileInfo]
    private(set) var files: [KeyFile] = []
    private(set) var recent = RecentKeys()
    private(set) var coverage: KeyCoverage?
    private(set) var damaged: [String] = []
    private(set) var replayedBatches = 0

    init(
        _ fileSystem: any FileSystem, _ clock: any TimeSource, _ options: JournalOptions, journalID: ID128,
        files: [JournalFileInfo]
    ) {
        self.fileSystem = fileSystem
        self.clock = clock
        self.options = options
        self.journalID = journalID
        self.journalFiles = files
    }

    mutating func run(_ headers: [(name: String, header: JournalFileHeader)]) throws {
        let lastBatch = journalFiles.last?.lastBatch ?? 0
        var opened: [KeyFile] = []
        for (name, header) in headers {
            // Keys of batches that are not there would turn new events into duplicates.
            guard header.journalID == journalID, header.firstBatch <= lastBatch,
                let file = try KeyFile.open(fileSystem, directory: options.directory, name: name, header: header)
            else {
                damaged.append(name)
                try fileSystem.unlinkIfPresent("\(options.directory)/\(name)")
                continue
            }
            opened.append(file)
        }
        for file in opened {
            let isCovered = opened.contains {
                $0 !== file && $0.coverage.contains(file.coverage) && $0.name != file.name
            }
            if isCovered {
                try fileSystem.unlinkIfPresent("\(options.directory)/\(file.name)")
            } else {
                files.append(file)
            }
        }
        files.sort { $0.coverage.firstBatch < $1.coverage.firstBatch }
        try replay(through: lastBatch)
    }

    /// Reads the batches that no key file covers and that are young enough.
    private mutating func replay(through lastBatch: UInt64) throws {
        let horizon = clock.wallClock().adding(milliseconds: -options.keyWindowMilliseconds)
        var next = journalFiles.first?.firstBatch ?? 1
        let covered = files.map(\.coverage)
        for range in covered {
            if range.firstBatch > next { try replay(next...range.firstBatch - 1, since: horizon) }
            next = max(next, range.lastBatch &+ 1)
            // What was read for a gap in the middle goes to a file of its own: coverage of memory must be the newest.
            try flush()
        }
        if next <= lastBatch { try replay(next...lastBatch, since: horizon) }
    }

    private mutating func replay(_ batches: ClosedRange<UInt64>, since horizon: Timestamp) throws {
        for info in journalFiles
        where info.firstBatch <= batches.upperBound && (info.lastBatch ?? 0) >= batches.lowerBound {
            if let newest = info.newestWrittenAt, newest < horizon { continue }
            var cursor = try JournalFileCursor(fileSystem, directory: options.directory, info)
            cursor.seek(to: batches.lowerBound)
            reading: while cursor.nextBatch <= batches.upperBound {
                switch try cursor.next() {
                case .batch(let batch):
                    guard batches.contains(batch.sequence) else { continue }
                    try add(batch)
                case .damage(let damage):
                    guard options.acceptsDamage else { throw JournalError.damaged(damage) }
                case .end: break reading
                }
            }
        }
    }

    private mutating func add(_ batch: StoredBatch) throws {
        replayedBatches += 1
        for index in batch.ranges.indices {
            if let key = batch.key(of: index) { _ = recent.insert(key, batch: batch.sequence) }
        }
        let added = KeyCoverage(
            firstBatch: batch.sequence, lastBatch: batch.sequence, oldest: batch.writtenAt, newest: batch.writtenAt)
        coverage = coverage?.union(added) ?? added
        if recent.count >= options.keysInMemory { try flush() }
    }

    private mutating func flush() throws {
        guard let covered = coverage else { return }
        let keys = recent.sortedKeys(through: covered.lastBatch)
        let file = try KeyFileWriter.write(
            fileSystem, directory: options.directory, journalID: journalID, coverage: covered, keys: keys.count,
            clock: clock
        ) { (take) throws(FileSystemError) in
            for key in keys { try take(key) }
        }
        files.append(file)
        recent = RecentKeys()
        coverage = nil
    }
}
