import Catalog
import Reports
import RequestParsing

/// Reports of made-up numbers in the shapes of real ones, the same for the same query.
struct MadeUpReports: Sendable {
    /// Put before every text that comes from outside.
    var prefix = ""
    var isEmpty = false
    /// Nobody is identified: what only visitors give is null.
    var isAnonymous = false
    var scale: UInt64 = 1

    func run(_ query: ReportQuery) -> ReportTable {
        var table = ReportTable(
            dimensionNames: query.dimensions.map(\.name), metricNames: query.metrics.map(\.rawValue))
        if let dimension = query.dimensions.first {
            let labels = labels(dimension)
            table.rows = labels.enumerated().map { index, label in
                let weight = dimension.isTime ? wave(index) : UInt64(4_200 / (index * index + 1) + 7)
                var row = ReportTable.Row(
                    dimensions: [label], metrics: query.metrics.map { value($0, weight * scale, query) })
                if query.comparison != nil {
                    let before = query.metrics.map { value($0, (wave(index + 9) * 8 / 10) * scale, query) }
                    row.comparison = .init(
                        dimensions: [label], metrics: before, change: before.map { _ in .integer(4) })
                }
                return row
            }
            if !dimension.isTime {
                table.meta.append(.init("total_rows", .integer(Int64(labels.count + 41))))
                table.rows = Array(table.rows.prefix(query.limit))
            }
        } else {
            table.rows = [headline(query)]
            table.meta = [
                .init("visitors", .object([.init("exact", .bool(true)), .init("dailyOnlyShare", .number("0.3140"))])),
                .init(
                    "unidentified", .object([.init("events", .number("0.0712")), .init("visits", .number("0.0655"))])),
                .init("revenue", .object([.init("left_out", .array([.string("USD")]))])),
            ]
        }
        table.query = [.init("site_id", .string(query.site))]
        return table
    }

    private func headline(_ query: ReportQuery) -> ReportTable.Row {
        var row = ReportTable.Row(
            dimensions: [], metrics: query.metrics.map { value($0, isEmpty ? 0 : 12_345 * scale, query) })
        if query.comparison != nil {
            row.comparison = .init(
                dimensions: [], metrics: query.metrics.map { value($0, 11_007 * scale, query) },
                change: query.metrics.map { $0 == .bounceRate ? .decimal(units: -312, places: 2) : .integer(12) })
        }
        return row
    }

    private func value(_ metric: ReportMetric, _ weight: UInt64, _ query: ReportQuery) -> ReportValue {
        switch metric {
        case .visitors: isAnonymous ? .none : .integer(weight)
        case .visits: isAnonymous ? .none : .integer(weight * 13 / 10)
        case .pageviews: .integer(weight * 31 / 10)
        case .events: .integer(weight * (query.includesBots ? 45 : 36) / 10)
        case .bounceRate: isAnonymous ? .none : .decimal(units: 4_127, places: 2)
        case .visitDuration: isAnonymous ? .none : .decimal(units: 1_254, places: 1)
        case .viewsPerVisit: isAnonymous ? .none : .decimal(units: 238, places: 2)
        case .totalRevenue: .decimal(units: 18_204_500_000, places: 6)
        default: .none
        }
    }

    private func wave(_ index: Int) -> UInt64 {
        let week: [UInt64] = [410, 480, 512, 498, 455, 260, 231]
        return week[index % 7] + UInt64((index * 37) % 61) + UInt64(index) * 4
    }

    private func labels(_ dimension: ReportDimension) -> [String?] {
        if isEmpty { return [] }
        let names: [String?]
        switch dimension.name {
        case "time": return (1...30).map { $0 < 10 ? "2024-06-0\($0)" : "2024-06-\($0)" }
        case "event:page", "visit:entry_page":
            names = [
                "/", "/products/walking-boots",
                "/blog/the-long-way-round-the-loch-in-eleven-days-and-what-we-learned-about-rain",
                "/checkout", "/products/tents?colour=green", "/über-uns", "/about", "/cart", "/search", "/imprint",
            ]
        case "visit:source": names = ["Google", nil, "https://news.example/item?id=1", "Bing", "ChatGPT", "Mastodon"]
        case "visit:channel": names = ["search", "direct", "referral", "social", "email"]
        case "visit:country": names = ["CH", "DE", "AT", "FR", nil, "US"]
        case "visit:device": names = ["mobile", "desktop", "tablet"]
        case "visit:browser": names = ["Safari", "Chrome", "Firefox", "Edge", "Samsung Internet"]
        default: names = ["pageview", "add_to_cart", "purchase", "newsletter sign-up"]
        }
        return prefix.isEmpty ? names : names.map { $0.map { prefix + $0 } }
    }
}
