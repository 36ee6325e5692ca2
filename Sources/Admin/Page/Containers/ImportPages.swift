internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Tagging

/// An export of Google Tag Manager: choosing the file, the report on it, taking it.
extension AdminHandlers {
    func importPages(_ request: AdminRequest) async throws -> Response {
        switch request.route {
        case .importPage: return try importPage(request, nil)
        case .importForm:
            return try await trying(request) {
                try await checked(request)
            } failed: { error in
                try importPage(request, error)
            }
        default:
            return try await trying(request) {
                try await taken(request)
            } failed: { error in
                try importPage(request, error)
            }
        }
    }

    private static let modeTitles = [
        (DefinitionMerge.Mode.overwrite, "takes the place of what the draft has"),
        (.mergeOverwriting, "is merged; where names are the same, the imported one stays"),
        (.mergeRenaming, "is merged; where names are the same, the imported one gets another name"),
    ]

    private func importPage(_ request: AdminRequest, _ error: AdminError?) throws(AdminError) -> Response {
        let container = try self.container(request)
        let form = request.form
        var values = containerValues(container, request)
        values.merge(problemValues(error)) { _, new in new }
        let drafts = container.workspaces.map { (String($0.id.rawValue), $0.name) }
        values["fields"] = [
            FormField.choice(
                "workspace", "Into the draft", drafts,
                value: form["workspace"] ?? request.value("workspace") ?? drafts.first?.0 ?? ""
            ).values,
            FormField.choice(
                "mode", "The import", AdminHandlers.modeTitles.map { ($0.0.rawValue, $0.1) },
                value: form["mode"] ?? "overwrite"
            ).values,
            FormField.choice(
                "googleConsent", "Google's tags without consent",
                [("", "as the draft has it"), ("basic", "do not run"), ("advanced", "run and tell Google so")],
                value: form["googleConsent"] ?? ""
            ).values,
            FormField.choice(
                "googleEvents", "Events of Google Analytics tags",
                [
                    ("", "as the draft has it"), ("keep", "go to Google"), ("highland", "become Highland events"),
                    ("both", "both"),
                ], value: form["googleEvents"] ?? ""
            ).values,
        ]
        return containerAnswer("container-import", title: "Import", values, request)
    }

    /// Reads the file and reports on it.
    private func checked(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let form = request.form
        let workspace = try workspace(form.trimmed("workspace"), of: container)
        guard let bytes = form.bytes("file"), !bytes.isEmpty else {
            throw AdminError(.invalid, "file: is missing.", field: "file", expected: "an export of a container")
        }
        guard bytes.count <= GTMExport.bytesMax else {
            throw AdminError(
                .tooLarge, "The file has \(bytes.count) bytes.", field: "file",
                expected: "at most \(GTMExport.bytesMax) bytes")
        }
        var options = GTMImportOptions()
        options.mode = form["mode"] ?? options.mode
        options.googleConsent = form["googleConsent"].flatMap { $0.isEmpty ? nil : $0 }
        options.googleEvents = form["googleEvents"].flatMap { $0.isEmpty ? nil : $0 }
        let reading = try await read(bytes, options)
        let now = time.monotonic()
        let token = imports.add(
            .init(
                reading: reading, container: container.id, workspace: workspace.id, revision: workspace.revision,
                actor: try principal(request).name, endsAt: ImportStage.end(from: now)), at: now)
        var values = containerValues(container, request)
        values.merge(reportValues(reading.report)) { _, new in new }
        values["token"] = token
        let mode = AdminHandlers.modeTitles.first { $0.0.rawValue == options.mode }?.1 ?? ""
        values["consequence"] =
            "What is imported \(mode) (draft \(workspace.name), revision \(workspace.revision)). Pages get nothing of "
            + "it before you publish."
        return containerAnswer("container-report", title: "Import", values, request)
    }

    private func taken(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let token = request.form.trimmed("token")
        let now = time.monotonic()
        guard
            let entry = imports.entry(token, for: try principal(request).name, in: container.id, at: now),
            let workspace = container.workspaces.first(where: { $0.id == entry.workspace })
        else {
            throw AdminError(
                .invalid, "The checked file is not kept any more.", expected: "the file once more, within 30 minutes")
        }
        _ = try await take(entry.reading, into: workspace, revision: entry.revision, request)
        imports.remove(token)
        return AdminAnswer.seeOther(
            "/containers/\(container.publicID)/workspaces/\(workspace.id.rawValue)?show=findings&done=imported")
    }

    private func reportValues(_ report: GTMReport) -> [String: Any] {
        func card(_ title: String, _ value: Int) -> [String: Any] { ["cardTitle": title, "cardValue": String(value)] }
        var cards = [
            card("Tags that run", report.runs.count), card("Dead", report.dead.count),
            card("Not run here", report.refused.count), card("Before consent", report.beforeConsent.count),
        ]
        if let bytes = report.scriptBytes {
            cards.append(["cardTitle": "Script (gzip)", "cardValue": AdminHandlers.kilobytes(bytes)])
        }
        if let bytes = report.savedBytes {
            cards.append(["cardTitle": "Less than Google's (estimate)", "cardValue": AdminHandlers.kilobytes(bytes)])
        }
        let lists: [(String, [GTMReport.Entry])] = [
            ("Not run here, and why", report.refused), ("Dead, and why", report.dead),
            ("Runs before consent", report.beforeConsent), ("Runs", report.runs),
        ]
        let sections = lists.filter { !$0.1.isEmpty }.map { title, entries in
            [
                "sectionTitle": "\(title): \(entries.count)",
                "entries": entries.prefix(1_000).map { entry in
                    ["entryName": entry.name, "entryType": entry.type, "reason": entry.reason]
                },
            ] as [String: Any]
        }
        let vendors = report.vendors.isEmpty ? "" : " · vendors: \(report.vendors.joined(separator: ", "))"
        var values: [String: Any] = [
            "importedName": report.containerName, "cards": cards, "sections": sections,
            "counts": "\(report.triggers) triggers, \(report.variables) variables\(vendors)",
        ]
        values.merge(findingValues(report.findings)) { _, new in new }
        return values
    }

    private static func kilobytes(_ bytes: Int) -> String { "\(bytes / 1_000).\(bytes % 1_000 / 100) kB" }
}
