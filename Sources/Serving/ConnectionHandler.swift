internal import Events
internal import NIOCore
internal import NIOHTTP1
internal import RequestParsing

/// One connection on its loop: moves bytes between the channel and the state machine, calls the responder, writes
/// answers in order. Everything that decides is in `ConnectionStateMachine`.
///
/// Bytes are parsed where they were received; only what is left of a request in part is copied, to `inbound`. Answers
/// gather in `outbound`, whose storage is used again, and leave with one write at the end of a turn.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Storage that a connection keeps between answers, at most: many connections are idle.
    private static let keptBytesMax = 4 << 10

    let loop: ServingLoop
    var machine: ConnectionStateMachine
    var context: ChannelHandlerContext?
    /// Parts of requests read by NIOHTTP1 that wait for a place (`parser: .nio`).
    var parts: [HTTPServerRequestPart] = []
    private let peer: IPAddress
    private let isTrustedPeer: Bool
    private let countsAddress: Bool
    private let usesOwnParser: Bool
    private var inbound = ByteBuffer()
    private var outbound = ByteBuffer()
    private var id: Int32?
    private var isEntered = false
    private var isDirty = false
    private var isReading = false
    private var isWritable = true
    /// Inside a write, whose events must not begin another.
    private var isFlushing = false
    private var isInputClosed = false
    private var isInputSettled = false
    private var isClosing = false

    init(loop: ServingLoop, peer: IPAddress) {
        self.loop = loop
        self.peer = peer
        isTrustedPeer = loop.trustedProxies.contains(peer)
        countsAddress = !isTrustedPeer
        usesOwnParser = loop.configuration.parser == .own
        machine = ConnectionStateMachine(limits: loop.limits, tick: loop.tick)
    }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let verdict = loop.admission.enter(countsAddress ? peer : nil)
        guard verdict != .overAll else {
            loop.counters.add(.connectionLimit)
            context.close(promise: nil)
            return
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

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if isEntered {
            isEntered = false
            if machine.isMidRequest { loop.counters.add(.truncated) }
            _ = machine.inputClosed()
            loop.counters.add(.connectionsClosed)
            loop.admission.leave(countsAddress ? peer : nil)
        }
        if let id {
            self.id = nil
            loop.remove(id)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        loop.counters.add(.bytesRead, bytes.readableBytes)
        guard !machine.isLingering else { return }
        if inbound.readableBytes > 0 {
            inbound.writeBuffer(&bytes)
            processInbound()
        } else if isWritable {
            process(&bytes)
            if bytes.readableBytes > 0 {
                inbound.clear()
                inbound.writeBuffer(&bytes)
            }
        } else {
            inbound = bytes
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { finishTurn() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard isWritable, !isReading, !isFlushing else { return }
        processInbound()
        finishTurn()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        isInputClosed = true
        finishTurn()
    }

    /// Once all that had arrived is read: no request can follow, and with nothing open the connection is over.
    private func settleInputClosed(_ context: ChannelHandlerContext) {
        guard isInputClosed, !isInputSettled, !machine.isPaused, isWritable else { return }
        isInputSettled = true
        if machine.isMidRequest { loop.counters.add(.truncated) }
        if machine.inputClosed() { closeAfterWrites(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !usesOwnParser, error is HTTPParserError else {
            context.close(promise: nil)
            return
        }
        refuse(.decoder)
        finishTurn()
    }

    // MARK: Reading

    private func processInbound() {
        if !usesOwnParser { return receiveParts() }
        guard inbound.readableBytes > 0 else { return }
        var bytes = inbound
        inbound = ByteBuffer()
        process(&bytes)
        if bytes.readableBytes > 0 { inbound = bytes }
    }

    /// Reads requests from `bytes` until they are used up or may not be read now.
    private func process(_ bytes: inout ByteBuffer) {
        isReading = true
        defer { isReading = false }
        while !isOutboundFull {
            var consumed = 0
            let action = machine.read(bytes.readableBytesSpan, tick: loop.tick, consumed: &consumed)
            if case .request(let whole) = action {
                if whole.isStored {
                    bytes.moveReaderIndex(forwardBy: consumed)
                    respondFromStorage(whole)
                } else {
                    respondInPlace(whole, bytes.readableBytesSpan)
                    bytes.moveReaderIndex(forwardBy: consumed)
                }
                continue
            }
            bytes.moveReaderIndex(forwardBy: consumed)
            guard perform(action) else { return }
        }
    }

    /// Does what is not a request; true when reading goes on at once.
    func perform(_ action: ConnectionStateMachine.ReadAction) -> Bool {
        switch action {
        case .sendContinue:
            outbound.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            return true
        case .refuse(let refusal, let sequence):
            loop.counters.add(refusal)
            place(loop.answer(to: refusal), at: sequence)
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
        case .later: break
        }
    }

    // MARK: Answering

    /// An answer from a slot.
    func complete(_ response: Response, at sequence: UInt32) {
        loop.eventLoop.preconditionInEventLoop()
        place(response, at: sequence)
        guard !isReading, !isDirty, context != nil else { return }
        isDirty = true
        loop.markDirty(self)
    }

    private func place(_ response: Response, at sequence: UInt32) {
        guard context != nil else { return loop.counters.add(.answersDropped) }
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
        let template = response.template
        outbound.writeBytes(template.head)
        if loop.configuration.sendsDate { outbound.writeBytes(loop.date.line) }
        if !response.fields.isEmpty { outbound.writeBytes(response.fields) }
        if traits.closes {
            outbound.writeStaticString("Connection: close\r\n\r\n")
        } else if traits.announcesKeepAlive {
            outbound.writeStaticString("Connection: keep-alive\r\n\r\n")
        } else {
            outbound.writeStaticString("\r\n")
        }
        if !traits.omitsBody, !template.body.isEmpty { outbound.writeBytes(template.body) }
        loop.counters.add(.answers)
        if traits.closes { isClosing = true }
        return traits.closes
    }

    func refuse(_ refusal: Refusal) { _ = perform(machine.refuse(refusal)) }

    // MARK: Turns

    /// After completions: flush, and read on where a bound had stopped it.
    func flushCompleted() {
        isDirty = false
        guard context != nil else { return }
        if inbound.readableBytes > 0 || !parts.isEmpty, isWritable { processInbound() }
        finishTurn()
    }

    /// Ends a turn: one write, then what follows from the machine's state.
    private func finishTurn() {
        guard let context else { return }
        if machine.takeOwedContinue() { outbound.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
        while outbound.readableBytes > 0 {
            let isFull = isOutboundFull
            flush(context)
            // Reading stopped at the bound of unwritten bytes; it goes on when the system took them.
            if isFull, isWritable, self.context != nil { processInbound() }
        }
        guard self.context != nil else { return }
        settleInputClosed(context)
        if isClosing, !machine.isLingering {
            machine.linger(tick: loop.tick)
            inbound = ByteBuffer()
            parts = []
            if isInputClosed {
                closeAfterWrites(context)
            } else {
                context.close(mode: .output, promise: nil)
            }
        }
        if !isInputClosed, machine.wantsBytes, isWritable || machine.isLingering, self.context != nil { context.read() }
        plan()
    }

    /// Whether as much waits to be written as may.
    var isOutboundFull: Bool { outbound.readableBytes >= loop.configuration.unwrittenBytesMax }

    private func flush(_ context: ChannelHandlerContext) {
        loop.counters.add(.bytesWritten, outbound.readableBytes)
        machine.flushed(tick: loop.tick)
        isFlushing = true
        context.writeAndFlush(wrapOutboundOut(outbound), promise: nil)
        isFlushing = false
        if outbound.capacity > Self.keptBytesMax { outbound = ByteBuffer() } else { outbound.clear() }
    }

    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    // MARK: Deadlines and ends

    private func plan() {
        guard let id else { return }
        loop.watch(id, until: machine.deadline(loop.deadlines).tick)
    }

    /// The wheel came to this connection: it may be too late, or only time to look again.
    func deadlineReached() {
        guard let context else { return }
        let deadline = machine.deadline(loop.deadlines)
        guard deadline.tick <= loop.tick else { return plan() }
        switch deadline.what {
        case .head: refuse(.headTimeout)
        case .body: refuse(.bodyTimeout)
        case .request: refuse(.requestTimeout)
        case .responder:
            loop.counters.add(.responderTimeout)
            place(loop.answer(to: .responderTimeout), at: machine.order.first)
        case .write:
            machine.writesTaken()
            if unwrittenBytes(context) > 0 { return end(.writeTimeout) }
        case .idle: return end(.idleTimeout)
        case .linger:
            context.close(promise: nil)
            return
        }
        finishTurn()
    }

    private func unwrittenBytes(_ context: ChannelHandlerContext) -> Int {
        guard let options = context.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func end(_ refusal: Refusal) {
        loop.counters.add(refusal)
        context?.close(promise: nil)
    }

    /// Closes now when idle; else the next last answer says so.
    func drain() {
        guard machine.drain(), let context else { return }
        if outbound.readableBytes == 0, unwrittenBytes(context) == 0 { return context.close(promise: nil) }
        isClosing = true
        finishTurn()
    }

    /// The drain's deadline has come.
    func cutOff() { end(.drainTimeout) }
}
