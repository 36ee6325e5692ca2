import Adapters
import Catalog
import Events
import Foundation
import GRDB
import Testing

/// What is particular to the SQLite file.
struct CatalogStoreSQLiteTests {
    private func storageError(_ body: () throws -> Void) -> (code: Int32, text: String)? {
        do {
            try body()
        } catch let error as CatalogError {
            if case .storage(_, _, let code, _, _) = error { return (code, error.description) }
        } catch {}
        return nil
    }

    @Test func theFileSurvivesReopening() throws {
        let directory = try TemporaryDirectory()
        let site = try CatalogStoreSQLite(directory: directory.path).addSite(SiteDraft(domains: ["a.example"]), by: "t")
        let again = try CatalogStoreSQLite(directory: directory.path).load()
        #expect(again.sites.map(\.key) == [site.key])
    }

    @Test func twoConnectionsSeeEachOthersChanges() throws {
        let directory = try TemporaryDirectory()
        let server = try CatalogStoreSQLite(directory: directory.path)
        let command = try CatalogStoreSQLite(directory: directory.path)
        #expect(try server.load().sites.isEmpty)
        for number in 1...20 {
            let writer = number.isMultiple(of: 2) ? server : command
            let reader = number.isMultiple(of: 2) ? command : server
            _ = try writer.addSite(SiteDraft(domains: ["s\(number).example"]), by: "t")
            #expect(try reader.load().sites.count == number)
        }
    }

    @Test func concurrentWritersLoseNothing() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = try CatalogStoreSQLite(directory: path)
                    for number in 0..<10 {
                        _ = try store.addSite(SiteDraft(domains: ["w\(writer)-\(number).example"]), by: "t")
                    }
                }
            }
            try await group.waitForAll()
        }
        let snapshot = try CatalogStoreSQLite(directory: path).load()
        #expect(snapshot.sites.count == 40)
        #expect(snapshot.generation == 41)
    }

    @Test func commitsAreSyncedAndForeignKeysHold() throws {
        let directory = try TemporaryDirectory()
        let store = try CatalogStoreSQLite(directory: directory.path)
        #expect(try store.durability() == "wal, synchronous 2, foreign keys 1")
    }

    @Test func aNewerFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        _ = try CatalogStoreSQLite(directory: directory.path)
        let plain = try DatabaseQueue(path: directory.path + "/catalog.sqlite")
        try plain.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')") }
        do {
            _ = try CatalogStoreSQLite(directory: directory.path)
            Issue.record("a newer file was opened")
        } catch {
            guard case .newerFormat(let path, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(path.hasSuffix("/catalog.sqlite"))
            #expect(error.description.contains("newer version"))
        }
    }

    @Test func aDamagedFileIsNamed() throws {
        let directory = try TemporaryDirectory()
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: directory.path + "/catalog.sqlite"))
        let error = try #require(storageError { _ = try CatalogStoreSQLite(directory: directory.path) })
        #expect(error.code == ResultCode.SQLITE_NOTADB.rawValue)
        #expect(error.text.contains("restore it from a backup"))
    }

    @Test func aMissingDirectoryIsNamed() throws {
        let error = try #require(storageError { _ = try CatalogStoreSQLite(directory: "/nonexistent/highland") })
        #expect(error.code == ResultCode.SQLITE_CANTOPEN.rawValue)
        #expect(error.text.contains("/nonexistent/highland/catalog.sqlite"))
    }

    @Test func anUnknownValueInARowIsNamed() throws {
        let directory = try TemporaryDirectory()
        let store = try CatalogStoreSQLite(directory: directory.path)
        _ = try store.addSite(SiteDraft(domains: ["a.example"]), by: "t")
        let plain = try DatabaseQueue(path: directory.path + "/catalog.sqlite")
        try plain.write { try $0.execute(sql: "UPDATE site SET unknownConsent = 'perhaps'") }
        let error = try #require(storageError { _ = try store.load() })
        #expect(error.text.contains("table site, row 1, column unknownConsent"))
    }

    /// SQLite's own page limit stands in for a full disk: both give SQLITE_FULL in the middle of a transaction.
    @Test func aFullDiskLosesNothingAndRecovers() throws {
        let directory = try TemporaryDirectory()
        let store = try CatalogStoreSQLite(directory: directory.path)
        let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "t")
        let before = try store.load().generation
        try store.limitPages(toCurrentAnd: 0)
        var draft = SiteDraft(domains: ["b.example"])
        draft.allowedQueryParameters = (0..<200).map { "parameter-\($0)-" + String(repeating: "x", count: 40) }
        let error = try #require(storageError { _ = try store.addSite(draft, by: "t") })
        #expect(error.code == ResultCode.SQLITE_FULL.rawValue)
        #expect(error.text.contains("the disk is full"))
        #expect(try store.load().generation == before)
        #expect(try store.load().sites.map(\.id) == [site.id])
        try store.limitPages(toCurrentAnd: 1_000)
        #expect(try store.addSite(draft, by: "t").domains == ["b.example"])
    }
}
