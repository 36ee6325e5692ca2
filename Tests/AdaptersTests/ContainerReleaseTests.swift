import Adapters
import Catalog
import Events
import Testing

/// What pages get: publication, approval, roll back, kills, and how much of it is kept.
struct ContainerReleaseTests {
    @Test func aPublicationIsServedUnderBothOfItsNames() throws {
        let bench = try ContainerBench()
        try bench.version()
        let before = try bench.store.load().scriptsGeneration
        let outcome = try bench.publish(1)
        let environment = try #require(outcome.container.environment("live"))
        #expect(outcome.pending == nil && environment.version == 1)
        let publicID = bench.container.publicID
        #expect(try bench.served() == ["\(publicID).js": "v1 live", "\(publicID)/\(environment.script)": "v1 live"])
        let kinds = try bench.store.servedScripts().scripts.map(\.caching)
        #expect(Set(kinds) == [.live, .immutable])
        #expect(try bench.store.load().scriptsGeneration > before)
        #expect(try bench.store.load().scriptsGeneration == bench.store.servedScripts().generation)
        try bench.publish(1, to: "staging")
        #expect(try bench.served()["\(publicID)/staging.js"] == "v1 staging")
        _ = try bench.store.removeEnvironment("staging", of: bench.container.id, by: "t")
        #expect(try bench.served()["\(publicID)/staging.js"] == nil)
        let kept = bench.failure { _ = try bench.store.removeEnvironment("live", of: bench.container.id, by: "t") }
        #expect(kept?.kind == .invalid)
    }

    @Test func ofTwoPublishersOneWins() throws {
        let bench = try ContainerBench()
        try bench.version()
        try bench.version()
        let slow = try bench.release([("live", 1, "slow")])
        try bench.publish(2, by: "key:Q")
        let error = bench.failure {
            _ = try bench.store.perform(
                .publish(version: 1, environment: "live", isConfirmed: false), on: bench.container.id, release: slow,
                by: "key:S")
        }
        #expect(error?.kind == .conflict && error?.description.contains("key:Q") == true)
        #expect(try bench.live() == "v2 live")
        #expect(try bench.now.environment("live")?.version == 2)
    }

    @Test func scriptsForOtherSitesAreRefused() throws {
        let bench = try ContainerBench()
        try bench.version()
        let stale = try bench.release([("live", 1, "stale")])
        var change = SiteChange()
        change.domains = ["other.test"]
        _ = try bench.store.updateSite(bench.site.id, change, by: "t")
        let error = bench.failure {
            _ = try bench.store.perform(
                .publish(version: 1, environment: "live", isConfirmed: false), on: bench.container.id, release: stale,
                by: "t")
        }
        #expect(error?.kind == .conflict)
        #expect(try bench.served().isEmpty && bench.now.environments.isEmpty)
        #expect(try bench.store.publications(of: bench.container.id, in: "live").isEmpty)
    }

    @Test func rollBackTakesWhatWasThereBeforeOnly() throws {
        let bench = try ContainerBench(needsApproval: true)
        try bench.version(by: "key:A")
        try bench.publish(1, by: "key:P")
        try bench.version(by: "key:A")
        try bench.publish(2, by: "key:P")
        try bench.version(by: "key:A")
        func rollback(_ version: Int, by actor: String) throws {
            _ = try bench.store.perform(
                .rollback(version: version, environment: "live"), on: bench.container.id,
                release: try bench.release([("live", version, "v\(version) again")]), by: actor)
        }
        // Version 3 was never live: roll back is no way around approval.
        #expect(bench.failure { try rollback(3, by: "key:A") }?.kind == .invalid)
        try rollback(1, by: "key:A")
        #expect(try bench.live() == "v1 again")
        let entries = try bench.store.publications(of: bench.container.id, in: "live")
        #expect(entries.map(\.version) == [1, 2, 1] && entries.map(\.isRollback) == [false, false, true])
    }

    @Test func anAuthorsPublicationWaitsForSomebodyElse() throws {
        let bench = try ContainerBench(needsApproval: true)
        let made = try bench.store.addKey(name: "", role: .publisher, scope: .all, by: "key:A")
        try bench.version(by: "key:A")
        // Another environment than live needs no approval.
        #expect(try bench.publish(1, to: "staging", by: "key:A").pending == nil)
        let asked = try bench.publish(1, by: "key:A")
        #expect(asked.pending?.version == 1 && asked.pending?.askedBy == "key:A")
        #expect(try bench.live() == nil)
        func approve(_ actor: String, version: Int = 1) throws {
            _ = try bench.store.perform(
                .approve(version: version, environment: "live"), on: bench.container.id,
                release: try bench.release([("live", version, "approved \(version)")]), by: actor)
        }
        #expect(bench.failure { try approve("key:A") }?.kind == .notAllowed)
        #expect(bench.failure { try approve("key:\(made.key.id)") }?.kind == .notAllowed)
        // A revoked key's makers are remembered.
        try bench.store.revokeKey(made.key.id, by: "console")
        #expect(bench.failure { try approve("key:\(made.key.id)") }?.kind == .notAllowed)
        #expect(bench.failure { try approve("key:P", version: 2) }?.kind == .conflict)
        #expect(try bench.live() == nil)
        try approve("key:P")
        #expect(try bench.live() == "approved 1")
        #expect(try bench.now.requests.isEmpty)
        #expect(bench.failure { try approve("key:P") }?.kind == .notFound)
        #expect(
            try bench.store.auditEntries(limit: 100).map(\.action).filter { $0.hasPrefix("container.") }.reversed() == [
                "container.add", "container.version", "container.publish", "container.ask", "container.approve",
            ])
    }

    @Test func whoWroteAnUnseenVersionBelowIsAnAuthorToo() throws {
        let bench = try ContainerBench(needsApproval: true)
        try bench.version(by: "key:A")
        try bench.version(by: "key:B")
        #expect(try bench.publish(2, by: "key:A").pending != nil)
        #expect(try bench.publish(2, by: "key:C").pending == nil)
        // Version 2 was live: what is below it is nobody's to approve any more.
        try bench.version(by: "key:B")
        #expect(try bench.publish(3, by: "key:A").pending == nil)
    }

    @Test func standingOnAnotherVersionHidesNoAuthor() throws {
        let bench = try ContainerBench(needsApproval: true)
        try bench.version(by: "key:C")
        try bench.publish(1, by: "key:P")
        try bench.version("{\"by\":\"A\"}", by: "key:A")
        let workspace = try bench.workspace
        let moved = try bench.store.saveWorkspace(
            workspace.id, definition: Array("{\"by\":\"A\"}".utf8), revision: workspace.revision, base: 1, by: "key:B")
        #expect(Set(moved.authors) == ["key:A", "key:B"])
        var draft = VersionDraft(workspace: moved.id, revision: moved.revision)
        draft.overridesNewer = true
        let version = try bench.store.addVersion(draft, by: "key:B")
        #expect(try bench.publish(version.number, by: "key:A").pending != nil)
    }

    @Test func aRequestIsTakenBackAndReplaced() throws {
        let bench = try ContainerBench(needsApproval: true)
        try bench.version(by: "key:A")
        try bench.publish(1, by: "key:A")
        try bench.version(by: "key:A")
        #expect(try bench.publish(2, by: "key:A").container.requests.map(\.version) == [2])
        #expect(try bench.store.declineRequest(of: bench.container.id, in: "live", by: "key:P").requests.isEmpty)
        let absent = bench.failure {
            _ = try bench.store.declineRequest(of: bench.container.id, in: "live", by: "key:P")
        }
        #expect(absent?.kind == .notFound)
    }

    @Test func aKillReplacesEveryScriptAtOnce() throws {
        let bench = try ContainerBench(needsApproval: true)
        try bench.version(by: "key:A")
        try bench.publish(1, by: "key:P")
        try bench.publish(1, to: "staging", by: "key:P")
        func kill(_ environments: [(String, Int, String)]) throws {
            _ = try bench.store.perform(
                .kill(.container), on: bench.container.id,
                release: try bench.release(environments, kills: [.container]), by: "key:A")
        }
        #expect(bench.failure { try kill([("live", 1, "off")]) }?.kind == .invalid)
        #expect(try bench.now.kills.isEmpty && bench.live() == "v1 live")
        try kill([("live", 1, "off"), ("staging", 1, "off")])
        #expect(try bench.now.kills.map(\.target) == [.container])
        #expect(try bench.live() == "off" && bench.served()["\(bench.container.publicID)/staging.js"] == "off")
        #expect(bench.failure { try kill([("live", 1, "off"), ("staging", 1, "off")]) }?.kind == .taken)
        let lifted = try bench.store.perform(
            .lift(.container), on: bench.container.id,
            release: try bench.release([("live", 1, "on"), ("staging", 1, "on")], kills: []), by: "key:A")
        #expect(lifted.container.kills.isEmpty)
        #expect(try bench.live() == "on")
        let absent = bench.failure {
            _ = try bench.store.perform(
                .lift(.tag("9")), on: bench.container.id, release: try bench.release([]), by: "key:A")
        }
        #expect(absent?.kind == .notFound)
    }

    @Test func scriptsOfOldVersionsGo() throws {
        let bench = try ContainerBench()
        try bench.version()
        try bench.publish(1, to: "old")
        for number in 2...30 {
            try bench.version()
            try bench.publish(number)
        }
        let versions = try bench.store.servedScripts().scripts.filter { $0.caching == .immutable }
            .compactMap { $0.path.split(separator: "/").last?.split(separator: "-").first }.compactMap { Int($0) }
        // The last 20, and what an environment has.
        #expect(versions.sorted() == [1] + Array(11...30))
        #expect(try bench.served()["\(bench.container.publicID)/old.js"] == "v1 old")
        #expect(try bench.store.publications(of: bench.container.id, in: "live").count == 29)
    }

    @Test func allScriptsTogetherAreBounded() throws {
        let bench = try ContainerBench()
        func large(_ seed: UInt8) -> ContainerRelease.Scripts {
            let bytes = [UInt8](repeating: seed, count: 15 << 20)
            let name = "\(seed)-\(ServedScript.digestName(ofToken: "\(seed)").prefix(24)).js"
            return .init(
                main: ScriptFile(name: name, bytes: bytes, gzip: [], integrity: "sha384-\(seed)"), others: [])
        }
        func publish(_ version: Int, to environment: String, _ seed: UInt8) throws {
            var release = try bench.release([(environment, version, "")])
            release.environments[0].scripts = large(seed)
            _ = try bench.store.perform(
                .publish(version: version, environment: environment, isConfirmed: false), on: bench.container.id,
                release: release, by: "t")
        }
        for seed in 1...6 {
            try bench.version()
            try publish(seed, to: "live", UInt8(seed))
        }
        // Four of 15 MiB fit; the oldest went.
        let kept = try bench.store.servedScripts().scripts.filter { $0.caching == .immutable }.map { $0.bytes.first }
        #expect(kept == [3, 4, 5, 6])
        for (seed, name) in [(7, "a"), (8, "b"), (9, "c")] { try publish(6, to: name, UInt8(seed)) }
        #expect(bench.failure { try publish(6, to: "d", 10) }?.kind == .invalid)
        #expect(try bench.now.environments.map(\.name) == ["live", "a", "b", "c"])
    }

    @Test func environmentsAndKillsAreBounded() throws {
        let bench = try ContainerBench()
        try bench.version()
        for number in 0..<ContainerRules.environmentsMax { try bench.publish(1, to: "e\(number)") }
        #expect(bench.failure { try bench.publish(1, to: "one-more") }?.kind == .invalid)
        #expect(bench.failure { try bench.publish(1, to: "Not A Name") }?.kind == .invalid)
        #expect(bench.failure { try bench.publish(2) }?.kind == .notFound)
    }

    @Test func anOtherNameAndOtherSites() throws {
        let bench = try ContainerBench()
        let second = try bench.store.addSite(SiteDraft(domains: ["blog.test"]), by: "t")
        try bench.version()
        try bench.publish(1)
        var change = ContainerChange()
        change.name = "Blog"
        change.sites = [second.id]
        change.needsApproval = true
        let stamp = ContainerStamp.of(sites: [second], kills: [])
        var release = try bench.release([("live", 1, "for blog")])
        release.stamp = stamp
        let changed = try bench.store.perform(.change(change), on: bench.container.id, release: release, by: "t")
        #expect(changed.container.name == "Blog" && changed.container.sites == [second.id])
        #expect(changed.container.needsApproval && changed.container.environment("live")?.stamp == stamp)
        #expect(try bench.live() == "for blog")
        #expect(try bench.store.auditEntries(limit: 1).first?.detail == "name; sites 2; needs approval")
    }
}
