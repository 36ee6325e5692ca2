import Events
import Reports
import RequestParsing
import Testing

/// A range that is told back is the range that was asked for.
@Suite struct RangeEchoTests {
    /// What is asked, and the first and the last moment of the echo.
    static let cases: [(asked: String, first: String, last: String)] = [
        (
            #"["2024-01-01T12:00:00.250+01:00", "2024-01-01T12:00:00.750+01:00"]"#, "2024-01-01T12:00:00.250+01:00",
            "2024-01-01T12:00:00.750+01:00"
        ),
        (
            #"["2024-01-01T12:00:00.250+01:00", "2024-01-01T12:00:01+01:00"]"#, "2024-01-01T12:00:00.250+01:00",
            "2024-01-01T12:00:01.999+01:00"
        ),
        (
            #"["2024-01-01T11:00:00Z", "2024-03-31T12:00:00.500Z"]"#, "2024-01-01T12:00:00.000+01:00",
            "2024-03-31T14:00:00.500+02:00"
        ),
        (
            #"["2024-01-01T12:00:00+01:00", "2024-01-01T12:59:59.999+01:00"]"#, "2024-01-01T12:00:00+01:00",
            "2024-01-01T12:59:59+01:00"
        ),
        (#"["2024-03-31", "2024-03-31"]"#, "2024-03-31T00:00:00+01:00", "2024-03-31T23:59:59+02:00"),
    ]

    @Test(arguments: cases) func anEchoSentBackIsTheSameRange(_ asked: String, first: String, last: String) throws {
        let reports = try SmallReports(zone: "Europe/Zurich")
        defer { reports.remove() }
        let echo = JSONValue.array([.string(first), .string(last)])
        #expect(try reports.echo(#""metrics": ["events"], "date_range": \#(asked)"#) == echo)
        let text = String(decoding: echo.encoded, as: UTF8.self)
        #expect(try reports.echo(#""metrics": ["events"], "date_range": \#(text)"#) == echo)
        guard case .array(let ends) = try JSONReader.read(Array(asked.utf8)), case .string(let from) = ends[0],
            case .string(let to) = ends[1]
        else {
            Issue.record("\(asked) is no range")
            return
        }
        let one = try resolved(from, to)
        let other = try resolved(first, last)
        #expect(one.from == other.from && one.to == other.to)
    }

    private func resolved(_ first: String, _ last: String) throws -> ResolvedRange {
        let range = try ReportRange(first, last, field: "date_range")
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        return try #require(ResolvedRange(range, zone: "Europe/Zurich", now: now, firstEventAt: nil))
    }

    @Test func theRangeComparedWithIsToldAsExactly() throws {
        let reports = try SmallReports(zone: "UTC")
        defer { reports.remove() }
        let table = try reports.run(
            #""metrics": ["events"], "date_range": ["2024-01-01T12:00:00.250Z", "2024-01-01T12:00:00.749Z"], "#
                + #""include": {"comparisons": {"mode": "previous_period"}}"#)
        let include = try JSONReader.read(table.json())["query"]?["include"]
        #expect(
            include?["comparisons"]?["date_range"]
                == .array([.string("2024-01-01T11:59:59.750+00:00"), .string("2024-01-01T12:00:00.249+00:00")]))
        #expect(table.notes == ["shop.test, 2024-01-01T12:00:00.250+00:00 to 2024-01-01T12:00:00.749+00:00"])
    }
}
