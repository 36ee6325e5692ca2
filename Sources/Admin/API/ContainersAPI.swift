internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import RequestParsing
internal import Tagging

/// `/api/v1/containers`: the containers that the caller reaches, and their drafts.
extension AdminHandlers {
    private static let containerFields = ["name", "sites", "needsApproval"]

    func listContainers(_ request: AdminRequest) throws(AdminError) -> Response {
        let found = try reachableContainers(request)
        return AdminAnswer.json(.object([.init("containers", .array(found.map(ContainerJSON.container)))]))
    }

    /// In the order of their numbers.
    func reachableContainers(_ request: AdminRequest) throws(AdminError) -> [Container] {
        let scope = try principal(request).scope
        return request.snapshot.containers.filter { AdminGate.reaches(scope, $0) }
    }

    func addContainer(_ request: AdminRequest) async throws -> Response {
        let fields = try JSONFields(request.body, names: AdminHandlers.containerFields)
        guard let name = try fields.text("name") else { throw fields.missing("name", "a text") }
        let sites = try containerSites(try fields.siteReferences("sites", countMax: 200) ?? [], request)
        let draft = ContainerDraft(name: name, sites: sites, needsApproval: try fields.flag("needsApproval") ?? false)
        let container = try await add(draft, request)
        var response = AdminAnswer.json(ContainerJSON.container(container), status: .created)
        response.headers[.location] = "/api/v1/containers/\(container.publicID)"
        return response
    }

    /// Adds a container that the caller then reaches.
    func add(_ draft: ContainerDraft, _ request: AdminRequest) async throws -> Container {
        let principal = try principal(request)
        guard principal.scope == .all || !draft.sites.isEmpty else {
            throw AdminError(
                .invalid, "sites: is empty.", field: "sites",
                expected: "at least one of the sites that are within reach")
        }
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.addContainer(draft, by: principal.name)
        }
    }

    /// Sites by number or domain, within the caller's reach. A foreign site gets the same words as one that is none.
    func containerSites(_ references: [String], _ request: AdminRequest) throws(AdminError) -> [SiteID] {
        let scope = try principal(request).scope
        var ids: [SiteID] = []
        for (index, reference) in references.enumerated() {
            guard let site = request.snapshot.site(reference: reference), scope.covers(site.id) else {
                throw AdminError(
                    .invalid, "sites[\(index)]: '\(CatalogError.shown(reference))' is no site.",
                    field: "sites[\(index)]", expected: "the number or domain of a site")
            }
            if !ids.contains(site.id) { ids.append(site.id) }
        }
        return ids
    }

    func containerAnswer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let actor = try principal(request).name
        switch request.route {
        case .changeContainer:
            let fields = try JSONFields(request.body, names: AdminHandlers.containerFields)
            var change = ContainerChange()
            change.name = try fields.text("name")
            change.needsApproval = try fields.flag("needsApproval")
            if let given = fields.json("sites") {
                change.sites =
                    given == .array([]) ? [] : try containerSites(fields.siteReferences("sites") ?? [], request)
            }
            let changed = try await apply(change, to: container, request)
            return AdminAnswer.json(ContainerJSON.container(changed))
        case .removeContainer:
            try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeContainer(container.id, by: actor)
            }
            return Response(status: .noContent)
        case .listKills:
            return AdminAnswer.json(.object([.init("kills", .array(container.kills.map(ContainerJSON.kill)))]))
        default: return AdminAnswer.json(ContainerJSON.container(container))
        }
    }

    /// Changes a container so that the caller still reaches it.
    func apply(_ change: ContainerChange, to container: Container, _ request: AdminRequest) async throws -> Container {
        let principal = try principal(request)
        guard !change.isEmpty else {
            throw AdminError(
                .invalid, "body: changes nothing.", field: "body",
                expected: "at least one of " + AdminHandlers.containerFields.joined(separator: ", "))
        }
        guard principal.scope == .all || change.sites?.isEmpty != true else {
            throw AdminError(
                .invalid, "sites: is empty.", field: "sites",
                expected: "at least one of the sites that are within reach")
        }
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.changeContainer(container.id, change, by: principal.name)
        }
    }

    // MARK: Parts of requests

    /// The container of the path.
    func container(_ request: AdminRequest) throws(AdminError) -> Container {
        guard let container = request.container else { throw .notFound }
        return container
    }

    /// A draft by name or number; `default` where nothing is named.
    func workspace(_ reference: String?, of container: Container) throws(AdminError) -> Workspace {
        let reference = reference ?? Workspace.defaultName
        if let found = container.workspace(reference) { return found }
        guard let found = container.workspaces.first(where: { String($0.id.rawValue) == reference }) else {
            throw .notFound
        }
        return found
    }

    /// A whole number of a query; nil where it is not given.
    func number(_ request: AdminRequest, _ name: String, _ range: ClosedRange<Int>) throws(AdminError) -> Int? {
        guard let text = request.value(name), !text.isEmpty else { return nil }
        guard text.utf8.count <= 10, let number = Int(text), range.contains(number) else {
            throw AdminError(
                .invalid, "\(name): '\(CatalogError.shown(text))' is out of range.", field: name,
                expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    // MARK: Workspaces

    func workspaceAnswer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        switch request.route {
        case .addWorkspace: return try await addWorkspace(request, container)
        case .saveWorkspace: return try await saveWorkspace(request, container)
        case .updateWorkspace: return try await updateWorkspace(request, container)
        case .listWorkspaces:
            let list = container.workspaces.map { ContainerJSON.workspace($0) }
            return AdminAnswer.json(.object([.init("workspaces", .array(list))]))
        default: break
        }
        let workspace = try workspace(request.part(1), of: container)
        let actor = try principal(request).name
        switch request.route {
        case .removeWorkspace:
            try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeWorkspace(workspace.id, by: actor)
            }
            return Response(status: .noContent)
        case .findings:
            let findings = try await changes.readContainers { publisher, _ in try publisher.findings(of: workspace.id) }
            return AdminAnswer.json(.object([.init("findings", ContainerJSON.findings(findings))]))
        default:
            let content = try await changes.readContainers { _, store in try store.workspace(workspace.id) }
            return AdminAnswer.json(
                ContainerJSON.workspace(
                    content.workspace, [.init("definition", ContainerJSON.definition(content.definition))]))
        }
    }

    private func addWorkspace(_ request: AdminRequest, _ container: Container) async throws -> Response {
        let fields = try JSONFields(request.body, names: ["name", "base"])
        guard let name = try fields.text("name") else { throw fields.missing("name", "a text") }
        let base = try fields.number("base", 0...Int(Int32.max))
        let actor = try principal(request).name
        let made = try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.addWorkspace(name, to: container.id, base: base, by: actor)
        }
        var response = AdminAnswer.json(ContainerJSON.workspace(made), status: .created)
        response.headers[.location] =
            "/api/v1/containers/\(container.publicID)/workspaces/\(AdminHandlers.percentEncoded(made.name))"
        return response
    }

    private func saveWorkspace(_ request: AdminRequest, _ container: Container) async throws -> Response {
        let workspace = try workspace(request.part(1), of: container)
        let fields = try JSONFields(request.body, names: ["definition", "revision", "base"])
        guard let revision = try fields.number("revision", 0...Int(Int32.max)) else {
            throw fields.missing("revision", "the number of the revision that was read")
        }
        guard let value = fields.json("definition"), case .object = value else {
            throw fields.missing("definition", "an object: the container's definition")
        }
        let definition: ContainerDefinition
        do throws(TaggingError) { definition = try ContainerDefinition(json: value.encoded) } catch {
            var problem = AdminError(.tagging(error))
            problem.field = problem.field.map { "definition.\($0)" }
            throw problem
        }
        let base = try fields.number("base", 0...Int(Int32.max))
        return answer(try await save(definition, in: workspace, revision: revision, base: base, request))
    }

    private func updateWorkspace(_ request: AdminRequest, _ container: Container) async throws -> Response {
        let fields = try JSONFields(request.body, names: ["revision"])
        let revision = try fields.number("revision", 0...Int(Int32.max))
        return answer(try await update(try workspace(request.part(1), of: container), revision: revision, request))
    }

    /// Takes the newest version into a draft.
    func update(
        _ workspace: Workspace, revision: Int?, _ request: AdminRequest
    ) async throws -> SavedWorkspace {
        let actor = try principal(request).name
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.updateWorkspace(workspace.id, revision: revision, by: actor)
        }
    }

    private func answer(_ saved: SavedWorkspace) -> Response {
        AdminAnswer.json(
            ContainerJSON.workspace(
                saved.workspace, [.init("findings", ContainerJSON.findings(saved.findings))]))
    }

    /// Saves a draft. Only who may publish may let custom code into it.
    func save(
        _ definition: ContainerDefinition, in workspace: Workspace, revision: Int, base: Int? = nil,
        _ request: AdminRequest
    ) async throws -> SavedWorkspace {
        let principal = try principal(request)
        let mayAllowCode = principal.role.has(.publish)
        return try await changes.changeContainers { publisher throws(PublicationError) in
            if definition.settings.allowsCustomCode, !mayAllowCode {
                let old = try publisher.workspace(workspace.id).definition.settings.allowsCustomCode
                guard old else {
                    throw .catalog(
                        .notAllowed(
                            what: "custom code may be allowed by who may publish alone",
                            expected: "settings.allowsCustomCode false, or a publisher"))
                }
            }
            return try publisher.saveWorkspace(
                workspace.id, definition, revision: revision, base: base, by: principal.name)
        }
    }
}
