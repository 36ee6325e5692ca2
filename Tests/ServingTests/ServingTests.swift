import Dispatch
import Events
import RequestParsing
import Serving
import Synchronization
import Testing

/// The server over real sockets.
@Suite(.serialized) struct ServingTests {
    static func get(_ path: String, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n"
    }

    @Test(arguments: ServingConfiguration.Parser.allCases)
    func deferredAnswersLeaveInRequestOrder(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send(
                Self.get("/later1") + Self.get("/now") + Self.get("/later2") + Self.get("/later3")
                    + Self.get("/release"))
            let texts = try (0..<5).map { _ in try client.answer().text }
            #expect(texts == ["/later1", "get /now  0", "/later2", "/later3", "released"])
            try client.send(Self.get("/again"))
            #expect(try client.answer().text == "get /again  0")
            #expect(listener.counts.requests == 6)
        }
    }

    @Test(arguments: ServingConfiguration.Parser.allCases)
    func theSeventeenthRequestWaitsForAnAnswer(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send((1...17).map { Self.get("/later\($0)") }.joined() + Self.get("/static"))
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/fence"))
            _ = try other.answer()
            // 16 were handed out before the fence or are about to be; the seventeenth never before an answer.
            try other.send(Self.get("/release"))
            _ = try other.answer()
            for number in 1...16 { #expect(try client.answer().text == "/later\(number)") }
            try other.send(Self.get("/release"))
            _ = try other.answer()
            #expect(try client.answer().text == "/later17")
            #expect(try client.answer().text == "GIF89a")
        }
    }

    @Test(arguments: ServingConfiguration.Parser.allCases)
    func continueIsSentOnlyWhenTheBodyIsAwaited(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.answer().status == 100)
            try client.send("hello")
            #expect(try client.answer().text == "hello")
            try client.send(
                Self.get("/later")
                    + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/fence"))
            _ = try other.answer()
            try other.send(Self.get("/release"))
            _ = try other.answer()
            #expect(try client.answer().text == "/later")
            #expect(try client.answer().status == 100)
            try client.send("ok")
            #expect(try client.answer().text == "ok")
        }
    }

    /// A turn reads many sockets before it works on any of their requests.
    @Test(arguments: ServingConfiguration.Parser.allCases)
    func requestsThatArriveTogetherStayWithTheirConnections(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            var random = SeededGenerator(seed: 7)
            var clients = try (0..<100).map { _ in try TestClient(port: listener.port) }
            for round in 0..<6 {
                var expected: [String] = []
                for place in clients.indices {
                    let body = String(
                        repeating: "\(round)/\(place) ",
                        count: Int.random(in: 1...(place % 10 == 0 ? 9_000 : 60), using: &random))
                    let request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    expected.append(body)
                    if place % 17 == round {
                        // Hangs up in the middle of its request; another comes in its place.
                        try clients[place].send(Array(request.utf8.prefix(request.utf8.count / 2)))
                        clients[place] = try TestClient(port: listener.port)
                    }
                    try clients[place].send(request)
                }
                for place in clients.indices { #expect(try clients[place].answer().text == expected[place]) }
            }
            #expect(listener.counts.requests == 600)
        }
    }

    @Test func bodiesArriveWholeInOddParts() async throws {
        try await withServer { listener in
            let request =
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n00a\r\n0123456789\r\n0\r\n\r\n"
                + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nwxyz"
            for partBytes in [1, 2, 3, 5, 8, 13, 21, 400] {
                let client = try TestClient(port: listener.port)
                let bytes = Array(request.utf8)
                for start in stride(from: 0, to: bytes.count, by: partBytes) {
                    try client.send(Array(bytes[start..<min(bytes.count, start + partBytes)]))
                }
                #expect(try client.answer().text == "abc0123456789")
                #expect(try client.answer().text == "wxyz")
            }
        }
    }

    @Test(arguments: ServingConfiguration.Parser.allCases)
    func gzipBodiesAreUnpackedAndBombsRefused(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let client = try TestClient(port: listener.port)
            let body = Gzip.pack(Array("hello, hello, hello".utf8))
            let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
            try client.send(Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
            #expect(try client.answer().text == "hello, hello, hello")
            try client.send(Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body.dropLast() + [0x55])
            #expect(try client.answer().status == 400)
            #expect(try client.readToEnd().isEmpty)
            let cut = try TestClient(port: listener.port)
            try cut.send(Array("\(head)Content-Length: \(body.count - 1)\r\n\r\n".utf8) + body.dropLast())
            #expect(try cut.answersToEnd().map(\.status) == [400])
            let double = try TestClient(port: listener.port)
            try double.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try double.answersToEnd().map(\.status) == [415])
            let bomb = try TestClient(port: listener.port)
            let packed = Gzip.bomb(mebibytes: 64)
            #expect(packed.count < 1 << 20)
            try bomb.send(Array("\(head)Content-Length: \(packed.count)\r\n\r\n".utf8))
            do { try bomb.send(packed) } catch { #expect(listener.counts.count(.bodyTooLarge) == 1) }
            #expect(try bomb.answersToEnd().map(\.status) == [413])
            #expect(listener.counts.count(.bodyTooLarge) == 1)
            #expect(listener.counts.count(.gzip) == 2)
        }
    }

    @Test func bodiesBeyondTheLimitAreRefusedBeforeTheyArrive() async throws {
        try await withServer({ $0.bodyBytesMax = 10 }) { listener in
            let exact = try TestClient(port: listener.port)
            try exact.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789")
            #expect(try exact.answer().text == "0123456789")
            for framing in [
                "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\n",
            ] {
                let client = try TestClient(port: listener.port)
                try client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + framing)
                #expect(try client.answersToEnd().map(\.status) == [413])
            }
        }
    }

    @Test(arguments: [
        ("GET / HT", Refusal.headTimeout), ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel", .bodyTimeout),
    ]) func slowSendersAreAnswered408(_ text: String, _ reason: Refusal) async throws {
        try await withServer({
            $0.headMilliseconds = 40
            $0.bodyMilliseconds = 40
        }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send(text)
            #expect(try client.answersToEnd().map(\.status) == [408])
            #expect(listener.counts.count(reason) == 1)
        }
    }

    @Test func theWholeRequestHasADeadlineAndSoHasTheResponder() async throws {
        try await withServer({ $0.requestMilliseconds = 40 }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
            #expect(try client.answersToEnd().map(\.status) == [408])
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/drop") + Self.get("/static"))
            #expect(try other.answersToEnd().map(\.status) == [503])
            #expect(listener.counts.count(.requestTimeout) == 1)
            #expect(listener.counts.count(.responderTimeout) == 1)
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await withServer({ $0.idleMilliseconds = 60 }) { listener in
            let client = try TestClient(port: listener.port)
            #expect(try client.readToEnd().isEmpty)
            #expect(listener.counts.count(.idleTimeout) == 1)
        }
    }

    /// The client is told though it takes nothing, and the system keeps nothing for it.
    @Test(arguments: ServingConfiguration.Parser.allCases, ["", "Connection: close\r\n"])
    func whoTakesNothingIsResetAtTheDeadline(_ parser: ServingConfiguration.Parser, _ header: String) async throws {
        try await withServer({
            $0.parser = parser
            $0.writeMilliseconds = 60
        }) { listener in
            let client = try TestClient(port: listener.port, receiveBytes: 4_096)
            try client.send(Self.get("/large", header))
            let watcher = try TestClient(port: listener.port)
            while listener.counts.count(.writeTimeout) == 0 {
                try watcher.send(Self.get("/static"))
                _ = try watcher.answer()
            }
            try watcher.send(Self.get("/static"))
            _ = try watcher.answer()
            #expect(!client.isConnected)
            #expect(try client.readToEnd().count < 8 << 20)
        }
    }

    /// Somebody on a slow line gets a large answer whole, though it takes longer than any one deadline; the last answer
    /// of a connection too.
    @Test(arguments: ["", "Connection: close\r\n"])
    func whoReadsSlowlyButReadsGetsAll(_ header: String) async throws {
        try await withServer({
            $0.writeMilliseconds = 600
            $0.lingerMilliseconds = 40
        }) { listener in
            let client = try TestClient(port: listener.port, receiveBytes: 4_096)
            try client.send(Self.get("/large", header))
            let watcher = try TestClient(port: listener.port)
            var next = 1 << 19
            while client.unread.count < 8 << 20 {
                guard try client.receive() else { break }
                guard client.unread.count >= next else { continue }
                // Every half megabyte the reader does something else for a quarter of the deadline.
                next += 1 << 19
                let start = SystemTimeSource().monotonic()
                while SystemTimeSource().monotonic().nanoseconds(since: start) < 150_000_000 {
                    try watcher.send(Self.get("/static"))
                    _ = try watcher.answer()
                }
            }
            #expect(try client.answer().body.count == 8 << 20)
            #expect(listener.counts.count(.writeTimeout) == 0)
        }
    }

    /// The server does not read on before its answers are taken: that must not count as a head or body that is slow.
    @Test(arguments: [
        ("GET /sta", "tic HTTP/1.1\r\nHost: a\r\n\r\n", "GIF89a"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", "llo", "hello"),
    ]) func aRequestBehindAnswersThatWaitHasTime(_ begun: String, _ rest: String, _ expected: String) async throws {
        try await withServer({
            $0.headMilliseconds = 40
            $0.bodyMilliseconds = 40
            $0.requestMilliseconds = 60
            // So that what is behind the answer is begun before that leaves.
            $0.unwrittenBytesMax = 16 << 20
        }) { listener in
            let client = try TestClient(port: listener.port, receiveBytes: 4_096)
            try client.send(Self.get("/large") + begun)
            let watcher = try TestClient(port: listener.port)
            let start = SystemTimeSource().monotonic()
            var isWhole = false
            // Others are served for several times as long as a request may take.
            while SystemTimeSource().monotonic().nanoseconds(since: start) < 300_000_000 {
                try watcher.send(Self.get("/static"))
                _ = try watcher.answer()
                if !isWhole { try client.send(rest) }
                isWhole = true
            }
            #expect(try client.answer().body.count == 8 << 20)
            #expect(try client.answer().text == expected)
            #expect(listener.counts.count(.headTimeout) == 0)
        }
    }

    @Test func whoDoesNotReadIsNotRead() async throws {
        try await withServer { listener in
            let client = try TestClient(port: listener.port, receiveBytes: 4_096)
            // Each 40 bytes ask for 8 MiB: without back-pressure a hundred would hold 800 MiB.
            try client.send((0..<100).map { _ in Self.get("/large") }.joined())
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/static"))
            _ = try other.answer()
            #expect(listener.counts.requests <= 17)
            #expect(listener.counts.bytesWritten <= 17 * (8 << 20) + 10_000)
        }
    }

    /// Large bodies are sent from where they are, as the reader takes them: nothing may be lost, doubled or moved.
    @Test(arguments: ServingConfiguration.Parser.allCases)
    func largeBodiesArriveWholeAmongSmallOnes(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let client = try TestClient(port: listener.port, receiveBytes: 16_384)
            // The first waits, so that all that follow leave at once: pieces of every kind behind each other.
            let paths =
                ["/later"] + (0..<3).flatMap { _ in ["/pattern", "/static", "/pattern"] } + ["/x", "/pattern", "/y"]
            try client.send((paths + ["/release"]).map { Self.get($0) }.joined())
            for path in paths {
                let answer = try client.answer()
                #expect(answer.status == 200)
                switch path {
                case "/pattern": #expect(answer.body == TestResponder.pattern)
                case "/static": #expect(answer.text == "GIF89a")
                case "/later": #expect(answer.text == "/later")
                default: #expect(answer.text == "get \(path)  0")
                }
            }
            #expect(try client.answer().text == "released")
            try client.send("HEAD /pattern HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get("/z"))
            #expect(try client.answer(hasBody: false).header("content-length") == "1000000")
            #expect(try client.answer().text == "get /z  0")
            try client.send(Self.get("/pattern", "Connection: close\r\n"))
            #expect(try client.answersToEnd().map(\.body) == [TestResponder.pattern])
        }
    }

    @Test func connectionsBeyondTheCapsAreAnswered503() async throws {
        try await withServer({ $0.connectionsPerAddressMax = 2 }) { listener in
            let first = try TestClient(port: listener.port)
            let second = try TestClient(port: listener.port)
            for client in [first, second] {
                try client.send(Self.get("/static"))
                #expect(try client.answer().status == 200)
            }
            let third = try TestClient(port: listener.port)
            #expect(try third.answersToEnd().map(\.status) == [503])
            let elsewhere = try TestClient(port: listener.port, source: "127.0.0.2")
            try elsewhere.send(Self.get("/static"))
            #expect(try elsewhere.answer().status == 200)
            #expect(listener.counts.count(.addressLimit) == 1)
        }
        try await withServer({ $0.connectionsMax = 1 }) { listener in
            let first = try TestClient(port: listener.port)
            try first.send(Self.get("/static"))
            _ = try first.answer()
            let second = try TestClient(port: listener.port)
            let answers = try second.answersToEnd()
            #expect(answers.map(\.status) == [503])
            #expect(answers.first?.header("connection") == "close")
            #expect(answers.first?.header("retry-after") == "1")
            #expect(listener.counts.count(.connectionLimit) == 1)
        }
    }

    @Test func connectionsHandedToALoopThatIsLateAreCounted() async throws {
        var configuration = ServingConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        configuration.connectionsMax = 1
        let loops = Mutex<[ServingLoop]>([])
        let listener = try await HTTPListener.start(configuration, loopCount: 2) { loop in
            loops.withLock { $0.append(loop) }
            return SilentResponder()
        }
        let goOn = DispatchSemaphore(value: 0)
        let late = try #require(loops.withLock { $0.first { $0.index == 1 } })
        late.execute { goOn.wait() }
        let clients = try (0..<20).map { _ in try TestClient(port: listener.port) }
        // Of the second loop's ten only one may wait for it: the first loop has closed all others.
        #expect(try clients.dropFirst(2).allSatisfy { try $0.readToEnd().isEmpty })
        #expect(listener.counts.count(.connectionLimit) == 18)
        goOn.signal()
        #expect(try clients[1].answersToEnd().map(\.status) == [503])
        _ = await listener.drain()
    }

    @Test(arguments: ServingConfiguration.Parser.allCases)
    func drainAnswersWhatIsInFlightAndClosesWhatIsIdle(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({
            $0.parser = parser
            $0.drainMilliseconds = 5_000
            $0.trustedProxies = []
        }) { listener in
            let idle = try TestClient(port: listener.port)
            try idle.send(Self.get("/static"))
            _ = try idle.answer()
            let busy = try TestClient(port: listener.port)
            try busy.send(Self.get("/later"))
            let half = try TestClient(port: listener.port)
            try half.send("POST /release HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try half.answer().status == 100)
            let report = Task { await listener.drain() }
            #expect(try idle.readToEnd().isEmpty)
            try half.send("ok")
            let release = try half.answersToEnd()
            #expect(release.map(\.text) == ["released"])
            #expect(release.first?.header("connection") == "close")
            let later = try busy.answersToEnd()
            #expect(later.map(\.text) == ["/later"])
            #expect(later.first?.header("connection") == "close")
            #expect(await report.value.cutOff == 0)
            #expect(throws: TestClientError.self) { try TestClient(port: listener.port) }
        }
    }

    @Test func drainCutsOffAtItsDeadline() async throws {
        try await withServer({ $0.drainMilliseconds = 30 }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send(Self.get("/drop") + Self.get("/static"))
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/static"))
            _ = try other.answer()
            #expect(await listener.drain().cutOff == 1)
            #expect(try client.readToEnd().isEmpty)
            #expect(listener.counts.connectionsOpen == 0)
        }
    }

    @Test(arguments: [
        ("127.0.0.1/32", "X-Forwarded-For: 6.6.6.6, 1.2.3.4:99\r\nX-Forwarded-Proto: https\r\n", "1.2.3.4 secure"),
        ("127.0.0.1/32", "X-Forwarded-For: 1.2.3.4\r\nX: y\r\nX-Forwarded-For: 127.0.0.1\r\n", "1.2.3.4 plain"),
        ("127.0.0.0/8", "X-Forwarded-For: 1.2.3.4, nonsense, 127.0.0.9\r\n", "127.0.0.9 plain"),
        ("127.0.0.0/8", "X-Forwarded-For: 127.0.0.7, 127.0.0.8\r\n", "127.0.0.7 plain"),
        ("127.0.0.1/32", "X-Forwarded-For: nonsense\r\nX-Forwarded-Proto: https, http\r\n", "127.0.0.1 plain"),
        ("127.0.0.1/32", "", "127.0.0.1 plain"),
        ("10.0.0.0/8", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n", "127.0.0.1 plain"),
    ]) func forwardedHeadersCountOnlyFromTrustedProxies(_ range: String, _ headers: String, _ expected: String)
        async throws
    {
        let trusted = try #require(CIDR(range))
        try await withServer({ $0.trustedProxies = [trusted] }) { listener in
            let client = try TestClient(port: listener.port)
            try client.send(Self.get("/who", headers))
            #expect(try client.answer().text == expected)
        }
    }

    @Test func versionsMethodsAndHeadersBehave() async throws {
        try await withServer { listener in
            let client = try TestClient(port: listener.port)
            try client.send(
                "HEAD /static HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n"
                    + Self.get("/static", "Range: bytes=0-1\r\n"))
            let head = try client.answer(hasBody: false)
            #expect(head.header("content-length") == "6")
            #expect(head.header("date")?.hasSuffix(" GMT") == true)
            #expect(try client.answer() == TestAnswer(status: 200, head: head.head, body: Array("GIF89a".utf8)))
            try client.send(
                "OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get("/cookies", "Cookie: a=1\r\nCookie: b=2\r\n"))
            #expect(try client.answer().text == "options /x  0")
            #expect(try client.answer().text == "a=1; b=2")
            try client.send(Self.get("/cookie?v=1") + Self.get("/last", "Connection: close\r\n") + Self.get("/never"))
            #expect(try client.answer().header("set-cookie") == "v=1")
            #expect(try client.answer().header("connection") == "close")
            #expect(try client.answersToEnd().isEmpty)
            let old = try TestClient(port: listener.port)
            try old.send(
                "GET /static HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                    + "GET /static HTTP/1.0\r\n\r\nGET /never HTTP/1.0\r\n\r\n"
            )
            let answers = try old.answersToEnd()
            #expect(answers.map { $0.header("connection") } == ["keep-alive", "close"])
        }
    }

    /// The system says once that bytes have come, and a read takes 32 KiB: what is left is found, and the end behind it.
    @Test(arguments: ServingConfiguration.Parser.allCases)
    func requestsOfAnyLengthAreReadToTheirEnd(_ parser: ServingConfiguration.Parser) async throws {
        try await withServer({ $0.parser = parser }) { listener in
            let piece = 32 << 10
            for bytes in [piece - 1, piece, piece + 1, 2 * piece, 4 * piece, 4 * piece + 1, 700_000] {
                // So many with the head, whose length has as many digits.
                let head = { (length: Int) in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n" }
                let length = bytes - head(bytes).utf8.count
                let body = String(repeating: "x", count: length)
                let client = try TestClient(port: listener.port)
                try client.send(head(length) + body)
                #expect(try client.answer().text == body)
                try client.send(head(length) + body)
                client.finishSending()
                #expect(try client.answersToEnd().map(\.text) == [body])
            }
            let many = try TestClient(port: listener.port)
            try many.send((1...3000).map { Self.get("/n\($0)") }.joined())
            many.finishSending()
            #expect(try many.answersToEnd().map(\.text) == (1...3000).map { "get /n\($0)  0" })
        }
    }

    @Test func aClientThatClosesItsSideStillGetsItsAnswer() async throws {
        try await withServer { listener in
            let client = try TestClient(port: listener.port)
            try client.send(Self.get("/later"))
            client.finishSending()
            let other = try TestClient(port: listener.port)
            try other.send(Self.get("/fence"))
            _ = try other.answer()
            try other.send(Self.get("/release"))
            _ = try other.answer()
            #expect(try client.answersToEnd().map(\.text) == ["/later"])
            let many = try TestClient(port: listener.port)
            try many.send((1...40).map { Self.get("/n\($0)") }.joined())
            many.finishSending()
            #expect(try many.answersToEnd().map(\.text) == (1...40).map { "get /n\($0)  0" })
            let half = try TestClient(port: listener.port)
            try half.send("GET /half HT")
            half.finishSending()
            #expect(try half.readToEnd().isEmpty)
            #expect(listener.counts.count(.truncated) == 1)
        }
    }
}
