internal import Admin
internal import Catalog
internal import Events
internal import Foundation
internal import Hummingbird
internal import Logging
internal import Reports
internal import Synchronization

/// The admin plane of a running server: dashboard, API, metrics, on a port of its own.
final class AdminPlane: Sendable {
    private let plane: AdminApplication
    private let running = Mutex<(service: AdminService, task: Task<Void, any Error>)?>(nil)
    private let address = PortPromise()

    init(
        _ configuration: Configuration, connectionsMax: Int, catalog: CatalogHolder,
        store: any CatalogStore & ContainerStore,
        pipeline: ProjectionPipeline, arrivals: Arrivals, seams: ServerSeams,
        metrics: @escaping @Sendable () -> [MetricFamily]
    ) throws {
        var settings = AdminSettings()
        settings.listenHost = configuration.adminPlane.listen.host
        settings.listenPort = Int(configuration.adminPlane.listen.port)
        settings.connectionsMax = connectionsMax
        settings.publicURL = configuration.publicPlane.url
        settings.queriesMax = configuration.projections.queryThreads
        settings.queryDeadline = configuration.projections.queryTimeout
        let queries = DispatchQueue(label: "highland.queries", qos: .utility, attributes: .concurrent)
        let sources = AdminSources(
            metrics: metrics,
            runReport: { query, site, isCancelled in
                try await withCheckedThrowingContinuation { continuation in
                    queries.async {
                        continuation.resume(
                            with: Result {
                                try pipeline.report(
                                    query, catalog: catalog.current, now: seams.time.wallClock(),
                                    may: { $0 == site.id }, isCancelled: isCancelled)
                            })
                    }
                }
            },
            arrivals: { arrivals.list() }, resetArrivals: { arrivals.reset() },
            log: { message, facts in seams.log(.notice, message, facts) })
        plane = try AdminApplication(
            settings: settings, sources: sources, catalog: catalog, store: store, time: seams.time)
    }

    /// Starts listening; gives the port.
    func start(logger: Logger) async throws -> Int {
        let address = address
        let application = plane.application(logger: logger, onListening: { address.fulfil(with: .success($0)) })
        let service = AdminService(application, logger: logger)
        let task = Task {
            do { try await service.run() } catch {
                address.fulfil(with: .failure(error))
                throw error
            }
        }
        running.withLock { $0 = (service, task) }
        return try await address.value()
    }

    /// The one-time link, for the terminal alone.
    func signInLink(port: Int) -> String { plane.signInLink(port: port) }

    /// Takes no more connections, answers what is in flight, for two seconds at most.
    func stop() async {
        guard let (service, task) = running.withLock({ $0 }) else { return }
        await service.stop()
        _ = await task.result
    }
}

/// The port once it is known, or why it never will be.
private final class PortPromise: Sendable {
    private struct State {
        var result: Result<Int, any Error>?
        var waiters: [CheckedContinuation<Int, any Error>] = []
    }
    private let state = Mutex(State())

    func fulfil(with result: Result<Int, any Error>) {
        let waiters = state.withLock { state in
            guard state.result == nil else { return [CheckedContinuation<Int, any Error>]() }
            state.result = result
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(with: result) }
    }

    func value() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let known = state.withLock { state in
                if state.result == nil { state.waiters.append(continuation) }
                return state.result
            }
            if let known { continuation.resume(with: known) }
        }
    }
}
