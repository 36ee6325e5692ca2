internal import Catalog
internal import Events
internal import HTTPTypes

/// Who may pass: host, credentials, origin, right. One function a question; the responder asks them in order.
struct AdminGate: Sendable {
    let settings: AdminSettings
    let hosts: HostPolicy
    let catalog: CatalogHolder
    let sessions: SessionTable
    let failures: FailureBackoff
    let time: any TimeSource

    static let csrfField = HTTPField.Name("X-CSRF-Token")
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    private static let forwarding = ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"]
        .compactMap { HTTPField.Name($0) }

    /// A cookie that only this host over TLS can have set, where there is TLS.
    var cookieName: String { settings.isSecure ? "__Host-highland" : "highland_session" }

    func checkHost(_ authority: String?) throws(AdminError) {
        guard let authority, !authority.isEmpty else {
            throw AdminError(.invalid, "The request names no host.", field: "Host", expected: "this server's name")
        }
        guard hosts.allows(authority) else {
            throw AdminError(
                .misdirected, "This server is not known by that name.", field: "Host",
                expected: "localhost, an address, or the host of the configured URLs")
        }
    }

    /// A key in `Authorization`, else the session cookie, else nothing. Wrong credentials are an error, not nothing.
    func credentials(
        _ headers: HTTPFields, peer: IPAddress?, snapshot: CatalogSnapshot
    ) throws(AdminError) -> (principal: Principal?, session: (cookie: String, session: Session)?) {
        if let authorization = headers[.authorization] {
            let bytes = Array(authorization.utf8)
            guard let principal = snapshot.principal(authorization: bytes.span.bytes) else {
                throw failure(peer, "The key is not one of this installation, or was revoked.")
            }
            failures.succeed(peer)
            return (principal, nil)
        }
        guard let cookie = cookie(headers) else { return (nil, nil) }
        guard let session = sessions.session(cookie, at: time.monotonic()) else { return (nil, nil) }
        return (session.principal, (cookie, session))
    }

    /// A wrong key or token: 401, and 429 when the address keeps showing them.
    func failure(_ peer: IPAddress?, _ detail: String) -> AdminError {
        let wait = failures.fail(peer, at: time.monotonic())
        guard wait > 0 else { return AdminError(.unauthenticated, detail) }
        var error = AdminError(.tooManyFailures, detail)
        error.retryAfterSeconds = wait
        return error
    }

    private func cookie(_ headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";", maxSplits: 100) {
                let trimmed = pair.drop { $0 == " " }
                if trimmed.hasPrefix(cookieName + "=") { return String(trimmed.dropFirst(cookieName.utf8.count + 1)) }
            }
        }
        return nil
    }

    /// That an unsafe request by a browser comes from our own page: what the browser says of its origin, where it
    /// must say something. A key in a header cannot be added by another site, so it needs none of this.
    func checkOrigin(_ headers: HTTPFields, authority: String) throws(AdminError) {
        if let name = AdminGate.fetchSite, let site = headers[name] {
            guard site == "same-origin" else {
                throw AdminError(.crossSite, "Unsafe requests by a session come from this server's own pages only.")
            }
            // A page without referrers, as ours are, sends its forms with the origin null.
            if headers[.origin] == nil || headers[.origin] == "null" { return }
        }
        guard let origin = headers[.origin], isOwn(origin, authority: authority) else {
            throw AdminError(
                .crossSite, "The request does not come from this server's own pages.", field: "Origin",
                expected: "this server's origin")
        }
    }

    private func isOwn(_ origin: String, authority: String) -> Bool {
        let text = origin.lowercased()
        if let adminURL = settings.adminURL, text == adminURL.lowercased().droppingSlash { return true }
        return text == "http://" + authority.lowercased() || text == "https://" + authority.lowercased()
    }

    /// The token of the session, in a header or a form's field. Digests are compared, so the time tells nothing.
    func checkToken(_ session: Session, headers: HTTPFields, form: String?) throws(AdminError) {
        let given = AdminGate.csrfField.flatMap { headers[$0] } ?? form ?? ""
        guard APIKey.digest(of: given) == APIKey.digest(of: session.csrfToken) else {
            throw AdminError(
                .crossSite, "The session's token is missing or wrong.", field: "X-CSRF-Token",
                expected: "the token of the page that was open")
        }
    }

    /// Whether the request was made on this machine and reached us directly.
    func isLocal(_ headers: HTTPFields, peer: IPAddress?, authority: String) -> Bool {
        guard let peer, peer.isLoopback, let host = HostPolicy.host(of: authority) else { return false }
        let isLocalName = host == "localhost" || IPAddress(host)?.isLoopback == true
        return isLocalName && AdminGate.forwarding.allSatisfy { headers[$0] == nil }
    }

    /// That the principal has the right that the route asks for; the site of the path where the route has one.
    func authorise(
        _ route: AdminRoute, _ principal: Principal?, parameter: String?, isLocal: Bool, snapshot: CatalogSnapshot
    ) throws(AdminError) -> Site? {
        if route.access == .open { return nil }
        if case .everywhereOrLoopback = route.access, isLocal { return nil }
        guard let principal else {
            throw AdminError(.unauthenticated, "Send a key as Authorization: Bearer KEY, or open a sign-in link.")
        }
        if case .everywhereOnLoopback = route.access, !isLocal { throw .notFound }
        switch route.access {
        case .open: return nil
        case .role(let permission):
            guard principal.role.has(permission) else { throw .forbidden(permission) }
            return nil
        case .everywhere(let permission), .everywhereOrLoopback(let permission), .everywhereOnLoopback(let permission):
            guard principal.mayEverywhere(permission) else { throw .forbidden(permission) }
            return nil
        case .site(let permission):
            guard let site = snapshot.site(reference: parameter ?? ""), principal.scope.covers(site.id) else {
                throw .notFound
            }
            guard principal.role.has(permission) else { throw .forbidden(permission) }
            return site
        case .container(let permission):
            guard AdminGate.container(parameter, principal, snapshot) != nil else { throw .notFound }
            guard principal.role.has(permission) else { throw .forbidden(permission) }
            return nil
        }
    }

    /// The container that a part of a path names, where the principal reaches it. O(containers).
    static func container(_ parameter: String?, _ principal: Principal, _ snapshot: CatalogSnapshot) -> Container? {
        guard let parameter, let found = snapshot.container(reference: AdminRequest.decoded(parameter)),
            reaches(principal.scope, found)
        else { return nil }
        return found
    }

    /// Containers belong to the installation: some sites' keys reach those that are used on these sites alone, and none
    /// that are used nowhere.
    static func reaches(_ scope: SiteScope, _ container: Container) -> Bool {
        scope == .all || !container.sites.isEmpty && container.sites.allSatisfy(scope.covers)
    }
}

extension String {
    fileprivate var droppingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
