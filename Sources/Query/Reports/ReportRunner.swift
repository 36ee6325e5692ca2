package import Columns
package import Events

/// What a report needs to know of a site.
package struct ReportSite: Sendable {
    package var id: SiteID
    package var name: String
    /// IANA name.
    package var timeZone: String
    /// ISO 4217.
    package var currency: String

    package init(id: SiteID, name: String, timeZone: String, currency: String) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.currency = currency
    }
}

/// Turns report queries into plans, has a column store run them, and words the answers. Any thread; blocks while
/// the store works.
package struct ReportRunner: Sendable {
    package typealias SiteResolver = @Sendable (String) -> ReportSite?
    private let store: any ColumnStore
    private let site: SiteResolver
    private let profileOfAnchor: (@Sendable (AnchorNumber) -> UInt64)?

    /// `site` finds a site by its key, a domain or its number, among those the caller may see.
    package init(
        store: any ColumnStore, profileOfAnchor: (@Sendable (AnchorNumber) -> UInt64)? = nil,
        site: @escaping SiteResolver
    ) {
        self.store = store
        self.profileOfAnchor = profileOfAnchor
        self.site = site
    }

    /// Answers a query. Throws `ReportError` for a wrong request and the store's errors as they are.
    package func run(
        _ query: ReportQuery, now: Timestamp, isCancelled: (@Sendable () -> Bool)? = nil
    ) throws -> ReportTable {
        guard let site = self.site(query.site) else {
            throw ReportError(
                "site_id", "\"\(query.site.prefix(80))\" is not known", expected: "the domain, key or number of a site")
        }
        let firstEventAt = query.range == .all || query.comparison != nil ? store.firstEventAt(site: site.id) : nil
        let range = ResolvedRange(query.range, zone: site.timeZone, now: now, firstEventAt: firstEventAt)
        guard let range else { throw ReportRunner.unknownZone(site) }
        let answer = try self.answer(query, site, range, isCancelled)
        var earlier: Answer?
        if let comparison = query.comparison {
            let before = range.compared(comparison, zone: site.timeZone, now: now, firstEventAt: firstEventAt)
            guard let before else { throw ReportRunner.unknownZone(site) }
            earlier = try self.answer(query, site, before, isCancelled)
        }
        return ReportRendering(query: query, site: site, answer: answer, earlier: earlier).table()
    }

    /// A plan's result with the range and buckets it is about.
    struct Answer {
        var range: ResolvedRange
        var clock: ZoneClock
        var buckets: [TimeBuckets?]
        var result: PlanResult
    }

    private static func unknownZone(_ site: ReportSite) -> ReportError {
        ReportError("site_id", "the site's time zone \"\(site.timeZone)\" is not known", expected: "an IANA time zone")
    }

    private func answer(
        _ query: ReportQuery, _ site: ReportSite, _ range: ResolvedRange, _ isCancelled: (@Sendable () -> Bool)?
    ) throws -> Answer {
        guard let clock = ZoneClock(zone: site.timeZone, from: range.from, to: range.to) else {
            throw ReportRunner.unknownZone(site)
        }
        var plan = QueryPlan(site: site.id, from: range.from, to: range.to)
        plan.filter = query.filter
        plan.includesBots = query.includesBots
        plan.currency = CurrencyCode(site.currency)
        plan.profileOfAnchor = profileOfAnchor
        plan.isCancelled = isCancelled
        var buckets: [TimeBuckets?] = []
        for (index, dimension) in query.dimensions.enumerated() {
            guard case .time(let unit) = dimension else {
                buckets.append(nil)
                if let planned = dimension.planned { plan.dimensions.append(planned) }
                continue
            }
            guard let made = clock.buckets(unit ?? ReportRunner.unit(for: range), from: range.from, to: range.to) else {
                throw ReportError(
                    "dimensions[\(index)]", "the range has more than \(ZoneClock.bucketRunsMax) buckets",
                    expected: "a shorter date_range, or wider buckets")
            }
            buckets.append(made)
            plan.dimensions.append(.time(made))
        }
        return Answer(range: range, clock: clock, buckets: buckets, result: try store.run(plan))
    }

    /// The unit of `time`: hours up to two days, days up to 100, else months.
    private static func unit(for range: ResolvedRange) -> TimeUnit {
        let hours = (range.to.milliseconds - range.from.milliseconds) / 3_600_000
        return hours <= 50 ? .hour : hours <= 100 * 24 + 2 ? .day : .month
    }
}
