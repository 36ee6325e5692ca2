internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Tagging

/// `/containers/{container}/workspaces/{workspace}`: what a draft has, 50 of a kind on a page, with a search.
extension AdminHandlers {
    private static let rowsShown = 50

    func workspacePages(_ request: AdminRequest) async throws -> Response {
        guard request.route == .workspaceForm else { return try await workspacePage(request, nil) }
        return try await trying(request) {
            try await changedWorkspace(request)
        } failed: { error in
            try await workspacePage(request, error)
        }
    }

    // MARK: Forms

    private func changedWorkspace(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let workspace = try workspace(request.part(1), of: container)
        let form = request.form
        let path = AdminHandlers.path(workspace, of: container)
        switch form["action"] {
        case "remove":
            try requireSure(form)
            let actor = try principal(request).name
            try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeWorkspace(workspace.id, by: actor)
            }
            return AdminAnswer.seeOther("/containers/\(container.publicID)?done=removed")
        case "update":
            let revision = try version(form, "revision")
            let updated = try await update(workspace, revision: revision, request)
            return try await updatedPage(updated, container, path, request)
        case "end":
            try await endPreview(form.trimmed("preview"), of: container, request)
            return AdminAnswer.seeOther(path + "?show=preview&done=ended")
        case "preview":
            let text = form.trimmed("hours")
            guard let hours = Int(text), (1...ContainerRules.previewHoursMax).contains(hours) else {
                throw AdminError(
                    .invalid, "hours: '\(CatalogError.shown(text))' is out of range.", field: "hours",
                    expected: "a number from 1 to \(ContainerRules.previewHoursMax)")
            }
            let made = try await preview(workspace, hours: hours, request)
            var values = containerValues(container, request)
            values["workspaceName"] = workspace.name
            values["path"] = path
            values["until"] = when(made.issued.link.expiresAtMilliseconds)
            values["previewToken"] = made.issued.token
            let hosts = request.snapshot.sites(of: container).compactMap(\.domains.first)
            values["previewLinks"] = hosts.map { ["link": "https://\($0)/?highland_preview=\(made.issued.token)"] }
            values.merge(findingValues(made.findings)) { _, new in new }
            return containerAnswer("workspace-preview", title: "Preview", values, request)
        default:
            throw AdminError(
                .invalid, "action: is none.", field: "action", expected: "one of remove, update, preview, end")
        }
    }

    /// What taking in a newer version has left to look at.
    private func updatedPage(
        _ updated: SavedWorkspace, _ container: Container, _ path: String, _ request: AdminRequest
    ) async throws -> Response {
        guard !updated.findings.isEmpty else { return AdminAnswer.seeOther(path + "?show=changes&done=updated") }
        let draft = try await changes.readContainers { publisher, _ in
            try publisher.workspace(updated.workspace.id).definition
        }
        var values = containerValues(container, request)
        values["workspaceName"] = updated.workspace.name
        values["path"] = path
        values["basis"] = String(updated.workspace.base)
        values.merge(findingValues(updated.findings) { AdminHandlers.link(to: $0.place, draft, path) }) { _, new in new
        }
        return containerAnswer("workspace-updated", title: updated.workspace.name, values, request)
    }

    static func path(_ workspace: Workspace, of container: Container) -> String {
        "/containers/\(container.publicID)/workspaces/\(workspace.id.rawValue)"
    }

    // MARK: The page

    private func workspacePage(_ request: AdminRequest, _ error: AdminError?) async throws -> Response {
        let container = try self.container(request)
        let reference = try workspace(request.part(1), of: container)
        let isForm = request.route == .workspaceForm
        let show = isForm ? "preview" : request.value("show") ?? ItemKind.tags.rawValue
        let live = container.environment(ContainerEnvironment.live)?.version ?? 0
        let (content, findings, diff, links) = try await changes.readContainers { publisher, store in
            let content = try publisher.workspace(reference.id)
            return (
                content,
                show == "findings" ? try publisher.findings(content.definition, in: container.id) : [],
                show == "changes"
                    ? try publisher.diff(live, nil, workspace: reference.id, of: container.id) : [],
                show == "preview" ? try store.previews(of: container.id) : []
            )
        }
        let (workspace, draft) = (content.workspace, content.definition)
        let path = AdminHandlers.path(workspace, of: container)
        var values = containerValues(container, request)
        values.merge(problemValues(error)) { _, new in new }
        values["workspaceName"] = workspace.name
        values["path"] = path
        values["show"] = show
        values["basis"] = String(workspace.base)
        values["revision"] = String(workspace.revision)
        values["savedAt"] = when(workspace.savedAtMilliseconds)
        values["savedBy"] = workspace.savedBy
        values["exportLink"] =
            "/api/v1/containers/\(container.publicID)/export?workspace=\(workspace.id.rawValue)"
        values["publishLink"] = "/containers/\(container.publicID)/publish?workspace=\(workspace.id.rawValue)"
        values["tabs"] = tabs(draft, path, show)
        let mayEdit = request.principal?.role.has(.editDefinitions) ?? false
        values["mayRemove"] = mayEdit && container.workspaces.count > 1
        if workspace.base < container.newestVersion {
            values["behind"] = ["newest": String(container.newestVersion), "mayUpdate": mayEdit] as [String: Any]
        }
        switch show {
        case "findings":
            values["isFindings"] = true
            values.merge(findingValues(findings) { AdminHandlers.link(to: $0.place, draft, path) }) { _, new in new }
        case "changes":
            values["isChanges"] = true
            values.merge(changeValues(diff)) { _, new in new }
        case "preview":
            values["isPreview"] = true
            values["hours"] = FormText.escape(isForm ? request.form["hours"] ?? "1" : "1")
            let own = links.filter { $0.workspace == workspace.id }
            values["hasLinks"] = !own.isEmpty
            values["links"] = own.map { link in
                ["linkID": link.id, "linkBy": link.actor, "until": when(link.expiresAtMilliseconds)]
            }
        default:
            guard let kind = ItemKind(rawValue: show), !kind.isSingle else { throw AdminError.notFound }
            values["isList"] = true
            values.merge(try listValues(kind, draft, path, request)) { _, new in new }
        }
        return containerAnswer("workspace", title: workspace.name, values, request)
    }

    private func tabs(_ draft: ContainerDefinition, _ path: String, _ show: String) -> [[String: Any]] {
        let counts: [ItemKind: Int] = [
            .tags: draft.tags.count, .triggers: draft.triggers.count, .variables: draft.variables.count,
            .folders: draft.folders.count, .builtins: draft.builtIns.count,
        ]
        var tabs = ItemKind.allCases.map { kind in
            var tab: [String: Any] = [
                "tabLink": kind.isSingle ? "\(path)/\(kind.rawValue)/all" : "\(path)?show=\(kind.rawValue)",
                "tabTitle": kind.title, "isOn": kind.rawValue == show,
            ]
            if let count = counts[kind] { tab["tabCount"] = ["text": String(count)] }
            return tab
        }
        tabs += [("findings", "Findings"), ("changes", "Changes"), ("preview", "Preview")].map { name, title in
            ["tabLink": "\(path)?show=\(name)", "tabTitle": title, "isOn": name == show]
        }
        return tabs
    }

    /// The form of what a finding's place begins with: `tag "Meta": parameter html`.
    static func link(to place: String, _ draft: ContainerDefinition, _ path: String) -> String? {
        func id(_ prefix: String, _ items: [(id: String, name: String)]) -> String? {
            guard place.hasPrefix("\(prefix) \"") else { return nil }
            let rest = place.dropFirst(prefix.count + 2)
            // Names may have quotes themselves: the longest that fits is meant.
            return items.filter { rest.hasPrefix($0.name + "\"") }.max { $0.name.count < $1.name.count }?.id
        }
        if let id = id("tag", draft.tags.map { ($0.id, $0.name) }) { return "\(path)/tags/\(id)" }
        if let id = id("trigger", draft.triggers.map { ($0.id, $0.name) }) { return "\(path)/triggers/\(id)" }
        if let id = id("variable", draft.variables.map { ($0.id, $0.name) }) { return "\(path)/variables/\(id)" }
        return place.hasPrefix("settings") ? "\(path)/settings/all" : nil
    }

    // MARK: Lists

    /// One row of a list.
    private struct Row {
        var id: String
        var name: String
        var type: String
        var folder: String?
        var cells: [String]
        var badges: [(String, String)] = []
    }

    private func rows(_ kind: ItemKind, _ draft: ContainerDefinition) -> [Row] {
        let folders = Dictionary(draft.folders.map { ($0.id, $0.name) }) { first, _ in first }
        let triggers = Dictionary(draft.triggers.map { ($0.id, $0.name) }) { first, _ in first }
        func name(_ id: String) -> String { BuiltInTrigger(rawValue: id)?.name ?? triggers[id] ?? id }
        func folder(_ id: String?) -> String { id.flatMap { folders[$0] } ?? "" }
        switch kind {
        case .tags:
            return draft.tags.map { tag in
                let known = TagType.running(tag.type)
                var badges: [(String, String)] = []
                if known == nil { badges.append(("does not run here", "warn")) }
                if tag.isPaused { badges.append(("paused", "warn")) }
                if tag.startsAt != nil || tag.endsAt != nil { badges.append(("scheduled", "good")) }
                let fired = tag.firingTriggers.map(name).joined(separator: ", ")
                return Row(
                    id: tag.id, name: tag.name, type: tag.type, folder: tag.folder,
                    cells: [known?.title ?? tag.type, fired.isEmpty ? "–" : fired, folder(tag.folder)], badges: badges)
            }
        case .triggers:
            var counts: [String: Int] = [:]
            for tag in draft.tags { for id in Set(tag.firingTriggers) { counts[id, default: 0] += 1 } }
            return draft.triggers.map { trigger in
                let known = TriggerType.named(trigger.type)
                return Row(
                    id: trigger.id, name: trigger.name, type: trigger.type, folder: trigger.folder,
                    cells: [known?.title ?? trigger.type, String(counts[trigger.id] ?? 0), folder(trigger.folder)],
                    badges: known?.usage == .web ? [] : [("never fires here", "warn")])
            }
        case .variables:
            return draft.variables.map { variable in
                let known = VariableType.named(variable.type)
                return Row(
                    id: variable.id, name: variable.name, type: variable.type, folder: variable.folder,
                    cells: [known?.title ?? variable.type, folder(variable.folder)],
                    badges: known == nil ? [("undefined here", "warn")] : [])
            }
        default:
            return draft.folders.map { folder in
                let count =
                    draft.tags.count { $0.folder == folder.id } + draft.triggers.count { $0.folder == folder.id }
                    + draft.variables.count { $0.folder == folder.id }
                return Row(id: folder.id, name: folder.name, type: "", folder: nil, cells: [String(count)])
            }
        }
    }

    private static let columns: [ItemKind: [String]] = [
        .tags: ["Name", "Type", "Fired by", "Folder"], .triggers: ["Name", "Type", "Tags", "Folder"],
        .variables: ["Name", "Type", "Folder"], .folders: ["Name", "Things in it"],
    ]

    private func listValues(
        _ kind: ItemKind, _ draft: ContainerDefinition, _ path: String, _ request: AdminRequest
    ) throws(AdminError) -> [String: Any] {
        let query = FormFields.trimmed(request.text("q") ?? "")
        let folder = request.text("folder") ?? ""
        let small = query.lowercased()
        let all = rows(kind, draft)
        let found = all.filter { row in
            (folder.isEmpty || row.folder == folder)
                && (small.isEmpty || row.id == small || row.type.lowercased() == small
                    || ([row.name] + row.cells).contains { $0.lowercased().contains(small) })
        }.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        let from = min(try number(request, "from", 0...1_000_000) ?? 0, max(found.count - 1, 0))
        let shown = found.dropFirst(from).prefix(AdminHandlers.rowsShown)
        let end = from + shown.count
        let rest =
            "&q=\(AdminHandlers.percentEncoded(query))&folder=\(AdminHandlers.percentEncoded(folder))"
        func link(_ start: Int) -> [String: Any] { ["link": "\(path)?show=\(kind.rawValue)&from=\(start)\(rest)"] }
        var values: [String: Any] = [
            "showTitle": kind.title, "addTitle": "Add a \(kind.single)", "q": FormText.escape(query),
            "columns": (AdminHandlers.columns[kind] ?? []).map { ["column": $0] },
            "hasFolders": kind != .folders && !draft.folders.isEmpty,
            "folderChoices": FormField.choices(
                [("", "all")] + draft.folders.map { ($0.id, $0.name) }, value: folder),
            "hasRows": !shown.isEmpty, "range": "\(from + 1) to \(end) of \(found.count)",
            "emptyText": all.isEmpty ? "There is none yet." : "Nothing fits the search.",
            "itemRows": shown.map { row in
                [
                    "itemName": row.name, "itemLink": "\(path)/\(kind.rawValue)/\(row.id)",
                    "itemCells": row.cells.map { ["cell": $0] },
                    "badges": row.badges.map { ["state": $0.0, "tone": $0.1] },
                ] as [String: Any]
            },
        ]
        let types = AdminHandlers.types(kind)
        values["hasTypes"] = !types.isEmpty
        values["typeChoices"] = types.map { ["choice": $0.0, "choiceTitle": $0.1] }
        if from > 0 { values["earlier"] = link(max(from - AdminHandlers.rowsShown, 0)) }
        if end < found.count { values["later"] = link(end) }
        return values
    }

    /// What people may make of a kind: its word and title.
    static func types(_ kind: ItemKind) -> [(String, String)] {
        switch kind {
        case .tags: TagType.all.map { ($0.name, $0.title) }
        case .triggers: TriggerType.all.filter { $0.usage == .web }.map { ($0.name, $0.title) }
        case .variables:
            VariableType.all.filter { type in
                !BuiltInVariable.all.contains { $0.type == type.name && type.fields.isEmpty }
            }
            .map { ($0.name, $0.title) }
        case .folders, .builtins, .settings: []
        }
    }
}
