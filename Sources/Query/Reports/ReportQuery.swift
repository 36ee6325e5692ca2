package import Columns

/// What can be measured. Raw values are the request's names, Plausible's where Plausible has the metric.
package enum ReportMetric: String, Sendable, CaseIterable {
    case visitors
    case visits
    case pageviews
    case events
    /// Classic: at most one interactive event. `bounce_rate_classic` is another name for it.
    case bounceRate = "bounce_rate"
    /// Exactly one interactive event and less than 10 s engaged.
    case bounceRateEngaged = "bounce_rate_engaged"
    /// Mean seconds from a visit's first event to its last, bounces included.
    case visitDuration = "visit_duration"
    case viewsPerVisit = "views_per_visit"
    case totalRevenue = "total_revenue"
    case averageRevenue = "average_revenue"
    /// Of all visitors of the query.
    case percentage

    /// The metric of a request's name; nil when there is none.
    package init?(name: String) {
        if name == "bounce_rate_classic" { self = .bounceRate } else { self.init(rawValue: name) }
    }

    /// What a request may say, for errors.
    package static let expected =
        "one of " + ReportMetric.allCases.map(\.rawValue).joined(separator: ", ") + ", bounce_rate_classic"
}

/// What results are grouped by or filtered on, by the request's name.
package enum ReportDimension: Hashable, Sendable {
    case value(Dimension)
    /// `event:props:KEY`.
    case property(String)
    /// `time:day`; nil is `time`: hours up to two days, days up to 100, else months.
    case time(TimeUnit?)

    /// The closed list of names, beside properties and time.
    package static let names: [(name: String, dimension: Dimension)] = [
        ("event:name", .eventName), ("event:page", .page), ("event:hostname", .hostname),
        ("visit:entry_page", .entryPage), ("visit:exit_page", .exitPage), ("visit:referrer", .referrer),
        ("visit:source", .source), ("visit:channel", .channel), ("visit:utm_source", .utmSource),
        ("visit:utm_medium", .utmMedium), ("visit:utm_campaign", .utmCampaign), ("visit:utm_content", .utmContent),
        ("visit:utm_term", .utmTerm), ("visit:country", .country), ("visit:region", .region), ("visit:city", .city),
        ("visit:device", .device), ("visit:browser", .browser), ("visit:browser_version", .browserVersion),
        ("visit:os", .os), ("visit:os_version", .osVersion), ("visit:screen", .screen), ("visit:language", .language),
    ]

    /// What a filter may look at, for errors.
    package static let expectedInFilters = "one of " + names.map(\.name).joined(separator: ", ") + ", event:props:KEY"
    /// What results may be grouped by, for errors.
    package static let expected = expectedInFilters + ", time, time:hour, time:day, time:week, time:month"

    /// The dimension of a request's name; nil when there is none.
    package init?(name: String) {
        if let known = ReportDimension.names.first(where: { $0.name == name }) {
            self = .value(known.dimension)
        } else if name.hasPrefix("event:props:"), name.utf8.count > 12 {
            self = .property(String(name.dropFirst(12)))
        } else if name == "time" {
            self = .time(nil)
        } else if name.hasPrefix("time:"), let unit = TimeUnit(rawValue: String(name.dropFirst(5))) {
            self = .time(unit)
        } else {
            return nil
        }
    }

    /// The request's name.
    package var name: String {
        switch self {
        case .value(let dimension): ReportDimension.names.first { $0.dimension == dimension }?.name ?? "event:name"
        case .property(let key): "event:props:\(key)"
        case .time(let unit): unit.map { "time:\($0.rawValue)" } ?? "time"
        }
    }

    /// Whether it is one of time.
    package var isTime: Bool {
        if case .time = self { return true }
        return false
    }

    /// The plan's dimension; nil for time, which needs a range.
    var planned: PlanDimension? {
        switch self {
        case .value(let dimension): .value(dimension)
        case .property(let key): .property(key)
        case .time: nil
        }
    }
}

/// A checked request for a report, in the shape of Plausible's Stats API v2 (`POST /api/v2/query`,
/// https://plausible.io/docs/stats-api):
///
/// ```json
/// {"site_id": "shop.test", "metrics": ["visitors"], "date_range": "30d", "dimensions": ["visit:source"],
///  "filters": [["is", "visit:country", ["DE", "CH"]]], "order_by": [["visitors", "desc"]],
///  "include": {"total_rows": true}, "pagination": {"limit": 100, "offset": 0}}
/// ```
///
/// Which rows count, and in which group, is in `QueryPlan`'s comment. Beyond it:
/// - Conditions and dimensions of events select events; then visits, visitors and the means over visits are those of
///   visits with at least one such event.
/// - Where `event:page` is a dimension, both bounce rates are over the visits that entered on that page, as in
///   Plausible: a visit bounces where it began.
/// - Imported events count like any others, for visits are made of events of both kinds: `include.imports` is taken from
///   Plausible's clients, changes nothing, and is true in every answer.
/// - Hours that are compared are those of the same local time; one that the other range skips has null beside it.
/// - A metric that the data cannot give is null, never 0: visitors and visits where no event has an identifier, rates
///   and means over no visits, revenue where no event has an amount in the site's currency.
package struct ReportQuery: Sendable {
    /// The site's key, a domain, or its number.
    package var site: String
    package var metrics: [ReportMetric]
    package var range: ReportRange
    package var dimensions: [ReportDimension] = []
    package var filter: PlanFilter = .all([])
    package var order: [Order] = []
    package var includesTimeLabels = false
    package var includesTotalRows = false
    package var includesBots = false
    package var comparison: ReportComparison?
    package var limit = ReportQuery.limitMax
    package var offset = 0

    package static let limitMax = 10_000
    package static let offsetMax = 1_000_000
    package static let metricsMax = 20
    package static let valuesMax = 1_000
    package static let valueBytesMax = 4_096

    /// One key of the order: a place among the metrics or the dimensions.
    package struct Order: Hashable, Sendable {
        package enum Key: Hashable, Sendable {
            case metric(Int)
            case dimension(Int)
        }
        package var key: Key
        package var isDescending: Bool
        package init(_ key: Key, isDescending: Bool) {
            self.key = key
            self.isDescending = isDescending
        }
    }

    package init(site: String, metrics: [ReportMetric], range: ReportRange) {
        self.site = site
        self.metrics = metrics
        self.range = range
    }
}
