/// A value that stops the start: which key, which value, from where, and what was expected.
package enum ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    case wrongValue(key: String, value: String, source: String, expected: String)
    case unknownKey(key: String, source: String, expected: String)
    /// The file as a whole.
    case unreadable(source: String, problem: String, expected: String)
    /// Two values that do not go together.
    case contradiction(key: String, problem: String, expected: String)

    package var description: String {
        switch self {
        case .wrongValue(let key, let value, let source, let expected):
            "\(source): \(key): '\(value)' is not valid; expected \(expected)"
        case .unknownKey(let key, let source, let expected):
            "\(source): there is no key '\(key)'; expected \(expected)"
        case .unreadable(let source, let problem, let expected):
            "\(source): \(problem); expected \(expected)"
        case .contradiction(let key, let problem, let expected):
            "\(key): \(problem); expected \(expected)"
        }
    }
}
