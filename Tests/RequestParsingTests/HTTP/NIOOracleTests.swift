import Events
import NIOCore
import NIOEmbedded
import NIOHTTP1
import RequestParsing
import Testing

/// NIOHTTP1's decoder as the judge: what our parsers accept, it accepts with the same framing.
@Suite struct NIOOracleTests {
    static let corpus: [String] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /collect.gif?site=k&url=https%3A%2F%2Fshop.test HTTP/1.1\r\n"
            + "Host: shop.test:80\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
        "GET /a|b{c}?q=\"<>\\^`é#x?y#z HTTP/1.1\r\nHost:\t a \t\r\nX: \u{1F600} | {\r\nEmpty:\r\nBlank: \t \r\n\r\n",
        "HEAD /x?? HTTP/1.0\r\n\r\nGET /y HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "HEAD /x HTTP/1.1\r\nhost: a\r\n\r\nOPTIONS /y HTTP/1.1\r\nHOST: a\r\nOrigin: https://a.test\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n\r\n\r\n\r\nxGET /next HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0a\r\n0123456789\r\n0\r\n\r\n"
            + "GET /next HTTP/1.1\r\nHost: b\r\n\r\n",
        "PUT /c HTTP/1.1\r\nTransfer-Encoding: \tCHUNKED \r\nHost: a\r\n\r\n00000001\r\n\n\r\n000\r\n\r\n"
            + "DELETE /d HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
            + "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /u HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
            + "GET /next HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST /z HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close, x\r\n\r\n",
        "POST /z HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    /// What NIO reads, in parts cut at `cut`, until it refuses.
    static func oracle(_ bytes: [UInt8], cut: Int) -> [ReadRequest] {
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        for part in [bytes[..<cut], bytes[cut...]] where !part.isEmpty {
            do { try channel.writeInbound(ByteBuffer(bytes: part)) } catch { break }
        }
        var requests: [ReadRequest] = []
        var current: ReadRequest?
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                current = ReadRequest(
                    method: head.method.rawValue, target: head.uri,
                    headers: head.headers.map { $0.name + "=" + trimmed($0.value) })
            case .body(let buffer): current?.body += Array(buffer.readableBytesView)
            case .end(let trailers):
                if trailers != nil { current?.headers.append("(trailers)") }
                if let whole = current { requests.append(whole) }
                current = nil
            }
        }
        return requests
    }

    /// NIO leaves white space after a value in place; RFC 9112 5 takes it off.
    private static func trimmed(_ value: String) -> String {
        var bytes = Substring(value).utf8
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(Substring(bytes))
    }

    /// Nil when both agree on what ours accepted. NIO's copy of llhttp is built in its strict mode, which knows no
    /// bytes above 0x7F in a target, where ours passes them on purpose: both read an `x` in their place.
    static func disagreement(_ input: [UInt8], cut: Int) -> String? {
        var bytes = input
        for range in OwnReader(input, cut: cut).targets {
            for index in range where bytes[index] > 0x7F { bytes[index] = UInt8(ascii: "x") }
        }
        let own = OwnReader(bytes, cut: cut)
        let judge = oracle(bytes, cut: cut)
        for (index, request) in own.requests.enumerated() {
            guard index < judge.count else { return "NIO does not read request \(index): \(request)" }
            guard request == judge[index] else { return "request \(index): ours \(request), NIO's \(judge[index])" }
        }
        return nil
    }

    @Test(arguments: corpus) func corpusIsAcceptedByBothAtEverySplitPoint(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = OwnReader(bytes, cut: 0)
        #expect(whole.refusal == nil)
        #expect(whole.rest == 0 || whole.isClosed)
        for cut in 0...bytes.count {
            let split = OwnReader(bytes, cut: cut)
            #expect(split.requests == whole.requests, "cut at \(cut)")
            if let difference = Self.disagreement(bytes, cut: cut) {
                Issue.record("cut at \(cut): \(difference)")
                return
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedInputIsNeverReadDifferentlyFromNIO(_ seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for round in 0..<2_500 {
            let bytes = Self.mutated(&random)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let whole = OwnReader(bytes, cut: 0)
            let split = OwnReader(bytes, cut: cut)
            accepted += whole.requests.count
            #expect(
                split.requests == whole.requests && split.refusal == whole.refusal,
                "seed \(seed) round \(round) cut \(cut)")
            if let difference = Self.disagreement(bytes, cut: cut) {
                Issue.record(
                    "seed \(seed) round \(round) \(String(decoding: bytes, as: UTF8.self).debugDescription): \(difference)"
                )
                return
            }
        }
        #expect(accepted > 1_000)
    }

    private static let tokens = [
        "\r\n", "\n", "\r", " ", "\t", ":", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n",
        "0\r\n\r\n", ";x=1",
        "HTTP/1.1", "HTTP/1.0", "GET ", "\u{0}", "\u{7F}", "é", "chunked", ", ", "5", "+5", "0x5", "a",
        "Expect: 100-continue\r\n", "\u{80}",
    ]

    private static func mutated(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array((corpus.randomElement(using: &random) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: (tokens.randomElement(using: &random) ?? "").utf8, at: place)
            case 3:
                let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default:
                let other = Array((corpus.randomElement(using: &random) ?? "").utf8)
                let start = Int.random(in: 0...other.count, using: &random)
                bytes.replaceSubrange(place..., with: other[start...])
            }
        }
        return bytes
    }
}
