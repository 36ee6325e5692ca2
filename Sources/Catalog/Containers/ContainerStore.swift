/// Where containers are kept, beside the rest of the catalog: the same promises as `CatalogStore`. Every change is one
/// durable transaction that raises the generation and leaves an audit entry (which never holds a definition): what
/// pages get, where it is written down and who did it change together or not at all. Definitions and findings are texts
/// that the store does not read. Blocks on the disk: never from an event loop.
///
/// Bounds are in `ContainerRules`; at one, the change is `invalid` and says so, except where an older thing goes
/// instead: scripts (kept for the last 20 versions of a container and for whatever an environment has, in all at most
/// 64 MiB), versions (the newest 1,000 and whatever an environment or workspace stands on), the history of publications
/// (200).
package protocol ContainerStore: Sendable {
    /// A new container with an empty public history and one workspace, `default`, that holds `definition`.
    func addContainer(
        _ draft: ContainerDraft, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Container
    /// Everything of it goes, scripts too; pages get 404 within their cache time. Its public id is never given again.
    func removeContainer(_ id: ContainerID, by actor: String) throws(CatalogError)

    /// A new draft on top of version `base` (0: of nothing).
    func addWorkspace(
        _ name: String, to container: ContainerID, base: Int, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Workspace
    func workspace(_ id: WorkspaceID) throws(CatalogError) -> WorkspaceContent
    /// Replaces the definition. `conflict` where `revision` is not the workspace's: it names who saved in between. With
    /// `base` the draft stands on another version from then on, and keeps its authors.
    func saveWorkspace(
        _ id: WorkspaceID, definition: [UInt8], revision: Int, base: Int?, by actor: String
    ) throws(CatalogError) -> Workspace
    /// Its previews end. A container keeps at least one.
    func removeWorkspace(_ id: WorkspaceID, by actor: String) throws(CatalogError)

    /// Makes the workspace's definition the next version; the workspace then stands on it and has no authors.
    func addVersion(_ draft: VersionDraft, by actor: String) throws(CatalogError) -> ContainerVersion
    func version(_ number: Int, of container: ContainerID) throws(CatalogError) -> VersionContent
    /// Newest first, those below `before`; at most 1,000.
    func versions(of container: ContainerID, before: Int, limit: Int) throws(CatalogError) -> [ContainerVersion]
    /// What an environment had, oldest first, the newest 200.
    func publications(of container: ContainerID, in environment: String) throws(CatalogError) -> [PublicationEntry]

    /// Does a step and puts the scripts that come with it into place. `release` has those of every environment whose
    /// scripts the step changes. A step that waits for approval leaves the scripts as they are.
    func perform(
        _ step: ContainerStep, on container: ContainerID, release: ContainerRelease, by actor: String
    ) throws(CatalogError) -> ContainerOutcome
    /// Takes back a publication that waits.
    func declineRequest(
        of container: ContainerID, in environment: String, by actor: String
    ) throws(CatalogError) -> Container
    /// Ends an environment other than `live`.
    func removeEnvironment(
        _ name: String, of container: ContainerID, by actor: String
    ) throws(CatalogError) -> Container

    /// A new link to a workspace's draft. `scripts` were made of its `revision`.
    func addPreview(
        _ preview: ContainerRelease.Preview, stamp: String, lifeMilliseconds: Int64, by actor: String
    ) throws(CatalogError) -> IssuedPreview
    /// The links that have not expired, newest first.
    func previews(of container: ContainerID) throws(CatalogError) -> [PreviewLink]
    func removePreview(_ id: String, of container: ContainerID, by actor: String) throws(CatalogError)

    /// What the public plane serves now: at most 64 MiB, read whole.
    func servedScripts() throws(CatalogError) -> ServedScripts
}
