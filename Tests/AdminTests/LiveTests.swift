import Admin
import Catalog
import LoadSupport
import Testing

/// The plane on a real port.
@Suite struct LiveTests {
    @Test func thePlaneAnswersOnItsOwnPort() async throws {
        var settings = AdminSettings()
        settings.listenPort = 0
        // The claims are about answers, however long a busy machine takes over them.
        settings.idleTimeout = .seconds(600)
        let plane = try TestPlane(settings: settings)
        let running = try await RunningPlane(plane)
        let connection = try HTTPConnection(port: running.port, timeoutSeconds: 60)
        let key = "Authorization: Bearer \(plane.key(.viewer))\r\n"
        func answer(_ request: String, _ headers: String = "") throws -> HTTPConnection.Answer {
            try connection.send("\(request) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
            return try connection.readAnswer()
        }
        #expect(try answer("GET /", key).status == 200)
        let metrics = try answer("GET /metrics")
        #expect(metrics.status == 200)
        #expect(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try answer("GET /metrics", "X-Forwarded-For: 198.51.100.1\r\n").status == 401)
        for attempt in 0..<12 {
            let wrong = try answer("GET /api/v1/sites", "Authorization: Bearer hlk_wrong\r\n")
            #expect(wrong.status == (attempt < 10 ? 401 : 429))
            #expect((wrong.header("retry-after") != nil) == (attempt >= 10))
        }
        #expect(try answer("GET /api/v1/sites", key).status == 200)
        // Refused by what it says it will send, before it has sent it.
        let json = "Content-Type: application/json\r\nContent-Length: 1100000\r\n"
        #expect(try answer("POST /api/v2/query", key + json).status == 413)
        await running.stop()
    }
}
