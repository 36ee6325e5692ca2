internal import Foundation
internal import Logging
internal import Synchronization
internal import Threads

/// What `highland serve` does after its configuration was read: starts, prints the URLs, waits for a signal or a failure,
/// drains. Exit codes: 0 after SIGTERM or SIGINT, 74 when the journal can write no more.
package enum ServeRun {
    package static func run(_ loaded: LoadedConfiguration, _ directories: Directories) async throws -> Int32 {
        let configuration = loaded.configuration
        var logger = Logger(label: "highland") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: configuration.log.level.rawValue) ?? .notice
        let sink = logger
        var seams = ServerSeams()
        seams.log = { level, message, facts in
            let metadata = facts.mapValues { Logger.MetadataValue.string($0) }
            sink.log(level: Logger.Level(rawValue: level.rawValue) ?? .notice, "\(message)", metadata: metadata)
        }
        for warning in loaded.warnings { seams.log(.warning, "configuration", ["warning": warning]) }
        seams.logger = sink
        if let limit = DescriptorBudget.raiseLimit() {
            seams.descriptorsMax = limit
            seams.log(.notice, "open files", ["limit": "\(limit)"])
        }
        let endings = Endings(signals: [SIGTERM, SIGINT])
        seams.journalFailed = { endings.add(.failure) }
        let server = try await HighlandServer.start(configuration, directories: directories, seams: seams)
        let base =
            configuration.publicPlane.url ?? "http://\(configuration.publicPlane.listen.shownHost):\(server.publicPort)"
        CommandContext.current.output(
            """
            Highland takes events at  \(base)/collect and \(base)/collect.gif
            Dashboard, once signed in http://\(configuration.adminPlane.listen.shownHost):\(server.adminPort)/
            Sign in with this link    \(server.signInLink()) (works once, for 30 minutes)

            """)
        FreedMemory.giveBackAfterStart()
        seams.log(.notice, "serving", ["public.port": "\(server.publicPort)"])

        if await endings.first() == .failure {
            seams.log(.critical, "the journal cannot write; leaving so that a restart recovers", [:])
            // Waiting requests have had their 503 handed to the loops; draining lets it leave.
            await server.stop()
            return 74
        }
        seams.log(.notice, "draining", [:])
        let isClean = await server.stop()
        seams.log(.notice, "stopped", ["clean": "\(isClean)"])
        return 0
    }
}

/// Waits for the first reason to end: a signal, which no longer ends the process by itself, or a failure.
private final class Endings: Sendable {
    enum Ending { case signal, failure }

    private let arrived: AsyncStream<Ending>
    private let continuation: AsyncStream<Ending>.Continuation
    private let sources: Mutex<[any DispatchSourceSignal]>

    init(signals: [Int32]) {
        (arrived, continuation) = AsyncStream.makeStream(of: Ending.self)
        let sink = continuation
        let made: [any DispatchSourceSignal] = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { sink.yield(.signal) }
            source.resume()
            return source
        }
        sources = Mutex(made)
    }

    func add(_ ending: Ending) { continuation.yield(ending) }

    func first() async -> Ending {
        for await ending in arrived { return ending }
        return .signal
    }
}

extension ListenAddress {
    /// A host that a browser on this machine can open.
    var shownHost: String { host == "0.0.0.0" || host == "::" ? "localhost" : isIPv6 ? "[\(host)]" : host }
}
