internal import Catalog
internal import Events
internal import RequestParsing

/// Segment's calls, which RudderStack's clients speak too.
///
///     POST /v1/track … /v1/alias, /v1/merge       one call as JSON; short forms /v1/t and /t
///     POST /v1/batch, /v1/import, /v1/b, /b       {"batch":[call …]}
///     POST /beacon/v1/batch                       the same, the key in the query
///     GET /pixel/v1/track, /v1/pixel/track …      one call in a query
///     POST /v1/m, /m                              what the script says of itself: heard, not kept
///     GET /v1/projects/KEY/settings, /sourceConfig    what the scripts ask before they send
///
/// The key is the user of Basic authorization, else `writeKey` in the query, else in the body. `ALIAS:KEY` in any of
/// these places gives a key of this installation too, which makes history and visitors' addresses believed.
///
/// Source: Segment's HTTP tracking API, RudderStack's HTTP, pixel and beacon APIs, and their clients as they behave.
enum Segment: ForeignProtocol {
    static let aliases = AliasProtocol.segment
    static let wire = WireProtocol.segment
    static let paths = [
        path("/v1/track", .track), path("/v1/t", .track), path("/t", .track),
        path("/v1/page", .page), path("/v1/p", .page), path("/p", .page),
        path("/v1/screen", .screen), path("/v1/s", .screen), path("/s", .screen),
        path("/v1/identify", .identify), path("/v1/i", .identify), path("/i", .identify),
        path("/v1/group", .group), path("/v1/g", .group), path("/g", .group),
        path("/v1/alias", .alias), path("/v1/a", .alias), path("/a", .alias),
        path("/v1/merge", .merge),
        path("/v1/batch", .batch), path("/v1/b", .batch), path("/b", .batch), path("/v1/import", .batch),
        path("/beacon/v1/batch", .batch),
        pixel("/pixel/v1/track", .track), pixel("/v1/pixel/track", .track),
        pixel("/pixel/v1/page", .page), pixel("/v1/pixel/page", .page),
        pixel("/v1/pixel/screen", .screen), pixel("/v1/pixel/identify", .identify),
        pixel("/v1/pixel/group", .group), pixel("/v1/pixel/alias", .alias),
        ForeignPath("/v1/m", .post, metrics), ForeignPath("/m", .post, metrics),
        ForeignPath("/sourceConfig", .get, config),
    ]
    static let preflight = ForeignPreflight(
        origins: .mirrored,
        headers: "Content-Type, Content-Encoding, Authorization, AnonymousId, X-Requested-With, X-Retry-Count",
        seconds: 900)

    /// Set beside a call's number where the call stands in a query.
    static let pixelBit: UInt8 = 0x40
    static let settings: UInt8 = 0x80
    static let config: UInt8 = 0x81
    static let metrics: UInt8 = 0x82

    private static func path(_ path: StaticString, _ call: SegmentCall) -> ForeignPath {
        ForeignPath(path, .post, call.rawValue)
    }

    private static func pixel(_ path: StaticString, _ call: SegmentCall) -> ForeignPath {
        ForeignPath(path, .get, call.rawValue | pixelBit)
    }

    static func action(of path: RawSpan, method: HTTPMethod) -> UInt8? {
        guard method == .get || method == .head || method == .options else { return nil }
        return SegmentAnswers.key(ofSettings: path) == nil ? nil : settings
    }

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        guard request.action & 0x80 == 0 else { return }
        SegmentTranslation.translate(request, into: &edge)
    }

    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        answer.origins = .mirrored
        switch request.action {
        case settings: SegmentAnswers.settings(request, into: &answer)
        case config: SegmentAnswers.config(request, into: &answer)
        case metrics: answer.json(SegmentAnswers.success)
        default: SegmentAnswers.calls(request, outcome, edge.rejections.first?.reason, into: &answer)
        }
    }
}
