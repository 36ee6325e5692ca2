import Adapters
import Catalog
import Events
import Synchronization

/// The real store in memory, which can be made to fail: the store of these tests.
final class MemoryCatalog: CatalogStore, ContainerStore {
    private let inner: CatalogStoreSQLite
    private let isFailing = Mutex(false)

    init() throws {
        inner = try CatalogStoreSQLite(
            inMemory: ManualTimeSource(wall: Timestamp(milliseconds: 1_700_000_000_123)))
    }

    /// Makes every later change fail as a full disk would.
    func fail() { isFailing.withLock { $0 = true } }

    private func changing() throws(CatalogError) -> CatalogStoreSQLite {
        guard !isFailing.withLock({ $0 }) else {
            throw .storage(operation: "write", path: "secret/path", code: 13, message: "full", hint: "make room")
        }
        return inner
    }

    func load() throws(CatalogError) -> CatalogSnapshot { try inner.load() }

    func addSite(_ draft: SiteDraft, by actor: String) throws(CatalogError) -> Site {
        try changing().addSite(draft, by: actor)
    }

    func updateSite(_ id: SiteID, _ change: SiteChange, by actor: String) throws(CatalogError) -> Site {
        try changing().updateSite(id, change, by: actor)
    }

    func removeSite(_ id: SiteID, by actor: String) throws(CatalogError) {
        try changing().removeSite(id, by: actor)
    }

    func addAlias(_ alias: SiteAlias, by actor: String) throws(CatalogError) -> SiteAlias {
        try changing().addAlias(alias, by: actor)
    }

    func removeAlias(
        _ named: AliasProtocol, value: String, of site: SiteID?, by actor: String
    ) throws(CatalogError) -> SiteAlias {
        try changing().removeAlias(named, value: value, of: site, by: actor)
    }

    func addKey(name: String, role: Role, scope: SiteScope, by actor: String) throws(CatalogError) -> IssuedKey {
        try changing().addKey(name: name, role: role, scope: scope, by: actor)
    }

    func revokeKey(_ id: String, by actor: String) throws(CatalogError) { try changing().revokeKey(id, by: actor) }

    func auditEntries(limit: Int) throws(CatalogError) -> [AuditEntry] { try inner.auditEntries(limit: limit) }

    // MARK: Containers

    func addContainer(
        _ draft: ContainerDraft, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Container {
        try changing().addContainer(draft, definition: definition, by: actor)
    }

    func removeContainer(_ id: ContainerID, by actor: String) throws(CatalogError) {
        try changing().removeContainer(id, by: actor)
    }

    func addWorkspace(
        _ name: String, to container: ContainerID, base: Int, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Workspace {
        try changing().addWorkspace(name, to: container, base: base, definition: definition, by: actor)
    }

    func workspace(_ id: WorkspaceID) throws(CatalogError) -> WorkspaceContent { try inner.workspace(id) }

    func saveWorkspace(
        _ id: WorkspaceID, definition: [UInt8], revision: Int, base: Int?, by actor: String
    ) throws(CatalogError) -> Workspace {
        try changing().saveWorkspace(id, definition: definition, revision: revision, base: base, by: actor)
    }

    func removeWorkspace(_ id: WorkspaceID, by actor: String) throws(CatalogError) {
        try changing().removeWorkspace(id, by: actor)
    }

    func addVersion(_ draft: VersionDraft, by actor: String) throws(CatalogError) -> ContainerVersion {
        try changing().addVersion(draft, by: actor)
    }

    func version(_ number: Int, of container: ContainerID) throws(CatalogError) -> VersionContent {
        try inner.version(number, of: container)
    }

    func versions(of container: ContainerID, before: Int, limit: Int) throws(CatalogError) -> [ContainerVersion] {
        try inner.versions(of: container, before: before, limit: limit)
    }

    func publications(of container: ContainerID, in environment: String) throws(CatalogError) -> [PublicationEntry] {
        try inner.publications(of: container, in: environment)
    }

    func perform(
        _ step: ContainerStep, on container: ContainerID, release: ContainerRelease, by actor: String
    ) throws(CatalogError) -> ContainerOutcome {
        try changing().perform(step, on: container, release: release, by: actor)
    }

    func declineRequest(
        of container: ContainerID, in environment: String, by actor: String
    ) throws(CatalogError) -> Container {
        try changing().declineRequest(of: container, in: environment, by: actor)
    }

    func removeEnvironment(
        _ name: String, of container: ContainerID, by actor: String
    ) throws(CatalogError) -> Container {
        try changing().removeEnvironment(name, of: container, by: actor)
    }

    func addPreview(
        _ preview: ContainerRelease.Preview, stamp: String, lifeMilliseconds: Int64, by actor: String
    ) throws(CatalogError) -> IssuedPreview {
        try changing().addPreview(preview, stamp: stamp, lifeMilliseconds: lifeMilliseconds, by: actor)
    }

    func previews(of container: ContainerID) throws(CatalogError) -> [PreviewLink] { try inner.previews(of: container) }

    func removePreview(_ id: String, of container: ContainerID, by actor: String) throws(CatalogError) {
        try changing().removePreview(id, of: container, by: actor)
    }

    func servedScripts() throws(CatalogError) -> ServedScripts { try inner.servedScripts() }
}
