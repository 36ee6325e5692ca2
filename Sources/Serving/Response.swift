internal import Events
internal import RequestParsing

/// Status line, headers and body that never change, made once and shared by all answers that use them. Content-Length
/// is added here (not for 204 and 304); Date and Connection are added as the answer leaves.
package final class ResponseTemplate: Sendable {
    package let status: UInt16
    /// From the status line to the last header's CRLF, without the empty line.
    let head: [UInt8]
    let body: [UInt8]

    /// - Throws: `ServingError.header` where a name is no token or a value holds CR, LF, NUL or another control
    ///   character.
    package convenience init(
        status: UInt16, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) throws(ServingError) {
        var head = Self.statusLine(status)
        for (name, value) in headers {
            let value = Array(value.utf8)
            guard ResponseField.append(Array(name.utf8).span.bytes, value.span.bytes, to: &head) else {
                throw .header(name: name)
            }
        }
        self.init(status: status, checkedHead: head, body: body)
    }

    /// A short text, never stored by caches: what a refusal is answered with.
    package convenience init(status: UInt16, sentence: StaticString) {
        var head = Self.statusLine(status)
        let lines: StaticString =
            "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        lines.withUTF8Buffer { head.append(contentsOf: $0) }
        if status == 503 { head.append(contentsOf: "Retry-After: 1\r\n".utf8) }
        var body: [UInt8] = []
        sentence.withUTF8Buffer { body.append(contentsOf: $0) }
        body.append(0x0A)
        self.init(status: status, checkedHead: head, body: body)
    }

    private init(status: UInt16, checkedHead: [UInt8], body: [UInt8]) {
        var head = checkedHead
        let hasBody = status >= 200 && status != 204 && status != 304
        if hasBody { head.append(contentsOf: "Content-Length: \(body.count)\r\n".utf8) }
        self.status = status
        self.head = head
        self.body = hasBody ? body : []
    }

    private static func statusLine(_ status: UInt16) -> [UInt8] {
        let status = min(max(status, 200), 599)
        return Array("HTTP/1.1 \(status) \(reason(status))\r\n".utf8)
    }

    private static func reason(_ status: UInt16) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 204: "No Content"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}

/// One answer: a template, and header lines of its own where it needs some (a cookie, an allowed origin). With none it
/// costs no allocation.
package struct Response: Sendable {
    package let template: ResponseTemplate
    /// Checked lines, each with its CRLF.
    private(set) var fields: [UInt8] = []
    /// The connection closes after this answer.
    package var closes = false

    package init(_ template: ResponseTemplate) { self.template = template }

    /// An answer made for one request; allocates. For what repeats, keep a template.
    package init(status: UInt16, headers: [(name: String, value: String)] = [], body: [UInt8] = []) throws(ServingError)
    {
        template = try ResponseTemplate(status: status, headers: headers, body: body)
    }

    /// Adds a header line. False, and nothing added, where `value` holds CR, LF, NUL or another control character, or
    /// `name` is no token.
    @discardableResult
    package mutating func addField(_ name: StaticString, _ value: RawSpan) -> Bool {
        var line: [UInt8] = []
        name.withUTF8Buffer { line.append(contentsOf: $0) }
        return ResponseField.append(line.span.bytes, value, to: &fields)
    }

    /// The same for a string.
    @discardableResult
    package mutating func addField(_ name: StaticString, _ value: String) -> Bool {
        let bytes = Array(value.utf8)
        return addField(name, bytes.span.bytes)
    }

    /// Adds the header lines of another answer, which were checked when they came into it. No allocation where this one
    /// has none yet.
    package mutating func addFields(of other: Response) {
        if fields.isEmpty { fields = other.fields } else { fields += other.fields }
    }
}

/// The only place where header lines are written: nothing that comes from a request can begin a line of its own.
enum ResponseField {
    private static let ownNames: [StaticString] = ["content-length", "transfer-encoding", "connection", "date"]

    /// Appends `name: value` CRLF; false, and nothing appended, where either may not stand in a header, or where the
    /// header is one Serving writes itself.
    static func append(_ name: RawSpan, _ value: RawSpan, to lines: inout [UInt8]) -> Bool {
        guard name.byteCount > 0 else { return false }
        for index in 0..<name.byteCount where !HTTPBytes.isToken(name.byte(at: index)) { return false }
        for own in ownNames where name.equalsIgnoringCase(own) { return false }
        for index in 0..<value.byteCount where !HTTPBytes.isFieldValue(value.byte(at: index)) { return false }
        name.withUnsafeBytes { lines.append(contentsOf: $0) }
        lines.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: " ")])
        value.withUnsafeBytes { lines.append(contentsOf: $0) }
        lines.append(contentsOf: [0x0D, 0x0A])
        return true
    }
}
