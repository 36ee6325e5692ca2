package import ArgumentParser
internal import Foundation

/// The program as a function: arguments in, text and exit code out.
package enum HighlandProgram {
    /// Shown by `--version`.
    package static let version = "0.1.0"

    /// Parses `arguments` (without the program's name) and runs the command. Exit codes: 0 done, 1 failed, 64 wrong
    /// usage. An error is one line on standard error.
    package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        await CommandContext.$current.withValue(context) {
            var isServer = false
            var code: Int32 = 0
            do {
                try HighlandCommand.requireKnown(arguments)
                var command = try HighlandCommand.parseAsRoot(arguments)
                isServer = command is ServeCommand
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                code = report(error, in: context)
            }
            guard code == 0, !isServer, let problem = context.outputProblem() else { return code }
            context.error("highland: standard output cannot be written: \(problem)")
            return 1
        }
    }

    /// The context of a real process.
    package static func processContext(
        serve: (@Sendable (LoadedConfiguration, Directories) async throws -> Int32)? = nil
    ) -> CommandContext {
        StandardStream.holdPlaces()
        let output = StandardStream(STDOUT_FILENO)
        let error = StandardStream(STDERR_FILENO)
        var context = CommandContext(
            environment: ProcessInfo.processInfo.environment, output: { output.write($0) },
            error: { error.write($0 + "\n") }, serve: serve)
        context.outputProblem = { output.problem }
        if isatty(STDERR_FILENO) == 1 { context.progress = { error.write($0) } }
        return context
    }

    private static func report(_ error: any Error, in context: CommandContext) -> Int32 {
        if let exit = error as? CommandExit { return exit.code }
        let code = HighlandCommand.exitCode(for: error).rawValue
        if code == 0 {
            let text = HighlandCommand.fullMessage(for: error)
            context.output(text.hasSuffix("\n") ? text : text + "\n")
            return 0
        }
        let lines = HighlandCommand.message(for: error).split(whereSeparator: \.isNewline)
        let line = lines.joined(separator: " ")
        if code == ExitCode.validationFailure.rawValue {
            context.error("highland: \(line) (see 'highland --help')")
            return 64
        }
        context.error("highland: \(line)")
        return 1
    }
}

/// The root command.
package struct HighlandCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "highland", abstract: "Web events in, on disk, and in reports a moment later.",
        discussion: """
            Every command but 'tail' works while the server runs and while it does not. Values come from the defaults, \
            then the file of --config, then HIGHLAND_… variables, then options; 'highland config' shows them all.
            """,
        version: HighlandProgram.version,
        subcommands: [
            ServeCommand.self, SiteCommand.self, KeyCommand.self, ReportCommand.self, ImportCommand.self,
            ContainerCommand.self, DemoCommand.self,
            TailCommand.self, JournalCommand.self, RebuildCommand.self, ConfigCommand.self, DoctorCommand.self,
        ])

    package init() {}

    /// Throws where the first word, or the one behind `help`, is no command: else `--help` would win, and the exit code
    /// would say that all is well.
    fileprivate static func requireKnown(_ arguments: [String]) throws {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word = words.first, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
        throw ValidationError(
            "'\(word.withoutControls)' is no command; expected one of \(names.joined(separator: ", "))")
    }
}
