import Admin
import Hummingbird
import Logging
import Testing

/// A plane on a free port, as the server runs it.
final class RunningPlane: Sendable {
    let port: Int
    let service: AdminService
    let logged: LogLines
    private let task: Task<Void, any Error>

    init(_ plane: TestPlane, drainDeadline: Duration = .seconds(10)) async throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines) }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let application = plane.plane.application(logger: logger, onListening: { found.yield($0) })
        let service = AdminService(application, logger: logger, drainDeadline: drainDeadline)
        self.service = service
        logged = lines
        task = Task { try await service.run() }
        var iterator = ports.makeAsyncIterator()
        port = try #require(await iterator.next())
    }

    func stop() async {
        await service.stop()
        _ = await task.result
    }
}

/// Keeps what an operator would see.
private struct LineHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
}
