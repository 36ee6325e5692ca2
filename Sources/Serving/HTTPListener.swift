package import Events
package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import RequestParsing
internal import Synchronization

/// The public plane's HTTP server: one listening socket, its connections spread over the loops of a group, one
/// responder a loop. Knows no event.
///
/// Life cycle: `start`, then `drain` once. Connections beyond a cap are answered 503 and closed; see
/// `ServingConfiguration` for every other bound.
package final class HTTPListener: Sendable {
    /// What a drain left behind.
    package struct DrainReport: Equatable, Sendable {
        /// Connections still busy at the drain's deadline, cut off then.
        package var cutOff = 0
    }

    private let channel: any Channel
    private let loops: [ServingLoop]
    private let configuration: ServingConfiguration

    private init(channel: any Channel, loops: [ServingLoop], configuration: ServingConfiguration) {
        self.channel = channel
        self.loops = loops
        self.configuration = configuration
    }

    /// Listens. `makeResponder` is called once for each loop of `group`, on that loop, before the first connection. The
    /// group stays the caller's to shut down, after the drain.
    ///
    /// - Throws: `ServingError.listen` with address and reason.
    package static func start(
        _ configuration: ServingConfiguration, group: any EventLoopGroup, time: any TimeSource = SystemTimeSource(),
        makeResponder: @escaping @Sendable (ServingLoop) -> any RequestResponder
    ) async throws(ServingError) -> HTTPListener {
        let admission = ConnectionAdmission(
            totalMax: configuration.connectionsMax, addressMax: configuration.connectionsPerAddressMax)
        var loops: [ServingLoop] = []
        for eventLoop in group.makeIterator() {
            loops.append(
                ServingLoop(
                    index: loops.count, eventLoop: eventLoop, configuration: configuration, admission: admission,
                    time: time))
        }
        let address = "\(configuration.host):\(configuration.port)"
        do {
            for loop in loops {
                try await loop.eventLoop.submit {
                    loop.responder = makeResponder(loop)
                    loop.startTimer()
                }.get()
            }
            let channel = try await bootstrap(configuration, group: group, loops: loops)
                .bind(host: configuration.host, port: configuration.port).get()
            return HTTPListener(channel: channel, loops: loops, configuration: configuration)
        } catch {
            for loop in loops { loop.execute { _ = loop.drain(deadline: .now()) } }
            throw .listen(address: address, reason: "\(error)")
        }
    }

    private static func bootstrap(
        _ configuration: ServingConfiguration, group: any EventLoopGroup, loops: [ServingLoop]
    ) -> ServerBootstrap {
        let byEventLoop = Dictionary(loops.map { (ObjectIdentifier($0.eventLoop), $0) }) { first, _ in first }
        let highWater = max(configuration.unwrittenBytesMax, 1)
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: CInt(clamping: configuration.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: max(highWater / 2, 1), high: highWater)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byEventLoop[ObjectIdentifier(channel.eventLoop)] else {
                        throw ChannelError.ioOnClosedChannel
                    }
                    let pipeline = channel.pipeline.syncOperations
                    let connection = ConnectionHandler(loop: loop, peer: IPAddress(channel.remoteAddress))
                    if configuration.parser == .nio {
                        try pipeline.addHandler(
                            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
                        try pipeline.addHandler(RequestPartHandler(connection))
                    }
                    try pipeline.addHandler(connection)
                }
            }
    }

    /// The port listened on: the configured one, or the system's choice.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// What all loops have counted so far; from any thread.
    package var counts: ServingCounts { ServingCounts(loops.map(\.counters)) }

    /// Stops accepting, closes idle connections at once, lets requests in flight be answered with `Connection: close`,
    /// and cuts off what is left at the configured deadline. Returns when no connection is left.
    package func drain() async -> DrainReport {
        try? await channel.close().get()
        var report = DrainReport()
        let deadline = NIODeadline.now() + .milliseconds(Int64(max(configuration.drainMilliseconds, 0)))
        let drains = loops.map { loop in loop.eventLoop.flatSubmit { loop.drain(deadline: deadline) } }
        for drain in drains { report.cutOff += (try? await drain.get()) ?? 0 }
        return report
    }
}

extension IPAddress {
    /// The address of a socket; `::` for one that has none (Unix sockets). Goes through text: once a connection.
    init(_ socket: SocketAddress?) { self = socket?.ipAddress.flatMap { IPAddress($0) } ?? IPAddress(high: 0, low: 0) }
}
