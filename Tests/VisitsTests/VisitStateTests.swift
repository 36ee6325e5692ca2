import Columns
import Events
import Foundation
import Journal
import Projector
import Testing
import Visits

/// What is kept, what is forgotten, and what a checkpoint refuses.
struct VisitStateTests {
    private func label(_ event: TestEvent) -> String { event.clientID ?? "" }

    @Test func numbersAreDenseInTheOrderOfAppearance() throws {
        let fixture = Fixture()
        try fixture.send([
            TestEvent(device: 7), TestEvent(site: 2, device: 7), TestEvent(user: 7),
            TestEvent(at: morning + 1, device: 7), TestEvent(),
        ])
        let rows = fixture.store.events.values.sorted { $0.position < $1.position }
        #expect(rows.map(\.anchor) == [1, 2, 3, 1, 0])
        #expect(rows.map(\.visit) == [1, 2, 3, 1, 4])
    }

    @Test func aDeviceKeepsItsNumberAndADaysHashIsForgotten() throws {
        var rules = VisitRules()
        rules.generationEventsMax = 1
        let fixture = Fixture(rules: rules)
        try fixture.send([TestEvent(at: morning, device: 1), TestEvent(at: morning, daily: 100)])
        for day in 1...5 {
            try fixture.send([TestEvent(at: morning + Int64(day) * 24 * hour, device: UInt64(day) + 1)])
        }
        #expect(fixture.visits.statistics.anchors == 6)
        #expect(fixture.visits.statistics.streams <= 4)
        try fixture.send([TestEvent(at: morning + 6 * 24 * hour, device: 1)])
        #expect(fixture.store.events[Position(batch: 7, index: 0)]?.anchor == 1)
    }

    @Test func aLateEventFindsItsVisitWithin48Hours() throws {
        var rules = VisitRules()
        rules.generationEventsMax = 1
        let fixture = Fixture(rules: rules)
        try fixture.send([TestEvent(at: morning, device: 1)])
        for step in 1...96 {
            try fixture.send([TestEvent(at: morning + Int64(step) * 30 * minute, device: UInt64(step % 3) + 2)])
        }
        try fixture.send([TestEvent(at: morning + 5 * minute, receivedAt: morning + 48 * hour, device: 1)])
        #expect(fixture.store.events[Position(batch: 98, index: 0)]?.visit == 1)
        #expect(fixture.store.visits[1]?.events == 2)
    }

    @Test func beyondTheBoundTheStreamsThatWaitedLongestAreFinal() throws {
        var rules = VisitRules()
        (rules.eventsMax, rules.generationEventsMax) = (100, 10)
        let fixture = Fixture(rules: rules)
        for number in 0..<1_000 {
            try fixture.send([TestEvent(at: morning + Int64(number), device: UInt64(number), clientID: "e\(number)")])
            #expect(fixture.visits.statistics.events <= 120)
        }
        #expect(fixture.visits.statistics.earlyFinalStreams >= 880)
        #expect(fixture.store.visits.count == 1_000)
        try fixture.send([TestEvent(at: morning + 1, device: 0)])
        #expect(fixture.store.visits[1]?.events == 1)
        try fixture.send([TestEvent(at: morning + 1_001, device: 999)])
        #expect(fixture.store.visits[1_000]?.events == 2)
    }

    @Test func oneStreamKeepsABoundedNumberOfEvents() throws {
        var rules = VisitRules()
        (rules.streamEventsMax, rules.eventsPerVisitMax) = (50, 10)
        let fixture = Fixture(rules: rules)
        for number in 0..<500 {
            try fixture.send([TestEvent(at: morning + Int64(number), device: 1)])
            #expect(fixture.visits.statistics.events <= 61)
        }
        #expect(fixture.rows.map(\.events) == [UInt32](repeating: 10, count: 50))
    }

    @Test(
        "logs of several days, one after the other and overlapping, give the visits of all their lines",
        arguments: UInt64(1)...10)
    func overlappingLogsGiveTheVisitsOfAllTheirLines(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var lines: [TestEvent] = []
        var time = morning - 400 * 24 * hour
        for index in 0..<600 {
            time += Int64(random.below(Int(20 * minute)))
            let day = UInt64((time - morning + 401 * 24 * hour) / (24 * hour)) + 1
            lines.append(
                TestEvent(
                    at: time, receivedAt: morning, daily: day * 100 + UInt64(random.below(5)),
                    flags: [.pageview, .imported],
                    clientID: "l\(index)", url: "https://shop.test/\(index % 7)"))
        }
        let first = lines.enumerated().filter { $0.offset < 400 && $0.offset % 3 != 0 }.map(\.element)
        let second = lines.enumerated().filter { $0.offset >= 400 || $0.offset % 3 == 0 }.map(\.element)
        let fixture = Fixture()
        for part in [first, second] {
            for start in stride(from: 0, to: part.count, by: 50) {
                try fixture.send(Array(part[start..<min(start + 50, part.count)]))
            }
        }
        #expect(fixture.store.faults.isEmpty, "seed \(seed)")
        let expected = VisitModel(rules: VisitRules()).visits(of: lines, label: label)
        #expect(fixture.contents(label) == expected, "seed \(seed)")
    }

    @Test func erasedAnchorsAreForgottenWithTheirEvents() throws {
        let fixture = Fixture()
        try fixture.send([
            TestEvent(at: morning, daily: 100), TestEvent(at: morning + 1, device: 1, daily: 100),
            TestEvent(at: morning, device: 2),
        ])
        let daily = Anchor(kind: .daily, site: SiteID(1), id: ID128(low: 100, high: 9))
        let device = Anchor(kind: .device, site: SiteID(1), id: ID128(low: 2, high: 8))
        try fixture.visits.erase([daily, device])
        #expect(fixture.store.erased.count == 2)
        #expect(fixture.visits.statistics.anchors == 1)
        #expect(fixture.visits.statistics.events == 1)
        try fixture.send([TestEvent(at: morning + 2, device: 2), TestEvent(at: morning + 3, device: 1)])
        #expect(fixture.store.events[Position(batch: 2, index: 0)]?.anchor == 4)
        #expect(fixture.visits.statistics.events == 3)
    }

    @Test func aStateThatWasCutOrChangedInAnyByteIsRefused() throws {
        let directory = try temporaryDirectory()
        let files = SystemCheckpointFiles()
        defer { try? files.removeTree(directory) }
        let fixture = Fixture()
        try fixture.send([TestEvent(device: 1, url: "https://shop.test/"), TestEvent(device: 1, daily: 100)])
        try fixture.visits.checkpoint(into: directory)
        let path = "\(directory)/visits.state"
        let whole = try files.read(path)
        for offset in whole.indices {
            var changed = whole
            changed[offset] ^= 1 << UInt8(offset % 8)
            try refuses(changed, path: path, directory: directory, batch: 1, "bit of byte \(offset)")
            if offset % 7 == 0 {
                try refuses(Array(whole[..<offset]), path: path, directory: directory, batch: 1, "cut at \(offset)")
            }
        }
        try refuses(whole, path: path, directory: directory, batch: 2, "another batch than the manifest's")
    }

    private func refuses(_ bytes: [UInt8], path: String, directory: String, batch: UInt64, _ what: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
        let fixture = Fixture()
        #expect(throws: (any Error).self, "\(what)") {
            try fixture.visits.restore(from: directory, appliedBatch: batch)
        }
    }
}
