import Events
import RequestParsing
import Testing

@Suite struct ChunkedDecoderTests {
    private static func decode(_ text: String, partBytes: Int, bodyBytesMax: Int = 100) -> (
        String, ChunkedDecoder.Event, Int
    ) {
        let bytes = Array(text.utf8)
        var decoder = ChunkedDecoder(bodyBytesMax: bodyBytesMax)
        var body: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let part = bytes.span.bytes.extracting(start..<min(bytes.count, start + partBytes))
            var offset = 0
            reading: while true {
                let event = decoder.next(part, from: &offset)
                switch event {
                case .data(let range): body += part.extracting(range).array
                case .needsMore: break reading
                case .end, .refused: return (String(decoding: body, as: UTF8.self), event, start + offset)
                }
            }
            start += part.byteCount
        }
        return (String(decoding: body, as: UTF8.self), .needsMore, bytes.count)
    }

    @Test func dataAndEndAreTheSameInPartsOfEverySize() {
        let text = "5\r\nhello\r\n1\r\n,\r\n0000A\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1"
        for partBytes in 1...text.utf8.count {
            let (body, event, used) = Self.decode(text, partBytes: partBytes)
            #expect(body == "hello,0123456789")
            #expect(event == .end)
            #expect(used == text.utf8.count - 14)
        }
    }

    @Test(arguments: [
        ("5;a=b\r\nhello\r\n0\r\n\r\n", ChunkError.lineEnd), ("5 \r\nhello\r\n", .lineEnd), ("5\nhello\r\n", .lineEnd),
        ("\r\nhello\r\n", .size), ("g\r\n", .size), ("-1\r\n", .size), ("0x5\r\nhello\r\n", .lineEnd),
        ("000000005\r\n", .sizeTooLong),
        ("5\rXhello", .lineEnd), ("5\r\nhelloX", .dataEnd), ("5\r\nhello\rX", .dataEnd), ("5\r\nhello\n", .dataEnd),
        ("0\r\nTrailer: x\r\n\r\n", .trailer), ("0\r\n\rX", .trailer), ("0\r\n\n", .trailer), ("65\r\n", .tooLarge),
        ("ffffffff\r\n", .tooLarge),
        ("40\r\n" + String(repeating: "a", count: 64) + "\r\n25\r\n", .tooLarge),
    ]) func anythingElseIsRefused(_ text: String, _ expected: ChunkError) {
        for partBytes in [1, 3, text.utf8.count] {
            #expect(Self.decode(text, partBytes: partBytes).1 == .refused(expected))
        }
    }

    @Test func theBoundItselfPasses() {
        let (body, event, _) = Self.decode(
            "64\r\n" + String(repeating: "a", count: 100) + "\r\n0\r\n\r\n", partBytes: 7)
        #expect(body.count == 100)
        #expect(event == .end)
    }
}
