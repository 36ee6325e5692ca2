internal import Catalog
internal import Events
internal import RequestParsing

/// Umami: `POST /api/send` with one event, `POST /api/batch` with an array of the same, `GET /api/heartbeat`.
///
/// Its clients read nothing of an answer but that it is JSON; its script gives back `cache` with the next event.
/// Source: Umami's tracker and its `send` route as they behave.
enum Umami: ForeignProtocol {
    static let aliases = AliasProtocol.umami
    static let wire = WireProtocol.umami
    static let send: UInt8 = 0
    static let batch: UInt8 = 1
    static let heartbeat: UInt8 = 2
    static let paths = [
        ForeignPath("/api/send", .post, send),
        ForeignPath("/api/batch", .post, batch),
        ForeignPath("/api/heartbeat", .get, heartbeat),
    ]
    /// A star does not cover `Authorization`, and older browsers take it for a name.
    static let preflight = ForeignPreflight(origins: .any, headers: "*, Content-Type, Authorization, x-umami-cache")

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        if request.action != heartbeat { UmamiTranslation.translate(request, into: &edge) }
    }

    /// A program hears that it was seen through, as Umami tells it; its event is stored and marked.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        let reason = edge.rejections.first?.reason
        if request.action == heartbeat {
            answer.json("{\"ok\":true}")
        } else if outcome.status == .unavailable {
            answer.status = 503
            answer.json(#"{"error":{"message":"Service unavailable","code":"service-unavailable","status":503}}"#)
            answer.headers.append(("Retry-After", "1"))
        } else if outcome.status == .refused, UmamiFields.isClientsFault(reason) {
            answer.status = 400
            answer.json("{\"error\":{\"message\":\"Bad request: ")
            answer.body.append(contentsOf: (reason?.rawValue ?? "").utf8)
            answer.body.append(contentsOf: "\",\"code\":\"bad-request\",\"status\":400}}".utf8)
        } else if request.action == batch {
            answer.content = .json
            answer.body = batchAnswer(outcome, edge.rejections, UmamiToken(request.header("x-umami-cache")))
        } else if edge.draft.flags.contains(.bot) {
            answer.json("{\"beep\":\"boop\"}")
        } else {
            let token = UmamiToken(request.header("x-umami-cache"))
            let text = #"{"cache":"\#(token.text)","sessionId":"\#(token.session)","visitId":"\#(token.visit)"}"#
            answer.content = .json
            answer.body = Array(text.utf8)
        }
    }

    /// `{"size":n,"processed":n,"errors":n,"details":[{"index":i,"response":{"error":…}}],"cache":"…"}`. What was dropped
    /// in silence counts as processed.
    private static func batchAnswer(
        _ outcome: CollectOutcome, _ rejections: [(index: Int, reason: Rejection)], _ token: UmamiToken
    ) -> [UInt8] {
        let errors = rejections.filter { UmamiFields.isClientsFault($0.reason) }
        let details = errors.map { "{\"index\":\($0.index),\"response\":{\"error\":\"\($0.reason.rawValue)\"}}" }
        let text =
            "{\"size\":\(outcome.offered),\"processed\":\(max(outcome.offered - errors.count, 0)),"
            + "\"errors\":\(errors.count),\"details\":[\(details.joined(separator: ","))],\"cache\":\"\(token.text)\"}"
        return Array(text.utf8)
    }
}
