import Admin
import Catalog
import Events
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Signing in by link, and what a session must show with unsafe requests.
@Suite struct SessionTests {
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
    ]

    /// Signs in; the cookie and the page's token.
    private func signIn(_ client: TestClient, _ plane: TestPlane) async throws -> (
        cookie: String, csrf: String
    ) {
        let answer = try await client.execute(
            uri: "/sign-in", method: .post, headers: SessionTests.form, body: .text("token=\(plane.signInToken())"))
        #expect(answer.status == .seeOther)
        let cookie = String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
        let page = try await client.execute(uri: "/", method: .get, headers: [.cookie: cookie])
        #expect(page.status == .ok)
        let start = try #require(page.text.firstRange(of: "name=\"csrf\" value=\""))
        return (cookie, String(page.text[start.upperBound...].prefix { $0 != "\"" }))
    }

    /// Sends a form of one of our pages, as the page does.
    private func sendForm(
        _ path: String, _ body: String, _ client: TestClient, _ session: (cookie: String, csrf: String)
    ) async throws -> TestResponse {
        try await client.execute(
            uri: path, method: .post, headers: SessionTests.form.with("Cookie", session.cookie),
            body: .text("csrf=\(session.csrf)&" + body))
    }

    @Test func aSignInLinkIsGoodOnceAndOnlyWhenItsFormIsSent() async throws {
        let plane = try TestPlane()
        let token = plane.signInToken()
        try await plane.test { client in
            for _ in 0..<3 {
                let page = try await client.execute(uri: "/sign-in/\(token)", method: .get)
                #expect(page.status == .ok)
                #expect(page.headers[.setCookie] == nil)
            }
            let first = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form, body: .text("token=\(token)"))
            #expect(first.status == .seeOther)
            let cookie = try #require(first.headers[.setCookie])
            #expect(cookie.hasPrefix("highland_session="))
            #expect(cookie.contains("HttpOnly; SameSite=Strict"))
            let second = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form, body: .text("token=\(token)"))
            #expect(second.status == .unauthorized)
            #expect(second.headers[.setCookie] == nil)
        }
    }

    @Test func aSignInLinkEndsAfterThirtyMinutes() async throws {
        let plane = try TestPlane()
        let early = plane.signInToken()
        let late = plane.signInToken()
        try await plane.test { client in
            plane.time.advance(milliseconds: 30 * 60_000 - 1)
            let good = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form, body: .text("token=\(early)"))
            #expect(good.status == .seeOther)
            plane.time.advance(milliseconds: 1)
            let old = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form, body: .text("token=\(late)"))
            #expect(old.status == .unauthorized)
        }
    }

    @Test func overTLSTheCookieIsBoundToTheHost() async throws {
        var settings = AdminSettings()
        settings.adminURL = "https://localhost"
        let plane = try TestPlane(settings: settings)
        #expect(plane.plane.signInLink(port: 8081).hasPrefix("https://localhost/sign-in/"))
        let token = plane.signInToken()
        try await plane.test { client in
            let answer = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form.with("Origin", "https://localhost"),
                body: .text("token=\(token)"))
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-highland="))
            #expect(cookie.hasSuffix("; Secure"))
            #expect(cookie.contains("; Path=/;"))
            #expect(answer.header("Strict-Transport-Security") != nil)
        }
    }

    /// What an unsafe request by a session shows, and whether it may pass.
    @Test(
        arguments: [
            ("http://localhost", nil, true, true), ("http://localhost", "same-origin", true, true),
            (nil, "same-origin", true, true), (nil, nil, true, false), ("null", nil, true, false),
            ("http://localhost", nil, false, false), ("http://localhost", "same-site", true, false),
            ("http://localhost", "cross-site", true, false), ("http://localhost", "none", true, false),
            ("http://evil.example", nil, true, false), ("http://evil.example", "same-origin", true, false),
            ("http://localhost.evil.example", nil, true, false), ("http://localhost:99", nil, true, false),
            ("http://xlocalhost", nil, true, false), ("ftp://localhost", nil, true, false),
        ] as [(String?, String?, Bool, Bool)])
    func unsafeRequestsOfASessionComeFromOurOwnPages(
        _ origin: String?, _ fetchSite: String?, _ hasToken: Bool, _ passes: Bool
    ) async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let session = try await signIn(client, plane)
            var headers: HTTPFields = [.cookie: session.cookie, .contentType: "application/json"]
            if let origin { headers[.origin] = origin }
            if let fetchSite { headers = headers.with("Sec-Fetch-Site", fetchSite) }
            if hasToken { headers = headers.with("X-CSRF-Token", session.csrf) }
            for (method, body) in [(HTTPRequest.Method.patch, #"{"name":"Changed"}"#), (.delete, nil)] {
                let answer = try await client.execute(
                    uri: "/api/v1/sites/shop.test", method: method, headers: headers,
                    body: body.map { .text($0) })
                #expect((answer.status.code < 300) == passes)
                if !passes { #expect(answer.status == .forbidden) }
            }
            #expect(plane.holder.current.site(reference: "shop.test")?.name == (passes ? nil : "Shop"))
        }
    }

    @Test func aTokenOfAnotherSessionDoesNotPass() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let one = try await signIn(client, plane)
            let other = try await signIn(client, plane)
            #expect(one.csrf != other.csrf)
            let headers: HTTPFields = [
                .cookie: one.cookie, .contentType: "application/json", .origin: "http://localhost",
            ]
            let answer = try await client.execute(
                uri: "/api/v1/sites/1", method: .patch, headers: headers.with("X-CSRF-Token", other.csrf),
                body: .text(#"{"name":"x"}"#))
            #expect(answer.status == .forbidden)
        }
    }

    /// Every form of a page, among them those that publish, switch off and remove.
    static let forms = AdminRoute.allCases.filter { $0.method == "POST" && $0.path.hasPrefix("/containers") }

    @Test(arguments: forms) func aFormIsTakenFromItsOwnPageOnly(_ route: AdminRoute) async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let session = try await signIn(client, plane)
            let other = try await signIn(client, plane)
            let before = plane.holder.current.generation
            let own: HTTPFields = [.cookie: session.cookie, .origin: "http://localhost"]
            let strange: [(String, HTTPFields)] = [
                ("no token", own), ("another session's token", own.with("X-CSRF-Token", other.csrf)),
                ("another site's page", [.cookie: session.cookie, .origin: "https://evil.example"]),
                (
                    "another site's page with the token",
                    HTTPFields([.init(name: .cookie, value: session.cookie)]).with("X-CSRF-Token", session.csrf)
                        .with("Origin", "https://evil.example")
                ),
            ]
            for (what, headers) in strange {
                let answer = try await client.send(route, headers: headers)
                #expect(answer.status == .forbidden, "\(route.rawValue) with \(what): \(answer.status.code)")
            }
            #expect(plane.holder.current.generation == before, "nothing was changed")
            let passed = try await client.send(route, headers: own.with("X-CSRF-Token", session.csrf))
            #expect(passed.status != .forbidden, "\(route.rawValue): \(passed.text)")
        }
    }

    @Test func whatCannotBeTakenBackIsAskedTwice() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let session = try await signIn(client, plane)
            func send(_ path: String, _ body: String) async throws -> TestResponse {
                try await sendForm("/containers/own" + path, body, client, session)
            }
            let once = try await send("/remove", "")
            #expect(once.status == .badRequest && once.text.contains("Really"), "\(once.text)")
            #expect(plane.holder.current.containers.count == 2)
            let twice = try await send("/remove", "sure=1")
            #expect(twice.status == .seeOther && twice.headers[.location] == "/containers?done=removed")
            #expect(plane.holder.current.containers.map(\.name) == ["foreign"])
            let gone = try await send("/remove", "sure=1")
            #expect(gone.status == .notFound)
        }
    }

    @Test func anEnvironmentEndsOnItsPageButNotLive() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let session = try await signIn(client, plane)
            func send(_ path: String, _ body: String) async throws -> TestResponse {
                try await sendForm("/containers/own" + path, body, client, session)
            }
            for environment in ["staging", "live"] {
                let draft = plane.holder.current.containers.first { $0.name == "own" }?.workspaces.first
                let workspace = try #require(draft)
                let published = try await send(
                    "/publish",
                    "environment=\(environment)&workspace=\(workspace.id.rawValue)&revision=\(workspace.revision)")
                #expect(published.status == .seeOther, "\(published.text)")
            }
            let page = try await client.execute(
                uri: "/containers/own", method: .get, headers: [.cookie: session.cookie])
            #expect(page.text.contains("End this environment"))
            #expect(try await send("/environments", "environment=staging").status == .badRequest)
            #expect(try await send("/environments", "environment=staging&sure=1").status == .seeOther)
            let live = try await send("/environments", "environment=live&sure=1")
            #expect(live.status.code >= 400 && live.status.code < 500, "\(live.text)")
            let left = plane.holder.current.containers.first { $0.name == "own" }?.environments.map(\.name)
            #expect(left == ["live"])
        }
    }

    @Test func signingInElsewhereCannotBeForcedOnABrowser() async throws {
        let plane = try TestPlane()
        let token = plane.signInToken()
        try await plane.test { client in
            let forced = try await client.execute(
                uri: "/sign-in", method: .post, headers: SessionTests.form.with("Origin", "https://evil.example"),
                body: .text("token=\(token)"))
            #expect(forced.status == .forbidden)
            #expect(forced.headers[.setCookie] == nil)
        }
    }

    @Test func signingOutEndsTheSession() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let session = try await signIn(client, plane)
            let out = try await client.execute(
                uri: "/sign-out", method: .post, headers: SessionTests.form.with("Cookie", session.cookie),
                body: .text("csrf=\(session.csrf)"))
            #expect(out.status == .ok)
            #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
            let after = try await client.execute(uri: "/", method: .get, headers: [.cookie: session.cookie])
            #expect(after.status == .unauthorized)
        }
    }

    @Test func aSessionEndsAfterTwelveHoursHoweverMuchItIsUsed() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            var cookie = try await signIn(client, plane).cookie
            var renewals = 0
            for _ in 0..<23 {
                plane.time.advance(milliseconds: 31 * 60_000)
                let page = try await client.execute(uri: "/", method: .get, headers: [.cookie: cookie])
                #expect(page.status == .ok)
                if let next = page.headers[.setCookie] {
                    cookie = String(next.prefix { $0 != ";" })
                    renewals += 1
                }
            }
            #expect(renewals == 11)
            plane.time.advance(milliseconds: 31 * 60_000)
            let ended = try await client.execute(uri: "/", method: .get, headers: [.cookie: cookie])
            #expect(ended.status == .unauthorized)
        }
    }

    @Test func aReplacedCookieIsGoodForOneMoreMinute() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let old = try await signIn(client, plane).cookie
            plane.time.advance(milliseconds: 61 * 60_000)
            let page = try await client.execute(uri: "/", method: .get, headers: [.cookie: old])
            #expect(page.headers[.setCookie] != nil)
            let during = try await client.execute(uri: "/", method: .get, headers: [.cookie: old])
            #expect(during.status == .ok)
            plane.time.advance(milliseconds: 60_000)
            let after = try await client.execute(uri: "/", method: .get, headers: [.cookie: old])
            #expect(after.status == .unauthorized)
        }
    }

    @Test func theTableOfSessionsStaysWithinItsBound() {
        let table = SessionTable(entriesMax: 3)
        var now = MonotonicInstant(nanoseconds: 1)
        var cookies: [String] = []
        for _ in 0..<5 {
            cookies.append(table.start(role: .owner, scope: .all, at: now).cookie)
            now.nanoseconds += 1
        }
        #expect(table.count == 3)
        #expect(cookies.map { table.session($0, at: now) != nil } == [false, false, true, true, true])
    }
}
