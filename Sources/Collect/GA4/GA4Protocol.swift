internal import Catalog
internal import Events
internal import RequestParsing

/// Google Analytics 4: the tag's `/g/collect`, the Measurement Protocol's `/mp/collect`, and its check at
/// `/debug/mp/collect`, which keeps nothing.
///
/// Source: Google's Measurement Protocol reference; for the tag, public descriptions of what it sends.
enum GA4: ForeignProtocol {
    /// What a path means.
    enum Action {
        static let tag: UInt8 = 0
        static let measurement: UInt8 = 1
        static let check: UInt8 = 2
    }

    static let aliases = AliasProtocol.ga4
    static let wire = WireProtocol.ga4
    static let paths = [
        ForeignPath("/g/collect", [.get, .post], Action.tag),
        ForeignPath("/mp/collect", .post, Action.measurement),
        ForeignPath("/debug/mp/collect", .post, Action.check),
    ]
    static let preflight = ForeignPreflight(origins: .mirrored, headers: "Content-Type")

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        switch request.action {
        case Action.tag: GA4TagTranslation.translate(request, into: &edge)
        case Action.measurement: GA4MeasurementTranslation.translate(request, into: &edge)
        default: break
        }
    }

    /// 204 whatever became of the events: neither client reads an answer, and Google never answers otherwise. Only a
    /// full journal is told, because a server may send again.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        answer.origins = .mirrored
        guard request.action != Action.check else {
            var check = GA4Check()
            check.run(request, limits: edge.collector.limits)
            answer.json("")
            check.write(into: &answer.body)
            return
        }
        answer.status = 204
        guard outcome.status == .unavailable else { return }
        answer.status = 503
        answer.headers.append(("Retry-After", "1"))
    }
}
