internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// `/api/v1/sites/{site}/aliases`: what foreign clients call a site.
extension AdminHandlers {
    func listAliases(_ request: AdminRequest) throws(AdminError) -> Response {
        guard let site = request.site else { throw .notFound }
        let aliases = request.snapshot.aliases(of: site.id).map(AdminHandlers.json)
        return AdminAnswer.json(.object([.init("aliases", .array(aliases))]))
    }

    func addAlias(_ request: AdminRequest) async throws -> Response {
        guard let site = request.site else { throw AdminError.notFound }
        let fields = try JSONFields(request.body, names: ["protocol", "value", "consent"])
        guard let named = try fields.choice("protocol", AliasProtocol.self) else {
            throw fields.missing("protocol", "one of " + AliasProtocol.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let expected = "a text: what clients of that protocol call the site"
        guard let value = try fields.text("value", expected) else { throw fields.missing("value", expected) }
        let consent = try fields.choice("consent", AliasConsent.self) ?? .required
        let alias = SiteAlias(site: site.id, protocol: named, value: value, consent: consent)
        let actor = try principal(request).name
        let stored = try await changes.change { store throws(CatalogError) in try store.addAlias(alias, by: actor) }
        var response = AdminAnswer.json(AdminHandlers.json(stored), status: .created)
        response.headers[.location] =
            "/api/v1/sites/\(site.id)/aliases/\(named.rawValue)/\(AdminHandlers.percentEncoded(stored.value))"
        return response
    }

    func removeAlias(_ request: AdminRequest) async throws -> Response {
        let parameters = request.parameters
        guard let site = request.site, parameters.count == 3, let named = AliasProtocol(rawValue: parameters[1]) else {
            throw AdminError.notFound
        }
        let escaped = Array(parameters[2].utf8)
        var bytes: [UInt8] = []
        PercentDecoding.append(escaped.span.bytes, plusIsSpace: false, to: &bytes)
        let value = String(decoding: bytes, as: UTF8.self)
        let actor = try principal(request).name
        _ = try await changes.change { store throws(CatalogError) in
            try store.removeAlias(named, value: value, of: site.id, by: actor)
        }
        return Response(status: .noContent)
    }

    private static func json(_ alias: SiteAlias) -> JSONValue {
        .object([
            .init("site", .integer(Int64(alias.site.rawValue))), .init("protocol", .string(alias.protocol.rawValue)),
            .init("value", .string(alias.value)), .init("consent", .string(alias.consent.rawValue)),
        ])
    }

    /// Fit for one part of a path.
    static func percentEncoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        PercentEncoding.append(Array(text.utf8).span.bytes, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
