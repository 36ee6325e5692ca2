internal import Catalog
internal import Events
internal import Reports

/// The reports of one page, run one after the other in one turn.
struct PageReports: Sendable {
    /// A list beside the headline numbers.
    struct Panel: Sendable {
        let id: String
        let title: String
        /// As in a report query.
        let dimension: String
        /// Beside visitors.
        let second: ReportMetric
        /// What stands for no value.
        let none: String
    }

    static let panels = [
        Panel(id: "pages", title: "Top pages", dimension: "event:page", second: .pageviews, none: "(no page)"),
        Panel(id: "entries", title: "Entry pages", dimension: "visit:entry_page", second: .visits, none: "(no page)"),
        Panel(id: "sources", title: "Sources", dimension: "visit:source", second: .visits, none: "Direct or unknown"),
        Panel(id: "channels", title: "Channels", dimension: "visit:channel", second: .visits, none: "Unknown"),
        Panel(id: "countries", title: "Countries", dimension: "visit:country", second: .visits, none: "Unknown"),
        Panel(id: "devices", title: "Devices", dimension: "visit:device", second: .visits, none: "Unknown"),
        Panel(id: "browsers", title: "Browsers", dimension: "visit:browser", second: .visits, none: "Unknown"),
        Panel(id: "events", title: "Events", dimension: "event:name", second: .events, none: "(no name)"),
    ]
    static let headlineMetrics: [ReportMetric] = [
        .visitors, .visits, .pageviews, .viewsPerVisit, .bounceRate, .visitDuration, .totalRevenue, .events,
    ]
    static let panelRowsMax = 9

    var headline: ReportTable
    var series: ReportTable
    var panels: [ReportTable]
    /// Events by bots that the numbers leave out; nil where they are counted in.
    var botEvents: UInt64?

    /// Runs them all. `run` is one report; it throws once nobody waits any more.
    static func load(
        _ site: Site, _ options: PageOptions, run: @Sendable (ReportQuery) async throws -> ReportTable
    ) async throws -> PageReports {
        func query(_ metrics: [ReportMetric]) -> ReportQuery {
            var query = ReportQuery(site: site.id.description, metrics: metrics, range: options.range)
            query.includesBots = options.includesBots
            return query
        }
        var headline = query(headlineMetrics)
        if options.range != .all { headline.comparison = .previousPeriod }
        let numbers = try await run(headline)
        let isIdentified = numbers.rows.first?.metrics.first?.text != nil

        var series = query(isIdentified ? [.visitors, .pageviews] : [.pageviews, .events])
        series.dimensions = [ReportDimension(name: "time")].compactMap { $0 }
        series.includesTimeLabels = true
        series.comparison = headline.comparison
        let line = try await run(series)

        var lists: [ReportTable] = []
        for panel in panels {
            // Where nobody is identified, visits and visitors cannot be told and events stand in.
            let second = isIdentified ? panel.second : panel.second == .visits ? .events : panel.second
            var list = query(isIdentified ? [.visitors, second] : [second])
            list.dimensions = [ReportDimension(name: panel.dimension)].compactMap { $0 }
            list.limit = panelRowsMax
            list.includesTotalRows = true
            lists.append(try await run(list))
        }
        var bots: UInt64?
        if !options.includesBots {
            var all = query([.events])
            all.includesBots = true
            let counted = PageReports.events(numbers, at: headlineMetrics.count - 1)
            let everything = PageReports.events(try await run(all), at: 0)
            bots = everything > counted ? everything - counted : 0
        }
        return PageReports(headline: numbers, series: line, panels: lists, botEvents: bots)
    }

    private static func events(_ table: ReportTable, at index: Int) -> UInt64 {
        guard let metrics = table.rows.first?.metrics, index < metrics.count, case .integer(let count) = metrics[index]
        else { return 0 }
        return count
    }
}
