package import Events
package import Journal
internal import Synchronization
internal import Threads

/// The projector's state for `/readyz` and metrics.
package struct ProjectorStatus: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// Restoring a checkpoint; nothing is applied yet.
        case opening
        case running
        case paused
        case stopped
        case failed(ProjectorError)
    }

    package var phase: Phase
    package var appliedBatch: UInt64
    package var committedBatch: UInt64
    package var checkpointedBatch: UInt64
    /// Since the process started.
    package var appliedEvents: UInt64
    /// What files of the projections wait for; nil while nothing does.
    package var shortage: String?
    /// nil where the journal cannot tell.
    package var lagEvents: Int?
    package var lagMilliseconds: UInt64
    /// Beyond the bound: imports and rebuilds pause, and collection answers 503 until it is false again.
    package var isBeyondLagBound: Bool
}

/// The one thread that drives the projections. All methods may be called from any thread.
///
/// A projection that throws stops the thread: the error stands in the status, the lag grows, and collection goes on
/// until the lag bound. A restart begins at the last checkpoint, `rebuild` at the journal's start. Where files find no
/// space the thread waits and tries again; that is no failure, and the lag grows only once memory is at its bound.
///
/// On a core that all share, requests go first: a checkpoint would otherwise take its turn of milliseconds before them.
package final class Projector: CommitObserver {
    /// Leaves it 29 % of a core that a loop would fill, which is what ten events a request need.
    private static let nice: CInt = 4

    private struct State {
        var phase: ProjectorStatus.Phase = .opening
        var appliedBatch: UInt64 = 0
        var checkpointedBatch: UInt64 = 0
        var appliedEvents: UInt64 = 0
        var lagEvents: Int?
        var shortage: String?
        /// Somebody asked to begin anew, and the thread has not heard of it yet.
        var wantsRebuild = false
        /// The thread does nothing more.
        var hasLeft = false
        var isPaused = false
        var isStopping = false
        var lag = LagClock()
        var observers: [any CommitObserver] = []
    }

    private let configuration: ProjectorConfiguration
    private let time: any TimeSource
    private let state = Mutex(State())
    private let gate = AppliedGate()
    private let thread = Mutex<OwnThread?>(nil)
    private let makeRun: @Sendable () -> ProjectionRun

    /// - Parameter makeRun: called on the projector's thread, which then owns the run; again for each rebuild.
    package init(
        configuration: ProjectorConfiguration, time: any TimeSource = SystemTimeSource(),
        makeRun: @escaping @Sendable () -> ProjectionRun
    ) {
        self.configuration = configuration
        self.time = time
        self.makeRun = makeRun
    }

    /// Starts the thread; it restores first. False where the system gives no thread.
    package func start(rebuilding: Bool = false, report: @escaping @Sendable (ProjectorNote) -> Void = { _ in }) -> Bool
    {
        thread.withLock { thread in
            guard thread == nil else { return true }
            let started = OwnThread(name: "projector", nice: Self.nice) { [self] in
                run(rebuilding: rebuilding, report: report)
            }
            thread = started
            return started.hasStarted
        }
    }

    /// Throws away what is applied and begins at the journal's start, also after a failure. Returns at once; from then
    /// on `waitUntilApplied` speaks of the new run. False when it is stopped, or the system gives no thread.
    package func rebuild(report: @escaping @Sendable (ProjectorNote) -> Void = { _ in }) -> Bool {
        thread.withLock { thread in
            let needsThread = state.withLock { state -> Bool? in
                if state.isStopping || thread == nil { return nil }
                return state.hasLeft
            }
            guard let needsThread else { return false }
            gate.beginAnew()
            let hasLeft = state.withLock { state in
                // It may have left in between.
                let hasLeft = needsThread || state.hasLeft
                state.wantsRebuild = !hasLeft
                if hasLeft { state.hasLeft = false }
                return hasLeft
            }
            guard hasLeft else { return true }
            thread?.join()
            let started = OwnThread(name: "projector", nice: Self.nice) { [self] in
                run(rebuilding: true, report: report)
            }
            thread = started
            return started.hasStarted
        }
    }

    /// Applies nothing more, writes a last checkpoint, and returns when the thread has left.
    package func stop() {
        state.withLock { $0.isStopping = true }
        thread.withLock { $0 }?.join()
        gate.close(gate.currentRun)
    }

    package func pause() { state.withLock { $0.isPaused = true } }
    package func resume() { state.withLock { $0.isPaused = false } }

    /// Told of every applied batch from now on, on the projector's thread; must only hand the number on.
    package func addObserver(_ observer: any CommitObserver) { state.withLock { $0.observers.append(observer) } }

    package var appliedBatch: UInt64 { state.withLock { $0.appliedBatch } }

    /// Read your writes: whether `batch` is applied, at the latest after `milliseconds`. Blocks the calling thread, so
    /// event loops use an observer instead.
    package func waitUntilApplied(_ batch: UInt64, milliseconds: Int) -> Bool {
        gate.wait(for: batch, milliseconds: max(0, milliseconds))
    }

    package var status: ProjectorStatus {
        let now = time.monotonic()
        let (lagSecondsMax, lagEventsMax) = (configuration.lagSecondsMax, configuration.lagEventsMax)
        return state.withLock { state in
            let lag = state.lag.lagNanoseconds(applied: state.appliedBatch, at: now)
            return ProjectorStatus(
                phase: state.phase, appliedBatch: state.appliedBatch,
                committedBatch: max(state.lag.committed, state.appliedBatch),
                checkpointedBatch: state.checkpointedBatch,
                appliedEvents: state.appliedEvents, shortage: state.shortage, lagEvents: state.lagEvents,
                lagMilliseconds: lag / 1_000_000,
                isBeyondLagBound: lag / 1_000_000_000 > lagSecondsMax || (state.lagEvents ?? 0) > lagEventsMax)
        }
    }

    package func journalCommitted(through batch: UInt64) {
        let now = time.monotonic()
        state.withLock { $0.lag.note(committed: batch, at: now) }
    }

    package func journalFailed() {}

    // MARK: The thread

    private func run(rebuilding: Bool, report: (ProjectorNote) -> Void) {
        var rebuilding = rebuilding
        while true {
            let number = gate.currentRun
            follow(makeRun(), number, rebuilding: rebuilding, report: report)
            let goesOn = state.withLock { state in
                defer { state.wantsRebuild = false }
                let goesOn = state.wantsRebuild && !state.isStopping
                if !goesOn { state.hasLeft = true }
                return goesOn
            }
            guard goesOn else { return gate.close(number) }
            rebuilding = true
        }
    }

    /// Until it shall stop, is to begin anew, or has failed.
    private func follow(_ run: ProjectionRun, _ number: UInt64, rebuilding: Bool, report: (ProjectorNote) -> Void) {
        do throws(ProjectorError) {
            publish(run, number, phase: .opening)
            try run.open(rebuilding: rebuilding)
            publish(run, number, phase: .running)
            var isBusy = false
            while let isPaused = goOn() {
                let waits = isPaused ? true : try run.mustWait()
                let hasApplied = waits ? idle() : try run.step(waitingAtMost: isBusy ? .zero : .milliseconds(50))
                // Under load the next batches gather for a moment, so that one wake takes several.
                if isBusy, !hasApplied { rest() }
                isBusy = hasApplied
                run.checkpointIfDue()
                publish(run, number, phase: isPaused ? .paused : .running)
                if hasApplied { tellObservers(run.appliedBatch) }
            }
            if state.withLock({ !$0.isStopping }) { return }
            // Without it a restart reads again what was applied since the one before.
            do throws(ProjectorError) { try run.checkpoint() } catch { report(.checkpointFailed(error)) }
            publish(run, number, phase: .stopped)
        } catch {
            publish(run, number, phase: .failed(error))
            report(.failed(error))
        }
    }

    /// nil once it shall stop or begin anew; else whether it is paused.
    private func goOn() -> Bool? {
        state.withLock { $0.isStopping || $0.wantsRebuild ? nil : $0.isPaused }
    }

    /// Lets 10 ms pass.
    private func rest() { _ = gate.wait(for: .max, milliseconds: 10) }

    /// Lets 20 ms pass.
    private func idle() -> Bool {
        _ = gate.wait(for: .max, milliseconds: 20)
        return false
    }

    private func publish(_ run: ProjectionRun, _ number: UInt64, phase: ProjectorStatus.Phase) {
        state.withLock { state in
            state.phase = phase
            state.appliedBatch = run.settledBatch
            state.checkpointedBatch = run.checkpointedBatch
            state.appliedEvents = run.appliedEvents
            state.lagEvents = run.backlogEvents
            state.shortage = run.shortage
        }
        switch phase {
        case .opening, .failed: break
        default: gate.advance(to: run.settledBatch, in: number)
        }
    }

    private func tellObservers(_ batch: UInt64) {
        for observer in state.withLock({ $0.observers }) { observer.journalCommitted(through: batch) }
    }
}
