package import Events
internal import Synchronization
internal import Threads

/// The embedded journal: files in one directory, group commit, two committers at most.
///
/// Life cycle: `open` recovers and is ready; `start` runs committer and maintenance on threads of their own, or the
/// owner drives `commitOnce` and `maintainOnce` itself (tests do, so that every run is the same); `close` commits what
/// waits, ends the live file and gives the directory back.
///
/// Locks, always taken in this order: maintenance, committer, key writing, queue, then one of catalog, ring, key files,
/// observers, accepted damage, counts. The first three only keep drivers apart and are held around I/O (the committer's
/// not around a batch's sync); appends and readers take only the short ones.
package final class FileJournal: EventJournal {
    let fileSystem: any FileSystem
    let clock: any TimeSource
    package let options: JournalOptions
    /// The same for as long as the directory holds any batch; projections store it beside their position.
    package let journalID: ID128
    /// What `open` found and did.
    package let recovery: RecoveryReport
    let queue: Mutex<CommitQueue>
    let committer: Mutex<Committer>
    let maintenance: Mutex<Maintenance>
    let catalog: FileCatalog
    let keyFiles: Mutex<KeyFileSet>
    /// Held by whoever writes key files.
    let keyWriting = Mutex<Void>(())
    let ring: TailRing
    let observers = Mutex<[any CommitObserver]>([])
    let committed: Atomic<UInt64>
    let unreadableKeyPages = Atomic<UInt64>(0)
    /// What was passed over in opening and in reading, at most 1,000 ranges; empty unless `acceptsDamage`.
    private let accepted: Mutex<Set<DamagedRange>>
    let isStopping = Atomic<Bool>(false)
    /// Raised when the committer has something to do again.
    let work = Signal()
    /// Raised when a batch is published, or what is under way has otherwise become less.
    let landed = Signal()
    /// Raised when a sync begins that is likely to be slow.
    let slowSync = Signal()
    /// Raised when maintenance may have something to do.
    let upkeep = Signal()
    private let lockFile: Mutex<FileReference?>
    let threads = Mutex<[OwnThread]>([])

    init(
        fileSystem: any FileSystem, clock: any TimeSource, options: JournalOptions, recovered: Recovery.Outcome,
        lockFile: FileReference
    ) {
        self.fileSystem = fileSystem
        self.clock = clock
        self.options = options
        self.journalID = recovered.journalID
        self.recovery = recovered.report
        self.queue = Mutex(
            CommitQueue(
                nextBatch: recovered.lastBatch + 1, recent: recovered.recent, coverage: recovered.recentCoverage))
        self.committer = Mutex(Committer(nextFile: recovered.nextFile, options))
        self.maintenance = Mutex(Maintenance())
        self.catalog = FileCatalog(recovered.files)
        self.keyFiles = Mutex(KeyFileSet(recovered.keyFiles))
        self.ring = TailRing(bytesMax: options.ringBytesMax)
        self.committed = Atomic(recovered.lastBatch)
        self.accepted = Mutex(Set(recovered.report.damage))
        self.lockFile = Mutex(lockFile)
    }

    package var committedBatch: UInt64 { committed.load(ordering: .acquiring) }

    package func addObserver(_ observer: any CommitObserver) { observers.withLock { $0.append(observer) } }

    package func expect(_ key: ID128) {
        _ = queue.withLockIfAvailable { $0.expect(key) }
        _ = keyFiles.withLockIfAvailable { $0.expect(key) }
    }

    package func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        try append(records, wakesCommitter: true)
    }

    /// As `append`; without `wakesCommitter` the caller calls `wakeCommitter` soon, after more appends: one commit then
    /// takes them all, where the first alone would have begun one.
    package func append(
        _ records: borrowing PendingRecords, wakesCommitter: Bool
    ) throws(JournalRefusal) -> AppendReceipt {
        if records.entries.isEmpty { return .durable(duplicates: 0) }
        let files = keyFiles.withLock { $0 }
        var known = knownEntries(records, in: files)
        let now = clock.monotonic()
        var mustWake = false
        defer { if mustWake { work.raise() } }
        return try queue.withLock { (queue) throws(JournalRefusal) in
            // Keys may have moved from memory to a new file since the files were looked at.
            let latest = keyFiles.withLock { $0 }
            if latest !== files { known = knownEntries(records, in: latest) }
            let receipt = try queue.append(records, known: known, at: now, options)
            if wakesCommitter { mustWake = queue.wakesCommitter() }
            return receipt
        }
    }

    /// A reader has passed over this.
    func noteAccepted(_ damage: DamagedRange) {
        accepted.withLock { if $0.count < 1_000 { $0.insert(damage) } }
    }

    /// Has what was appended committed.
    package func wakeCommitter() {
        if queue.withLock({ $0.wakesCommitter() }) { work.raise() }
    }

    /// Indices of the entries whose key is in a key file, ascending.
    private func knownEntries(_ records: borrowing PendingRecords, in files: KeyFileSet) -> [Int] {
        var unreadable = 0
        let known = files.known(of: records.entries, unreadable: &unreadable)
        if unreadable > 0 { unreadableKeyPages.add(UInt64(unreadable), ordering: .relaxed) }
        return known
    }

    /// Starts the threads: the committers, and the upkeep at the lowest priority.
    package func start() {
        let committer = OwnThread(name: "committer") { [self] in runCommitter() }
        let second = OwnThread(name: "committer-2") { [self] in runSecondCommitter() }
        let upkeep = OwnThread(name: "upkeep", nice: 19) { [self] in runMaintenance() }
        let all = [committer, second, upkeep]
        precondition(all.allSatisfy(\.hasStarted), "the system gives no thread")
        threads.withLock { $0 = all }
    }

    /// Refuses further appends, commits what waits, ends the live file, writes the keys, and gives the directory back.
    /// What cannot be committed (no space, a failure) was never acknowledged. Blocks; call it once, from no observer.
    package func close() throws(JournalError) {
        queue.withLock { if $0.status != .failed { $0.status = .closed } }
        isStopping.store(true, ordering: .releasing)
        work.raise()
        slowSync.raise()
        upkeep.raise()
        let running = threads.withLock { threads in
            defer { threads.removeAll() }
            return threads
        }
        for thread in running { thread.join() }
        defer {
            ring.end()
            queue.withLock { $0.giveUp() }
            lockFile.withLock { $0 = nil }
        }
        while commitOnce() == .committed {}
        try finishLiveFile()
        // Keys put aside before, which the upkeep has not written yet, then the latest.
        try flushKeys()
        queue.withLock { _ = $0.freeze() }
        try flushKeys()
    }

    /// A snapshot of counts and sizes; takes each short lock once.
    package func metrics() -> JournalMetrics {
        var metrics = JournalMetrics()
        committerCounts.withLock { counts in
            metrics.commits = counts.commits
            metrics.committedRecords = counts.records
            metrics.committedBytes = counts.bytes
            metrics.commitLatency = counts.latency
            metrics.maintenanceFailures = counts.maintenanceFailures
        }
        metrics.committedBatch = committedBatch
        let now = clock.monotonic()
        queue.withLock { queue in
            metrics.offeredRecords = queue.offered
            metrics.acknowledgedRecords = queue.acknowledged
            metrics.duplicateRecords = queue.duplicates
            metrics.waitingRecords = queue.waiting
            metrics.refusedRecords = queue.refused
            metrics.queuedBytes = queue.queuedBytes
            metrics.queueAgeNanoseconds = queue.age(at: now)
            metrics.isWithoutSpace = queue.status == .noSpace
            metrics.hasFailed = queue.status == .failed
            metrics.keyCount = queue.recent.count + (queue.frozen?.table.count ?? 0)
            metrics.keyBytesInMemory = queue.recent.byteCount + (queue.frozen?.table.byteCount ?? 0)
            metrics.keyWindowStart = queue.frozen?.coverage.oldest ?? queue.recentCoverage?.oldest
        }
        let files = keyFiles.withLock { $0 }
        metrics.keyCount += files.keyCount
        metrics.keyFileCount = files.files.count
        metrics.keyBytesInMemory += files.byteCountInMemory
        if let oldest = files.files.map(\.coverage.oldest).min() {
            metrics.keyWindowStart = min(oldest, metrics.keyWindowStart ?? oldest)
        }
        metrics.acceptedDamageCount = accepted.withLock { $0.count }
        metrics.unreadableKeyPages = unreadableKeyPages.load(ordering: .relaxed)
        (metrics.ringBatches, metrics.ringBytes) = ring.occupancy
        let journalFiles = catalog.snapshot.files
        metrics.fileCount = journalFiles.count
        metrics.sealedFileCount = journalFiles.count { $0.isSealed }
        metrics.fileBytes = journalFiles.reduce(0) { $0 + $1.byteCount }
        return metrics
    }

    /// Counts that the drivers keep.
    struct Counts: Sendable {
        var commits: UInt64 = 0
        var records: UInt64 = 0
        var bytes: UInt64 = 0
        var latency = LatencyHistogram()
        var maintenanceFailures: UInt64 = 0
    }
    let committerCounts = Mutex(Counts())
}
