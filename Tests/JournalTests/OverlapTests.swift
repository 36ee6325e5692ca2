import Events
import Journal
import Testing
import Threads

/// Two batches under way at once: written one after the other, synced in any order, published in theirs.
struct OverlapTests: OnSimulatedDisk {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)

    private func begin(_ number: Int, _ journal: FileJournal) throws -> CommitFlight {
        try append([number], to: journal)
        guard case .begun(let flight) = journal.begin() else {
            Issue.record("event \(number) was not begun")
            throw JournalRefusal.failed
        }
        return flight
    }

    /// Two flights, after one batch that is on disk.
    private func two(_ journal: FileJournal) throws -> (CommitFlight, CommitFlight) {
        try append([1], to: journal)
        #expect(journal.commitOnce() == .committed)
        return (try begin(2, journal), try begin(3, journal))
    }

    @Test func aThirdBatchWaits() throws {
        let journal = try open()
        var (first, second) = try two(journal)
        try append([4], to: journal)
        guard case .wait = journal.begin() else { throw JournalRefusal.failed }
        journal.sync(&first)
        #expect(journal.land(&first) == .committed)
        #expect(journal.committedBatch == 2)
        guard case .begun(var third) = journal.begin() else { throw JournalRefusal.failed }
        journal.sync(&second)
        journal.sync(&third)
        #expect(journal.land(&second) == .committed)
        #expect(journal.land(&third) == .committed)
        #expect(try readAll(journal).compactMap(\.number) == [1, 2, 3, 4])
        let metrics = journal.metrics()
        #expect(metrics.acknowledgedRecords == 4 && metrics.waitingRecords == 0 && metrics.queuedBytes == 0)
    }

    @Test func aBatchThatIsSyncedFirstIsPublishedAfterTheOneBefore() throws {
        let journal = try open()
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var (first, second) = try two(journal)
        journal.sync(&second)
        let landing = OwnThread(name: "second") { [second] in
            var second = second
            #expect(journal.land(&second) == .committed)
        }
        #expect(journal.committedBatch == 1 && listener.committedThrough == 1)
        journal.sync(&first)
        #expect(journal.land(&first) == .committed)
        landing.join()
        #expect(journal.committedBatch == 3 && listener.committedThrough == 3)
        #expect(try readAll(journal).compactMap(\.number) == [1, 2, 3])
    }

    @Test("whichever of two syncs loses data, nothing after it is acknowledged", arguments: [1, 2])
    func aLostSyncFailsBoth(lost: Int) throws {
        let journal = try open()
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var (first, second) = try two(journal)
        // Both batches stood in the page cache when the data went: the other descriptor is told of it, too.
        disk.arm(Fault(call: 1, effect: .lostSync, operations: [.sync]))
        if lost == 1 {
            journal.sync(&first)
            journal.sync(&second)
        } else {
            journal.sync(&second)
            journal.sync(&first)
        }
        #expect(journal.land(&first) == .failed)
        #expect(journal.land(&second) == .failed)
        #expect(listener.hasFailed && listener.committedThrough == 1)
        let metrics = journal.metrics()
        #expect(metrics.acknowledgedRecords == 1 && metrics.refusedRecords == [.failed: 2])
        #expect(throws: JournalError.unavailable) { try journal.close() }
    }

    @Test func aNewFileWaitsUntilNothingIsUnderWay() throws {
        let journal = try open { $0.fileBytes = 600 }
        var (first, second) = try two(journal)
        journal.sync(&first)
        #expect(journal.land(&first) == .committed)
        try append([4], to: journal, padding: 300)
        guard case .wait = journal.begin() else { throw JournalRefusal.failed }
        journal.sync(&second)
        #expect(journal.land(&second) == .committed)
        #expect(journal.commitOnce() == .committed)
        #expect(try fileNames(disk, ".journal").count == 2)
        try journal.close()
        #expect(try dumpAll(disk).compactMap(\.number) == [1, 2, 3, 4])
    }

    @Test func aDuplicateWaitsForWhicheverBatchHoldsIt() throws {
        let journal = try open { $0.keysInMemory = 2 }
        try append([1], to: journal)
        #expect(journal.commitOnce() == .committed)
        var first = try begin(2, journal)
        journal.sync(&first)
        var second = try begin(3, journal)
        #expect(try append([2], to: journal) == .pending(batch: 2, duplicates: 1))
        #expect(try append([3], to: journal) == .pending(batch: 3, duplicates: 1))
        #expect(try append([2, 3], to: journal) == .pending(batch: 3, duplicates: 2))
        #expect(journal.land(&first) == .committed)
        #expect(journal.metrics().waitingRecords == 4)
        // The keys go to a file meanwhile; the one under way is not among them, and still known.
        try maintain(journal)
        #expect(try append([2], to: journal) == .durable(duplicates: 1))
        #expect(try append([3], to: journal) == .pending(batch: 3, duplicates: 1))
        // Where the power takes the batch, its event is new.
        var outcomes: Set<UInt64> = []
        for seed in 0..<20 as Range<UInt64> {
            let copy = disk.copy()
            copy.powerCut(seed: seed)
            let after = try FileJournal.open(smallOptions(), fileSystem: copy, clock: clock)
            outcomes.insert(after.committedBatch)
            let expected: AppendReceipt =
                after.committedBatch == 2 ? .pending(batch: 3, duplicates: 0) : .durable(duplicates: 1)
            #expect(try append([3], to: after) == expected, "seed \(seed)")
            #expect(try append([1, 2], to: after) == .durable(duplicates: 2), "seed \(seed)")
        }
        #expect(outcomes == [2, 3])
        journal.sync(&second)
        #expect(journal.land(&second) == .committed)
        #expect(try append([3], to: journal) == .durable(duplicates: 1))
    }

    /// What the power may leave of two batches under way.
    private func cut(_ change: (inout [UInt8], Range<Int>) -> Void) throws -> (FileJournal, [Int]) {
        let journal = try open()
        let (first, _) = try two(journal)
        let path = "\(directory)/\(try #require(try fileNames(disk, ".journal").first))"
        var bytes = try #require(disk.contents(of: path))
        let frames = disk.trace.compactMap { entry -> Range<Int>? in
            guard case .write(let written, let range) = entry, written.hasPrefix(path), range.count < 512 else {
                return nil
            }
            return range
        }
        // Header, batch 1, batch 2, batch 3.
        #expect(frames.count == 4 && first.batch == 2)
        change(&bytes, frames[2])
        disk.kill()
        disk.setContents(of: path, to: bytes)
        let again = try open()
        return (again, try readAll(again).compactMap(\.number))
    }

    @Test("a batch that the power took, with a whole one after it, is no damage", arguments: [0, 40, 60])
    func theSecondAloneIsTorn(offset: Int) throws {
        let (journal, found) = try cut { bytes, frame in
            // Its end stays, from which the next frame's checksum goes on.
            for index in frame.lowerBound + offset..<frame.upperBound - 4 { bytes[index] = 0 }
        }
        #expect(found == [1])
        #expect(journal.recovery.wasUnclean && journal.recovery.tornBytes > 0 && journal.recovery.damage.isEmpty)
        #expect(try append([2, 3], to: journal) == .pending(batch: 2, duplicates: 0))
        #expect(journal.commitOnce() == .committed)
    }

    @Test func withTwoBatchesAfterItItIsDamage() throws {
        let journal = try open()
        var (first, second) = try two(journal)
        journal.sync(&first)
        journal.sync(&second)
        #expect(journal.land(&first) == .committed)
        var third = try begin(4, journal)
        #expect(journal.land(&second) == .committed)
        journal.sync(&third)
        #expect(journal.land(&third) == .committed)
        disk.kill()
        let path = "\(directory)/\(try #require(try fileNames(disk, ".journal").first))"
        let bytes = try #require(disk.contents(of: path))
        let at = try #require((80..<bytes.count).first { bytes[$0...].starts(with: "e2".utf8) })
        var flipped = bytes
        flipped[at + 1] ^= 1
        disk.setContents(of: path, to: flipped)
        #expect(throws: JournalError.self) { try self.open() }
        let report = try JournalInspection(directory: directory, fileSystem: disk).verify()
        #expect(report.damage.map(\.firstBatch) == [2] && report.damage.map(\.lastBatch) == [2])
    }
}
