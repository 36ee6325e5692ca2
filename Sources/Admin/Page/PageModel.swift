internal import Catalog
internal import Events
internal import Reports
internal import RequestParsing

/// What the template of a site's page shows, as the dictionaries that Mustache reads. Plain text throughout: escaping
/// is the template's. Only `chart` is markup, drawn by `SeriesChart`.
struct PageModel {
    let site: Site
    let options: PageOptions
    let reports: PageReports
    let countries: CountryNames
    let now: Timestamp

    /// Everything of the page's numbers.
    var values: [String: Any] {
        var values: [String: Any] = [
            "cards": cards, "panels": panels, "notes": notes, "timeZone": site.timeZone,
            "hasEvents": hasEvents,
        ]
        if hasEvents { values.merge(chart) { _, new in new } }
        return values
    }

    private var hasEvents: Bool {
        reports.headline.rows.first.map { row in
            row.metrics.last.map { $0 != .integer(0) && $0 != ReportValue.none } ?? false
        } ?? false
    }

    private var cards: [[String: Any]] {
        guard let row = reports.headline.rows.first else { return [] }
        var cards: [[String: Any]] = []
        for (index, metric) in PageReports.headlineMetrics.enumerated() where index < row.metrics.count {
            guard let card = card(metric, row, index) else { continue }
            cards.append(card)
        }
        return cards
    }

    private func card(_ metric: ReportMetric, _ row: ReportTable.Row, _ index: Int) -> [String: Any]? {
        let value = row.metrics[index]
        guard let title = PageModel.title(metric) else { return nil }
        if metric == .totalRevenue, value.text == nil { return nil }
        var card: [String: Any] = ["cardTitle": title, "cardValue": text(metric, value)]
        if let comparison = row.comparison, index < comparison.change.count,
            let change = NumberText.double(comparison.change[index]), index < comparison.metrics.count
        {
            let isRate = metric == .bounceRate
            let amount = Int(clampingRounded: change.magnitude)
            let isBetter = isRate ? change < 0 : change > 0
            let sign = amount == 0 ? "" : change > 0 ? "+" : "−"
            card["change"] = [
                "text": "\(sign)\(NumberText.grouped(String(amount)))\(isRate ? " pts" : "%")",
                "tone": amount == 0 ? "same" : isBetter ? "better" : "worse",
                "before": text(metric, comparison.metrics[index]),
            ]
        }
        return card
    }

    private static func title(_ metric: ReportMetric) -> String? {
        switch metric {
        case .visitors: "Visitors"
        case .visits: "Visits"
        case .pageviews: "Page views"
        case .viewsPerVisit: "Views per visit"
        case .bounceRate: "Bounce rate"
        case .visitDuration: "Visit duration"
        case .totalRevenue: "Revenue"
        default: nil
        }
    }

    private func text(_ metric: ReportMetric, _ value: ReportValue) -> String {
        switch metric {
        case .bounceRate: NumberText.percent(value)
        case .visitDuration: NumberText.duration(value)
        case .viewsPerVisit: NumberText.decimal(value)
        case .totalRevenue: NumberText.money(value, site.currency)
        default: NumberText.count(value)
        }
    }

    private var chart: [String: Any] {
        let rows = shownRows
        let labels = BucketLabels(reports.series.rows.map { ($0.dimensions.first ?? nil) ?? "" })
        let isVisitors = reports.series.metricNames.first == ReportMetric.visitors.rawValue
        let noun = isVisitors ? "visitors" : "page views"
        let secondNoun = isVisitors ? "page views" : "events"
        let points = rows.map { row -> SeriesChart.Point in
            let label = labels.short((row.dimensions.first ?? nil) ?? "")
            let first = row.metrics.first ?? ReportValue.none
            let second = row.metrics.count > 1 ? row.metrics[1] : ReportValue.none
            var summary = "\(label): \(NumberText.count(first)) \(noun), \(NumberText.count(second)) \(secondNoun)"
            let earlier = row.comparison?.metrics.first
            if let earlier { summary += "; before: \(NumberText.count(earlier)) \(noun)" }
            return .init(
                label: label, value: NumberText.double(first), earlier: earlier.flatMap(NumberText.double),
                summary: summary)
        }
        let drawing = SeriesChart(points: points)
        let peak = points.max { ($0.value ?? 0) < ($1.value ?? 0) }
        let description = peak.map { "\(points.count) values; the highest, \($0.summary)" } ?? "no values"
        let most = drawing.scaleMax
        let ticks = [1, 0.75, 0.5, 0.25, 0].map { share in ["tick": PageModel.tick(most * share)] }
        let title = isVisitors ? "Visitors" : "Page views"
        return [
            "chart": drawing.svg(title: "\(title) over time", description: description),
            "chartTitle": title, "secondTitle": isVisitors ? "Page views" : "Events",
            "ticks": ticks, "dates": dates(points.map(\.label)),
            "hasEarlier": points.contains { $0.earlier != nil } && points.count > 2, "bucketTitle": labels.heading,
            "bucketRows": zip(rows, points).map { row, point in
                [
                    "bucket": point.label, "bucketFirst": NumberText.count(row.metrics.first ?? ReportValue.none),
                    "bucketSecond": NumberText.count(row.metrics.count > 1 ? row.metrics[1] : ReportValue.none),
                ]
            },
        ]
    }

    /// Without the buckets that have not begun yet.
    private var shownRows: [ReportTable.Row] {
        let day: Int64 = 86_400_000
        guard
            let clock = ZoneClock(
                zone: site.timeZone, from: now.adding(milliseconds: -day), to: now.adding(milliseconds: day))
        else { return reports.series.rows }
        let present = String(clock.text(now).prefix(19))
        let rows = reports.series.rows.filter { row in
            guard let label = row.dimensions.first ?? nil else { return false }
            return label.split(separator: " ").joined(separator: "T") <= present
        }
        return rows.isEmpty ? Array(reports.series.rows.prefix(1)) : rows
    }

    private static func tick(_ value: Double) -> String {
        let whole = Int(clampingRounded: value)
        return Double(whole) == value ? NumberText.grouped(String(whole)) : String((value * 10).rounded() / 10)
    }

    /// At most five labels, evenly taken, each under the middle of its bucket; at the edges beside it, inwards.
    private func dates(_ labels: [String]) -> [[String: Any]] {
        let chosen = labels.count > 5 ? (0..<5).map { $0 * (labels.count - 1) / 4 } : Array(labels.indices)
        return chosen.map { index in
            let percent = ((Double(index) + 0.5) / Double(labels.count) * 10_000).rounded() / 100
            let anchor = percent < 8 ? "start" : percent > 92 ? "end" : "middle"
            return ["date": labels[index], "datePercent": String(percent), "dateAnchor": anchor]
        }
    }

    private var panels: [[String: Any]] {
        zip(PageReports.panels, reports.panels).map { panel, table in
            let most = table.rows.reduce(0.0) { max($0, $1.metrics.first.flatMap(NumberText.double) ?? 0) }
            let rows = table.rows.map { row in self.row(row, panel, most) }
            var values: [String: Any] = [
                "panelID": panel.id, "panelTitle": panel.title, "rows": rows, "isEmpty": rows.isEmpty,
                "columns": table.metricNames.map { ["column": PageModel.column($0)] },
            ]
            if let total = PageModel.totalRows(table), total > rows.count {
                values["more"] = ["moreText": "and \(NumberText.grouped(String(total - rows.count))) more"]
            }
            return values
        }
    }

    private func row(_ row: ReportTable.Row, _ panel: PageReports.Panel, _ most: Double) -> [String: Any] {
        let value = row.dimensions.first ?? nil
        let share = most > 0 ? (row.metrics.first.flatMap(NumberText.double) ?? 0) / most : 0
        var label = value.map { String($0.unicodeScalars.prefix(300).map(Character.init)) } ?? panel.none
        if panel.id == "countries", value != nil { label = countries.name(label) }
        if panel.id == "devices" || panel.id == "channels", value != nil {
            label = label.prefix(1).uppercased() + label.dropFirst()
        }
        var values: [String: Any] = [
            "label": label, "width": String(Int(clampingRounded: share * 1_000).clampedShare),
            "isNone": value == nil,
            "cells": row.metrics.map { ["cell": NumberText.count($0)] },
        ]
        if let value, PageModel.isWebAddress(value) { values["link"] = ["address": value] }
        return values
    }

    /// Only what is plainly http or https becomes a link.
    static func isWebAddress(_ text: String) -> Bool {
        let lower = text.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 2_000 else { return false }
        return text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 60 && $0 != 62 && $0 != 92 }
    }

    private static func column(_ metric: String) -> String {
        ReportMetric(rawValue: metric).flatMap(title) ?? (metric == "events" ? "Events" : metric)
    }

    private static func totalRows(_ table: ReportTable) -> Int? {
        let total = table.meta.first { $0.name == "total_rows" }
        guard case .integer(let count)? = total?.value else { return nil }
        return Int(exactly: count)
    }

    private var notes: [[String: Any]] {
        var notes: [String] = []
        func share(_ object: String, _ name: String) -> Double? {
            let value = reports.headline.meta.first { $0.name == object }?.value[name]
            switch value {
            case .number(let text)?: return Double(text)
            case .integer(let number)?: return Double(number)
            default: return nil
            }
        }
        if let daily = share("visitors", "dailyOnlyShare"), daily > 0 {
            notes.append("\(PageModel.percent(daily)) of the visitors are known for one day only and count once a day.")
        }
        if let visits = share("unidentified", "visits"), visits > 0 {
            notes.append("\(PageModel.percent(visits)) of the visits have no visitor, by the visitors' choice.")
        } else if let events = share("unidentified", "events"), events > 0 {
            notes.append("\(PageModel.percent(events)) of the events have no visitor, by the visitors' choice.")
        }
        if case .array(let others)? = reports.headline.meta.first(where: { $0.name == "revenue" })?.value["left_out"],
            !others.isEmpty
        {
            let codes = others.compactMap { other -> String? in
                if case .string(let code) = other { return code }
                return nil
            }
            notes.append("Revenue is in \(site.currency); amounts in \(codes.joined(separator: ", ")) are left out.")
        }
        return notes.map { ["note": $0] }
    }

    private static func percent(_ share: Double) -> String {
        share < 0.01 ? "Less than 1%" : "\(Int(clampingRounded: share * 100))%"
    }
}

extension Int {
    fileprivate var clampedShare: Int { Swift.min(Swift.max(self, 0), 1_000) }
}
