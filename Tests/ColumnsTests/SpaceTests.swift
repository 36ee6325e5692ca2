import Columns
import ColumnsModel
import Events
import Foundation
import Testing

/// What the store does where a file finds no space. The files to come are links to /dev/full, where every write fails
/// as on a full volume.
@Suite struct SpaceTests {
    private let folder: TemporaryFolder
    private let parts: String
    private let store: EmbeddedColumnStore
    private let history: History
    private var translation: Translation
    private var model: RowModel

    init() throws {
        folder = try TemporaryFolder()
        parts = "\(folder.path)/parts"
        var limits = ColumnLimits()
        limits.partitionTailRowsMax = 7
        limits.tailRowsMax = 40
        limits.partRowsMax = 140
        store = try EmbeddedColumnStore(partsDirectory: parts, limits: limits)
        history = History(seed: 4, steps: 200, sites: ColumnStoreContract.sites, start: ColumnStoreContract.start)
        translation = Translation(history)
        model = RowModel(history)
    }

    private mutating func apply(_ steps: Range<Int>) throws {
        for step in history.steps[steps] {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
            model.apply(step)
        }
    }

    private func fillTheVolume() throws {
        let taken = try TemporaryFolder.files(parts).compactMap { Int($0.filter(\.isNumber)) }
        for number in (taken.max() ?? 0) + 1..<3_000 {
            for name in ["part-\(number).hcp", "dictionary-\(number).hcd"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(parts)/\(name)", withDestinationPath: "/dev/full")
            }
        }
    }

    private func links() throws -> [String] {
        try TemporaryFolder.files(parts).map { "\(parts)/\($0)" }.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: $0)) != nil
        }
    }

    private func giveSpaceBack() throws {
        for link in try links() { try FileManager.default.removeItem(atPath: link) }
    }

    private func differences(_ store: EmbeddedColumnStore) throws -> [String] {
        var found: [String] = []
        for site in ColumnStoreContract.sites {
            let plan = QueryPlan(site: site, from: ColumnStoreContract.start, to: .init(milliseconds: .max))
            found += ColumnStoreContract.compare(try store.run(plan), model.run(plan)).map { "\($0)" }
        }
        return found
    }

    @Test mutating func whatFindsNoSpaceStaysATailAndIsWrittenLater() throws {
        try apply(0..<60)
        let before = store.statistics
        #expect(before.parts > 0 && store.waitsFor == nil)
        try fillTheVolume()
        let untouched = try links().count
        try apply(60..<140)
        #expect(store.waitsFor?.meansNoSpace == true)
        #expect(store.statistics.rowsWritten == before.rowsWritten)
        #expect(try differences(store).isEmpty, "queries see what waits")
        #expect(try untouched - links().count < 5, "it does not try at every batch")
        try store.sealAgain()
        #expect(store.waitsFor?.meansNoSpace == true, "still none")
        #expect(try differences(store).isEmpty)
        #expect(throws: ColumnError.self) { try store.checkpoint(into: try folder.folder()) }

        try giveSpaceBack()
        try store.sealAgain()
        #expect(store.waitsFor == nil)
        #expect(store.statistics.tailRows < 40 && store.statistics.rowsWritten > before.rowsWritten)
        #expect(try differences(store).isEmpty)
        try apply(140..<200)
        let checkpoint = try folder.folder()
        try store.checkpoint(into: checkpoint)
        let restored = try EmbeddedColumnStore(partsDirectory: parts)
        try restored.restore(from: checkpoint)
        #expect(try differences(restored).isEmpty)
        #expect(store.statistics.unmatchedMoves == 0)
    }

    @Test mutating func atTheBoundItSaysThatItIsFull() throws {
        try fillTheVolume()
        var step = 0
        while !store.isFull, step < 200 {
            try apply(step..<step + 1)
            step += 1
        }
        #expect(store.isFull && store.statistics.tailRows >= 40)
        try store.sealAgain()
        #expect(store.isFull)
        try giveSpaceBack()
        try store.sealAgain()
        #expect(!store.isFull && store.waitsFor == nil)
        #expect(try differences(store).isEmpty)
    }

    @Test mutating func aMissingDirectoryIsNoLackOfSpace() throws {
        try FileManager.default.removeItem(atPath: parts)
        #expect(throws: ColumnError.self) { try apply(0..<200) }
        #expect(store.waitsFor == nil)
    }
}
