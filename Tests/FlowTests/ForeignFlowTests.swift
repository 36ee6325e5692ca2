import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Testing

/// Requests of other products' clients over real HTTP: what is the same for all of them.
@Suite(.serialized)
struct ForeignFlowTests {
    private static let origin = ("Origin", "https://shop.test")
    private static let snowplow = "/com.snowplowanalytics.snowplow/tp2"

    private func pageview(_ server: RunningServer) -> String {
        #"{"n":"pageview","u":"https://shop.test/boots","d":"shop.test"}"#
    }

    @Test func aPlainDomainNeedsNoAliasAndItsEventIsOnDiskWhenTheAnswerComes() async throws {
        let server = try await RunningServer.start()
        let answer = try server.request(
            "POST", "/api/event",
            headers: [("Content-Type", "text/plain"), ("User-Agent", "Mozilla/5.0 Firefox"), Self.origin],
            body: pageview(server))
        #expect(answer.status == 202 && answer.text == "ok")
        #expect(answer.header("access-control-allow-origin") == "*")
        let events = try server.storedEvents()
        #expect(events.map(\.name) == ["pageview"] && events.first?.url == "https://shop.test/boots")
        await server.stop()
    }

    @Test func behindTheSitesPrefixEveryPathIsTheSameAndBehindAnotherThereIsNone() async throws {
        let server = try await RunningServer.start()
        let prefix = server.site.pathPrefix
        for (path, status) in [("/x/\(prefix)/api/event", 202), ("/x/bcdfghjk/api/event", 404), ("/x/\(prefix)", 404)] {
            let answer = try server.request(
                "POST", path, headers: [("User-Agent", "Mozilla/5.0 Firefox")], body: pageview(server))
            #expect(answer.status == status, "\(path)")
        }
        let native = try server.request(
            "GET", "/x/\(prefix)/collect.gif?site=\(server.site.key)&url=https://shop.test/",
            headers: [("User-Agent", "Mozilla/5.0 Firefox")])
        #expect(native.status == 200)
        #expect(try server.storedEvents().count == 2)
        await server.stop()
    }

    @Test func aPreflightIsAnsweredForTheRequestThatFollows() async throws {
        let server = try await RunningServer.start()
        let answer = try server.request(
            "OPTIONS", Self.snowplow, headers: [Self.origin, ("Access-Control-Request-Method", "POST")])
        #expect(answer.status == 200)
        #expect(answer.header("access-control-allow-origin") == "https://shop.test")
        #expect(answer.header("access-control-allow-credentials") == "true")
        #expect(answer.header("access-control-allow-headers")?.contains("SP-Anonymous") == true)
        await server.stop()
    }

    @Test func aBodyThatIsTooLargeIsAnAnswerThatForeignClientsDoNotRepeat() async throws {
        let server = try await RunningServer.start()
        for (path, status) in [(Self.snowplow, 400), ("/v1/batch", 400), ("/collect", 413)] {
            let connection = try server.connection()
            try connection.send(
                "POST \(path) HTTP/1.1\r\nHost: t\r\nOrigin: https://shop.test\r\nContent-Length: 99999999\r\n\r\n{")
            let answer = try connection.readAnswer()
            #expect(answer.status == status, "\(path)")
            #expect(answer.header("access-control-allow-origin") == "https://shop.test", "\(path)")
            if status == 400 {
                #expect(answer.text.contains("\"code\":400") && answer.text.contains("\"message\""))
            }
        }
        #expect(try server.storedEvents().isEmpty)
        await server.stop()
    }

    @Test func whatAPathDoesNotTakeIsAnsweredWithWhatItTakes() async throws {
        let server = try await RunningServer.start()
        for (method, path, allowed) in [
            ("GET", "/collect", "POST, OPTIONS"), ("POST", "/collect.gif", "GET, HEAD, OPTIONS"),
            ("OPTIONS", "/healthz", "GET, HEAD"),
        ] {
            let answer = try server.request(method, path)
            #expect(answer.status == 405 && answer.header("allow") == allowed, "\(method) \(path)")
        }
        await server.stop()
    }

    @Test func whatIsRefusedSaysWhyInAHeaderThatClientsDoNotRead() async throws {
        let server = try await RunningServer.start()
        let body = #"{"n":"pageview","u":"https://other.test/","d":"other.test"}"#
        let answer = try server.request(
            "POST", "/api/event", headers: [("User-Agent", "Mozilla/5.0 Firefox")], body: body)
        #expect(answer.status == 202)
        #expect(answer.header("x-highland-rejected") == "unknown_site")
        #expect(try server.storedEvents().isEmpty)
        await server.stop()
    }

    @Test func whatArrivedAndWhyIsShownOnThisMachineToAKey() async throws {
        let server = try await RunningServer.start()
        let access = CatalogAccess(directory: server.folder.appendingPathComponent("data").path)
        func key(_ role: Role) throws -> String {
            guard case .issued(_, let text) = try access.perform(.addKey(KeyDraft(name: "test", role: role))) else {
                throw RunningServer.Failure.noSite
            }
            return text
        }
        let (viewer, analyst, editor) = (try key(.viewer), try key(.analyst), try key(.editor))
        let agent = [("User-Agent", "Mozilla/5.0 Firefox")]
        _ = try server.request("POST", "/api/event", headers: agent, body: pageview(server))
        _ = try server.request(
            "GET", "/matomo.php?idsite=9&rec=1&url=https%3A%2F%2Fshop.test%2F", headers: agent)
        let port = server.server.adminPort
        let unsigned = try await admin(port, "GET", "/micro/all", key: nil)
        #expect(unsigned.status == 401)
        for path in ["/micro/all", "/micro/good", "/micro/bad"] {
            #expect(try await admin(port, "GET", path, key: viewer).status == 403, "\(path)")
        }
        for reader in [viewer, analyst] {
            #expect(try await admin(port, "POST", "/micro/reset", key: reader).status == 403)
        }
        let all = try await admin(port, "GET", "/micro/all", key: analyst).text
        #expect(all == #"{"total":2,"good":1,"bad":1}"#)
        let bad = try await admin(port, "GET", "/micro/bad", key: analyst).text
        #expect(bad.contains(#""protocol":"matomo""#) && bad.contains(#""reason":"unknown_site""#), "\(bad)")
        let good = try await admin(port, "GET", "/micro/good", key: analyst).text
        #expect(good.contains(#""protocol":"plausible""#) && good.contains(#""location":"shop.test/boots""#), "\(good)")
        for (method, path) in [("POST", "/micro/reset"), ("GET", "/micro/all")] {
            let none = try await admin(port, method, path, key: editor).text
            #expect(none == #"{"total":0,"good":0,"bad":0}"#)
        }
        await server.stop()
    }

    /// The admin plane answers on the tests' own threads, so the client must not block one of them.
    private func admin(
        _ port: Int, _ method: String, _ path: String, key: String?
    ) async throws -> HTTPConnection.Answer {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                let headers = key.map { [("Authorization", "Bearer \($0)")] } ?? []
                continuation.resume(
                    with: Result { try HTTPConnection(port: port).request(method, path, headers: headers) })
            }
        }
    }
}
