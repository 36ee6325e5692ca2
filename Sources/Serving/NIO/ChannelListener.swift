internal import Events
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// NIO's loops and listening channel (`parser: .nio`).
final class ChannelListener: TransportListener {
    let loops: [ServingLoop]
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    private init(loops: [ServingLoop], group: MultiThreadedEventLoopGroup, channel: any Channel) {
        self.loops = loops
        self.group = group
        self.channel = channel
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(
        _ configuration: ServingConfiguration, loopCount: Int,
        makeLoop: (_ index: Int, _ executor: any LoopExecutor) -> ServingLoop,
        prepare: @escaping @Sendable (ServingLoop) -> Void
    ) async throws -> ChannelListener {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loopCount)
        var loops: [ServingLoop] = []
        var byEventLoop: [ObjectIdentifier: ServingLoop] = [:]
        for eventLoop in group.makeIterator() {
            let executor = ChannelExecutor(eventLoop)
            let loop = makeLoop(loops.count, executor)
            executor.loop = loop
            loops.append(loop)
            byEventLoop[ObjectIdentifier(eventLoop)] = loop
        }
        do {
            for loop in loops {
                guard let executor = loop.executor as? ChannelExecutor else { continue }
                try await executor.eventLoop.submit {
                    prepare(loop)
                    executor.startTimer()
                }.get()
            }
            let channel = try await bootstrap(configuration, group: group, byEventLoop: byEventLoop)
                .bind(host: configuration.host, port: configuration.port).get()
            return ChannelListener(loops: loops, group: group, channel: channel)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func bootstrap(
        _ configuration: ServingConfiguration, group: any EventLoopGroup, byEventLoop: [ObjectIdentifier: ServingLoop]
    ) -> ServerBootstrap {
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
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
                    try pipeline.addHandler(ChannelConnection(loop: loop, peer: IPAddress(channel.remoteAddress)))
                }
            }
    }

    func stopListening() async { try? await channel.close().get() }

    func stop() async {
        for loop in loops { (loop.executor as? ChannelExecutor)?.stopTimer() }
        try? await group.shutdownGracefully()
    }
}

/// SAFETY: `loop` is set once before anything runs on it; `timer` is touched on the event loop alone.
private final class ChannelExecutor: LoopExecutor, @unchecked Sendable {
    let eventLoop: any EventLoop
    weak var loop: ServingLoop?
    private var timer: RepeatedTask?

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    var isCurrent: Bool { eventLoop.inEventLoop }
    func execute(_ work: @escaping @Sendable () -> Void) { eventLoop.execute(work) }
    func callAtEndOfTurn() { eventLoop.execute { [weak loop] in loop?.endTurn() } }

    func startTimer() {
        guard let loop else { return }
        let grain = TimeAmount.milliseconds(Int64(loop.configuration.tickMilliseconds))
        timer = eventLoop.scheduleRepeatedTask(initialDelay: grain, delay: grain) { [weak loop] _ in loop?.onTimer() }
    }

    func stopTimer() { eventLoop.execute { self.timer?.cancel() } }
}

extension IPAddress {
    /// The address of a socket; `::` for one that has none (Unix sockets). Goes through text: once a connection.
    fileprivate init(_ socket: SocketAddress?) {
        self = socket?.ipAddress.flatMap { IPAddress($0) } ?? IPAddress(high: 0, low: 0)
    }
}
