internal import Events
internal import NIOCore
internal import NIOHTTP1
internal import RequestParsing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The second way in (`parser: .nio`): the same machine, responder and answers, but NIO's channel moves the bytes and
/// NIOHTTP1's decoder reads them. The last handler of its channel's pipeline.
final class ChannelConnection: ChannelInboundHandler, ConnectionTransport {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let connection: Connection
    private var context: ChannelHandlerContext?
    /// Parts of requests that wait for a place.
    private var parts: [HTTPServerRequestPart] = []

    init(loop: ServingLoop, peer: IPAddress) { connection = Connection(loop: loop, peer: peer) }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        connection.opened(self, connection.loop.admission.enter(connection.peer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        parts = []
        connection.closed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !connection.machine.isLingering else { return }
        parts.append(unwrapInboundIn(data))
        readHeldInput()
    }

    func channelReadComplete(context: ChannelHandlerContext) { connection.finishTurn() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { connection.becameWritable() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        connection.inputClosed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            context.close(promise: nil)
            return
        }
        connection.refuse(.decoder)
        connection.finishTurn()
    }

    // MARK: Reading

    var holdsInput: Bool { !parts.isEmpty }

    /// Takes waiting parts until one may not be taken now.
    func readHeldInput() {
        var taken = 0
        while taken < parts.count, !connection.isOutboundFull {
            let action = take(parts[taken])
            if action == .paused { break }
            taken += 1
            if case .request(let whole) = action {
                connection.respondFromStorage(whole)
            } else {
                _ = connection.perform(action)
            }
        }
        parts.removeFirst(min(taken, parts.count))
    }

    private func take(_ part: HTTPServerRequestPart) -> ConnectionStateMachine.ReadAction {
        switch part {
        case .head(let head):
            guard !connection.machine.isPaused else { return .paused }
            guard let assembled = Self.assemble(head) else { return connection.machine.refuse(.decoder) }
            return connection.machine.receive(
                head: assembled.head, bytes: assembled.bytes, tick: connection.loop.tick)
        case .body(let buffer):
            connection.loop.counters.add(.bytesRead, buffer.readableBytes)
            return connection.machine.receive(body: buffer.readableBytesSpan)
        case .end: return connection.machine.receiveEnd()
        }
    }

    private static func assemble(_ head: HTTPRequestHead) -> RequestHeadAssembly? {
        guard head.version.major == 1,
            var assembly = RequestHeadAssembly(
                method: head.method.rawValue, minorVersion: head.version.minor, target: head.uri,
                keepsAlive: head.isKeepAlive)
        else { return nil }
        for (name, value) in head.headers {
            guard assembly.addField(name: name, value: value) else { return nil }
        }
        return assembly
    }

    // MARK: Transport

    var isWritable: Bool { context?.channel.isWritable ?? false }

    var unsentBytes: Int {
        guard let options = context?.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    func send(_ outbound: borrowing Outbound) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: outbound.count)
        for piece in outbound.pieces() { buffer.writeBytes(piece) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func setReading(_ isWanted: Bool) { if isWanted { context?.read() } }

    func closeOutput() {
        parts = []
        context?.close(mode: .output, promise: nil)
    }

    func closeAfterSending() {
        guard let context else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    func reset() {
        let provider = context?.channel as? any SocketOptionProvider
        // Set at once, since this is the channel's thread.
        _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        close()
    }

    func close() { context?.close(promise: nil) }
}
