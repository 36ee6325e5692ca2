import Events
import Journal
import Testing

/// What looking at the files says of damage. The journal has several sealed files, each with its list of identifiers,
/// and files of keys.
struct InspectionTests: OnSimulatedDisk {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)
    private let whole: JournalInspection.Report

    init() throws {
        let options = smallOptions(fileBytes: 500, keysInMemory: 1_000)
        let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
        for number in 1...9 {
            try append([number], to: journal, device: device(number))
            #expect(journal.commitOnce() == .committed)
        }
        try journal.close()
        let again = try FileJournal.open(options, fileSystem: disk, clock: clock)
        try maintain(again)
        try again.close()
        whole = try JournalInspection(directory: directory, fileSystem: disk).verify()
        #expect(whole.isWhole && whole.files.count > 2 && whole.files.allSatisfy(\.isSealed))
        #expect(whole.keyFileCount > 0 && whole.keyCount == 9)
    }

    private func verify() throws -> JournalInspection.Report {
        try JournalInspection(directory: directory, fileSystem: disk).verify()
    }

    private func change(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try #require(disk.contents(of: "\(directory)/\(name)"))
        change(&bytes)
        disk.setContents(of: "\(directory)/\(name)", to: bytes)
    }

    enum Harm: CaseIterable {
        case overwritten, cut, emptied, deleted
    }

    private func harm(_ name: String, _ harm: Harm) throws {
        switch harm {
        case .overwritten: try change(name) { $0[$0.count / 2] ^= 0x01 }
        case .cut: try change(name) { $0.removeLast(5) }
        case .emptied: try change(name) { $0.removeAll() }
        case .deleted: disk.setContents(of: "\(directory)/\(name)", to: nil)
        }
    }

    @Test(arguments: Harm.allCases)
    func identifiersThatAreNotWhatWasWrittenAreNamed(by harm: Harm) throws {
        for name in try fileNames(disk, ".identifiers") {
            let before = try #require(disk.contents(of: "\(directory)/\(name)"))
            try self.harm(name, harm)
            let report = try verify()
            #expect(report.damage.map(\.file) == [name] && report.lost.isEmpty)
            #expect(report.damage.first?.reason == (harm == .deleted ? .identifiersMissing : .identifiers))
            #expect(report.damage.first?.description.contains("no event is lost") == true)
            disk.setContents(of: "\(directory)/\(name)", to: before)
        }
        #expect(try verify() == whole)
    }

    @Test func identifiersOfANewerFormatAreRefusedAsByTheServer() throws {
        let name = try #require(try fileNames(disk, ".identifiers").first)
        try change(name) { bytes in
            bytes[8] = 2
            bytes[40] ^= 0xFF
        }
        let refusal = JournalError.newerFormat(file: name, version: 2, supported: 1)
        #expect(throws: refusal) { try verify() }
        #expect(throws: refusal) { try open() }
    }

    @Test(arguments: [Harm.overwritten, .cut, .emptied])
    func damagedKeysCostNoEvent(by harm: Harm) throws {
        let name = try #require(try fileNames(disk, ".keys").first)
        // Half of the file lies in its only page.
        try self.harm(name, harm)
        let report = try verify()
        #expect(report.damage.map(\.file) == [name] && report.lost.isEmpty && report.keyCount < 9)
        let text = try #require(report.damage.first?.description)
        #expect(text.hasPrefix("\(name): damaged idempotency keys"))
        // The name tells them: FIRST-LAST.keys.
        let last = try #require(Int(name.dropLast(5).suffix(20)))
        #expect(text.contains("repeated events of batches 1 through \(last) may not be recognised"))
        let dumped = try JournalInspection(directory: directory, fileSystem: disk).dump { _, _ in true }
        #expect(dumped.isWhole, "nothing was passed over")
    }

    @Test func aSealedFileWithoutItsEndNamesWhatItHeld() throws {
        let cut = whole.files[0]
        try change(cut.name) { $0.removeLast($0.count - 100) }
        let report = try verify()
        #expect(report.damage.map(\.firstBatch) == [1])
        #expect(report.damage.map(\.lastBatch) == [whole.files[1].firstBatch - 1])
        #expect(report.damage[0].description.hasSuffix("lost"))
    }

    @Test func anIndexAloneCostsNoBatch() throws {
        for file in whole.files {
            let before = try #require(disk.contents(of: "\(directory)/\(file.name)"))
            // The last byte before the trailer belongs to the index's checksum.
            try change(file.name) { $0[$0.count - 81] ^= 0x01 }
            let report = try verify()
            #expect(report.damage.map(\.reason) == [.index] && report.lost.isEmpty && !report.isWhole)
            #expect(report.recordCount == 9)
            disk.setContents(of: "\(directory)/\(file.name)", to: before)
        }
    }

    @Test func aFileWithoutHeaderNamesTheBatchesBetweenItsNeighbours() throws {
        for (index, file) in whole.files.enumerated() {
            let before = try #require(disk.contents(of: "\(directory)/\(file.name)"))
            try harm(file.name, .emptied)
            let report = try verify()
            let next = index + 1 < whole.files.count ? whole.files[index + 1].firstBatch : nil
            #expect(
                report.damage == [
                    DamagedRange(
                        file: file.name, bytes: 0..<0, firstBatch: file.firstBatch, lastBatch: next.map { $0 - 1 },
                        reason: .header)
                ])
            #expect(report.files.map(\.name) == whole.files.map(\.name))
            disk.setContents(of: "\(directory)/\(file.name)", to: before)
        }
    }
}
