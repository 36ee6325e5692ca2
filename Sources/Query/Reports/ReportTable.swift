package import RequestParsing

/// A report's answer: rows in order, with what there is to say about them.
package struct ReportTable: Sendable {
    package struct Row: Hashable, Sendable {
        /// One a dimension; nil is no value.
        package var dimensions: [String?]
        /// One a metric.
        package var metrics: [ReportValue]
        package var comparison: Comparison?

        package init(dimensions: [String?], metrics: [ReportValue], comparison: Comparison? = nil) {
            self.dimensions = dimensions
            self.metrics = metrics
            self.comparison = comparison
        }
    }

    /// The same group in the range that is compared with.
    package struct Comparison: Hashable, Sendable {
        package var dimensions: [String?]
        package var metrics: [ReportValue]
        package var change: [ReportValue]

        package init(dimensions: [String?], metrics: [ReportValue], change: [ReportValue]) {
            self.dimensions = dimensions
            self.metrics = metrics
            self.change = change
        }
    }

    package var dimensionNames: [String]
    package var metricNames: [String]
    package var rows: [Row] = []
    package var meta: [JSONValue.Member] = []
    package var query: [JSONValue.Member] = []
    /// What a reader of the text should know, a sentence each.
    package var notes: [String] = []

    package init(dimensionNames: [String], metricNames: [String]) {
        self.dimensionNames = dimensionNames
        self.metricNames = metricNames
    }

    /// `{"results": [{"metrics": […], "dimensions": […]}], "meta": {…}, "query": {…}}`.
    package func json() -> [UInt8] {
        let results = rows.map { row in
            var members: [JSONValue.Member] = [
                .init("metrics", .array(row.metrics.map(\.json))),
                .init("dimensions", ReportTable.json(row.dimensions)),
            ]
            if let comparison = row.comparison {
                let value: [JSONValue.Member] = [
                    .init("dimensions", ReportTable.json(comparison.dimensions)),
                    .init("metrics", .array(comparison.metrics.map(\.json))),
                    .init("change", .array(comparison.change.map(\.json))),
                ]
                members.append(.init("comparison", .object(value)))
            }
            return JSONValue.object(members)
        }
        let members: [JSONValue.Member] = [
            .init("results", .array(results)), .init("meta", .object(meta)), .init("query", .object(query)),
        ]
        return JSONValue.object(members).encoded
    }

    private static func json(_ texts: [String?]) -> JSONValue { .array(texts.map { $0.map { .string($0) } ?? .null }) }

    /// Comma-separated values by RFC 4180 with CRLF: a header line, then a line a row; no value is an empty cell.
    /// Cells cannot be formulas, see `CSVCell`.
    package func csv() -> [UInt8] {
        var bytes: [UInt8] = []
        let compared = rows.contains { $0.comparison != nil }
        let extra = compared ? metricNames.map { "\($0)_before" } + metricNames.map { "\($0)_change" } : []
        CSVCell.append(line: dimensionNames + metricNames + extra, to: &bytes)
        for row in rows {
            var cells = row.dimensions.map { $0 ?? "" }.map(CSVCell.safe)
            cells += row.metrics.map { $0.text ?? "" }
            if compared {
                let blank = [String](repeating: "", count: metricNames.count)
                cells += row.comparison?.metrics.map { $0.text ?? "" } ?? blank
                cells += row.comparison?.change.map { $0.text ?? "" } ?? blank
            }
            CSVCell.append(cells, to: &bytes)
        }
        return bytes
    }

    /// Columns for a terminal: a heading, a line a row, numbers to the right, `-` for what the data cannot tell;
    /// then the notes. Control characters are shown as `?`.
    package func text() -> String {
        var lines = [dimensionNames + metricNames]
        for row in rows { lines.append(row.dimensions.map { $0 ?? "(none)" } + row.metrics.map { $0.text ?? "-" }) }
        lines = lines.map { $0.map(ReportTable.printable) }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var result = ""
        for line in lines {
            var text = ""
            for (column, cell) in line.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { text += "  " }
                text += column < dimensionNames.count ? cell + space : space + cell
            }
            result += "\(text.trimmingTrailingSpaces)\n"
        }
        for note in notes { result += "# \(note)\n" }
        return result
    }

    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            || scalar.properties.generalCategory == .lineSeparator
            || scalar.properties.generalCategory == .paragraphSeparator
    }
}

extension String {
    /// Without spaces at its end.
    var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// Cells that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
package enum CSVCell {
    /// First characters that spreadsheets act on, as they are or after folding full-width forms; a quote before them
    /// turns the cell into text.
    private static let dangerous: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%",
        "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{FF5C}", "\u{FF05}", "\u{2212}", "\u{FE63}", "\u{FE62}",
        "\u{FE66}", "\u{FE6B}",
    ]

    /// The text with an apostrophe before it when it begins, spaces and invisible characters aside, with such a
    /// character, and without NUL.
    package static func safe(_ text: String) -> String {
        let cleaned = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\0" }))
        let first = text.unicodeScalars.first { scalar in
            dangerous.contains(scalar)
                || !(scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
                    || scalar.properties.generalCategory == .control)
        }
        guard let first, dangerous.contains(first) else { return cleaned }
        return "'" + cleaned
    }

    /// A line of texts, each made safe.
    package static func append(line texts: [String], to bytes: inout [UInt8]) { append(texts.map(safe), to: &bytes) }

    /// A line of cells as they are, quoted where RFC 4180 asks for it.
    static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let needsQuotes = cell.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 || $0 == 9 }
            guard needsQuotes || cell.first == " " || cell.last == " " else {
                bytes += cell.utf8
                continue
            }
            bytes.append(34)
            for byte in cell.utf8 {
                if byte == 34 { bytes.append(34) }
                bytes.append(byte)
            }
            bytes.append(34)
        }
        bytes += [13, 10]
    }
}
