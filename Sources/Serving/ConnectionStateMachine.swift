internal import Events
package import RequestParsing

/// What one connection may do next: reading, the order of answers, deadlines, closing. Pure: bytes and ticks go in,
/// actions come out, and the handler performs them.
///
///     reading head ──> reading body ──> request handed out ──> answered in order ──> reading head …
///          └──────────────┴── refused: answered once all before it are, then closed
///
/// A request that has arrived whole is handed out in place, read with the parser that all connections of a loop share;
/// one that has not keeps that parser, its head and body in storage of its own, bounded by the limits, until it is whole.
package struct ConnectionStateMachine: ~Copyable {
    package struct Limits: Sendable {
        package var head = HeadLimits()
        package var bodyBytesMax = 1 << 20
        package var pipelinedRequestsMax = 16
        package init() {}
    }

    /// A whole request. `head` of the machine describes it until `read` is called again.
    package struct Whole: Equatable, Sendable {
        package var sequence: UInt32
        /// Its bytes are in `storedHead` and `storedBody`; else in the bytes that `read` was given.
        package var isStored: Bool
        /// Where the body is when it is in place.
        package var body: Range<Int>

        package init(sequence: UInt32, isStored: Bool, body: Range<Int>) {
            self.sequence = sequence
            self.isStored = isStored
            self.body = body
        }
    }

    package enum ReadAction: Equatable, Sendable {
        /// Keep the bytes that were not consumed and come again with more.
        case needsMore
        /// The bound of open requests is reached: come again with the same bytes once an answer has left.
        case paused
        /// Nothing more will be read: throw away what is left.
        case discard
        /// Send `100 Continue`, then come again.
        case sendContinue
        case request(Whole)
        /// Answer this sequence with the refusal; it closes.
        case refuse(Refusal, sequence: UInt32)
    }

    package enum Deadline: Equatable, Sendable { case head, body, request, responder, write, idle, linger }

    private enum Phase { case head, body, over }

    package let limits: Limits
    package var order = AnswerOrder<Response>()
    private let shared: SharedHeadParser
    /// The parser of a request of which a part has arrived; else nil.
    private var own: RequestHeadParser?
    package private(set) var storedHead: [UInt8] = []
    package private(set) var storedBody: [UInt8] = []
    /// The head of a request whose body was refused; empty where another thing was.
    package private(set) var refusedHead: [UInt8] = []

    private var phase = Phase.head
    /// Bytes of a head have arrived, but not its end.
    package private(set) var isInHead = false
    private var remaining = 0
    private var chunks: ChunkedDecoder?
    private var inflater: GzipInflater?
    private var owesContinue = false
    package private(set) var isDraining = false
    private var takesNoRequest = false
    package private(set) var isLingering = false
    private var requestTick: UInt64 = 0
    private var headDoneTick: UInt64 = 0
    private var activeTick: UInt64
    private var flushTick: UInt64?

    /// - shared: for heads, with `limits.head`; of all connections of one loop.
    package init(limits: Limits, shared: SharedHeadParser, tick: UInt64) {
        self.limits = limits
        self.shared = shared
        activeTick = tick
    }

    /// The head that was read last: of what `read` has just said, or of a request under way. Good until this or another
    /// connection of the loop reads.
    package var head: RequestHead { own?.head ?? shared.parser.head }

    private var openCountMax: Int { min(max(limits.pipelinedRequestsMax, 1), AnswerOrder<Response>.openCountMax) }

    /// Nothing is being read, nothing waits for an answer.
    package var isIdle: Bool { phase == .head && !isInHead && order.openCount == 0 }
    /// The next answer to leave is the last one.
    private var nothingFollows: Bool {
        order.openCount == 0 && (phase == .over || (isDraining && phase == .head && !isInHead))
    }
    /// Whether more bytes are wanted.
    package var wantsBytes: Bool {
        isLingering || (phase != .over && (phase == .body || order.openCount < openCountMax))
    }
    /// Whether the bound of open requests keeps the next one from being read.
    package var isPaused: Bool { phase == .head && order.openCount >= openCountMax }

    /// Reads on in `bytes`, which begin with what was not consumed so far. `consumed` of them need not come again.
    package mutating func read(_ bytes: RawSpan, tick: UInt64, consumed: inout Int) -> ReadAction {
        consumed = 0
        switch phase {
        case .over:
            consumed = bytes.byteCount
            return .discard
        case .head: return readHead(bytes, tick: tick, consumed: &consumed)
        case .body: return readBody(bytes, consumed: &consumed)
        }
    }

    private mutating func readHead(_ bytes: RawSpan, tick: UInt64, consumed: inout Int) -> ReadAction {
        guard bytes.byteCount > 0 else { return .needsMore }
        if takesNoRequest, !isInHead {
            consumed = bytes.byteCount
            return .discard
        }
        guard order.openCount < openCountMax else { return .paused }
        if !isInHead {
            isInHead = true
            requestTick = tick
            shared.parser.reset()
        }
        switch own?.parse(bytes) ?? shared.parser.parse(bytes) {
        case .needsMore:
            keepParser()
            return .needsMore
        case .refused(let error): return refuse(.head(error))
        case .complete: break
        }
        returnParser()
        isInHead = false
        headDoneTick = tick
        return beginBody(bytes, consumed: &consumed)
    }

    /// The rest of a request follows: until then others must not read with its parser.
    private mutating func keepParser() {
        if own == nil { own = shared.take() }
    }

    /// Nothing of a request is kept any more; what it has read may be looked at until the next read.
    private mutating func returnParser() {
        guard let parser = own else { return }
        shared.parser = parser
        own = nil
    }

    private mutating func beginBody(_ bytes: RawSpan, consumed: inout Int) -> ReadAction {
        let head = shared.parser.head
        let length = head.contentLength ?? 0
        guard length <= limits.bodyBytesMax else { return refuseBody(.bodyTooLarge, bytes) }
        guard length > 0 || head.isChunked else {
            consumed = head.byteCount
            return hand(isStored: false, body: 0..<0)
        }
        let isGzip: Bool
        switch Self.encoding(head, bytes) {
        case .some(let known): isGzip = known
        case .none: return refuseBody(.contentEncoding, bytes)
        }
        if !isGzip, !head.isChunked, bytes.byteCount - head.byteCount >= length {
            consumed = head.byteCount + length
            return hand(isStored: false, body: head.byteCount..<consumed)
        }
        storedHead = bytes.extracting(first: head.byteCount).array
        storedBody.removeAll(keepingCapacity: storedBody.capacity <= 64 << 10)
        keepParser()
        phase = .body
        consumed = head.byteCount
        remaining = length
        chunks = head.isChunked ? ChunkedDecoder(bodyBytesMax: limits.bodyBytesMax) : nil
        inflater = isGzip ? GzipInflater() : nil
        guard head.expectsContinue, bytes.byteCount == consumed else { return continueBody(bytes, consumed: &consumed) }
        if order.openCount > 0 {
            owesContinue = true
            return .needsMore
        }
        return .sendContinue
    }

    /// True for gzip, false for none, nil for what is not understood.
    private static func encoding(_ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool? {
        guard let value = head.value(.contentEncoding) else { return false }
        guard !head.isRepeated(.contentEncoding) else { return nil }
        let name = bytes.extracting(value)
        if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") { return true }
        return name.equalsIgnoringCase("identity") || name.byteCount == 0 ? false : nil
    }

    private mutating func continueBody(_ bytes: RawSpan, consumed: inout Int) -> ReadAction {
        let start = consumed
        var used = 0
        let action = readBody(bytes.extracting(start..<bytes.byteCount), consumed: &used)
        consumed = start + used
        return action
    }

    private mutating func readBody(_ bytes: RawSpan, consumed: inout Int) -> ReadAction {
        if bytes.byteCount > 0 { owesContinue = false }
        guard var decoder = chunks else {
            let piece = min(remaining, bytes.byteCount)
            consumed = piece
            remaining -= piece
            if let refusal = store(bytes.extracting(first: piece)) { return refuse(refusal) }
            return remaining == 0 ? endBody() : .needsMore
        }
        var offset = 0
        while true {
            let event = decoder.next(bytes, from: &offset)
            consumed = offset
            chunks = decoder
            switch event {
            case .data(let range):
                if let refusal = store(bytes.extracting(range)) { return refuse(refusal) }
            case .needsMore: return .needsMore
            case .end: return endBody()
            case .refused(let error): return refuse(error == .tooLarge ? .bodyTooLarge : .chunk(error))
            }
        }
    }

    private mutating func store(_ bytes: RawSpan) -> Refusal? {
        if inflater != nil {
            switch inflater?.inflate(bytes, into: &storedBody, outputBytesMax: limits.bodyBytesMax) {
            case .tooLarge: return .bodyTooLarge
            case .corrupt: return .gzip
            default: return nil
            }
        }
        guard bytes.byteCount <= limits.bodyBytesMax - storedBody.count else { return .bodyTooLarge }
        bytes.withUnsafeBytes { storedBody.append(contentsOf: $0) }
        return nil
    }

    private mutating func endBody() -> ReadAction {
        if inflater != nil {
            let none = [UInt8]()
            let outcome = inflater?.inflate(none.span.bytes, into: &storedBody, outputBytesMax: limits.bodyBytesMax)
            inflater = nil
            guard outcome == .finished else { return refuse(.gzip) }
        }
        chunks = nil
        phase = .head
        returnParser()
        return hand(isStored: true, body: 0..<0)
    }

    private mutating func hand(isStored: Bool, body: Range<Int>) -> ReadAction {
        let head = shared.parser.head
        var traits = AnswerOrder<Response>.Traits()
        traits.omitsBody = head.method == .head
        traits.closes = !head.keepsAlive
        traits.announcesKeepAlive = head.keepsAlive && head.minorVersion == 0
        if traits.closes { phase = .over }
        return .request(Whole(sequence: order.open(traits, tick: requestTick), isStored: isStored, body: body))
    }

    /// The head says already that the body cannot be taken.
    private mutating func refuseBody(_ refusal: Refusal, _ bytes: RawSpan) -> ReadAction {
        storedHead = bytes.extracting(first: shared.parser.head.byteCount).array
        phase = .body
        return refuse(refusal)
    }

    /// Refuses what is being read, or the connection as a whole: one last answer, after those before it.
    package mutating func refuse(_ refusal: Refusal) -> ReadAction {
        guard phase != .over else { return .discard }
        var traits = AnswerOrder<Response>.Traits()
        traits.closes = true
        traits.omitsBody = phase == .body && head.method == .head
        if phase == .body { swap(&refusedHead, &storedHead) }
        stopReading()
        if order.openCount >= AnswerOrder<Response>.openCountMax { return .discard }
        return .refuse(refusal, sequence: order.open(traits, tick: requestTick))
    }

    private mutating func stopReading() {
        phase = .over
        isInHead = false
        returnParser()
        chunks = nil
        inflater = nil
        owesContinue = false
        storedHead = []
        storedBody = []
    }

    /// Gives back what a stored request held, unless it is small enough to be used again.
    package mutating func releaseStored() {
        storedHead = []
        storedBody.removeAll(keepingCapacity: storedBody.capacity <= 64 << 10)
    }

    /// What the oldest answer must carry; it leaves now. `closes` is set when it is the connection's last.
    package mutating func takeTraits(closes: Bool) -> AnswerOrder<Response>.Traits {
        var traits = order.takeTraits()
        if closes || traits.closes || nothingFollows {
            traits.closes = true
            traits.announcesKeepAlive = false
            stopReading()
        }
        return traits
    }

    /// Whether `100 Continue`, held back by earlier answers, may be sent now; says so once.
    package mutating func takeOwedContinue() -> Bool {
        guard owesContinue, order.openCount == 0 else { return false }
        owesContinue = false
        return true
    }

    /// The client sends no more. True when the connection has nothing left to do.
    package mutating func inputClosed() -> Bool {
        phase = .over
        isInHead = false
        return order.openCount == 0
    }

    /// The request under way, if there is one, could not be read on: its time begins anew.
    package mutating func restartRequest(tick: UInt64) {
        requestTick = tick
        headDoneTick = tick
    }

    /// Whether a request has begun but is not whole.
    package var isMidRequest: Bool { isInHead || phase == .body }

    /// The next answer that nothing waits behind will be the last.
    package mutating func drain() { isDraining = true }

    /// No new request will be begun. True when nothing is under way.
    package mutating func endGrace() -> Bool {
        isDraining = true
        takesNoRequest = true
        return isIdle
    }

    /// The last answer has left, or waits for the client to take it; from now on what arrives is thrown away.
    package mutating func linger(tick: UInt64) {
        stopReading()
        order.dropAll()
        isLingering = true
        activeTick = tick
    }

    /// Bytes were handed to the system.
    package mutating func flushed(tick: UInt64) {
        activeTick = tick
        flushTick = tick
    }

    /// The client has taken all bytes.
    package mutating func writesTaken() { flushTick = nil }

    /// Bytes were handed to the system, and nobody said yet that the client has them.
    package var awaitsWrites: Bool { flushTick != nil }

    /// The next tick at which something must have happened, and what. O(1).
    package func deadline(_ ticks: borrowing DeadlineTicks) -> (tick: UInt64, what: Deadline) {
        if isLingering {
            if let flushTick { return (flushTick + ticks.write, .write) }
            return (activeTick + ticks.linger, .linger)
        }
        var earliest: (tick: UInt64, what: Deadline) = (activeTick + ticks.idle, .idle)
        if order.openCount > 0 || isMidRequest { earliest.tick = .max }
        func consider(_ tick: UInt64, _ what: Deadline) {
            if tick < earliest.tick { earliest = (tick, what) }
        }
        if isInHead {
            consider(requestTick + ticks.head, .head)
            consider(requestTick + ticks.request, .request)
        } else if phase == .body {
            consider(headDoneTick + ticks.body, .body)
            consider(requestTick + ticks.request, .request)
        }
        if let oldest = order.oldestTick { consider(oldest + ticks.request, .responder) }
        if let flushTick { consider(flushTick + ticks.write, .write) }
        return earliest
    }
}

extension ConnectionStateMachine {
    /// Takes a head that another decoder has read (`parser: .nio`), with bytes that its offsets point into.
    package mutating func receive(head: RequestHead, bytes: [UInt8], tick: UInt64) -> ReadAction {
        guard phase == .head else { return .discard }
        guard order.openCount < openCountMax else { return .paused }
        own = RequestHeadParser(limits: limits.head, head: head)
        requestTick = tick
        headDoneTick = tick
        guard head.contentLength ?? 0 <= limits.bodyBytesMax else { return refuse(.bodyTooLarge) }
        guard let isGzip = Self.encoding(head, bytes.span.bytes) else { return refuse(.contentEncoding) }
        storedHead = bytes
        storedBody.removeAll(keepingCapacity: storedBody.capacity <= 64 << 10)
        inflater = isGzip && (head.isChunked || head.contentLength ?? 0 > 0) ? GzipInflater() : nil
        phase = .body
        guard head.expectsContinue else { return .needsMore }
        owesContinue = order.openCount > 0
        return owesContinue ? .needsMore : .sendContinue
    }

    /// Takes a piece of that request's body.
    package mutating func receive(body: RawSpan) -> ReadAction {
        guard phase == .body else { return .discard }
        owesContinue = false
        if let refusal = store(body) { return refuse(refusal) }
        return .needsMore
    }

    /// That request is whole.
    package mutating func receiveEnd() -> ReadAction {
        guard phase == .body else { return .discard }
        return endBody()
    }
}
