internal import Catalog
internal import Events
internal import RequestParsing

/// Plausible Analytics: `POST /api/event`, one event as JSON, whatever the content type.
///
/// Source: Plausible's events API documentation, and its tracker as it behaves.
enum Plausible: ForeignProtocol {
    static let aliases = AliasProtocol.plausible
    static let wire = WireProtocol.plausible
    static let paths = [ForeignPath("/api/event", .post, 0)]
    static let preflight = ForeignPreflight(origins: .any, headers: "Content-Type")

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        PlausibleTranslation.translate(request, into: &edge)
    }

    /// 202 `ok` whatever became of the event, because its client only looks at the status; what was dropped is said in
    /// a header of its own. A body that is none of its events is 400.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        switch outcome.status {
        case .unavailable:
            answer.status = 503
            answer.text("busy")
            answer.headers.append(("Retry-After", "1"))
        case .refused where PlausibleFields.isClientsFault(edge.rejections.first?.reason):
            answer.status = 400
            answer.json(PlausibleFields.errors(edge.rejections.first?.reason))
        default:
            answer.status = 202
            answer.text("ok")
            if outcome.refused > 0 { answer.headers.append(("x-plausible-dropped", "\(outcome.refused)")) }
        }
    }
}
