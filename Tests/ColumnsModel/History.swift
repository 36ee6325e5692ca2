package import Columns
package import Events

/// A seeded random history of a few sites as the Visits projection would write it: growing visits, late events that
/// move a visit's start across midnight, visits joined to others, bots, prefetches, staff, events without anyone,
/// revenue in several currencies, properties. Codes are the history's own; `translated` makes them a store's.
package struct History {
    package struct Step: Sendable {
        package var events: [EventRow] = []
        package var amendments = VisitAmendments()
    }

    package struct Vocabulary: Hashable, Sendable {
        package var site: SiteID
        package var dimension: Dimension
    }

    package private(set) var steps: [Step] = []
    /// Values by code minus 1; code 0 is no value.
    package private(set) var values: [Vocabulary: [String]] = [:]
    private var visits: [VisitNumber: (row: VisitRow, events: [EventRow])] = [:]
    private var lastVisit: VisitNumber = 0
    private var batch: UInt64 = 0
    private var random: SeededGenerator
    private let start: Timestamp
    private let sites: [SiteID]
    private static let euro = CurrencyCode("EUR")
    private static let franc = CurrencyCode("CHF")

    /// `start` is the first day; each step is a few minutes after the one before.
    package init(seed: UInt64, steps count: Int, sites: [SiteID], start: Timestamp, minutesPerStep: Int = 20) {
        random = SeededGenerator(seed: seed)
        self.start = start
        self.sites = sites
        for index in 0..<count {
            let now = start.adding(milliseconds: Int64(index * minutesPerStep) * 60_000)
            steps.append(makeStep(now))
        }
    }

    private mutating func makeStep(_ now: Timestamp) -> Step {
        var step = Step()
        var changed: Set<VisitNumber> = []
        var removed: Set<VisitNumber> = []
        batch += 1
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let recent = visits.keys.filter { $0 + 30 > lastVisit }.sorted()
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<6: newVisit(now, kind: random.pick([.device, .device, .user, .daily]), &step, &changed)
            case 6: newVisit(now, kind: .none, &step, &changed)
            case 7:
                var event = makeEvent(site: random.pick(sites), at: now, &step)
                event.flags.insert(random.pick([.ownTraffic, .quarantined, .preview]))
                step.events.append(event)
            case 8 where recent.count > 1: join(recent, &step, &changed, &removed)
            case 9 where !recent.isEmpty: addLate(to: random.pick(recent), &step, &changed)
            default: if !recent.isEmpty { addEvent(to: random.pick(recent), &step, &changed) }
            }
        }
        for number in changed.sorted() { if let visit = visits[number] { step.amendments.visits.append(visit.row) } }
        return step
    }

    private mutating func code(_ value: String, _ site: SiteID, _ dimension: Dimension) -> ValueCode {
        if value.isEmpty { return 0 }
        let key = Vocabulary(site: site, dimension: dimension.dictionary)
        if let known = values[key, default: []].firstIndex(of: value) { return ValueCode(known + 1) }
        values[key, default: []].append(value)
        return ValueCode(values[key, default: []].count)
    }

    private mutating func makeEvent(site: SiteID, at time: Timestamp, _ step: inout Step) -> EventRow {
        let index = UInt32(step.events.count * 3)
        let jitter = Int64.random(in: 0..<600_000, using: &random)
        var event = EventRow(
            position: Position(batch: batch, index: index), site: site, occurredAt: time.adding(milliseconds: jitter),
            flags: [])
        let name = random.pick(["pageview", "pageview", "pageview", "signup", "scroll", "=order"])
        if name == "pageview" { event.flags.insert(.pageview) }
        if name == "scroll" { event.flags.insert(.nonInteractive) }
        if random.once(in: 15) { event.flags.insert(random.pick([.bot, .prefetch, .imported])) }
        event.name = code(name, site, .eventName)
        event.page = name == "scroll" ? 0 : code(random.pick(["/", "/Shop", "/shop/é", "/a,b\"c", "+1"]), site, .page)
        event.hostname = code(random.pick(["a.test", "b.test", ""]), site, .hostname)
        event.engagedMilliseconds = UInt32.random(in: 0..<9_000, using: &random)
        if name == "=order", let currency = random.pick([History.euro, History.euro, History.franc]) {
            event.revenue = Money(micros: .random(in: -5_000_000...90_000_000, using: &random), currency: currency)
        }
        if random.once(in: 3) {
            for key in ["plan", "Size"] where random.once(in: 2) {
                let value = code(random.pick(["gold", "Silver", "42"]), site, .propertyValue)
                event.properties.append(.init(key: code(key, site, .propertyKey), value: value))
            }
        }
        return event
    }

    private mutating func newVisit(
        _ now: Timestamp, kind: AnchorKind, _ step: inout Step, _ changed: inout Set<VisitNumber>
    ) {
        let site = random.pick(sites)
        lastVisit += 1
        var event = makeEvent(site: site, at: now, &step)
        event.visit = lastVisit
        var row = VisitRow(number: lastVisit, site: site, startedAt: event.occurredAt)
        row.anchorKind = kind
        row.anchor =
            kind == .none ? 0 : kind == .daily ? 1_000 + AnchorNumber(lastVisit) : .random(in: 1...25, using: &random)
        event.anchor = row.anchor
        row.isBot = random.once(in: 12)
        row[.source] = code(random.pick(["Google", "google", "", "Bing", "@x"]), site, .source)
        row[.channel] = code(random.pick(["Direct", "Organic Search"]), site, .channel)
        row[.country] = code(random.pick(["DE", "CH", "AT", ""]), site, .country)
        row[.browser] = code(random.pick(["Firefox", "Chrome"]), site, .browser)
        row[.language] = code(random.pick(["de", "fr"]), site, .language)
        step.events.append(event)
        visits[lastVisit] = (row, [event])
        refresh(lastVisit, &changed)
    }

    private mutating func addEvent(to number: VisitNumber, _ step: inout Step, _ changed: inout Set<VisitNumber>) {
        guard let visit = visits[number], visit.row.anchorKind != .none else { return }
        var event = makeEvent(site: visit.row.site, at: visit.row.lastAt, &step)
        event.visit = number
        event.anchor = visit.row.anchor
        step.events.append(event)
        visits[number]?.events.append(event)
        refresh(number, &changed)
    }

    private mutating func addLate(to number: VisitNumber, _ step: inout Step, _ changed: inout Set<VisitNumber>) {
        guard let visit = visits[number], visit.row.anchorKind != .none else { return }
        let minutes = Int64(random.pick([5, 20, 300]))
        var event = makeEvent(
            site: visit.row.site, at: visit.row.startedAt.adding(milliseconds: -minutes * 60_000), &step)
        event.visit = number
        event.anchor = visit.row.anchor
        step.events.append(event)
        visits[number]?.events.append(event)
        refresh(number, &changed)
    }

    private mutating func join(
        _ recent: [VisitNumber], _ step: inout Step, _ changed: inout Set<VisitNumber>,
        _ removed: inout Set<VisitNumber>
    ) {
        let (to, from) = (random.pick(recent), random.pick(recent))
        guard to != from, let source = visits[from], let target = visits[to], source.row.site == target.row.site,
            source.row.anchorKind != .none, target.row.anchorKind != .none
        else { return }
        for event in source.events {
            var moved = event
            moved.visit = to
            visits[to]?.events.append(moved)
            step.amendments.moved.append(.init(site: source.row.site, position: event.position, from: from, to: to))
        }
        step.amendments.removed.append(.init(site: source.row.site, number: from, startedAt: source.row.startedAt))
        removed.insert(from)
        changed.remove(from)
        visits[from] = nil
        refresh(to, &changed)
    }

    /// Reckons a visit's version anew from its events.
    private mutating func refresh(_ number: VisitNumber, _ changed: inout Set<VisitNumber>) {
        guard var (row, events) = visits[number] else { return }
        events.sort { ($0.occurredAt, $0.position) < ($1.occurredAt, $1.position) }
        let pages = events.filter { $0.flags.contains(.pageview) }
        row.startedAt = events[0].occurredAt
        row.lastAt = events[events.count - 1].occurredAt
        row.pageviews = UInt32(pages.count)
        row.events = UInt32(events.count)
        row.interactiveEvents = UInt32(events.count { !$0.flags.contains(.nonInteractive) })
        row.engagedMilliseconds = events.reduce(0) { $0 + $1.engagedMilliseconds }
        row.entryPage = pages.first?.page ?? 0
        row.exitPage = pages.last?.page ?? 0
        visits[number] = (row, events)
        changed.insert(number)
    }
}
