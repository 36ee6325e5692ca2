import Adapters
import Catalog
import Events
import Testing

/// A store with one site and one container, and scripts that a compiler might have made.
struct ContainerBench {
    let time = ManualTimeSource(wall: Timestamp(milliseconds: 1_700_000_000_000))
    let store: CatalogStoreSQLite
    let site: Site
    let container: Container

    init(needsApproval: Bool = false, directory: String? = nil) throws {
        store = try directory.map { try CatalogStoreSQLite(directory: $0) } ?? CatalogStoreSQLite(inMemory: time)
        site = try store.addSite(SiteDraft(domains: ["shop.test"]), by: "console")
        let draft = ContainerDraft(name: "shop", sites: [site.id], needsApproval: needsApproval)
        container = try store.addContainer(draft, definition: Array("{}".utf8), by: "console")
    }

    var now: Container {
        get throws { try #require(try store.load().container(id: container.id)) }
    }

    var workspace: Workspace {
        get throws { try #require(try now.workspaces.first) }
    }

    /// A script whose content is its name.
    static func scripts(_ text: String, version: Int, others: [String] = []) -> ContainerRelease.Scripts {
        func file(_ text: String, _ end: String) -> ScriptFile {
            let bytes = Array(text.utf8)
            let digest = ServedScript.digestName(ofToken: text).prefix(24)
            return ScriptFile(
                name: "\(version)-\(digest)\(end)", bytes: bytes, gzip: Array(bytes.prefix(3)),
                integrity: "sha384-\(digest)")
        }
        return .init(main: file(text, ".js"), others: others.map { file($0, ".custom.js") })
    }

    func release(
        _ environments: [(String, Int, String)], kills: [ContainerKill.Target]? = nil, revision: Int? = nil
    ) throws -> ContainerRelease {
        let snapshot = try store.load()
        let container = try now
        let stamp = ContainerStamp.of(
            sites: snapshot.sites(of: container), kills: kills ?? container.kills.map(\.target))
        return ContainerRelease(
            revision: revision ?? container.revision, stamp: stamp,
            environments: environments.map {
                .init(name: $0.0, version: $0.1, scripts: Self.scripts($0.2, version: $0.1))
            })
    }

    /// Saves and makes the next version.
    @discardableResult
    func version(_ definition: String = "{}", by actor: String = "console") throws -> ContainerVersion {
        let old = try workspace
        let saved = try store.saveWorkspace(
            old.id, definition: Array(definition.utf8), revision: old.revision, base: nil, by: actor)
        return try store.addVersion(VersionDraft(workspace: old.id, revision: saved.revision), by: actor)
    }

    @discardableResult
    func publish(
        _ version: Int, to environment: String = "live", script: String? = nil, by actor: String = "console"
    ) throws -> ContainerOutcome {
        try store.perform(
            .publish(version: version, environment: environment, isConfirmed: false), on: container.id,
            release: try release([(environment, version, script ?? "v\(version) \(environment)")]), by: actor)
    }

    /// Path to text, of everything that is served.
    func served() throws -> [String: String] {
        let scripts = try store.servedScripts().scripts
        return Dictionary(uniqueKeysWithValues: scripts.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }

    func live() throws -> String? { try served()["\(container.publicID).js"] }

    func failure(_ body: () throws -> Void) -> CatalogError? {
        do {
            try body()
            return nil
        } catch { return error as? CatalogError }
    }
}
