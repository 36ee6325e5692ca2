import Events
import RequestParsing

/// One request as a reader understood it: what must be equal for two readers to agree.
struct ReadRequest: Equatable, CustomStringConvertible {
    var method: String
    var target: String
    var headers: [String]
    var body: [UInt8] = []
    var description: String {
        let start = String(decoding: body.prefix(60), as: UTF8.self)
        return "\(method) \(target) \(headers) body \(body.count) \(String(reflecting: start))"
    }
}

/// Reads requests with the parsers under test, bytes coming in two parts.
struct OwnReader {
    private(set) var requests: [ReadRequest] = []
    private(set) var refusal: String?
    private(set) var rest = 0
    /// Where the targets stand in the input.
    private(set) var targets: [Range<Int>] = []
    /// The last request asked to close: nothing after it is read.
    private(set) var isClosed = false

    /// `cut` is where the first part ends.
    init(_ bytes: [UInt8], cut: Int) {
        var parser = RequestHeadParser()
        var start = 0
        var isFirst = true
        while start < bytes.count, !isClosed {
            let all = bytes.span.bytes.extracting(start..<bytes.count)
            parser.reset()
            var progress = RequestHeadParser.Progress.needsMore
            if isFirst || cut > start, cut >= start {
                progress = parser.parse(all.extracting(first: max(0, cut - start)))
            }
            isFirst = false
            if progress == .needsMore { progress = parser.parse(all) }
            guard progress == .complete else {
                if case .refused(let error) = progress { refusal = "\(error)" }
                break
            }
            let head = parser.head
            var request = ReadRequest(method: "\(head.method.name)", target: Self.target(head, all), headers: [])
            for index in 0..<head.fieldCount {
                let field = head.field(index)
                request.headers.append(all.extracting(field.name).text + "=" + all.extracting(field.value).text)
            }
            guard let end = Self.body(head, all, cut: cut - start, into: &request.body, refusal: &refusal) else {
                break
            }
            requests.append(request)
            isClosed = !head.keepsAlive
            targets.append(start + head.path.lowerBound..<start + max(head.path.upperBound, head.query.upperBound))
            start += end
        }
        rest = bytes.count - start
    }

    private static func target(_ head: RequestHead, _ bytes: RawSpan) -> String {
        let end =
            head.query.isEmpty && bytes.byte(at: head.path.upperBound) != UInt8(ascii: "?")
            ? head.path.upperBound : head.query.upperBound
        return bytes.extracting(head.path.lowerBound..<end).text
    }

    /// Where the request ends; nil when its body is not whole or is refused.
    private static func body(
        _ head: RequestHead, _ bytes: RawSpan, cut: Int, into body: inout [UInt8], refusal: inout String?
    ) -> Int? {
        guard head.isChunked else {
            let end = head.byteCount + min(head.contentLength ?? 0, 1 << 30)
            guard end <= bytes.byteCount else { return nil }
            body = bytes.extracting(head.byteCount..<end).array
            return end
        }
        var decoder = ChunkedDecoder(bodyBytesMax: 1 << 20)
        var offset = head.byteCount
        let middle = min(max(cut, offset), bytes.byteCount)
        for part in [middle, bytes.byteCount] {
            reading: while true {
                switch decoder.next(bytes.extracting(first: part), from: &offset) {
                case .data(let range): body += bytes.extracting(range).array
                case .end: return offset
                case .needsMore: break reading
                case .refused(let error):
                    refusal = "\(error)"
                    return nil
                }
            }
        }
        return nil
    }
}
