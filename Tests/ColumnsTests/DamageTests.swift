import Columns
import ColumnsModel
import Events
import Foundation
import Testing

/// Every file of a small checkpoint, cut at every length and with every byte flipped: the restore says so and names
/// the file.
@Suite struct DamageTests {
    private func checkpoint(_ folder: TemporaryFolder) throws -> (parts: String, checkpoint: String) {
        let parts = "\(folder.path)/parts"
        var limits = ColumnLimits()
        limits.partitionTailRowsMax = 4
        let store = try EmbeddedColumnStore(partsDirectory: parts, limits: limits)
        let history = History(seed: 21, steps: 5, sites: [SiteID(1)], start: ColumnStoreContract.start)
        var translation = Translation(history)
        for step in history.steps {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
        }
        let checkpoint = try folder.folder()
        try store.checkpoint(into: checkpoint)
        try store.retireUnreferencedParts()
        return (parts, checkpoint)
    }

    private func restore(_ parts: String, _ checkpoint: String) -> ColumnError? {
        do {
            try EmbeddedColumnStore(partsDirectory: parts).restore(from: checkpoint)
            return nil
        } catch {
            return error as? ColumnError
        }
    }

    @Test func everyTruncationAndEveryFlippedByteIsFoundAndNamed() throws {
        let folder = try TemporaryFolder()
        let (parts, checkpoint) = try checkpoint(folder)
        #expect(restore(parts, checkpoint) == nil)
        let part = try #require(try TemporaryFolder.files(parts).first { $0.hasSuffix(".hcp") })
        let dictionary = try #require(try TemporaryFolder.files(parts).first { $0.hasSuffix(".hcd") })
        for path in ["\(parts)/\(part)", "\(parts)/\(dictionary)", "\(checkpoint)/columns.manifest"] {
            let bytes = try TemporaryFolder.read(path)
            var missed: [String] = []
            for length in 0..<bytes.count {
                try TemporaryFolder.write(Array(bytes[..<length]), path)
                if restore(parts, checkpoint)?.path != path { missed.append("cut at \(length)") }
            }
            for offset in bytes.indices {
                var flipped = bytes
                flipped[offset] ^= 1 << UInt8(offset % 8)
                try TemporaryFolder.write(flipped, path)
                if restore(parts, checkpoint)?.path != path { missed.append("flipped at \(offset)") }
            }
            try TemporaryFolder.write(bytes, path)
            #expect(missed.isEmpty, "\(path): \(missed.prefix(5))")
        }
        #expect(restore(parts, checkpoint) == nil)
    }

    @Test func aNewerVersionIsRefusedAsSuch() throws {
        let folder = try TemporaryFolder()
        let (parts, checkpoint) = try checkpoint(folder)
        let names = try TemporaryFolder.files(parts).map { "\(parts)/\($0)" } + ["\(checkpoint)/columns.manifest"]
        for path in names {
            let bytes = try TemporaryFolder.read(path)
            try TemporaryFolder.write([9] + bytes.dropFirst(), path)
            #expect(restore(parts, checkpoint) == .newerVersion(path: path, found: 9, supported: 1))
            try TemporaryFolder.write(bytes, path)
        }
    }

    @Test func aMissingFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let (parts, checkpoint) = try checkpoint(folder)
        for name in try TemporaryFolder.files(parts) {
            let path = "\(parts)/\(name)"
            let bytes = try TemporaryFolder.read(path)
            try FileManager.default.removeItem(atPath: path)
            #expect(restore(parts, checkpoint)?.path == path)
            try TemporaryFolder.write(bytes, path)
        }
    }

    @Test func aPartOfAnotherPlaceIsRefused() throws {
        let folder = try TemporaryFolder()
        let (parts, checkpoint) = try checkpoint(folder)
        let names = try TemporaryFolder.files(parts).filter { $0.hasSuffix(".hcp") }
        try #require(names.count >= 2)
        let bytes = try TemporaryFolder.read("\(parts)/\(names[1])")
        try TemporaryFolder.write(bytes, "\(parts)/\(names[0])")
        #expect(restore(parts, checkpoint)?.path == "\(parts)/\(names[0])")
    }
}
