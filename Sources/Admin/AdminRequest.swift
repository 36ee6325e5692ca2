internal import Catalog
internal import Events
internal import HTTPTypes
internal import RequestParsing

/// A request that passed the gate, as its handler sees it.
struct AdminRequest: Sendable {
    let route: AdminRoute
    /// The variable parts of the path, not decoded: a site's number or domain, a key's identifier, a token, a file's
    /// name; of an alias its protocol and value, behind the site.
    let parameters: [String]
    /// Who asks; nil only on open routes and for metrics from this machine.
    let principal: Principal?
    /// The browser session behind the principal, with its cookie.
    let session: (cookie: String, session: Session)?
    /// The site of the path, found and allowed.
    let site: Site?
    /// The container of the path, found and allowed.
    let container: Container?
    let snapshot: CatalogSnapshot
    /// Names and values of the target's query, not decoded: what we take needs no escapes.
    let query: [(name: String, value: String)]
    let headers: HTTPFields
    let peer: IPAddress?
    let body: [UInt8]
    /// The fields of a page's form; none where the body is something else.
    let form: FormFields

    /// The first variable part of the path.
    var parameter: String? { parameters.first }

    /// The first value of that name.
    func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The first value of that name with its escapes decoded; bytes that are no text become U+FFFD.
    func text(_ name: String) -> String? { value(name).map { AdminRequest.decoded($0, plusIsSpace: true) } }

    /// A variable part of the path with its escapes decoded.
    func part(_ index: Int) -> String {
        parameters.indices.contains(index) ? AdminRequest.decoded(parameters[index]) : ""
    }

    static func decoded(_ text: String, plusIsSpace: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return text }
        let escaped = Array(text.utf8)
        var bytes: [UInt8] = []
        PercentDecoding.append(escaped.span.bytes, plusIsSpace: plusIsSpace, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `name=value&…`; at most 64 pairs are read. Shared with forms, whose values here are base64url and digits.
    static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&", maxSplits: 64).prefix(64).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }
}
