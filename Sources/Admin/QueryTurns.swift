internal import Synchronization

/// Lets few reports run at once, others wait their turn in order, and refuses the rest.
///
/// A turn is held by one report, or by one page for all of its reports. Bounds: `runningMax` at once, `waitingMax` in
/// line, beyond it `busy`; `deadline` from asking to the answer, beyond it `slow`. A report that is late is told to
/// stop through its cancellation, and its turn is free only when it has.
package final class QueryTurns: Sendable {
    private struct State {
        var running = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var lastID: UInt64 = 0
        var refused: UInt64 = 0
        var late: UInt64 = 0
    }

    private let state = Mutex(State())
    private let runningMax: Int
    private let waitingMax: Int
    private let deadline: Duration

    package init(runningMax: Int, waitingMax: Int, deadline: Duration) {
        self.runningMax = max(1, runningMax)
        self.waitingMax = max(0, waitingMax)
        self.deadline = deadline
    }

    /// Does the work in its turn. The flag it is given says when nobody waits for it any more.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable (_ isCancelled: @escaping AdminSources.Cancellation) async throws -> Value
    ) async throws -> Value {
        let flag = Flag()
        return try await Deadline.run(deadline) {
            try await withTaskCancellationHandler {
                try await self.take()
                defer { self.give() }
                return try await work { flag.isSet }
            } onCancel: {
                flag.set()
            }
        } late: {
            self.state.withLock { $0.late += 1 }
            return AdminError(.slow, "The report took longer than it may. Ask for a shorter range or fewer dimensions.")
        }
    }

    package var counts: (running: Int, waiting: Int, refused: UInt64, late: UInt64) {
        state.withLock { ($0.running, $0.waiting.count, $0.refused, $0.late) }
    }

    private func take() async throws {
        let id = state.withLock { state in
            state.lastID &+= 1
            return state.lastID
        }
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    if state.running < runningMax {
                        state.running += 1
                        return true
                    }
                    guard state.waiting.count < waitingMax else {
                        state.refused += 1
                        return false
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index).continuation
            }
            waiting?.resume(returning: false)
        }
        guard hasTurn else {
            try Task.checkCancellation()
            throw AdminError.busy(retryAfterSeconds: 1)
        }
    }

    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
        func set() { value.store(true, ordering: .relaxed) }
    }
}
