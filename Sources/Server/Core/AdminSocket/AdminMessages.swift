/// The words of the admin socket, one JSON object a line, one request a connection:
///
///     client   {"request":"catalog","arguments":{…}}
///     server   {"item":…}          any number, from requests that stream
///              {"result":…}        the end, or
///              {"error":{"kind":"notFound","message":"no site 'shop.test'"}}
///
/// Both ends are the same program; what an end does not know, it refuses.
enum AdminLine {
    /// A request or an answer of one line, without the line feed: room for a definition of 8 MiB, escaped.
    static let bytesMax = 20 << 20

    struct Name: Decodable { let request: String }
    struct Request<Arguments> { let request: String, arguments: Arguments }
    struct Item<Value> { let item: Value }
    struct Result<Value> { let result: Value }
    struct Failed: Codable { let error: AdminFailure }
    /// Any line of the server: exactly one of the three is there.
    struct Reply<Item: Decodable, Value: Decodable>: Decodable {
        let item: Item?
        let result: Value?
        let error: AdminFailure?
    }
}

extension AdminLine.Request: Encodable where Arguments: Encodable {}
extension AdminLine.Request: Decodable where Arguments: Decodable {}
extension AdminLine.Item: Encodable where Value: Encodable {}
extension AdminLine.Result: Encodable where Value: Encodable {}

/// Nothing, where a request takes or gives nothing.
package struct AdminNothing: Codable, Sendable, Equatable {
    package init() {}
}

/// Why the server did not do what was asked; travels over the socket.
package struct AdminFailure: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// A closed word for programs: those of `CatalogError.Kind`, `refused`, `unknownRequest`, `badRequest`, `busy`, `failed`.
    package let kind: String
    /// One line for people.
    package let message: String

    package init(kind: String, message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}

/// What goes wrong on the way to or from the server.
package enum AdminError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No server has this data directory; the caller opens the files itself.
    case notRunning(directory: String)
    /// Another server has this data directory.
    case alreadyRunning(directory: String)
    case system(operation: String, path: String, problem: String, hint: String)
    /// The other end closed or fell silent before the answer was whole.
    case disconnected(String)
    /// The other end is of another version, or no Highland.
    case unreadable(String)
    /// The server's own answer.
    case refused(AdminFailure)

    package var description: String {
        switch self {
        case .notRunning(let directory): "\(directory): no server is running there; start one with 'highland serve'"
        case .alreadyRunning(let directory):
            "\(directory): another server is running there; stop it, or choose another --data"
        case .system(let operation, let path, let problem, let hint):
            "\(path): cannot \(operation): \(problem); \(hint)"
        case .disconnected(let when): "the server closed the admin socket \(when); see its log"
        case .unreadable(let what):
            "\(what) on the admin socket does not read; expected the server's own version of highland"
        case .refused(let failure): failure.message
        }
    }
}
