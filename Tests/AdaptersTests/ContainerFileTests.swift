import Adapters
import Catalog
import Events
import Foundation
import GRDB
import Testing

/// What is particular to containers in the SQLite file: reopening, older files, several writers, a full disk.
struct ContainerFileTests {
    @Test func containersSurviveReopening() throws {
        let directory = try TemporaryDirectory()
        let (before, scripts) = try { () throws -> (Container, ServedScripts) in
            let bench = try ContainerBench(directory: directory.path)
            try bench.version("{\"n\":1}")
            try bench.publish(1)
            return (try bench.now, try bench.store.servedScripts())
        }()
        let again = try CatalogStoreSQLite(directory: directory.path)
        #expect(try again.load().containers == [before])
        #expect(try again.servedScripts().scripts == scripts.scripts)
        #expect(try again.version(1, of: before.id).definition == Array("{\"n\":1}".utf8))
    }

    /// A file as the first version of the layout left it: no containers, and keys whose makers only the audit knows.
    @Test func anOlderFileGetsItsKeysMakersFromTheAudit() throws {
        let directory = try TemporaryDirectory()
        let store = try CatalogStoreSQLite(directory: directory.path)
        let first = try store.addKey(name: "", role: .admin, scope: .all, by: "console")
        let second = try store.addKey(name: "", role: .admin, scope: .all, by: "key:\(first.key.id)")
        let third = try store.addKey(name: "", role: .publisher, scope: .all, by: "key:\(second.key.id)")
        try store.revokeKey(second.key.id, by: "console")
        let wanted = try store.load().keys.map(\.makers)
        #expect(third.key.makers == ["key:\(second.key.id)", "key:\(first.key.id)", "console"])
        let plain = try DatabaseQueue(path: directory.path + "/catalog.sqlite")
        try plain.write { database in
            let names = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_master WHERE type = 'table'
                        AND (name LIKE 'container%' OR name IN ('keyMaker', 'workspaceScript'))
                    """)
            #expect(names.count == 13)
            let order = ["containerEnvironmentScript", "containerPreview", "workspaceScript"]
            for name in order + names.filter({ !order.contains($0) && $0 != "container" }) + ["container"] {
                try database.execute(sql: "DROP TABLE \(name)")
            }
            try database.execute(sql: "ALTER TABLE catalogState DROP COLUMN scriptsGeneration")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'v2'")
        }
        let again = try CatalogStoreSQLite(directory: directory.path)
        #expect(try again.load().keys.map(\.makers) == wanted)
        let fourth = try again.addKey(name: "", role: .viewer, scope: .all, by: "key:\(third.key.id)")
        #expect(fourth.key.makers == ["key:\(third.key.id)"] + third.key.makers)
    }

    @Test func aLineOfMakersEnds() throws {
        let directory = try TemporaryDirectory()
        let store = try CatalogStoreSQLite(directory: directory.path)
        var actor = "console"
        for _ in 0..<Authorship.makersMax {
            actor = "key:" + (try store.addKey(name: "", role: .admin, scope: .all, by: actor)).key.id
        }
        let last = actor
        #expect(throws: CatalogError.self) { try store.addKey(name: "", role: .admin, scope: .all, by: last) }
        #expect(try store.load().keys.count == Authorship.makersMax)
    }

    @Test func concurrentPublishersLeaveOneStateThatFitsTogether() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        let id: ContainerID = try {
            let bench = try ContainerBench(directory: path)
            for _ in 0..<4 { try bench.version() }
            return bench.container.id
        }()
        let outcomes = try await withThrowingTaskGroup(of: [Bool].self) { group in
            for writer in 1...4 {
                group.addTask {
                    let store = try CatalogStoreSQLite(directory: path)
                    var won: [Bool] = []
                    for round in 0..<10 {
                        let snapshot = try store.load()
                        guard let container = snapshot.container(id: id) else { return [] }
                        let stamp = ContainerStamp.of(sites: snapshot.sites(of: container), kills: [])
                        let scripts = ContainerBench.scripts("writer \(writer) round \(round)", version: writer)
                        let release = ContainerRelease(
                            revision: container.revision, stamp: stamp,
                            environments: [.init(name: "live", version: writer, scripts: scripts)])
                        do throws(CatalogError) {
                            _ = try store.perform(
                                .publish(version: writer, environment: "live", isConfirmed: false), on: id,
                                release: release, by: "key:\(writer)")
                            won.append(true)
                        } catch {
                            #expect(error.kind == .conflict, "\(error)")
                            won.append(false)
                        }
                    }
                    return won
                }
            }
            return try await group.reduce(into: [Bool]()) { $0 += $1 }
        }
        #expect(outcomes.count == 40)
        let store = try CatalogStoreSQLite(directory: path)
        let container = try #require(try store.load().container(id: id))
        let live = try #require(container.environment("live"))
        let entries = try store.publications(of: id, in: "live")
        #expect(entries.count == outcomes.filter { $0 }.count && entries.count >= 10)
        #expect(entries.last?.version == live.version && entries.last?.actor == live.actor)
        let served = try store.servedScripts().scripts.first { $0.caching == .live }
        #expect(served.map { String(decoding: $0.bytes, as: UTF8.self).hasPrefix("writer \(live.version) ") } == true)
        #expect(container.revision == 1 + entries.count)
    }

    /// SQLite's own page limit stands in for a full disk: the publication fails in the middle of writing its scripts.
    @Test func aPublicationThatFailsMidWayLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        let bench = try ContainerBench(directory: directory.path)
        try bench.version()
        try bench.publish(1)
        try bench.version()
        let (container, served, audit) = (try bench.now, try bench.served(), try bench.store.auditEntries(limit: 100))
        try bench.store.limitPages(toCurrentAnd: 2)
        let large = String(repeating: "large ", count: 100_000)
        let error = bench.failure { try bench.publish(2, script: large) }
        #expect(error?.kind == .storage && error?.description.contains("the disk is full") == true)
        #expect(try bench.now == container)
        #expect(try bench.served() == served)
        #expect(try bench.store.auditEntries(limit: 100) == audit)
        try bench.store.limitPages(toCurrentAnd: 10_000)
        try bench.publish(2, script: large)
        #expect(try bench.live() == large)
    }

    @Test func aMissingScriptIsNamed() throws {
        let directory = try TemporaryDirectory()
        let bench = try ContainerBench(directory: directory.path)
        try bench.version()
        try bench.publish(1)
        let plain = try DatabaseQueue(path: directory.path + "/catalog.sqlite")
        try plain.write { try $0.execute(sql: "DELETE FROM containerScript") }
        let error = bench.failure { _ = try bench.store.servedScripts() }
        #expect(error?.description.contains("containerEnvironment") == true)
    }
}
