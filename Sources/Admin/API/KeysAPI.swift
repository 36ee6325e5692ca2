internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// `/api/v1/keys`: the keys whose sites all lie within the caller's.
extension AdminHandlers {
    func listKeys(_ request: AdminRequest) throws(AdminError) -> Response {
        let own = try principal(request).scope
        let keys = request.snapshot.keys.filter { AdminHandlers.isWithin($0.scope, own) }
        return AdminAnswer.json(.object([.init("keys", .array(keys.map { .object(AdminHandlers.json($0)) }))]))
    }

    func addKey(_ request: AdminRequest) async throws -> Response {
        let principal = try principal(request)
        let fields = try JSONFields(request.body, names: ["name", "role", "sites"])
        guard let role = try fields.choice("role", Role.self) else {
            throw fields.missing("role", "one of " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let checked = try KeyDraft(name: fields.text("name") ?? "", role: role).validated()
        let scope = try AdminHandlers.scope(fields, request.snapshot, principal)
        guard principal.mayGrant(role, on: scope) else {
            throw AdminError(
                .forbidden, "A key may give away its own rights and sites only; owners are made by owners.",
                field: role == .owner ? "role" : "sites", expected: "no more than this key or session has itself")
        }
        let issued = try await changes.change { store throws(CatalogError) in
            try store.addKey(name: checked.name, role: role, scope: scope, by: principal.name)
        }
        var members = AdminHandlers.json(issued.key)
        members.append(.init("key", .string(issued.text)))
        return AdminAnswer.json(.object(members), status: .created)
    }

    func revokeKey(_ request: AdminRequest) async throws -> Response {
        let principal = try principal(request)
        guard let id = request.parameter, let key = request.snapshot.keys.first(where: { $0.id == id }),
            AdminHandlers.isWithin(key.scope, principal.scope)
        else { throw AdminError.notFound }
        guard principal.mayGrant(key.role, on: key.scope) else { throw AdminError.forbidden(.manageOwners) }
        try await changes.change { store throws(CatalogError) in try store.revokeKey(id, by: principal.name) }
        return Response(status: .noContent)
    }

    /// A foreign site gets the same words as one that is not there.
    private static func scope(
        _ fields: JSONFields, _ snapshot: CatalogSnapshot, _ principal: Principal
    ) throws(AdminError) -> SiteScope {
        guard let references = try fields.siteReferences("sites") else { return .all }
        var ids: Set<SiteID> = []
        for (index, reference) in references.enumerated() {
            guard let site = snapshot.site(reference: reference), principal.scope.covers(site.id) else {
                throw AdminError(
                    .invalid, "sites[\(index)]: '\(CatalogError.shown(reference))' is no site.",
                    field: "sites[\(index)]", expected: "the number or domain of a site")
            }
            ids.insert(site.id)
        }
        return .only(ids)
    }

    private static func isWithin(_ scope: SiteScope, _ own: SiteScope) -> Bool {
        switch (scope, own) {
        case (_, .all): true
        case (.all, .only): false
        case (.only(let given), .only(let sites)): given.isSubset(of: sites)
        }
    }

    private static func json(_ key: APIKey) -> [JSONValue.Member] {
        let sites: JSONValue
        switch key.scope {
        case .all: sites = .null
        case .only(let ids): sites = .array(ids.map(\.rawValue).sorted().map { .integer(Int64($0)) })
        }
        return [
            .init("id", .string(key.id)), .init("name", .string(key.name)), .init("role", .string(key.role.rawValue)),
            .init("sites", sites), .init("createdAt", .string(MomentText.rfc3339(key.createdAt))),
        ]
    }
}
