internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Reports
internal import RequestParsing

/// The forms in which the plane answers.
enum AdminAnswer {
    /// No script, style, image or connection but our own; nothing inline; in no frame.
    static let pagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    static let dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        bytes(value.encoded, type: "application/json", status: status)
    }

    static func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        var response = bytes(Array(html.utf8), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = pagePolicy
        return response
    }

    static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func seeOther(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

    /// An error as problem+json.
    static func problem(_ error: AdminError) -> Response {
        var members: [JSONValue.Member] = [
            .init("type", .string("urn:highland:problem:\(error.kind.rawValue)")),
            .init("title", .string(error.kind.title)),
            .init("status", .integer(Int64(error.kind.status.code))),
            .init("detail", .string(error.detail)),
        ]
        if let field = error.field { members.append(.init("field", .string(field))) }
        if let expected = error.expected { members.append(.init("expected", .string(expected))) }
        if !error.findings.isEmpty { members.append(.init("findings", ContainerJSON.findings(error.findings))) }
        var response = bytes(
            JSONValue.object(members).encoded, type: "application/problem+json", status: error.kind.status)
        addFields(of: error, to: &response)
        return response
    }

    /// The header fields that belong to an error, whatever its body.
    static func addFields(of error: AdminError, to response: inout Response) {
        if error.kind == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer realm=\"highland\"" }
        if !error.allowed.isEmpty { response.headers[.allow] = error.allowed.joined(separator: ", ") }
        if let seconds = error.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
    }

    /// What every answer carries. Fields that are there already stay: a page's policy, a file's caching.
    static func secure(_ response: inout Response, overTLS: Bool) {
        func add(_ name: HTTPField.Name, _ value: String) {
            if response.headers[name] == nil { response.headers[name] = value }
        }
        add(.contentSecurityPolicy, dataPolicy)
        add(.cacheControl, "no-store")
        add(.xContentTypeOptions, "nosniff")
        for (name, value) in fixedFields { add(name, value) }
        if overTLS { add(.strictTransportSecurity, "max-age=31536000") }
    }

    private static let fixedFields: [(HTTPField.Name, String)] = [
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"), ("X-Robots-Tag", "noindex, nofollow"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
