package import Columns

// A request from the words of `highland report`.
extension ReportQuery {
    /// Metrics and dimensions are separated by commas; the range is a name (`30d`) or `FIRST,LAST`; every filter must
    /// hold. Errors name the option.
    package init(
        site: String, metrics: String, dimensions: String = "", range: String = "30d", filters: [String] = [],
        includesBots: Bool = false, limit: Int? = nil
    ) throws(ReportError) {
        let list = ReportQuery.words(metrics)
        guard !list.isEmpty else { throw ReportError("--metrics", "is empty", expected: ReportMetric.expected) }
        let parsed = try ReportQuery.parse(metrics: list, field: "--metrics")
        let ends = range.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let resolved: ReportRange
        if let named = ReportRange.named[range] {
            resolved = named
        } else if ends.count == 2 {
            resolved = try ReportRange(ends[0], ends[1], field: "--range")
        } else {
            throw ReportError("--range", "\"\(range.prefix(80))\" is no range", expected: ReportRange.expected)
        }
        self.init(site: site, metrics: parsed, range: resolved)
        self.dimensions = try ReportQuery.parse(dimensions: ReportQuery.words(dimensions), field: "--dimensions")
        guard filters.count < QueryPlan.filterNodesMax / 2 else {
            throw ReportError(
                "--filter", "\(filters.count) filters", expected: "fewer than \(QueryPlan.filterNodesMax / 2)")
        }
        var parts: [PlanFilter] = []
        for filter in filters { parts.append(try ReportFilterText.parse(filter)) }
        filter = .all(parts)
        self.includesBots = includesBots
        if let limit {
            guard (1...ReportQuery.limitMax).contains(limit) else {
                throw ReportError(
                    "--limit", "\(limit) is out of range", expected: "a number from 1 to \(ReportQuery.limitMax)")
            }
            self.limit = limit
        }
    }

    private static func words(_ list: String) -> [String] {
        if list.isEmpty { return [] }
        return list.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingSpaces) }
    }
}

/// The filter of one `--filter` option: `DIMENSION OPERATOR VALUE`, such as `visit:country is DE|CH`.
///
/// - DIMENSION as in a request, without spaces; a property's key with spaces stands in the JSON request only.
/// - OPERATOR is `is`, `is not`, `contains` or `contains not`.
/// - VALUE is the rest; `|` separates values of which one suffices, `\|` and `\\` stand for themselves. Spaces at the
///   ends are cut. An empty value means "no value".
package enum ReportFilterText {
    /// Errors name the character they are about, counted from 1.
    package static func parse(_ text: String) throws(ReportError) -> PlanFilter {
        let characters = Array(text)
        var place = 0
        let name = word(characters, &place)
        guard let dimension = ReportDimension(name: name)?.planned else {
            let problem =
                name.isEmpty ? "a dimension is missing" : "\"\(name.prefix(80))\" is no dimension to filter on"
            throw failure(place - name.count, problem, ReportDimension.expectedInFilters)
        }
        let operation = word(characters, &place)
        guard operation == "is" || operation == "contains" else {
            throw failure(
                place - operation.count, "\"\(operation.prefix(80))\" is no operator",
                "is, is not, contains or contains not")
        }
        var ahead = place
        let isNegated = word(characters, &ahead) == "not" && ahead < characters.count
        if isNegated { place = ahead }
        let start = place
        let values = values(characters[place...])
        if operation == "contains", values.contains("") {
            throw failure(start, "an empty text is contained in all", "texts with a character")
        }
        guard values.count <= ReportQuery.valuesMax, values.allSatisfy({ $0.utf8.count <= ReportQuery.valueBytesMax })
        else {
            throw failure(
                start, "too many or too long values",
                "at most \(ReportQuery.valuesMax) texts of \(ReportQuery.valueBytesMax) bytes")
        }
        let match = PlanFilter.match(
            .init(dimension: dimension, operation: operation == "is" ? .equals : .contains, values: values))
        return isNegated ? .not(match) : match
    }

    private static func failure(_ place: Int, _ problem: String, _ expected: String) -> ReportError {
        ReportError("--filter at character \(place + 1)", problem, expected: expected)
    }

    private static func word(_ characters: [Character], _ place: inout Int) -> String {
        while place < characters.count, characters[place] == " " { place += 1 }
        let start = place
        while place < characters.count, characters[place] != " " { place += 1 }
        return String(characters[start..<place])
    }

    private static func values(_ characters: ArraySlice<Character>) -> [String] {
        var values: [String] = []
        var value = ""
        var isEscaped = false
        for character in characters {
            if isEscaped {
                if character != "|", character != "\\" { value.append("\\") }
                value.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                values.append(String(value.trimmingSpaces))
                value = ""
            } else {
                value.append(character)
            }
        }
        if isEscaped { value.append("\\") }
        return values + [String(value.trimmingSpaces)]
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    var trimmingSpaces: SubSequence {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return self[endIndex..<endIndex]
        }
        return self[first...last]
    }
}
