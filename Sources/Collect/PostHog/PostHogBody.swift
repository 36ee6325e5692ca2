internal import Events
internal import RequestParsing

/// Finds the JSON of a request.
///
///     body {…} or […]              as it is
///     body data=…, query data=…    a form's value: JSON, or base64 of it
///     any other body               base64
enum PostHogBody {
    enum Form {
        case body, decoded
        case refused(Rejection)
    }

    static func form(_ request: borrowing ForeignRequest, into decoded: inout [UInt8]) -> Form {
        let body = request.body
        if let packing = value("compression", in: request.query),
            request.query.extracting(packing).equalsIgnoringCase("lz64")
        {
            return .refused(.invalidField)
        }
        if startsAsJSON(body) { return .body }
        if body.byteCount == 0 {
            guard let data = value("data", in: request.query), !data.isEmpty else { return .refused(.emptyBody) }
            return decode(request.query.extracting(data), into: &decoded)
        }
        if let packing = value("compression", in: body), body.extracting(packing).equalsIgnoringCase("lz64") {
            return .refused(.invalidField)
        }
        guard let data = value("data", in: body) else { return decode(body, into: &decoded) }
        return decode(body.extracting(data), into: &decoded)
    }

    /// A plus stands for itself in base64 that was not encoded, and for a space in JSON.
    private static func decode(_ source: RawSpan, into decoded: inout [UInt8]) -> Form {
        var text: [UInt8] = []
        PercentDecoding.append(source, plusIsSpace: false, to: &text)
        if startsAsJSON(text.span.bytes) {
            PercentDecoding.append(source, plusIsSpace: true, to: &decoded)
            return .decoded
        }
        guard Base64URL.append(text.span.bytes, to: &decoded), startsAsJSON(decoded.span.bytes) else {
            return .refused(.invalidJSON)
        }
        return .decoded
    }

    /// The value of a pair of a query or form, still encoded.
    static func value(_ name: StaticString, in source: RawSpan) -> Range<Int>? {
        var pairs = QueryPairs(source)
        while let pair = pairs.next() {
            if source.extracting(pair.key).equals(name) { return pair.value }
        }
        return nil
    }

    private static func startsAsJSON(_ text: RawSpan) -> Bool {
        for offset in 0..<text.byteCount {
            switch text.byte(at: offset) {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): return true
            default: return false
            }
        }
        return false
    }
}
