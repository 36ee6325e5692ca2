import Admin
import Catalog
import Foundation
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
        let key = "Authorization: Bearer \(plane.key(.viewer))\r\n"
        let wrong = ("GET /api/v1/sites", "Authorization: Bearer hlk_wrong\r\n")
        // The last is refused by what it says it will send, before it has sent it.
        let json = "Content-Type: application/json\r\nContent-Length: 1100000\r\n"
        let requests =
            [("GET /", key), ("GET /metrics", ""), ("GET /metrics", "X-Forwarded-For: 198.51.100.1\r\n")]
            + Array(repeating: wrong, count: 12) + [("GET /api/v1/sites", key), ("POST /api/v2/query", key + json)]
        let answers = try await LiveTests.answers(requests, port: running.port)
        #expect(answers.map(\.status) == [200, 200, 401] + Array(repeating: 401, count: 10) + [429, 429, 200, 413])
        #expect(answers[1].header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            answers.dropFirst(3).prefix(12).map { $0.header("retry-after") != nil }
                == Array(repeating: false, count: 10) + [true, true])
        await running.stop()
    }

    /// The answers to requests on one connection, on a thread of its own: the plane answers on those that tests run on.
    private static func answers(_ requests: [(line: String, headers: String)], port: Int) async throws
        -> [HTTPConnection.Answer]
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let connection = try HTTPConnection(port: port, timeoutSeconds: 600)
                        return try requests.map { line, headers in
                            try connection.send("\(line) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
                            return try connection.readAnswer()
                        }
                    })
            }
        }
    }
}
