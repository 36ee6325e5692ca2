import Adapters
import Catalog
import Events
import Tagging
import Testing

/// The verbs over a store in memory, with the real compiler.
struct ContainerPublisherTests {
    let time = ManualTimeSource(wall: Timestamp(milliseconds: 1_700_000_000_000))
    let store: CatalogStoreSQLite
    let publisher: ContainerPublisher
    let site: Site
    let container: Container

    init() throws {
        store = try CatalogStoreSQLite(inMemory: time)
        publisher = ContainerPublisher(store)
        site = try store.addSite(SiteDraft(domains: ["shop.test"]), by: "console")
        container = try publisher.addContainer(ContainerDraft(name: "shop", sites: [site.id]), by: "console")
    }

    private var now: Container {
        get throws { try #require(try store.load().container(id: container.id)) }
    }

    private var workspace: Workspace {
        get throws { try #require(try now.workspaces.first) }
    }

    /// A container with one picture on every page.
    static func definition(_ url: String = "https://pixel.example/p.gif", named name: String = "Pixel")
        -> ContainerDefinition
    {
        var definition = ContainerDefinition()
        var tag = Tag(id: "1", name: name, type: "image")
        tag.parameters = [.init("url", .template(url))]
        tag.firingTriggers = ["2147479553"]
        tag.consent = ConsentRule(status: .notNeeded)
        definition.tags = [tag]
        return definition
    }

    @discardableResult
    private func save(_ definition: ContainerDefinition, by actor: String = "key:A") throws -> SavedWorkspace {
        let workspace = try workspace
        return try publisher.saveWorkspace(workspace.id, definition, revision: workspace.revision, by: actor)
    }

    private func failure(_ body: () throws -> Void) -> PublicationError? {
        do {
            try body()
            return nil
        } catch { return error as? PublicationError }
    }

    private func served() throws -> [String: String] {
        let scripts = try store.servedScripts().scripts
        return Dictionary(uniqueKeysWithValues: scripts.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }

    private func live() throws -> String { try served()["\(container.publicID).js"] ?? "" }

    @Test func aDraftBecomesAVersionThatPagesGet() throws {
        try save(Self.definition())
        let done = try publisher.publish(workspace: try workspace.id, name: "First", note: "With a pixel.", by: "key:A")
        #expect(done.pending == nil && done.environment?.version == 1)
        #expect(try live().contains("pixel.example") && live().contains(site.key))
        #expect(try live().contains(container.publicID))
        let version = try store.version(1, of: container.id)
        #expect(version.version.name == "First" && version.version.note == "With a pixel.")
        #expect(try ContainerDefinition(json: version.definition) == Self.definition())
        #expect(FindingsText.decode(version.findings) == done.findings)
    }

    @Test func aTextThatDoesNotReadIsNotSaved() throws {
        let before = try workspace
        for text in ["", "{", "[]", "{\"format\":99}", "{\"format\":1,\"tagz\":[]}"] {
            let error = failure {
                _ = try publisher.saveWorkspace(
                    before.id, json: Array(text.utf8), revision: before.revision, by: "key:A")
            }
            guard case .tagging(.malformed)? = error else {
                Issue.record("\(text): \(String(describing: error))")
                continue
            }
        }
        #expect(try workspace == before)
    }

    @Test func errorsRefuseAPublicationAndMakeNoVersion() throws {
        var broken = Self.definition()
        broken.tags.append(Tag(id: "2", name: "Pixel", type: "image"))
        let saved = try save(broken)
        #expect(!saved.findings.only(.error).isEmpty)
        let error = failure { _ = try publisher.publish(workspace: try workspace.id, by: "key:A") }
        guard case .tagging(.refused(let findings))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!findings.only(.error).isEmpty)
        #expect(try now.newestVersion == 0 && served().isEmpty)
    }

    @Test func aDiffNamesWhatChanged() throws {
        try save(Self.definition())
        _ = try publisher.createVersion(of: try workspace.id, by: "key:A")
        try save(Self.definition("https://other.example/p.gif"))
        let id = try workspace.id
        let changes = try publisher.diff(1, nil, workspace: id, of: container.id)
        #expect(changes.map(\.name) == ["Pixel"] && changes.map(\.action) == [.changed])
        #expect(changes.first?.details.first?.new == "https://other.example/p.gif")
        #expect(try publisher.diff(0, 1, workspace: id, of: container.id).map(\.action) == [.added])
        #expect(try publisher.diff(1, 1, workspace: id, of: container.id).isEmpty)
        let absent = failure { _ = try publisher.diff(1, 7, workspace: id, of: container.id) }
        #expect(absent == .catalog(.notFound(kind: "version", reference: "7")))
    }

    @Test func rollBackGoesToTheVersionBefore() throws {
        for url in ["https://one.example/p", "https://two.example/p", "https://three.example/p"] {
            try save(Self.definition(url))
            _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        }
        #expect(try publisher.rollback(of: container.id, by: "key:A").environment?.version == 2)
        #expect(try live().contains("two.example"))
        #expect(try publisher.rollback(of: container.id, by: "key:A").environment?.version == 1)
        let none = failure { _ = try publisher.rollback(of: container.id, by: "key:A") }
        guard case .catalog(.invalid(field: "version", _, _))? = none else {
            Issue.record("\(String(describing: none))")
            return
        }
        #expect(try publisher.rollback(to: 3, of: container.id, by: "key:A").environment?.version == 3)
        let absent = failure { _ = try publisher.rollback(of: container.id, in: "staging", by: "key:A") }
        #expect(absent == .catalog(.notFound(kind: "environment", reference: "staging")))
    }

    @Test func killsReachWhatIsLiveAndWhatIsPreviewed() throws {
        try save(Self.definition())
        _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        _ = try publisher.preview(try workspace.id, by: "key:A")
        func texts() throws -> [String] { try served().values.filter { $0.contains("pixel.example") } }
        #expect(try live().contains("pixel.example"))
        let all = try texts().count
        let wrong = failure { _ = try publisher.kill(.tag("9"), of: container.id, by: "key:A") }
        #expect(wrong?.description.contains("1 Pixel") == true)
        _ = try publisher.kill(.tag("1"), of: container.id, by: "key:A")
        #expect(try !live().contains("pixel.example"))
        // The immutable file of before is there still; a kill cannot reach it. The preview has changed.
        #expect(try texts().count < all)
        _ = try publisher.lift(.tag("1"), of: container.id, by: "key:A")
        _ = try publisher.kill(.host("pixel.example"), of: container.id, by: "key:A")
        #expect(try !live().contains("pixel.example/p.gif"))
        _ = try publisher.kill(.container, of: container.id, by: "key:A")
        let off = try live()
        #expect(off.contains(container.publicID) && !off.contains("pixel.example"))
        for target in [ContainerKill.Target.container, .host("pixel.example")] {
            _ = try publisher.lift(target, of: container.id, by: "key:A")
        }
        #expect(try live().contains("pixel.example") && now.kills.isEmpty)
    }

    @Test func anotherKeyOrDomainOfASiteIsCompiledIn() throws {
        try save(Self.definition())
        _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        _ = try publisher.preview(try workspace.id, by: "key:A")
        let quiet = try publisher.refreshAll(try store.load())
        #expect(!quiet.changed && quiet.failures.isEmpty)
        var change = SiteChange()
        change.domains = ["shop.test", "laden.test"]
        _ = try store.updateSite(site.id, change, by: "console")
        #expect(try !live().contains("laden.test"))
        let result = try publisher.refreshAll(try store.load())
        #expect(result.changed && result.failures.isEmpty)
        #expect(try live().contains("laden.test"))
        let previews = try store.servedScripts().scripts.filter { $0.path.contains("/preview/") }
        #expect(previews.allSatisfy { String(decoding: $0.bytes, as: UTF8.self).contains("laden.test") })
        #expect(try !publisher.refreshAll(try store.load()).changed)
        // A name is not compiled in.
        change = SiteChange()
        change.name = "Laden"
        _ = try store.updateSite(site.id, change, by: "console")
        #expect(try !publisher.refreshAll(try store.load()).changed)
        try store.removeSite(site.id, by: "console")
        #expect(try publisher.refreshAll(try store.load()).changed)
        #expect(try !live().contains(site.key))
    }

    @Test func whatAnotherCompilerHasMadeIsCompiledAgain() throws {
        let before = ContainerPublisher(store, compiler: "before")
        let draft = try workspace
        _ = try before.saveWorkspace(draft.id, Self.definition(), revision: draft.revision, by: "key:A")
        _ = try before.publish(workspace: draft.id, by: "key:A")
        _ = try before.preview(draft.id, by: "key:A")
        #expect(try !before.refreshAll(try store.load()).changed)
        let (script, old) = (try live(), try #require(try now.environment("live")))
        #expect(try !publisher.refreshAll(try store.load(), anyCompiler: true).changed)
        let result = try publisher.refreshAll(try store.load())
        #expect(result.changed && result.failures.isEmpty)
        #expect(try !publisher.refreshAll(try store.load()).changed)
        // The same version, and here the same bytes; its publication is not in the history a second time.
        let environment = try #require(try now.environment("live"))
        #expect(environment.stamp != old.stamp && environment.version == old.version)
        #expect(try live() == script && environment.script == old.script)
        #expect(try store.publications(of: container.id, in: "live").count == 1)
    }

    @Test func otherSitesOfAContainerAreCompiledInAtOnce() throws {
        try save(Self.definition())
        _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        let second = try store.addSite(SiteDraft(domains: ["blog.test"]), by: "console")
        var change = ContainerChange()
        change.sites = [second.id]
        _ = try publisher.changeContainer(container.id, change, by: "key:A")
        #expect(try live().contains(second.key) && !live().contains(site.key))
    }

    @Test func aSaveShowsInItsPreviews() throws {
        try save(Self.definition())
        let issued = try publisher.preview(try workspace.id, by: "key:A").issued
        let path = "\(container.publicID)/preview/\(ServedScript.digestName(ofToken: issued.token)).js"
        #expect(try served()[path]?.contains("pixel.example") == true)
        try save(Self.definition("https://other.example/p.gif"))
        #expect(try served()[path]?.contains("other.example") == true)
        // A draft that does not compile leaves them at what they show.
        var broken = Self.definition()
        broken.tags.append(Tag(id: "2", name: "Pixel", type: "image"))
        try save(broken)
        #expect(try served()[path]?.contains("other.example") == true)
        #expect(try !publisher.refresh(container.id))
    }

    @Test func approvalIsAskedForAndGiven() throws {
        var change = ContainerChange()
        change.needsApproval = true
        _ = try publisher.changeContainer(container.id, change, by: "console")
        try save(Self.definition(), by: "key:A")
        let asked = try publisher.publish(workspace: try workspace.id, by: "key:B")
        #expect(asked.pending?.version == 1 && asked.environment == nil)
        #expect(try served().isEmpty)
        for author in ["key:A", "key:B"] {
            let error = failure { _ = try publisher.approve(version: 1, of: container.id, by: author) }
            guard case .catalog(.notAllowed)? = error else {
                Issue.record("\(author): \(String(describing: error))")
                continue
            }
        }
        let done = try publisher.approve(version: 1, of: container.id, by: "key:C")
        #expect(done.environment?.version == 1)
        #expect(try live().contains("pixel.example"))
        // Roll back and kill need no approval, by authors neither.
        try save(Self.definition("https://two.example/p"), by: "key:A")
        _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        _ = try publisher.approve(version: 2, of: container.id, by: "key:C")
        #expect(try publisher.rollback(of: container.id, by: "key:A").environment?.version == 1)
        #expect(try publisher.kill(.container, of: container.id, by: "key:A").kills.count == 1)
    }

    @Test func whoLookedAtAnotherStateIsTold() throws {
        try save(Self.definition())
        _ = try publisher.publish(workspace: try workspace.id, by: "key:A")
        let seen = try now.revision
        _ = try publisher.kill(.container, of: container.id, by: "key:K")
        let error = failure {
            _ = try publisher.publish(version: 1, of: container.id, expecting: seen, by: "key:A")
        }
        #expect(error?.description.contains("key:K") == true)
        guard case .catalog(.conflict)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func findingsAreKeptAsText() {
        let findings = [
            Finding(.warning, "tag \"ü\"", "a\nb"), Finding(.error, "x", "<y>"), Finding(.notice, "", ""),
        ]
        let kept = FindingsText.decode(FindingsText.encode(findings))
        #expect(kept == [findings[1], findings[0], findings[2]])
        #expect(FindingsText.decode(FindingsText.encode(Array(repeating: findings[0], count: 2_000))).count == 1_000)
        for text in ["", "{}", "[1]", "[{\"severity\":\"worse\"}]"] {
            #expect(FindingsText.decode(Array(text.utf8)).isEmpty)
        }
    }
}
