internal import Events
internal import NIOCore
internal import Synchronization

/// What belongs to one event loop: its responder, its connections, its deadlines, its counters. A factory gets it to
/// make the loop's responder.
///
/// SAFETY: `counters`, `configuration` and `eventLoop` are immutable and safe anywhere; everything mutable is touched
/// only on `eventLoop`, which every entry point from elsewhere (`execute`, `drain`) hops to first.
package final class ServingLoop: @unchecked Sendable {
    /// Counts from 0.
    package let index: Int
    let eventLoop: any EventLoop
    let configuration: ServingConfiguration
    let deadlines: DeadlineTicks
    let limits: ConnectionStateMachine.Limits
    let counters = LoopCounters()
    let admission: ConnectionAdmission
    let trustedProxies: TrustedProxies
    let date: HTTPDateLine
    private let time: any TimeSource
    private let refusals: [ResponseTemplate]
    private let tickNanoseconds: UInt64

    /// Set once, before the first connection.
    var responder: (any RequestResponder)?
    private(set) var tick: UInt64 = 1
    private(set) var isDraining = false
    private var start: MonotonicInstant
    private var wheel = DeadlineWheel()
    private var connections: [ConnectionHandler?] = []
    private var due: [Int32] = []
    private var dirty: [ConnectionHandler] = []
    private var flushing: [ConnectionHandler] = []
    private var isFlushScheduled = false
    private var timer: RepeatedTask?
    private var drained: EventLoopPromise<Int>?
    private var cutOffTask: Scheduled<Void>?
    private var cutOffCount = 0
    private(set) var openCount = 0

    init(
        index: Int, eventLoop: any EventLoop, configuration: ServingConfiguration, admission: ConnectionAdmission,
        time: any TimeSource
    ) {
        self.index = index
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.admission = admission
        self.time = time
        var limits = ConnectionStateMachine.Limits()
        limits.head = configuration.headLimits
        limits.bodyBytesMax = max(configuration.bodyBytesMax, 0)
        limits.pipelinedRequestsMax = configuration.pipelinedRequestsMax
        self.limits = limits
        deadlines = DeadlineTicks(configuration)
        trustedProxies = TrustedProxies(configuration.trustedProxies)
        refusals = Refusal.all.map { ResponseTemplate(status: $0.status, sentence: $0.sentence) }
        tickNanoseconds = UInt64(configuration.tickMilliseconds) * 1_000_000
        date = HTTPDateLine()
        start = time.monotonic()
        date.update(time.wallClock())
    }

    /// Runs `work` on this loop, soon; from any thread.
    package func execute(_ work: @escaping @Sendable () -> Void) { eventLoop.execute(work) }

    /// The answer to a refusal, made once.
    func answer(to refusal: Refusal) -> Response {
        var response = Response(refusals[refusal.index])
        response.closes = true
        return response
    }

    // MARK: Time

    /// Begins the one timer of the loop.
    func startTimer() {
        let grain = TimeAmount.milliseconds(Int64(configuration.tickMilliseconds))
        timer = eventLoop.scheduleRepeatedTask(initialDelay: grain, delay: grain) { [weak self] _ in self?.onTimer() }
    }

    private func onTimer() {
        tick = 1 + time.monotonic().nanoseconds(since: start) / tickNanoseconds
        date.update(time.wallClock())
        wheel.advance(to: tick, due: &due)
        while let id = due.popLast() { connections[Int(id)]?.deadlineReached() }
    }

    /// Lets the connection be looked at no later than `tick`; an earlier look that is planned already stays.
    func watch(_ id: Int32, until tick: UInt64) {
        if let planned = wheel.tick(of: id), planned <= tick { return }
        wheel.set(id, to: tick)
    }

    // MARK: Connections

    func add(_ connection: ConnectionHandler) -> Int32 {
        let id = wheel.add()
        while connections.count <= Int(id) { connections.append(nil) }
        connections[Int(id)] = connection
        openCount += 1
        return id
    }

    func remove(_ id: Int32) {
        connections[Int(id)] = nil
        wheel.remove(id)
        openCount -= 1
        if isDraining, openCount == 0 { finishDrain() }
    }

    // MARK: Flushing

    /// Has the connection flushed once at the end of this turn of the loop.
    func markDirty(_ connection: ConnectionHandler) {
        dirty.append(connection)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.execute { self.flushCompletions() }
    }

    /// Sends what was completed since the last flush, one write a connection. Called by itself at the end of the turn;
    /// who completes a burst may call it at the burst's end. On the loop.
    package func flushCompletions() {
        isFlushScheduled = false
        guard !dirty.isEmpty else { return }
        swap(&dirty, &flushing)
        for connection in flushing { connection.flushCompleted() }
        flushing.removeAll(keepingCapacity: true)
    }

    // MARK: Drain

    /// Ends idle connections now and the others with their last answer; cuts off, counted, what is left at `deadline`.
    /// Gives the number of those once no connection is left. On the loop; a second call gives the first one's future.
    func drain(deadline: NIODeadline) -> EventLoopFuture<Int> {
        if let drained { return drained.futureResult }
        let promise = eventLoop.makePromise(of: Int.self)
        drained = promise
        isDraining = true
        for connection in connections { connection?.drain() }
        if openCount == 0 {
            finishDrain()
        } else {
            cutOffTask = eventLoop.scheduleTask(deadline: deadline) { self.cutOff() }
        }
        return promise.futureResult
    }

    private func cutOff() {
        cutOffCount = openCount
        for connection in connections { connection?.cutOff() }
    }

    private func finishDrain() {
        timer?.cancel()
        timer = nil
        cutOffTask?.cancel()
        cutOffTask = nil
        drained?.succeed(cutOffCount)
    }
}

/// The loop's Date line: one object, so that a connection reads it without copying.
final class HTTPDateLine {
    private var date = HTTPDate()
    var line: [UInt8] { date.line }
    func update(_ now: Timestamp) { date.update(now) }
}
