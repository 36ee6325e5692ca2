/// Why the user-agent rules could not be read. The classifier goes on with its built-in rules; the caller says so once.
package enum ClassificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno` of the failed call.
    case read(operation: String, file: String, code: Int32)
    case fileTooLarge(file: String, bytesMax: Int)
    /// A line that is none of the shapes the reader knows; the first line is 1.
    case line(Int, expected: String)
    /// A rule before the first section, or no rule at all.
    case noRules

    package var description: String {
        switch self {
        case .read(let operation, let file, let code):
            "user-agent rules: \(operation) of \(file) failed with errno \(code); install uap-core or set the path"
        case .fileTooLarge(let file, let bytesMax):
            "user-agent rules: \(file) is larger than \(bytesMax) bytes; expected uap-core's regexes.yaml"
        case .line(let line, let expected):
            "user-agent rules: line \(line): expected \(expected)"
        case .noRules:
            "user-agent rules: no rule found; expected the sections user_agent_parsers and os_parsers"
        }
    }
}
