import Events
import Glibc
import Journal
import Synchronization
import Testing

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

    private func options(_ directory: String) -> JournalOptions {
        var options = smallOptions(fileBytes: 64 << 10, keysInMemory: 200)
        options.directory = directory
        options.zeroChunkBytes = 16 << 10
        return options
    }

    @Test func fourAppendersAndAReaderAgreeOnWhatIsThere() async throws {
        let directory = try temporaryDirectory()
        let journal = try FileJournal.open(options(directory))
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

    @Test func erasingWhileAppendsGoOnLosesNothing() async throws {
        let directory = try temporaryDirectory()
        let journal = try FileJournal.open(options(directory))
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
}
