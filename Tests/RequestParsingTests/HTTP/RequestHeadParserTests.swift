import Events
import RequestParsing
import Testing

@Suite struct RequestHeadParserTests {
    private static func verdict(_ text: String, limits: HeadLimits = HeadLimits()) -> RequestHeadParser.Progress {
        var parser = RequestHeadParser(limits: limits)
        let bytes = Array(text.utf8)
        return parser.parse(bytes.span.bytes)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", HeadError.bareLineFeed), ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .bareCarriageReturn),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .requestLine),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", .controlCharacter),
        ("GET /\u{7F} HTTP/1.1\r\n", .controlCharacter),
        ("GET /\t HTTP/1.1\r\n", .controlCharacter), ("GET  / HTTP/1.1\r\n", .requestLine),
        ("GET /a b HTTP/1.1\r\n", .requestLine),
        ("GET /\r\n", .requestLine), ("GET / HTTP/1.1 \r\n", .requestLine), ("G@T / HTTP/1.1\r\n", .requestLine),
        ("GET http://a/ HTTP/1.1\r\n", .target), ("OPTIONS * HTTP/1.1\r\n", .target),
        ("CONNECT a:1 HTTP/1.1\r\n", .target),
        ("TRACE / HTTP/1.1\r\n", .method), ("get / HTTP/1.1\r\n", .method), ("GET / HTTP/2.0\r\n", .version),
        ("GET / HTTP/1.2\r\n", .version), ("GET / http/1.1\r\n", .requestLine), ("GET / HTTP/1.10\r\n", .requestLine),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .folding), ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", .folding),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .fieldName), ("GET / HTTP/1.1\r\n: a\r\n\r\n", .fieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .fieldName), ("GET / HTTP/1.1\r\nHöst: a\r\n\r\n", .fieldName),
        ("GET / HTTP/1.1\r\n\r\n", .hostMissing), ("GET / HTTP/1.1\r\nHost: a\r\nHOST: a\r\n\r\n", .hostRepeated),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host), ("GET / HTTP/1.1\r\nContent-Length: +1\r\n", .contentLength),
        ("GET / HTTP/1.1\r\nContent-Length:\r\n", .contentLength),
        ("GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n", .contentLength),
        ("GET / HTTP/1.1\r\nContent-Length: 9999999999999999999\r\n", .contentLength),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", .contentLengthRepeated),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", .transferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n", .transferEncoding),
        ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", .transferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", .transferEncodingRepeated),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", .bothFramings),
        ("GET / HTTP/1.1\r\nExpect: 200-ok\r\n", .expectation),
    ]) func whatFramesAMessageIsStrict(_ text: String, _ expected: HeadError) {
        #expect(Self.verdict(text) == .refused(expected))
    }

    @Test func limitsHoldExactly() {
        let limits = HeadLimits(requestLineBytesMax: 40, fieldBytesMax: 40, listBytesMax: 100, fieldCountMax: 3)
        func head(target: Int, field: Int) -> String {
            "GET /" + String(repeating: "a", count: target - 1) + " HTTP/1.1\r\nHost: a\r\nX:"
                + String(repeating: "b", count: field - 2) + "\r\n\r\n"
        }
        #expect(Self.verdict(head(target: 27, field: 40), limits: limits) == .complete)
        #expect(Self.verdict(head(target: 28, field: 40), limits: limits) == .refused(.requestLineTooLong))
        #expect(Self.verdict(head(target: 27, field: 41), limits: limits) == .refused(.fieldTooLong))
        let fields = "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n"
        #expect(Self.verdict(fields + "\r\n", limits: limits) == .complete)
        #expect(Self.verdict(fields + "C: 3\r\n\r\n", limits: limits) == .refused(.tooManyFields))
        let long = "X: " + String(repeating: "c", count: 36) + "\r\n"
        let list = "GET / HTTP/1.1\r\nHost: a\r\n" + long + long
        #expect(Self.verdict(list + long + "\r\n", limits: limits) == .refused(.listTooLong))
        #expect(Self.verdict(String(repeating: "x", count: 41), limits: limits) == .refused(.requestLineTooLong))
        #expect(Self.verdict(String(repeating: "x", count: 40), limits: limits) == .needsMore)
    }

    @Test func aHundredFieldsPassAndAHundredAndOneDoNot() {
        let fields = (0..<99).map { "X-\($0): v\r\n" }.joined()
        #expect(Self.verdict("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n") == .complete)
        #expect(Self.verdict("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "Y: v\r\n\r\n") == .refused(.tooManyFields))
    }

    @Test(arguments: KnownHeader.allCases) func everyKnownHeaderIsRecognisedInAnyCase(_ header: KnownHeader) {
        for name in ["\(header.name)", "\(header.name)".uppercased()] {
            let bytes = Array(name.utf8)
            #expect(KnownHeader.recognise(bytes.span.bytes) == header)
            var other = bytes
            other[other.count - 1] = UInt8(ascii: "0")
            #expect(KnownHeader.recognise(other.span.bytes) != header)
        }
        #expect(Int(header.rawValue) < KnownHeader.count)
        #expect(KnownHeader.allCases.count == KnownHeader.count)
    }

    @Test func knownHeadersAreFoundAndRepeatedOnesReached() {
        let text =
            "GET /p?a?b HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nX: y\r\ncookie:b=2\r\nCOOKIE: c=3\r\nDNT: 1\r\n\r\n"
        let bytes = Array(text.utf8)
        let span = bytes.span.bytes
        var parser = RequestHeadParser()
        #expect(parser.parse(span) == .complete)
        let head = parser.head
        #expect(span.extracting(head.path).text == "/p")
        #expect(span.extracting(head.query).text == "a?b")
        #expect(head.value(.cookie).map { span.extracting($0).text } == "a=1")
        #expect(
            head.joinedValues(.cookie, separator: "; ", in: span).map { String(decoding: $0, as: UTF8.self) }
                == "a=1; b=2; c=3")
        #expect(head.joinedValues(.doNotTrack, separator: "; ", in: span) == nil)
        #expect(head.value(.referer) == nil)
        parser.reset()
        #expect(parser.parse(span) == .complete)
        #expect(parser.head.isRepeated(.cookie))
        #expect(!parser.head.isRepeated(.host))
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: a\r\n", true), ("HTTP/1.1\r\nHost: a\r\nConnection: x , CLOSE\r\n", false),
        ("HTTP/1.0\r\n", false),
        ("HTTP/1.0\r\nConnection: Keep-Alive\r\n", true),
        ("HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n", false),
    ]) func connectionHeaderDecidesOverKeepAlive(_ rest: String, _ expected: Bool) {
        var parser = RequestHeadParser()
        let bytes = Array(("GET / " + rest + "\r\n").utf8)
        #expect(parser.parse(bytes.span.bytes) == .complete)
        #expect(parser.head.keepsAlive == expected)
    }

    @Test func aHeadInSingleBytesReadsLikeAWholeOne() {
        let bytes = Array(("GET /" + String(repeating: "a", count: 8_000) + "?b HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
        var parser = RequestHeadParser()
        for count in 1..<bytes.count where parser.parse(bytes.span.bytes.extracting(first: count)) != .needsMore {
            Issue.record("ended after \(count) bytes")
        }
        #expect(parser.parse(bytes.span.bytes) == .complete)
        #expect(parser.head.path == 4..<8_005)
        #expect(parser.head.byteCount == bytes.count)
    }
}
