internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Tagging

/// Versions, what differs between two states, and the page before a publication.
extension AdminHandlers {
    /// More of either list are only counted.
    private static let shownMax = 300

    func publicationPages(_ request: AdminRequest) async throws -> Response {
        switch request.route {
        case .versionPage: return try await versionPage(request)
        case .diffPage: return try await diffPage(request)
        case .publishPage: return try await publishPage(request, nil)
        default:
            return try await trying(request) {
                let container = try self.container(request)
                let done = try await publish(order(request, container), container, request)
                let word = done.pending == nil ? "published" : "waits"
                return AdminAnswer.seeOther("/containers/\(container.publicID)?done=\(word)")
            } failed: { error in
                try await publishPage(request, error)
            }
        }
    }

    // MARK: Lists

    /// `link` gives the page of a finding's place, where it has one.
    func findingValues(_ findings: [Finding], link: (Finding) -> String? = { _ in nil }) -> [String: Any] {
        let sorted = Finding.Severity.allCases.flatMap { findings.only($0) }
        let titles: [Finding.Severity: String] = [
            .error: "Error", .confirmation: "To be confirmed", .warning: "Warning", .notice: "Notice",
        ]
        var values: [String: Any] = [
            "hasFindings": !findings.isEmpty,
            "findings": sorted.prefix(AdminHandlers.shownMax).map { finding in
                var values: [String: Any] = [
                    "severity": finding.severity.rawValue, "severityTitle": titles[finding.severity] ?? "",
                    "place": finding.place, "message": finding.message,
                ]
                if let link = link(finding) { values["placeLink"] = ["link": link] }
                return values
            },
        ]
        if findings.count > AdminHandlers.shownMax {
            values["moreFindings"] = ["text": "and \(findings.count - AdminHandlers.shownMax) more"]
        }
        return values
    }

    func changeValues(_ changes: [DefinitionDiff.Change]) -> [String: Any] {
        let kinds: [DefinitionDiff.Kind: String] = [.builtIn: "built-in variable"]
        var values: [String: Any] = [
            "hasChanges": !changes.isEmpty,
            "changes": changes.prefix(AdminHandlers.shownMax).map { change in
                var values: [String: Any] = [
                    "action": change.action.rawValue, "actionTitle": change.action.rawValue,
                    "kindTitle": kinds[change.kind] ?? change.kind.rawValue, "changeName": change.name,
                    "hasDetails": !change.details.isEmpty,
                    "details": change.details.prefix(AdminHandlers.shownMax).map { detail in
                        [
                            "path": detail.path, "old": FormText.shown(detail.old ?? "–"),
                            "new": FormText.shown(detail.new ?? "–"),
                        ]
                    },
                ]
                if let previous = change.previousName { values["previous"] = ["text": previous] }
                return values
            },
        ]
        if changes.count > AdminHandlers.shownMax {
            values["moreChanges"] = ["text": "and \(changes.count - AdminHandlers.shownMax) more"]
        }
        return values
    }

    /// What every page below a container has.
    func containerValues(_ container: Container, _ request: AdminRequest) -> [String: Any] {
        [
            "base": "/containers/\(container.publicID)", "containerName": container.name,
            "siteNames": siteNames(container, request),
        ]
    }

    // MARK: Versions

    private func versionPage(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        guard let number = Int(request.part(1)), number > 0, let draft = container.workspaces.first else {
            throw AdminError.notFound
        }
        let (content, diff) = try await changes.readContainers { publisher, store in
            let content = try store.version(number, of: container.id)
            // The version below it may be gone by now.
            let diff = try? publisher.diff(content.version.base, number, workspace: draft.id, of: container.id)
            return (content, diff ?? [])
        }
        let version = content.version
        var values = containerValues(container, request)
        let base = "/containers/\(container.publicID)"
        values["version"] = String(version.number)
        values["versionName"] = version.name
        values["createdAt"] = when(version.createdAtMilliseconds)
        values["authors"] = version.authors.joined(separator: ", ")
        values["basis"] = String(version.base)
        values["exportLink"] = "/api/v1\(base)/export?version=\(number)"
        values["publishLink"] = "\(base)/publish?version=\(number)"
        if !version.note.isEmpty { values["note"] = ["text": FormText.shown(version.note)] }
        values.merge(changeValues(diff)) { _, new in new }
        values.merge(findingValues(FindingsText.decode(content.findings))) { _, new in new }
        return containerAnswer("container-version", title: "Version \(number)", values, request)
    }

    /// `?from=3&to=5`, 0 for the empty container; `to=w7` is the draft with that number.
    private func diffPage(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        guard let first = container.workspaces.first else { throw AdminError.notFound }
        let live = container.environment(ContainerEnvironment.live)?.version ?? 0
        let from = try number(request, "from", AdminHandlers.versionRange) ?? live
        let word = request.value("to") ?? "w\(first.id.rawValue)"
        var draft = first
        var to: Int?
        if word.hasPrefix("w") {
            draft = try workspace(String(word.dropFirst()), of: container)
        } else {
            to = try number(request, "to", AdminHandlers.versionRange)
        }
        let (workspace, version) = (draft, to)
        let (found, versions) = try await changes.readContainers { publisher, store in
            (
                try publisher.diff(from, version, workspace: workspace.id, of: container.id),
                try store.versions(of: container.id, before: Int(Int32.max), limit: 200)
            )
        }
        var values = containerValues(container, request)
        let numbers = versions.map(\.number) + [0]
        func title(_ number: Int) -> String { number == 0 ? "Nothing" : "Version \(number)" }
        values["fromTitle"] = title(from)
        values["toTitle"] = version.map(title) ?? "draft \(workspace.name)"
        values["fromChoices"] = numbers.map {
            ["value": String($0), "title": title($0), "isOn": $0 == from] as [String: Any]
        }
        let drafts = container.workspaces.map {
            [
                "value": "w\($0.id.rawValue)", "title": "draft \($0.name)",
                "isOn": version == nil && $0.id == workspace.id,
            ] as [String: Any]
        }
        values["toChoices"] =
            drafts
            + numbers.map { ["value": String($0), "title": title($0), "isOn": $0 == version] as [String: Any] }
        values.merge(changeValues(found)) { _, new in new }
        return containerAnswer("container-diff", title: "Compare", values, request)
    }

    // MARK: Publication

    private func order(_ request: AdminRequest, _ container: Container) throws(AdminError) -> PublishOrder {
        let form = request.form
        var order = PublishOrder()
        order.version = try version(form, "version")
        if order.version == nil { order.workspace = try workspace(form.trimmed("workspace"), of: container) }
        order.environment = form.trimmed("environment")
        order.name = form.trimmed("name")
        order.note = form["note"] ?? ""
        order.isConfirmed = form.isOn("confirm")
        order.overridesNewer = form.isOn("overrides")
        order.expecting = Int(form.trimmed("expecting"))
        order.workspaceRevision = Int(form.trimmed("revision"))
        return order
    }

    /// `?version=3` or `?workspace=7`, else the first draft.
    private func publishPage(_ request: AdminRequest, _ error: AdminError?) async throws -> Response {
        let container = try self.container(request)
        let isForm = request.route == .publishForm
        let form = request.form
        let version = isForm ? try version(form, "version") : try number(request, "version", 1...Int(Int32.max))
        let named = isForm ? form["workspace"] : request.value("workspace")
        let reference = named.flatMap { $0.isEmpty ? nil : $0 }
        guard let first = container.workspaces.first else { throw AdminError.notFound }
        let workspace =
            try reference.map { reference throws(AdminError) in
                try self.workspace(reference, of: container)
            } ?? first
        let environment = isForm ? form.trimmed("environment") : ContainerEnvironment.live
        let present = container.environment(environment)?.version ?? 0
        let (draft, changes, findings) = try await changes.readContainers { publisher, _ in
            let draft = try publisher.workspace(workspace.id)
            let definition = try version.map { try publisher.definition(ofVersion: $0, of: container.id) }
            return (
                draft.workspace,
                try publisher.diff(present, version, workspace: workspace.id, of: container.id),
                try publisher.findings(definition ?? draft.definition, in: container.id)
            )
        }
        var values = containerValues(container, request)
        values.merge(problemValues(error)) { _, new in new }
        values["subject"] = version.map { "version \($0)" } ?? "draft \(draft.name)"
        values["isDraft"] = version == nil
        values["workspaceValue"] = version == nil ? String(draft.id.rawValue) : ""
        values["versionValue"] = version.map { String($0) } ?? ""
        values["revision"] = String(draft.revision)
        values["expecting"] = String(container.revision)
        values["name"] = FormText.escape(form["name"] ?? "")
        values["noteField"] = FormText.escape(form["note"] ?? "")
        values["environmentField"] = FormText.escape(environment)
        let names = [ContainerEnvironment.live] + container.environments.map(\.name)
        values["environmentNames"] = Set(names).sorted().map { ["environment": $0] }
        values["mustConfirm"] = !findings.only(.confirmation).isEmpty
        values["hasErrors"] = !findings.only(.error).isEmpty
        values["isBehind"] = version == nil && draft.base < container.newestVersion
        values["newest"] = String(container.newestVersion)
        values["basis"] = String(draft.base)
        values["needsApproval"] = container.needsApproval
        values.merge(changeValues(changes)) { _, new in new }
        values.merge(findingValues(findings)) { _, new in new }
        return containerAnswer("container-publish", title: "Publish", values, request)
    }
}
