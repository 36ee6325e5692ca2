import Journal
import Testing

/// Steps of 2 ms, and a busy process waits once more: 4 ms in all.
struct CommitPaceTests {
    private static let millisecond: UInt64 = 1_000_000

    private func pace(busy share: Double, syncs: [UInt64] = []) -> CommitPace {
        var options = JournalOptions(directory: "")
        options.gatherMicrosecondsMax = 2_000
        options.busyGathersMax = 1
        var pace = CommitPace(options)
        pace.used(share)
        for milliseconds in syncs { pace.synced(milliseconds * Self.millisecond) }
        return pace
    }

    @Test("the first wait ends a step after the last commit's beginning, busy or not", arguments: [0, 0.74, 0.75, 1])
    func theFirstWaitEndsAStepAfterTheBeginning(share: Double) {
        let pace = pace(busy: share, syncs: [1])
        #expect(pace.gathering(after: 0, elapsed: 500_000) == 1_500_000)
        #expect(pace.gathering(after: 0, elapsed: 2 * Self.millisecond) == 0)
        #expect(pace.gathering(after: 0, elapsed: .max) == 0)
    }

    @Test("a busy process waits once more, another does not")
    func aBusyProcessWaitsOnceMore() {
        #expect(pace(busy: 0.75, syncs: [1]).gathering(after: 1, elapsed: 0) == 2 * Self.millisecond)
        #expect(pace(busy: 0.75, syncs: [1]).gathering(after: 2, elapsed: 0) == nil)
        #expect(pace(busy: 0.74, syncs: [1]).gathering(after: 1, elapsed: 0) == nil)
    }

    @Test("a disk is slow where one sync takes longer than a wait; in a busy process, four in a row longer than all")
    func whenADiskIsSlow() {
        #expect(!pace(busy: 0, syncs: [2]).isSlow)
        #expect(pace(busy: 0, syncs: [3]).isSlow)
        #expect(!pace(busy: 0, syncs: [3, 1]).isSlow)
        #expect(!pace(busy: 1, syncs: [5, 5, 5]).isSlow)
        #expect(pace(busy: 1, syncs: [5, 5, 5, 5]).isSlow)
        #expect(pace(busy: 1, syncs: [5, 5, 5, 5, 5, 5]).isSlow)
        #expect(!pace(busy: 1, syncs: [5, 5, 4, 5, 5, 5]).isSlow)
        #expect(!pace(busy: 1, syncs: [5, 5, 5, 5, 1]).isSlow)
    }

    @Test("nobody waits again for a slow disk")
    func nobodyWaitsAgainForASlowDisk() {
        #expect(pace(busy: 1, syncs: [5, 5, 5]).gathering(after: 1, elapsed: 0) == 2 * Self.millisecond)
        #expect(pace(busy: 1, syncs: [5, 5, 5, 5]).gathering(after: 1, elapsed: 0) == nil)
    }
}
