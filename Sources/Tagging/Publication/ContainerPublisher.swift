package import Catalog

/// The verbs of the tag manager over the catalog: what a command, the API and the pages call. It reads definitions,
/// compiles them, and hands the store texts and scripts; the store holds what must be true (`ContainerStore`).
///
/// Every call blocks on the disk and, where it compiles, for up to a second: never on an event loop. Calls from several
/// threads or processes at once are safe: who comes second gets a `conflict`, and kills, lifts and changes of sites,
/// which never depend on what else was changed, are tried again by themselves.
package struct ContainerPublisher: Sendable {
    /// Tries of what is tried again, before the conflict is the caller's.
    static let triesMax = 5

    let store: any CatalogStore & ContainerStore
    let compiler: String

    /// `compiler` names who compiles: what another one has compiled is compiled again by `refreshAll`.
    package init(_ store: any CatalogStore & ContainerStore, compiler: String = ContainerCompiler.identity) {
        self.store = store
        self.compiler = compiler
    }

    // MARK: Containers

    /// A new container with an empty workspace, `default`.
    package func addContainer(_ draft: ContainerDraft, by actor: String) throws(PublicationError) -> Container {
        try catalog { () throws(CatalogError) in
            try store.addContainer(draft, definition: ContainerDefinition().json, by: actor)
        }
    }

    /// Other names and sites. New sites compile every environment anew.
    package func changeContainer(
        _ id: ContainerID, _ change: ContainerChange, by actor: String
    ) throws(PublicationError) -> Container {
        try step(.change(change), on: id, by: actor, isRepeated: true).container
    }

    package func removeContainer(_ id: ContainerID, by actor: String) throws(PublicationError) {
        try catalog { () throws(CatalogError) in try store.removeContainer(id, by: actor) }
    }

    // MARK: Workspaces

    /// A new draft on top of a version, the newest where none is named.
    package func addWorkspace(
        _ name: String, to id: ContainerID, base: Int? = nil, by actor: String
    ) throws(PublicationError) -> Workspace {
        let newest = try container(id).newestVersion
        let base = base ?? newest
        let definition =
            base > 0
            ? try catalog { () throws(CatalogError) in try store.version(base, of: id).definition }
            : ContainerDefinition().json
        return try catalog { () throws(CatalogError) in
            try store.addWorkspace(name, to: id, base: base, definition: definition, by: actor)
        }
    }

    /// A draft and what is in it.
    package func workspace(
        _ id: WorkspaceID
    ) throws(PublicationError) -> (workspace: Workspace, definition: ContainerDefinition) {
        let content = try catalog { () throws(CatalogError) in try store.workspace(id) }
        return (content.workspace, try definition(content.definition))
    }

    /// Replaces a draft by a definition as text, which is kept in its canonical form. What does not read is not saved;
    /// what does not compile is, with its findings. Live previews of the workspace show it from then on.
    package func saveWorkspace(
        _ id: WorkspaceID, json: [UInt8], revision: Int, base: Int? = nil, by actor: String
    ) throws(PublicationError) -> SavedWorkspace {
        try saveWorkspace(id, try definition(json), revision: revision, base: base, by: actor)
    }

    /// The same for a definition that was read already.
    package func saveWorkspace(
        _ id: WorkspaceID, _ definition: ContainerDefinition, revision: Int, base: Int? = nil, by actor: String
    ) throws(PublicationError) -> SavedWorkspace {
        let saved = try catalog { () throws(CatalogError) in
            try store.saveWorkspace(id, definition: definition.json, revision: revision, base: base, by: actor)
        }
        if saved.preview != nil { _ = try refresh(saved.container) }
        return SavedWorkspace(workspace: saved, findings: try findings(definition, in: saved.container))
    }

    /// Takes the container's newest version into a draft that stands on an older one; the draft stands on it from then on.
    /// What both have changed stays as the draft has it, and comes first among the findings. A draft that stands on the
    /// newest version stays as it is. Nil as `revision`: whatever is saved now.
    package func updateWorkspace(
        _ id: WorkspaceID, revision: Int? = nil, by actor: String
    ) throws(PublicationError) -> SavedWorkspace {
        let (workspace, draft) = try workspace(id)
        let newest = try container(workspace.container).newestVersion
        guard workspace.base < newest else {
            return SavedWorkspace(workspace: workspace, findings: try findings(draft, in: workspace.container))
        }
        let base =
            workspace.base > 0
            ? try definition(ofVersion: workspace.base, of: workspace.container) : ContainerDefinition()
        let update = DefinitionUpdate(
            draft, from: base, to: try definition(ofVersion: newest, of: workspace.container))
        let saved = try saveWorkspace(
            id, update.definition, revision: revision ?? workspace.revision, base: newest, by: actor)
        return SavedWorkspace(workspace: saved.workspace, findings: update.findings + saved.findings)
    }

    package func removeWorkspace(_ id: WorkspaceID, by actor: String) throws(PublicationError) {
        try catalog { () throws(CatalogError) in try store.removeWorkspace(id, by: actor) }
    }

    /// What a person should know of a draft before it is published.
    package func findings(of id: WorkspaceID) throws(PublicationError) -> [Finding] {
        let (workspace, definition) = try workspace(id)
        return try findings(definition, in: workspace.container)
    }

    /// What a person should know of a definition that may become one of this container's.
    package func findings(
        _ definition: ContainerDefinition, in id: ContainerID
    ) throws(PublicationError) -> [Finding] {
        ContainerCompiler.check(definition, try target(id).context(version: 0))
    }

    // MARK: Versions

    /// Makes a draft the next version. Refused where it does not compile. Nil as `revision`: whatever is saved now.
    package func createVersion(
        of id: WorkspaceID, revision: Int? = nil, name: String = "", note: String = "", overridesNewer: Bool = false,
        by actor: String
    ) throws(PublicationError) -> (version: ContainerVersion, findings: [Finding]) {
        let (workspace, definition) = try workspace(id)
        let findings = try findings(definition, in: workspace.container)
        guard findings.only(.error).isEmpty else { throw .tagging(.refused(findings)) }
        // What was checked is what becomes the version: a save in between is a conflict.
        let draft = VersionDraft(
            workspace: id, revision: revision ?? workspace.revision, name: name, note: note,
            findings: FindingsText.encode(findings), overridesNewer: overridesNewer)
        let version = try catalog { () throws(CatalogError) in try store.addVersion(draft, by: actor) }
        return (version, findings)
    }

    /// A version's definition.
    package func definition(
        ofVersion number: Int, of id: ContainerID
    ) throws(PublicationError) -> ContainerDefinition {
        try definition(try catalog { () throws(CatalogError) in try store.version(number, of: id).definition })
    }

    /// What differs between two states of a container; a nil number is the workspace.
    package func diff(
        _ old: Int?, _ new: Int?, workspace: WorkspaceID, of id: ContainerID
    ) throws(PublicationError) -> [DefinitionDiff.Change] {
        DefinitionDiff.between(
            try state(old, workspace: workspace, of: id), try state(new, workspace: workspace, of: id))
    }

    /// Version 0 is the empty container that every other began as.
    private func state(
        _ number: Int?, workspace id: WorkspaceID, of container: ContainerID
    ) throws(PublicationError) -> ContainerDefinition {
        guard let number else { return try workspace(id).definition }
        return number == 0 ? ContainerDefinition() : try definition(ofVersion: number, of: container)
    }

    // MARK: Helpers of this file and its neighbours

    /// A container as it is in the store now.
    func container(_ id: ContainerID) throws(PublicationError) -> Container { try target(id).container }

    /// A container and what it is compiled for.
    func target(_ id: ContainerID) throws(PublicationError) -> PublicationTarget {
        let snapshot = try catalog { () throws(CatalogError) in try store.load() }
        guard let container = snapshot.container(id: id) else {
            throw .catalog(.notFound(kind: "container", reference: "\(id.rawValue)"))
        }
        return PublicationTarget(container: container, sites: snapshot.sites(of: container), compiler: compiler)
    }

    func definition(_ json: [UInt8]) throws(PublicationError) -> ContainerDefinition {
        try tagging { () throws(TaggingError) in try ContainerDefinition(json: json) }
    }

    func tagging<Value>(_ body: () throws(TaggingError) -> Value) throws(PublicationError) -> Value {
        do throws(TaggingError) { return try body() } catch { throw .tagging(error) }
    }

    func catalog<Value>(_ body: () throws(CatalogError) -> Value) throws(PublicationError) -> Value {
        do throws(CatalogError) { return try body() } catch { throw .catalog(error) }
    }
}

/// A draft that was saved, and what is to be said of it.
package struct SavedWorkspace: Sendable {
    package let workspace: Workspace
    package let findings: [Finding]
}
