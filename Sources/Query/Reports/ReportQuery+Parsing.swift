internal import Columns
internal import RequestParsing

// A request from JSON: strict, every error names the field and what it may be.
extension ReportQuery {
    private static let fields = [
        "site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination",
    ]
    private static let includeFields = ["imports", "time_labels", "total_rows", "comparisons", "bots"]

    /// Reads a request's body.
    package init(json bytes: [UInt8]) throws(ReportError) {
        let body: JSONValue
        do throws(JSONTextError) { body = try JSONReader.read(bytes) } catch {
            throw ReportError("body", "\(error)", expected: "a JSON object in UTF-8")
        }
        let members = try ReportQuery.members(body, "body", allowed: ReportQuery.fields)
        let site: String
        switch members["site_id"] {
        case .string(let text)? where !text.isEmpty: site = text
        case .integer(let number)? where number > 0: site = String(number)
        case let other:
            throw ReportError(
                "site_id", other.map { "\($0.kind) is no site" } ?? "is missing",
                expected: "a site's domain, key or number")
        }
        let metrics = try ReportQuery.parseMetrics(members["metrics"])
        guard let rangeValue = members["date_range"] else {
            throw ReportError("date_range", "is missing", expected: ReportRange.expected)
        }
        self.init(site: site, metrics: metrics, range: try ReportQuery.parseRange(rangeValue, "date_range"))
        dimensions = try ReportQuery.parseDimensions(members["dimensions"])
        if let value = members["filters"] {
            var parser = FilterParser()
            filter = .all(try parser.parse(list: value, field: "filters", depth: 2))
        }
        order = try parseOrder(members["order_by"])
        if let value = members["include"] { try parseInclude(value) }
        if let value = members["pagination"] {
            let page = try ReportQuery.members(value, "pagination", allowed: ["limit", "offset"])
            limit = try ReportQuery.number(page["limit"], "pagination.limit", 1...ReportQuery.limitMax) ?? limit
            offset = try ReportQuery.number(page["offset"], "pagination.offset", 0...ReportQuery.offsetMax) ?? offset
        }
    }

    private static func members(
        _ value: JSONValue, _ field: String, allowed: [String]
    ) throws(ReportError) -> [String: JSONValue] {
        guard case .object(let list) = value else {
            throw ReportError(field, "\(value.kind) is no object", expected: "an object with \(joined(allowed))")
        }
        var result: [String: JSONValue] = [:]
        for member in list {
            guard allowed.contains(member.name) else {
                let path = field == "body" ? member.name : "\(field).\(member.name)"
                throw ReportError(String(path.prefix(100)), "is not known", expected: "one of \(joined(allowed))")
            }
            result[member.name] = member.value
        }
        return result
    }

    private static func joined(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// The texts of a list; nil when it is no list of texts.
    static func texts(_ value: JSONValue?) -> [String]? {
        guard case .array(let items)? = value else { return nil }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static func parseMetrics(_ value: JSONValue?) throws(ReportError) -> [ReportMetric] {
        guard let names = texts(value), !names.isEmpty else {
            let problem = value == nil ? "is missing" : "is not a list of names, or empty"
            throw ReportError("metrics", problem, expected: "a list of \(ReportMetric.expected)")
        }
        return try parse(metrics: names, field: "metrics")
    }

    /// Metrics by their names.
    package static func parse(metrics names: [String], field: String) throws(ReportError) -> [ReportMetric] {
        guard names.count <= metricsMax else {
            throw ReportError(field, "\(names.count) metrics", expected: "at most \(metricsMax)")
        }
        var metrics: [ReportMetric] = []
        for (index, name) in names.enumerated() {
            if ["scroll_depth", "time_on_page", "exit_rate", "conversion_rate", "group_conversion_rate"].contains(name)
            {
                throw ReportError("\(field)[\(index)]", "\(name) is not measured", expected: ReportMetric.expected)
            }
            guard let metric = ReportMetric(name: name) else {
                throw ReportError(
                    "\(field)[\(index)]", "\"\(name.prefix(80))\" is no metric", expected: ReportMetric.expected)
            }
            guard !metrics.contains(metric) else {
                throw ReportError("\(field)[\(index)]", "\(name) is given twice", expected: "each metric once")
            }
            metrics.append(metric)
        }
        return metrics
    }

    private static func parseRange(_ value: JSONValue, _ field: String) throws(ReportError) -> ReportRange {
        if case .string(let name) = value, let range = ReportRange.named[name] { return range }
        if let pair = texts(value), pair.count == 2 { return try ReportRange(pair[0], pair[1], field: field) }
        throw ReportError(field, "\(value.kind) is no range", expected: ReportRange.expected)
    }

    private static func parseDimensions(_ value: JSONValue?) throws(ReportError) -> [ReportDimension] {
        guard let value else { return [] }
        guard let names = texts(value) else {
            throw ReportError(
                "dimensions", "is not a list of names", expected: "a list of \(ReportDimension.expected)")
        }
        return try parse(dimensions: names, field: "dimensions")
    }

    /// Dimensions by their names.
    package static func parse(dimensions names: [String], field: String) throws(ReportError) -> [ReportDimension] {
        guard names.count <= QueryPlan.dimensionsMax else {
            throw ReportError(field, "\(names.count) dimensions", expected: "at most \(QueryPlan.dimensionsMax)")
        }
        var dimensions: [ReportDimension] = []
        for (index, name) in names.enumerated() {
            guard let dimension = ReportDimension(name: name) else {
                throw ReportError(
                    "\(field)[\(index)]", "\"\(name.prefix(80))\" is no dimension", expected: ReportDimension.expected)
            }
            guard !dimensions.contains(dimension) else {
                throw ReportError("\(field)[\(index)]", "\(name) is given twice", expected: "each dimension once")
            }
            dimensions.append(dimension)
        }
        return dimensions
    }

    private func parseOrder(_ value: JSONValue?) throws(ReportError) -> [Order] {
        guard let value else { return [] }
        let expected = "a list of [metric or dimension of this query, \"asc\" or \"desc\"]"
        guard case .array(let items) = value, items.count <= ReportQuery.metricsMax + QueryPlan.dimensionsMax else {
            throw ReportError("order_by", "\(value.kind) is no such list", expected: expected)
        }
        var order: [Order] = []
        for (index, item) in items.enumerated() {
            guard let pair = ReportQuery.texts(item), pair.count == 2, pair[1] == "asc" || pair[1] == "desc" else {
                throw ReportError("order_by[\(index)]", "is no pair of name and direction", expected: expected)
            }
            let key: Order.Key
            if let metric = ReportMetric(name: pair[0]), let place = metrics.firstIndex(of: metric) {
                key = .metric(place)
            } else if let place = dimensions.firstIndex(where: { $0.name == pair[0] }) {
                key = .dimension(place)
            } else {
                throw ReportError(
                    "order_by[\(index)][0]", "\"\(pair[0].prefix(80))\" is not in this query", expected: expected)
            }
            order.append(Order(key, isDescending: pair[1] == "desc"))
        }
        return order
    }

    private mutating func parseInclude(_ value: JSONValue) throws(ReportError) {
        let include = try ReportQuery.members(value, "include", allowed: ReportQuery.includeFields)
        _ = try ReportQuery.flag(include["imports"], "include.imports")
        includesTimeLabels = try ReportQuery.flag(include["time_labels"], "include.time_labels")
        includesTotalRows = try ReportQuery.flag(include["total_rows"], "include.total_rows")
        includesBots = try ReportQuery.flag(include["bots"], "include.bots")
        if includesTimeLabels, !dimensions.contains(where: \.isTime) {
            throw ReportError(
                "include.time_labels", "there is no dimension of time",
                expected: "false, or a dimension such as time:day")
        }
        guard let value = include["comparisons"], value != .null else { return }
        let field = "include.comparisons"
        let members = try ReportQuery.members(value, field, allowed: ["mode", "date_range"])
        let range = members["date_range"]
        switch members["mode"] {
        case .string("previous_period")? where range == nil: comparison = .previousPeriod
        case .string("year_over_year")? where range == nil: comparison = .yearOverYear
        case .string("custom")?:
            guard let range else {
                throw ReportError("\(field).date_range", "is missing", expected: ReportRange.expected)
            }
            comparison = .custom(try ReportQuery.parseRange(range, "\(field).date_range"))
        default:
            throw ReportError(
                "\(field).mode", members["mode"].map { "\($0.kind) does not fit" } ?? "is missing",
                expected: "\"previous_period\" or \"year_over_year\" alone, or \"custom\" with date_range")
        }
    }

    private static func flag(_ value: JSONValue?, _ field: String) throws(ReportError) -> Bool {
        switch value {
        case nil: return false
        case .bool(let flag)?: return flag
        case let other?: throw ReportError(field, "\(other.kind) is no boolean", expected: "true or false")
        }
    }

    private static func number(
        _ value: JSONValue?, _ field: String, _ range: ClosedRange<Int>
    ) throws(ReportError) -> Int? {
        guard let value else { return nil }
        guard case .integer(let number) = value, number >= range.lowerBound, number <= range.upperBound else {
            throw ReportError(
                field, "\(value.kind) is out of range",
                expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }
}

/// Filters from JSON: `[operator, dimension, [values], {"case_sensitive": false}]`, `["and"|"or", [filters]]`,
/// `["not", filter]`. A list of filters must hold all together.
struct FilterParser {
    private var nodes = 1
    private static let expected =
        "[\"is\" | \"is_not\" | \"contains\" | \"contains_not\", dimension, [values], {\"case_sensitive\": false}?], "
        + "[\"and\" | \"or\", [filters]] or [\"not\", filter]"

    /// A list of filters.
    mutating func parse(list value: JSONValue, field: String, depth: Int) throws(ReportError) -> [PlanFilter] {
        guard case .array(let items) = value else {
            throw ReportError(
                field, "\(value.kind) is no list", expected: "a list of filters, each \(FilterParser.expected)")
        }
        var filters: [PlanFilter] = []
        for (index, item) in items.enumerated() {
            filters.append(try parse(item, field: "\(field)[\(index)]", depth: depth))
        }
        return filters
    }

    private mutating func parse(_ value: JSONValue, field: String, depth: Int) throws(ReportError) -> PlanFilter {
        // `is_not` takes one level more than it looks.
        guard depth < QueryPlan.filterDepthMax else {
            throw ReportError(field, "is nested too deep", expected: "at most \(QueryPlan.filterDepthMax) levels")
        }
        nodes += 2
        guard nodes <= QueryPlan.filterNodesMax else {
            throw ReportError(
                field, "is beyond the bound", expected: "at most \(QueryPlan.filterNodesMax / 2) filters in all")
        }
        guard case .array(let items) = value, case .string(let name)? = items.first else {
            throw ReportError(field, "\(value.kind) is no filter", expected: FilterParser.expected)
        }
        switch name {
        case "and", "or":
            guard items.count == 2 else {
                throw ReportError(field, "has \(items.count) items", expected: "[\"\(name)\", [filters]]")
            }
            let parts = try parse(list: items[1], field: "\(field)[1]", depth: depth + 1)
            guard !parts.isEmpty else { throw ReportError("\(field)[1]", "is empty", expected: "at least one filter") }
            return name == "and" ? .all(parts) : .any(parts)
        case "not":
            guard items.count == 2 else {
                throw ReportError(field, "has \(items.count) items", expected: "[\"not\", filter]")
            }
            return .not(try parse(items[1], field: "\(field)[1]", depth: depth + 1))
        case "is", "is_not", "contains", "contains_not": return try match(name, items, field)
        case "matches", "matches_not", "matches_wildcard", "matches_wildcard_not":
            throw ReportError(
                "\(field)[0]", "\"\(name)\" is refused: patterns from outside may take unbounded time",
                expected: "is, is_not, contains, contains_not, and, or, not")
        default:
            throw ReportError(
                "\(field)[0]", "\"\(name.prefix(80))\" is no operator",
                expected: "is, is_not, contains, contains_not, and, or, not")
        }
    }

    private func match(_ name: String, _ items: [JSONValue], _ field: String) throws(ReportError) -> PlanFilter {
        guard items.count == 3 || items.count == 4 else {
            throw ReportError(field, "has \(items.count) items", expected: FilterParser.expected)
        }
        guard case .string(let dimensionName) = items[1], let dimension = ReportDimension(name: dimensionName)?.planned
        else {
            throw ReportError(
                "\(field)[1]", "\(items[1].kind) is no dimension to filter on",
                expected: ReportDimension.expectedInFilters)
        }
        guard let values = ReportQuery.texts(items[2]), !values.isEmpty, values.count <= ReportQuery.valuesMax,
            values.allSatisfy({ $0.utf8.count <= ReportQuery.valueBytesMax })
        else {
            throw ReportError(
                "\(field)[2]", "is no such list",
                expected: "a list of 1 to \(ReportQuery.valuesMax) texts of at most \(ReportQuery.valueBytesMax) bytes")
        }
        let contains = name.hasPrefix("contains")
        if contains, values.contains("") {
            throw ReportError("\(field)[2]", "an empty text is contained in all", expected: "texts with a character")
        }
        let match = PlanFilter.match(
            .init(
                dimension: dimension, operation: contains ? .contains : .equals, values: values,
                isCaseSensitive: try isCaseSensitive(items, field)))
        return name.hasSuffix("_not") ? .not(match) : match
    }

    private func isCaseSensitive(_ items: [JSONValue], _ field: String) throws(ReportError) -> Bool {
        guard items.count == 4 else { return true }
        guard case .object(let members) = items[3], members.count == 1, members[0].name == "case_sensitive",
            case .bool(let flag) = members[0].value
        else {
            throw ReportError(
                "\(field)[3]", "\(items[3].kind) is no option", expected: "{\"case_sensitive\": true or false}")
        }
        return flag
    }
}
