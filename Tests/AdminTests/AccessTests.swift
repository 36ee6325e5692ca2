import Admin
import Catalog
import Events
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Who may do what: the whole table of routes, roles and sites, generated from the list of routes.
@Suite struct AccessTests {
    /// A caller: a key's role and reach, or nobody.
    struct Caller: Sendable, CustomStringConvertible {
        var role: Role?
        var reach = TestPlane.Reach.all
        var description: String { role.map { "\($0) of \(reach)" } ?? "nobody" }

        static let all =
            [Caller(role: nil)]
            + Role.allCases.flatMap { role in TestPlane.Reach.allCases.map { Caller(role: role, reach: $0) } }
    }

    /// The site in a path.
    enum Target: String, CaseIterable, Sendable {
        case own = "shop.test", foreign = "other.test", absent = "absent.test"
    }

    /// What must come, said apart from the code that decides it.
    static func expected(_ route: AdminRoute, _ caller: Caller, _ target: Target) -> Set<Int> {
        let isSite = route.path.contains("{site}")
        guard let role = caller.role else {
            if route.access == .open { return [200, 303, 400, 401, 404] }
            return [401]
        }
        let reaches = target == .own || (caller.reach == .all && target == .foreign)
        switch route.access {
        case .open: return [200, 303, 400, 401, 404]
        case .role(let right): return role.has(right) ? [200, 201, 204, 303, 400, 404] : [403]
        case .container(let right):
            guard reaches else { return [404] }
            return role.has(right) ? [200, 201, 202, 204, 303, 400, 404, 409, 422] : [403]
        case .everywhere(let right), .everywhereOrLoopback(let right):
            guard role.has(right), caller.reach == .all else { return [403] }
            return isSite && !reaches ? [404] : [200, 201, 204, 400]
        // These calls come from nowhere: not from this machine.
        case .everywhereOnLoopback: return [404]
        case .site(let right):
            guard reaches else { return [404] }
            return role.has(right) ? [200, 201, 204, 400] : [403]
        }
    }

    @Test(arguments: AdminRoute.allCases) func everyRouteAnswersEachRoleAndSiteByTheTable(_ route: AdminRoute)
        async throws
    {
        for caller in Caller.all {
            for target in Target.allCases {
                let plane = try TestPlane()
                let headers: HTTPFields = caller.role.map { .key(plane.key($0, caller.reach)) } ?? [:]
                try await plane.test { client in
                    let answer = try await client.send(route, site: target.rawValue, headers: headers)
                    let expected = AccessTests.expected(route, caller, target)
                    #expect(
                        expected.contains(answer.status.code),
                        "\(route.rawValue) by \(caller) on \(target): \(answer.status.code), not in \(expected)")
                }
            }
        }
    }

    @Test(arguments: AdminRoute.allCases.filter { $0.path.contains("{site}") })
    func aForeignSiteIsAnsweredExactlyLikeAnAbsentOne(_ route: AdminRoute) async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            for role in Role.allCases {
                let headers = HTTPFields.key(plane.key(role, .first))
                let foreign = try await client.send(route, site: "other.test", headers: headers)
                let absent = try await client.send(route, site: "absent.test", headers: headers)
                #expect(foreign.status == absent.status)
                #expect(foreign.text == absent.text)
            }
        }
    }

    @Test func aReportOnAForeignSiteIsAnsweredExactlyLikeOneOnAnAbsentSite() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            var answers: [String] = []
            for site in ["other.test", "2", "absent.test", "77"] {
                let answer = try await client.execute(
                    uri: "/api/v2/query", method: .post, headers: .key(plane.key(.viewer, .first), json: true),
                    body: .text(#"{"site_id":"\#(site)","metrics":["visitors"],"date_range":"7d"}"#))
                #expect(answer.status == .notFound)
                answers.append(answer.text)
            }
            #expect(Set(answers).count == 1)
        }
    }

    @Test func keysGiveAwayNoMoreThanTheyHave() async throws {
        let plane = try TestPlane()
        let cases: [(Role, TestPlane.Reach, String, Int)] = [
            (.admin, .all, #"{"role":"owner"}"#, 403), (.admin, .all, #"{"role":"admin"}"#, 201),
            (.admin, .first, #"{"role":"viewer"}"#, 403), (.admin, .first, #"{"role":"viewer","sites":[1]}"#, 201),
            (.admin, .first, #"{"role":"viewer","sites":[2]}"#, 400), (.owner, .all, #"{"role":"owner"}"#, 201),
            (.admin, .first, #"{"role":"viewer","sites":["absent.test"]}"#, 400),
            (.owner, .first, #"{"role":"owner","sites":["shop.test"]}"#, 201),
            (.viewer, .all, #"{"role":"viewer"}"#, 403),
        ]
        try await plane.test { client in
            for (role, reach, body, status) in cases {
                let answer = try await client.execute(
                    uri: "/api/v1/keys", method: .post, headers: .key(plane.key(role, reach), json: true),
                    body: .text(body))
                #expect(answer.status.code == status, "\(role) of \(reach): \(body)")
            }
        }
    }

    @Test func anAdminCannotRevokeAnOwnerNorSeeKeysBeyondItsSites() async throws {
        let plane = try TestPlane()
        let owner = try #require(
            plane.holder.current.keys.first { $0.role == .owner && $0.scope == .only([SiteID(1)]) })
        let everywhere = try #require(plane.holder.current.keys.first { $0.role == .owner && $0.scope == .all })
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.admin, .first))
            let own = try await client.execute(uri: "/api/v1/keys/\(owner.id)", method: .delete, headers: headers)
            #expect(own.status == .forbidden)
            let beyond = try await client.execute(
                uri: "/api/v1/keys/\(everywhere.id)", method: .delete, headers: headers)
            let absent = try await client.execute(uri: "/api/v1/keys/absent", method: .delete, headers: headers)
            #expect(beyond.status == .notFound)
            #expect(beyond.text == absent.text)
            let list = try await client.execute(uri: "/api/v1/keys", method: .get, headers: headers)
            #expect(!list.text.contains(everywhere.id))
            #expect(list.text.contains(owner.id))
        }
    }

    @Test func aRevokedKeyIsRefusedAtOnce() async throws {
        let plane = try TestPlane()
        let key = plane.key(.viewer)
        let id = try #require(plane.holder.current.keys.first { $0.role == .viewer && $0.scope == .all }?.id)
        try await plane.test { client in
            let before = try await client.execute(uri: "/api/v1/sites", method: .get, headers: .key(key))
            #expect(before.status == .ok)
            let owner = HTTPFields.key(plane.key(.owner))
            let revoked = try await client.execute(uri: "/api/v1/keys/\(id)", method: .delete, headers: owner)
            #expect(revoked.status == .noContent)
            let after = try await client.execute(uri: "/api/v1/sites", method: .get, headers: .key(key))
            #expect(after.status == .unauthorized)
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:8081", "localhost.evil.example", "shop.test", "127.0.0.1.evil.example", "a b",
        "[::1",
    ])
    func aForeignHostIsRefused(_ host: String) async throws {
        let policy = HostPolicy(AdminSettings())
        #expect(!policy.allows(host))
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:8081", "127.0.0.1:8081", "[::1]:8081", "10.1.2.3", "stats.example",
        "www.public.example:443",
    ])
    func ourOwnHostsAndAddressesAreTaken(_ host: String) {
        var settings = AdminSettings()
        settings.adminURL = "https://stats.example/"
        settings.publicURL = "https://www.public.example"
        #expect(HostPolicy(settings).allows(host))
    }

    @Test func wrongKeysAreSlowedDownAndRightOnesStillPass() throws {
        let backoff = FailureBackoff(entriesMax: 3)
        let address = IPAddress(ipv4: 0x0A00_0001)
        var now = MonotonicInstant(nanoseconds: 0)
        let waits = (0..<14).map { _ in backoff.fail(address, at: now) }
        #expect(waits == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8])
        for _ in 0..<20 { _ = backoff.fail(address, at: now) }
        #expect(backoff.fail(address, at: now) == 900)
        now.nanoseconds += 901 * 1_000_000_000
        #expect(backoff.fail(address, at: now) == 0)
        for number in 0..<20 { _ = backoff.fail(IPAddress(ipv4: UInt32(number)), at: now) }
        #expect(backoff.count == 3)
    }
}

extension TestClient {
    /// A request to a route with a plausible body; the site, where the path has one.
    func send(_ route: AdminRoute, site: String = "shop.test", headers: HTTPFields = [:]) async throws -> TestResponse {
        var fields = headers
        var body: ByteBuffer?
        switch route {
        case .addSite: body = .text(#"{"domains":["new.test"]}"#)
        case .changeSite: body = .text(#"{"name":"New name"}"#)
        case .addAlias: body = .text(#"{"protocol":"snowplow","value":"my-app"}"#)
        case .addKey: body = .text(#"{"role":"viewer","sites":["shop.test"]}"#)
        case .query: body = .text(#"{"site_id":"shop.test","metrics":["visitors"],"date_range":"7d"}"#)
        case .addContainer: body = .text(#"{"name":"new","sites":["shop.test"]}"#)
        case .changeContainer: body = .text(#"{"needsApproval":true}"#)
        case .addWorkspace: body = .text(#"{"name":"second"}"#)
        case .saveWorkspace: body = .text(#"{"revision":1,"definition":{"format":1}}"#)
        case .addVersion, .publish, .rollback, .decline, .addPreview, .updateWorkspace: body = .text("{}")
        case .approve: body = .text(#"{"version":1}"#)
        case .addKill: body = .text(#"{"target":"container"}"#)
        case .importContainer: body = .text(#"{"exportFormatVersion":2}"#)
        case .importForm:
            body = .text("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n")
            fields[.contentType] = "multipart/form-data; boundary=b"
        case .addContainerForm, .changeContainerForm, .publishForm, .approvalForm, .rollbackForm, .killForm,
            .environmentForm, .removeContainerForm, .takeImportForm, .addWorkspaceForm, .workspaceForm, .itemForm:
            body = .text("name=x")
            fields[.contentType] = "application/x-www-form-urlencoded"
        case .signIn, .signOut:
            body = .text("token=x")
            fields[.contentType] = "application/x-www-form-urlencoded"
            fields[.origin] = "http://localhost"
        default: break
        }
        if body != nil, fields[.contentType] == nil { fields[.contentType] = "application/json" }
        let path = route.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            switch part {
            case "{site}": site
            case "{file}": "style.css"
            case "{key}": "absent"
            case "{protocol}": "plausible"
            case "{value}": site
            case "{token}": "token"
            case "{container}": site == "shop.test" ? "own" : site == "other.test" ? "foreign" : "absent"
            case "{workspace}": "default"
            case "{number}": "1"
            case "{environment}": "staging"
            case "{kill}": "container"
            case "{preview}": "0123456789abcdef"
            case "{kind}": "settings"
            case "{item}": "all"
            default: String(part)
            }
        }.joined(separator: "/")
        let method = try #require(HTTPRequest.Method(route.method))
        return try await execute(uri: path, method: method, headers: fields, body: body)
    }
}
