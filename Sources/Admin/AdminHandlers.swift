internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import Tagging

/// One handler a route; what they share. Each file `API/…` and `Page/…` holds those of one subject.
struct AdminHandlers: Sendable {
    let settings: AdminSettings
    let sources: AdminSources
    let changes: CatalogChanges
    let gate: AdminGate
    let links: SignInLinks
    let turns: QueryTurns
    let pages: PageRenderer
    let imports: ImportStage
    let counters: AdminCounters
    let time: any TimeSource

    /// The answer to a request that passed the gate.
    func answer(_ request: AdminRequest) async throws -> Response {
        do {
            switch request.route {
            case .home, .sitePage: return try await sitePage(request)
            case .signInPage: return signInPage(request)
            case .signIn: return try signIn(request)
            case .signOut: return signOut(request)
            case .file: return try file(request)
            case .openAPI: return AdminAnswer.bytes(Array(OpenAPIDocument.json.utf8), type: "application/json")
            case .metrics: return metrics()
            case .listSites: return listSites(request)
            case .addSite: return try await addSite(request)
            case .showSite: return try showSite(request)
            case .changeSite: return try await changeSite(request)
            case .removeSite: return try await removeSite(request)
            case .listAliases: return try listAliases(request)
            case .addAlias: return try await addAlias(request)
            case .removeAlias: return try await removeAlias(request)
            case .listKeys: return try listKeys(request)
            case .addKey: return try await addKey(request)
            case .revokeKey: return try await revokeKey(request)
            case .audit: return try await audit(request)
            case .query: return try await query(request)
            case .listContainers: return try listContainers(request)
            case .addContainer: return try await addContainer(request)
            case .showContainer, .changeContainer, .removeContainer, .listKills:
                return try await containerAnswer(request)
            case .listWorkspaces, .addWorkspace, .showWorkspace, .saveWorkspace, .updateWorkspace, .removeWorkspace,
                .findings:
                return try await workspaceAnswer(request)
            case .listVersions, .addVersion, .showVersion, .diff: return try await versionAnswer(request)
            case .publish, .approve, .decline, .rollback, .removeEnvironment, .addKill, .removeKill:
                return try await publicationAnswer(request)
            case .importContainer: return try await importContainer(request)
            case .exportContainer: return try await exportContainer(request)
            case .listPreviews, .addPreview, .removePreview: return try await previewAnswer(request)
            case .containersPage, .addContainerForm, .containerPage, .changeContainerForm, .approvalForm, .rollbackForm,
                .killForm, .environmentForm, .removeContainerForm, .addWorkspaceForm:
                return try await containerPages(request)
            case .versionPage, .diffPage, .publishPage, .publishForm: return try await publicationPages(request)
            case .importPage, .importForm, .takeImportForm: return try await importPages(request)
            case .workspacePage, .workspaceForm: return try await workspacePages(request)
            case .itemPage, .itemForm: return try await itemPages(request)
            case .microAll: return microAll()
            case .microGood: return microGood()
            case .microBad: return microBad()
            case .microReset: return microReset()
            }
        } catch let error as CatalogError {
            if error.kind == .storage { sources.log("the catalog failed", ["error": error.description]) }
            throw AdminError(error)
        } catch let error as PublicationError {
            if case .catalog(let inner) = error, inner.kind == .storage {
                sources.log("the catalog failed", ["error": inner.description])
            }
            throw AdminError(error)
        } catch let error as ReportError {
            throw AdminError(error)
        }
    }

    /// The principal of a route that asks for one.
    func principal(_ request: AdminRequest) throws(AdminError) -> Principal {
        guard let principal = request.principal else {
            throw AdminError(.unauthenticated, "Send a key as Authorization: Bearer KEY, or open a sign-in link.")
        }
        return principal
    }

    private func metrics() -> Response {
        let text = MetricsText.render(sources.metrics() + counters.families(turns: turns, sessions: gate.sessions))
        return AdminAnswer.bytes(Array(text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    }

    private func file(_ request: AdminRequest) throws(AdminError) -> Response {
        guard let name = request.parameter, let file = EmbeddedFiles.all.first(where: { $0.name == name }) else {
            throw .notFound
        }
        let tags = (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let etag = pages.etag(of: file)
        let isFresh = tags.contains { $0 == etag || $0 == "W/" + etag || $0 == "*" }
        var response =
            isFresh ? Response(status: .notModified) : AdminAnswer.bytes(Array(file.text.utf8), type: file.type)
        response.headers[.eTag] = etag
        response.headers[.cacheControl] = "no-cache"
        return response
    }
}
