import Columns
import ColumnsModel
import Events
import Testing

/// Bounds so small that a short history seals, merges and rewrites parts all the time.
private func smallLimits(_ rows: Int) -> ColumnLimits {
    var limits = ColumnLimits()
    limits.partitionTailRowsMax = rows
    limits.tailRowsMax = rows * 3
    limits.partRowsMax = rows * 20
    return limits
}

@Suite struct EmbeddedColumnStoreTests {
    @Test(arguments: ColumnStoreContract.cases, [1, 5, 40, 100_000])
    func fulfilsTheContract(_ contract: ColumnStoreContract.Case, rows: Int) throws {
        let folder = try TemporaryFolder()
        let parts = "\(folder.path)/parts"
        for seed in [UInt64(11), 12, 13] {
            let differences = try contract.run(
                seed, { try EmbeddedColumnStore(partsDirectory: parts, limits: smallLimits(rows)) },
                { (try? folder.folder()) ?? "" })
            #expect(differences.prefix(3).isEmpty, "seed \(seed), \(rows) rows: \(differences.prefix(3))")
        }
    }

    @Test func movesFindTheirEvents() throws {
        let folder = try TemporaryFolder()
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: smallLimits(7))
        try fill(store, seed: 3, steps: 150)
        #expect(store.statistics.unmatchedMoves == 0)
        #expect(store.statistics.pendingEvents == 0)
        #expect(store.statistics.parts > 3)
    }

    @Test func unreferencedPartsGoAndTheCheckpointStays() throws {
        let folder = try TemporaryFolder()
        let parts = "\(folder.path)/parts"
        let store = try EmbeddedColumnStore(partsDirectory: parts, limits: smallLimits(3))
        let model = try fill(store, seed: 5, steps: 60)
        let checkpoint = try folder.folder()
        try store.checkpoint(into: checkpoint)
        let before = try TemporaryFolder.files(parts).count
        let removed = try store.retireUnreferencedParts()
        #expect(removed > 0)
        #expect(try TemporaryFolder.files(parts).count == before - removed)
        let restored = try EmbeddedColumnStore(partsDirectory: parts)
        try restored.restore(from: checkpoint)
        let plan = QueryPlan(
            site: ColumnStoreContract.sites[0], from: ColumnStoreContract.start, to: .init(milliseconds: .max))
        #expect(ColumnStoreContract.compare(try restored.run(plan), model.run(plan)) == [])
        #expect(try restored.retireUnreferencedParts() == 0)
    }

    @Test func aCheckpointOutlivesWhatComesAfterIt() throws {
        let folder = try TemporaryFolder()
        let parts = "\(folder.path)/parts"
        let limits = smallLimits(4)
        let history = History(seed: 9, steps: 100, sites: ColumnStoreContract.sites, start: ColumnStoreContract.start)
        var translation = Translation(history)
        var model = RowModel(history)
        let store = try EmbeddedColumnStore(partsDirectory: parts, limits: limits)
        let checkpoint = try folder.folder()
        for (index, step) in history.steps.enumerated() {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
            if index < 50 { model.apply(step) }
            if index == 49 { try store.checkpoint(into: checkpoint) }
            if index % 7 == 0, index > 49 { try store.retireUnreferencedParts() }
        }
        // The process ends here without a checkpoint; a new one replays from the old one.
        var replay = Translation(history)
        let restored = try EmbeddedColumnStore(partsDirectory: parts, limits: limits)
        try restored.restore(from: checkpoint)
        for step in history.steps.dropFirst(50) {
            let rows = replay.translated(step, restored)
            try restored.append(rows.events)
            try restored.amend(rows.amendments)
            model.apply(step)
        }
        var plans = RandomPlans(seed: 4, start: ColumnStoreContract.start, end: .init(milliseconds: 1_712_000_000_000))
        for _ in 0..<40 {
            let plan = plans.next(site: ColumnStoreContract.sites[1])
            #expect(ColumnStoreContract.compare(try restored.run(plan), model.run(plan)) == [])
        }
    }

    @Test func aQuerySeesWholeBatchesWhileTheWriterWorks() async throws {
        let folder = try TemporaryFolder()
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: smallLimits(50))
        let site = SiteID(1)
        let name = Array("pageview".utf8)
        let code = store.code(of: name.span.bytes, site: site, dimension: .eventName)
        let reader = Task.detached { () throws -> Bool in
            var isWhole = true
            var last: UInt64 = 0
            while last < 2_000 {
                let plan = QueryPlan(site: site, from: .init(milliseconds: 0), to: .init(milliseconds: .max))
                let total = try store.run(plan).total
                isWhole = isWhole && total.events >= last && total.events % 2 == 0 && total.events == total.visits * 2
                last = total.events
            }
            return isWhole
        }
        for batch in 1...UInt64(1_000) {
            let time = Timestamp(milliseconds: Int64(batch) * 1_000)
            var events: [EventRow] = []
            for index in 0..<UInt32(2) {
                var event = EventRow(
                    position: Position(batch: batch, index: index), site: site, occurredAt: time, flags: [])
                event.visit = batch
                event.name = code
                events.append(event)
            }
            var amendments = VisitAmendments()
            var visit = VisitRow(number: batch, site: site, startedAt: time)
            visit.anchor = AnchorNumber(batch)
            visit.anchorKind = .device
            amendments.visits = [visit]
            try store.append(events)
            try store.amend(amendments)
        }
        #expect(try await reader.value)
    }

    @Test func valuesBeyondTheBoundAreOther() throws {
        let folder = try TemporaryFolder()
        var limits = ColumnLimits()
        limits.distinctValues[.eventName] = 3
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: limits)
        let site = SiteID(1)
        let codes = ["a", "b", "c", "d", "a", "e"].map { text in
            let bytes = Array(text.utf8)
            return store.code(of: bytes.span.bytes, site: site, dimension: .eventName)
        }
        #expect(codes[3] == codes[5] && codes[4] == codes[0] && Set(codes).count == 4)
        #expect(store.value(of: codes[3], site: site, dimension: .eventName) == Array("(other)".utf8))
        var plan = QueryPlan(site: site, from: .init(milliseconds: 0), to: .init(milliseconds: 1))
        plan.dimensions = [.value(.eventName)]
        #expect(try store.run(plan).overflowed == [.value(.eventName)])
        let checkpoint = try folder.folder()
        try store.checkpoint(into: checkpoint)
        let restored = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: limits)
        try restored.restore(from: checkpoint)
        #expect(try restored.run(plan).overflowed == [.value(.eventName)])
        let bytes = Array("z".utf8)
        #expect(restored.code(of: bytes.span.bytes, site: site, dimension: .eventName) == codes[3])
    }

    @Test func manyValuesKeepTheirCodes() throws {
        let folder = try TemporaryFolder()
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts")
        let site = SiteID(1)
        var codes: [ValueCode] = []
        for index in 0..<5_000 {
            let bytes = Array("/page/\(index % 4_000)".utf8)
            codes.append(store.code(of: bytes.span.bytes, site: site, dimension: .page))
        }
        #expect(Array(codes[4_000...]) == Array(codes[..<1_000]))
        #expect(Set(codes).count == 4_000)
        #expect(store.value(of: codes[3_999], site: site, dimension: .entryPage) == Array("/page/3999".utf8))
        #expect(store.value(of: 0, site: site, dimension: .page) == nil)
        let empty: [UInt8] = []
        #expect(store.code(of: empty.span.bytes, site: site, dimension: .page) == 0)
    }

    @Test func valuesThatDifferInOneByteHaveCodesOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts")
        var values: [[UInt8]] = []
        for count in 1...20 {
            let base = [UInt8](repeating: 0x61, count: count)
            values.append(base)
            for place in 0..<count {
                values.append(base)
                values[values.count - 1][place] ^= 4
            }
        }
        let codes = values.map { store.code(of: $0.span.bytes, site: SiteID(1), dimension: .page) }
        #expect(Set(codes).count == values.count)
        for (code, value) in zip(codes, values) {
            #expect(store.value(of: code, site: SiteID(1), dimension: .page) == value)
            #expect(store.code(of: value.span.bytes, site: SiteID(1), dimension: .page) == code)
        }
    }

    @Test func boundsAndCancellationEndAQuery() throws {
        let folder = try TemporaryFolder()
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts")
        try fill(store, seed: 8, steps: 60)
        var plan = QueryPlan(
            site: ColumnStoreContract.sites[0], from: .init(milliseconds: 0), to: .init(milliseconds: .max))
        plan.dimensions = [.value(.page), .value(.source)]
        plan.groupsMax = 2
        #expect(throws: ColumnError.self) { try store.run(plan) }
        plan.groupsMax = 1_000
        plan.isCancelled = { true }
        #expect(throws: ColumnError.cancelled) { try store.run(plan) }
        plan.isCancelled = nil
        plan.filter = (0..<40).reduce(PlanFilter.all([])) { filter, _ in .not(filter) }
        #expect(throws: ColumnError.self) { try store.run(plan) }
    }

    @Test func eventsThatNeverGetAVisitAreBounded() throws {
        let folder = try TemporaryFolder()
        var limits = ColumnLimits()
        limits.pendingEventsMax = 2
        let store = try EmbeddedColumnStore(partsDirectory: "\(folder.path)/parts", limits: limits)
        var event = EventRow(
            position: .init(batch: 1, index: 0), site: SiteID(1), occurredAt: .init(milliseconds: 0), flags: [])
        event.visit = 5
        try store.append([event, event])
        #expect(throws: ColumnError.self) { try store.append([event]) }
    }

    @discardableResult
    private func fill(_ store: EmbeddedColumnStore, seed: UInt64, steps: Int) throws -> RowModel {
        let history = History(
            seed: seed, steps: steps, sites: ColumnStoreContract.sites, start: ColumnStoreContract.start)
        var translation = Translation(history)
        var model = RowModel(history)
        for step in history.steps {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
            model.apply(step)
        }
        return model
    }
}
