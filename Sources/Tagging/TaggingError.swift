/// Why a container, or a text that should be one, was not taken. Names the place and what was expected.
package enum TaggingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A text that cannot be read as what it should be: `place` is a path (`tag[3].parameter[0].key`) or a byte.
    case malformed(place: String, problem: String, expected: String)
    /// A well-formed export of something that pages cannot run: a server or app container.
    case notWeb(kind: String)
    /// More of something than is allowed.
    case tooMuch(what: String, count: Int, allowed: Int)
    /// Errors that keep a container from being published; at least one has severity `error`.
    case refused([Finding])

    package var description: String {
        switch self {
        case .malformed(let place, let problem, let expected): "\(place): \(problem); expected \(expected)"
        case .notWeb(let kind):
            "the container is for \(kind), not for web pages; expected an export whose usageContext has WEB"
        case .tooMuch(let what, let count, let allowed): "\(count) \(what); expected at most \(allowed)"
        case .refused(let findings):
            findings.filter { $0.severity == .error }.prefix(5).map { "\($0.place): \($0.message)" }
                .joined(separator: "; ")
        }
    }
}
