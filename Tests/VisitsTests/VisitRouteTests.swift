import Columns
import Events
import Projector
import Testing
import Visits

/// Events that come to a device's or user's stream on several ways: through yesterday's hash, today's, or both.
struct VisitRouteTests {
    private static let midnight = morning + 15 * hour
    private static func label(_ event: TestEvent) -> String { event.clientID ?? "" }

    private static func event(_ name: String, at minutes: Int64) -> TestEvent {
        var event = TestEvent(at: midnight + minutes * minute, receivedAt: midnight + hour)
        event.clientID = name
        event.url = "https://shop.test/\(name)"
        return event
    }

    static let threeOrders: [[Int]] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    @Test(
        "an event that one mark takes over two hashes and another over one is in the visit, whichever came first",
        arguments: threeOrders)
    func isTakenOnceOnAnyRoute(order: [Int]) throws {
        var afterMidnight = VisitRouteTests.event("A", at: 3)
        (afterMidnight.user, afterMidnight.daily, afterMidnight.previous) = (1, 200, 100)
        var anonymous = VisitRouteTests.event("B", at: -25)
        anonymous.daily = 100
        var beforeMidnight = VisitRouteTests.event("C", at: -10)
        (beforeMidnight.user, beforeMidnight.daily) = (1, 100)
        let events = [afterMidnight, anonymous, beforeMidnight]
        let fixture = Fixture()
        for index in order { try fixture.send([events[index]]) }
        let visit = try #require(fixture.rows.first)
        #expect(fixture.rows.count == 1)
        #expect(visit.events == 3)
        #expect(visit.anchorKind == .user)
        #expect(fixture.store.text(visit.entryPage, visit.site, .page) == "/B")
        #expect(fixture.store.faults.isEmpty)
        #expect(fixture.visits.statistics.events == 7, "three of the user, one and three marks of the hashes")
    }

    /// People around two midnights, at random with and without consent and login, sharing hashes.
    private static func events(_ count: Int, _ random: inout SeededGenerator, sharesMilliseconds: Bool) -> [TestEvent] {
        var used: Set<Int64> = []
        return (0..<count).map { index in
            let night = Int64(random.below(3)) / 2 * 24 * 60
            var event = event("e\(index)", at: night + Int64(random.below(14)) * 5 - 35)
            if !sharesMilliseconds {
                event.at += Int64(random.below(Int(minute)))
                while !used.insert(event.at).inserted { event.at += 1 }
            }
            event.receivedAt = midnight + 25 * hour
            let household = UInt64(random.below(8)) / 7
            let person = household * 10 + UInt64(random.below(2)) + 1
            let day = UInt64((event.at - midnight + 24 * hour) / (24 * hour)) + 1
            event.daily = day * 100 + household
            if (event.at - midnight + 24 * hour) % (24 * hour) < 30 * minute, random.chance(80) {
                event.previous = day * 100 - 100 + household
            }
            switch random.below(10) {
            case 0..<5: break
            case 5..<7: event.device = person
            case 7..<9: event.user = person
            default: (event.device, event.daily) = (person, nil)
            }
            return event
        }
    }

    /// In batches of random size, with a restart from a checkpoint between some of them.
    private static func contents(of events: [TestEvent], _ random: inout SeededGenerator, _ what: String) throws
        -> [VisitContent]
    {
        let directory = try temporaryDirectory()
        defer { try? SystemCheckpointFiles().removeTree(directory) }
        var fixture = Fixture()
        var sent: [[TestEvent]] = []
        var rest = events[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(1 + random.below(4)))
            rest = rest.dropFirst(batch.count)
            try fixture.send(batch)
            sent.append(batch)
            guard random.chance(4) else { continue }
            try fixture.visits.checkpoint(into: directory)
            let restored = Fixture(store: fixture.store)
            try restored.visits.restore(from: directory, appliedBatch: fixture.visits.appliedBatch)
            #expect(restored.visits.statistics == fixture.visits.statistics, "\(what)")
            for batch in sent { restored.note(batch) }
            fixture = restored
        }
        #expect(fixture.store.faults.isEmpty, "\(what)")
        return fixture.contents(label)
    }

    @Test("bridges by several routes agree with the plain model in any order", arguments: UInt64(1)...150)
    func bridgesAgreeWithTheModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = VisitRouteTests.events(4 + random.below(20), &random, sharesMilliseconds: false)
        let expected = VisitModel(rules: VisitRules()).visits(of: events, label: VisitRouteTests.label)
        for round in 0..<8 {
            let what = "seed \(seed), round \(round)"
            let found = try VisitRouteTests.contents(of: events.shuffled(using: &random), &random, what)
            let missing = expected.filter { !found.contains($0) }
            #expect(missing.isEmpty, "\(what)")
            #expect(found.count == expected.count, "\(what)")
        }
    }

    @Test("bridges in one millisecond do not depend on arrival", arguments: UInt64(1)...150)
    func bridgesInOneMillisecondDoNotDependOnArrival(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = VisitRouteTests.events(4 + random.below(20), &random, sharesMilliseconds: true)
        let expected = try VisitRouteTests.contents(of: events, &random, "seed \(seed)")
        for round in 0..<8 {
            let what = "seed \(seed), round \(round)"
            let found = try VisitRouteTests.contents(of: events.shuffled(using: &random), &random, what)
            #expect(found == expected, "\(what)")
        }
    }

    @Test("four events in all 24 orders give the same visits", arguments: UInt64(1)...100)
    func allOrdersOfFourEventsAgree(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let events = VisitRouteTests.events(4, &random, sharesMilliseconds: seed % 2 == 0)
        let expected = try VisitRouteTests.contents(of: events, &random, "seed \(seed)")
        for number in 0..<24 {
            var (rest, digits, order) = (events, number, [TestEvent]())
            for base in stride(from: 4, to: 0, by: -1) {
                order.append(rest.remove(at: digits % base))
                digits /= base
            }
            let found = try VisitRouteTests.contents(of: order, &random, "seed \(seed), order \(number)")
            #expect(found == expected, "seed \(seed), order \(number)")
        }
    }
}
