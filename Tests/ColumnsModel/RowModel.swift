package import Columns
package import Events

/// What a column store means, in the plainest way: rows in dictionaries, one loop a question, texts instead of codes.
package struct RowModel {
    package private(set) var events: [Position: EventRow] = [:]
    package private(set) var visits: [VisitNumber: VisitRow] = [:]
    private let history: History

    package init(_ history: History) { self.history = history }

    /// Applies a step in the history's own codes.
    package mutating func apply(_ step: History.Step) {
        for event in step.events { events[event.position] = event }
        for move in step.amendments.moved { events[move.position]?.visit = move.to }
        for removed in step.amendments.removed { visits[removed.number] = nil }
        for visit in step.amendments.visits { visits[visit.number] = visit }
    }

    package mutating func erase(_ anchors: Set<AnchorNumber>) {
        let gone = Set(visits.values.filter { anchors.contains($0.anchor) }.map(\.number))
        events = events.filter { !anchors.contains($0.value.anchor) && !gone.contains($0.value.visit) }
        visits = visits.filter { !gone.contains($0.key) }
    }

    package mutating func drop(site: SiteID, before: Timestamp) {
        let gone = Set(visits.values.filter { $0.site == site && $0.startedAt < before }.map(\.number))
        events = events.filter { entry in
            let event = entry.value
            if event.site != site { return true }
            return event.visit == 0 ? event.occurredAt >= before : !gone.contains(event.visit)
        }
        visits = visits.filter { !gone.contains($0.key) }
    }

    /// The text of a code; empty for none.
    package func text(_ code: ValueCode, _ site: SiteID, _ dimension: Dimension) -> String {
        let values = history.values[.init(site: site, dimension: dimension.dictionary), default: []]
        return code == 0 || Int(code) > values.count ? "" : values[Int(code) - 1]
    }

    /// A dimension's text for an event of a visit.
    private func text(_ dimension: PlanDimension, _ event: EventRow, _ visit: VisitRow) -> String {
        switch dimension {
        case .value(.eventName): return text(event.name, event.site, .eventName)
        case .value(.page): return text(event.page, event.site, .page)
        case .value(.hostname): return text(event.hostname, event.site, .hostname)
        case .value(.entryPage): return text(visit.entryPage, event.site, .page)
        case .value(.exitPage): return text(visit.exitPage, event.site, .page)
        case .value(let other): return text(visit[other], event.site, other)
        case .property(let key):
            let property = event.properties.first { text($0.key, event.site, .propertyKey) == key }
            return property.map { text($0.value, event.site, .propertyValue) } ?? ""
        case .time: return ""
        }
    }

    private func matches(_ filter: PlanFilter, _ event: EventRow, _ visit: VisitRow) -> Bool {
        switch filter {
        case .all(let parts): return !parts.contains { !matches($0, event, visit) }
        case .any(let parts): return parts.contains { matches($0, event, visit) }
        case .not(let part): return !matches(part, event, visit)
        case .match(let match):
            let value = text(match.dimension, event, visit)
            return match.values.contains { wanted in
                let (left, right) = match.isCaseSensitive ? (value, wanted) : (value.lowercased(), wanted.lowercased())
                if match.operation == .equals { return Array(left.utf8) == Array(right.utf8) }
                return !right.isEmpty && left.utf8.count >= right.utf8.count && left.contains(right)
            }
        }
    }

    /// The events that count for a plan, each with its visit.
    package func counting(_ plan: QueryPlan) -> [(event: EventRow, visit: VisitRow)] {
        events.values.compactMap { event in
            guard event.site == plan.site, event.occurredAt >= plan.from, event.occurredAt < plan.to,
                event.flags.isDisjoint(with: .neverCounted), let visit = visits[event.visit],
                plan.includesBots || (event.flags.isDisjoint(with: [.bot, .prefetch]) && !visit.isBot),
                matches(plan.filter, event, visit)
            else { return nil }
            return (event, visit)
        }
    }

    private func key(_ plan: QueryPlan, _ event: EventRow, _ visit: VisitRow, at time: Timestamp) -> [PlanResult.Key] {
        plan.dimensions.map { dimension in
            if case .time(let buckets) = dimension {
                guard let run = buckets.starts.lastIndex(where: { $0 <= time }) else { return .none }
                return .bucket(buckets.bucketOfRun[run])
            }
            let value = text(dimension, event, visit)
            return value.isEmpty ? .none : .text(value)
        }
    }

    private struct Group {
        var measures = Measures()
        var visitors: Set<UInt64> = []
        var visits: Set<VisitNumber> = []
    }

    /// Answers a plan.
    package func run(_ plan: QueryPlan) -> (
        groups: [[PlanResult.Key]: Measures], total: Measures, unidentifiedVisits: Int
    ) {
        var groups: [[PlanResult.Key]: Group] = plan.dimensions.isEmpty ? [[]: Group()] : [:]
        var total = Group()
        var unidentified: Set<VisitNumber> = []
        for (event, visit) in counting(plan) {
            let key = key(plan, event, visit, at: event.occurredAt)
            count(event, visit, plan, &groups[key, default: Group()])
            count(event, visit, plan, &total)
            guard visit.startedAt >= plan.from, visit.startedAt < plan.to else { continue }
            if visit.anchorKind == .none {
                unidentified.insert(visit.number)
                continue
            }
            let visitKey = self.key(plan, event, visit, at: visit.startedAt)
            let page = plan.dimensions.firstIndex(of: .value(.page)).map { visitKey[$0] }
            let entry = text(visit.entryPage, visit.site, .page)
            let isEntry = page.map { $0 == (entry.isEmpty ? .none : .text(entry)) } ?? true
            add(visit, isEntry, &groups[visitKey, default: Group()])
            add(visit, true, &total)
        }
        return (groups.mapValues(\.measures), total.measures, unidentified.count)
    }

    private func count(_ event: EventRow, _ visit: VisitRow, _ plan: QueryPlan, _ group: inout Group) {
        group.measures.events += 1
        if event.flags.contains(.pageview) { group.measures.pageviews += 1 }
        if let money = event.revenue, money.currency == plan.currency {
            group.measures.revenueMicros += Int128(money.micros)
            group.measures.revenueEvents += 1
        }
        guard visit.anchorKind != .none else { return }
        group.measures.identifiedEvents += 1
        let isDaily = visit.anchorKind == .daily
        let profile = isDaily ? UInt64(visit.anchor) : plan.profileOfAnchor?(visit.anchor) ?? UInt64(visit.anchor)
        guard group.visitors.insert(isDaily ? profile | 1 << 40 : profile).inserted else { return }
        group.measures.visitors += 1
        if isDaily { group.measures.dailyVisitors += 1 }
    }

    private func add(_ visit: VisitRow, _ isEntry: Bool, _ group: inout Group) {
        guard group.visits.insert(visit.number).inserted else { return }
        let isBounce = visit.interactiveEvents <= 1
        let isUnengaged = visit.interactiveEvents == 1 && visit.engagedMilliseconds < 10_000
        group.measures.visits += 1
        group.measures.dailyVisits += visit.anchorKind == .daily ? 1 : 0
        group.measures.bounces += isBounce ? 1 : 0
        group.measures.unengagedBounces += isUnengaged ? 1 : 0
        group.measures.durationMilliseconds += Int128(visit.lastAt.milliseconds - visit.startedAt.milliseconds)
        group.measures.visitPageviews += UInt64(visit.pageviews)
        group.measures.entryVisits += isEntry ? 1 : 0
        group.measures.entryBounces += isEntry && isBounce ? 1 : 0
        group.measures.entryUnengagedBounces += isEntry && isUnengaged ? 1 : 0
    }
}
