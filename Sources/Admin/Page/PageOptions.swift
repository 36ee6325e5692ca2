internal import Reports

/// What a reader chose for a page, from the query of its address: `?period=30d`, `?from=2024-01-01&to=2024-01-31`,
/// `&bots=1`. Everything works by links and one plain form.
struct PageOptions: Sendable {
    /// The named periods in the order of the page.
    static let periods: [(name: String, title: String)] = [
        ("day", "Today"), ("7d", "7 days"), ("30d", "30 days"), ("91d", "91 days"), ("12mo", "12 months"),
        ("all", "All time"),
    ]
    static let defaultPeriod = "30d"

    /// nil: the days `from` to `to`.
    let period: String?
    let from: String
    let to: String
    let range: ReportRange
    let includesBots: Bool

    init(_ request: AdminRequest) throws(AdminError) {
        includesBots = request.value("bots") == "1"
        let from = request.value("from") ?? ""
        let to = request.value("to") ?? ""
        if request.value("period") == nil, !from.isEmpty || !to.isEmpty {
            do {
                range = try ReportRange(from, to, field: "from, to")
            } catch {
                throw AdminError(error)
            }
            guard case .days = range else {
                throw AdminError(.invalid, "from, to: are no days.", field: "from, to", expected: "YYYY-MM-DD")
            }
            period = nil
            self.from = from
            self.to = to
            return
        }
        let name = request.value("period") ?? PageOptions.defaultPeriod
        guard let named = ReportRange.named[name] else {
            throw AdminError(
                .invalid, "period: is none of the known ones.", field: "period",
                expected: ReportRange.named.keys.sorted().joined(separator: ", "))
        }
        period = name
        range = named
        self.from = ""
        self.to = ""
    }

    /// The address of the same page with another period.
    func link(_ path: String, period: String) -> String { "\(path)?period=\(period)\(includesBots ? "&bots=1" : "")" }

    /// The address of the same page with or without bots.
    func link(_ path: String, bots: Bool) -> String {
        let query = period.map { "period=\($0)" } ?? "from=\(from)&to=\(to)"
        return "\(path)?\(query)\(bots ? "&bots=1" : "")"
    }

    /// Whether the period ends now, so that its numbers still change.
    var isLive: Bool { period != nil }
}
