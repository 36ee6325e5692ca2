internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import RequestParsing
internal import Tagging

/// Versions, what differs between them, and what pages get.
extension AdminHandlers {
    static let versionRange = 0...Int(Int32.max)

    func versionAnswer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        switch request.route {
        case .addVersion: return try await addVersion(request, container)
        case .diff: return try await diff(request, container)
        case .showVersion:
            guard let number = Int(request.part(1)), number > 0 else { throw AdminError.notFound }
            let content = try await changes.readContainers { _, store in
                try store.version(number, of: container.id)
            }
            return AdminAnswer.json(
                ContainerJSON.version(
                    content.version,
                    [
                        .init("findings", ContainerJSON.findings(FindingsText.decode(content.findings))),
                        .init("definition", ContainerJSON.definition(content.definition)),
                    ]))
        default:
            let before = try number(request, "before", 1...Int(Int32.max)) ?? Int(Int32.max)
            let limit = try number(request, "limit", 1...1_000) ?? 100
            let list = try await changes.readContainers { _, store in
                try store.versions(of: container.id, before: before, limit: limit)
            }
            return AdminAnswer.json(
                .object([.init("versions", .array(list.map { ContainerJSON.version($0) }))]))
        }
    }

    private func addVersion(_ request: AdminRequest, _ container: Container) async throws -> Response {
        let fields = try JSONFields(request.body, names: ["workspace", "revision", "name", "note", "overridesNewer"])
        let workspace = try workspace(try fields.text("workspace"), of: container)
        let revision = try fields.number("revision", AdminHandlers.versionRange)
        let (name, note) = (try fields.text("name") ?? "", try fields.text("note") ?? "")
        let overridesNewer = try fields.flag("overridesNewer") ?? false
        let actor = try principal(request).name
        let made = try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.createVersion(
                of: workspace.id, revision: revision, name: name, note: note, overridesNewer: overridesNewer, by: actor)
        }
        var response = AdminAnswer.json(
            ContainerJSON.version(made.version, [.init("findings", ContainerJSON.findings(made.findings))]),
            status: .created)
        response.headers[.location] = "/api/v1/containers/\(container.publicID)/versions/\(made.version.number)"
        return response
    }

    /// `from` and `to` are versions, 0 the empty container; without `to` the draft is meant, without `from` what is
    /// live.
    private func diff(_ request: AdminRequest, _ container: Container) async throws -> Response {
        let workspace = try workspace(request.text("workspace"), of: container)
        let live = container.environment(ContainerEnvironment.live)?.version ?? 0
        let old = try number(request, "from", AdminHandlers.versionRange) ?? live
        let new = try number(request, "to", AdminHandlers.versionRange)
        let found = try await changes.readContainers { publisher, _ in
            try publisher.diff(old, new, workspace: workspace.id, of: container.id)
        }
        return AdminAnswer.json(.object([.init("changes", ContainerJSON.changes(found))]))
    }

    // MARK: What pages get

    func publicationAnswer(_ request: AdminRequest) async throws -> Response {
        switch request.route {
        case .publish: return try await publish(request)
        case .approve, .decline: return try await decide(request)
        case .rollback:
            let fields = try JSONFields(request.body, names: ["environment", "version"])
            let container = try self.container(request)
            let environment = try fields.text("environment") ?? ContainerEnvironment.live
            let version = try fields.number("version", 1...Int(Int32.max))
            let actor = try principal(request).name
            let done = try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.rollback(to: version, of: container.id, in: environment, by: actor)
            }
            return AdminAnswer.json(ContainerJSON.publication(done))
        case .removeEnvironment:
            let (id, name) = (try container(request).id, request.part(1))
            let actor = try principal(request).name
            _ = try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeEnvironment(name, of: id, by: actor)
            }
            return Response(status: .noContent)
        default: return try await kill(request)
        }
    }

    /// What a publication is asked for: a version by number, or a draft that becomes one.
    struct PublishOrder: Sendable {
        var version: Int?
        var workspace: Workspace?
        var environment = ContainerEnvironment.live
        var name = ""
        var note = ""
        var isConfirmed = false
        var overridesNewer = false
        /// The container's revision that the caller looked at.
        var expecting: Int?
        /// The draft's.
        var workspaceRevision: Int?
    }

    func publish(_ order: PublishOrder, _ container: Container, _ request: AdminRequest) async throws -> Publication {
        let actor = try principal(request).name
        return try await changes.changeContainers { publisher throws(PublicationError) in
            guard let workspace = order.workspace, order.version == nil else {
                return try publisher.publish(
                    version: order.version ?? container.newestVersion, of: container.id, to: order.environment,
                    isConfirmed: order.isConfirmed, expecting: order.expecting, by: actor)
            }
            if let seen = order.workspaceRevision {
                let present = try publisher.workspace(workspace.id).workspace
                guard present.revision == seen else {
                    throw .catalog(
                        .conflict(
                            what: "workspace '\(workspace.name)'", by: present.savedBy,
                            expected: "revision \(present.revision): look at what changed, then publish"))
                }
            }
            return try publisher.publish(
                workspace: workspace.id, name: order.name, note: order.note, to: order.environment,
                isConfirmed: order.isConfirmed, overridesNewer: order.overridesNewer, by: actor)
        }
    }

    private func publish(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let fields = try JSONFields(
            request.body,
            names: [
                "version", "workspace", "workspaceRevision", "environment", "name", "note", "confirm",
                "overridesNewer", "revision",
            ])
        var order = PublishOrder()
        order.version = try fields.number("version", 1...Int(Int32.max))
        let named = try fields.text("workspace")
        guard named == nil || order.version == nil else {
            throw AdminError(
                .invalid, "workspace: stands beside version.", field: "workspace",
                expected: "one of version and workspace")
        }
        if order.version == nil { order.workspace = try workspace(named, of: container) }
        order.workspaceRevision = try fields.number("workspaceRevision", AdminHandlers.versionRange)
        order.environment = try fields.text("environment") ?? ContainerEnvironment.live
        order.name = try fields.text("name") ?? ""
        order.note = try fields.text("note") ?? ""
        order.isConfirmed = try fields.flag("confirm") ?? false
        order.overridesNewer = try fields.flag("overridesNewer") ?? false
        order.expecting = try fields.number("revision", AdminHandlers.versionRange)
        let done = try await publish(order, container, request)
        return AdminAnswer.json(ContainerJSON.publication(done), status: done.pending == nil ? .ok : .accepted)
    }

    private func decide(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let fields = try JSONFields(request.body, names: ["environment", "version"])
        let environment = try fields.text("environment") ?? ContainerEnvironment.live
        if request.route == .decline {
            let changed = try await decline(environment, container, request)
            return AdminAnswer.json(ContainerJSON.container(changed))
        }
        guard let version = try fields.number("version", 1...Int(Int32.max)) else {
            throw fields.missing("version", "the number of the version that waits and was looked at")
        }
        let done = try await approve(version, environment, container, request)
        return AdminAnswer.json(ContainerJSON.publication(done))
    }

    func approve(
        _ version: Int, _ environment: String, _ container: Container, _ request: AdminRequest
    ) async throws -> Publication {
        let actor = try principal(request).name
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.approve(version: version, of: container.id, in: environment, by: actor)
        }
    }

    func decline(_ environment: String, _ container: Container, _ request: AdminRequest) async throws -> Container {
        let actor = try principal(request).name
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.decline(of: container.id, in: environment, by: actor)
        }
    }

    // MARK: Kills

    private func kill(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        if request.route == .removeKill {
            guard let target = ContainerJSON.killTarget(request.part(1)) else { throw AdminError.notFound }
            _ = try await switchOff(target, false, container, request)
            return Response(status: .noContent)
        }
        let fields = try JSONFields(request.body, names: ["target", "value"])
        let expected = "one of container, tag, host"
        guard let kind = try fields.text("target", expected) else { throw fields.missing("target", expected) }
        guard let target = ContainerKill.Target(kind: kind, value: try fields.text("value") ?? "") else {
            throw fields.missing("target", expected)
        }
        let changed = try await switchOff(target, true, container, request)
        return AdminAnswer.json(ContainerJSON.container(changed), status: .created)
    }

    /// Kills a target, or ends its kill.
    func switchOff(
        _ target: ContainerKill.Target, _ isOff: Bool, _ container: Container, _ request: AdminRequest
    ) async throws -> Container {
        let actor = try principal(request).name
        return try await changes.changeContainers { publisher throws(PublicationError) in
            isOff
                ? try publisher.kill(target, of: container.id, by: actor)
                : try publisher.lift(target, of: container.id, by: actor)
        }
    }
}
