package import Catalog

/// What pages get: publication, approval, roll back, kill switches, previews, and compiling again.
extension ContainerPublisher {
    /// Puts a version into an environment, or asks for approval where the container wants it. Errors in it refuse;
    /// findings of severity `confirmation` need `isConfirmed`. `expecting` is the container's revision that the caller
    /// looked at.
    package func publish(
        version: Int, of id: ContainerID, to environment: String = ContainerEnvironment.live,
        isConfirmed: Bool = false, expecting revision: Int? = nil, by actor: String
    ) throws(PublicationError) -> Publication {
        let isAllowed: ([Finding]) throws(PublicationError) -> Void = { findings throws(PublicationError) in
            let open = findings.only(.confirmation)
            guard isConfirmed || open.isEmpty else { throw .unconfirmed(open) }
        }
        return try step(
            .publish(version: version, environment: environment, isConfirmed: isConfirmed), on: id,
            expecting: revision, by: actor, isAllowed)
    }

    /// Makes a draft the next version and publishes it. What would keep it from being published keeps the version from
    /// being made.
    package func publish(
        workspace id: WorkspaceID, name: String = "", note: String = "",
        to environment: String = ContainerEnvironment.live, isConfirmed: Bool = false, overridesNewer: Bool = false,
        by actor: String
    ) throws(PublicationError) -> Publication {
        _ = try catalog { () throws(CatalogError) in try ContainerRules.environment(environment) }
        let (workspace, definition) = try workspace(id)
        let open = try findings(definition, in: workspace.container).only(.confirmation)
        guard isConfirmed || open.isEmpty else { throw .unconfirmed(open) }
        let made = try createVersion(
            of: id, revision: workspace.revision, name: name, note: note, overridesNewer: overridesNewer, by: actor)
        return try publish(
            version: made.version.number, of: workspace.container, to: environment, isConfirmed: isConfirmed, by: actor)
    }

    /// Lets the waiting publication of an environment through. `version` is the one that the caller looked at.
    package func approve(
        version: Int, of id: ContainerID, in environment: String = ContainerEnvironment.live, by actor: String
    ) throws(PublicationError) -> Publication {
        try step(.approve(version: version, environment: environment), on: id, by: actor)
    }

    /// Takes back the waiting publication of an environment.
    package func decline(
        of id: ContainerID, in environment: String = ContainerEnvironment.live, by actor: String
    ) throws(PublicationError) -> Container {
        try catalog { () throws(CatalogError) in try store.declineRequest(of: id, in: environment, by: actor) }
    }

    /// Brings back what the environment had before: a version by number, else the one before the present one. Needs no
    /// approval and no confirmation.
    package func rollback(
        to version: Int? = nil, of id: ContainerID, in environment: String = ContainerEnvironment.live,
        by actor: String
    ) throws(PublicationError) -> Publication {
        let entries = try catalog { () throws(CatalogError) in try store.publications(of: id, in: environment) }
        guard !entries.isEmpty else { throw .catalog(.notFound(kind: "environment", reference: environment)) }
        guard let version = version ?? PublicationEntry.versionBefore(entries) else {
            throw .catalog(
                .invalid(
                    field: "version", value: "the one before \(entries.last?.version ?? 0)",
                    expected: "a version that '\(environment)' had before: there is none"))
        }
        return try step(.rollback(version: version, environment: environment), on: id, by: actor)
    }

    /// Switches a container, tag or host off; pages have it off within their cache time. Previews too.
    package func kill(
        _ target: ContainerKill.Target, of id: ContainerID, by actor: String
    ) throws(PublicationError) -> Container {
        if case .tag(let tag) = target { try checkTag(tag, of: id) }
        let container = try step(.kill(target), on: id, by: actor, isRepeated: true).container
        _ = try refresh(id)
        return container
    }

    /// Ends a kill.
    package func lift(
        _ target: ContainerKill.Target, of id: ContainerID, by actor: String
    ) throws(PublicationError) -> Container {
        let container = try step(.lift(target), on: id, by: actor, isRepeated: true).container
        _ = try refresh(id)
        return container
    }

    /// A kill of a tag that nothing has would look as if it had worked.
    private func checkTag(_ tag: String, of id: ContainerID) throws(PublicationError) {
        let container = try container(id)
        var names: [String] = []
        for number in Set(container.environments.map(\.version)).sorted() {
            let tags = try definition(ofVersion: number, of: id).tags
            if tags.contains(where: { $0.id == tag }) { return }
            names += tags.map { "\($0.id) \($0.name)" }
        }
        let some = names.isEmpty ? "a published version that has tags" : names.prefix(10).joined(separator: ", ")
        throw .catalog(.invalid(field: "tag", value: tag, expected: "the id of a published tag: \(some)"))
    }

    package func removeEnvironment(
        _ name: String, of id: ContainerID, by actor: String
    ) throws(PublicationError) -> Container {
        try catalog { () throws(CatalogError) in try store.removeEnvironment(name, of: id, by: actor) }
    }

    // MARK: Previews

    /// A link to a draft for `lifeMilliseconds`: pages opened with `?highland_preview=TOKEN` get the draft.
    package func preview(
        _ id: WorkspaceID, lifeMilliseconds: Int64 = ContainerRules.previewLifeMilliseconds, by actor: String
    ) throws(PublicationError) -> (issued: IssuedPreview, findings: [Finding]) {
        let (workspace, definition) = try workspace(id)
        let target = try target(workspace.container)
        let compiled = try tagging { () throws(TaggingError) in try target.preview(definition) }
        let release = ContainerRelease.Preview(
            workspace: id, revision: workspace.revision, scripts: compiled.scripts)
        let issued = try catalog { () throws(CatalogError) in
            try store.addPreview(release, stamp: target.stamp, lifeMilliseconds: lifeMilliseconds, by: actor)
        }
        return (issued, compiled.findings)
    }

    /// Ends a link to a draft.
    package func endPreview(_ id: String, of container: ContainerID, by actor: String) throws(PublicationError) {
        try catalog { () throws(CatalogError) in try store.removePreview(id, of: container, by: actor) }
    }

    // MARK: Compiling again

    /// Compiles whatever was compiled for sites that have changed since, for drafts that were saved since, or by another
    /// compiler, and gives the containers that could not be, with the reason: they stay as they are. To be called when a
    /// server starts and after every change of the catalog; costs a look at the snapshot where nothing is stale. Of one
    /// container where `id` names it; with `anyCompiler` what another compiler has made is left as it is.
    package func refreshAll(
        _ snapshot: CatalogSnapshot, only id: ContainerID? = nil, anyCompiler: Bool = false
    ) throws(PublicationError) -> (changed: Bool, failures: [(Container, PublicationError)]) {
        var changed = false
        var failures: [(Container, PublicationError)] = []
        for container in snapshot.containers where id == nil || container.id == id {
            let target = PublicationTarget(
                container: container, sites: snapshot.sites(of: container), compiler: compiler)
            guard target.isStale(anyCompiler: anyCompiler) else { continue }
            do throws(PublicationError) {
                changed = try refresh(container.id) || changed
            } catch {
                failures.append((container, error))
            }
        }
        return (changed, failures)
    }

    /// The same for one container; true where something was stale.
    package func refresh(_ id: ContainerID) throws(PublicationError) -> Bool {
        guard try target(id).isStale() else { return false }
        _ = try step(.refresh, on: id, by: "highland", isRepeated: true)
        return true
    }

    // MARK: Steps

    /// Compiles what a step changes and has the store do it. A conflict is tried again where the step is repeated, or
    /// where the container itself is as it was: then only sites or drafts changed.
    func step(
        _ step: ContainerStep, on id: ContainerID, expecting revision: Int? = nil, by actor: String,
        isRepeated: Bool = false, _ isAllowed: ([Finding]) throws(PublicationError) -> Void = { _ in }
    ) throws(PublicationError) -> Publication {
        var wanted = revision
        for attempt in 1... {
            let snapshot = try catalog { () throws(CatalogError) in try store.load() }
            guard let container = snapshot.container(id: id) else {
                throw .catalog(.notFound(kind: "container", reference: "\(id.rawValue)"))
            }
            let before = PublicationTarget(
                container: container, sites: snapshot.sites(of: container), compiler: compiler)
            let target = before.after(step, all: snapshot.sites)
            let (release, findings) = try release(step, target, expecting: isRepeated ? nil : wanted)
            try isAllowed(findings)
            do throws(CatalogError) {
                let outcome = try store.perform(step, on: id, release: release, by: actor)
                return Publication(outcome, step, findings)
            } catch {
                let isOpen = isRepeated || wanted.map { $0 == container.revision } ?? true
                guard error.kind == .conflict, isOpen, attempt < Self.triesMax else { throw .catalog(error) }
                wanted = wanted ?? container.revision
            }
        }
        throw .catalog(.notFound(kind: "container", reference: "\(id.rawValue)"))
    }

    /// The scripts that a step brings, and what was found in what it publishes.
    private func release(
        _ step: ContainerStep, _ target: PublicationTarget, expecting revision: Int?
    ) throws(PublicationError) -> (ContainerRelease, [Finding]) {
        let container = target.container
        let stamp = target.stamp
        var release = ContainerRelease(revision: revision ?? container.revision, stamp: stamp)
        var findings: [Finding] = []
        switch step {
        case .publish(let version, let environment, _), .approve(let version, let environment),
            .rollback(let version, let environment):
            let name = try catalog { () throws(CatalogError) in try ContainerRules.environment(environment) }
            let compiled = try compile(version, name, target)
            findings = compiled.findings
            release.environments = [.init(name: name, version: version, scripts: compiled.scripts)]
        case .kill, .lift, .change, .refresh:
            for environment in container.environments where environment.stamp != stamp {
                let compiled = try compile(environment.version, environment.name, target)
                release.environments.append(
                    .init(name: environment.name, version: environment.version, scripts: compiled.scripts))
            }
            if case .refresh = step { release.previews = try previews(target) }
        }
        return (release, findings)
    }

    private func compile(
        _ version: Int, _ environment: String, _ target: PublicationTarget
    ) throws(PublicationError) -> CompiledContainer {
        let definition = try definition(ofVersion: version, of: target.container.id)
        return try tagging { () throws(TaggingError) in
            try target.compile(definition, version: version, environment: environment)
        }
    }

    /// A draft that does not compile leaves its previews at what they show.
    private func previews(_ target: PublicationTarget) throws(PublicationError) -> [ContainerRelease.Preview] {
        var previews: [ContainerRelease.Preview] = []
        let stamp = target.stamp
        for workspace in target.container.workspaces where PublicationTarget.isStale(workspace, stamp) {
            let content = try self.workspace(workspace.id)
            previews.append(
                .init(
                    workspace: workspace.id, revision: content.workspace.revision,
                    scripts: (try? target.preview(content.definition))?.scripts))
        }
        return previews
    }
}

extension PublicationTarget {
    /// Something that is served was compiled for other sites, kills or another state of a draft; or by another compiler,
    /// where any does not do.
    func isStale(anyCompiler: Bool = false) -> Bool {
        let wanted = anyCompiler ? ContainerStamp.of(sites: sites, kills: container.kills.map(\.target)) : stamp
        return container.environments.contains { !$0.stamp.hasPrefix(wanted) }
            || container.workspaces.contains { Self.isStale($0, wanted) }
    }

    /// A draft's preview; `stamp` is what a fresh one's begins with.
    static func isStale(_ workspace: Workspace, _ stamp: String) -> Bool {
        guard let preview = workspace.preview else { return false }
        return preview.revision != workspace.revision || !preview.stamp.hasPrefix(stamp)
    }
}

/// What came of a publication, a roll back or another step.
package struct Publication: Sendable {
    package let container: Container
    /// The environment that the step was about, as it is now; nil where the publication waits or the step had none.
    package let environment: ContainerEnvironment?
    /// The publication waits for somebody's approval.
    package let pending: PublicationRequest?
    /// Of the version that was published.
    package let findings: [Finding]

    init(_ outcome: ContainerOutcome, _ step: ContainerStep, _ findings: [Finding]) {
        container = outcome.container
        pending = outcome.pending
        self.findings = findings
        switch step {
        case .publish(_, let name, _), .approve(_, let name), .rollback(_, let name):
            environment = outcome.pending == nil ? outcome.container.environment(name) : nil
        case .kill, .lift, .change, .refresh: environment = nil
        }
    }
}
