import Admin
import Catalog
import HTTPTypes
import Hummingbird
import NIOCore
import Reports
import RequestParsing
import Testing

/// Sites, keys, audit and reports over HTTP, and how errors look.
@Suite struct APITests {
    @Test(arguments: AdminRoute.allCases) func everyAnswerCarriesTheSecurityFields(_ route: AdminRoute) async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            for headers in [HTTPFields.key(plane.key(.owner)), [:], .key("hlk_wrong")] {
                let answer = try await client.send(route, headers: headers)
                let policy = try #require(answer.header("Content-Security-Policy"))
                #expect(policy.contains("default-src 'none'"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(answer.header("Referrer-Policy") == "no-referrer")
                #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
                #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
                #expect(answer.header("Access-Control-Allow-Origin") == nil)
                let isFile = route == .file && answer.status == .ok
                #expect(answer.header("Cache-Control") == (isFile ? "no-cache" : "no-store"))
            }
        }
    }

    @Test func noOriginIsEverAllowed() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.owner)).with("Origin", "https://evil.example")
            let answer = try await client.execute(uri: "/api/v1/sites", method: .get, headers: headers)
            #expect(answer.header("Access-Control-Allow-Origin") == nil)
            #expect(answer.header("Access-Control-Allow-Credentials") == nil)
            let preflight = try await client.execute(uri: "/api/v1/sites", method: .options, headers: headers)
            #expect(preflight.status == .methodNotAllowed)
        }
    }

    /// Method, path, content type, body; what must come.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method
        var path: String
        var type: String? = "application/json"
        var body: String?
        var status: Int
        var field: String?
        var testDescription: String { "\(method) \(path) \(body ?? "")" }
    }

    static let wrongs: [Wrong] = [
        Wrong(method: .get, path: "/absent", status: 404), Wrong(method: .get, path: "/api/v1/sites/77", status: 404),
        Wrong(method: .get, path: "/api//v1/sites", status: 404),
        Wrong(method: .get, path: "/public/../x", status: 404),
        Wrong(method: .get, path: "/public/%2e%2e", status: 404),
        Wrong(method: .put, path: "/api/v1/sites", status: 405),
        Wrong(method: .delete, path: "/metrics", status: 405),
        Wrong(method: .post, path: "/api/v1/sites", type: nil, body: "{}", status: 415, field: "Content-Type"),
        Wrong(method: .post, path: "/api/v1/sites", type: "text/plain", body: "{}", status: 415, field: "Content-Type"),
        Wrong(method: .post, path: "/api/v1/sites", body: "{", status: 400, field: "body"),
        Wrong(method: .post, path: "/api/v1/sites", body: "[]", status: 400, field: "body"),
        Wrong(method: .post, path: "/api/v1/sites", body: "{}", status: 400, field: "domains"),
        Wrong(method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test"],"id":9}"#, status: 400, field: "id"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test"],"key":"x"}"#, status: 400, field: "key"),
        Wrong(method: .post, path: "/api/v1/sites", body: #"{"domains":"a.test"}"#, status: 400, field: "domains"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["shop.test"],"timeZone":"Mars/North"}"#,
            status: 400, field: "timeZone"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test"],"retentionMonths":1e400}"#,
            status: 400, field: "retentionMonths"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test"],"retentionMonths":121}"#,
            status: 400, field: "retentionMonths"),
        Wrong(method: .post, path: "/api/v1/sites", body: #"{"domains":[]}"#, status: 400, field: "domains"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test","a b"]}"#, status: 400,
            field: "domains[1]"),
        Wrong(
            method: .post, path: "/api/v1/sites", body: #"{"domains":["a.test","shop.test"]}"#, status: 409,
            field: "domains"),
        Wrong(method: .patch, path: "/api/v1/sites/1", body: "{}", status: 400, field: "body"),
        Wrong(method: .patch, path: "/api/v1/sites/1", body: #"{"domains":[]}"#, status: 400, field: "domains"),
        Wrong(
            method: .patch, path: "/api/v1/sites/1", body: #"{"domains":["a b"]}"#, status: 400, field: "domains[0]"),
        Wrong(
            method: .patch, path: "/api/v1/sites/1", body: #"{"domains":["other.test"]}"#, status: 409,
            field: "domains"),
        Wrong(
            method: .patch, path: "/api/v1/sites/1", body: #"{"unknownConsent":"maybe"}"#, status: 400,
            field: "unknownConsent"),
        Wrong(method: .put, path: "/api/v1/sites/1/aliases", status: 405),
        Wrong(method: .post, path: "/api/v1/sites/1/aliases", body: "{}", status: 400, field: "protocol"),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases", body: #"{"protocol":"gtm","value":"x"}"#, status: 400,
            field: "protocol"),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases", body: #"{"protocol":"matomo"}"#, status: 400, field: "value"
        ),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases", body: #"{"protocol":"matomo","value":7}"#, status: 400,
            field: "value"),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases", body: #"{"protocol":"matomo","value":"007"}"#, status: 400,
            field: "value"),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases",
            body: #"{"protocol":"matomo","value":"7","consent":"yes"}"#, status: 400, field: "consent"),
        Wrong(
            method: .post, path: "/api/v1/sites/1/aliases", body: #"{"protocol":"matomo","value":"7","site":2}"#,
            status: 400, field: "site"),
        Wrong(method: .delete, path: "/api/v1/sites/1/aliases/gtm/x", status: 404),
        Wrong(method: .delete, path: "/api/v1/sites/1/aliases/matomo/7", status: 404),
        Wrong(method: .post, path: "/api/v1/keys", body: "{}", status: 400, field: "role"),
        Wrong(method: .post, path: "/api/v1/keys", body: #"{"role":"king"}"#, status: 400, field: "role"),
        Wrong(method: .post, path: "/api/v1/keys", body: #"{"role":"viewer","sites":[]}"#, status: 400, field: "sites"),
        Wrong(
            method: .post, path: "/api/v1/keys", body: #"{"role":"viewer","digest":"x"}"#, status: 400, field: "digest"),
        Wrong(method: .get, path: "/api/v1/audit?limit=0", status: 400, field: "limit"),
        Wrong(method: .get, path: "/api/v1/audit?limit=99999999999999999999", status: 400, field: "limit"),
        Wrong(method: .get, path: "/api/v1/audit?other=1", status: 400, field: "other"),
        Wrong(method: .post, path: "/api/v2/query", body: #"{"site_id":"1"}"#, status: 400, field: "metrics"),
        Wrong(
            method: .post, path: "/api/v2/query",
            body: #"{"site_id":"1","metrics":["visitors"],"date_range":"7d","x":1}"#, status: 400, field: "x"),
        Wrong(
            method: .post, path: "/api/v2/query", body: String(repeating: "[", count: 5_000), status: 400, field: "body"
        ),
    ]

    @Test(arguments: wrongs) func wrongRequestsGetAProblemThatNamesTheField(_ wrong: Wrong) async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            var headers = HTTPFields.key(plane.key(.owner))
            if let type = wrong.type, wrong.body != nil { headers[.contentType] = type }
            let answer = try await client.execute(
                uri: wrong.path, method: wrong.method, headers: headers, body: wrong.body.map { .text($0) })
            #expect(answer.status.code == wrong.status)
            #expect(answer.headers[.contentType] == "application/problem+json")
            let problem = try answer.json()
            #expect(problem["status"] == .integer(Int64(wrong.status)))
            #expect(try answer.member("type")?.hasPrefix("urn:highland:problem:") == true)
            #expect(try answer.member("title")?.isEmpty == false)
            #expect(try answer.member("detail")?.isEmpty == false)
            #expect(try answer.member("field") == wrong.field)
            if wrong.status == 400 { #expect(try answer.member("expected")?.isEmpty == false) }
            if wrong.status == 405 { #expect(answer.headers[.allow]?.isEmpty == false) }
        }
    }

    @Test func aBodyBeyondTheLimitIsRefusedBeforeItIsRead() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let answer = try await client.execute(
                uri: "/api/v1/sites", method: .post, headers: .key(plane.key(.owner), json: true),
                body: .text(String(repeating: " ", count: (1 << 20) + 1)))
            #expect(answer.status == .contentTooLarge)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func aSiteIsAddedChangedShownAndRemovedAndTheTrailNamesWhoDidIt() async throws {
        let plane = try TestPlane()
        let id = try #require(plane.holder.current.keys.first { $0.role == .owner && $0.scope == .all }?.id)
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.owner), json: true)
            let added = try await client.execute(
                uri: "/api/v1/sites", method: .post, headers: headers,
                body: .text(#"{"domains":["New.test"],"currency":"CHF","timeZone":"Europe/Zurich"}"#))
            #expect(added.status == .created)
            #expect(added.headers[.location] == "/api/v1/sites/3")
            #expect(try added.member("name") == "new.test")
            #expect(try added.member("pathPrefix")?.utf8.count == PathPrefix.byteCount)
            #expect(plane.holder.current.site(reference: "new.test")?.currency == "CHF")
            let changed = try await client.execute(
                uri: "/api/v1/sites/new.test", method: .patch, headers: headers,
                body: .text(#"{"name":"Newer","splitsVisitsAtMidnight":true}"#))
            #expect(try changed.member("name") == "Newer")
            #expect(try changed.json()["splitsVisitsAtMidnight"] == .bool(true))
            #expect(try changed.member("currency") == "CHF")
            let shown = try await client.execute(uri: "/api/v1/sites/3", method: .get, headers: headers)
            #expect(shown.text == changed.text)
            let removed = try await client.execute(uri: "/api/v1/sites/3", method: .delete, headers: headers)
            #expect(removed.status == .noContent)
            let gone = try await client.execute(uri: "/api/v1/sites/3", method: .get, headers: headers)
            #expect(gone.status == .notFound)
            let trail = try await client.execute(uri: "/api/v1/audit?limit=3", method: .get, headers: headers)
            guard case .array(let entries)? = try trail.json()["entries"] else {
                Issue.record("no entries in \(trail.text)")
                return
            }
            #expect(
                entries.map { $0["action"] } == [.string("site.remove"), .string("site.update"), .string("site.add")])
            #expect(entries.allSatisfy { $0["actor"] == .string("key:\(id)") })
            #expect(entries.first?["at"] == .string("2023-11-14T22:13:20.123Z"))
        }
    }

    @Test func theTextOfAKeyIsShownOnceAndWorks() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.owner), json: true)
            let added = try await client.execute(
                uri: "/api/v1/keys", method: .post, headers: headers,
                body: .text(#"{"name":"CI","role":"viewer","sites":["shop.test"]}"#))
            #expect(added.status == .created)
            let text = try #require(try added.member("key"))
            let list = try await client.execute(uri: "/api/v1/keys", method: .get, headers: headers)
            #expect(!list.text.contains(text))
            #expect(!list.text.contains("digest"))
            let sites = try await client.execute(uri: "/api/v1/sites", method: .get, headers: .key(text))
            guard case .array(let seen)? = try sites.json()["sites"] else {
                Issue.record("no sites in \(sites.text)")
                return
            }
            #expect(seen.map { $0["id"] } == [.integer(1)])
        }
    }

    @Test func aStoreThatFailsIsAnsweredWithoutItsPathsAndLogged() async throws {
        let plane = try TestPlane()
        plane.store.fail()
        try await plane.test { client in
            let answer = try await client.send(.addSite, headers: .key(plane.key(.owner)))
            #expect(answer.status == .internalServerError)
            #expect(!answer.text.contains("secret/path"))
        }
        #expect(plane.logged.all.contains { $0.contains("secret/path") })
    }

    @Test func aReportKeepsTheCallersNameOfTheSite() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let answer = try await client.execute(
                uri: "/api/v2/query", method: .post, headers: .key(plane.key(.viewer, .first), json: true),
                body: .text(#"{"site_id":"shop.test","metrics":["visitors","pageviews"],"date_range":"7d"}"#))
            #expect(answer.status == .ok)
            #expect(try answer.json()["query"]?["site_id"] == .string("shop.test"))
            #expect(answer.text.contains(#""metrics":[12345,38269]"#))
        }
    }

    @Test func aReportThatFailsSaysNothingOfTheInside() async throws {
        struct Broken: Error {}
        let plane = try TestPlane(run: { _, _, _ in throw Broken() })
        try await plane.test { client in
            let answer = try await client.send(.query, headers: .key(plane.key(.viewer)))
            #expect(answer.status == .internalServerError)
            #expect(!answer.text.contains("Broken"))
        }
        #expect(plane.logged.all.count == 1)
    }

    @Test func headAnswersLikeGetWithoutABody() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let answer = try await client.execute(
                uri: "/api/v1/sites", method: .head, headers: .key(plane.key(.viewer)))
            #expect(answer.status == .ok)
            #expect(answer.body.readableBytes == 0)
        }
    }

    @Test func filesAreThoseOfThePublicFolderAndAskedForOnce() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let first = try await client.execute(uri: "/public/style.css", method: .get)
            #expect(first.headers[.contentType] == "text/css; charset=utf-8")
            let tag = try #require(first.headers[.eTag])
            let again = try await client.execute(uri: "/public/style.css", method: .get, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.body.readableBytes == 0)
        }
    }
}
