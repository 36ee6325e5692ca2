import Admin
import Synchronization
import Testing

/// Few reports at once, a bounded line, a deadline.
@Suite struct QueryTurnsTests {
    /// Lets work wait until it is released.
    private final class Latch: Sendable {
        private let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation
        init() { (stream, continuation) = AsyncStream.makeStream() }
        func open() { continuation.finish() }
        func wait() async { for await _ in stream {} }
    }

    /// How many run now, ran at once at most, and are done.
    private final class Tally: Sendable {
        private let counts = Mutex((now: 0, most: 0, done: 0))
        func begin() {
            counts.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }
        func end() {
            counts.withLock {
                $0.now -= 1
                $0.done += 1
            }
        }
        var result: (now: Int, most: Int, done: Int) { counts.withLock { $0 } }
    }

    @Test func noMoreThanTheBoundRunAtOnceAndAllGetTheirTurn() async throws {
        let turns = QueryTurns(runningMax: 2, waitingMax: 100, deadline: .seconds(600))
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await turns.run { _ in
                        tally.begin()
                        await Task.yield()
                        tally.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        let result = tally.result
        #expect(result.done == 50)
        #expect((1...2).contains(result.most))
        #expect(turns.counts.running == 0)
        #expect(turns.counts.waiting == 0)
    }

    @Test func whoFindsTheLineFullIsRefusedAndTheTurnIsFreeAfterwards() async throws {
        let turns = QueryTurns(runningMax: 1, waitingMax: 0, deadline: .seconds(600))
        let (begun, release) = (Latch(), Latch())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await turns.run { _ in
                    begun.open()
                    await release.wait()
                }
            }
            await begun.wait()
            await #expect(throws: AdminError.self) { try await turns.run { _ in } }
            #expect(turns.counts.refused == 1)
            release.open()
            try await group.waitForAll()
        }
        try await turns.run { _ in }
        #expect(turns.counts.running == 0)
    }

    @Test func whatIsTooSlowIsToldToStopAndAnsweredSo() async throws {
        let turns = QueryTurns(runningMax: 1, waitingMax: 1, deadline: .milliseconds(20))
        let error = await #expect(throws: AdminError.self) {
            try await turns.run { isCancelled in
                while !isCancelled() { await Task.yield() }
                throw CancellationError()
            }
        }
        #expect(error?.kind == .slow)
        #expect(turns.counts.late == 1)
        #expect(turns.counts.running == 0)
    }
}
