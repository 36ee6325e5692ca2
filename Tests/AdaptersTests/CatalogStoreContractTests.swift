import Adapters
import Catalog
import Events
import Foundation
import Testing

/// A directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "highland-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The implementations of the port: every test of the contract runs on each.
enum StoreKind: String, CaseIterable, Sendable {
    case file, memory
}

/// What every catalog store keeps to.
struct CatalogStoreContractTests {
    private let time = ManualTimeSource(wall: Timestamp(milliseconds: 1_700_000_000_000))

    func with(_ kind: StoreKind, _ body: (any CatalogStore) throws -> Void) throws {
        switch kind {
        case .memory: try body(try CatalogStoreSQLite(inMemory: time))
        case .file:
            let directory = try TemporaryDirectory()
            try body(try CatalogStoreSQLite(directory: directory.path, time: time))
        }
    }

    func failure(_ body: () throws -> Void) -> CatalogError? {
        do {
            try body()
            return nil
        } catch { return error as? CatalogError }
    }

    @Test(arguments: StoreKind.allCases)
    func anEmptyStoreLoads(kind: StoreKind) throws {
        try with(kind) { store in
            let snapshot = try store.load()
            #expect(snapshot.sites.isEmpty && snapshot.keys.isEmpty)
            #expect(try store.auditEntries(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aSiteComesBackAsItWasAdded(kind: StoreKind) throws {
        try with(kind) { store in
            var draft = SiteDraft(name: "Lädeli", domains: ["shop.example", "blog.example"])
            draft.timeZone = "Europe/Zurich"
            draft.currency = "CHF"
            draft.unknownConsent = .none
            draft.consentDefault = .granted
            draft.retentionMonths = 13
            draft.splitsVisitsAtMidnight = true
            draft.splitsVisitsOnCampaign = true
            draft.allowedQueryParameters = ["q", "page"]
            draft.excludedNetworks = ["10.0.0.0/8", "::1"]
            draft.excludedReferrers = ["pay.example"]
            let site = try store.addSite(draft, by: "test")
            #expect(site.id == SiteID(1))
            #expect(site.key.utf8.count == 22)
            let loaded = try #require(try store.load().site(id: site.id))
            #expect(SiteDraft(of: loaded) == draft)
            let key = Array(site.key.utf8)
            #expect(try store.load().site(key: key.span.bytes)?.id == site.id)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aDomainBelongsToOneSite(kind: StoreKind) throws {
        try with(kind) { store in
            _ = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let second = try store.addSite(SiteDraft(domains: ["b.example"]), by: "test")
            let before = try store.load().generation
            #expect(
                failure { _ = try store.addSite(SiteDraft(domains: ["c.example", "A.example"]), by: "test") }
                    == .taken(field: "domains", value: "a.example", by: "site 1"))
            var change = SiteChange()
            change.domains = ["b.example", "a.example"]
            #expect(
                failure { _ = try store.updateSite(second.id, change, by: "test") }
                    == .taken(field: "domains", value: "a.example", by: "site 1"))
            let after = try store.load()
            #expect(after.generation == before)
            #expect(after.sites.map(\.domains) == [["a.example"], ["b.example"]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func updatesKeepNumberAndKey(kind: StoreKind) throws {
        try with(kind) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            var change = SiteChange()
            change.domains = ["b.example", "a.example"]
            change.currency = "chf"
            let updated = try store.updateSite(site.id, change, by: "test")
            let loaded = try #require(try store.load().site(id: site.id))
            #expect(SiteDraft(of: updated) == SiteDraft(of: loaded))
            #expect(loaded.domains == ["b.example", "a.example"])
            #expect(loaded.currency == "CHF")
            #expect(loaded.key == site.key)
            #expect(try store.auditEntries(limit: 1).first?.detail == "domains currency")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func siteNumbersAreNeverReused(kind: StoreKind) throws {
        try with(kind) { store in
            let first = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            try store.removeSite(first.id, by: "test")
            let second = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            #expect(second.id == SiteID(2))
            #expect(second.key != first.key)
            #expect(try store.load().sites.map(\.id) == [SiteID(2)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsNotThereIsSaidByName(kind: StoreKind) throws {
        try with(kind) { store in
            let before = try store.load().generation
            var change = SiteChange()
            change.name = "x"
            #expect(
                failure { _ = try store.updateSite(SiteID(9), change, by: "t") }
                    == .notFound(kind: "site", reference: "9"))
            #expect(failure { try store.removeSite(SiteID(9), by: "t") } == .notFound(kind: "site", reference: "9"))
            #expect(failure { try store.revokeKey("absent", by: "t") } == .notFound(kind: "key", reference: "absent"))
            #expect(
                failure { _ = try store.addKey(name: "", role: .viewer, scope: .only([SiteID(9)]), by: "t") }
                    == .notFound(kind: "site", reference: "9"))
            #expect(try store.load().generation == before)
            #expect(try store.load().keys.isEmpty)
            #expect(try store.auditEntries(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases, Role.allCases)
    func aKeyOpensWithItsRoleUntilItIsRevoked(kind: StoreKind, role: Role) throws {
        try with(kind) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let issued = try store.addKey(name: " CI ", role: role, scope: .only([site.id]), by: "test")
            let text = Array(issued.text.utf8)
            #expect(
                try store.load().principal(key: text.span.bytes)
                    == Principal(name: "key:" + issued.key.id, role: role, scope: .only([site.id])))
            #expect(try store.load().keys == [issued.key])
            #expect(issued.key.name == "CI")
            #expect(issued.key.createdAt == time.wallClock())
            try store.revokeKey(issued.key.id, by: "test")
            #expect(try store.load().principal(key: text.span.bytes) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func removingAKeysLastSiteNeverWidensIt(kind: StoreKind) throws {
        try with(kind) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let scoped = try store.addKey(name: "", role: .admin, scope: .only([site.id]), by: "test")
            let everywhere = try store.addKey(name: "", role: .viewer, scope: .all, by: "test")
            try store.removeSite(site.id, by: "test")
            let keys = try store.load().keys
            #expect(keys.first { $0.id == scoped.key.id }?.scope == .only([]))
            #expect(keys.first { $0.id == everywhere.key.id }?.scope == .all)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func everyChangeRaisesTheGenerationAndIsAudited(kind: StoreKind) throws {
        try with(kind) { store in
            var generations = [try store.load().generation]
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "console")
            generations.append(try store.load().generation)
            var change = SiteChange()
            change.name = "A"
            _ = try store.updateSite(site.id, change, by: "key:x")
            generations.append(try store.load().generation)
            time.advance(milliseconds: 5)
            let issued = try store.addKey(name: "", role: .viewer, scope: .all, by: "console")
            generations.append(try store.load().generation)
            try store.revokeKey(issued.key.id, by: "console")
            generations.append(try store.load().generation)
            try store.removeSite(site.id, by: "console")
            generations.append(try store.load().generation)
            #expect(generations == Array(generations[0]...(generations[0] + 5)))
            let entries = try store.auditEntries(limit: 100)
            #expect(entries.map(\.action) == ["site.remove", "key.revoke", "key.add", "site.update", "site.add"])
            #expect(entries.map(\.actor) == ["console", "console", "console", "key:x", "console"])
            #expect(entries.last?.object == "site:1")
            #expect((entries.first?.atMilliseconds ?? 0) - (entries.last?.atMilliseconds ?? 0) == 5)
            #expect(!entries.contains { $0.detail.contains(issued.text) })
            #expect(try store.auditEntries(limit: 2).count == 2)
            #expect(try store.auditEntries(limit: -1).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func randomChangesAgreeWithAPlainModel(kind: StoreKind) throws {
        var random = SeededGenerator(seed: 20_260_714)
        try with(kind) { store in
            var model: [SiteID: [String]] = [:]
            for step in 0..<200 {
                let host = "h\(Int.random(in: 0..<12, using: &random)).example"
                let owner = model.first { $0.value.contains(host) }?.key
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    let site = try? store.addSite(SiteDraft(domains: [host]), by: "t")
                    #expect((site == nil) == (owner != nil), "seed 20260714, step \(step)")
                    if let site { model[site.id] = [host] }
                case 1:
                    guard let id = model.keys.sorted().first else { continue }
                    var change = SiteChange()
                    change.domains = [host]
                    let site = try? store.updateSite(id, change, by: "t")
                    #expect((site == nil) == (owner != nil && owner != id), "seed 20260714, step \(step)")
                    if site != nil { model[id] = [host] }
                default:
                    guard let owner else { continue }
                    try store.removeSite(owner, by: "t")
                    model[owner] = nil
                }
                let stored = Dictionary(uniqueKeysWithValues: try store.load().sites.map { ($0.id, $0.domains) })
                #expect(stored == model, "seed 20260714, step \(step)")
            }
        }
    }
}
