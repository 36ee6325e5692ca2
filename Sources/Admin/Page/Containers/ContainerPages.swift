internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Tagging

/// `/containers` and `/containers/{container}`: which containers there are, and what pages get of one.
extension AdminHandlers {
    private static let versionsShown = 25
    private static let publicationsShown = 10

    func containerPages(_ request: AdminRequest) async throws -> Response {
        switch request.route {
        case .addContainerForm:
            return try await trying(request) {
                let container = try await addContainer(form: request)
                return AdminAnswer.seeOther("/containers/\(container.publicID)?done=added")
            } failed: { error in
                try containersPage(request, error)
            }
        case .containersPage: return try containersPage(request, nil)
        case .containerPage: return try await containerPage(request, nil)
        default:
            return try await trying(request) {
                try await changed(request)
            } failed: { error in
                try await containerPage(request, error)
            }
        }
    }

    /// Does what a form asks for. What a person can put right comes back as the form with the error in it.
    func trying(
        _ request: AdminRequest, _ body: () async throws -> Response,
        failed: (AdminError) async throws -> Response
    ) async throws -> Response {
        let problem: AdminError
        do { return try await body() } catch let error as PublicationError {
            if case .catalog(let inner) = error, inner.kind == .storage { throw error }
            problem = AdminError(error)
        } catch let error as CatalogError {
            if error.kind == .storage { throw error }
            problem = AdminError(error)
        } catch let error as AdminError {
            problem = error
        }
        var response = try await failed(problem)
        response.status = problem.kind.status
        return response
    }

    /// A page of the tag manager.
    func containerAnswer(
        _ template: String, title: String, _ values: [String: Any], _ request: AdminRequest
    ) -> Response {
        let sites = request.snapshot.sites.filter { request.principal?.may(.readReports, on: $0.id) ?? false }
        var all = frame(request, sites, nil)
        all["isTags"] = true
        all["mayEdit"] = request.principal?.role.has(.editDefinitions) ?? false
        all["mayPublish"] = request.principal?.role.has(.publish) ?? false
        if let word = request.value("done"), let text = AdminHandlers.doneTexts[word] {
            all["done"] = ["doneText": text]
        }
        all.merge(values) { _, new in new }
        return renewing(AdminAnswer.page(pages.page(template, title: title, values: all)), request)
    }

    private static let doneTexts = [
        "added": "Added.", "saved": "Saved.", "published": "Published: pages get it within a minute.",
        "waits": "It waits for somebody else's approval.", "rolled": "Rolled back: pages get it within a minute.",
        "killed": "Switched off: pages follow within a minute.", "lifted": "Switched on again.",
        "declined": "Declined.", "removed": "Removed.", "updated": "The newer version is in.",
        "endedEnvironment": "The environment is ended: its address gives nothing within a minute.",
        "imported": "Imported.", "ended": "The link is ended.",
    ]

    /// What stands above a form that was not taken.
    func problemValues(_ error: AdminError?) -> [String: Any] {
        guard let error else { return [:] }
        var values: [String: Any] = ["problemTitle": error.kind.title, "problemDetail": error.detail]
        if let expected = error.expected { values["problemExpected"] = ["text": expected] }
        if !error.findings.isEmpty { values["problemFindings"] = findingValues(error.findings) }
        return ["problem": values]
    }

    func when(_ milliseconds: Int64) -> String {
        MomentText.rfc3339(Timestamp(milliseconds: milliseconds)).prefix(16).split(separator: "T")
            .joined(separator: " ") + " UTC"
    }

    // MARK: All of them

    private func containersPage(_ request: AdminRequest, _ error: AdminError?) throws(AdminError) -> Response {
        let found = try reachableContainers(request)
        var values = problemValues(error)
        values["count"] = String(found.count)
        values["hasContainers"] = !found.isEmpty
        values["containers"] = found.map { container in
            [
                "containerName": container.name, "containerLink": "/containers/\(container.publicID)",
                "publicID": container.publicID, "siteNames": siteNames(container, request),
                "live": container.environment(ContainerEnvironment.live).map { "version \($0.version)" } ?? "–",
                "newest": container.newestVersion > 0 ? String(container.newestVersion) : "–",
                "states": states(container),
            ] as [String: Any]
        }
        values.merge(settingValues(nil, request, error)) { old, _ in old }
        return containerAnswer("containers", title: "Tag manager", values, request)
    }

    private func states(_ container: Container) -> [[String: Any]] {
        var states: [[String: Any]] = []
        if container.kills.contains(where: { $0.target == .container }) {
            states.append(["state": "switched off", "tone": "bad"])
        } else if !container.kills.isEmpty {
            states.append(["state": "\(container.kills.count) kills", "tone": "bad"])
        }
        if !container.requests.isEmpty { states.append(["state": "waits for approval", "tone": "warn"]) }
        return states
    }

    func siteNames(_ container: Container, _ request: AdminRequest) -> String {
        let names = request.snapshot.sites(of: container).map { $0.domains.first ?? $0.name }
        return names.isEmpty ? "no site" : names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
    }

    /// The form of a container's own settings, as it is or as somebody sent it.
    private func settingValues(
        _ container: Container?, _ request: AdminRequest, _ error: AdminError?
    ) -> [String: Any] {
        let isSent = error != nil && (request.route == .addContainerForm || request.route == .changeContainerForm)
        let form = request.form
        let chosen = isSent ? Set(form.all("site")) : Set((container?.sites ?? []).map(\.description))
        let sites = request.snapshot.sites.filter { request.principal?.scope.covers($0.id) ?? false }
        var values: [String: Any] = [
            "name": FormText.escape(isSent ? form["name"] ?? "" : container?.name ?? ""),
            "needsApproval": isSent ? form.isOn("approval") : container?.needsApproval ?? false,
            "hasSiteBoxes": !sites.isEmpty,
            "siteBoxes": sites.prefix(ContainerRules.sitesMax).map { site in
                [
                    "siteID": site.id.description, "boxName": site.name, "boxDomain": site.domains.first ?? "",
                    "isOn": chosen.contains(site.id.description),
                ] as [String: Any]
            },
        ]
        guard isSent, let error else { return values }
        if error.field == "name" { values["nameError"] = ["text": error.expected ?? error.detail] }
        if error.field?.hasPrefix("sites") == true { values["sitesError"] = ["text": error.expected ?? error.detail] }
        return values
    }

    private func addContainer(form request: AdminRequest) async throws -> Container {
        let sites = try containerSites(request.form.all("site"), request)
        return try await add(
            ContainerDraft(
                name: request.form.trimmed("name"), sites: sites, needsApproval: request.form.isOn("approval")),
            request)
    }

    // MARK: One of them

    /// What the forms of the overview ask for.
    private func changed(_ request: AdminRequest) async throws -> Response {
        let container = try self.container(request)
        let form = request.form
        let environment = form.trimmed("environment")
        var done = "saved"
        switch request.route {
        case .changeContainerForm:
            var change = ContainerChange()
            change.name = form.trimmed("name")
            change.sites = try containerSites(form.all("site"), request)
            change.needsApproval = form.isOn("approval")
            _ = try await apply(change, to: container, request)
        case .addWorkspaceForm:
            let (name, actor) = (form.trimmed("name"), try principal(request).name)
            _ = try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.addWorkspace(name, to: container.id, by: actor)
            }
            done = "added"
        case .approvalForm:
            if form["action"] == "decline" {
                _ = try await decline(environment, container, request)
                done = "declined"
            } else {
                _ = try await approve(try version(form, "version") ?? 0, environment, container, request)
                done = "published"
            }
        case .rollbackForm:
            let (version, actor) = (try version(form, "version"), try principal(request).name)
            _ = try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.rollback(to: version, of: container.id, in: environment, by: actor)
            }
            done = "rolled"
        case .environmentForm:
            try requireSure(form)
            let actor = try principal(request).name
            _ = try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeEnvironment(environment, of: container.id, by: actor)
            }
            done = "endedEnvironment"
        case .removeContainerForm:
            try requireSure(form)
            let actor = try principal(request).name
            try await changes.changeContainers { publisher throws(PublicationError) in
                try publisher.removeContainer(container.id, by: actor)
            }
            return AdminAnswer.seeOther("/containers?done=removed")
        default:
            guard let target = ContainerKill.Target(kind: form.trimmed("target"), value: form.trimmed("value")) else {
                throw AdminError(
                    .invalid, "target: is none.", field: "target", expected: "one of container, tag, host")
            }
            let isOff = form["action"] != "lift"
            _ = try await switchOff(target, isOff, container, request)
            done = isOff ? "killed" : "lifted"
        }
        return AdminAnswer.seeOther("/containers/\(container.publicID)?done=\(done)")
    }

    /// What cannot be taken back needs a second sign that it is meant.
    func requireSure(_ form: FormFields) throws(AdminError) {
        guard form.isOn("sure") else {
            throw AdminError(.invalid, "The box beside the button is empty.", expected: "\"Really\" ticked")
        }
    }

    /// A version's number in a form; nil where it was left empty.
    func version(_ form: FormFields, _ name: String) throws(AdminError) -> Int? {
        let text = form.trimmed(name)
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= 10, let number = Int(text), number > 0 else {
            throw AdminError(
                .invalid, "\(name): '\(CatalogError.shown(text))' is no version.", field: name,
                expected: "a version's number")
        }
        return number
    }

    private func containerPage(_ request: AdminRequest, _ error: AdminError?) async throws -> Response {
        let container = try self.container(request)
        let before = try number(request, "before", 1...Int(Int32.max)) ?? Int(Int32.max)
        let (versions, history) = try await changes.readContainers { _, store in
            let versions = try store.versions(
                of: container.id, before: before, limit: AdminHandlers.versionsShown + 1)
            var history: [String: [PublicationEntry]] = [:]
            for environment in container.environments {
                let entries = try store.publications(of: container.id, in: environment.name)
                history[environment.name] = entries.suffix(AdminHandlers.publicationsShown).reversed()
            }
            return (versions, history)
        }
        let base = "/containers/\(container.publicID)"
        var values = problemValues(error)
        values.merge(settingValues(container, request, error)) { old, _ in old }
        values["base"] = base
        values["containerName"] = container.name
        values["publicID"] = container.publicID
        values["siteNames"] = siteNames(container, request)
        values["exportLink"] = "/api/v1\(base)/export"
        values["isKilled"] = container.kills.contains { $0.target == .container }
        values["pending"] = container.requests.map { pendingValues($0, container, base) }
        values["workspaces"] = container.workspaces.map { workspaceValues($0, base) }
        values["workspaceField"] =
            request.route == .addWorkspaceForm ? FormText.escape(request.form["name"] ?? "") : ""
        values["hasEnvironments"] = !container.environments.isEmpty
        values["environments"] = container.environments.map {
            environmentValues($0, container, history[$0.name] ?? [])
        }
        values["futureSnippet"] = snippet(container.url(of: ContainerEnvironment.live))
        let shown = versions.prefix(AdminHandlers.versionsShown)
        values["hasVersions"] = !shown.isEmpty
        values["versions"] = shown.map { versionValues($0, container, base) }
        if versions.count > shown.count, let last = shown.last {
            values["older"] = ["link": "\(base)?before=\(last.number)"]
        }
        values.merge(killValues(container, request, error)) { _, new in new }
        return containerAnswer("container", title: container.name, values, request)
    }

    private func pendingValues(_ pending: PublicationRequest, _ container: Container, _ base: String) -> [String: Any] {
        let present = container.environment(pending.environment)?.version ?? 0
        return [
            "environment": pending.environment, "version": String(pending.version), "askedBy": pending.askedBy,
            "askedAt": when(pending.askedAtMilliseconds),
            "diffLink": "\(base)/diff?from=\(present)&to=\(pending.version)",
        ]
    }

    private func workspaceValues(_ workspace: Workspace, _ base: String) -> [String: Any] {
        [
            "workspaceName": workspace.name, "workspaceLink": "\(base)/workspaces/\(workspace.id.rawValue)",
            "basis": String(workspace.base), "savedAt": when(workspace.savedAtMilliseconds),
            "savedBy": workspace.savedBy,
        ]
    }

    private func environmentValues(
        _ environment: ContainerEnvironment, _ container: Container, _ history: [PublicationEntry]
    ) -> [String: Any] {
        let fixed = publicURL + "/tags/\(container.publicID)/\(environment.script)"
        return [
            "environment": environment.name, "version": String(environment.version),
            "mayEnd": environment.name != ContainerEnvironment.live, "hasHistory": history.count > 1,
            "history": history.map { entry in
                [
                    "entryVersion": String(entry.version), "entryActor": entry.actor,
                    "entryAt": when(entry.atMilliseconds), "isBack": entry.isRollback,
                ] as [String: Any]
            },
            "publishedAt": when(environment.atMilliseconds), "publishedBy": environment.actor,
            "snippet": snippet(container.url(of: environment.name)),
            "integritySnippet":
                "<script async src=\"\(fixed)\" integrity=\"\(environment.integrity)\" crossorigin></script>",
        ]
    }

    private func snippet(_ path: String) -> String { "<script async src=\"\(publicURL)\(path)\"></script>" }

    /// Where pages reach the public plane, without a slash at its end.
    var publicURL: String {
        let url = settings.publicURL ?? "http://localhost:8080"
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private func versionValues(_ version: ContainerVersion, _ container: Container, _ base: String) -> [String: Any] {
        let uses = container.environments.filter { $0.version == version.number }.map(\.name)
        var values: [String: Any] = [
            "version": String(version.number), "versionName": version.name,
            "versionLink": "\(base)/versions/\(version.number)", "createdAt": when(version.createdAtMilliseconds),
            "authors": version.authors.joined(separator: ", "),
            "compareLink": "\(base)/diff?from=\(version.base)&to=\(version.number)",
            "publishLink": "\(base)/publish?version=\(version.number)",
        ]
        if !uses.isEmpty { values["inUse"] = ["text": uses.joined(separator: ", ")] }
        return values
    }

    private func killValues(_ container: Container, _ request: AdminRequest, _ error: AdminError?) -> [String: Any] {
        let isSent = request.route == .killForm && error != nil && request.form["action"] != "lift"
        let kind = isSent ? request.form.trimmed("target") : "tag"
        let titles = [("tag", "a tag"), ("host", "a host"), ("container", "the whole container")]
        var values: [String: Any] = [
            "hasKills": !container.kills.isEmpty,
            "kills": container.kills.map { kill in
                let (kind, value) = kill.target.words
                return [
                    "killKind": titles.first { $0.0 == kind }?.1 ?? kind, "killTarget": kind, "killValue": value,
                    "killedBy": kill.actor, "killedAt": when(kill.atMilliseconds),
                ] as [String: Any]
            },
            "killChoices": titles.map { ["value": $0.0, "title": $0.1, "isOn": $0.0 == kind] as [String: Any] },
            "killField": isSent ? FormText.escape(request.form["value"] ?? "") : "",
        ]
        if isSent, let error { values["killError"] = ["text": error.expected ?? error.detail] }
        return values
    }
}
