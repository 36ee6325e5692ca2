import Events
import Visits

/// What the rules say, written down plainly: all events at once, stream by stream, no state kept, no order of arrival.
struct VisitModel {
    var rules: VisitRules
    var splittingSites: Set<UInt32> = [2]

    private struct Item {
        var event: TestEvent
        var markTo: String?
    }

    private struct Key: Hashable {
        var anchor: String
        var isBot: Bool
    }

    /// Events of one stream must not share a millisecond.
    func visits(of events: [TestEvent], label: (TestEvent) -> String) -> [VisitContent] {
        var streams: [Key: [Item]] = [:]
        var result: [VisitContent] = []
        for event in events where event.flags.isDisjoint(with: .neverCounted) && event.kind == .event {
            let isBot = !event.flags.isDisjoint(with: [.bot, .prefetch])
            let anchor = event.anchorText
            guard anchor != "none" else {
                result.append(content([Item(event: event)], anchor: anchor, isBot: isBot, label: label))
                continue
            }
            streams[Key(anchor: anchor, isBot: isBot), default: []].append(Item(event: event))
            var target = anchor
            for source in [event.daily, event.previous].compactMap({ $0 }) {
                let name = "\(event.site) daily \(source)"
                guard name != anchor else { continue }
                streams[Key(anchor: name, isBot: isBot), default: []].append(Item(event: event, markTo: target))
                target = name
            }
        }
        // Hashes of earlier days first, then those of later ones, then devices and users.
        let order = Set(streams.keys).sorted { rank($0.anchor) < rank($1.anchor) }
        for key in order {
            let items = (streams[key] ?? []).sorted { $0.event.at < $1.event.at }
            for segment in cut(items) {
                guard let last = segment.last else { continue }
                if let target = last.markTo {
                    streams[Key(anchor: target, isBot: key.isBot), default: []] += segment.dropLast()
                } else {
                    result.append(content(segment, anchor: key.anchor, isBot: key.isBot, label: label))
                }
            }
        }
        return result.sorted()
    }

    /// Daily ids of tests are 100 times the day plus something.
    private func rank(_ anchor: String) -> Int {
        let parts = anchor.split(separator: " ")
        return parts[1] == "daily" ? (Int(parts[2]) ?? 0) / 100 : 1_000_000
    }

    private func cut(_ items: [Item]) -> [[Item]] {
        var segments: [[Item]] = []
        for item in items {
            if let segment = segments.last, joins(item, segment) {
                segments[segments.count - 1].append(item)
            } else {
                segments.append([item])
            }
        }
        return segments
    }

    private func joins(_ item: Item, _ segment: [Item]) -> Bool {
        guard let first = segment.first, let last = segment.last, last.markTo == nil else { return false }
        if item.event.at - last.event.at > rules.gapMilliseconds { return false }
        if item.event.at - first.event.at >= rules.lengthMillisecondsMax { return false }
        if segment.count >= Int(rules.eventsPerVisitMax) { return false }
        guard splittingSites.contains(item.event.site) else { return true }
        if zurichDay(item.event.at) != zurichDay(first.event.at) { return false }
        guard let campaign = campaign(of: item.event), let entry = segment.first(where: { $0.event.url != nil }) else {
            return true
        }
        return campaign == self.campaign(of: entry.event)
    }

    /// Winter time: an hour ahead.
    private func zurichDay(_ time: Int64) -> Int64 { (time + 3_600_000) / 86_400_000 }

    private func campaign(of event: TestEvent) -> [String]? {
        let found = [parameter("utm_source", event), parameter("utm_campaign", event)]
        return found == ["", ""] ? nil : found
    }

    private func parameter(_ name: String, _ event: TestEvent) -> String {
        let query = (event.url ?? "").split(separator: "?").dropFirst().first ?? ""
        for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
            return String(pair.dropFirst(name.count + 1))
        }
        return ""
    }

    private func content(_ items: [Item], anchor: String, isBot: Bool, label: (TestEvent) -> String) -> VisitContent {
        let events = items.map(\.event)
        let views = events.filter { $0.flags.contains(.pageview) && $0.url != nil }
        let entry = events.first { $0.url != nil }
        let host = (entry?.referrer ?? "").split(separator: "/").dropFirst().first.map(String.init) ?? ""
        let source = entry == nil ? "" : host.isEmpty ? "direct" : host == "shop.test" ? "" : host
        let agents = events.compactMap(\.agent).map { $0.split(separator: "/").map(String.init) }
        return VisitContent(
            anchor: anchor, isBot: isBot, startedAt: events[0].at, lastAt: events[events.count - 1].at,
            counts: [
                UInt32(events.count { $0.flags.contains(.pageview) }), UInt32(events.count),
                UInt32(events.count { !$0.flags.contains(.nonInteractive) }),
                events.reduce(0) { $0 + ($1.engaged ?? 0) },
            ],
            pages: [path(views.first), path(views.last)],
            source: [
                source, entry.map { parameter("utm_source", $0) } ?? "",
                entry.map { parameter("utm_campaign", $0) } ?? "",
            ],
            place: [
                events.compactMap(\.country).first ?? "", agents.first?.first ?? "",
                agents.first { $0.count > 1 }?[1] ?? "", events.compactMap(\.language).first ?? "",
            ],
            events: events.map(label))
    }

    private func path(_ event: TestEvent?) -> String {
        guard let url = event?.url else { return "" }
        let rest = url.dropFirst("https://shop.test".count).split(separator: "?", omittingEmptySubsequences: false)[0]
        return rest.isEmpty ? "/" : String(rest)
    }
}

/// Random events of a few people over 30 hours: consent given in mid-visit, hashes shared by several people, the
/// salt's turn, bots, events without page, time or name of their own.
struct EventGenerator {
    var random: SeededGenerator
    /// Whether events of one person may share a millisecond.
    var sharesMilliseconds = false

    mutating func events(_ count: Int) -> [TestEvent] {
        var used: Set<Int64> = []
        var time = morning
        return (0..<count).map { index in
            time += random.chance(70) ? Int64(random.below(Int(20 * minute))) / 3 : Int64(random.below(Int(hour)))
            if time > morning + 30 * hour { time = morning + Int64(random.below(Int(hour))) }
            if sharesMilliseconds, random.chance(40) { time = time / hour * hour }
            while !sharesMilliseconds, used.contains(time) { time += 1 }
            used.insert(time)
            return event(index, at: time)
        }
    }

    private mutating func event(_ index: Int, at time: Int64) -> TestEvent {
        var event = TestEvent(at: time)
        event.site = random.chance(60) ? 1 : 2
        event.clientID = "e\(index)"
        let person = UInt64(random.below(4))
        let day = UInt64((time - morning + 9 * hour) / (24 * hour))
        let daily = 100 * (day + 1) + person % 2
        switch random.below(100) {
        case 0..<35: event.daily = daily
        case 35..<55: event.device = person + 1
        case 55..<72: (event.device, event.daily) = (person + 1, daily)
        case 72..<77: (event.user, event.daily) = (person + 1, daily)
        case 77..<80: event.user = person + 1
        case 80..<83: event.flags.insert(random.chance(90) ? .preview : .quarantined)
        case 83..<90: (event.daily, event.flags) = (daily, event.flags.union(.bot))
        default: break
        }
        if day > 0, event.daily != nil, random.chance(70) { event.previous = daily - 100 }
        if random.chance(25) {
            event.name = "engaged"
            event.flags.remove(.pageview)
            event.flags.insert(.nonInteractive)
            event.engaged = UInt32(random.below(20_000))
        }
        if random.chance(85) { event.url = "https://shop.test/" + ["", "a", "b", "c/d"][random.below(4)] }
        if event.url != nil, random.chance(20) { event.url? += "?utm_source=news&utm_campaign=c\(random.below(3))" }
        if random.chance(40) {
            event.referrer = ["https://search.test/x", "https://shop.test/a", "https://blog.test/"][random.below(3)]
        }
        if random.chance(70) {
            event.agent = ["desktop/fox", "mobile/chrome", "mobile", "tablet/safari"][random.below(4)]
        }
        if random.chance(50) { event.country = ["DE", "CH", "FR"][random.below(3)] }
        if random.chance(30) { event.language = ["de-CH", "en"][random.below(2)] }
        return event
    }
}
