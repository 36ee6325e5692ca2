internal import Events

/// Reads request heads: strict in what frames a message, tolerant in bytes. It goes on where it stopped when more
/// bytes arrive, keeps offsets only and allocates nothing.
///
/// Grammar (RFC 9112, narrowed where readers of HTTP disagree with each other):
/// - lines end in CRLF and nothing else; no empty line before the request line;
/// - request line: method, one space, origin-form target, one space, `HTTP/1.0` or `HTTP/1.1`;
/// - a header is a token, a colon directly after it, and a value; no folding;
/// - HTTP/1.1 has exactly one Host, HTTP/1.0 at most one;
/// - at most one Content-Length, of digits only; or exactly one Transfer-Encoding, which is `chunked`, in HTTP/1.1;
///   never both;
/// - control characters are refused everywhere (a tab may stand in a header's value), a space in the target; any other
///   byte passes, since raw UTF-8, `|` and `{` occur in real events.
///
/// The verdict does not depend on how the bytes were split. Life cycle: `parse` with the request's bytes from its
/// first one on, each time more of them, until it says `.complete` or `.refused`; then `reset`.
package struct RequestHeadParser: Sendable {
    package enum Progress: Equatable, Sendable {
        case needsMore
        case complete
        case refused(HeadError)
    }

    package let limits: HeadLimits
    /// What has been read; whole once `parse` said `.complete`.
    package internal(set) var head = RequestHead()
    private var hasRequestLine = false
    /// Where the line being read begins, and how far it has been searched for its end.
    private var lineStart = 0
    private var scanned = 0
    private var listStart = 0

    package init(limits: HeadLimits = HeadLimits()) { self.limits = limits }

    /// One that has read `head`, which another decoder made.
    package init(limits: HeadLimits, head: RequestHead) {
        self.limits = limits
        self.head = head
    }

    /// Makes ready for the next request of the connection.
    package mutating func reset() {
        head.reset()
        hasRequestLine = false
        lineStart = 0
        scanned = 0
        listStart = 0
    }

    /// Reads on in `bytes`, which begin with the request's first byte and have only grown since the last call.
    /// O(new bytes).
    package mutating func parse(_ bytes: RawSpan) -> Progress {
        var ends = LineEnds()
        while true {
            let lineMax = hasRequestLine ? limits.fieldBytesMax : limits.requestLineBytesMax
            let searchEnd = min(bytes.byteCount, lineStart + lineMax + 1)
            scanned = ends.next(in: bytes, from: scanned, to: searchEnd, passesTab: hasRequestLine)
            guard scanned < searchEnd else {
                if scanned - lineStart > lineMax {
                    return .refused(hasRequestLine ? .fieldTooLong : .requestLineTooLong)
                }
                return .needsMore
            }
            let stop = bytes.byte(at: scanned)
            guard stop == LineScan.carriageReturn else {
                return .refused(stop == LineScan.lineFeed ? .bareLineFeed : .controlCharacter)
            }
            guard scanned + 1 < bytes.byteCount else { return .needsMore }
            guard bytes.byte(at: scanned + 1) == LineScan.lineFeed else { return .refused(.bareCarriageReturn) }
            let line = lineStart..<scanned
            let next = scanned + 2
            if hasRequestLine, next - listStart - 2 > limits.listBytesMax { return .refused(.listTooLong) }
            do throws(HeadError) {
                if !hasRequestLine {
                    try readRequestLine(bytes, line)
                    hasRequestLine = true
                    listStart = next
                } else if line.isEmpty {
                    head.byteCount = next
                    try finish(bytes)
                    return .complete
                } else {
                    try readField(bytes, line)
                }
            } catch {
                return .refused(error)
            }
            lineStart = next
            scanned = next
        }
    }

    private mutating func readRequestLine(_ bytes: RawSpan, _ line: Range<Int>) throws(HeadError) {
        let methodEnd = LineScan.first(LineScan.space, in: bytes, from: line.lowerBound, to: line.upperBound)
        guard methodEnd < line.upperBound, methodEnd > line.lowerBound,
            LineScan.isToken(bytes, line.lowerBound..<methodEnd)
        else { throw .requestLine }
        let targetStart = methodEnd + 1
        let targetEnd = LineScan.first(LineScan.space, in: bytes, from: targetStart, to: line.upperBound)
        guard targetEnd < line.upperBound, targetEnd > targetStart else { throw .requestLine }
        let version = targetEnd + 1..<line.upperBound
        head.minorVersion = try Self.minorVersion(bytes, version)
        guard bytes.byte(at: targetStart) == UInt8(ascii: "/") else { throw .target }
        head.method = try Self.method(bytes, line.lowerBound..<methodEnd)
        let mark = LineScan.first(UInt8(ascii: "?"), in: bytes, from: targetStart, to: targetEnd)
        head.path = targetStart..<mark
        head.query = min(mark + 1, targetEnd)..<targetEnd
    }

    private static func method(_ bytes: RawSpan, _ range: Range<Int>) throws(HeadError) -> HTTPMethod {
        let name = bytes.extracting(range)
        let candidate: HTTPMethod
        switch (name.byteCount, name.byte(at: 0)) {
        case (3, UInt8(ascii: "G")): candidate = .get
        case (3, _): candidate = .put
        case (4, UInt8(ascii: "H")): candidate = .head
        case (4, _): candidate = .post
        case (5, _): candidate = .patch
        case (6, _): candidate = .delete
        case (7, _): candidate = .options
        default: throw .method
        }
        guard name.equals(candidate.name) else { throw .method }
        return candidate
    }

    private static func minorVersion(_ bytes: RawSpan, _ range: Range<Int>) throws(HeadError) -> UInt8 {
        let version = bytes.extracting(range)
        guard version.byteCount == 8, version.extracting(first: 5).equals("HTTP/"),
            ASCII.isDigit(version.byte(at: 5)), version.byte(at: 6) == UInt8(ascii: "."),
            ASCII.isDigit(version.byte(at: 7))
        else { throw .requestLine }
        let minor = version.byte(at: 7) &- UInt8(ascii: "0")
        guard version.byte(at: 5) == UInt8(ascii: "1"), minor <= 1 else { throw .version }
        return minor
    }

    private mutating func readField(_ bytes: RawSpan, _ line: Range<Int>) throws(HeadError) {
        guard head.fieldCount < limits.fieldCountMax else { throw .tooManyFields }
        let leading = bytes.byte(at: line.lowerBound)
        guard leading != LineScan.space, leading != LineScan.tab else { throw .folding }
        let colon = LineScan.endOfToken(bytes, from: line.lowerBound, to: line.upperBound)
        guard colon > line.lowerBound, colon < line.upperBound, bytes.byte(at: colon) == UInt8(ascii: ":") else {
            throw .fieldName
        }
        var start = colon + 1
        var end = line.upperBound
        while start < end, LineScan.isBlank(bytes.byte(at: start)) { start += 1 }
        while end > start, LineScan.isBlank(bytes.byte(at: end - 1)) { end -= 1 }
        let name = line.lowerBound..<colon
        let known = KnownHeader.recognise(bytes.extracting(name))
        if let known { try check(known, bytes.extracting(start..<end)) }
        head.append(name: name, value: start..<end, known: known)
    }

    /// Looks at the headers that frame the message or decide over the connection.
    @inline(__always)
    private mutating func check(_ header: KnownHeader, _ value: RawSpan) throws(HeadError) {
        switch header {
        case .host:
            guard head.value(.host) == nil else { throw .hostRepeated }
            guard LineScan.isHost(value) else { throw .host }
        case .contentLength:
            guard head.contentLength == nil else { throw .contentLengthRepeated }
            head.contentLength = try Self.decimal(value)
        case .transferEncoding:
            guard !head.isChunked else { throw .transferEncodingRepeated }
            guard value.equalsIgnoringCase("chunked"), head.minorVersion == 1 else { throw .transferEncoding }
            head.isChunked = true
        case .expect:
            guard value.equalsIgnoringCase("100-continue") else { throw .expectation }
            head.expectsContinue = head.minorVersion == 1
        default:
            break
        }
    }

    private static func decimal(_ value: RawSpan) throws(HeadError) -> Int {
        guard value.byteCount > 0, value.byteCount <= 18 else { throw .contentLength }
        var number = 0
        for index in 0..<value.byteCount {
            let byte = value.byte(at: index)
            guard ASCII.isDigit(byte) else { throw .contentLength }
            number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        return number
    }

    /// The checks that need the whole head.
    private mutating func finish(_ bytes: RawSpan) throws(HeadError) {
        if head.minorVersion == 1, head.value(.host) == nil { throw .hostMissing }
        if head.isChunked, head.contentLength != nil { throw .bothFramings }
        head.keepsAlive = head.minorVersion == 1
        guard head.value(.connection) != nil else { return }
        var asksToKeep = false
        var asksToClose = false
        head.forEachValue(.connection) { value in
            var elements = ListElements(value)
            while let element = elements.next(in: bytes) {
                if bytes.extracting(element).equalsIgnoringCase("close") { asksToClose = true }
                if bytes.extracting(element).equalsIgnoringCase("keep-alive") { asksToKeep = true }
            }
        }
        head.keepsAlive = !asksToClose && (head.keepsAlive || asksToKeep)
    }
}

/// Walks the elements of a comma-separated header value, without the white space around them; empty ones are passed
/// over. Quoted strings are not understood: none of the lists read here has them.
package struct ListElements: Sendable {
    private var offset: Int
    private let end: Int

    package init(_ value: Range<Int>) {
        offset = value.lowerBound
        end = value.upperBound
    }

    /// The next element's range in `bytes`; nil at the end.
    package mutating func next(in bytes: borrowing RawSpan) -> Range<Int>? {
        while offset < end {
            let comma = LineScan.first(UInt8(ascii: ","), in: bytes, from: offset, to: end)
            var start = offset
            var stop = comma
            offset = comma + 1
            while start < stop, LineScan.isBlank(bytes.byte(at: start)) { start += 1 }
            while stop > start, LineScan.isBlank(bytes.byte(at: stop - 1)) { stop -= 1 }
            if start < stop { return start..<stop }
        }
        return nil
    }
}
