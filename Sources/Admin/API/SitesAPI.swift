internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// `/api/v1/sites`: the sites that the caller reaches.
extension AdminHandlers {
    private static let siteFields = [
        "name", "domains", "timeZone", "currency", "unknownConsent", "consentDefault", "retentionMonths",
        "splitsVisitsAtMidnight", "splitsVisitsOnCampaign", "allowedQueryParameters", "excludedNetworks",
        "excludedReferrers",
    ]

    func listSites(_ request: AdminRequest) -> Response {
        let sites = request.snapshot.sites.filter { request.principal?.scope.covers($0.id) ?? false }
        return AdminAnswer.json(.object([.init("sites", .array(sites.map(AdminHandlers.json)))]))
    }

    func showSite(_ request: AdminRequest) throws(AdminError) -> Response {
        guard let site = request.site else { throw .notFound }
        return AdminAnswer.json(AdminHandlers.json(site))
    }

    func addSite(_ request: AdminRequest) async throws -> Response {
        let fields = try JSONFields(request.body, names: AdminHandlers.siteFields)
        let change = try AdminHandlers.change(fields)
        guard let domains = change.domains, !domains.isEmpty else {
            throw fields.missing("domains", "a list of at least one domain")
        }
        let draft = change.applied(to: SiteDraft(domains: domains))
        let actor = try principal(request).name
        let site = try await changes.change { store throws(CatalogError) in try store.addSite(draft, by: actor) }
        var response = AdminAnswer.json(AdminHandlers.json(site), status: .created)
        response.headers[.location] = "/api/v1/sites/\(site.id)"
        return response
    }

    func changeSite(_ request: AdminRequest) async throws -> Response {
        guard let id = request.site?.id else { throw AdminError.notFound }
        let change = try AdminHandlers.change(try JSONFields(request.body, names: AdminHandlers.siteFields))
        guard !change.isEmpty else {
            throw AdminError(
                .invalid, "body: changes nothing.", field: "body",
                expected: "at least one of " + AdminHandlers.siteFields.joined(separator: ", "))
        }
        let actor = try principal(request).name
        let site = try await changes.change { store throws(CatalogError) in
            try store.updateSite(id, change, by: actor)
        }
        return AdminAnswer.json(AdminHandlers.json(site))
    }

    func removeSite(_ request: AdminRequest) async throws -> Response {
        guard let site = request.snapshot.site(reference: request.parameter ?? "") else { throw AdminError.notFound }
        let actor = try principal(request).name
        try await changes.change { store throws(CatalogError) in try store.removeSite(site.id, by: actor) }
        return Response(status: .noContent)
    }

    private static func change(_ fields: JSONFields) throws(AdminError) -> SiteChange {
        var change = SiteChange()
        change.name = try fields.text("name")
        change.domains = try fields.texts("domains", countMax: SiteRules.domainsMax)
        change.timeZone = try fields.text("timeZone", "an IANA time zone such as Europe/Zurich")
        change.currency = try fields.text("currency", "an ISO 4217 code such as CHF")
        change.unknownConsent = try fields.choice("unknownConsent", UnknownConsentMode.self)
        change.consentDefault = try fields.choice("consentDefault", ConsentDefault.self)
        change.retentionMonths = try fields.number("retentionMonths", SiteRules.retentionMonthsRange)
        change.splitsVisitsAtMidnight = try fields.flag("splitsVisitsAtMidnight")
        change.splitsVisitsOnCampaign = try fields.flag("splitsVisitsOnCampaign")
        change.allowedQueryParameters = try fields.texts("allowedQueryParameters")
        change.excludedNetworks = try fields.texts("excludedNetworks")
        change.excludedReferrers = try fields.texts("excludedReferrers")
        return change
    }

    static func json(_ site: Site) -> JSONValue {
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        return .object([
            .init("id", .integer(Int64(site.id.rawValue))), .init("key", .string(site.key)),
            .init("pathPrefix", .string(site.pathPrefix)), .init("name", .string(site.name)),
            .init("domains", list(site.domains)),
            .init("timeZone", .string(site.timeZone)), .init("currency", .string(site.currency)),
            .init("unknownConsent", .string(site.unknownConsent.rawValue)),
            .init("consentDefault", .string(site.consentDefault.rawValue)),
            .init("retentionMonths", .integer(Int64(site.retentionMonths))),
            .init("splitsVisitsAtMidnight", .bool(site.splitsVisitsAtMidnight)),
            .init("splitsVisitsOnCampaign", .bool(site.splitsVisitsOnCampaign)),
            .init("allowedQueryParameters", list(site.allowedQueryParameters)),
            .init("excludedNetworks", list(site.excludedNetworks)),
            .init("excludedReferrers", list(site.excludedReferrers)),
        ])
    }
}
