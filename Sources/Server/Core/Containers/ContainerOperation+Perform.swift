package import Catalog
internal import Events
internal import RequestParsing
package import Tagging

extension ContainerOperation {
    /// Does it on `store`. Blocks on the disk, and compiles for up to a second.
    package func perform(
        on store: any CatalogStore & ContainerStore, by actor: String
    ) throws(PublicationError) -> ContainerResult {
        let run = ContainerOperationRun(store: store, publisher: ContainerPublisher(store), actor: actor)
        switch self {
        case .list: return .containers(try run.snapshot().containers.map(ContainerRecord.init))
        case .show(let reference): return .container(ContainerRecord(try run.container(reference)))
        case .add, .change, .remove: return try run.manage(self)
        case .addWorkspace, .removeWorkspace, .definition, .save, .update, .check: return try run.edit(self)
        case .versions, .addVersion, .diff, .export: return try run.version(self)
        case .publish, .approve, .decline, .rollback, .kill, .lift, .removeEnvironment: return try run.publish(self)
        case .preview, .previews, .endPreview: return try run.preview(self)
        case .importGTM(let order): return try run.importGTM(order)
        }
    }
}

/// One operation under way. Each function does one kind of operation, and gives `.done` for others.
private struct ContainerOperationRun {
    let store: any CatalogStore & ContainerStore
    let publisher: ContainerPublisher
    let actor: String

    func snapshot() throws(PublicationError) -> CatalogSnapshot {
        try catalog { () throws(CatalogError) in try store.load() }
    }

    private func catalog<Value>(_ body: () throws(CatalogError) -> Value) throws(PublicationError) -> Value {
        do throws(CatalogError) { return try body() } catch { throw .catalog(error) }
    }

    func container(_ reference: String) throws(PublicationError) -> Container {
        guard let container = try snapshot().container(reference: reference) else {
            throw .catalog(.notFound(kind: "container", reference: reference))
        }
        return container
    }

    private func sites(_ references: [String]) throws(PublicationError) -> [SiteID] {
        let snapshot = try snapshot()
        var ids: [SiteID] = []
        for reference in references {
            guard let site = snapshot.site(reference: reference) else {
                throw .catalog(.notFound(kind: "site", reference: reference))
            }
            if !ids.contains(site.id) { ids.append(site.id) }
        }
        return ids
    }

    private func workspace(_ name: String, of container: Container) throws(PublicationError) -> Workspace {
        guard let workspace = container.workspace(name) else {
            throw .catalog(.notFound(kind: "workspace", reference: name))
        }
        return workspace
    }

    // MARK: Containers

    func manage(_ operation: ContainerOperation) throws(PublicationError) -> ContainerResult {
        switch operation {
        case .add(let name, let references, let needsApproval):
            let draft = ContainerDraft(name: name, sites: try sites(references), needsApproval: needsApproval)
            return .container(ContainerRecord(try publisher.addContainer(draft, by: actor)))
        case .change(let reference, let name, let references, let needsApproval):
            var change = ContainerChange()
            change.name = name
            if let references { change.sites = try sites(references) }
            change.needsApproval = needsApproval
            let container = try container(reference)
            return .container(ContainerRecord(try publisher.changeContainer(container.id, change, by: actor)))
        case .remove(let reference):
            let container = try container(reference)
            try publisher.removeContainer(container.id, by: actor)
            return .container(ContainerRecord(container))
        default: return .done
        }
    }

    // MARK: Workspaces

    func edit(_ operation: ContainerOperation) throws(PublicationError) -> ContainerResult {
        switch operation {
        case .addWorkspace(let reference, let name, let base):
            let id = try container(reference).id
            return .workspace(try publisher.addWorkspace(name, to: id, base: base, by: actor), findings: [])
        case .removeWorkspace(let reference, let name):
            let workspace = try workspace(name, of: container(reference))
            try publisher.removeWorkspace(workspace.id, by: actor)
            return .workspace(workspace, findings: [])
        case .definition(let reference, let version, let name):
            let definition = try definition(version, name, of: container(reference))
            return .text(String(decoding: definition.json, as: UTF8.self))
        case .save(let reference, let name, let definition, let revision):
            let workspace = try workspace(name, of: container(reference))
            let saved = try publisher.saveWorkspace(
                workspace.id, json: Array(definition.utf8), revision: revision ?? workspace.revision, by: actor)
            return .workspace(saved.workspace, findings: saved.findings.map(FindingRecord.init))
        case .update(let reference, let name, let revision):
            let workspace = try workspace(name, of: container(reference))
            let saved = try publisher.updateWorkspace(workspace.id, revision: revision, by: actor)
            return .workspace(saved.workspace, findings: saved.findings.map(FindingRecord.init))
        case .check(let reference, let name):
            let workspace = try workspace(name, of: container(reference))
            return .findings(try publisher.findings(of: workspace.id).map(FindingRecord.init))
        default: return .done
        }
    }

    private func definition(
        _ version: Int?, _ name: String, of container: Container
    ) throws(PublicationError) -> ContainerDefinition {
        if let version { return try publisher.definition(ofVersion: version, of: container.id) }
        return try publisher.workspace(workspace(name, of: container).id).definition
    }

    // MARK: Versions

    func version(_ operation: ContainerOperation) throws(PublicationError) -> ContainerResult {
        switch operation {
        case .versions(let reference):
            let id = try container(reference).id
            return .versions(
                try catalog { () throws(CatalogError) in try store.versions(of: id, before: .max, limit: 1_000) })
        case .addVersion(let reference, let workspaceName, let name, let note, let overridesNewer):
            let workspace = try workspace(workspaceName, of: container(reference))
            let made = try publisher.createVersion(
                of: workspace.id, name: name, note: note, overridesNewer: overridesNewer, by: actor)
            return .version(made.version, findings: made.findings.map(FindingRecord.init))
        case .diff(let reference, let old, let new, let name):
            let container = try container(reference)
            let changes = try publisher.diff(
                old, new, workspace: workspace(name, of: container).id, of: container.id)
            return .changes(changes.map(ChangeRecord.init))
        case .export(let reference, let version, let name, let keepsNative):
            let container = try container(reference)
            let definition = try definition(version, name, of: container)
            let export = GTMExport.write(
                definition, name: container.name, publicID: container.publicID, keepsNative: keepsNative)
            return .text(String(decoding: export, as: UTF8.self))
        default: return .done
        }
    }

    // MARK: What pages get

    func publish(_ operation: ContainerOperation) throws(PublicationError) -> ContainerResult {
        switch operation {
        case .publish(let reference, let order): return .publication(try publish(container(reference), order))
        case .approve(let reference, let environment, let version):
            let container = try container(reference)
            guard let request = container.requests.first(where: { $0.environment == environment }) else {
                throw .catalog(.notFound(kind: "waiting publication", reference: environment))
            }
            let number = version ?? request.version
            let done = try publisher.approve(version: number, of: container.id, in: environment, by: actor)
            return .publication(PublicationRecord(done, environment: environment, version: number))
        case .decline(let reference, let environment):
            let id = try container(reference).id
            return .container(ContainerRecord(try publisher.decline(of: id, in: environment, by: actor)))
        case .rollback(let reference, let environment, let version):
            let done = try publisher.rollback(to: version, of: container(reference).id, in: environment, by: actor)
            return .publication(
                PublicationRecord(done, environment: environment, version: done.environment?.version ?? 0))
        case .kill(let reference, let target):
            return .container(
                ContainerRecord(try publisher.kill(target, of: container(reference).id, by: actor)))
        case .lift(let reference, let target):
            return .container(
                ContainerRecord(try publisher.lift(target, of: container(reference).id, by: actor)))
        case .removeEnvironment(let reference, let name):
            let id = try container(reference).id
            return .container(ContainerRecord(try publisher.removeEnvironment(name, of: id, by: actor)))
        default: return .done
        }
    }

    private func publish(
        _ container: Container, _ order: ContainerOperation.PublishOrder
    ) throws(PublicationError) -> PublicationRecord {
        let done: Publication
        if let version = order.version {
            done = try publisher.publish(
                version: version, of: container.id, to: order.environment, isConfirmed: order.isConfirmed, by: actor)
        } else {
            done = try publisher.publish(
                workspace: workspace(order.workspace, of: container).id, name: order.name, note: order.note,
                to: order.environment, isConfirmed: order.isConfirmed, overridesNewer: order.overridesNewer, by: actor)
        }
        let version = done.environment?.version ?? done.pending?.version ?? 0
        return PublicationRecord(done, environment: order.environment, version: version)
    }

    func preview(_ operation: ContainerOperation) throws(PublicationError) -> ContainerResult {
        switch operation {
        case .preview(let reference, let name, let life):
            let container = try container(reference)
            let made = try publisher.preview(
                workspace(name, of: container).id, lifeMilliseconds: life, by: actor)
            return .preview(
                made.issued, publicID: container.publicID, findings: made.findings.map(FindingRecord.init))
        case .previews(let reference):
            let id = try container(reference).id
            return .previews(try catalog { () throws(CatalogError) in try store.previews(of: id) })
        case .endPreview(let reference, let id):
            let container = try container(reference).id
            try catalog { () throws(CatalogError) in try store.removePreview(id, of: container, by: actor) }
            return .done
        default: return .done
        }
    }

    // MARK: Import

    func importGTM(_ order: ContainerOperation.ImportOrder) throws(PublicationError) -> ContainerResult {
        // Read first: a file that is none makes no container.
        let read = try publisher.read(
            gtm: Array(order.export.utf8), order.options, now: SystemTimeSource().wallClock().milliseconds)
        let sites = try sites(order.sites)
        var container = try snapshot().container(reference: order.container)
        let isNew = container == nil
        if let present = container {
            let all = present.sites + sites.filter { !present.sites.contains($0) }
            if all != present.sites {
                var change = ContainerChange()
                change.sites = all
                container = try publisher.changeContainer(present.id, change, by: actor)
            }
        } else {
            container = try publisher.addContainer(ContainerDraft(name: order.container, sites: sites), by: actor)
        }
        guard let container else { throw .catalog(.notFound(kind: "container", reference: order.container)) }
        let workspace = try workspace(order.workspace, of: container)
        let saved = try publisher.importGTM(
            read, into: workspace.id, revision: workspace.revision, by: actor)
        return .imported(
            ImportRecord(
                container: container.publicID, name: container.name, workspace: workspace.name,
                revision: saved.workspace.revision, isNew: isNew,
                reportJSON: String(decoding: read.report.json.encoded, as: UTF8.self), reportText: read.report.text))
    }
}
