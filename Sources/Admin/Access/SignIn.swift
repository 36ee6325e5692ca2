internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// Signing in and out. Opening a link changes nothing, so that a preview of it uses nothing up: its page holds a form,
/// and sending the form exchanges the token for a session.
extension AdminHandlers {
    func signInPage(_ request: AdminRequest) -> Response {
        let token = request.parameter ?? ""
        return AdminAnswer.page(pages.signInPage(token: AdminHandlers.isToken(token) ? token : ""))
    }

    func signIn(_ request: AdminRequest) throws(AdminError) -> Response {
        let form = AdminRequest.pairs(String(decoding: request.body, as: UTF8.self))
        let token = form.first { $0.name == "token" }?.value ?? ""
        let now = time.monotonic()
        guard AdminHandlers.isToken(token), let granted = links.redeem(token, at: now) else {
            throw gate.failure(
                request.peer, "This sign-in link was used already, is older than 30 minutes, or never was one.")
        }
        gate.failures.succeed(request.peer)
        // A session that was there before is not carried on.
        if let session = request.session { gate.sessions.end(session.cookie) }
        let started = gate.sessions.start(role: granted.role, scope: granted.scope, at: now)
        var response = AdminAnswer.seeOther("/")
        response.headers[.setCookie] = cookie(started.cookie, seconds: SessionTable.lifeSeconds)
        return response
    }

    func signOut(_ request: AdminRequest) -> Response {
        if let session = request.session { gate.sessions.end(session.cookie) }
        var response = AdminAnswer.page(pages.signedOutPage())
        response.headers[.setCookie] = cookie("", seconds: 0)
        if let name = HTTPField.Name("Clear-Site-Data") { response.headers[name] = "\"cookies\"" }
        return response
    }

    /// Gives a page's answer the next cookie where the session is due for one.
    func renewing(_ response: Response, _ request: AdminRequest) -> Response {
        guard let session = request.session,
            let next = gate.sessions.renew(session.cookie, at: time.monotonic())
        else { return response }
        var response = response
        response.headers[.setCookie] = cookie(next.cookie, seconds: next.secondsLeft)
        return response
    }

    private func cookie(_ value: String, seconds: UInt64) -> String {
        let secure = settings.isSecure ? "; Secure" : ""
        return "\(gate.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)"
    }

    private static func isToken(_ text: String) -> Bool {
        text.utf8.count == 43 && text.utf8.allSatisfy(Base64URL.holds)
    }
}
