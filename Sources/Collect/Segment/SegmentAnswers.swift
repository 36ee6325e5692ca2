internal import Events
internal import RequestParsing

/// What Segment's and RudderStack's clients hear. RudderStack's take 200 only for success, and of a failure want
/// `code` and `message`, or they ask again without end.
enum SegmentAnswers {
    static let success: StaticString = "{\"success\":true}"

    static func calls(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, _ reason: Rejection?,
        into answer: inout ForeignAnswer
    ) {
        if outcome.refused > 0, outcome.status != .unavailable {
            answer.headers.append(("x-segment-dropped", "\(outcome.refused)"))
        }
        if outcome.status == .unavailable {
            answer.headers.append(("Retry-After", "1"))
            return fail(503, "busy", into: &answer)
        }
        // An image can do nothing with a status.
        if request.action & Segment.pixelBit != 0 { return answer.content = .pixel }
        if outcome.status == .refused, let reason, SegmentFields.status(of: reason) != 200 {
            return fail(SegmentFields.status(of: reason), reason.rawValue, into: &answer)
        }
        answer.json(success)
    }

    private static func fail(_ status: UInt16, _ message: String, into answer: inout ForeignAnswer) {
        answer.status = status
        answer.content = .json
        answer.body = Array("{\"code\":\(status),\"message\":\"\(message)\",\"success\":false}".utf8)
    }

    // MARK: what scripts ask before they send

    private static let settingsBefore: StaticString = "/v1/projects/"
    private static let settingsBehind: StaticString = "/settings"

    /// The key in `/v1/projects/KEY/settings`; nil for every other path.
    static func key(ofSettings path: RawSpan) -> Range<Int>? {
        let before = settingsBefore.utf8CodeUnitCount
        let behind = settingsBehind.utf8CodeUnitCount
        let end = path.byteCount - behind
        guard end > before, path.extracting(first: before).equals(settingsBefore),
            path.extracting(end..<path.byteCount).equals(settingsBehind),
            path.firstOffset(of: UInt8(ascii: "/"), in: before..<end) == nil
        else { return nil }
        return before..<end
    }

    /// Nothing is switched on but the calls to here. A page that is served without TLS is told to send without.
    static func settings(_ request: borrowing ForeignRequest, into answer: inout ForeignAnswer) {
        let path = request.path
        var key: [UInt8] = []
        if let range = SegmentAnswers.key(ofSettings: path) {
            PercentDecoding.appendText(path.extracting(range), plusIsSpace: false, to: &key)
        }
        answer.content = .json
        answer.body.append("{\"integrations\":{\"Segment.io\":{\"apiKey\":")
        SegmentJSON.append(quoted: key.span.bytes, to: &answer.body)
        if isHost(request.host) {
            var host: [UInt8] = []
            host.append(request.host, 0..<request.host.byteCount)
            host.append(request.prefix, 0..<request.prefix.byteCount)
            host.append("/v1")
            answer.body.append(",\"apiHost\":")
            SegmentJSON.append(quoted: host.span.bytes, to: &answer.body)
            let referer = request.facts.referer
            if !request.facts.isSecure, referer.byteCount > 7, referer.extracting(first: 7).equals("http://") {
                answer.body.append(",\"protocol\":\"http\"")
            }
        }
        answer.body.append("}},\"plan\":{\"track\":{\"__default\":{\"enabled\":true,\"integrations\":{}}},")
        answer.body.append("\"identify\":{\"__default\":{\"enabled\":true}},")
        answer.body.append("\"group\":{\"__default\":{\"enabled\":true}}},")
        answer.body.append("\"edgeFunction\":{},\"metrics\":{\"sampleRate\":0},\"remotePlugins\":[]}")
    }

    /// A source without destinations. Its script wants id, config and destinations; those on telephones want the rest.
    static func config(_ request: borrowing ForeignRequest, into answer: inout ForeignAnswer) {
        guard let key = SegmentKey.stated(request), !key.isEmpty else {
            return fail(401, Rejection.missingSite.rawValue, into: &answer)
        }
        answer.content = .json
        for piece in ["{\"source\":{\"id\":", ",\"name\":", ",\"writeKey\":"] as [StaticString] {
            answer.body.append(piece)
            SegmentJSON.append(quoted: key.span.bytes, to: &answer.body)
        }
        answer.body.append(",\"enabled\":true,\"workspaceId\":\"highland\",\"updatedAt\":\"2026-01-01T00:00:00.000Z\",")
        answer.body.append("\"config\":{\"statsCollection\":{\"errors\":{\"enabled\":false},")
        answer.body.append("\"metrics\":{\"enabled\":false}}},\"dataplanes\":{},\"destinations\":[]},")
        answer.body.append("\"updatedAt\":\"2026-01-01T00:00:00.000Z\"}")
    }

    /// Letters, digits and what stands between them in a host with its port.
    private static func isHost(_ host: RawSpan) -> Bool {
        guard host.byteCount > 0, host.byteCount <= 255 else { return false }
        for offset in 0..<host.byteCount {
            switch host.byte(at: offset) {
            case 48...57, 65...90, 97...122: continue
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): continue
            default: return false
            }
        }
        return true
    }
}

/// Pieces of JSON that are written here.
enum SegmentJSON {
    /// Appends cleaned text as a string.
    static func append(quoted text: RawSpan, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for offset in 0..<text.byteCount {
            let byte = text.byte(at: offset)
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }
}
