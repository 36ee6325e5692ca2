import Events
import Journal
import Testing

/// A small journal of several files, and what it holds.
struct DamageTests {
    private let disk = SimulatedFileSystem()
    private let clock = ManualTimeSource(wall: start)
    private let content: [Entry]

    /// Two sealed files (one compressed, one not) and one raw file with its end, a few batches each.
    init() throws {
        var options = smallOptions(fileBytes: 500, keysInMemory: 1_000)
        var number = 0
        for codec in [BlockCodec.zlib, .none] {
            options.codec = codec
            let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
            for _ in 0..<2 {
                number += 1
                try append([number], to: journal, padding: codec == .zlib ? 60 : 0)
                journal.commitOnce()
            }
            try journal.close()
            let again = try FileJournal.open(options, fileSystem: disk, clock: clock)
            try maintain(again)
            try again.close()
        }
        let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
        for _ in 0..<3 {
            number += 1
            try append([number], to: journal)
            journal.commitOnce()
        }
        try journal.close()
        for name in try disk.list(directory) where !name.hasSuffix(".journal") && !name.hasSuffix(".identifiers") {
            disk.setContents(of: "\(directory)/\(name)", to: nil)
        }
        content = try dumpAll(disk)
        #expect(content.compactMap(\.number) == Array(1...7))
    }

    private func batches(_ found: [Entry]) -> Set<UInt64> { Set(found.map(\.position.batch)) }

    /// What a damaged journal may do: name what is lost, and give the rest as it was. Nothing in silence.
    private func check(_ disk: SimulatedFileSystem, _ what: String) throws {
        let inspection = JournalInspection(directory: directory, fileSystem: disk)
        do {
            let report = try inspection.verify()
            let found = try dumpAll(disk)
            #expect(Set(found).isSubset(of: Set(content)), "\(what): an event was changed")
            let lost = batches(content).subtracting(batches(found))
            let tail = report.files.reduce(0) { $0 + $1.tailBytes }
            if found != content {
                let named = lost.allSatisfy { batch in
                    report.damage.contains { $0.firstBatch <= batch && batch <= ($0.lastBatch ?? .max) }
                }
                #expect(named || tail > 0, "\(what): batches \(lost) are lost in silence, \(report.damage)")
            }
            for range in report.damage where range.reason == .batch || range.reason == .block {
                let claimed = (range.firstBatch...(range.lastBatch ?? range.firstBatch))
                #expect(claimed.allSatisfy { lost.contains($0) }, "\(what): \(range) names batches that are there")
            }
            #expect(found != content || !report.isWhole || tail > 0, "\(what): not noticed")
        } catch {
            guard case .newerFormat = error as? JournalError else { throw error }
            Issue.record("\(what): damage taken for a newer format")
        }
        do {
            let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
            var found: [Entry] = []
            do {
                let reader = journal.reader(after: 0)
                while let batch = try reader.next(waitingAtMost: 0) { found += try entries(batch) }
                #expect(
                    found == content || (journal.recovery.wasUnclean && journal.recovery.tornBytes > 0),
                    "\(what): opened in silence")
            } catch {
                guard case .damaged = error as? JournalError else { throw error }
            }
            #expect(found == Array(content.prefix(found.count)), "\(what): what was read before the damage")
        } catch {
            guard case .damaged = error as? JournalError else { throw error }
        }
    }

    @Test("every flipped bit is noticed and its range named", arguments: 0..<3)
    func everyFlippedBitIsNoticed(file: Int) throws {
        let path = "\(directory)/\(try fileNames(disk, ".journal").sorted()[file])"
        let whole = try #require(disk.contents(of: path))
        for offset in whole.indices {
            for bit in 0..<8 {
                var flipped = whole
                flipped[offset] ^= 1 << UInt8(bit)
                let copy = disk.copy()
                copy.setContents(of: path, to: flipped)
                try check(copy, "\(path) byte \(offset) bit \(bit)")
            }
        }
    }

    @Test func everyTruncationOfTheLastFileKeepsExactlyItsWholeBatches() throws {
        let path = "\(directory)/\(try #require(try fileNames(disk, ".journal").sorted().last))"
        let whole = try #require(disk.contents(of: path))
        var lengths: [Int: Int] = [:]
        for length in 80..<whole.count {
            let copy = disk.copy()
            copy.setContents(of: path, to: Array(whole[..<length]))
            let report = try JournalInspection(directory: directory, fileSystem: copy).verify()
            #expect(report.isWhole)
            let journal = try FileJournal.open(smallOptions(), fileSystem: copy, clock: clock)
            let found = try readAll(journal)
            #expect(found == Array(content.prefix(found.count)))
            #expect(journal.recovery.wasUnclean)
            lengths[found.count, default: 0] += 1
            try append([100], to: journal)
            #expect(journal.commitOnce() == .committed)
            #expect(try readAll(journal).map(\.number) == found.map(\.number) + [100])
        }
        #expect(Set(lengths.keys) == [4, 5, 6, 7])
    }

    @Test("every truncation of a file that was complete is noticed", arguments: 0..<2)
    func everyTruncationOfACompleteFileIsNoticed(file: Int) throws {
        let path = "\(directory)/\(try fileNames(disk, ".journal").sorted()[file])"
        let whole = try #require(disk.contents(of: path))
        for length in 0..<whole.count {
            let copy = disk.copy()
            copy.setContents(of: path, to: Array(whole[..<length]))
            try check(copy, "\(path) cut at \(length)")
        }
    }

    @Test("whatever follows the last batch, only whole batches count", arguments: 0..<40 as Range<UInt64>)
    func garbageTailsAreTorn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let paths = try fileNames(disk, ".journal").sorted().map { "\(directory)/\($0)" }
        let whole = try #require(disk.contents(of: paths[2]))
        // Without its end frame; then random bytes, zeros, or batches of another file (a reused block).
        var bytes = Array(whole.dropLast(36))
        switch seed % 3 {
        case 0:
            bytes += (0..<Int.random(in: 1...400, using: &generator)).map { _ in
                UInt8.random(in: 1...255, using: &generator)
            }
        case 1: bytes += [UInt8](repeating: 0, count: Int.random(in: 1...400, using: &generator))
        default:
            let other = SimulatedFileSystem()
            let journal = try FileJournal.open(smallOptions(), fileSystem: other, clock: clock)
            for number in 1...12 {
                try append([number], to: journal)
                journal.commitOnce()
            }
            let name = try #require(try fileNames(other, ".journal").first)
            let stale = try #require(other.contents(of: "\(directory)/\(name)"))
            bytes += stale[Int.random(in: 0..<400, using: &generator)...]
        }
        disk.setContents(of: paths[2], to: bytes)
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        #expect(try readAll(journal) == content)
        #expect(journal.recovery.tornBytes > 0 || seed % 3 == 1)
    }

    @Test func acceptedDamageIsPassedOverAndNoted() throws {
        let path = "\(directory)/\(try fileNames(disk, ".journal").sorted()[2])"
        var bytes = try #require(disk.contents(of: path))
        bytes[200] ^= 0x10
        disk.setContents(of: path, to: bytes)
        #expect(throws: JournalError.self) { try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock) }
        #expect(disk.contents(of: path) == bytes, "a refused opening changes nothing")
        var options = smallOptions()
        options.acceptsDamage = true
        let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
        #expect(journal.recovery.damage.count == 1)
        try append([50], to: journal)
        #expect(journal.commitOnce() == .committed)
        let reader = journal.reader(after: 0)
        var found: [Int?] = []
        while let batch = try reader.next(waitingAtMost: 0) { found += try entries(batch).map(\.number) }
        let skipped = try #require(reader.skipped.first)
        #expect(found.count == 7 && found.last == 50)
        #expect(reader.skipped.count == 1 && skipped.firstBatch == skipped.lastBatch)
        #expect(disk.contents(of: path) == bytes, "the damaged file stays as evidence")
    }

    @Test("the accepted loss of a file costs its batches alone", arguments: 0..<3, [true, false])
    func theAcceptedLossOfAFileCostsItsBatchesAlone(file: Int, isThere: Bool) throws {
        // Nothing tells that the first file or the last one was ever there.
        guard isThere || file == 1 else { return }
        let held = [[1, 2], [3, 4], [5, 6, 7]][file]
        let names = try fileNames(disk, ".journal").sorted()
        disk.setContents(of: "\(directory)/\(names[file])", to: isThere ? [] : nil)
        let error = #expect(throws: JournalError.self) {
            try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        }
        #expect(error?.description.contains("journal.acceptDamage") == true)
        var options = smallOptions()
        options.acceptsDamage = true
        for round in 0..<2 {
            let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
            let found = try readAll(journal).compactMap(\.number)
            #expect(found == (1...7).filter { !held.contains($0) } + Array(50..<50 + round))
            #expect(journal.metrics().acceptedDamageCount > 0)
            try append([50 + round], to: journal)
            #expect(journal.commitOnce() == .committed)
            try journal.close()
        }
    }

    @Test func aNewerFormatIsRefusedAndNothingIsWritten() throws {
        for file in try fileNames(disk, ".journal") {
            let copy = disk.copy()
            let path = "\(directory)/\(file)"
            var bytes = try #require(copy.contents(of: path))
            bytes[8] = 2
            bytes[40] ^= 0xFF
            copy.setContents(of: path, to: bytes)
            let error = #expect(throws: JournalError.self) {
                try FileJournal.open(smallOptions(), fileSystem: copy, clock: clock)
            }
            #expect(error == .newerFormat(file: file, version: 2, supported: 1))
            #expect(error?.description.contains("newer program") == true)
            #expect(copy.trace.allSatisfy { if case .write = $0 { false } else { true } })
            #expect(throws: JournalError.self) {
                try JournalInspection(directory: directory, fileSystem: copy).verify()
            }
        }
    }

    @Test func strangersAreMovedAsideAndLeftoversRemoved() throws {
        disk.setContents(of: "\(directory)/notes.txt", to: [1])
        disk.setContents(of: "\(directory)/0000000009.0000.journal.tmp", to: [2])
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        #expect(journal.recovery.movedAside == ["notes.txt"])
        #expect(disk.contents(of: "\(directory)/aside/notes.txt") == [1])
        #expect(try fileNames(disk, ".tmp").isEmpty)
        #expect(try readAll(journal) == content)
    }

    @Test func aDirectoryInUseIsRefusedAtOnce() throws {
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        #expect(throws: JournalError.inUse(directory: directory)) {
            try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        }
        #expect(try dumpAll(disk) == content, "looking is allowed")
        try journal.close()
        try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock).close()
    }

    @Test func clockJumpsMoveNoSequence() throws {
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        for (number, days) in [(20, -2), (21, 2), (22, 3_650), (23, -20_000)] as [(Int, Int64)] {
            clock.jump(to: start.adding(milliseconds: days * 86_400_000))
            try append([number], to: journal)
            #expect(journal.commitOnce() == .committed)
            #expect(try append([number], to: journal) == .durable(duplicates: 1))
            try maintain(journal)
        }
        let found = try readAll(journal)
        #expect(found.map(\.position) == found.map(\.position).sorted())
        #expect(found.compactMap(\.number) == Array(1...7) + [20, 21, 22, 23])
        try journal.close()
    }
}
