import Admin
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

/// The plane on a real port.
@Suite struct LiveTests {
    @Test func thePlaneAnswersOnItsOwnPort() async throws {
        var settings = AdminSettings()
        settings.listenPort = 0
        // The claims are about answers, however long a busy machine takes over them.
        settings.idleTimeout = .seconds(600)
        let plane = try TestPlane(settings: settings)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await plane.plane.application(logger: logger).test(.live) { client in
            let page = try await client.execute(uri: "/", method: .get, headers: .key(plane.key(.viewer)))
            #expect(page.status == .ok)
            let metrics = try await client.execute(uri: "/metrics", method: .get)
            #expect(metrics.status == .ok)
            #expect(metrics.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let proxied = try await client.execute(
                uri: "/metrics", method: .get, headers: HTTPFields().with("X-Forwarded-For", "198.51.100.1"))
            #expect(proxied.status == .unauthorized)
            for attempt in 0..<12 {
                let wrong = try await client.execute(uri: "/api/v1/sites", method: .get, headers: .key("hlk_wrong"))
                #expect(wrong.status == (attempt < 10 ? .unauthorized : .tooManyRequests))
                #expect((wrong.headers[.retryAfter] != nil) == (attempt >= 10))
            }
            let right = try await client.execute(uri: "/api/v1/sites", method: .get, headers: .key(plane.key(.viewer)))
            #expect(right.status == .ok)
            let large = try await client.execute(
                uri: "/api/v2/query", method: .post, headers: .key(plane.key(.viewer), json: true),
                body: ByteBuffer(string: String(repeating: " ", count: 1_100_000)))
            #expect(large.status == .contentTooLarge)
        }
    }
}
