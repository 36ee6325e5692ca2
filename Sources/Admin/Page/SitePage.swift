internal import Catalog
internal import Events
internal import Hummingbird
internal import HummingbirdCore
internal import Reports

/// `GET /` and `GET /sites/{site}`: a site's numbers.
extension AdminHandlers {
    func sitePage(_ request: AdminRequest) async throws -> Response {
        let reachable = request.snapshot.sites.filter { request.principal?.may(.readReports, on: $0.id) ?? false }
        guard let site = request.site ?? reachable.first else {
            return AdminAnswer.page(pages.page("no-sites", title: "No sites", values: frame(request, reachable, nil)))
        }
        let options = try PageOptions(request)
        let sources = sources
        let reports = try await turns.run { isCancelled in
            try await PageReports.load(site, options) { query in
                if isCancelled() { throw CancellationError() }
                return try await sources.runReport(query, site, isCancelled)
            }
        }
        let model = PageModel(
            site: site, options: options, reports: reports, countries: pages.countries, now: time.wallClock())
        var values = model.values
        values.merge(frame(request, reachable, site)) { _, new in new }
        values.merge(choices(site, options)) { _, new in new }
        if let bots = reports.botEvents, bots > 0 {
            values["bots"] = ["botsText": NumberText.grouped(String(bots))]
        }
        let page = AdminAnswer.page(pages.page("site", title: site.name, values: values))
        return renewing(page, request)
    }

    /// What stands around every page: the sites to choose from, signing out.
    func frame(_ request: AdminRequest, _ sites: [Site], _ current: Site?) -> [String: Any] {
        var values: [String: Any] = [
            "sites": sites.prefix(200).map { site in
                [
                    "siteName": site.name, "siteLink": AdminHandlers.path(site), "siteDomain": site.domains.first ?? "",
                    "isCurrent": site.id == current?.id,
                ] as [String: Any]
            },
            "hasManySites": sites.count > 1, "hasTags": true,
        ]
        if let session = request.session { values["session"] = ["token": session.session.csrfToken] }
        if let current {
            values["site"] = [
                "name": current.name, "domain": current.domains.first ?? "", "key": current.key,
            ]
        }
        return values
    }

    private func choices(_ site: Site, _ options: PageOptions) -> [String: Any] {
        let path = AdminHandlers.path(site)
        let periods = PageOptions.periods.map { period in
            [
                "periodTitle": period.title, "periodLink": options.link(path, period: period.name),
                "isChosen": options.period == period.name,
            ] as [String: Any]
        }
        var values: [String: Any] = [
            "periods": periods, "path": path, "from": options.from, "to": options.to,
            "isCustom": options.period == nil, "botsLink": options.link(path, bots: !options.includesBots),
            "includesBots": options.includesBots, "publicURL": settings.publicURL ?? "http://localhost:8080",
        ]
        if options.isLive { values["live"] = ["seconds": "30"] }
        return values
    }

    /// Domains are letters, digits, dots and hyphens; a site without one goes by its number.
    private static func path(_ site: Site) -> String { "/sites/\(site.domains.first ?? site.id.description)" }
}
