internal import Events
internal import RequestParsing

/// One connection on its loop: moves bytes between its transport and the state machine, calls the responder, writes
/// answers in order. Everything that decides is in `ConnectionStateMachine`, everything that moves in the transport.
///
/// Bytes are parsed where they were received; only what is left of a request in part is copied, to `inbound`. Answers
/// gather in `outbound` and leave, with one write, or one for each large body, as soon as no request waits for its
/// answer, at the latest at the end of a turn. Between answers a connection has no storage: that of `outbound` is the
/// loop's, lent to the one that writes.
final class Connection {
    /// Storage of `inbound` that a connection keeps between requests, at most: many connections are idle.
    private static let keptBytesMax = 4 << 10
    private static let goOn: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"

    let loop: ServingLoop
    var machine: ConnectionStateMachine
    /// nil before the connection is open and once it is closed.
    private var transport: (any ConnectionTransport)?
    let peer: IPAddress
    private let isTrustedPeer: Bool
    private var inbound: [UInt8] = []
    private var outbound = Outbound()
    private var id: Int32?
    private var isEntered = false
    private var isDirty = false
    private var isReading = false
    /// Inside a write, whose events must not begin another.
    private var isFlushing = false
    /// What the system had not taken when the write deadline was set.
    private var unsentMark = 0
    private var isInputClosed = false
    private var isInputSettled = false
    private var isClosing = false

    init(loop: ServingLoop, peer: IPAddress) {
        self.loop = loop
        self.peer = peer
        isTrustedPeer = loop.trustedProxies.contains(peer)
        machine = ConnectionStateMachine(limits: loop.limits, shared: loop.headParser, tick: loop.tick)
    }

    private var isWritable: Bool { transport?.isWritable ?? false }
    var memory: ConnectionMemory { ConnectionMemory(self, transport) }

    // MARK: Events of the transport

    /// The connection is there, and what its admission says. Closes it at once where it is one too many.
    func opened(_ transport: any ConnectionTransport, _ verdict: ConnectionAdmission.Verdict) {
        self.transport = transport
        guard verdict != .overAll else {
            loop.counters.add(.connectionLimit)
            return transport.close()
        }
        isEntered = true
        id = loop.add(self)
        loop.counters.add(.connectionsOpened)
        switch verdict {
        case .overLimit: refuse(.connectionLimit)
        case .overAddressLimit: refuse(.addressLimit)
        default: if loop.isDraining { refuse(.drainTimeout) }
        }
        finishTurn()
    }

    /// Nothing follows; the transport is gone.
    func closed() {
        transport = nil
        if isEntered {
            isEntered = false
            if machine.isMidRequest { loop.counters.add(.truncated) }
            _ = machine.inputClosed()
            loop.counters.add(.connectionsClosed)
            loop.admission.leave(peer)
        }
        if let id {
            self.id = nil
            loop.remove(id)
        }
    }

    /// Takes bytes in; they need not live longer than the call. `finishTurn` follows when all that had arrived is here.
    func receive(_ bytes: RawSpan) {
        loop.counters.add(.bytesRead, bytes.byteCount)
        guard !machine.isLingering else { return }
        if !inbound.isEmpty {
            append(bytes)
            processInbound()
        } else if isWritable {
            let used = process(bytes)
            if used < bytes.byteCount { append(bytes.extracting(droppingFirst: used)) }
        } else {
            append(bytes)
        }
    }

    private func append(_ bytes: RawSpan) { bytes.withUnsafeBytes { inbound.append(contentsOf: $0) } }

    /// The client sends no more.
    func inputClosed() {
        isInputClosed = true
        finishTurn()
    }

    /// The transport has sent what it had kept.
    func becameWritable() {
        guard !isReading, !isFlushing else { return }
        machine.restartRequest(tick: loop.tick)
        processInbound()
        finishTurn()
    }

    /// Once all that had arrived is read: no request can follow, and with nothing open the connection is over.
    private func settleInputClosed(_ transport: any ConnectionTransport) {
        guard isInputClosed, !isInputSettled, !machine.isPaused, transport.isWritable else { return }
        isInputSettled = true
        if machine.isMidRequest { loop.counters.add(.truncated) }
        if machine.inputClosed() { transport.closeAfterSending() }
    }

    // MARK: Reading

    private func processInbound() {
        transport?.readHeldInput()
        guard !inbound.isEmpty else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &inbound)
        let used = process(bytes.span.bytes)
        if used < bytes.count {
            bytes.removeFirst(used)
        } else {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytesMax)
        }
        inbound = bytes
    }

    /// Reads requests from `bytes` until they are used up or may not be read now; gives how many are used.
    private func process(_ bytes: RawSpan) -> Int {
        isReading = true
        loop.isReading = true
        defer {
            isReading = false
            loop.isReading = false
        }
        var used = 0
        while !isOutboundFull {
            var consumed = 0
            let rest = bytes.extracting(droppingFirst: used)
            let action = machine.read(rest, tick: loop.tick, consumed: &consumed)
            used += consumed
            if case .request(let whole) = action {
                if whole.isStored { respondFromStorage(whole) } else { respondInPlace(whole, rest) }
                continue
            }
            guard perform(action) else { break }
        }
        return used
    }

    /// Does what is not a request; true when reading goes on at once.
    func perform(_ action: ConnectionStateMachine.ReadAction) -> Bool {
        switch action {
        case .sendContinue:
            outbound.append(Self.goOn)
            return true
        case .refuse(let refusal, let sequence):
            loop.counters.add(refusal)
            place(loop.answer(to: refusal, of: machine.head, machine.refusedHead), at: sequence)
            return true
        case .needsMore, .paused, .discard, .request: return false
        }
    }

    private func respondInPlace(_ whole: ConnectionStateMachine.Whole, _ bytes: RawSpan) {
        respond(
            whole.sequence, headBytes: bytes.extracting(first: machine.head.byteCount),
            body: bytes.extracting(whole.body))
    }

    func respondFromStorage(_ whole: ConnectionStateMachine.Whole) {
        let head = machine.storedHead
        let body = machine.storedBody
        machine.releaseStored()
        respond(whole.sequence, headBytes: head.span.bytes, body: body.span.bytes)
    }

    private func respond(_ sequence: UInt32, headBytes: RawSpan, body: RawSpan) {
        guard let responder = loop.responder else { return }
        loop.counters.add(.requests)
        let head = machine.head
        var address = peer
        var isSecure = false
        if isTrustedPeer {
            address = loop.trustedProxies.client(of: peer, head: head, bytes: headBytes)
            isSecure = loop.trustedProxies.isSecure(head: head, bytes: headBytes)
        }
        let joined = head.joinedValues(.cookie, separator: "; ", in: headBytes) ?? []
        let cookies = joined.isEmpty ? headBytes.extracting(head.value(.cookie) ?? 0..<0) : joined.span.bytes
        let request = Request(
            head: head, headBytes: headBytes, body: body, cookies: cookies, address: address, isSecure: isSecure)
        switch responder.respond(to: request, slot: ResponseSlot(connection: self, sequence: sequence)) {
        case .now(let response): place(response, at: sequence)
        case .later: loop.endTurnLater()
        }
    }

    // MARK: Answering

    /// An answer from a slot.
    func complete(_ response: Response, at sequence: UInt32) {
        loop.preconditionIsCurrent()
        place(response, at: sequence)
        guard !isReading, !isDirty, transport != nil else { return }
        if machine.order.openCount == 0, !loop.isReading { return flushCompleted() }
        isDirty = true
        loop.markDirty(self)
    }

    private func place(_ response: Response, at sequence: UInt32) {
        guard transport != nil else { return loop.counters.add(.answersDropped) }
        switch machine.order.place(response, at: sequence) {
        case .stale: loop.counters.add(.answersDropped)
        case .parked: break
        case .sendNow:
            var closes = write(response)
            while !closes, let next = machine.order.takeParked() { closes = write(next) }
            if closes { machine.order.dropAll() }
        }
    }

    /// Appends the oldest open answer; true when it is the last.
    private func write(_ response: Response) -> Bool {
        let traits = machine.takeTraits(closes: response.closes)
        loop.lend(&outbound)
        let template = response.template
        outbound += template.head
        if loop.configuration.sendsDate { outbound += loop.date.line }
        if !response.fields.isEmpty { outbound += response.fields }
        if traits.closes {
            outbound.append("Connection: close\r\n\r\n")
        } else if traits.announcesKeepAlive {
            outbound.append("Connection: keep-alive\r\n\r\n")
        } else {
            outbound.append("\r\n")
        }
        if !traits.omitsBody, !template.body.isEmpty { outbound.append(body: template.body) }
        loop.counters.add(.answers)
        if traits.closes { isClosing = true }
        return traits.closes
    }

    func refuse(_ refusal: Refusal) { _ = perform(machine.refuse(refusal)) }

    // MARK: Turns

    /// After completions: flush, and read on where a bound had stopped it.
    func flushCompleted() {
        isDirty = false
        guard let transport else { return }
        if !inbound.isEmpty || transport.holdsInput, transport.isWritable { processInbound() }
        finishTurn()
    }

    /// Ends a turn: one write, then what follows from the machine's state.
    func finishTurn() {
        guard let transport else { return }
        if machine.takeOwedContinue() { outbound.append(Self.goOn) }
        while !outbound.isEmpty {
            let isFull = isOutboundFull
            flush(transport)
            // Reading stopped at the bound of unwritten bytes; it goes on when the system took them.
            if isFull, isWritable { processInbound() }
        }
        guard self.transport != nil else { return }
        settleInputClosed(transport)
        if isClosing, !machine.isLingering {
            machine.linger(tick: loop.tick)
            inbound = []
            if isInputClosed { transport.closeAfterSending() } else { transport.closeOutput() }
        }
        guard self.transport != nil else { return }
        if machine.isLingering, machine.awaitsWrites, transport.unsentBytes == 0 { lingerAfterWrites() }
        let isWanted = !isInputClosed && machine.wantsBytes && (transport.isWritable || machine.isLingering)
        transport.setReading(isWanted)
        plan()
    }

    /// The client has taken all bytes: after a last answer its time to hang up begins only now.
    private func lingerAfterWrites() {
        machine.writesTaken()
        if machine.isLingering { machine.linger(tick: loop.tick) }
    }

    /// Whether as much waits to be written as may.
    var isOutboundFull: Bool { outbound.count >= loop.configuration.unwrittenBytesMax }

    private func flush(_ transport: any ConnectionTransport) {
        loop.counters.add(.bytesWritten, outbound.count)
        machine.flushed(tick: loop.tick)
        isFlushing = true
        transport.send(outbound)
        isFlushing = false
        unsentMark = transport.unsentBytes
        outbound.removeAll()
        loop.takeBack(&outbound)
    }

    // MARK: Deadlines and ends

    private func plan() {
        guard let id else { return }
        loop.watch(id, until: machine.deadline(loop.deadlines).tick)
    }

    /// The wheel came to this connection: it may be too late, or only time to look again.
    func deadlineReached() {
        guard let transport else { return }
        let deadline = machine.deadline(loop.deadlines)
        guard deadline.tick <= loop.tick else { return plan() }
        // A request is not read on before the client takes its answers, and that has a deadline of its own.
        let isHeldUp = !transport.isWritable
        switch deadline.what {
        case .head where isHeldUp, .body where isHeldUp, .request where isHeldUp:
            machine.restartRequest(tick: loop.tick)
        case .head: refuse(.headTimeout)
        case .body: refuse(.bodyTimeout)
        case .request: refuse(.requestTimeout)
        case .responder:
            loop.counters.add(.responderTimeout)
            place(loop.answer(to: .responderTimeout), at: machine.order.first)
        case .write:
            guard transport.unsentBytes > 0 else {
                lingerAfterWrites()
                break
            }
            guard isTaking(transport) else {
                loop.counters.add(.writeTimeout)
                // Otherwise the system would go on for minutes to offer what nobody takes.
                return transport.reset()
            }
            machine.flushed(tick: loop.tick)
        case .idle: return end(.idleTimeout)
        case .linger: return transport.close()
        }
        finishTurn()
    }

    /// Whether the client took enough since the last look to go on, as one with a slow line does with a large answer.
    private func isTaking(_ transport: any ConnectionTransport) -> Bool {
        let unsent = transport.unsentBytes
        defer { unsentMark = unsent }
        return unsentMark - unsent >= ServingConfiguration.takenBytesMin
    }

    private func end(_ refusal: Refusal) {
        loop.counters.add(refusal)
        transport?.close()
    }

    /// From now on an answer behind which nothing waits is the last.
    func drain() { machine.drain() }

    /// No request is begun any more: closes now when idle.
    func endGrace() {
        guard machine.endGrace(), let transport else { return }
        if outbound.isEmpty, transport.unsentBytes == 0 { return transport.close() }
        isClosing = true
        finishTurn()
    }

    /// The drain's deadline has come.
    func cutOff() { end(.drainTimeout) }
}
