import Events
import Journal
import Projector
import Synchronization

/// Folds the bytes of all batches into one number: any batch left out, doubled or out of order changes it.
final class FoldProjection: Projection {
    let name: String
    private(set) var appliedBatch: UInt64 = 0
    private(set) var value: UInt64 = 1
    var failsAtBatch: UInt64 = .max
    private let files: any CheckpointFiles

    init(_ name: String, files: any CheckpointFiles) {
        self.name = name
        self.files = files
    }

    struct Broken: Error {}

    func apply(_ batch: CommittedBatch) throws {
        if batch.sequence == failsAtBatch { throw Broken() }
        for byte in batch.bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        appliedBatch = batch.sequence
    }

    func checkpoint(into directory: String) throws {
        var writer = try StateWriter(path: "\(directory)/fold", magic: 7, version: 1, files: files)
        writer.put(appliedBatch)
        writer.put(value)
        try writer.finish()
    }

    func restore(from directory: String, appliedBatch batch: UInt64) throws {
        var reader = try StateReader(path: "\(directory)/fold", magic: 7, version: 1, files: files)
        appliedBatch = try reader.next()
        value = try reader.next()
        try reader.finish()
        guard appliedBatch == batch else { throw Broken() }
    }

    func erase(_ anchors: [Anchor]) throws { value = value &+ UInt64(anchors.count) }
}

/// A journal in memory; more can be committed while it is read.
final class MemoryJournal: Sendable {
    private let batches: Mutex<[CommittedBatch]>

    init(count: Int) {
        batches = Mutex([])
        for _ in 0..<count { commit() }
    }

    func commit() {
        batches.withLock { batches in
            let sequence = UInt64(batches.count) + 1
            let bytes = (0..<20).map { UInt8(truncatingIfNeeded: sequence &* 31 &+ UInt64($0)) }
            batches.append(CommittedBatch(sequence: sequence, bytes: bytes, ranges: [0..<10, 10..<20]))
        }
    }

    var newest: UInt64 { batches.withLock { UInt64($0.count) } }
    func batch(_ sequence: UInt64) -> CommittedBatch? {
        batches.withLock { sequence >= 1 && sequence <= UInt64($0.count) ? $0[Int(sequence) - 1] : nil }
    }
    func reader(after batch: UInt64) -> MemorySource { MemorySource(journal: self, after: batch) }
}

final class MemorySource: BatchSource {
    private let journal: MemoryJournal
    private var last: UInt64

    init(journal: MemoryJournal, after batch: UInt64) {
        self.journal = journal
        last = batch
    }

    func next(waitingAtMost duration: Duration) throws -> CommittedBatch? {
        guard let batch = journal.batch(last + 1) else { return nil }
        last = batch.sequence
        return batch
    }

    var newestBatch: UInt64 { journal.newest }
    var backlogEvents: Int? { Int(journal.newest - last) * 2 }
}

/// The system's files on a full volume: files take nothing.
final class FullFiles: CheckpointFiles {
    private let system = SystemCheckpointFiles()
    func makeDirectory(_ path: String) throws(ProjectorError) { try system.makeDirectory(path) }
    func list(_ path: String) throws(ProjectorError) -> [String] { try system.list(path) }
    func create(_ path: String) throws(ProjectorError) -> any CheckpointFile {
        FullFile(file: try system.create(path), path: path)
    }
    func read(_ path: String) throws(ProjectorError) -> [UInt8] { try system.read(path) }
    func rename(_ source: String, to target: String) throws(ProjectorError) { try system.rename(source, to: target) }
    func syncDirectory(_ path: String) throws(ProjectorError) { try system.syncDirectory(path) }
    func removeTree(_ path: String) throws(ProjectorError) { try system.removeTree(path) }
}

private final class FullFile: CheckpointFile {
    private let file: any CheckpointFile
    private let path: String

    init(file: any CheckpointFile, path: String) {
        self.file = file
        self.path = path
    }

    func append(_ bytes: RawSpan) throws(ProjectorError) {
        throw .file(operation: "write", path: path, code: ErrorCode.noSpace)
    }
    func finish() throws(ProjectorError) { try file.finish() }
}

/// The system's files up to the n-th change; that one happens half or not at all, and nothing after it.
final class CrashingFiles: CheckpointFiles {
    struct Plan {
        var callsLeft: Int
        var isCrashed = false
    }
    private let system = SystemCheckpointFiles()
    private let plan: Mutex<Plan>

    init(after calls: Int) { plan = Mutex(Plan(callsLeft: calls)) }

    var hasCrashed: Bool { plan.withLock { $0.isCrashed } }

    fileprivate func step(_ path: String) throws(ProjectorError) {
        let isCrashed = plan.withLock { plan in
            if plan.callsLeft == 0 { plan.isCrashed = true }
            plan.callsLeft -= plan.isCrashed ? 0 : 1
            return plan.isCrashed
        }
        if isCrashed { throw .file(operation: "crash", path: path, code: 5) }
    }

    func makeDirectory(_ path: String) throws(ProjectorError) {
        try step(path)
        try system.makeDirectory(path)
    }
    func list(_ path: String) throws(ProjectorError) -> [String] { try system.list(path) }
    func create(_ path: String) throws(ProjectorError) -> any CheckpointFile {
        try step(path)
        return CrashingFile(file: try system.create(path), path: path, files: self)
    }
    func read(_ path: String) throws(ProjectorError) -> [UInt8] { try system.read(path) }
    func rename(_ source: String, to target: String) throws(ProjectorError) {
        try step(source)
        try system.rename(source, to: target)
    }
    func syncDirectory(_ path: String) throws(ProjectorError) {
        try step(path)
        try system.syncDirectory(path)
    }
    func removeTree(_ path: String) throws(ProjectorError) {
        try step(path)
        try system.removeTree(path)
    }
}

private final class CrashingFile: CheckpointFile {
    private let file: any CheckpointFile
    private let path: String
    private let files: CrashingFiles

    init(file: any CheckpointFile, path: String, files: CrashingFiles) {
        self.file = file
        self.path = path
        self.files = files
    }

    func append(_ bytes: RawSpan) throws(ProjectorError) {
        do { try files.step(path) } catch {
            try file.append(bytes.extracting(first: bytes.byteCount / 2))
            throw error
        }
        try file.append(bytes)
    }
    func finish() throws(ProjectorError) {
        try files.step(path)
        try file.finish()
    }
}

/// Waits for space as it is told.
final class TightSpace: SpaceWaiter {
    struct Broken: Error {}
    var shortage: String?
    var isFull = false
    var isBroken = false
    var hasSpace = false
    private(set) var tries = 0

    func tryAgain() throws {
        tries += 1
        if isBroken { throw Broken() }
        guard hasSpace else { return }
        (shortage, isFull) = (nil, false)
    }
}

/// A journal whose files may be out of reach for a while.
private final class UnreadableSource: BatchSource {
    private let inner: MemorySource
    private let error: () -> Int32

    init(_ inner: MemorySource, error: @escaping () -> Int32) {
        self.inner = inner
        self.error = error
    }

    func next(waitingAtMost duration: Duration) throws -> CommittedBatch? {
        let code = error()
        if code != 0 {
            throw JournalError.fileSystem(FileSystemError(operation: .open, path: "journal", code: code))
        }
        return try inner.next(waitingAtMost: duration)
    }

    var newestBatch: UInt64 { inner.newestBatch }
    var backlogEvents: Int? { inner.backlogEvents }
}

/// A folder of its own, and runs over it.
final class RunFixture {
    let directory = "/tmp/projector-\(ID128.random())"
    let journal: MemoryJournal
    let clock = ManualTimeSource(wall: Timestamp(milliseconds: 0))
    var notes: [String] = []
    var starts: [ProjectionStart] = []
    var folds: [FoldProjection] = []
    var failsAtBatch: UInt64 = .max
    var bytesMax = 256 << 20
    var waiter: TightSpace?
    /// What the journal's files answer; 0 where they can be read.
    var readError: Int32 = 0

    init(batches: Int) { journal = MemoryJournal(count: batches) }
    deinit { try? SystemCheckpointFiles().removeTree(directory) }

    func run(_ files: any CheckpointFiles = SystemCheckpointFiles()) -> ProjectionRun {
        var configuration = ProjectorConfiguration(directory: directory)
        configuration.checkpointBytesMax = bytesMax
        return ProjectionRun(
            configuration: configuration, files: files, time: clock,
            makeSet: { [self] start in
                starts.append(start)
                folds = [FoldProjection("first", files: files), FoldProjection("second", files: files)]
                folds[1].failsAtBatch = failsAtBatch
                return ProjectionSet(projections: folds, waiter: waiter)
            },
            openSource: { [self] batch in
                UnreadableSource(journal.reader(after: batch)) { [self] in readError }
            },
            report: { [self] note in notes.append("\(note)") })
    }

    func drain(_ run: ProjectionRun) throws { while try run.step(waitingAtMost: .zero) {} }

    /// What one uninterrupted run over the whole journal gives.
    func expected() throws -> UInt64 {
        let fold = FoldProjection("expected", files: SystemCheckpointFiles())
        for sequence in 1...max(1, journal.newest) { if let batch = journal.batch(sequence) { try fold.apply(batch) } }
        return fold.value
    }

    var values: Set<UInt64> { Set(folds.map(\.value)) }
}
