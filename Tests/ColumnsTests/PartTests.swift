import Columns
import Events
import Testing

/// Parts made of tails and of other parts, looked at from outside.
@Suite struct PartTests {
    private static let site = SiteID(4)

    /// Far apart and close together, in no order.
    private static let numbers: [VisitNumber] = {
        var numbers = (0..<30).map { VisitNumber(1) << VisitNumber($0 * 2) } + (1_030..<1_060)
        var state: UInt64 = 7
        for index in numbers.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            numbers.swapAt(index, Int(state >> 33) % numbers.count)
        }
        return numbers
    }()

    private func event(_ visit: VisitNumber, batch: UInt64, properties: Int = 0) -> EventRow {
        var event = EventRow(
            position: Position(batch: batch, index: 0), site: Self.site, occurredAt: .init(milliseconds: 1_000),
            flags: [])
        event.visit = visit
        for index in 0..<UInt32(properties) {
            event.properties.append(.init(key: index + 1, value: UInt32(visit % 7) + 1))
        }
        return event
    }

    private func visit(_ number: VisitNumber, pageviews: UInt32) -> VisitRow {
        var visit = VisitRow(number: number, site: Self.site, startedAt: .init(milliseconds: 500))
        visit.anchor = 9
        visit.anchorKind = .device
        visit.pageviews = pageviews
        return visit
    }

    /// Each visit has two events, the later position first.
    private func filled(_ folder: TemporaryFolder, tailRows: Int) throws -> EmbeddedColumnStore {
        var limits = ColumnLimits()
        limits.partitionTailRowsMax = tailRows
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: limits)
        for number in Self.numbers {
            try store.append([event(number, batch: number + 1 << 40, properties: Int(number % 4))])
            try store.append([event(number, batch: number)])
            var amendments = VisitAmendments()
            amendments.visits = [visit(number, pageviews: 1)]
            try store.amend(amendments)
        }
        return store
    }

    private let all = QueryPlan(site: PartTests.site, from: .init(milliseconds: 0), to: .init(milliseconds: .max))

    @Test(arguments: [1, 2, 7, 1_000])
    func everyVisitAndEventIsFoundInItsPartWhateverTheNumber(tailRows: Int) throws {
        let folder = try TemporaryFolder()
        let store = try filled(folder, tailRows: tailRows)
        let count = UInt64(Self.numbers.count)
        var newer = VisitAmendments()
        newer.visits = Self.numbers.map { visit($0, pageviews: 2) }
        try store.amend(newer)
        #expect(try store.run(all).total.visits == count)
        #expect(try store.run(all).total.events == count * 2)
        var moves = VisitAmendments()
        moves.moved = Self.numbers.flatMap { number in
            [number, number + 1 << 40].map {
                .init(site: Self.site, position: Position(batch: $0, index: 0), from: number, to: Self.numbers[0])
            }
        }
        try store.amend(moves)
        #expect(store.statistics.unmatchedMoves == 0)
        #expect(store.statistics.pendingEvents == 0)
        #expect(try store.run(all).total.visits == 1)
        #expect(try store.run(all).total.events == count * 2)
    }

    @Test func whatAnErasureTakesIsGoneFromPartsAndTheRestStays() throws {
        let folder = try TemporaryFolder()
        let store = try filled(folder, tailRows: 3)
        var amendments = VisitAmendments()
        var other = visit(5, pageviews: 1)
        other.anchor = 10
        amendments.visits = [other]
        try store.append([event(5, batch: 1 << 45, properties: 3)])
        try store.amend(amendments)
        try store.erase(anchors: [9])
        #expect(try store.run(all).total.visits == 1)
        #expect(try store.run(all).total.events == 1)
    }
}
