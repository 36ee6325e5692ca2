/// What a command may touch of the world beside files: replaced in tests.
package struct CommandContext: Sendable {
    package var environment: [String: String]
    /// Takes text for standard output, line ends included.
    package var output: @Sendable (String) -> Void
    /// Takes one line for standard error, without its line end.
    package var error: @Sendable (String) -> Void
    /// Takes text for a terminal on standard error, without a line end added. Nil where there is no terminal.
    package var progress: (@Sendable (String) -> Void)?
    /// Why text for standard output could not be written; nil where all was.
    package var outputProblem: @Sendable () -> String? = { nil }
    /// Runs the server until it is told to stop; gives the exit code. Nil where the program cannot serve.
    package var serve: (@Sendable (LoadedConfiguration, Directories) async throws -> Int32)?

    package init(
        environment: [String: String], output: @escaping @Sendable (String) -> Void,
        error: @escaping @Sendable (String) -> Void,
        serve: (@Sendable (LoadedConfiguration, Directories) async throws -> Int32)? = nil
    ) {
        self.environment = environment
        self.output = output
        self.error = error
        self.serve = serve
    }

    /// The context of the command that runs in this task.
    @TaskLocal package static var current = CommandContext(environment: [:], output: { _ in }, error: { _ in })
}

/// What kept a command from its work, in words; exit code 1. Wrong usage is a `ValidationError`, 64.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A command that has said on its own what is wrong, and ends with this code.
package struct CommandExit: Error, Equatable {
    package let code: Int32
    package init(code: Int32) { self.code = code }
}
