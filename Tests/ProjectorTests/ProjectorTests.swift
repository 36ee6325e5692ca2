import Events
import Journal
import Projector
import Synchronization
import Testing

/// The thread around a run. Nothing here waits for time to pass: each wait ends with what it waits for.
struct ProjectorTests {
    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private final class Place: Sendable {
        let directory = "/tmp/projector-\(ID128.random())"
        deinit { try? SystemCheckpointFiles().removeTree(directory) }
    }

    /// - failsAt: the first run's projection fails there; a rebuild's does not.
    private func projector(
        _ journal: MemoryJournal, _ place: Place, clock: any TimeSource, failsAt: UInt64 = .max,
        files: any CheckpointFiles = SystemCheckpointFiles()
    ) -> Projector {
        let configuration = ProjectorConfiguration(directory: place.directory)
        let runs = Counter()
        return Projector(configuration: configuration, time: clock) {
            ProjectionRun(
                configuration: configuration, files: files, time: clock,
                makeSet: { _ in
                    let fold = FoldProjection("fold", files: files)
                    let isFirst = runs.next() <= 2
                    fold.failsAtBatch = isFirst ? failsAt : .max
                    return ProjectionSet(projections: [fold])
                },
                openSource: { batch in journal.reader(after: batch) })
        }
    }

    @Test func aWriterSeesItsOwnBatchApplied() throws {
        let journal = MemoryJournal(count: 50)
        let projector = projector(journal, Place(), clock: SystemTimeSource())
        #expect(projector.start())
        #expect(projector.waitUntilApplied(50, milliseconds: 20_000))
        journal.commit()
        #expect(projector.waitUntilApplied(51, milliseconds: 20_000))
        #expect(!projector.waitUntilApplied(52, milliseconds: 0))
        projector.stop()
        #expect(projector.status.phase == .stopped)
        #expect(projector.status.checkpointedBatch == 51)
        #expect(projector.status.appliedEvents == 102)
    }

    @Test func stoppingWritesACheckpointThatTheNextStartGoesOnFrom() throws {
        let (journal, place) = (MemoryJournal(count: 5), Place())
        for round in 1...3 {
            let projector = projector(journal, place, clock: SystemTimeSource())
            #expect(projector.start())
            #expect(projector.waitUntilApplied(journal.newest, milliseconds: 20_000))
            projector.stop()
            #expect(projector.status.appliedEvents == (round == 1 ? 10 : 2))
            journal.commit()
        }
    }

    @Test func aFailedProjectionStandsInTheStatusAndNobodyWaitsForIt() throws {
        let journal = MemoryJournal(count: 5)
        let projector = projector(journal, Place(), clock: SystemTimeSource(), failsAt: 3)
        #expect(projector.start())
        #expect(!projector.waitUntilApplied(5, milliseconds: 20_000))
        #expect(projector.status.phase == .failed(.projection(name: "fold", batch: 3, reason: "Broken()")))
        #expect(projector.status.appliedBatch == 2)
        projector.stop()
    }

    @Test func aRebuildBeginsAtTheJournalsStartWhileItRuns() throws {
        let journal = MemoryJournal(count: 50)
        let projector = projector(journal, Place(), clock: SystemTimeSource())
        #expect(!projector.rebuild(), "not started")
        #expect(projector.start())
        for _ in 0..<20 {
            #expect(projector.waitUntilApplied(50, milliseconds: 20_000))
            #expect(projector.rebuild())
        }
        #expect(projector.waitUntilApplied(50, milliseconds: 20_000))
        journal.commit()
        #expect(projector.waitUntilApplied(51, milliseconds: 20_000))
        projector.stop()
        #expect(projector.status.appliedEvents == 102 && projector.status.checkpointedBatch == 51)
        #expect(!projector.rebuild(), "stopped")
    }

    @Test func aRebuildMendsWhatHasFailed() throws {
        let projector = projector(MemoryJournal(count: 5), Place(), clock: SystemTimeSource(), failsAt: 3)
        #expect(projector.start())
        #expect(!projector.waitUntilApplied(5, milliseconds: 20_000))
        #expect(projector.rebuild())
        #expect(projector.waitUntilApplied(5, milliseconds: 20_000))
        projector.stop()
        #expect(projector.status.phase == .stopped && projector.status.appliedEvents == 10)
    }

    @Test func aLastCheckpointThatFindsNoSpaceIsNoFailureOfTheProjections() throws {
        let projector = projector(MemoryJournal(count: 5), Place(), clock: SystemTimeSource(), files: FullFiles())
        let notes = Mutex<[String]>([])
        let hasStarted = projector.start { note in notes.withLock { $0.append(String("\(note)".prefix(16))) } }
        #expect(hasStarted)
        #expect(projector.waitUntilApplied(5, milliseconds: 20_000))
        projector.stop()
        #expect(projector.status.phase == .stopped && projector.status.checkpointedBatch == 0)
        #expect(notes.withLock { $0 }.contains("checkpointFailed"))
    }

    @Test func theLagIsTheAgeOfTheOldestBatchNotApplied() throws {
        let clock = ManualTimeSource(wall: Timestamp(milliseconds: 0))
        let projector = projector(MemoryJournal(count: 0), Place(), clock: clock)
        #expect(projector.status.lagMilliseconds == 0)
        projector.journalCommitted(through: 1)
        clock.advance(milliseconds: 5_000)
        projector.journalCommitted(through: 2)
        #expect(projector.status.lagMilliseconds == 5_000)
        #expect(projector.status.committedBatch == 2)
        #expect(!projector.status.isBeyondLagBound)
        clock.advance(milliseconds: 56_000)
        #expect(projector.status.isBeyondLagBound)
    }

    @Test func observersHearOfAppliedBatches() throws {
        final class Listener: CommitObserver {
            let newest = Mutex<UInt64>(0)
            func journalCommitted(through batch: UInt64) { newest.withLock { $0 = batch } }
            func journalFailed() {}
        }
        let listener = Listener()
        let projector = projector(MemoryJournal(count: 7), Place(), clock: SystemTimeSource())
        projector.addObserver(listener)
        #expect(projector.start())
        #expect(projector.waitUntilApplied(7, milliseconds: 20_000))
        projector.stop()
        #expect(listener.newest.withLock { $0 } == 7)
    }
}
