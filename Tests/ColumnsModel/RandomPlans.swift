package import Columns
package import Events

/// Seeded random questions about a history.
package struct RandomPlans {
    private var random: SeededGenerator
    private let start: Timestamp
    private let end: Timestamp

    package init(seed: UInt64, start: Timestamp, end: Timestamp) {
        random = SeededGenerator(seed: seed)
        self.start = start
        self.end = end
    }

    /// A plan with up to three dimensions and a filter tree up to three deep.
    package mutating func next(site: SiteID) -> QueryPlan {
        let span = end.milliseconds - start.milliseconds
        var plan = QueryPlan(site: site, from: start, to: end)
        if !random.once(in: 3) {
            plan.from = start.adding(milliseconds: .random(in: -3_600_000..<span, using: &random))
            plan.to = plan.from.adding(milliseconds: .random(in: 0...span, using: &random))
        }
        plan.includesBots = random.once(in: 3)
        plan.currency = CurrencyCode(random.pick(["EUR", "CHF", "USD"]))
        plan.filter = random.once(in: 3) ? .all([]) : filter(depth: 0)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let dimension = random.once(in: 4) ? PlanDimension.time(buckets(plan)) : dimension()
            if !plan.dimensions.contains(dimension) { plan.dimensions.append(dimension) }
        }
        if random.once(in: 3) { plan.profileOfAnchor = { UInt64($0 / 3) } }
        return plan
    }

    private mutating func dimension() -> PlanDimension {
        random.pick([
            .value(.eventName), .value(.page), .value(.hostname), .value(.entryPage), .value(.exitPage),
            .value(.source),
            .value(.channel), .value(.country), .value(.browser), .value(.city), .property("plan"),
            .property("nowhere"),
        ])
    }

    private mutating func buckets(_ plan: QueryPlan) -> TimeBuckets {
        var buckets = TimeBuckets(starts: [plan.from], bucketOfRun: [0], labels: ["a", "b", "c"])
        var at = plan.from
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            at = at.adding(milliseconds: .random(in: 1...9_000_000, using: &random))
            buckets.starts.append(at)
            buckets.bucketOfRun.append(Int.random(in: 0...2, using: &random))
        }
        return buckets
    }

    private mutating func filter(depth: Int) -> PlanFilter {
        let choice = Int.random(in: 0..<(depth >= 3 ? 4 : 7), using: &random)
        switch choice {
        case 4: return .all([filter(depth: depth + 1), filter(depth: depth + 1)])
        case 5: return .any([filter(depth: depth + 1), filter(depth: depth + 1)])
        case 6: return .not(filter(depth: depth + 1))
        default:
            let contains = random.once(in: 3)
            let words = ["pageview", "/shop", "/", "google", "DE", "Firefox", "gold", "o", "a.test"]
            let values = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(words) }
            let extra = !contains && random.once(in: 5) ? [""] : []
            return .match(
                .init(
                    dimension: dimension(), operation: contains ? .contains : .equals, values: values + extra,
                    isCaseSensitive: random.once(in: 2)))
        }
    }
}
