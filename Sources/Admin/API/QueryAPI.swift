internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// `POST /api/v2/query`: a report in the shape of Plausible's Stats API v2.
extension AdminHandlers {
    func query(_ request: AdminRequest) async throws -> Response {
        var query = try ReportQuery(json: request.body)
        guard let principal = request.principal, let site = request.snapshot.site(reference: query.site),
            principal.may(.readReports, on: site.id)
        else {
            var error = AdminError.notFound
            error.field = "site_id"
            error.expected = "the domain, key or number of a site"
            throw error
        }
        let asked = query.site
        query.site = site.id.description
        let checked = query
        let sources = sources
        let table = try await turns.run { isCancelled in try await sources.runReport(checked, site, isCancelled) }
        return AdminAnswer.bytes(AdminHandlers.restoring(asked, in: table).json(), type: "application/json")
    }

    /// The echo of the query names the site as the caller did.
    private static func restoring(_ site: String, in table: ReportTable) -> ReportTable {
        var table = table
        for index in table.query.indices where table.query[index].name == "site_id" {
            table.query[index].value = .string(site)
        }
        return table
    }
}
