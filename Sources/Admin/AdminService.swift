package import Hummingbird
package import Logging
internal import ServiceLifecycle

/// The admin plane from its start to its end: one service group, which can be told to end in order.
package final class AdminService: Sendable {
    /// For requests in flight at the end; what is unanswered then is cut off.
    package static let drainDeadline = Duration.seconds(2)

    private let group: ServiceGroup

    package init(_ application: Application<AdminResponder>, logger: Logger, drainDeadline: Duration = drainDeadline) {
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = drainDeadline
        group = ServiceGroup(configuration: configuration)
    }

    /// Serves until `stop`. Throws where it cannot listen.
    package func run() async throws { try await group.run() }

    /// Has the listener closed, then idle connections, then each after its answer, at the latest at the deadline;
    /// `run` returns after that.
    package func stop() async { await group.triggerGracefulShutdown() }
}
