internal import Catalog
internal import Foundation
internal import Synchronization
internal import Tagging

/// The server's end of the admin socket: `admin.sock` in the data directory, mode 0600.
///
/// Constraints: whoever may write in the data directory may do everything here. At most 16 connections; a further one
/// is told `busy`. A request is one line of at most 20 MiB that comes within ten seconds. Life cycle: register handlers,
/// `start` (takes `admin.lock`, so that one server has a data directory, and replaces the socket of a dead one),
/// `stop`. One thread accepts, one thread a connection runs its handler; handlers may block.
package final class AdminServer: Sendable {
    package static let connectionsMax = 16
    static let requestMilliseconds: Int32 = 10_000

    private typealias Handler = @Sendable (Data, AdminConnection) throws -> Void

    private let directory: String
    private let handlers = Mutex<[String: Handler]>([:])
    private let state = Mutex(State())
    /// Entered by every thread of this server.
    private let threads = DispatchGroup()

    private struct State {
        var lock: OwnedDescriptor?
        var listener: OwnedDescriptor?
        /// Written to once, to end the accepting thread.
        var wake: OwnedDescriptor?
        var connections: [ObjectIdentifier: AdminConnection] = [:]
    }

    /// For the data directory `directory`, which exists.
    package init(directory: String) { self.directory = directory }

    deinit { stop() }

    // MARK: Handlers

    /// Answers `name` with what `body` gives. It runs on the connection's thread and may block.
    package func register<Arguments: Decodable & SendableMetatype, Value: Encodable & SendableMetatype>(
        _ name: String, _ body: @escaping @Sendable (Arguments) throws -> Value
    ) {
        handlers.withLock {
            $0[name] = { line, connection in
                let request = try AdminServer.decode(AdminLine.Request<Arguments>.self, line)
                _ = connection.write(AdminLine.Result(result: try body(request.arguments)))
            }
        }
    }

    /// Answers `name` with a stream: `body` sends items until it returns or the stream is closed.
    package func registerStream<Arguments: Decodable & SendableMetatype, Item: Encodable & SendableMetatype>(
        _ name: String, of item: Item.Type, _ body: @escaping @Sendable (Arguments, AdminStream<Item>) throws -> Void
    ) {
        handlers.withLock {
            $0[name] = { line, connection in
                let request = try AdminServer.decode(AdminLine.Request<Arguments>.self, line)
                try body(request.arguments, AdminStream(connection))
                _ = connection.write(AdminLine.Result(result: AdminNothing()))
            }
        }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ line: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: line)
        } catch {
            throw AdminFailure(
                kind: "badRequest", message: "the arguments do not read; use the server's own version of highland")
        }
    }

    // MARK: Life

    /// Takes the lock, binds the socket and begins to answer.
    package func start() throws(AdminError) {
        let lock = try takeLock()
        let listener = try bindSocket()
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure("make a pipe") }
        let wakeReader = OwnedDescriptor(ends[0])
        let wakeWriter = OwnedDescriptor(ends[1])
        state.withLock {
            $0.lock = lock
            $0.listener = listener
            $0.wake = wakeWriter
        }
        threads.enter()
        let group = threads
        Thread.detachNewThread { [weak self] in
            defer { group.leave() }
            AdminServer.acceptConnections(listener, wakeReader) { self?.take($0) }
        }
    }

    /// Stops accepting, ends the open connections, removes the socket and waits up to two seconds for the threads.
    package func stop() {
        let (listener, wake, lock, open) = state.withLock { state in
            defer { state = State() }
            return (state.listener, state.wake, state.lock, Array(state.connections.values))
        }
        guard let listener, let wake else { return }
        var byte: UInt8 = 1
        _ = write(wake.number, &byte, 1)
        _ = unlink(directory + "/" + AdminAddress.socketName)
        for connection in open { connection.shutDown() }
        _ = threads.wait(timeout: .now() + 2)
        withExtendedLifetime((listener, lock)) {}
    }

    private func takeLock() throws(AdminError) -> OwnedDescriptor {
        let path = directory + "/" + AdminAddress.lockName
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open \(AdminAddress.lockName)") }
        let owned = OwnedDescriptor(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw failure("lock \(AdminAddress.lockName)") }
            throw .alreadyRunning(directory: directory)
        }
        return owned
    }

    private func bindSocket() throws(AdminError) -> OwnedDescriptor {
        let descriptor = AdminAddress.makeSocket()
        guard descriptor >= 0 else { throw failure("make a socket") }
        let owned = OwnedDescriptor(descriptor)
        // With the lock in hand, a socket that is there belongs to a server that died.
        _ = unlink(directory + "/" + AdminAddress.socketName)
        // On Linux a socket's file takes the mode of its descriptor, so that it is never open to others.
        _ = fchmod(descriptor, 0o600)
        guard try AdminAddress.with(directory: directory, { bind(descriptor, $0, $1) }) == 0 else {
            throw failure("bind \(AdminAddress.socketName)")
        }
        guard chmod(directory + "/" + AdminAddress.socketName, 0o600) == 0, listen(descriptor, 16) == 0 else {
            throw failure("listen on \(AdminAddress.socketName)")
        }
        return owned
    }

    private func failure(_ operation: String) -> AdminError {
        .system(
            operation: operation, path: directory, problem: SystemCall.message(errno),
            hint: "expected a directory on a local file system where this user may write")
    }

    // MARK: Threads

    private static func acceptConnections(
        _ listener: OwnedDescriptor, _ wake: OwnedDescriptor, _ take: (AdminConnection) -> Void
    ) {
        while true {
            var entries = [
                pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.number, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&entries, 2, -1)
            if ready < 0 {
                if errno == EINTR { continue }
                return
            }
            if entries[1].revents != 0 { return }
            let descriptor = accept(listener.number, nil, nil)
            if descriptor < 0 {
                // Out of descriptors: the client waits in the backlog, this thread does not spin.
                if errno == EMFILE || errno == ENFILE { _ = poll(&entries[1], 1, 100) }
                continue
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            take(AdminConnection(OwnedDescriptor(descriptor)))
        }
    }

    private func take(_ connection: AdminConnection) {
        let isTaken = state.withLock { state in
            guard state.listener != nil, state.connections.count < AdminServer.connectionsMax else { return false }
            state.connections[ObjectIdentifier(connection)] = connection
            return true
        }
        guard isTaken else {
            let message = "\(AdminServer.connectionsMax) commands are connected already; try again when one has ended"
            _ = connection.write(AdminLine.Failed(error: AdminFailure(kind: "busy", message: message)))
            return
        }
        threads.enter()
        let group = threads
        Thread.detachNewThread { [weak self] in
            defer { group.leave() }
            self?.answer(connection)
            _ = self?.state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
        }
    }

    private func answer(_ connection: AdminConnection) {
        var reader = AdminConnection.Reader(connection)
        guard let line = reader.next(bytesMax: AdminLine.bytesMax, milliseconds: AdminServer.requestMilliseconds) else {
            return
        }
        do {
            let name = try AdminServer.decode(AdminLine.Name.self, line).request
            guard let handler = handlers.withLock({ $0[name] }) else {
                throw AdminFailure(
                    kind: "unknownRequest",
                    message: "the server does not know '\(name.shownInError)'; use its own version of highland")
            }
            try handler(line, connection)
        } catch {
            _ = connection.write(AdminLine.Failed(error: AdminServer.failure(of: error)))
        }
    }

    /// The one table from errors to what a client is told.
    private static func failure(of error: any Error) -> AdminFailure {
        switch error {
        case let failure as AdminFailure: failure
        case let error as CatalogError: AdminFailure(kind: error.kind.rawValue, message: error.description)
        case PublicationError.catalog(let error): AdminFailure(kind: error.kind.rawValue, message: error.description)
        case let error as PublicationError: AdminFailure(kind: "refused", message: error.description)
        default: AdminFailure(kind: "failed", message: "\(error)")
        }
    }
}

/// Where a handler sends the items of its answer. Used by the handler's thread.
package struct AdminStream<Item: Encodable> {
    private let connection: AdminConnection

    init(_ connection: AdminConnection) { self.connection = connection }

    /// Sends one item; false when the client is gone, and the handler should return.
    package func send(_ item: Item) -> Bool { connection.write(AdminLine.Item(item: item)) }

    /// For a handler that waits for something to send: asks the connection, without blocking.
    package var isOpen: Bool { connection.isOpen }
}
