import Adapters
import Catalog
import Events
import Testing

/// What every store of containers keeps to: drafts, versions, links.
struct ContainerStoreTests {
    @Test func aNewContainerHasADraftAndServesNothing() throws {
        let bench = try ContainerBench()
        let container = try bench.now
        #expect(container.name == "shop" && container.sites == [bench.site.id] && container.newestVersion == 0)
        #expect(container.workspaces.map(\.name) == ["default"])
        let workspace = try bench.workspace
        #expect(workspace.base == 0 && workspace.revision == 1 && workspace.authors.isEmpty)
        #expect(try bench.store.workspace(workspace.id).definition == Array("{}".utf8))
        #expect(try bench.served().isEmpty)
        let taken = bench.failure {
            _ = try bench.store.addContainer(ContainerDraft(name: "SHOP"), definition: [], by: "t")
        }
        #expect(taken == .taken(field: "name", value: "SHOP", by: "container 1"))
        let absent = bench.failure {
            _ = try bench.store.addContainer(ContainerDraft(name: "b", sites: [SiteID(9)]), definition: [], by: "t")
        }
        #expect(absent == .notFound(kind: "site", reference: "9"))
        #expect(try bench.store.load().containers.count == 1)
    }

    @Test func aSaveOfAnOldRevisionSaysWhoSaved() throws {
        let bench = try ContainerBench()
        let read = try bench.workspace
        let saved = try bench.store.saveWorkspace(
            read.id, definition: Array("{\"a\":1}".utf8), revision: read.revision, base: nil, by: "key:A")
        #expect(saved.revision == 2 && saved.savedBy == "key:A" && saved.authors == ["key:A"])
        let error = bench.failure {
            _ = try bench.store.saveWorkspace(
                read.id, definition: Array("{}".utf8), revision: read.revision, base: nil, by: "key:B")
        }
        #expect(error?.kind == .conflict)
        #expect(error?.description.contains("key:A") == true)
        #expect(try bench.store.workspace(read.id).definition == Array("{\"a\":1}".utf8))
    }

    @Test func versionsAreNumberedAndNeverChange() throws {
        let bench = try ContainerBench()
        let first = try bench.version("{\"n\":1}", by: "key:A")
        let second = try bench.version("{\"n\":2}", by: "key:B")
        #expect([first.number, second.number] == [1, 2] && [first.base, second.base] == [0, 1])
        #expect(first.authors == ["key:A"] && second.authors == ["key:B"])
        #expect(try bench.store.version(1, of: bench.container.id).definition == Array("{\"n\":1}".utf8))
        #expect(try bench.store.versions(of: bench.container.id, before: .max, limit: 10).map(\.number) == [2, 1])
        #expect(try bench.store.versions(of: bench.container.id, before: 2, limit: 10).map(\.number) == [1])
        let workspace = try bench.workspace
        #expect(workspace.base == 2 && workspace.authors.isEmpty)
        let absent = bench.failure { _ = try bench.store.version(3, of: bench.container.id) }
        #expect(absent == .notFound(kind: "version", reference: "3"))
    }

    @Test func aDraftOnAnOlderVersionLeavesNothingOutUnasked() throws {
        let bench = try ContainerBench()
        try bench.version()
        let other = try bench.store.addWorkspace(
            "other", to: bench.container.id, base: 1, definition: Array("{}".utf8), by: "key:B")
        #expect(other.authors.isEmpty)
        try bench.version(by: "key:A")
        var draft = VersionDraft(workspace: other.id, revision: other.revision)
        let error = bench.failure { _ = try bench.store.addVersion(draft, by: "key:B") }
        #expect(error?.kind == .conflict && error?.description.contains("key:A") == true)
        draft.overridesNewer = true
        #expect(try bench.store.addVersion(draft, by: "key:B").number == 3)
    }

    @Test func draftsAndLinksAreBounded() throws {
        let bench = try ContainerBench()
        let id = bench.container.id
        for number in 2...ContainerRules.workspacesMax {
            _ = try bench.store.addWorkspace("w\(number)", to: id, base: 0, definition: [], by: "t")
        }
        let tooMany = bench.failure {
            _ = try bench.store.addWorkspace("one more", to: id, base: 0, definition: [], by: "t")
        }
        #expect(tooMany?.kind == .invalid)
        let tooLarge = bench.failure {
            _ = try bench.store.saveWorkspace(
                try bench.workspace.id,
                definition: [UInt8](repeating: 32, count: ContainerRules.definitionBytesMax + 1),
                revision: 1, base: nil, by: "t")
        }
        #expect(tooLarge?.kind == .invalid)
        for _ in 0..<ContainerRules.previewsMax { _ = try preview(bench) }
        #expect(bench.failure { _ = try preview(bench) }?.kind == .invalid)
        bench.time.advance(milliseconds: 3_600_000)
        #expect(try bench.store.previews(of: id).isEmpty)
        _ = try preview(bench)
        for life in [0, -1, ContainerRules.previewLifeMillisecondsMax + 1, .max] as [Int64] {
            #expect(bench.failure { _ = try preview(bench, life: life) }?.kind == .invalid)
        }
    }

    private func preview(
        _ bench: ContainerBench, life: Int64 = 3_600_000, text: String = "draft"
    ) throws -> IssuedPreview {
        let workspace = try bench.workspace
        let scripts = ContainerBench.scripts(text, version: 0, others: ["\(text) custom"])
        let stamp = try bench.release([]).stamp
        return try bench.store.addPreview(
            .init(workspace: workspace.id, revision: workspace.revision, scripts: scripts), stamp: stamp,
            lifeMilliseconds: life, by: "key:A")
    }

    @Test func aLinkShowsTheDraftUntilItExpires() throws {
        let bench = try ContainerBench()
        let issued = try preview(bench)
        let path = "\(bench.container.publicID)/preview/\(ServedScript.digestName(ofToken: issued.token)).js"
        #expect(try bench.served()[path] == "draft")
        #expect(try bench.served().count == 2)
        let scripts = try bench.store.servedScripts().scripts
        #expect(scripts.allSatisfy { $0.caching == .preview && $0.expiresAtMilliseconds == 1_700_003_600_000 })
        #expect(!scripts.contains { $0.path.contains(issued.token) })
        // The draft is saved: its previews are stale until they are made again.
        let old = try bench.workspace
        _ = try bench.store.saveWorkspace(
            old.id, definition: [], revision: old.revision, base: nil, by: "key:A")
        let saved = try bench.workspace
        #expect(saved.preview?.revision == old.revision)
        var release = try bench.release([])
        release.previews = [
            .init(
                workspace: saved.id, revision: saved.revision,
                scripts: ContainerBench.scripts("new draft", version: 0))
        ]
        _ = try bench.store.perform(.refresh, on: bench.container.id, release: release, by: "highland")
        #expect(try bench.served() == [path: "new draft"])
        bench.time.advance(milliseconds: 3_600_000)
        #expect(try bench.served().isEmpty)
        // What has expired goes with the next change.
        try bench.version()
        #expect(try bench.workspace.preview == nil)
    }

    @Test func aLinkIsEnded() throws {
        let bench = try ContainerBench()
        let (first, second) = (try preview(bench), try preview(bench))
        try bench.store.removePreview(first.link.id, of: bench.container.id, by: "t")
        #expect(try bench.store.previews(of: bench.container.id).map(\.id) == [second.link.id])
        #expect(try bench.served().count == 2)
        try bench.store.removePreview(second.link.id, of: bench.container.id, by: "t")
        #expect(try bench.served().isEmpty)
        let absent = bench.failure {
            try bench.store.removePreview(second.link.id, of: bench.container.id, by: "t")
        }
        #expect(absent?.kind == .notFound)
    }

    @Test func whatIsRemovedIsGoneEverywhere() throws {
        let bench = try ContainerBench()
        try bench.version()
        try bench.publish(1)
        _ = try preview(bench)
        #expect(bench.failure { try bench.store.removeWorkspace(try bench.workspace.id, by: "t") }?.kind == .invalid)
        let second = try bench.store.addWorkspace("second", to: bench.container.id, base: 0, definition: [], by: "t")
        try bench.store.removeWorkspace(try bench.workspace.id, by: "t")
        #expect(try bench.now.workspaces.map(\.id) == [second.id])
        #expect(try bench.store.previews(of: bench.container.id).isEmpty)
        #expect(try bench.served().count == 2)
        try bench.store.removeSite(bench.site.id, by: "t")
        #expect(try bench.now.sites.isEmpty)
        try bench.store.removeContainer(bench.container.id, by: "t")
        #expect(try bench.store.load().containers.isEmpty)
        #expect(try bench.served().isEmpty)
        #expect(bench.failure { try bench.store.removeContainer(bench.container.id, by: "t") }?.kind == .notFound)
    }

    @Test func everyChangeIsAuditedWithoutDefinitions() throws {
        let bench = try ContainerBench()
        let secret = "{\"secret\":1}"
        try bench.version(secret, by: "key:A")
        try bench.publish(1)
        _ = try bench.store.perform(
            .kill(.host("bad.example")), on: bench.container.id,
            release: try bench.release([("live", 1, "killed")], kills: [.host("bad.example")]), by: "key:B")
        let entries = try bench.store.auditEntries(limit: 100)
        #expect(
            entries.map(\.action).reversed() == [
                "site.add", "container.add", "workspace.save", "container.version", "container.publish",
                "container.kill",
            ])
        #expect(entries.first?.actor == "key:B" && entries.first?.detail == "host bad.example")
        #expect(entries.dropLast().allSatisfy { $0.object == "container:1" })
        #expect(!entries.contains { $0.detail.contains("secret") })
    }
}
