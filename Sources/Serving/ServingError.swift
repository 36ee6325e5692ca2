/// What can go wrong in Serving outside of requests: at the start, or in code that makes answers.
package enum ServingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A header name or value cannot be sent, or is one that Serving writes itself.
    case header(name: String)
    /// The address could not be listened on.
    case listen(address: String, reason: String)

    package var description: String {
        switch self {
        case .header(let name): "the response header \(name) has a name or value that cannot be sent"
        case .listen(let address, let reason):
            "cannot listen on \(address): \(reason); is another program using it, or may this user not?"
        }
    }
}
