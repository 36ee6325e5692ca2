import Events
import Journal
import Testing

struct ReadingTests: OnSimulatedDisk {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)

    private func fill(_ journal: FileJournal, _ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            try append([number, number + 10_000], to: journal, isKeyed: false, device: device(number % 5))
            journal.commitOnce()
        }
    }

    @Test func ringAndFilesGiveTheSameRecords() throws {
        let journal = try open()
        try fill(journal, 1...100)
        let fromRing = journal.reader(after: 0)
        var ring: [Entry] = []
        while let batch = try fromRing.next(waitingAtMost: 0) { ring += try entries(batch) }
        #expect(fromRing.batchesFromFiles == 0)
        let raw = try dumpAll(disk)
        #expect(ring == raw)
        try maintain(journal)
        try journal.close()
        let again = try open()
        let fromFiles = again.reader(after: 0)
        var files: [Entry] = []
        while let batch = try fromFiles.next(waitingAtMost: 0) { files += try entries(batch) }
        #expect(fromFiles.batchesFromFiles == 100)
        #expect(files == ring)
    }

    @Test("a reader begins at any batch", arguments: [0, 1, 37, 99, 100])
    func aReaderBeginsAnywhere(after: UInt64) throws {
        let journal = try open()
        try fill(journal, 1...100)
        try maintain(journal)
        try journal.close()
        let again = try open()
        let reader = again.reader(after: after)
        #expect(reader.lagBatches == 100 - after)
        var found: [UInt64] = []
        while let batch = try reader.next(waitingAtMost: 0) { found.append(batch.sequence) }
        #expect(found == Array(after + 1..<101))
        #expect(reader.lagBatches == 0)
    }

    @Test func aSlowReaderCrossesFromFilesToRingWhileFilesAreSealed() throws {
        let journal = try open { $0.ringBytesMax = 1_000 }
        let reader = journal.reader(after: 0)
        var found: [Entry] = []
        for round in 0..<30 {
            try fill(journal, round * 10 + 1...round * 10 + 10)
            if round % 3 == 0 { try journal.maintainOnce() }
            for _ in 0..<(round < 15 ? 4 : 18) {
                guard let batch = try reader.next(waitingAtMost: 0) else { break }
                found += try entries(batch)
            }
        }
        while let batch = try reader.next(waitingAtMost: 0) { found += try entries(batch) }
        #expect(found.compactMap(\.number).filter { $0 <= 10_000 } == Array(1...300))
        #expect(reader.batchesFromFiles > 0 && reader.batchesFromFiles < 300)
        #expect(journal.metrics().ringBytes <= 1_000)
    }

    @Test func cancellingAndClosingEndAReader() throws {
        let journal = try open()
        try fill(journal, 1...2)
        let cancelled = journal.reader(after: 2)
        #expect(try cancelled.next(waitingAtMost: 0) == nil)
        cancelled.cancel()
        #expect(throws: JournalError.cancelled) { try cancelled.next(waitingAtMost: 1_000_000_000) }
        let last = journal.reader(after: 1)
        try journal.close()
        #expect(try last.next(waitingAtMost: 60_000_000_000)?.sequence == 2)
        #expect(try last.next(waitingAtMost: 60_000_000_000) == nil, "no batch will follow, so nobody waits")
    }

    @Test("sealing changes nothing but the files", arguments: BlockCodec.allCases)
    func sealingKeepsEverything(codec: BlockCodec) throws {
        let journal = try open { $0.codec = codec }
        try fill(journal, 1...60)
        try append(Array(500...900), to: journal, padding: 700)
        journal.commitOnce()
        try fill(journal, 61...80)
        let before = try dumpAll(disk)
        try maintain(journal)
        let report = try JournalInspection(directory: directory, fileSystem: disk).verify()
        #expect(report.isWhole && report.files.count { $0.isSealed } >= 3)
        #expect(try dumpAll(disk) == before)
        #expect(try readAll(journal) == before)
        #expect(try fileNames(disk, ".identifiers").count == report.files.count { $0.isSealed })
        let metrics = journal.metrics()
        #expect(metrics.sealedFileCount == report.files.count { $0.isSealed })
        if codec == .zlib { #expect(report.byteCount < report.payloadBytes) }
    }

    @Test func erasingKeepsPositionsAndTheRestByteForByte() throws {
        let journal = try open()
        try fill(journal, 1...40)
        try maintain(journal)
        try fill(journal, 41...60)
        let before = try readAll(journal)
        let anchor = Anchor(kind: .device, site: SiteID(1), id: device(3))
        let result = try journal.erase(.anchors([anchor]))
        #expect(result.erasedRecords == 24 && result.rewrittenFiles > 0)
        for found in [try readAll(journal), try dumpAll(disk)] {
            #expect(found.map(\.position) == before.map(\.position))
            for (new, old) in zip(found, before) {
                let isErased = (old.number ?? 0) % 10_000 % 5 == 3
                #expect(isErased ? new.number == nil && new.bytes.count == 28 : new == old)
            }
        }
        // The identifier is in no file any more, sidecars included.
        let needle = [UInt8](
            (0..<16).map {
                UInt8(truncatingIfNeeded: ($0 < 8 ? device(3).low >> (8 * $0) : device(3).high >> (8 * ($0 - 8))))
            })
        for name in try fileNames(disk, ".identifiers") {
            let bytes = try #require(disk.contents(of: "\(directory)/\(name)"))
            #expect(!(0..<bytes.count - 15).contains { Array(bytes[$0..<$0 + 16]) == needle })
        }
        // Done twice, the sidecars show that there is nothing to do.
        let again = try journal.erase(.anchors([anchor]))
        #expect(again.erasedRecords == 0 && again.rewrittenFiles == 0 && again.skippedFiles > 0)
        try append([7_000], to: journal, device: device(3))
        #expect(journal.commitOnce() == .committed)
        try journal.close()
        let reopened = try open()
        #expect(try readAll(reopened).dropLast().map(\.position) == before.map(\.position))
        let report = try JournalInspection(directory: directory, fileSystem: disk).verify()
        #expect(report.isWhole && report.erasedRecordCount == 24)
    }

    @Test func erasingByPredicateReachesEventsNotYetCommitted() throws {
        let journal = try open()
        try fill(journal, 1...5)
        try append([77], to: journal)
        let result = try journal.erase(.matching { position, view in number(view) == 77 || position.batch == 2 })
        #expect(result.erasedRecords == 3)
        #expect(try readAll(journal).compactMap(\.number) == [1, 10_001, 3, 10_003, 4, 10_004, 5, 10_005])
    }

    @Test func droppingRemovesTheOldestFilesOnly() throws {
        let journal = try open()
        try fill(journal, 1...100)
        let files = try fileNames(disk, ".journal").count
        let dropped = try journal.dropFiles(before: 60)
        #expect(dropped > 0)
        #expect(try fileNames(disk, ".journal").count == files - dropped)
        #expect(journal.oldestBatch > 1 && journal.oldestBatch <= 60)
        #expect(throws: JournalError.self) { try journal.reader(after: 0).next(waitingAtMost: 0) == nil && false }
        let rest = try readAll(journal, after: journal.oldestBatch - 1)
        #expect(rest.last?.position.batch == 100)
        try journal.close()
        let again = try open()
        #expect(again.committedBatch == 100)
        #expect(try readAll(again, after: again.oldestBatch - 1) == rest)
        #expect(try again.dropFiles(before: .max) > 0)
        #expect(again.committedBatch == 100, "the last file stays: it carries the sequence")
    }

    @Test func aRestartGoesOnWithTheNextBatchAndTheSameJournal() throws {
        let journal = try open()
        try fill(journal, 1...3)
        let id = journal.journalID
        disk.kill()
        let again = try open()
        #expect(again.recovery.wasUnclean && again.recovery.tornBytes == 0)
        #expect(again.journalID == id && again.committedBatch == 3)
        #expect(try append([4], to: again) == .pending(batch: 4, duplicates: 0))
        #expect(again.commitOnce() == .committed)
        try again.close()
        let clean = try open()
        #expect(!clean.recovery.wasUnclean && clean.committedBatch == 4)
    }
}
