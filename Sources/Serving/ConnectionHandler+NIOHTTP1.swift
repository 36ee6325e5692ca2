internal import NIOCore
internal import NIOHTTP1
internal import RequestParsing

/// The second way in (`parser: .nio`): the same machine, responder and answers, but NIOHTTP1's decoder reads the bytes.
extension ConnectionHandler {
    /// A part from the decoder; it waits where the bound of open requests is reached.
    func receive(_ part: HTTPServerRequestPart) {
        parts.append(part)
        receiveParts()
    }

    /// Takes waiting parts until one may not be taken now.
    func receiveParts() {
        var taken = 0
        while taken < parts.count, !isOutboundFull {
            let action = take(parts[taken])
            if action == .paused { break }
            taken += 1
            if case .request(let whole) = action { respondFromStorage(whole) } else { _ = perform(action) }
        }
        parts.removeFirst(min(taken, parts.count))
    }

    private func take(_ part: HTTPServerRequestPart) -> ConnectionStateMachine.ReadAction {
        switch part {
        case .head(let head):
            guard !machine.isPaused else { return .paused }
            guard let assembled = Self.assemble(head) else { return machine.refuse(.decoder) }
            return machine.receive(head: assembled.head, bytes: assembled.bytes, tick: loop.tick)
        case .body(let buffer):
            loop.counters.add(.bytesRead, buffer.readableBytes)
            return machine.receive(body: buffer.readableBytesSpan)
        case .end: return machine.receiveEnd()
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
}

/// Stands between NIOHTTP1's decoder and the connection: hands parts over and passes every other event on.
final class RequestPartHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let connection: ConnectionHandler

    init(_ connection: ConnectionHandler) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection.receive(unwrapInboundIn(data)) }
}
