internal import Catalog
internal import Events
internal import RequestParsing

/// Snowplow's trackers: `GET /i` and `/ice.png`, one event in the query; `POST /com.snowplowanalytics.snowplow/tp2` or
/// a path of two parts of the site's own choice that ends in `/tp2`, up to 500 events as JSON, whatever the content
/// type. `GET` there is as good as `/i`. Redirects (`/r/tp2`) are not served.
///
/// Source: Snowplow's tracker protocol and canonical event, and what its collector answers.
enum Snowplow: ForeignProtocol {
    static let aliases = AliasProtocol.snowplow
    static let wire = WireProtocol.snowplow
    static let paths = [
        ForeignPath("/i", .get, 0), ForeignPath("/ice.png", .get, 0),
        ForeignPath("/com.snowplowanalytics.snowplow/tp2", [.get, .post], 0),
    ]
    static let preflight = ForeignPreflight(
        status: 200, origins: .mirrored, headers: "Content-Type, SP-Anonymous", seconds: 3_600)

    /// `/FIRST/tp2`, but for the redirect's `/r/tp2`.
    static func action(of path: RawSpan, method: HTTPMethod) -> UInt8? {
        let methods: ForeignMethods = [.get, .post]
        let count = path.byteCount
        guard methods.take(method), count > 6, path.byte(at: 0) == UInt8(ascii: "/"),
            path.extracting(count - 4..<count).equals("/tp2"),
            path.firstOffset(of: UInt8(ascii: "/"), in: 1..<count) == count - 4,
            !path.extracting(1..<count - 4).equals("r")
        else { return nil }
        return 0
    }

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        SnowplowTranslation.translate(request, into: &edge)
    }

    /// 200 whatever became of the events, because a client sends again, without end, what hears anything else but a few
    /// codes: 400 is one of those, for what can never be taken.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        answer.origins = .mirrored
        switch outcome.status {
        case .unavailable:
            answer.status = 503
            answer.text("busy")
            answer.headers.append(("Retry-After", "1"))
            return
        case .refused where SnowplowFields.isClientsFault(edge.rejections.first?.reason):
            answer.status = 400
            answer.text("bad request")
        default: answer.text("ok")
        }
        if request.method != .post { answer.content = .pixel }
        SnowplowNetworkID.setCookie(request, outcome, of: edge, into: &answer)
    }
}
