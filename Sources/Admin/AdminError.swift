internal import Catalog
internal import HTTPTypes
internal import Reports
package import Tagging

/// Why the admin plane does not do what was asked: answered as problem+json (RFC 9457) or as a page that says it.
/// The kind chooses status, title and type in one table; `detail`, `field` and `expected` say the rest.
package struct AdminError: Error, Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case invalid, unauthenticated, forbidden, crossSite = "cross-site", notFound = "not-found"
        case methodNotAllowed = "method-not-allowed", timeout, taken, tooLarge = "too-large"
        case mediaType = "media-type", misdirected, tooManyFailures = "too-many-failures", failed, busy, slow
        case conflict, refused, unconfirmed
    }

    package var kind: Kind
    package var detail: String
    /// The path of the field that is wrong.
    package var field: String?
    /// What the field may be.
    package var expected: String?
    /// For `Allow`, with `methodNotAllowed`.
    package var allowed: [String] = []
    /// What was found in a container, with `refused` and `unconfirmed`.
    package var findings: [Finding] = []
    /// For `Retry-After`, with what can succeed later.
    package var retryAfterSeconds: Int?

    package init(_ kind: Kind, _ detail: String, field: String? = nil, expected: String? = nil) {
        self.kind = kind
        self.detail = detail
        self.field = field
        self.expected = expected
    }

    /// The same for a path that is none and for a site or key that the caller may not see.
    static let notFound = AdminError(.notFound, "There is nothing here, or nothing that this key may see.")

    static func forbidden(_ permission: Permission) -> AdminError {
        AdminError(.forbidden, "This key or session has not the right that is needed: \(permission.rawValue).")
    }

    static func busy(retryAfterSeconds: Int) -> AdminError {
        var error = AdminError(.busy, "As many reports as may run are running, and as many wait. Try again later.")
        error.retryAfterSeconds = retryAfterSeconds
        return error
    }

    /// A report's complaint about its request.
    init(_ error: ReportError) {
        self.init(.invalid, "\(error.field): \(error.problem).", field: error.field, expected: error.expected)
    }

    /// The catalog's, which for storage says to the caller only that it failed.
    init(_ error: CatalogError) {
        switch error {
        case .invalid(let field, let value, let expected):
            let shown = CatalogError.shown(value)
            self.init(.invalid, "\(field): '\(shown)' is not valid.", field: field, expected: expected)
        case .taken(let field, let value, _):
            let shown = CatalogError.shown(value)
            self.init(.taken, "\(field): '\(shown)' is taken.", field: field, expected: "one that is free")
        case .conflict(let what, let actor, let expected):
            self.init(
                .conflict, "\(CatalogError.shown(what)) was changed by \(CatalogError.shown(actor)) in between.",
                expected: expected)
        case .notAllowed(let what, let expected):
            self.init(.forbidden, "\(CatalogError.shown(what)).", expected: expected)
        case .notFound: self = .notFound
        case .newerFormat, .storage:
            self.init(.failed, "The catalog could not be read or written. The server's log says why.")
        }
    }
}

extension AdminError {
    /// What the tag manager says: `field` is the place in a text that does not read.
    init(_ error: PublicationError) {
        switch error {
        case .catalog(let error): self.init(error)
        case .tagging(.malformed(let place, let problem, let expected)):
            self.init(.invalid, "\(place): \(problem).", field: place, expected: expected)
        case .tagging(.refused(let findings)):
            let errors = findings.only(.error)
            self.init(.refused, "\(errors.count) errors keep it from being published.", expected: "none")
            self.findings = errors
        case .tagging(.tooMuch(let what, let count, let allowed)):
            self.init(.invalid, "\(count) \(what).", field: "body", expected: "at most \(allowed)")
        case .tagging(let error):
            self.init(.invalid, error.description, field: "body", expected: "the export of a web container")
        case .unconfirmed(let findings):
            self.init(
                .unconfirmed, "\(findings.count) findings need to be confirmed.", field: "confirm", expected: "true")
            self.findings = findings
        }
    }
}

extension AdminError.Kind {
    /// The one table from kind to status.
    var status: HTTPResponse.Status {
        switch self {
        case .invalid: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden, .crossSite: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .timeout: .requestTimeout
        case .taken, .conflict, .unconfirmed: .conflict
        case .refused: .unprocessableContent
        case .tooLarge: .contentTooLarge
        case .mediaType: .unsupportedMediaType
        case .misdirected: .misdirectedRequest
        case .tooManyFailures: .tooManyRequests
        case .failed: .internalServerError
        case .busy, .slow: .serviceUnavailable
        }
    }

    var title: String {
        switch self {
        case .invalid: "The request is wrong"
        case .unauthenticated: "Sign in first"
        case .forbidden: "Not allowed"
        case .crossSite: "The request came from another site"
        case .notFound: "Not found"
        case .methodNotAllowed: "Method not allowed"
        case .timeout: "The request took too long to arrive"
        case .taken: "Already taken"
        case .conflict: "Somebody else was first"
        case .refused: "The container has errors"
        case .unconfirmed: "Somebody has to say that this is meant"
        case .tooLarge: "The request is too large"
        case .mediaType: "The content type does not fit"
        case .misdirected: "The request is for another host"
        case .tooManyFailures: "Too many failed attempts"
        case .failed: "Something failed here"
        case .busy: "Busy"
        case .slow: "It took too long"
        }
    }
}
