import Columns
import Reports
import RequestParsing
import Testing

@Suite struct ReportParsingTests {
    static let wrong: [(json: String, field: String)] = [
        ("", "body"), ("[]", "body"), ("{", "body"), ("{\"site_id\":1,\"site_id\":2}", "body"),
        ("{\"a\\uD800\":1}", "body"),
        ("{} x", "body"), (String(repeating: "[", count: 100_000), "body"),
        (#"{"metrics":["visitors"],"date_range":"7d"}"#, "site_id"),
        (#"{"site_id":true,"metrics":["visitors"],"date_range":"7d"}"#, "site_id"),
        (#"{"site_id":"a","date_range":"7d"}"#, "metrics"),
        (#"{"site_id":"a","metrics":[],"date_range":"7d"}"#, "metrics"),
        (#"{"site_id":"a","metrics":["visitors","hits"],"date_range":"7d"}"#, "metrics[1]"),
        (#"{"site_id":"a","metrics":["scroll_depth"],"date_range":"7d"}"#, "metrics[0]"),
        (#"{"site_id":"a","metrics":["visits","visits"],"date_range":"7d"}"#, "metrics[1]"),
        (#"{"site_id":"a","metrics":["visitors"]}"#, "date_range"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"8d"}"#, "date_range"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":["2024-02-30","2024-03-01"]}"#, "date_range"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":["2024-03-02","2024-03-01"]}"#, "date_range"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":["1970-01-01","2199-01-01"]}"#, "date_range"),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":["2024-03-02T00:00:00","2024-03-03T00:00:00"]}"#,
            "date_range"
        ),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","dimensions":["event:color"]}"#, "dimensions[0]"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","dimensions":"time"}"#, "dimensions"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","dimensions":["time:year"]}"#, "dimensions[0]"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["is","event:page"]]}"#, "filters[0]"),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["like","event:page",["a"]]]}"#,
            "filters[0][0]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["matches","event:page",["a"]]]}"#,
            "filters[0][0]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["is","time:day",["a"]]]}"#,
            "filters[0][1]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["is","event:page",[1]]]}"#,
            "filters[0][2]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["contains","event:page",[""]]]}"#,
            "filters[0][2]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["or",[["not",["is","x",["a"]]]]]]}"#,
            "filters[0][1][0][1][1]"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":[["is","event:page",["a"],{"x":1}]]}"#,
            "filters[0][3]"
        ),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","order_by":[["visits","desc"]]}"#, "order_by[0][0]"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","order_by":[["visitors","up"]]}"#, "order_by[0]"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"imported":true}}"#, "include.imported"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"bots":1}}"#, "include.bots"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"imports":1}}"#, "include.imports"),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"time_labels":true}}"#,
            "include.time_labels"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"comparisons":{"mode":"x"}}}"#,
            "include.comparisons.mode"
        ),
        (
            #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","include":{"comparisons":{"mode":"custom"}}}"#,
            "include.comparisons.date_range"
        ),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","pagination":{"limit":0}}"#, "pagination.limit"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","pagination":{"offset":-1}}"#, "pagination.offset"),
        (#"{"site_id":"a","metrics":["visitors"],"date_range":"7d","colour":1}"#, "colour"),
    ]

    @Test(arguments: wrong)
    func everyErrorNamesTheFieldAndWhatItMayBe(_ json: String, field: String) throws {
        let error = #expect(throws: ReportError.self) { try ReportQuery(json: Array(json.utf8)) }
        #expect(error?.field == field)
        #expect(error?.expected.isEmpty == false)
    }

    @Test func aWholeRequestIsRead() throws {
        let json = """
            {"site_id": "shop.test", "metrics": ["visitors", "bounce_rate_classic"],
             "date_range": ["2024-03-01", "2024-03-31"],
             "dimensions": ["visit:source", "event:props:a plan", "time:day"],
             "filters": [["is_not", "visit:country", ["DE", "\\u00e9"], {"case_sensitive": false}],
                         ["or", [["contains", "event:page", ["/a"]], ["not", ["is", "event:name", ["x"]]]]]],
             "order_by": [["bounce_rate", "asc"], ["visit:source", "desc"]],
             "include": {"imports": true, "time_labels": true, "total_rows": true, "bots": true,
                         "comparisons": {"mode": "year_over_year"}},
             "pagination": {"limit": 5, "offset": 2}}
            """
        let query = try ReportQuery(json: Array(json.utf8))
        #expect(query.site == "shop.test")
        #expect(query.metrics == [.visitors, .bounceRate])
        #expect(query.dimensions == [.value(.source), .property("a plan"), .time(.day)])
        #expect(query.order == [.init(.metric(1), isDescending: false), .init(.dimension(0), isDescending: true)])
        #expect(query.limit == 5 && query.offset == 2 && query.includesBots && query.comparison == .yearOverYear)
        let country = PlanFilter.match(
            .init(dimension: .value(.country), operation: .equals, values: ["DE", "é"], isCaseSensitive: false))
        let page = PlanFilter.match(.init(dimension: .value(.page), operation: .contains, values: ["/a"]))
        let name = PlanFilter.match(.init(dimension: .value(.eventName), operation: .equals, values: ["x"]))
        #expect(query.filter == .all([.not(country), .any([page, .not(name)])]))
    }

    @Test(arguments: [12, 200])
    func filtersBeyondTheirBoundsAreRefused(_ depth: Int) throws {
        var filter = #"["is","event:page",["a"]]"#
        for _ in 0..<depth { filter = "[\"not\",\(filter)]" }
        let json = #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":["# + filter + "]}"
        if depth == 12 {
            _ = try ReportQuery(json: Array(json.utf8))
        } else {
            #expect(throws: ReportError.self) { try ReportQuery(json: Array(json.utf8)) }
        }
        let many = (0..<(depth * 2)).map { _ in #"["is","event:page",["a"]]"# }.joined(separator: ",")
        let wide = #"{"site_id":"a","metrics":["visitors"],"date_range":"7d","filters":["# + many + "]}"
        if depth == 12 {
            _ = try ReportQuery(json: Array(wide.utf8))
        } else {
            #expect(throws: ReportError.self) { try ReportQuery(json: Array(wide.utf8)) }
        }
    }

    @Test(arguments: [
        ("visit:country is DE", "visit:country", false, false, ["DE"]),
        ("visit:country is not DE|CH", "visit:country", false, true, ["DE", "CH"]),
        ("event:page contains /a b", "event:page", true, false, ["/a b"]),
        ("event:page contains not  x\\|y | z ", "event:page", true, true, ["x|y", "z"]),
        ("event:props:plan is ", "event:props:plan", false, false, [""]),
        ("visit:source is not", "visit:source", false, false, ["not"]),
    ])
    func filterTextIsRead(_ text: String, name: String, contains: Bool, isNegated: Bool, values: [String]) throws {
        let dimension: PlanDimension =
            switch try #require(ReportDimension(name: name)) {
            case .value(let value): .value(value)
            case .property(let key): .property(key)
            case .time: .property("")
            }
        let match = PlanFilter.match(
            .init(dimension: dimension, operation: contains ? .contains : .equals, values: values))
        #expect(try ReportFilterText.parse(text) == (isNegated ? .not(match) : match))
    }

    @Test(arguments: [
        ("", 1), ("country is DE", 1), ("visit:country like DE", 15), ("visit:country", 14),
        ("event:page contains ", 20),
    ])
    func filterTextErrorsNameThePlace(_ text: String, place: Int) throws {
        let error = #expect(throws: ReportError.self) { try ReportFilterText.parse(text) }
        #expect(error?.field == "--filter at character \(place)")
    }

    @Test func theCommandLineGivesTheSameQuery() throws {
        let query = try ReportQuery(
            site: "shop.test", metrics: "visitors, pageviews", dimensions: "visit:source",
            range: "2015-05-17,2015-05-20",
            filters: ["visit:country is DE"], limit: 3)
        #expect(query.metrics == [.visitors, .pageviews] && query.dimensions == [.value(.source)] && query.limit == 3)
        #expect(query.range == .days(try #require(CivilDate("2015-05-17")), try #require(CivilDate("2015-05-20"))))
        for (metrics, range, field) in [
            ("x", "7d", "--metrics[0]"), ("", "7d", "--metrics"), ("visits", "7", "--range"),
        ] {
            let error = #expect(throws: ReportError.self) { try ReportQuery(site: "a", metrics: metrics, range: range) }
            #expect(error?.field == field)
        }
        #expect(throws: ReportError.self) { try ReportQuery(site: "a", metrics: "visits", limit: 0) }
    }
}
