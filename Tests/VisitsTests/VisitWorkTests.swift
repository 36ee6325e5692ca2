import Columns
import Events
import Projector
import Testing
import Visits

/// Many events of one visitor, in whatever order they come: what that costs, counted in kept events that are looked at
/// or moved, and that the visits stay right where they are long enough to have an index.
struct VisitWorkTests {
    enum Arrival: String, CaseIterable, CustomTestStringConvertible {
        case sameMillisecond, shuffled, backwards, fewTell, sameMillisecondThatAMarkTakes
        case marksOfOneMillisecond, shuffledMarks, consentEveryOtherTime, shuffledConsent

        var testDescription: String { rawValue }

        func events(_ count: Int) -> [TestEvent] {
            var random = SeededGenerator(seed: 7)
            let step = 20 * hour / Int64(count)
            var events = (0..<count).map { index in
                var event = TestEvent(at: morning + Int64(index) * step, receivedAt: morning + 21 * hour)
                event.clientID = "e\(index)"
                event.url = "https://shop.test/\(index % 5)"
                event.device = 1
                switch self {
                case .sameMillisecond: event.at = morning
                case .sameMillisecondThatAMarkTakes: (event.at, event.device, event.daily) = (morning, nil, 100)
                case .fewTell:
                    event.agent = index % 7 == 0 ? ["desktop/fox", "mobile/chrome", "mobile"][index % 3] : nil
                    event.country = index > count / 2 ? ["DE", "CH", "FR"][index % 3] : nil
                    if index % 4 != 0 { event.url = nil }
                case .marksOfOneMillisecond: (event.at, event.device, event.daily) = (morning, UInt64(index), 100)
                case .shuffledMarks: (event.device, event.daily) = (UInt64(index), 100)
                case .consentEveryOtherTime, .shuffledConsent:
                    (event.device, event.daily) = (index % 2 == 0 ? nil : 1, 100)
                case .shuffled, .backwards: break
                }
                return event
            }
            switch self {
            case .backwards: events.reverse()
            case .sameMillisecond, .marksOfOneMillisecond, .consentEveryOtherTime: break
            case .sameMillisecondThatAMarkTakes:
                events.insert(TestEvent(at: morning + 1, receivedAt: morning + 21 * hour, device: 9, daily: 100), at: 1)
            case .shuffled, .fewTell, .shuffledMarks, .shuffledConsent: events.shuffle(using: &random)
            }
            return events
        }
    }

    @Test("an event touches two hundred others at most, wherever among 20,000 it falls", arguments: Arrival.allCases)
    func anEventTouchesFewOthers(arrival: Arrival) throws {
        let fixture = Fixture()
        let events = arrival.events(20_000)
        for start in stride(from: 0, to: events.count, by: 500) {
            try fixture.send(Array(events[start..<min(start + 500, events.count)]))
        }
        #expect(fixture.visits.eventsTouched < 200 * 20_000)
        #expect(fixture.store.faults.isEmpty)
        let rows = fixture.rows
        #expect(rows.reduce(0) { $0 + Int($1.events) } == events.count)
        #expect(rows.allSatisfy { $0.events <= 10_000 })
    }

    @Test func eventsInOrderTouchNoOther() throws {
        let fixture = Fixture()
        try fixture.send((0..<12_000).map { TestEvent(at: morning + Int64($0), device: UInt64($0 % 3)) })
        #expect(fixture.visits.eventsTouched == 0)
    }

    /// A device and a day's hash that it sometimes takes, at random; on one site another campaign begins a visit.
    private static func longStreams(_ random: inout SeededGenerator, sharesMilliseconds: Bool) -> [TestEvent] {
        let site: UInt32 = random.chance(50) ? 1 : 2
        let campaigns = random.below(3)
        let (bridges, tells, pages) = (random.below(3), 1 + random.below(60), 1 + random.below(100))
        var used: Set<Int64> = []
        return (0..<300 + random.below(300)).map { index in
            var event = TestEvent(site: site, at: morning + Int64(random.below(Int(6 * hour))))
            if sharesMilliseconds {
                event.at = event.at / (10 * minute) * (10 * minute)
            } else {
                while !used.insert(event.at).inserted { event.at += 1 }
            }
            event.receivedAt = morning + 7 * hour
            event.clientID = "e\(index)"
            if random.chance(55) { event.device = 1 } else { event.daily = 100 }
            if random.below(200) < bridges { (event.device, event.daily) = (1 + UInt64(random.below(2)), 100) }
            if random.chance(pages) { event.url = "https://shop.test/" + ["", "a", "b"][random.below(3)] }
            if event.url != nil, random.below(300) < campaigns { event.url? += "?utm_campaign=c\(random.below(2))" }
            if random.chance(30) {
                event.name = "engaged"
                event.flags = .nonInteractive
                event.engaged = UInt32(random.below(20_000))
            }
            if random.chance(tells) { event.agent = ["desktop/fox", "mobile/chrome", "mobile"][random.below(3)] }
            if random.chance(tells) { event.country = ["DE", "CH", "FR"][random.below(3)] }
            if random.chance(tells) { event.language = ["de-CH", "en"][random.below(2)] }
            return event
        }
    }

    private static func rules(_ random: inout SeededGenerator) -> VisitRules {
        var rules = VisitRules()
        rules.eventsPerVisitMax = [70, 90, 150, 10_000][random.below(4)]
        rules.lengthMillisecondsMax = [70 * minute, 150 * minute, 24 * hour][random.below(3)]
        return rules
    }

    /// In one of several orders, with a restart from a checkpoint on the way.
    private static func contents(
        of events: [TestEvent], order: Int, rules: VisitRules, _ random: inout SeededGenerator, _ what: String
    ) throws -> [VisitContent] {
        var events = events
        switch order {
        case 0: events.shuffle(using: &random)
        case 1: events.sort { $0.at > $1.at }
        default:
            events.sort { $0.at < $1.at }
            for _ in 0..<events.count / 4 { events.append(events.remove(at: random.below(events.count))) }
        }
        let directory = try temporaryDirectory()
        defer { try? SystemCheckpointFiles().removeTree(directory) }
        var fixture = Fixture(rules: rules)
        let half = events.count / 2
        for start in stride(from: 0, to: half, by: 20) {
            try fixture.send(Array(events[start..<min(start + 20, half)]))
        }
        try fixture.visits.checkpoint(into: directory)
        let restored = Fixture(store: fixture.store, rules: rules)
        try restored.visits.restore(from: directory, appliedBatch: fixture.visits.appliedBatch)
        #expect(restored.visits.statistics == fixture.visits.statistics, "\(what)")
        for start in stride(from: 0, to: half, by: 20) { restored.note(Array(events[start..<min(start + 20, half)])) }
        fixture = restored
        for start in stride(from: half, to: events.count, by: 20) {
            try fixture.send(Array(events[start..<min(start + 20, events.count)]))
        }
        #expect(fixture.store.faults.isEmpty, "\(what)")
        return fixture.contents { $0.clientID ?? "" }
    }

    @Test("long visits agree with the plain model in any order", arguments: UInt64(1)...60)
    func longVisitsAgreeWithTheModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = VisitWorkTests.longStreams(&random, sharesMilliseconds: false)
        let rules = VisitWorkTests.rules(&random)
        let expected = VisitModel(rules: rules).visits(of: events) { $0.clientID ?? "" }
        for order in 0..<3 {
            let what = "seed \(seed), order \(order)"
            let found = try VisitWorkTests.contents(of: events, order: order, rules: rules, &random, what)
            #expect(found.count == expected.count, "\(what)")
            #expect(found == expected, "\(what)")
        }
    }

    @Test("long visits of few milliseconds do not depend on arrival", arguments: UInt64(1)...40)
    func longVisitsOfFewMillisecondsDoNotDependOnArrival(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = VisitWorkTests.longStreams(&random, sharesMilliseconds: true)
        let rules = VisitWorkTests.rules(&random)
        let expected = try VisitWorkTests.contents(of: events, order: 0, rules: rules, &random, "seed \(seed)")
        for order in 0..<3 {
            let what = "seed \(seed), order \(order)"
            let found = try VisitWorkTests.contents(of: events, order: order, rules: rules, &random, what)
            #expect(found == expected, "\(what)")
        }
    }
}
