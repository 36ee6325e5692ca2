internal import Columns
internal import Events
internal import RequestParsing

/// Orders, pages and words a plan's result.
struct ReportRendering {
    let query: ReportQuery
    let site: ReportSite
    let answer: ReportRunner.Answer
    let earlier: ReportRunner.Answer?

    /// A group on its way to a row.
    struct Entry {
        var keys: [PlanResult.Key]
        var metrics: [ReportValue]
    }

    /// The finished table.
    func table() -> ReportTable {
        var table = ReportTable(
            dimensionNames: query.dimensions.map(\.name), metricNames: query.metrics.map(\.rawValue))
        var entries = self.entries(of: answer)
        sort(&entries)
        let page = entries.dropFirst(query.offset).prefix(query.limit)
        let other = earlier.map { self.other($0) }
        for entry in page {
            var row = ReportTable.Row(dimensions: texts(entry.keys, answer), metrics: entry.metrics)
            if let other { row.comparison = comparison(of: entry, other) }
            table.rows.append(row)
        }
        table.meta = meta(rowCount: entries.count)
        table.query = echo()
        table.notes = notes(rowCount: entries.count, shown: page.count)
        return table
    }

    /// The groups of an answer; where labels of time are asked for, one for each bucket.
    func entries(of answer: ReportRunner.Answer) -> [Entry] {
        var entries = answer.result.groups.map { group in
            Entry(keys: group.keys, metrics: query.metrics.map { value($0, group.measures, answer.result.total) })
        }
        if query.includesTimeLabels, query.dimensions.count == 1, let buckets = answer.buckets[0] {
            let present = Set(entries.map(\.keys))
            for bucket in buckets.labels.indices where !present.contains([.bucket(bucket)]) {
                let metrics = query.metrics.map { value($0, Measures(), answer.result.total) }
                entries.append(Entry(keys: [.bucket(bucket)], metrics: metrics))
            }
        }
        return entries
    }

    /// One metric of one group; the rules for null are in `ReportQuery`'s comment.
    func value(_ metric: ReportMetric, _ group: Measures, _ total: Measures) -> ReportValue {
        let cannotTell = group.events > 0 && group.identifiedEvents == 0 && group.visits == 0
        let visits = Int128(group.visits)
        switch metric {
        case .events: return .integer(group.events)
        case .pageviews: return .integer(group.pageviews)
        case .visitors: return cannotTell ? .none : .integer(group.visitors)
        case .visits: return cannotTell ? .none : .integer(group.visits)
        case .bounceRate: return .ratio(Int128(group.entryBounces) * 100, Int128(group.entryVisits), places: 2)
        case .bounceRateEngaged:
            return .ratio(Int128(group.entryUnengagedBounces) * 100, Int128(group.entryVisits), places: 2)
        case .visitDuration: return .ratio(group.durationMilliseconds, visits * 1_000, places: 1)
        case .viewsPerVisit: return .ratio(Int128(group.visitPageviews), visits, places: 2)
        case .totalRevenue:
            return group.revenueEvents == 0 ? .none : .decimal(units: group.revenueMicros, places: 6)
        case .averageRevenue:
            return .ratio(group.revenueMicros, Int128(group.revenueEvents) * 1_000_000, places: 2)
        case .percentage:
            return cannotTell ? .none : .ratio(Int128(group.visitors) * 100, Int128(total.visitors), places: 2)
        }
    }

    /// The words of a group's keys; nil is no value.
    func texts(_ keys: [PlanResult.Key], _ answer: ReportRunner.Answer) -> [String?] {
        zip(keys, answer.buckets).map { key, buckets in
            switch key {
            case .none: return nil
            case .text(let text): return text
            case .bucket(let index):
                guard let labels = buckets?.labels, index < labels.count else { return nil }
                return labels[index]
            }
        }
    }

    /// By the query's keys; without any by time, then the first metric downwards. Equal rows in the order of
    /// their dimensions; what is null comes last.
    private func sort(_ entries: inout [Entry]) {
        var order = query.order
        if order.isEmpty {
            for (place, dimension) in query.dimensions.enumerated() where dimension.isTime {
                order.append(.init(.dimension(place), isDescending: false))
            }
            order.append(.init(.metric(0), isDescending: true))
        }
        order += query.dimensions.indices.map { .init(.dimension($0), isDescending: false) }
        entries.sort { left, right in
            for key in order {
                let comparison: Int
                switch key.key {
                case .metric(let place):
                    comparison = ReportRendering.compare(
                        left.metrics[place].millionths, right.metrics[place].millionths, key.isDescending)
                case .dimension(let place):
                    comparison = ReportRendering.compare(left.keys[place], right.keys[place], key.isDescending)
                }
                if comparison != 0 { return comparison < 0 }
            }
            return false
        }
    }

    private static func compare<Value: Comparable>(_ left: Value?, _ right: Value?, _ isDescending: Bool) -> Int {
        guard let left else { return right == nil ? 0 : 1 }
        guard let right else { return -1 }
        if left == right { return 0 }
        return (left < right) != isDescending ? -1 : 1
    }

    private static func compare(_ left: PlanResult.Key, _ right: PlanResult.Key, _ isDescending: Bool) -> Int {
        switch (left, right) {
        case (.none, .none): return 0
        case (.none, _): return 1
        case (_, .none): return -1
        case (.text(let left), .text(let right)): return compare(left, right, isDescending)
        case (.bucket(let left), .bucket(let right)): return compare(left, right, isDescending)
        case (.text, .bucket): return 1
        case (.bucket, .text): return -1
        }
    }
}

// What the reply says about its numbers, and the query as it was understood.
extension ReportRendering {
    private func meta(rowCount: Int) -> [JSONValue.Member] {
        let result = answer.result
        let total = result.total
        var meta: [JSONValue.Member] = [.init("imports_included", .bool(true))]
        if query.includesTimeLabels, let buckets = answer.buckets.compactMap({ $0 }).first {
            meta.append(.init("time_labels", .array(buckets.labels.map { .string($0) })))
        }
        if query.includesTotalRows { meta.append(.init("total_rows", .integer(Int64(rowCount)))) }
        meta.append(.init("time_zone", .string(site.timeZone)))
        meta.append(
            .init(
                "visitors",
                .object([
                    .init("exact", .bool(true)),
                    .init("dailyOnlyShare", share(total.dailyVisitors, total.visitors)),
                ])))
        let visits = total.visits + result.unidentifiedVisits
        meta.append(
            .init(
                "unidentified",
                .object([
                    .init("events", share(result.unidentifiedEvents, total.events)),
                    .init("visits", share(result.unidentifiedVisits, visits)),
                ])))
        meta.append(.init("visit_duration", .object([.init("includes_bounces", .bool(true))])))
        if query.dimensions.contains(.value(.page)) {
            meta.append(.init("bounce_rate", .object([.init("by", .string("visit:entry_page"))])))
        }
        if query.metrics.contains(.totalRevenue) || query.metrics.contains(.averageRevenue) {
            let others = result.otherCurrencies.map { JSONValue.string($0.description) }
            let revenue: [JSONValue.Member] = [
                .init("currency", .string(site.currency)), .init("left_out", .array(others)),
            ]
            meta.append(.init("revenue", .object(revenue)))
        }
        let overflowed = overflowedNames
        if !overflowed.isEmpty {
            let reason = "the site has more values than are kept apart; \"(other)\" holds the rest"
            meta.append(.init("overflow", .object(overflowed.map { .init($0, .string(reason)) })))
        }
        return meta
    }

    private var overflowedNames: [String] {
        query.dimensions.filter { dimension in
            dimension.planned.map { answer.result.overflowed.contains($0) } ?? false
        }.map(\.name)
    }

    private func share(_ part: UInt64, _ whole: UInt64) -> JSONValue {
        ReportValue.ratio(Int128(part), Int128(whole), places: 4).json
    }

    private func notes(rowCount: Int, shown: Int) -> [String] {
        let total = answer.result.total
        let ends = answer.range.texts(answer.clock)
        var notes = ["\(site.name), \(ends.first) to \(ends.last)"]
        if shown < rowCount { notes.append("\(shown) of \(rowCount) rows shown") }
        if total.dailyVisitors > 0, query.metrics.contains(.visitors) {
            notes.append("\(total.dailyVisitors) of \(total.visitors) visitors are known for one day only")
        }
        if answer.result.unidentifiedEvents > 0 {
            notes.append("\(answer.result.unidentifiedEvents) of \(total.events) events have no visitor")
        }
        for name in overflowedNames { notes.append("\(name): (other) holds values beyond the site's bound") }
        let revenue = query.metrics.contains(.totalRevenue) || query.metrics.contains(.averageRevenue)
        if revenue, !answer.result.otherCurrencies.isEmpty {
            let others = answer.result.otherCurrencies.map(\.description).joined(separator: ", ")
            notes.append("revenue is in \(site.currency); amounts in \(others) are left out")
        }
        return notes
    }

    private func echo() -> [JSONValue.Member] {
        var include: [JSONValue.Member] = [
            .init("imports", .bool(true)), .init("time_labels", .bool(query.includesTimeLabels)),
            .init("total_rows", .bool(query.includesTotalRows)), .init("bots", .bool(query.includesBots)),
        ]
        if let earlier {
            let range = ReportRendering.json(earlier.range.texts(earlier.clock))
            include.append(.init("comparisons", .object([.init("date_range", range)])))
        }
        return [
            .init("site_id", .string(query.site)),
            .init("metrics", .array(query.metrics.map { .string($0.rawValue) })),
            .init("date_range", ReportRendering.json(answer.range.texts(answer.clock))),
            .init("dimensions", .array(query.dimensions.map { .string($0.name) })),
            .init("filters", filters()),
            .init("order_by", .array(query.order.map(json))),
            .init("include", .object(include)),
            .init(
                "pagination",
                .object([
                    .init("limit", .integer(Int64(query.limit))), .init("offset", .integer(Int64(query.offset))),
                ])),
        ]
    }

    private static func json(_ ends: (first: String, last: String)) -> JSONValue {
        .array([.string(ends.first), .string(ends.last)])
    }

    private func json(_ order: ReportQuery.Order) -> JSONValue {
        let name =
            switch order.key {
            case .metric(let place): query.metrics[place].rawValue
            case .dimension(let place): query.dimensions[place].name
            }
        return .array([.string(name), .string(order.isDescending ? "desc" : "asc")])
    }

    private func filters() -> JSONValue {
        if case .all(let parts) = query.filter { return .array(parts.map { ReportRendering.json($0) }) }
        return .array([ReportRendering.json(query.filter)])
    }

    private static func json(_ filter: PlanFilter) -> JSONValue {
        switch filter {
        case .all(let parts): return .array([.string("and"), .array(parts.map { json($0) })])
        case .any(let parts): return .array([.string("or"), .array(parts.map { json($0) })])
        case .not(.match(let match)): return json(match, suffix: "_not")
        case .not(let part): return .array([.string("not"), json(part)])
        case .match(let match): return json(match, suffix: "")
        }
    }

    private static func json(_ match: PlanFilter.PlanMatch, suffix: String) -> JSONValue {
        let name =
            switch match.dimension {
            case .value(let dimension): ReportDimension.value(dimension).name
            case .property(let key): ReportDimension.property(key).name
            case .time: "time"
            }
        var items: [JSONValue] = [
            .string((match.operation == .equals ? "is" : "contains") + suffix), .string(name),
            .array(match.values.map { .string($0) }),
        ]
        if !match.isCaseSensitive { items.append(.object([.init("case_sensitive", .bool(false))])) }
        return .array(items)
    }
}
