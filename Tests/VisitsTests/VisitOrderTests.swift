import Columns
import Events
import Projector
import Testing
import Visits

/// The properties: what visits are does not depend on arrival, and a restart changes nothing.
struct VisitOrderTests {
    static func rules(_ seed: UInt64) -> VisitRules {
        var rules = VisitRules()
        switch seed % 3 {
        case 0: (rules.eventsPerVisitMax, rules.lengthMillisecondsMax) = (5, 2 * hour)
        case 1: rules.lengthMillisecondsMax = 50 * minute
        default: break
        }
        return rules
    }

    /// In batches of random size; everything arrives at one moment inside the window.
    static func run(_ events: [TestEvent], _ random: inout SeededGenerator, rules: VisitRules) throws -> Fixture {
        let fixture = Fixture(rules: rules)
        for batch in batches(events, &random) { try fixture.send(batch) }
        return fixture
    }

    static func batches(_ events: [TestEvent], _ random: inout SeededGenerator) -> [[TestEvent]] {
        var rest = events.map { event in
            var event = event
            event.receivedAt = morning + 31 * hour
            return event
        }[...]
        var batches: [[TestEvent]] = []
        while !rest.isEmpty {
            let count = min(rest.count, 1 + random.below(12))
            batches.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return batches
    }

    @Test("agrees with the plain model, in any order of arrival", arguments: UInt64(1)...150)
    func agreesWithThePlainModel(seed: UInt64) throws {
        var generator = EventGenerator(random: SeededGenerator(seed: seed))
        let events = generator.events(30 + Int(seed))
        let rules = VisitOrderTests.rules(seed)
        let label = { (event: TestEvent) in event.clientID ?? "" }
        let expected = VisitModel(rules: rules).visits(of: events, label: label)
        var random = SeededGenerator(seed: seed &+ 1_000)
        for round in 0..<3 {
            let order = round == 0 ? events : events.shuffled(using: &random)
            let fixture = try VisitOrderTests.run(order, &random, rules: rules)
            #expect(fixture.store.faults.isEmpty, "seed \(seed), round \(round)")
            let found = fixture.contents(label)
            let missing = expected.filter { !found.contains($0) }
            let unexpected = found.filter { !expected.contains($0) }
            #expect(missing == unexpected, "seed \(seed), round \(round)")
            #expect(found.count == expected.count, "seed \(seed), round \(round)")
        }
    }

    @Test("events of one millisecond fall into the same visits in any order of arrival", arguments: UInt64(1)...60)
    func tiesDoNotDependOnArrival(seed: UInt64) throws {
        var generator = EventGenerator(random: SeededGenerator(seed: seed), sharesMilliseconds: true)
        let events = generator.events(80)
        var rules = VisitRules()
        rules.eventsPerVisitMax = 4
        let label = { (event: TestEvent) in event.clientID ?? "" }
        var random = SeededGenerator(seed: seed &+ 2_000)
        let expected = try VisitOrderTests.run(events, &random, rules: rules).contents(label)
        let visited = expected.count
        #expect(visited > 5, "seed \(seed)")
        for _ in 0..<3 {
            let fixture = try VisitOrderTests.run(events.shuffled(using: &random), &random, rules: rules)
            #expect(fixture.store.faults.isEmpty, "seed \(seed)")
            let found = fixture.contents(label)
            let missing = expected.filter { !found.contains($0) }
            let unexpected = found.filter { !expected.contains($0) }
            #expect(missing == unexpected, "seed \(seed)")
            #expect(found.count == expected.count, "seed \(seed)")
        }
    }

    @Test("a restart from any batch gives the same rows and numbers as no restart", arguments: UInt64(1)...40)
    func restoredGoesOnAsIfNeverStopped(seed: UInt64) throws {
        var generator = EventGenerator(random: SeededGenerator(seed: seed))
        var random = SeededGenerator(seed: seed &+ 3_000)
        var rules = VisitOrderTests.rules(seed)
        if seed % 2 == 0 { (rules.generationEventsMax, rules.eventsMax) = (8, 40) }
        let batches = VisitOrderTests.batches(generator.events(120).shuffled(using: &random), &random)
        let straight = Fixture(rules: rules)
        for batch in batches { try straight.send(batch) }

        let directory = try temporaryDirectory()
        defer { try? SystemCheckpointFiles().removeTree(directory) }
        let cut = random.below(batches.count)
        let first = Fixture(rules: rules)
        for batch in batches[..<cut] { try first.send(batch) }
        try first.visits.checkpoint(into: directory)
        let second = Fixture(store: first.store.copy(), rules: rules)
        try second.visits.restore(from: directory, appliedBatch: first.visits.appliedBatch)
        for batch in batches[..<cut] { second.note(batch) }
        for batch in batches[cut...] { try second.send(batch) }
        #expect(second.store.faults.isEmpty, "seed \(seed), cut \(cut)")
        #expect(second.store.everything == straight.store.everything, "seed \(seed), cut \(cut)")
        #expect(second.visits.statistics == straight.visits.statistics, "seed \(seed), cut \(cut)")
    }

    @Test("a rebuild gives the same rows and numbers", arguments: UInt64(1)...10)
    func rebuildEqualsLive(seed: UInt64) throws {
        var generator = EventGenerator(random: SeededGenerator(seed: seed))
        var random = SeededGenerator(seed: seed)
        let batches = VisitOrderTests.batches(generator.events(150).shuffled(using: &random), &random)
        let (live, rebuilt) = (Fixture(), Fixture())
        for batch in batches { try live.send(batch) }
        for batch in batches { try rebuilt.send(batch) }
        #expect(live.store.everything == rebuilt.store.everything, "seed \(seed)")
    }
}
