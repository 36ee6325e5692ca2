import Reports
import RequestParsing
import Testing

@Suite struct ReportTableTests {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""),
        ("\0=1", "'=1"),
        ("\u{FF1D}1", "'\u{FF1D}1"), ("\u{FF0B}1", "'\u{FF0B}1"), ("\u{FF0D}1", "'\u{FF0D}1"),
        ("\u{FF20}a", "'\u{FF20}a"),
        ("  =1", "'  =1"), ("\u{200B}=1", "'\u{200B}=1"), ("\u{FEFF}@x", "'\u{FEFF}@x"), ("\n=1", "\"'\n=1\""),
        ("a=1", "a=1"),
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("/shop", "/shop"), ("", ""), (" a", "\" a\""),
        ("a\r\nb", "\"a\r\nb\""),
    ])
    func noCellIsAFormula(_ text: String, cell: String) {
        let header = "x" + text
        var table = ReportTable(dimensionNames: ["visit:source", text], metricNames: ["visits"])
        table.rows = [.init(dimensions: [text, header], metrics: [.decimal(units: -150, places: 2)], comparison: nil)]
        let lines = String(decoding: table.csv(), as: UTF8.self)
        #expect(lines.hasPrefix("visit:source,\(cell),visits\r\n\(cell),"))
        #expect(lines.hasSuffix(",-1.5\r\n"))
    }

    @Test func textIsAlignedAndHarmless() {
        var table = ReportTable(dimensionNames: ["visit:source"], metricNames: ["visits", "bounce_rate"])
        table.rows = [
            .init(dimensions: ["a\u{1B}[31m\u{202E}b"], metrics: [.integer(1_200), .none], comparison: nil),
            .init(dimensions: [nil], metrics: [.integer(3), .decimal(units: 3_333, places: 2)], comparison: nil),
        ]
        table.notes = ["all"]
        #expect(
            table.text() == """
                visit:source  visits  bounce_rate
                a?[31m?b        1200            -
                (none)             3        33.33
                # all

                """)
    }

    @Test func valuesAreExactDecimals() {
        #expect(ReportValue.ratio(2, 3, places: 2).text == "0.67")
        #expect(ReportValue.ratio(-2, 3, places: 2).text == "-0.67")
        #expect(ReportValue.ratio(1, 2, places: 0).text == "1")
        #expect(ReportValue.ratio(1, 0, places: 2).text == nil)
        #expect(ReportValue.ratio(.max, 1, places: 9).text == nil)
        #expect(ReportValue.decimal(units: 12_500_000, places: 6).text == "12.5")
        #expect(ReportValue.decimal(units: -5, places: 6).text == "-0.000005")
        #expect(ReportValue.decimal(units: 0, places: 2).text == "0")
        #expect(ReportValue.integer(.max).text == "18446744073709551615")
    }

    @Test func jsonHasPlausiblesShape() throws {
        var table = ReportTable(dimensionNames: ["visit:source"], metricNames: ["visits"])
        table.rows = [.init(dimensions: [nil], metrics: [.none], comparison: nil)]
        #expect(
            String(decoding: table.json(), as: UTF8.self)
                == #"{"results":[{"metrics":[null],"dimensions":[null]}],"meta":{},"query":{}}"#)
    }
}
