/// Why a request head is refused. The list is closed: each has a status, a sentence for the sender and, by its name,
/// a counter. After any of them the connection closes, because where the next request begins is no longer certain.
package enum HeadError: UInt8, Error, CaseIterable, Sendable {
    case controlCharacter, bareCarriageReturn, bareLineFeed
    case requestLine, requestLineTooLong, method, target, version
    case fieldName, folding, fieldTooLong, listTooLong, tooManyFields
    case hostMissing, hostRepeated, host
    case contentLength, contentLengthRepeated, transferEncoding, transferEncodingRepeated, bothFramings
    case expectation

    /// The HTTP status that answers it.
    package var status: UInt16 {
        switch self {
        case .requestLineTooLong: 414
        case .method: 501
        case .version: 505
        case .fieldTooLong, .listTooLong, .tooManyFields: 431
        case .expectation: 417
        default: 400
        }
    }

    /// One sentence that tells the sender what is wrong.
    package var sentence: StaticString {
        switch self {
        case .controlCharacter: "The request head contains a control character."
        case .bareCarriageReturn: "A carriage return in the request head is not followed by a line feed."
        case .bareLineFeed: "A line of the request head ends in a line feed without a carriage return."
        case .requestLine: "The request line is not METHOD, one space, TARGET, one space, VERSION."
        case .requestLineTooLong: "The request line is too long."
        case .method: "This method is not implemented."
        case .target: "The target must begin with a slash."
        case .version: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .fieldName: "A header line has no valid name directly before its colon."
        case .folding: "A header is folded over several lines."
        case .fieldTooLong: "A header line is too long."
        case .listTooLong: "The header list is too long."
        case .tooManyFields: "There are too many header lines."
        case .hostMissing: "The Host header is missing."
        case .hostRepeated: "There is more than one Host header."
        case .host: "The Host header is not a host name with an optional port."
        case .contentLength: "Content-Length is not a decimal number."
        case .contentLengthRepeated: "There is more than one Content-Length header."
        case .transferEncoding: "The only Transfer-Encoding understood is chunked, in HTTP/1.1."
        case .transferEncodingRepeated: "There is more than one Transfer-Encoding header."
        case .bothFramings: "Content-Length and Transfer-Encoding exclude each other."
        case .expectation: "The only expectation understood is 100-continue."
        }
    }
}
