package import Catalog
internal import Tagging

/// Every path of the admin plane: a closed list. Who may call it stands here, so a new route without a rule is a route
/// that does not compile; the OpenAPI document and the tests go through this list.
package enum AdminRoute: String, CaseIterable, Sendable {
    case home = "GET /"
    case sitePage = "GET /sites/{site}"
    case containersPage = "GET /containers"
    case addContainerForm = "POST /containers"
    case containerPage = "GET /containers/{container}"
    case changeContainerForm = "POST /containers/{container}"
    case versionPage = "GET /containers/{container}/versions/{number}"
    case diffPage = "GET /containers/{container}/diff"
    case publishPage = "GET /containers/{container}/publish"
    case publishForm = "POST /containers/{container}/publish"
    case approvalForm = "POST /containers/{container}/approval"
    case rollbackForm = "POST /containers/{container}/rollback"
    case killForm = "POST /containers/{container}/kills"
    case environmentForm = "POST /containers/{container}/environments"
    case removeContainerForm = "POST /containers/{container}/remove"
    case importPage = "GET /containers/{container}/import"
    case importForm = "POST /containers/{container}/import"
    case takeImportForm = "POST /containers/{container}/import/take"
    case addWorkspaceForm = "POST /containers/{container}/workspaces"
    case workspacePage = "GET /containers/{container}/workspaces/{workspace}"
    case workspaceForm = "POST /containers/{container}/workspaces/{workspace}"
    case itemPage = "GET /containers/{container}/workspaces/{workspace}/{kind}/{item}"
    case itemForm = "POST /containers/{container}/workspaces/{workspace}/{kind}/{item}"
    case signInPage = "GET /sign-in/{token}"
    case signIn = "POST /sign-in"
    case signOut = "POST /sign-out"
    case file = "GET /public/{file}"
    case openAPI = "GET /openapi.json"
    case metrics = "GET /metrics"
    case listSites = "GET /api/v1/sites"
    case addSite = "POST /api/v1/sites"
    case showSite = "GET /api/v1/sites/{site}"
    case changeSite = "PATCH /api/v1/sites/{site}"
    case removeSite = "DELETE /api/v1/sites/{site}"
    case listAliases = "GET /api/v1/sites/{site}/aliases"
    case addAlias = "POST /api/v1/sites/{site}/aliases"
    case removeAlias = "DELETE /api/v1/sites/{site}/aliases/{protocol}/{value}"
    case listKeys = "GET /api/v1/keys"
    case addKey = "POST /api/v1/keys"
    case revokeKey = "DELETE /api/v1/keys/{key}"
    case audit = "GET /api/v1/audit"
    case query = "POST /api/v2/query"
    case listContainers = "GET /api/v1/containers"
    case addContainer = "POST /api/v1/containers"
    case showContainer = "GET /api/v1/containers/{container}"
    case changeContainer = "PATCH /api/v1/containers/{container}"
    case removeContainer = "DELETE /api/v1/containers/{container}"
    case listWorkspaces = "GET /api/v1/containers/{container}/workspaces"
    case addWorkspace = "POST /api/v1/containers/{container}/workspaces"
    case showWorkspace = "GET /api/v1/containers/{container}/workspaces/{workspace}"
    case updateWorkspace = "POST /api/v1/containers/{container}/workspaces/{workspace}/update"
    case saveWorkspace = "PUT /api/v1/containers/{container}/workspaces/{workspace}"
    case removeWorkspace = "DELETE /api/v1/containers/{container}/workspaces/{workspace}"
    case findings = "GET /api/v1/containers/{container}/workspaces/{workspace}/findings"
    case listVersions = "GET /api/v1/containers/{container}/versions"
    case addVersion = "POST /api/v1/containers/{container}/versions"
    case showVersion = "GET /api/v1/containers/{container}/versions/{number}"
    case diff = "GET /api/v1/containers/{container}/diff"
    case publish = "POST /api/v1/containers/{container}/publish"
    case approve = "POST /api/v1/containers/{container}/approve"
    case decline = "POST /api/v1/containers/{container}/decline"
    case rollback = "POST /api/v1/containers/{container}/rollback"
    case removeEnvironment = "DELETE /api/v1/containers/{container}/environments/{environment}"
    case listKills = "GET /api/v1/containers/{container}/kills"
    case addKill = "POST /api/v1/containers/{container}/kills"
    case removeKill = "DELETE /api/v1/containers/{container}/kills/{kill}"
    case importContainer = "POST /api/v1/containers/{container}/import"
    case exportContainer = "GET /api/v1/containers/{container}/export"
    case listPreviews = "GET /api/v1/containers/{container}/previews"
    case addPreview = "POST /api/v1/containers/{container}/previews"
    case removePreview = "DELETE /api/v1/containers/{container}/previews/{preview}"
    case microAll = "GET /micro/all"
    case microGood = "GET /micro/good"
    case microBad = "GET /micro/bad"
    case microReset = "POST /micro/reset"

    /// What a caller must show.
    package enum Access: Equatable, Sendable {
        /// Nothing.
        case open
        /// A key or session whose role has the right; what it reaches depends on its sites.
        case role(Permission)
        /// The right over the whole installation.
        case everywhere(Permission)
        /// The right on the site of the path. A site out of reach is answered like one that is not there.
        case site(Permission)
        /// The right on the container of the path, whose sites all have to be within reach. One out of reach is answered
        /// like one that is not there.
        case container(Permission)
        /// As `everywhere`, or the request comes from this machine itself, without a proxy.
        case everywhereOrLoopback(Permission)
        /// As `everywhere`, and the request comes from this machine itself, without a proxy; nothing is there for others.
        case everywhereOnLoopback(Permission)
    }

    package var access: Access {
        switch self {
        case .signInPage, .signIn, .signOut, .file, .openAPI: .open
        case .metrics: .everywhereOrLoopback(.readReports)
        case .home, .listSites, .query: .role(.readReports)
        case .sitePage, .showSite: .site(.readReports)
        case .changeSite, .listAliases, .addAlias, .removeAlias: .site(.manageSites)
        case .addSite, .removeSite: .everywhere(.manageSites)
        case .listKeys, .addKey, .revokeKey: .role(.manageAccess)
        case .audit: .everywhere(.manageAccess)
        case .listContainers, .containersPage: .role(.readReports)
        case .addContainer, .addContainerForm: .role(.editDefinitions)
        case .showContainer, .listWorkspaces, .showWorkspace, .findings, .listVersions, .showVersion, .diff, .listKills,
            .exportContainer, .listPreviews, .containerPage, .versionPage, .diffPage, .workspacePage,
            .itemPage:
            .container(.readReports)
        case .addWorkspace, .saveWorkspace, .updateWorkspace, .removeWorkspace, .addVersion, .importContainer,
            .addPreview,
            .removePreview, .importPage, .importForm, .takeImportForm, .addWorkspaceForm, .workspaceForm,
            .itemForm:
            .container(.editDefinitions)
        case .changeContainer, .removeContainer, .publish, .approve, .decline, .rollback, .removeEnvironment, .addKill,
            .removeKill, .changeContainerForm, .publishPage, .publishForm, .approvalForm, .rollbackForm, .killForm,
            .environmentForm, .removeContainerForm:
            .container(.publish)
        case .microAll, .microGood, .microBad: .everywhereOnLoopback(.readEvents)
        // It changes what others see, and the first role that changes anything is the editor.
        case .microReset: .everywhereOnLoopback(.editDefinitions)
        }
    }

    /// Pages answer errors as pages.
    var isPage: Bool {
        switch self {
        case .home, .sitePage, .signInPage, .signIn, .signOut: true
        default: path.hasPrefix("/containers")
        }
    }

    static let formType = "application/x-www-form-urlencoded"
    static let filesType = "multipart/form-data"

    /// Whether the body is what a page's form sends.
    var isForm: Bool { bodyType == AdminRoute.formType || bodyType == AdminRoute.filesType }

    /// What a body may have beyond what the settings say; nil where they decide.
    var bodyBytesMax: Int? {
        switch self {
        case .importContainer: GTMExport.bytesMax
        // The fields beside the file and the lines between them.
        case .importForm: GTMExport.bytesMax + 16_384
        case .saveWorkspace: ContainerDefinition.jsonBytesMax
        default: nil
        }
    }

    /// What the body must be; nil where there is none.
    var bodyType: String? {
        switch self {
        case .addSite, .changeSite, .addAlias, .addKey, .query, .addContainer, .changeContainer, .addWorkspace,
            .saveWorkspace, .updateWorkspace, .addVersion, .publish, .approve, .decline, .rollback, .addKill,
            .importContainer,
            .addPreview:
            "application/json"
        case .importForm: AdminRoute.filesType
        case .signIn, .signOut, .addContainerForm, .changeContainerForm, .publishForm, .approvalForm, .rollbackForm,
            .killForm, .environmentForm, .removeContainerForm, .takeImportForm, .addWorkspaceForm, .workspaceForm,
            .itemForm:
            AdminRoute.formType
        default: nil
        }
    }

    /// The names that the query of a request's target may have; nil where it is not looked at.
    var queryNames: [String]? {
        switch self {
        case .home, .sitePage, .signInPage, .file: nil
        case .containersPage, .containerPage, .diffPage, .publishPage, .importPage, .workspacePage, .itemPage,
            .versionPage:
            nil
        case .audit: ["limit"]
        case .listVersions: ["before", "limit"]
        case .diff: ["from", "to", "workspace"]
        case .importContainer: ["mode", "workspace", "revision", "check", "googleConsent", "googleEvents"]
        case .exportContainer: ["version", "workspace", "native"]
        default: []
        }
    }

    package var method: String { String(rawValue.prefix { $0 != " " }) }
    package var path: String { String(rawValue.drop { $0 != " " }.dropFirst()) }

    private var segments: [Substring] { path.split(separator: "/") }

    /// Each route with its parts, cut once.
    private static let table = allCases.map { (route: $0, method: $0.method, segments: $0.segments) }

    /// What a request's method and path lead to.
    enum Match {
        case found(AdminRoute, parameters: [String])
        /// The path is one, with these methods.
        case otherMethods([String])
        case none
    }

    /// The longest part of a path: an alias's value with every byte escaped.
    private static let segmentBytesMax = AliasRules.valueBytesMax * 3

    /// O(routes); `path` is without its query.
    static func match(method: String, path: String) -> Match {
        let wanted = path.split(separator: "/", maxSplits: 8, omittingEmptySubsequences: false).dropFirst()
        let segments = wanted.last == "" ? Array(wanted.dropLast()) : Array(wanted)
        guard path.hasPrefix("/"), !segments.contains("") else { return .none }
        let asked = method == "HEAD" ? "GET" : method
        var methods: [String] = []
        for entry in table where entry.segments.count == segments.count {
            var parameters: [String] = []
            let fits = zip(entry.segments, segments).allSatisfy { pattern, segment in
                guard pattern.hasPrefix("{") else { return pattern == segment }
                parameters.append(String(segment))
                return segment.utf8.count <= segmentBytesMax
            }
            guard fits else { continue }
            if entry.method == asked { return .found(entry.route, parameters: parameters) }
            methods.append(entry.method)
            if entry.method == "GET" { methods.append("HEAD") }
        }
        return methods.isEmpty ? .none : .otherMethods(methods)
    }
}
