import Events
import Foundation
import Journal
import Projector
import Testing

struct ProjectionRunTests {
    @Test func appliesEveryBatchOnceInOrder() throws {
        let fixture = RunFixture(batches: 20)
        let run = fixture.run()
        try run.open()
        try fixture.drain(run)
        #expect(run.appliedBatch == 20)
        #expect(run.appliedEvents == 40)
        #expect(fixture.values == [try fixture.expected()])
        #expect(run.backlogEvents == 0)
    }

    @Test func goesOnBehindItsCheckpoint() throws {
        let fixture = RunFixture(batches: 10)
        let first = fixture.run()
        try first.open()
        try fixture.drain(first)
        try first.checkpoint()
        for _ in 0..<5 { fixture.journal.commit() }
        let second = fixture.run()
        try second.open()
        #expect(second.appliedBatch == 10)
        try fixture.drain(second)
        #expect(second.appliedEvents == 10)
        #expect(fixture.values == [try fixture.expected()])
        #expect(fixture.starts == [.checkpoint, .nothing, .checkpoint])
        let names = try SystemCheckpointFiles().list(fixture.directory)
        #expect(names.sorted() == ["10", "manifest"])
    }

    @Test("a crash at any step of a checkpoint leaves one whole cut", arguments: 0..<30)
    func aCrashAtAnyStepLeavesOneWholeCut(calls: Int) throws {
        let fixture = RunFixture(batches: 10)
        let first = fixture.run()
        try first.open()
        try fixture.drain(first)
        try first.checkpoint()
        for _ in 0..<5 { fixture.journal.commit() }
        let files = CrashingFiles(after: calls)
        let second = fixture.run(files)
        try second.open()
        try fixture.drain(second)
        do { try second.checkpoint() } catch { #expect(files.hasCrashed, "\(error)") }

        fixture.notes = []
        let third = fixture.run()
        try third.open()
        #expect(third.appliedBatch == 10 || third.appliedBatch == 15)
        #expect(fixture.notes == ["restored(batch: \(third.appliedBatch))"])
        #expect(Set(fixture.folds.map(\.appliedBatch)) == [third.appliedBatch])
        try fixture.drain(third)
        #expect(fixture.values == [try fixture.expected()])
        fixture.journal.commit()
        try fixture.drain(third)
        try third.checkpoint()
        #expect(try SystemCheckpointFiles().list(fixture.directory).sorted() == ["16", "manifest"])
    }

    @Test func theCrashesOfTheTableCoverEveryStep() throws {
        let fixture = RunFixture(batches: 3)
        let files = CrashingFiles(after: 30)
        let run = fixture.run(files)
        try run.open()
        try fixture.drain(run)
        try run.checkpoint()
        #expect(!files.hasCrashed)
    }

    @Test(
        "a damaged checkpoint is said loudly and everything is rebuilt",
        arguments: ["manifest", "10/first/fold", "10/second/fold"])
    func aDamagedCheckpointIsRebuilt(file: String) throws {
        let files = SystemCheckpointFiles()
        let fixture = RunFixture(batches: 10)
        let first = fixture.run()
        try first.open()
        try fixture.drain(first)
        try first.checkpoint()
        let path = "\(fixture.directory)/\(file)"
        var bytes = try files.read(path)
        bytes[bytes.count - 6] ^= 4
        try Data(bytes).write(to: URL(filePath: path))
        fixture.notes = []
        fixture.starts = []
        let second = fixture.run()
        try second.open()
        #expect(second.appliedBatch == 0)
        #expect(fixture.notes.count == 2)
        #expect(fixture.notes.first?.hasPrefix("checkpointUnusable") == true)
        #expect(fixture.starts == [.checkpoint, .nothing])
        try fixture.drain(second)
        #expect(fixture.values == [try fixture.expected()])
        #expect(try !files.list(fixture.directory).contains("manifest"))
    }

    @Test func aCheckpointAheadOfTheJournalIsNotUsed() throws {
        let fixture = RunFixture(batches: 10)
        let first = fixture.run()
        try first.open()
        try fixture.drain(first)
        try first.checkpoint()
        let shorter = RunFixture(batches: 4)
        try SystemCheckpointFiles().rename(fixture.directory, to: shorter.directory)
        let second = shorter.run()
        try second.open()
        #expect(second.appliedBatch == 0)
        #expect(shorter.notes.first?.hasPrefix("checkpointUnusable") == true)
        try shorter.drain(second)
        #expect(shorter.values == [try shorter.expected()])
    }

    @Test func rebuildingBeginsAtTheStartAndGivesTheSame() throws {
        let fixture = RunFixture(batches: 10)
        let first = fixture.run()
        try first.open()
        try fixture.drain(first)
        try first.checkpoint()
        let second = fixture.run()
        try second.open(rebuilding: true)
        #expect(second.appliedBatch == 0)
        let interrupted = fixture.run()
        try interrupted.open()
        #expect(interrupted.appliedBatch == 0)
        try fixture.drain(interrupted)
        #expect(fixture.values == [try fixture.expected()])
    }

    @Test func aProjectionThatThrowsStopsTheRunWithNameAndBatch() throws {
        let fixture = RunFixture(batches: 10)
        fixture.failsAtBatch = 4
        let run = fixture.run()
        try run.open()
        #expect(throws: ProjectorError.projection(name: "second", batch: 4, reason: "Broken()")) {
            try fixture.drain(run)
        }
        #expect(run.appliedBatch == 3)
    }

    @Test func checkpointsComeByTimeAndByBytes() throws {
        let fixture = RunFixture(batches: 10)
        fixture.bytesMax = 100
        let run = fixture.run()
        try run.open()
        for _ in 0..<4 { _ = try run.step(waitingAtMost: .zero) }
        run.checkpointIfDue()
        #expect(run.checkpointedBatch == 0)
        _ = try run.step(waitingAtMost: .zero)
        run.checkpointIfDue()
        #expect(run.checkpointedBatch == 5)
        _ = try run.step(waitingAtMost: .zero)
        fixture.clock.advance(milliseconds: 30_000)
        run.checkpointIfDue()
        #expect(run.checkpointedBatch == 6)
    }

    @Test func erasingWritesACheckpointWithoutTheErased() throws {
        let fixture = RunFixture(batches: 3)
        let run = fixture.run()
        try run.open()
        try fixture.drain(run)
        try run.checkpoint()
        try run.erase([Anchor(kind: .device, site: SiteID(1), id: ID128(low: 1, high: 1))])
        let values = fixture.values
        let second = fixture.run()
        try second.open()
        #expect(second.appliedBatch == 3)
        #expect(fixture.values == values)
    }
}
