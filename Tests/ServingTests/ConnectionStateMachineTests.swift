import Events
import RequestParsing
import Serving
import Testing

/// The pure parts: no socket, no clock.
@Suite struct ConnectionStateMachineTests {
    private static func machine(pipelined: Int = 16, body: Int = 100) -> ConnectionStateMachine {
        var limits = ConnectionStateMachine.Limits()
        limits.pipelinedRequestsMax = pipelined
        limits.bodyBytesMax = body
        return ConnectionStateMachine(limits: limits, shared: SharedHeadParser(limits: limits.head), tick: 1)
    }

    private static var ticks: DeadlineTicks {
        var configuration = ServingConfiguration()
        configuration.headMilliseconds = 1_000
        configuration.bodyMilliseconds = 2_000
        configuration.requestMilliseconds = 2_500
        configuration.writeMilliseconds = 1_500
        configuration.idleMilliseconds = 5_000
        configuration.lingerMilliseconds = 1_000
        return DeadlineTicks(configuration)
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Gives the machine all of `text` and collects what it says until it stops.
    private static func run(
        _ machine: inout ConnectionStateMachine, _ text: String, tick: UInt64 = 1
    ) -> (actions: [ConnectionStateMachine.ReadAction], left: Int) {
        var bytes = Array(text.utf8)
        var actions: [ConnectionStateMachine.ReadAction] = []
        while true {
            var consumed = 0
            let now = bytes
            let action = machine.read(now.span.bytes, tick: tick, consumed: &consumed)
            bytes.removeFirst(consumed)
            actions.append(action)
            switch action {
            case .needsMore, .paused, .discard: return (actions, bytes.count)
            default: continue
            }
        }
    }

    private static let answer = Response(ResponseTemplate(status: 400, sentence: "An answer."))

    @Test func requestsInOneReadAreHandedOutInPlace() {
        var machine = Self.machine()
        let (actions, left) = Self.run(
            &machine, Self.get + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        #expect(
            actions == [
                .request(.init(sequence: 0, isStored: false, body: 0..<0)),
                .request(.init(sequence: 1, isStored: false, body: 47..<50)),
                .needsMore,
            ])
        #expect(left == 0)
        claim(machine.isIdle, false)
    }

    /// Requests in part are kept apart, however their pieces arrive between those of others.
    @Test(arguments: 0..<20) func connectionsThatShareAParserDoNotDisturbOneAnother(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let shared = SharedHeadParser(limits: HeadLimits())
        let clients = (0..<5).map { _ in PiecewiseClient(shared) }
        for (place, client) in clients.enumerated() {
            for number in 0..<15 {
                client.add(
                    path: "/\(place)/" + String(repeating: "p", count: number),
                    kind: Int.random(in: 0..<4, using: &random))
            }
        }
        while let client = clients.filter({ !$0.unsent.isEmpty }).randomElement(using: &random) {
            client.deliver(Int.random(in: 1...90, using: &random))
        }
        for client in clients { #expect(client.read == client.sent) }
    }

    @Test func readingPausesAtTheBoundAndGoesOnAfterAnAnswer() {
        var machine = Self.machine(pipelined: 2)
        let (actions, left) = Self.run(&machine, Self.get + Self.get + Self.get)
        #expect(actions.last == .paused)
        #expect(left == Self.get.utf8.count)
        claim(machine.wantsBytes, false)
        claim(machine.order.place(Self.answer, at: 0), .sendNow)
        _ = machine.takeTraits(closes: false)
        claim(machine.wantsBytes, true)
        claim(Self.run(&machine, Self.get).actions.first, .request(.init(sequence: 2, isStored: false, body: 0..<0)))
    }

    @Test func aRefusalIsTheLastAnswerAndNothingIsReadAfterIt() {
        var machine = Self.machine()
        let (actions, left) = Self.run(&machine, Self.get + "BAD\r\n" + Self.get)
        #expect(
            actions == [
                .request(.init(sequence: 0, isStored: false, body: 0..<0)), .refuse(.head(.requestLine), sequence: 1),
                .discard,
            ])
        #expect(left == 0)
        claim(machine.order.place(Self.answer, at: 1), .parked)
        claim(machine.order.place(Self.answer, at: 0), .sendNow)
        claim(machine.takeTraits(closes: false).closes, false)
        claim(machine.order.takeParked() == nil, false)
        claim(machine.takeTraits(closes: false).closes, true)
    }

    @Test func deadlinesFollowTheStateOfTheConnection() {
        var machine = Self.machine()
        let ticks = Self.ticks
        claim(machine.deadline(ticks).what, .idle)
        claim(machine.deadline(ticks).tick, 1 + ticks.idle)
        _ = Self.run(&machine, "GET /", tick: 10)
        claim(machine.deadline(ticks).tick, 10 + ticks.head)
        claim(machine.deadline(ticks).what, .head)
        var body = Self.machine()
        _ = Self.run(&body, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", tick: 10)
        claim(body.deadline(ticks).tick, 10 + ticks.body)
        claim(body.deadline(ticks).what, .body)
        var slow = Self.machine()
        let head = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n".utf8)
        var consumed = 0
        _ = slow.read(head.span.bytes.extracting(first: 5), tick: 10, consumed: &consumed)
        _ = slow.read(head.span.bytes, tick: 13, consumed: &consumed)
        claim(slow.deadline(ticks).tick, 10 + ticks.request)
        claim(slow.deadline(ticks).what, .request)
        var waiting = Self.machine()
        _ = Self.run(&waiting, Self.get, tick: 20)
        claim(waiting.deadline(ticks).tick, 20 + ticks.request)
        claim(waiting.deadline(ticks).what, .responder)
        claim(waiting.order.place(Self.answer, at: 0), .sendNow)
        _ = waiting.takeTraits(closes: false)
        waiting.flushed(tick: 22)
        claim(waiting.deadline(ticks).tick, 22 + ticks.write)
        claim(waiting.deadline(ticks).what, .write)
        waiting.writesTaken()
        claim(waiting.deadline(ticks).tick, 22 + ticks.idle)
        claim(waiting.deadline(ticks).what, .idle)
        waiting.linger(tick: 30)
        claim(waiting.deadline(ticks).tick, 30 + ticks.linger)
        claim(waiting.deadline(ticks).what, .linger)
    }

    @Test func drainLetsWhatHasBegunFinishAndNoMore() {
        var idle = Self.machine()
        claim(idle.endGrace(), true)
        claim(Self.run(&idle, Self.get).actions, [.discard])
        var busy = Self.machine()
        _ = Self.run(&busy, "GET / HT")
        claim(busy.endGrace(), false)
        let (actions, _) = Self.run(&busy, Self.get + Self.get)
        #expect(actions == [.request(.init(sequence: 0, isStored: false, body: 0..<0)), .discard])
        claim(busy.order.place(Self.answer, at: 0), .sendNow)
        claim(busy.takeTraits(closes: false).closes, true)
    }

    @Test func aRequestThatCrossesTheDrainIsAnsweredAndIsTheLast() {
        var idle = Self.machine()
        idle.drain()
        claim(
            Self.run(&idle, Self.get).actions,
            [.request(.init(sequence: 0, isStored: false, body: 0..<0)), .needsMore])
        claim(idle.order.place(Self.answer, at: 0), .sendNow)
        claim(idle.takeTraits(closes: false).closes, true)
        claim(Self.run(&idle, Self.get).actions, [.discard])
    }

    @Test func everyReasonHasItsOwnCounterAndAnAnswerableStatus() {
        #expect(Set(Refusal.all.map(\.index)) == Set(0..<Refusal.all.count))
        #expect(Set(Refusal.all.map(\.name)).count == Refusal.all.count)
        #expect(Refusal.all.count <= 48)
        for refusal in Refusal.all { #expect((400...599).contains(refusal.status), "\(refusal)") }
    }

    @Test func answersAreSentInOrderWhateverTheOrderTheyCome() {
        let seed: UInt64 = 11
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var order = AnswerOrder<UInt32>()
            var open: [UInt32] = []
            var sent: [UInt32] = []
            for _ in 0..<100 {
                if order.openCount < AnswerOrder<UInt32>.openCountMax, Bool.random(using: &random) {
                    open.append(order.open(.init(), tick: 0))
                } else if let sequence = open.randomElement(using: &random) {
                    open.removeAll { $0 == sequence }
                    if order.place(sequence, at: sequence) == .sendNow {
                        sent.append(sequence)
                        _ = order.takeTraits()
                        while let next = order.takeParked() {
                            sent.append(next)
                            _ = order.takeTraits()
                        }
                    }
                    #expect(order.place(sequence, at: sequence) == .stale)
                }
            }
            #expect(sent == Array(0..<UInt32(sent.count)))
        }
    }

    @Test func theWheelNamesEachEntryAtItsTick() {
        let seed: UInt64 = 12
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var wheel = DeadlineWheel()
        var expected: [Int32: UInt64] = [:]
        var named = 0
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<3:
                let id = wheel.add()
                #expect(expected[id] == nil)
                expected[id] = wheel.now + UInt64.random(in: 1...700, using: &random)
                wheel.set(id, to: expected[id] ?? 0)
            case 3:
                guard let id = expected.keys.randomElement(using: &random) else { continue }
                expected[id] = wheel.now + UInt64.random(in: 1...700, using: &random)
                wheel.set(id, to: expected[id] ?? 0)
            case 4:
                guard let id = expected.keys.randomElement(using: &random) else { continue }
                expected[id] = nil
                wheel.remove(id)
            default:
                let tick =
                    wheel.now + UInt64.random(in: 0...40, using: &random)
                    * (Int.random(in: 0..<50, using: &random) == 0 ? 20 : 1)
                var due: [Int32] = []
                wheel.advance(to: tick, due: &due)
                #expect(Set(due) == Set(expected.filter { $0.value <= tick }.keys))
                #expect(due.count == Set(due).count)
                named += due.count
                for id in due {
                    #expect(wheel.tick(of: id) == nil)
                    expected[id] = nil
                    wheel.remove(id)
                }
            }
        }
        #expect(named > 1_000)
    }

    @Test(arguments: [1, 7, 1_000]) func gzipUnpacksInPartsAndStopsAtItsBound(_ partBytes: Int) {
        let text = (0..<5_000).flatMap { Array("line \($0) of the body\n".utf8) }
        let packed = Gzip.pack(text)
        var output: [UInt8] = []
        var inflater = GzipInflater()
        var outcome = GzipInflater.Outcome.needsMore
        for start in stride(from: 0, to: packed.count, by: partBytes) {
            let part = Array(packed[start..<min(packed.count, start + partBytes)])
            outcome = inflater.inflate(part.span.bytes, into: &output, outputBytesMax: text.count)
        }
        #expect(outcome == .finished)
        #expect(output == text)
        var bounded: [UInt8] = []
        var second = GzipInflater()
        claim(second.inflate(packed.span.bytes, into: &bounded, outputBytesMax: text.count - 1), .tooLarge)
        #expect(bounded.count < text.count)
        let more = packed + [0]
        var third = GzipInflater()
        var rest: [UInt8] = []
        claim(third.inflate(more.span.bytes, into: &rest, outputBytesMax: text.count), .corrupt)
        claim(GzipInflater.hasMagic(packed.span.bytes), true)
        claim(GzipInflater.hasMagic(text.span.bytes), false)
    }

    @Test func aBombCostsItsBoundOnly() {
        let packed = Gzip.bomb(mebibytes: 16)
        var inflater = GzipInflater()
        var output: [UInt8] = []
        claim(inflater.inflate(packed.span.bytes, into: &output, outputBytesMax: 1 << 20), .tooLarge)
        #expect(output.count <= 1 << 20)
        claim(inflater.inflate(packed.span.bytes, into: &output, outputBytesMax: 1 << 20), .tooLarge)
        #expect(output.capacity <= 3 << 20)
    }

    @Test(arguments: ["a\r\nb", "a\nb", "a\rb", "a\0b", "a\u{1B}b", "a\u{7F}"]) func headersCannotBeSplit(
        _ value: String
    ) {
        var response = Self.answer
        let isAdded = response.addField("Set-Cookie", value)
        #expect(!isAdded)
        #expect(throws: ServingError.header(name: "Location")) {
            try ResponseTemplate(status: 302, headers: [("Location", value)])
        }
        #expect(throws: ServingError.header(name: value)) { try ResponseTemplate(status: 302, headers: [(value, "x")]) }
        let isPlainAdded = response.addField("Set-Cookie", "a=\tb")
        let isOwnAdded = response.addField("Content-Length", "5")
        #expect(isPlainAdded && !isOwnAdded)
    }
}

/// Expects equality. A function, since the macro cannot take apart calls on values that cannot be copied.
private func claim<Value: Equatable>(
    _ value: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(value == expected, sourceLocation: sourceLocation)
}

/// One connection's requests, which are given to its machine piece by piece.
private final class PiecewiseClient {
    private var machine: ConnectionStateMachine
    private(set) var unsent: [UInt8] = []
    private var inbound: [UInt8] = []
    /// Method, path and body of each request.
    private(set) var sent: [String] = []
    private(set) var read: [String] = []

    init(_ shared: SharedHeadParser) {
        machine = ConnectionStateMachine(limits: ConnectionStateMachine.Limits(), shared: shared, tick: 1)
    }

    func add(path: String, kind: Int) {
        let body = kind < 2 ? "" : "body of " + path
        let method = kind < 2 ? ["GET", "DELETE"][kind] : "POST"
        let framing =
            switch kind {
            case 2: "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            case 3: "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            default: "\r\n"
            }
        unsent += Array("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(framing)".utf8)
        sent.append("\(method) \(path) \(body)")
    }

    func deliver(_ count: Int) {
        inbound += unsent.prefix(count)
        unsent.removeFirst(min(count, unsent.count))
        while true {
            var consumed = 0
            let bytes = inbound
            let action = machine.read(bytes.span.bytes, tick: 1, consumed: &consumed)
            inbound.removeFirst(consumed)
            guard case .request(let whole) = action else { return }
            let head = whole.isStored ? machine.storedHead : bytes
            let body = whole.isStored ? machine.storedBody : Array(bytes[whole.body])
            let (method, path) = (machine.head.method.name, head[machine.head.path])
            read.append("\(method) \(String(decoding: path, as: UTF8.self)) \(String(decoding: body, as: UTF8.self))")
            machine.releaseStored()
            _ = machine.order.place(Response(ResponseTemplate(status: 400, sentence: "An answer.")), at: whole.sequence)
            _ = machine.takeTraits(closes: false)
        }
    }
}
