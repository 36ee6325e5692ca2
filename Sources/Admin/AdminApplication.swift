package import Catalog
package import Events
package import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore

/// The admin plane: dashboard, management and report API, metrics, on its own address.
///
/// Life cycle: made at start, `application` run as a service until the server stops it; sessions and sign-in links are
/// in memory and end with it. One event loop is enough for it.
package struct AdminApplication: Sendable {
    package let settings: AdminSettings
    private let responder: AdminResponder
    private let links: SignInLinks
    private let time: any TimeSource

    /// Throws where a template of ours does not parse. `store` is only called on a queue of the plane's own.
    package init(
        settings: AdminSettings, sources: AdminSources, catalog: CatalogHolder,
        store: any CatalogStore & ContainerStore,
        time: any TimeSource = SystemTimeSource()
    ) throws {
        let gate = AdminGate(
            settings: settings, hosts: HostPolicy(settings), catalog: catalog, sessions: SessionTable(),
            failures: FailureBackoff(), time: time)
        let pages = try PageRenderer.shared()
        let counters = AdminCounters()
        let links = SignInLinks()
        let handlers = AdminHandlers(
            settings: settings, sources: sources, changes: CatalogChanges(store: store, holder: catalog), gate: gate,
            links: links,
            turns: QueryTurns(
                runningMax: settings.queriesMax, waitingMax: settings.queriesWaitingMax,
                deadline: settings.queryDeadline),
            pages: pages, imports: ImportStage(), counters: counters, time: time)
        responder = AdminResponder(gate: gate, handlers: handlers, pages: pages, counters: counters)
        self.settings = settings
        self.links = links
        self.time = time
    }

    /// A new link that signs a browser in once, within 30 minutes. `port` is the one that was bound. By default with an
    /// owner's rights over every site: for the operator's terminal, never for a log.
    package func signInLink(port: Int, role: Role = .owner, scope: SiteScope = .all) -> String {
        settings.baseURL(port: port) + "/sign-in/" + links.issue(role: role, scope: scope, at: time.monotonic())
    }

    /// The server as a service: `run()` ends when `AdminService` or another service group shuts it down; a cancelled task
    /// ends it too, and cuts off what is open.
    /// `onListening` gets the bound port once connections are taken.
    package func application(
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<AdminResponder> {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 8_192, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100)
        let idle = TimeAmount(settings.idleTimeout)
        let logger = ShutdownLog.around(logger)
        return Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                AdminChannel(
                    served: HTTP1Channel(
                        responder: responder,
                        configuration: .init(idleTimeout: idle, httpDecoderConfiguration: decoder)))
            },
            configuration: .init(
                address: .hostname(settings.listenHost, port: settings.listenPort),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionsMax, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
