internal import Collect
internal import Serving

/// The public plane's answers that never change, made once.
struct PublicAnswers: Sendable {
    /// 43 bytes: one transparent pixel.
    static let gif: [UInt8] = [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF,
        0xFF, 0x21, 0xF9, 0x04,
        0x01, 0x00, 0x00, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44,
        0x01, 0x00, 0x3B,
    ]

    private static let noStore = ("Cache-Control", "no-store")
    private static let noSniff = ("X-Content-Type-Options", "nosniff")
    private static let noIndex = ("X-Robots-Tag", "noindex")
    private static let json = ("Content-Type", "application/json")
    private static let text = ("Content-Type", "text/plain; charset=utf-8")

    /// `GET /collect.gif`, whatever became of the event.
    let pixel: ResponseTemplate
    /// The pixel when nothing could be written now. The body is the same; a page does not see the status.
    let pixelUnavailable: ResponseTemplate
    /// `POST /collect` with all events accepted, by their number: by far the most frequent answers.
    private let acceptedAll: [ResponseTemplate]
    /// 503 for events that were waiting when the journal failed.
    let unavailable: ResponseTemplate
    let preflight: ResponseTemplate
    let wrongKey: ResponseTemplate
    let alive: ResponseTemplate
    let robots: ResponseTemplate
    let notFound: ResponseTemplate
    /// By route.
    private let methodsNotAllowed: [ResponseTemplate]
    /// What foreign clients hear most: a pixel, no content, `ok` with 200 and 202.
    private let foreignPixel: ResponseTemplate
    private let foreignNothing: ResponseTemplate
    /// A foreign client's body that is too large or packed in an unknown way.
    let foreignBodyRefused: ResponseTemplate

    init() throws {
        let common = [Self.noStore, Self.noSniff, Self.noIndex, ("Cross-Origin-Resource-Policy", "cross-origin")]
        pixel = try ResponseTemplate(status: 200, headers: [("Content-Type", "image/gif")] + common, body: Self.gif)
        pixelUnavailable = try ResponseTemplate(
            status: 503, headers: [("Content-Type", "image/gif"), ("Retry-After", "1")] + common, body: Self.gif)
        acceptedAll = try (0...64).map { count in
            try ResponseTemplate(
                status: 202, headers: [Self.json] + common,
                body: Array("{\"accepted\":\(count),\"rejected\":[]}".utf8))
        }
        unavailable = try ResponseTemplate(
            status: 503, headers: [Self.json, ("Retry-After", "1")] + common,
            body: Array("{\"error\":\"journal_failed\",\"message\":\"Nothing was kept; send it again.\"}".utf8))
        wrongKey = try ResponseTemplate(
            status: 401, headers: [Self.json, Self.noStore, Self.noSniff, ("WWW-Authenticate", "Bearer")],
            body: Array(
                "{\"error\":\"wrong_key\",\"message\":\"The Authorization header holds no key that may write events.\"}"
                    .utf8))
        foreignPixel = try ResponseTemplate(
            status: 200, headers: [("Content-Type", "image/gif")] + common, body: Self.gif)
        foreignNothing = try ResponseTemplate(status: 204, headers: common)
        foreignBodyRefused = try ResponseTemplate(
            status: 400, headers: [Self.json] + common,
            body: Array(
                ("{\"code\":400,\"success\":false,"
                    + "\"message\":\"The body is too large, or packed as neither gzip nor identity.\"}").utf8))
        preflight = try ResponseTemplate(
            status: 204,
            headers: [
                ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                ("Access-Control-Allow-Headers", "Content-Type, Content-Encoding"),
                ("Access-Control-Max-Age", "86400"), Self.noIndex,
            ])
        alive = try ResponseTemplate(status: 200, headers: [Self.text, Self.noStore], body: Array("alive\n".utf8))
        robots = try ResponseTemplate(
            status: 200, headers: [Self.text, ("Cache-Control", "max-age=86400")],
            body: Array("User-agent: *\nDisallow: /\n".utf8))
        notFound = try ResponseTemplate(
            status: 404, headers: [Self.json, Self.noStore, Self.noSniff],
            body: Array(
                "{\"error\":\"not_found\",\"message\":\"There is nothing at this path; events go to /collect or /collect.gif.\"}"
                    .utf8))
        methodsNotAllowed = try PublicRoute.allCases.map { route in
            let message = "This path takes \(route.methods)."
            return try ResponseTemplate(
                status: 405, headers: [Self.json, Self.noStore, Self.noSniff, ("Allow", route.methods)],
                body: Array("{\"error\":\"method_not_allowed\",\"message\":\"\(message)\"}".utf8))
        }
    }

    func methodNotAllowed(_ route: PublicRoute) -> ResponseTemplate { methodsNotAllowed[route.rawValue] }

    /// The constant answer to a `POST /collect`; nil where there is none.
    func accepted(_ outcome: CollectOutcome) -> ResponseTemplate? {
        guard outcome.status == .accepted, outcome.refused == 0, outcome.accepted > 0,
            outcome.accepted < acceptedAll.count
        else { return nil }
        return acceptedAll[outcome.accepted]
    }

    /// The constant answer that says the same; nil where there is none.
    func foreign(_ answer: borrowing ForeignAnswer) -> ResponseTemplate? {
        guard answer.headers.isEmpty, answer.cacheSeconds == 0 else { return nil }
        switch (answer.status, answer.content) {
        case (200, .pixel): return foreignPixel
        case (204, .none): return foreignNothing
        default: return nil
        }
    }

    static func foreignHeaders(_ answer: borrowing ForeignAnswer) -> [(name: String, value: String)] {
        let caching = answer.cacheSeconds > 0 ? ("Cache-Control", "public, max-age=\(answer.cacheSeconds)") : noStore
        var headers = [caching, noSniff, noIndex, ("Cross-Origin-Resource-Policy", "cross-origin")]
        switch answer.content {
        case .none: break
        case .pixel: headers.append(("Content-Type", "image/gif"))
        case .text: headers.append(text)
        case .json: headers.append(json)
        case .javaScript: headers.append(("Content-Type", "text/javascript; charset=utf-8"))
        }
        return headers + answer.headers.map { ("\($0.name)", $0.value) }
    }

    static func foreignBody(_ answer: borrowing ForeignAnswer) -> [UInt8] {
        switch answer.content {
        case .none: []
        case .pixel: gif
        case .text, .json, .javaScript: answer.body
        }
    }

    /// The headers of a `POST /collect` answer that is not one of the constant ones.
    static let collectHeaders: [(name: String, value: String)] = [
        json, noStore, noSniff, noIndex, ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
}
