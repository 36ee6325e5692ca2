internal import Catalog
internal import Events
internal import Foundation
internal import Reports

/// What `highland report` asks, of a running server or of itself.
struct ReportRequest: Codable, Sendable {
    enum Format: String, Codable, Sendable, CaseIterable { case table, csv, json }

    var site: String
    var metrics: String
    var dimensions: String?
    var range: String
    var filters: [String]
    var includesBots: Bool
    var limit: Int?
    var format: Format

    static let requestName = "report"

    func query() throws(ReportError) -> ReportQuery {
        try ReportQuery(
            site: site, metrics: metrics, dimensions: dimensions ?? "", range: range, filters: filters,
            includesBots: includesBots,
            limit: limit)
    }

    func render(_ table: ReportTable) -> String {
        switch format {
        case .table: table.text()
        case .csv: String(decoding: table.csv(), as: UTF8.self)
        case .json: String(decoding: table.json(), as: UTF8.self) + "\n"
        }
    }
}

extension ProjectionPipeline {
    /// Answers `highland report` from what is applied at the moment it is asked, after everything committed before.
    func registerReports(
        on admin: AdminServer, catalog: CatalogHolder, settings: ProjectionSettings, time: any TimeSource
    ) {
        let slots = DispatchSemaphore(value: settings.queryThreads)
        admin.register(ReportRequest.requestName) { [self] (request: ReportRequest) throws -> String in
            let query = try request.query()
            guard slots.wait(timeout: .now() + .seconds(10)) == .success else { throw PipelineError.behind }
            defer { slots.signal() }
            try requireCurrent(milliseconds: 10_000)
            let deadline = time.monotonic()
            let limit = UInt64(clamping: settings.queryTimeout.milliseconds) &* 1_000_000
            let table = try report(
                query, catalog: catalog.current, now: time.wallClock(),
                isCancelled: {
                    time.monotonic().nanoseconds(since: deadline) > limit
                })
            return request.render(table)
        }
    }

    /// Waits until the projections have what is committed; says why where they do not.
    func requireCurrent(milliseconds: Int) throws {
        if catchUp(milliseconds: milliseconds) { return }
        if let failure { throw PipelineError.failed(failure) }
        if let waitsFor { throw PipelineError.withoutSpace(waitsFor) }
        throw PipelineError.behind
    }
}
