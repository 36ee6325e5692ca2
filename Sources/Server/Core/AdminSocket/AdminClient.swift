internal import Foundation

/// A command's end of the admin socket. Every call is a connection of its own and blocks.
package struct AdminClient: Sendable {
    private let directory: String

    /// For the server that has the data directory `directory`, if there is one.
    package init(directory: String) { self.directory = directory }

    /// Asks `name` and waits for its result, two minutes at most.
    package func call<Arguments: Encodable, Value: Decodable>(
        _ name: String, _ arguments: Arguments, as type: Value.Type
    ) throws(AdminError) -> Value {
        try exchange(name, arguments, item: AdminNothing.self, as: type, milliseconds: 120_000) { _ in true }
    }

    /// Asks `name` and hands each item to `take` until the server ends or `take` says false.
    package func stream<Arguments: Encodable, Item: Decodable>(
        _ name: String, _ arguments: Arguments, of item: Item.Type, _ take: (Item) -> Bool
    ) throws(AdminError) {
        do {
            _ = try exchange(name, arguments, item: item, as: AdminNothing.self, milliseconds: -1, take)
        } catch .disconnected(AdminClient.ended) {
            return
        }
    }

    /// Whether a server answers.
    package func isServerRunning() -> Bool { (try? connect()) != nil }

    private static let ended = "because the command had seen enough"

    private func exchange<Arguments: Encodable, Item: Decodable, Value: Decodable>(
        _ name: String, _ arguments: Arguments, item: Item.Type, as type: Value.Type, milliseconds: Int32,
        _ take: (Item) -> Bool
    ) throws(AdminError) -> Value {
        let connection = try connect()
        guard connection.write(AdminLine.Request(request: name, arguments: arguments)) else {
            throw .disconnected("before the request was whole")
        }
        var reader = AdminConnection.Reader(connection)
        while true {
            guard let line = reader.next(bytesMax: AdminLine.bytesMax, milliseconds: milliseconds) else {
                throw .disconnected("before the answer was whole")
            }
            guard let reply = try? JSONDecoder().decode(AdminLine.Reply<Item, Value>.self, from: line) else {
                throw .unreadable("the answer to '\(name)'")
            }
            if let error = reply.error { throw .refused(error) }
            if let result = reply.result { return result }
            guard let item = reply.item else { throw .unreadable("the answer to '\(name)'") }
            guard take(item) else { throw .disconnected(AdminClient.ended) }
        }
    }

    private func connect() throws(AdminError) -> AdminConnection {
        let descriptor = AdminAddress.makeSocket()
        guard descriptor >= 0 else {
            throw .system(
                operation: "make a socket", path: directory, problem: SystemCall.message(errno), hint: "see ulimit -n")
        }
        let owned = OwnedDescriptor(descriptor)
        var status = stat()
        guard stat(directory, &status) == 0 else { throw .notRunning(directory: directory) }
        let result = try AdminAddress.with(directory: directory) { Foundation.connect(descriptor, $0, $1) }
        guard result == 0 else {
            let code = errno
            if code == ENOENT || code == ECONNREFUSED { throw .notRunning(directory: directory) }
            throw .system(
                operation: "connect to \(AdminAddress.socketName)", path: directory, problem: SystemCall.message(code),
                hint: "run the command as the user of the server")
        }
        return AdminConnection(owned)
    }
}
