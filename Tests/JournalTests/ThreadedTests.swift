import Events
import Glibc
import Journal
import Synchronization
import Testing
import Threads

/// The journal on the machine's own disk with its own threads.
struct ThreadedTests {
    private func temporaryDirectory() throws -> String {
        var template = Array("/tmp/highland-journal-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        return try #require(made)
    }

    private func remove(_ directory: String) throws {
        let fileSystem = PosixFileSystem()
        for name in try fileSystem.list(directory) { try fileSystem.unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// With `overlaps` every sync counts as slow, so that two are under way whenever there is something to write.
    private func options(_ directory: String, overlaps: Bool = false) -> JournalOptions {
        var options = smallOptions(fileBytes: 64 << 10, keysInMemory: 200)
        options.directory = directory
        options.zeroChunkBytes = 16 << 10
        options.blockBytes = 4096
        if overlaps { options.gatherMicrosecondsMax = 0 }
        return options
    }

    @Test("four appenders and a reader agree on what is there", arguments: [false, true])
    func allAgreeOnWhatIsThere(overlaps: Bool) async throws {
        let directory = try temporaryDirectory()
        let journal = try FileJournal.open(options(directory, overlaps: overlaps))
        journal.start()
        let perAppender = 500
        let reading = Task.detached { () -> [Int] in
            let reader = journal.reader(after: 0)
            var found: [Int] = []
            while found.count < 4 * perAppender {
                guard let batch = try reader.next(waitingAtMost: 20_000_000_000) else { break }
                found += try entries(batch).compactMap(\.number)
            }
            return found
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for appender in 0..<4 {
                group.addTask {
                    for index in 0..<perAppender { try append([appender * 10_000 + index], to: journal) }
                }
            }
            try await group.waitForAll()
        }
        let found = try await reading.value
        #expect(found.count == 4 * perAppender && Set(found).count == found.count)
        for appender in 0..<4 {
            let own = found.filter { $0 / 10_000 == appender }
            #expect(own == own.sorted(), "each appender's order is kept")
        }
        try journal.close()
        let report = try JournalInspection(directory: directory).verify()
        #expect(report.isWhole && report.recordCount == 4 * perAppender)
        let again = try FileJournal.open(options(directory))
        #expect(!again.recovery.wasUnclean && again.recovery.replayedBatches == 0)
        #expect(try append(found, to: again) == .durable(duplicates: found.count))
        #expect(throws: JournalError.inUse(directory: directory)) { try FileJournal.open(options(directory)) }
        try again.close()
        try remove(directory)
    }

    @Test func whileCommitsFollowEachOtherAppendsShareTheNext() throws {
        let directory = try temporaryDirectory()
        var options = options(directory)
        options.gatherMicrosecondsMax = 3_600_000_000
        let journal = try FileJournal.open(options)
        journal.start()
        let reader = journal.reader(after: 0)
        try append([1, 2], to: journal)
        _ = try #require(try reader.next(waitingAtMost: 20_000_000_000))
        // Two came with the last commit: the next is for two more at least, however long the first of them waits.
        let receipts = try [3, 4, 5].map { try append([$0], to: journal) }
        #expect(receipts[0] == receipts[1], "the second shares the first one's commit")
        let shared = try #require(try reader.next(waitingAtMost: 20_000_000_000))
        #expect(try entries(shared).compactMap(\.number).prefix(2) == [3, 4])
        try journal.close()
        let report = try JournalInspection(directory: directory).verify()
        #expect(report.isWhole && report.recordCount == 5, "what still gathered is committed by a close")
        try remove(directory)
    }

    @Test func aThreadHasTheNiceValueItWasGiven() {
        let seen = Mutex<[CInt]>([])
        for nice in [0, 4, 19] as [CInt] {
            OwnThread(name: "nice", nice: nice) {
                let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
                seen.withLock { $0.append(own) }
            }.join()
        }
        #expect(seen.withLock { $0 } == [0, 4, 19])
    }

    @Test func aProcessThatWorksUsesItsProcessorsAndNoMoreThanThose() {
        let clock = SystemTimeSource()
        let began = clock.monotonic()
        let use = ProcessorUse(at: began.nanoseconds)
        var sum: UInt64 = 0
        while clock.monotonic().nanoseconds(since: began) < 200_000_000 { sum &+= 1 }
        let asked = clock.monotonic()
        let share = use.share(at: asked.nanoseconds)
        // Other tests run on while this one is asking, and what runs is counted up to its last tick, of 10 ms at most.
        let most = clock.monotonic().nanoseconds(since: began) + 10_000_000
        let bound = Double(most) / Double(asked.nanoseconds(since: began))
        #expect(share > 0 && share <= bound, "\(share) of the processors, at most \(bound), \(sum) turns")
    }

    @Test func anAppendThatComesAloneDoesNotWaitForOthers() throws {
        let directory = try temporaryDirectory()
        var options = options(directory)
        options.gatherMicrosecondsMax = 3_600_000_000
        let journal = try FileJournal.open(options)
        journal.start()
        let reader = journal.reader(after: 0)
        for index in 0..<20 {
            try append([index], to: journal)
            _ = try #require(try reader.next(waitingAtMost: 20_000_000_000), "append \(index)")
        }
        try journal.close()
        try remove(directory)
    }

    @Test("erasing while appends go on loses nothing", arguments: [false, true])
    func erasingBesideAppendsLosesNothing(overlaps: Bool) async throws {
        let directory = try temporaryDirectory()
        let journal = try FileJournal.open(options(directory, overlaps: overlaps))
        journal.start()
        for index in 0..<300 { try append([index], to: journal, device: device(index % 3)) }
        let appending = Task.detached {
            for index in 300..<900 { try append([index], to: journal, device: device(9)) }
        }
        let result = try journal.erase(.anchors([Anchor(kind: .device, site: SiteID(1), id: device(1))]))
        try await appending.value
        #expect(result.erasedRecords == 100)
        try journal.close()
        var numbers: [Int] = []
        let report = try JournalInspection(directory: directory).dump { _, view in
            if let found = number(view) { numbers.append(found) }
            return true
        }
        #expect(report.isWhole && report.recordCount == 900 && report.erasedRecordCount == 100)
        #expect(numbers == (0..<900).filter { $0 >= 300 || $0 % 3 != 1 })
        try remove(directory)
    }

    /// The machine's disk, whose syncs of journal files wait while the gate is closed, until they are let through.
    private final class HeldDisk: FileSystem {
        private struct Gate {
            var isClosed = false
            /// Syncs that came while it was closed, and how many of them may go on.
            var came = 0
            var allowed = 0
        }
        private let gate = Mutex(Gate())
        private let changed = Signal()
        private let disk = PosixFileSystem()
        private let journalFiles = Mutex<Set<FileNumber>>([])

        func sync(_ file: FileNumber) throws(FileSystemError) {
            let place = gate.withLock { gate -> Int in
                guard gate.isClosed, journalFiles.withLock({ $0.contains(file) }) else { return 0 }
                gate.came += 1
                return gate.came
            }
            changed.raise()
            wait { !$0.isClosed || $0.allowed >= place }
            try disk.sync(file)
        }

        func setClosed(_ isClosed: Bool) {
            gate.withLock { $0.isClosed = isClosed }
            changed.raise()
        }

        /// Lets the first `count` that came go on.
        func allow(_ count: Int) {
            gate.withLock { $0.allowed = count }
            changed.raise()
        }

        func waitUntilHeld(_ count: Int) { wait { $0.came >= count } }

        private func wait(_ condition: (Gate) -> Bool) {
            while true {
                let seen = changed.current
                if gate.withLock({ condition($0) }) { return }
                changed.wait(after: seen, nanosecondsAtMost: 20_000_000_000)
            }
        }

        func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileNumber {
            let file = try disk.open(path, mode)
            if path.contains(".journal") { journalFiles.withLock { _ = $0.insert(file) } }
            return file
        }
        func close(_ file: FileNumber) {
            journalFiles.withLock { _ = $0.remove(file) }
            disk.close(file)
        }
        func read(
            _ file: FileNumber, at offset: Int, into bytes: inout [UInt8], range: Range<Int>
        ) throws(FileSystemError) -> Int { try disk.read(file, at: offset, into: &bytes, range: range) }
        func write(_ file: FileNumber, at offset: Int, _ bytes: RawSpan) throws(FileSystemError) -> Int {
            try disk.write(file, at: offset, bytes)
        }
        func syncDirectory(_ path: String) throws(FileSystemError) { try disk.syncDirectory(path) }
        func rename(_ source: String, to target: String) throws(FileSystemError) {
            try disk.rename(source, to: target)
        }
        func unlink(_ path: String) throws(FileSystemError) { try disk.unlink(path) }
        func truncate(_ file: FileNumber, to byteCount: Int) throws(FileSystemError) {
            try disk.truncate(file, to: byteCount)
        }
        func preallocate(_ file: FileNumber, range: Range<Int>) throws(FileSystemError) {
            try disk.preallocate(file, range: range)
        }
        func size(_ file: FileNumber) throws(FileSystemError) -> Int { try disk.size(file) }
        func list(_ directory: String) throws(FileSystemError) -> [String] { try disk.list(directory) }
        func makeDirectory(_ path: String) throws(FileSystemError) { try disk.makeDirectory(path) }
        func lock(_ path: String) throws(FileSystemError) -> FileNumber { try disk.lock(path) }
        func freeSpace(_ directory: String) throws(FileSystemError) -> (freeBytes: Int, totalBytes: Int) {
            try disk.freeSpace(directory)
        }
    }

    @Test func whileASlowSyncIsUnderWayTheNextBatchIsSyncedBesideIt() throws {
        let directory = try temporaryDirectory()
        let disk = HeldDisk()
        let journal = try FileJournal.open(options(directory, overlaps: true), fileSystem: disk)
        journal.start()
        let reader = journal.reader(after: 0)
        try append([1], to: journal)
        _ = try #require(try reader.next(waitingAtMost: 20_000_000_000))
        disk.setClosed(true)
        try append([2], to: journal)
        disk.waitUntilHeld(1)
        try append([3], to: journal)
        disk.waitUntilHeld(2)
        // Two are the most: this one waits for its turn.
        try append([4], to: journal)
        #expect(journal.committedBatch == 1)
        disk.allow(2)
        for number in [2, 3] {
            let batch = try #require(try reader.next(waitingAtMost: 20_000_000_000))
            #expect(try entries(batch).compactMap(\.number) == [number])
        }
        disk.setClosed(false)
        let last = try #require(try reader.next(waitingAtMost: 20_000_000_000))
        #expect(try entries(last).compactMap(\.number) == [4])
        try journal.close()
        let report = try JournalInspection(directory: directory).verify()
        #expect(report.isWhole && report.recordCount == 4)
        try remove(directory)
    }
}
