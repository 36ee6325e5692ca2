package import RequestParsing

/// Why Serving itself refuses a request or ends a connection: a closed list, each with a status, a sentence and a
/// counter.
package enum Refusal: Hashable, Sendable {
    case head(HeadError)
    case chunk(ChunkError)
    case bodyTooLarge, contentEncoding, gzip
    case headTimeout, bodyTimeout, requestTimeout, responderTimeout
    case connectionLimit, addressLimit
    /// NIOHTTP1's decoder said no (`parser: .nio`).
    case decoder
    /// No answer is possible: closed while idle, by a slow reader, in mid-request, or cut off at the drain's deadline.
    case idleTimeout, writeTimeout, truncated, drainTimeout

    private static let plain: [Refusal] = [
        .bodyTooLarge, .contentEncoding, .gzip, .headTimeout, .bodyTimeout, .requestTimeout, .responderTimeout,
        .connectionLimit, .addressLimit, .decoder, .idleTimeout, .writeTimeout, .truncated, .drainTimeout,
    ]

    /// Every reason, in the order of `index`.
    package static let all: [Refusal] =
        HeadError.allCases.map(Refusal.head) + ChunkError.allCases.map(Refusal.chunk) + plain

    /// Its place in `all` and in the counters.
    package var index: Int {
        switch self {
        case .head(let error): Int(error.rawValue)
        case .chunk(let error): HeadError.allCases.count + Int(error.rawValue)
        default: HeadError.allCases.count + ChunkError.allCases.count + (Self.plain.firstIndex(of: self) ?? 0)
        }
    }

    /// The body is what was refused, not the way it came.
    package var isOfBody: Bool {
        switch self {
        case .bodyTooLarge, .contentEncoding, .gzip: true
        default: false
        }
    }

    /// The status that answers it.
    package var status: UInt16 {
        switch self {
        case .head(let error): error.status
        case .chunk(let error): error.status
        case .bodyTooLarge: 413
        case .contentEncoding: 415
        case .gzip, .decoder, .truncated: 400
        case .headTimeout, .bodyTimeout, .requestTimeout, .idleTimeout, .writeTimeout: 408
        case .responderTimeout, .connectionLimit, .addressLimit, .drainTimeout: 503
        }
    }

    /// The value of the counter's `reason`.
    package var name: String {
        switch self {
        case .head(let error): "head_\(error)"
        case .chunk(let error): "chunk_\(error)"
        default: "\(self)"
        }
    }

    /// One sentence for the sender.
    package var sentence: StaticString {
        switch self {
        case .head(let error): error.sentence
        case .chunk(let error): error.sentence
        case .bodyTooLarge: "The body is too large."
        case .contentEncoding: "The only Content-Encoding understood is gzip, once."
        case .gzip: "The body is not one whole gzip stream."
        case .headTimeout: "The request head took too long."
        case .bodyTimeout: "The request body took too long."
        case .requestTimeout: "The request took too long."
        case .responderTimeout: "No answer was ready in time; try again."
        case .connectionLimit: "There are too many connections; try again."
        case .addressLimit: "There are too many connections from this address; try again."
        case .decoder: "The request is not HTTP/1 as it is read here."
        case .idleTimeout: "Nothing was sent for too long."
        case .writeTimeout: "The answer was not taken in time."
        case .truncated: "The request ended early."
        case .drainTimeout: "The server is stopping."
        }
    }
}
