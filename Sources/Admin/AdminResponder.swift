internal import Catalog
internal import HTTPTypes
internal import Hummingbird
package import HummingbirdCore
internal import NIOCore

/// Answers every request of the plane: gate, handler, error, security fields, in that order. Any task; blocks nowhere.
package struct AdminResponder: HTTPResponder {
    package typealias Context = AdminContext
    let gate: AdminGate
    let handlers: AdminHandlers
    let pages: PageRenderer
    let counters: AdminCounters

    package func respond(to request: Request, context: AdminContext) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request, context)
        } catch let error as AdminError {
            response = answer(error, to: request)
        } catch is CancellationError {
            response = answer(AdminError(.timeout, "The request was given up."), to: request)
        } catch {
            handlers.sources.log("an admin request failed", ["error": "\(error)", "path": routeName(request)])
            response = answer(AdminError(.failed, "The server's log says why."), to: request)
        }
        AdminAnswer.secure(&response, overTLS: gate.settings.isSecure)
        counters.add(response.status.code)
        // What is left unread of a body would be read as the next request.
        let hasBody = request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil
        if response.status.code >= 400, hasBody {
            response.headers[.connection] = "close"
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: AdminContext) async throws -> Response {
        let authority = request.head.authority
        try gate.checkHost(authority)
        let match = AdminRoute.match(method: request.method.rawValue, path: request.uri.path)
        guard case .found(let route, let parameters) = match else {
            guard case .otherMethods(let methods) = match else { throw AdminError.notFound }
            var error = AdminError(.methodNotAllowed, "This path takes \(methods.joined(separator: ", ")).")
            error.allowed = methods
            throw error
        }
        let snapshot = gate.catalog.current
        let known = try gate.credentials(request.headers, peer: context.peer, snapshot: snapshot)
        let isUnsafe = request.method != .get && request.method != .head
        if isUnsafe, known.session != nil || route == .signIn || route == .signOut {
            try gate.checkOrigin(request.headers, authority: authority ?? "")
        }
        let isLocal = gate.isLocal(request.headers, peer: context.peer, authority: authority ?? "")
        let site = try gate.authorise(
            route, known.principal, parameter: parameters.first, isLocal: isLocal, snapshot: snapshot)
        var container: Container?
        if case .container = route.access, let principal = known.principal {
            container = AdminGate.container(parameters.first, principal, snapshot)
        }
        let query = AdminRequest.pairs(request.uri.query ?? "")
        if let names = route.queryNames, let other = query.first(where: { !names.contains($0.name) }) {
            throw AdminError(
                .invalid, "\(CatalogError.shown(other.name)): is not known.", field: CatalogError.shown(other.name),
                expected: names.isEmpty ? "no query" : names.joined(separator: ", "))
        }
        let body = try await self.body(request, route)
        let form =
            route.isForm ? try FormFields(body, contentType: request.headers[.contentType] ?? "") : FormFields()
        if isUnsafe, let session = known.session?.session {
            // The sign-in form holds no session's token: it is there for those who have none.
            if route != .signIn {
                try gate.checkToken(session, headers: request.headers, form: form["csrf"])
            }
        }
        return try await handlers.answer(
            AdminRequest(
                route: route, parameters: parameters, principal: known.principal, session: known.session, site: site,
                container: container, snapshot: snapshot, query: query, headers: request.headers, peer: context.peer,
                body: body,
                form: form))
    }

    /// The body where the route has one, within its limits of bytes and time.
    private func body(_ request: Request, _ route: AdminRoute) async throws -> [UInt8] {
        let max = Swift.max(gate.settings.bodyBytesMax, route.bodyBytesMax ?? 0)
        let tooLarge = AdminError(.tooLarge, "The body may have \(max) bytes.")
        if let text = request.headers[.contentLength], Int(text).map({ $0 > max }) ?? true { throw tooLarge }
        guard let type = route.bodyType else { return [] }
        let given = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        guard given.split(separator: " ").joined() == type else {
            throw AdminError(.mediaType, "The body must be \(type).", field: "Content-Type", expected: type)
        }
        let reading = request.body
        return try await Deadline.run(gate.settings.bodyDeadline * (route.bodyBytesMax == nil ? 1 : 6)) {
            var bytes: [UInt8] = []
            for try await chunk in reading {
                guard chunk.readableBytes <= max - bytes.count else { throw tooLarge }
                bytes += chunk.readableBytesView
            }
            return bytes
        } late: {
            AdminError(.timeout, "The body did not arrive in time.")
        }
    }

    private func answer(_ error: AdminError, to request: Request) -> Response {
        let accepted = request.headers[.accept] ?? ""
        var isPage = accepted.contains("text/html")
        if case .found(let route, _) = AdminRoute.match(method: request.method.rawValue, path: request.uri.path) {
            isPage = route.isPage && (isPage || accepted.isEmpty || accepted.contains("*/*"))
        }
        guard isPage else { return AdminAnswer.problem(error) }
        var response = AdminAnswer.page(pages.errorPage(error), status: error.kind.status)
        AdminAnswer.addFields(of: error, to: &response)
        return response
    }

    /// The route without its variable part, fit for a log.
    private func routeName(_ request: Request) -> String {
        guard case .found(let route, _) = AdminRoute.match(method: request.method.rawValue, path: request.uri.path)
        else { return "none" }
        return route.rawValue
    }
}
