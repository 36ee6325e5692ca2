internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import RequestParsing
internal import Tagging

/// Exports of Google Tag Manager in and out, and links to drafts.
extension AdminHandlers {
    /// `?mode=overwrite&workspace=default&revision=3&check=1`: the body is the export. With `check=1` nothing is saved.
    func importContainer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let workspace = try workspace(request.text("workspace"), of: container)
        var options = GTMImportOptions()
        options.mode = request.value("mode") ?? options.mode
        options.googleConsent = request.value("googleConsent")
        options.googleEvents = request.value("googleEvents")
        let isCheck = try number(request, "check", 0...1) == 1
        let revision = try number(request, "revision", AdminHandlers.versionRange)
        let reading = try await read(request.body, options)
        guard !isCheck else { return AdminAnswer.json(.object([.init("report", reading.report.json)])) }
        let saved = try await take(reading, into: workspace, revision: revision ?? workspace.revision, request)
        return AdminAnswer.json(
            .object([
                .init("report", reading.report.json), .init("workspace", ContainerJSON.workspace(saved.workspace)),
                .init("findings", ContainerJSON.findings(saved.findings)),
            ]))
    }

    /// Reads an export; up to a second.
    func read(_ bytes: [UInt8], _ options: GTMImportOptions) async throws -> GTMReading {
        let now = time.wallClock().milliseconds
        return try await changes.readContainers { publisher, _ in try publisher.read(gtm: bytes, options, now: now) }
    }

    /// Saves what was read. Where the caller may not publish, custom code in it stays switched off.
    func take(
        _ reading: GTMReading, into workspace: Workspace, revision: Int, _ request: AdminRequest
    ) async throws -> SavedWorkspace {
        let principal = try principal(request)
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.importGTM(
                reading, into: workspace.id, revision: revision, mayAllowCode: principal.role.has(.publish),
                by: principal.name)
        }
    }

    /// `?version=3` or `?workspace=default`, else the newest version; `native=1` keeps what Google's format cannot say.
    func exportContainer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let version = try number(request, "version", 1...Int(Int32.max))
        let keepsNative = try number(request, "native", 0...1) == 1
        let named = request.text("workspace")
        let isDraft = named != nil || (version == nil && container.newestVersion == 0)
        let workspace = isDraft ? try workspace(named, of: container) : nil
        let at = MomentText.rfc3339(time.wallClock())
        let bytes = try await changes.readContainers { publisher, _ in
            let definition =
                try workspace.map { try publisher.workspace($0.id).definition }
                ?? publisher.definition(ofVersion: version ?? container.newestVersion, of: container.id)
            return GTMExport.write(
                definition, name: container.name, publicID: container.publicID,
                time: at.prefix(19).split(separator: "T").joined(separator: " "), keepsNative: keepsNative)
        }
        var response = AdminAnswer.bytes(bytes, type: "application/json")
        let part = workspace.map { _ in "workspace" } ?? "v\(version ?? container.newestVersion)"
        response.headers[.contentDisposition] = "attachment; filename=\"\(container.publicID)_\(part).json\""
        return response
    }

    // MARK: Previews

    func previewAnswer(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        switch request.route {
        case .addPreview:
            let fields = try JSONFields(request.body, names: ["workspace", "hours"])
            let workspace = try workspace(try fields.text("workspace"), of: container)
            let hours = try fields.number("hours", 1...ContainerRules.previewHoursMax) ?? 1
            let made = try await preview(workspace, hours: hours, request)
            let json = ContainerJSON.preview(made.issued.link, of: container, token: made.issued.token)
            guard case .object(let members) = json else { return AdminAnswer.json(json, status: .created) }
            return AdminAnswer.json(
                .object(members + [.init("findings", ContainerJSON.findings(made.findings))]), status: .created)
        case .removePreview:
            try await endPreview(request.part(1), of: container, request)
            return Response(status: .noContent)
        default:
            let links = try await changes.readContainers { _, store in try store.previews(of: container.id) }
            let list = links.map { ContainerJSON.preview($0, of: container) }
            return AdminAnswer.json(.object([.init("previews", .array(list))]))
        }
    }

    func preview(
        _ workspace: Workspace, hours: Int, _ request: AdminRequest
    ) async throws -> (issued: IssuedPreview, findings: [Finding]) {
        let actor = try principal(request).name
        let life = Int64(min(max(hours, 1), ContainerRules.previewHoursMax)) * 3_600_000
        return try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.preview(workspace.id, lifeMilliseconds: life, by: actor)
        }
    }

    func endPreview(_ id: String, of container: Container, _ request: AdminRequest) async throws {
        let actor = try principal(request).name
        try await changes.changeContainers { publisher throws(PublicationError) in
            try publisher.endPreview(id, of: container.id, by: actor)
        }
    }
}
