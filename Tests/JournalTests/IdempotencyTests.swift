import Events
import Journal
import Testing

struct IdempotencyTests: OnSimulatedDisk {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)

    @Test func duplicatesAreKnownThroughMemoryFilesMergesAndRestarts() throws {
        var journal = try open()
        for number in 1...200 {
            try append([number], to: journal)
            journal.commitOnce()
            // A duplicate is known at every moment of the keys' way from memory to a file.
            #expect(try append([number, max(1, number - 7)], to: journal) == .durable(duplicates: 2))
            if number % 5 == 0 { try journal.maintainOnce() }
        }
        try maintain(journal)
        #expect(journal.metrics().keyFileCount < 16, "key files are merged")
        #expect(try append(Array(1...200), to: journal) == .durable(duplicates: 200))
        try journal.close()
        journal = try open()
        #expect(journal.recovery.replayedBatches == 0, "after a clean close no journal file is read for keys")
        #expect(try append(Array(1...200), to: journal) == .durable(duplicates: 200))
        #expect(try append([201], to: journal) == .pending(batch: 201, duplicates: 0))
        #expect(journal.metrics().unreadableKeyPages == 0)
    }

    @Test func anExpectedKeyIsNotKnownByThat() throws {
        let journal = try open()
        for number in 1...60 {
            journal.expect(key(number))
            #expect(try append([number], to: journal) == .pending(batch: UInt64(number), duplicates: 0))
            journal.commitOnce()
            // Keys in memory, put aside, and in files.
            for known in [number, max(1, number - 9), 1] { journal.expect(key(known)) }
            #expect(try append([number, 1], to: journal) == .durable(duplicates: 2))
            if number % 5 == 0 { try journal.maintainOnce() }
        }
        #expect(journal.metrics().offeredRecords == 180 && journal.metrics().keyCount == 60)
    }

    @Test func aRestartAfterACrashReadsOnlyTheTail() throws {
        let journal = try open { $0.fileBytes = 2_000 }
        for number in 1...100 {
            try append([number], to: journal)
            journal.commitOnce()
            try maintain(journal)
        }
        disk.powerCut(seed: 3)
        let again = try open { $0.fileBytes = 2_000 }
        #expect((1...20).contains(again.recovery.replayedBatches))
        #expect(try append(Array(1...100), to: again) == .durable(duplicates: 100))
    }

    @Test func aCloseLeavesNoKeyToBeReadAgain() throws {
        let journal = try open { $0.keysInMemory = 2 }
        // No upkeep runs: the first keys are put aside and still there when the close comes with later ones.
        for number in 1...5 {
            try append([number], to: journal)
            #expect(journal.commitOnce() == .committed)
        }
        try journal.close()
        let again = try open()
        #expect(again.recovery.replayedBatches == 0)
        #expect(try append([1, 2, 3, 4, 5], to: again) == .durable(duplicates: 5))
    }

    @Test func whatFoundNoSpaceIsGivenBackAndIsNoDuplicateWhenItComesAgain() throws {
        disk.capacityBytes = 100
        let journal = try open()
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        try append([1], to: journal)
        #expect(journal.commitOnce() == .noSpace)
        #expect(listener.refused == [1...1] && listener.committedThrough == 0)
        #expect(throws: JournalRefusal.noSpace) { try append([1], to: journal) }
        disk.capacityBytes = 1_000_000
        clock.advance(milliseconds: 20)
        #expect(journal.commitOnce() == .idle)
        #expect(try append([1], to: journal) == .pending(batch: 2, duplicates: 0))
        #expect(try append([1], to: journal) == .pending(batch: 2, duplicates: 1))
        #expect(journal.commitOnce() == .committed)
        #expect(listener.committedThrough == 2)
        #expect(try readAll(journal).compactMap(\.number) == [1])
        let metrics = journal.metrics()
        #expect(
            metrics.offeredRecords == 4 && metrics.acknowledgedRecords == 2 && metrics.refusedRecords == [.noSpace: 2])
        try journal.close()
        let again = try open()
        #expect(again.recovery.damage.isEmpty && again.recovery.lastBatch == 2)
        #expect(try append([1], to: again) == .durable(duplicates: 1))
    }

    @Test func aDuplicateOfABatchBeingFilledWaitsForIt() throws {
        let journal = try open()
        try append([1], to: journal)
        #expect(journal.commitOnce() == .committed)
        #expect(try append([1], to: journal) == .durable(duplicates: 1))
        #expect(try append([2, 2], to: journal) == .pending(batch: 2, duplicates: 1))
        #expect(try append([2], to: journal) == .pending(batch: 2, duplicates: 1))
        #expect(journal.metrics().waitingRecords == 3)
        #expect(journal.commitOnce() == .committed)
        #expect(try readAll(journal).compactMap(\.number) == [1, 2])
        let metrics = journal.metrics()
        #expect(metrics.offeredRecords == 5 && metrics.acknowledgedRecords == 5 && metrics.duplicateRecords == 3)
    }

    @Test func keysOfUncommittedEventsNeverReachAFile() throws {
        let journal = try open { $0.keysInMemory = 4 }
        for number in 1...4 { try append([number], to: journal) }
        journal.commitOnce()
        try append([5], to: journal)
        try maintain(journal)
        // The power goes before 5 is committed: its retry is a new event.
        disk.powerCut(seed: 1)
        let again = try open()
        #expect(try append([5], to: again) == .pending(batch: again.committedBatch + 1, duplicates: 0))
        #expect(try append([1, 2, 3, 4], to: again) == .durable(duplicates: 4))
    }

    @Test func theWindowIsBoundedByTime() throws {
        let journal = try open { $0.keysInMemory = 2 }
        for number in 1...4 {
            try append([number], to: journal)
            journal.commitOnce()
            try maintain(journal)
        }
        clock.advance(milliseconds: 25 * 3_600_000)
        for number in 5...8 {
            try append([number], to: journal)
            journal.commitOnce()
            try maintain(journal)
        }
        #expect(try append([5, 6, 7, 8], to: journal) == .durable(duplicates: 4))
        #expect(try append([1], to: journal) != .durable(duplicates: 1), "25 hours later it counts as new")
        let windowStart = try #require(journal.metrics().keyWindowStart)
        #expect(windowStart > start)
    }

    @Test func aForwardJumpOfTheWallClockForgetsNoKey() throws {
        let journal = try open { $0.keysInMemory = 2 }
        for number in 1...8 {
            try append([number], to: journal)
            journal.commitOnce()
            try maintain(journal)
        }
        clock.jump(to: start.adding(milliseconds: 365 * 86_400_000))
        try maintain(journal)
        #expect(try append(Array(1...8), to: journal) == .durable(duplicates: 8))
    }

    @Test func theWindowIsBoundedByCount() throws {
        let journal = try open {
            $0.keysInMemory = 4
            $0.keyFileKeysMax = 8
            $0.keyWindowCount = 40
        }
        for number in 1...400 {
            try append([number], to: journal)
            journal.commitOnce()
            try maintain(journal)
        }
        let metrics = journal.metrics()
        #expect(metrics.keyCount <= 40 + 4 && metrics.keyCount >= 24)
        #expect(try append(Array(380...400), to: journal) == .durable(duplicates: 21))
        #expect(try append([1], to: journal) != .durable(duplicates: 1))
    }

    @Test func memoryStaysBoundedWhenUpkeepDoesNotRun() throws {
        let journal = try open { $0.keysInMemory = 4 }
        for number in 1...200 {
            try append([number], to: journal)
            journal.commitOnce()
        }
        #expect(journal.metrics().keyFileCount > 0, "the committer writes keys itself")
        #expect(try append(Array(1...200), to: journal) == .durable(duplicates: 200))
    }

    @Test func aDamagedKeyFileIsReplacedByReadingTheJournal() throws {
        let journal = try open()
        for number in 1...30 {
            try append([number], to: journal)
            journal.commitOnce()
        }
        try journal.close()
        for name in try fileNames(disk, ".keys") {
            let path = "\(directory)/\(name)"
            var bytes = try #require(disk.contents(of: path))
            bytes[bytes.count - 100] ^= 1
            disk.setContents(of: path, to: bytes)
        }
        let again = try open()
        #expect(!again.recovery.damagedKeyFiles.isEmpty && again.recovery.replayedBatches == 30)
        #expect(try append(Array(1...30), to: again) == .durable(duplicates: 30))
    }

    @Test("no flipped bit of a key file makes a new event a duplicate", arguments: 0..<64 as Range<UInt64>)
    func damagedKeysLoseNoEvent(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let journal = try open { $0.keysInMemory = 1_000 }
        for number in 1...20 {
            try append([number], to: journal)
            journal.commitOnce()
        }
        try journal.close()
        let path = "\(directory)/\(try #require(try fileNames(disk, ".keys").first))"
        var bytes = try #require(disk.contents(of: path))
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        disk.setContents(of: path, to: bytes)
        let again = try open()
        for number in 21...60 {
            #expect(try append([number], to: again) == .pending(batch: again.committedBatch + 1, duplicates: 0))
        }
    }
}
