internal import Serving
internal import Tagging

/// The answers below `/tags/` that are no script, made once. They too may be read by pages of every origin, and say the
/// same whatever the request.
struct TagAnswers: Sendable {
    /// For every answer below `/tags/`: scripts hold no one's data, so every page may load and read them.
    static let everywhere: [(name: String, value: String)] = [
        ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    private static let methods = "GET, HEAD, OPTIONS"

    /// 404: never published, not served any more, or expired.
    let unknown: ResponseTemplate
    /// 200: a script that tells people that their preview is over, as browsers run none with another status. Made when it
    /// is first asked for: it reads the runtime's parts into memory, which most servers never need.
    static let endedPreview = try? ResponseTemplate(
        status: 200,
        headers: everywhere + [
            ("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "no-store"),
        ], body: ContainerCompiler.endedPreview)
    let methodNotAllowed: ResponseTemplate
    /// 204: what a page may ask for, kept by browsers for a day.
    let preflight: ResponseTemplate

    init() throws(ServingError) {
        let failure = Self.everywhere + [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        unknown = try ResponseTemplate(
            status: 404, headers: failure,
            body: Array("{\"error\":\"not_found\",\"message\":\"No container has a script at this path.\"}".utf8))
        methodNotAllowed = try ResponseTemplate(
            status: 405, headers: failure + [("Allow", Self.methods)],
            body: Array("{\"error\":\"method_not_allowed\",\"message\":\"Scripts are read only.\"}".utf8))
        preflight = try ResponseTemplate(
            status: 204,
            headers: Self.everywhere + [
                ("Access-Control-Allow-Methods", Self.methods), ("Access-Control-Allow-Headers", "*"),
                ("Access-Control-Max-Age", "86400"), ("Allow", Self.methods),
            ])
    }
}
