internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// A connection as Hummingbird's own channel serves it, but none that arrives while the plane stops ends the process.
///
/// The server hands accepted connections over through a sequence. One that is accepted while that sequence ends is
/// dropped, and NIO aborts where a connection's writer goes unfinished (`NIOAsyncWriter`): 18 of 20 stops did with 40
/// connections arriving. Here what is dropped is closed.
struct AdminChannel: ServerChildChannel {
    let served: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        served.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
    }

    func handle(value: AcceptedConnection, logger: Logger) async {
        await served.handle(value: value.take(), logger: logger)
    }
}

/// An accepted connection until it is served.
final class AcceptedConnection: ServerChildChannelValue {
    private let served: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    init(_ served: HTTP1Channel.Value) { self.served = served }

    deinit {
        guard !isTaken.load(ordering: .acquiring) else { return }
        // The only way to finish a writer is to serve it; nobody waits for this, and it asks nothing of the client.
        let served = served
        Task { try? await served.executeThenClose { _, _ in } }
    }

    var channel: any Channel { served.channel }

    /// The caller serves it to its end.
    func take() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .releasing)
        return served
    }
}
