internal import Events
internal import RequestParsing
internal import Synchronization

/// What belongs to one event loop: its responder, its connections, its deadlines, its counters. A factory gets it to
/// make the loop's responder.
///
/// SAFETY: `counters`, `configuration` and `executor` are immutable and safe anywhere; everything mutable is touched
/// only on the executor's thread, which every entry point from elsewhere (`execute`) hops to first.
package final class ServingLoop: @unchecked Sendable {
    /// Counts from 0.
    package let index: Int
    let executor: any LoopExecutor
    let configuration: ServingConfiguration
    let deadlines: DeadlineTicks
    let limits: ConnectionStateMachine.Limits
    let headParser: SharedHeadParser
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
    /// One of its connections reads requests: another must not begin to, since they share the parser.
    var isReading = false
    private var start: MonotonicInstant
    private var wheel = DeadlineWheel()
    private var connections: [Connection?] = []
    private var due: [Int32] = []
    private var dirty: [Connection] = []
    private var flushing: [Connection] = []
    /// What no connection writes into now.
    private var idleOutbound = Outbound()
    private var isEndScheduled = false
    private var drained: (@Sendable (Int) -> Void)?
    private static let graceMillisecondsMax = 500
    /// Both on the machine's own monotonic clock.
    private var graceEndsAt: MonotonicInstant?
    private var cutOffAt: MonotonicInstant?
    private var cutOffCount = 0
    private(set) var openCount = 0

    init(
        index: Int, executor: any LoopExecutor, configuration: ServingConfiguration, admission: ConnectionAdmission,
        time: any TimeSource
    ) {
        self.index = index
        self.executor = executor
        self.configuration = configuration
        self.admission = admission
        self.time = time
        var limits = ConnectionStateMachine.Limits()
        limits.head = configuration.headLimits
        limits.bodyBytesMax = max(configuration.bodyBytesMax, 0)
        limits.pipelinedRequestsMax = configuration.pipelinedRequestsMax
        self.limits = limits
        headParser = SharedHeadParser(limits: limits.head)
        deadlines = DeadlineTicks(configuration)
        trustedProxies = TrustedProxies(configuration.trustedProxies)
        refusals = Refusal.all.map { ResponseTemplate(status: $0.status, sentence: $0.sentence) }
        tickNanoseconds = UInt64(configuration.tickMilliseconds) * 1_000_000
        date = HTTPDateLine()
        start = time.monotonic()
        date.update(time.wallClock())
    }

    /// Runs `work` on this loop, soon; from any thread.
    package func execute(_ work: @escaping @Sendable () -> Void) { executor.execute(work) }

    /// Stops the process where the caller is on another thread.
    func preconditionIsCurrent() { precondition(executor.isCurrent, "an answer is given on its own loop") }

    /// The answer to a refusal, made once.
    func answer(to refusal: Refusal) -> Response {
        var response = Response(refusals[refusal.index])
        response.closes = true
        return response
    }

    /// The same for a body that cannot be taken: its responder may have words of its own for those who ask there.
    func answer(to refusal: Refusal, of head: borrowing RequestHead, _ headBytes: [UInt8]) -> Response {
        guard !headBytes.isEmpty, refusal.isOfBody,
            var response = responder?.refusal(
                of: head, headBytes: headBytes.span.bytes, general: answer(to: refusal))
        else { return answer(to: refusal) }
        response.closes = true
        return response
    }

    // MARK: Time

    /// Once a tick; on the loop.
    func onTimer() {
        tick = 1 + time.monotonic().nanoseconds(since: start) / tickNanoseconds
        date.update(time.wallClock())
        wheel.advance(to: tick, due: &due)
        while let id = due.popLast() { connections[Int(id)]?.deadlineReached() }
        guard isDraining else { return }
        let now = SystemTimeSource().monotonic()
        if let graceEndsAt, now >= graceEndsAt { endGrace() }
        if let cutOffAt, now >= cutOffAt { cutOff() }
    }

    /// Lets the connection be looked at no later than `tick`; an earlier look that is planned already stays.
    func watch(_ id: Int32, until tick: UInt64) {
        if let planned = wheel.tick(of: id), planned <= tick { return }
        wheel.set(id, to: tick)
    }

    // MARK: Connections

    func add(_ connection: Connection) -> Int32 {
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
    func markDirty(_ connection: Connection) {
        dirty.append(connection)
        endTurnLater()
    }

    /// Has `endTurn` called once at the end of this turn.
    func endTurnLater() {
        guard !isEndScheduled else { return }
        isEndScheduled = true
        executor.callAtEndOfTurn()
    }

    /// What all requests of a turn wait for is done once for all of them.
    func endTurn() {
        isEndScheduled = false
        responder?.endTurn()
        flushCompletions()
    }

    /// Sends what was completed since the last flush, one write a connection. Called by itself at the end of the turn;
    /// who completes a burst may call it at the burst's end. On the loop.
    func flushCompletions() {
        guard !dirty.isEmpty else { return }
        swap(&dirty, &flushing)
        for connection in flushing { connection.flushCompleted() }
        flushing.removeAll(keepingCapacity: true)
    }

    /// Lends the loop's storage to a connection that writes and has none, where no other has it.
    func lend(_ outbound: inout Outbound) {
        if !outbound.hasStorage { swap(&outbound, &idleOutbound) }
    }

    /// The other way, once everything is sent; a second storage goes.
    func takeBack(_ outbound: inout Outbound) {
        if idleOutbound.hasStorage { outbound = Outbound() } else { swap(&outbound, &idleOutbound) }
    }

    // MARK: Drain

    /// Ends connections with the next answer, and those that have none to give after a grace, in which a request that was
    /// on its way still arrives; cuts off, counted, what is left after so long.
    /// Tells `done` the number of those once no connection is left. On the loop; called once.
    func drain(milliseconds: Int, done: @escaping @Sendable (Int) -> Void) {
        drained = done
        isDraining = true
        let now = SystemTimeSource().monotonic().nanoseconds
        let grace = UInt64(clamping: min(milliseconds / 8, Self.graceMillisecondsMax))
        graceEndsAt = MonotonicInstant(nanoseconds: now &+ grace &* 1_000_000)
        cutOffAt = MonotonicInstant(nanoseconds: now &+ UInt64(clamping: milliseconds) &* 1_000_000)
        for connection in connections { connection?.drain() }
        if openCount == 0 { finishDrain() }
    }

    private func endGrace() {
        graceEndsAt = nil
        for connection in connections { connection?.endGrace() }
    }

    private func cutOff() {
        cutOffAt = nil
        cutOffCount = openCount
        for connection in connections { connection?.cutOff() }
    }

    private func finishDrain() {
        cutOffAt = nil
        drained?(cutOffCount)
        drained = nil
    }
}

/// The loop's Date line: one object, so that a connection reads it without copying.
final class HTTPDateLine {
    private var date = HTTPDate()
    var line: [UInt8] { date.line }
    func update(_ now: Timestamp) { date.update(now) }
}
