import Events
import Journal
import Projector
import Testing

/// A run whose files find no space waits and goes on; it is no failure.
struct SpaceTests {
    private func opened(_ fixture: RunFixture, _ files: any CheckpointFiles = SystemCheckpointFiles()) throws
        -> ProjectionRun
    {
        let run = fixture.run(files)
        try run.open()
        fixture.notes = []
        return run
    }

    @Test func itTriesAgainOnceASecondAndGoesOnMeanwhile() throws {
        let fixture = RunFixture(batches: 3)
        let waiter = TightSpace()
        fixture.waiter = waiter
        let run = try opened(fixture)
        #expect(try !run.mustWait() && fixture.notes == [])
        waiter.shortage = "no space"
        for _ in 0..<5 { #expect(try !run.mustWait()) }
        #expect(waiter.tries == 0 && run.shortage == "no space")
        fixture.clock.advance(milliseconds: 1_000)
        for _ in 0..<5 { #expect(try !run.mustWait()) }
        #expect(waiter.tries == 1)
        try fixture.drain(run)
        #expect(run.appliedBatch == 3)
        waiter.hasSpace = true
        fixture.clock.advance(milliseconds: 1_000)
        #expect(try !run.mustWait() && run.shortage == nil)
        #expect(fixture.notes == ["waitsForSpace(reason: \"no space\")", "foundSpace"])
    }

    @Test func atTheBoundOfMemoryNothingIsApplied() throws {
        let fixture = RunFixture(batches: 3)
        let waiter = TightSpace()
        fixture.waiter = waiter
        let run = try opened(fixture)
        (waiter.shortage, waiter.isFull) = ("no space", true)
        #expect(try run.mustWait() && run.mustWait())
        waiter.hasSpace = true
        #expect(try run.mustWait(), "it is not time yet")
        fixture.clock.advance(milliseconds: 1_000)
        #expect(try !run.mustWait())
        try fixture.drain(run)
        #expect(fixture.values == [try fixture.expected()])
    }

    @Test func whatIsNoLackOfSpaceStops() throws {
        let fixture = RunFixture(batches: 3)
        let waiter = TightSpace()
        fixture.waiter = waiter
        let run = try opened(fixture)
        (waiter.shortage, waiter.isBroken) = ("no space", true)
        #expect(try !run.mustWait())
        fixture.clock.advance(milliseconds: 1_000)
        #expect(throws: ProjectorError.self) { try run.mustWait() }
    }

    @Test(arguments: [ErrorCode.processDescriptors, ErrorCode.systemDescriptors])
    func aJournalFileThatCannotBeOpenedNowIsReadLater(code: Int32) throws {
        let fixture = RunFixture(batches: 3)
        let run = try opened(fixture)
        #expect(try run.step(waitingAtMost: .zero))
        fixture.readError = code
        #expect(try !run.step(waitingAtMost: .zero))
        #expect(try run.mustWait() && run.mustWait() && run.shortage != nil)
        fixture.clock.advance(milliseconds: 1_000)
        #expect(try !run.mustWait() && !run.step(waitingAtMost: .zero), "still out of reach")
        #expect(try run.mustWait())
        fixture.readError = 0
        fixture.clock.advance(milliseconds: 1_000)
        #expect(try !run.mustWait())
        try fixture.drain(run)
        #expect(try !run.mustWait() && run.shortage == nil)
        #expect(run.appliedBatch == 3)
        #expect(fixture.values == [try fixture.expected()])
        #expect(fixture.notes.count == 2)
    }

    @Test func anUnreadableJournalStops() throws {
        let fixture = RunFixture(batches: 3)
        let run = try opened(fixture)
        fixture.readError = ErrorCode.inputOutput
        #expect(throws: ProjectorError.self) { try run.step(waitingAtMost: .zero) }
    }

    @Test func aCheckpointThatFindsNoSpaceHoldsNone() throws {
        let fixture = RunFixture(batches: 3)
        let run = try opened(fixture, FullFiles())
        try fixture.drain(run)
        #expect(throws: ProjectorError.self) { try run.checkpoint() }
        #expect(try SystemCheckpointFiles().list(fixture.directory) == [])
    }
}
