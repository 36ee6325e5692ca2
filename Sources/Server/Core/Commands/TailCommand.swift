internal import Admin
package import ArgumentParser
internal import Events
internal import Foundation

/// `highland tail`: what became of the last events, refused ones too; follows.
package struct TailCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Show the last events with verdict, step and reason, and follow.",
        discussion: "Needs a running server: verdicts live in its memory, the last 1,000 of each event loop.")

    @OptionGroup package var global: GlobalOptions
    @Option(name: .long, help: "One site's events only (a domain, number or key).") package var site: String?
    @Option(name: .long, help: "How many of the past to begin with.") package var count: Int = 20
    @Flag(name: .long, help: "Stop after the past.") package var noFollow = false
    @Flag(name: .long, help: "One JSON object a line.") package var json = false

    package init() {}

    package func validate() throws {
        guard (0...1_000).contains(count) else { throw ValidationError("--count: \(count); expected 0 to 1000") }
    }

    package func run() throws {
        let directory = try global.directories().data
        if let site {
            let found = try CatalogAccess(directory: directory).perform(.site(reference: site))
            guard case .site = found else { throw UnexpectedResult() }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try AdminClient(directory: directory).stream(
                ServerState.tailRequestName, TailRequest(site: site, count: count, follows: !noFollow),
                of: TailLine.self
            ) { line in
                let text =
                    json
                    ? (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? ""
                    : TailCommand.text(line)
                CommandContext.current.output(text + "\n")
                return CommandContext.current.outputProblem() == nil
            }
        } catch AdminError.notRunning {
            throw CommandFailure(
                "no server runs on \(directory); start one with 'highland serve' (events on disk: 'highland journal dump')"
            )
        }
    }

    static func text(_ line: TailLine) -> String {
        var parts = [
            MomentText.rfc3339(Timestamp(milliseconds: line.receivedAtMilliseconds)), line.verdict, line.site ?? "-",
            line.name.isEmpty ? "-" : line.name,
            line.location.isEmpty ? "-" : line.location,
        ]
        if let reason = line.reason { parts.append("\(line.step ?? "-"): \(reason)") }
        if line.isBot { parts.append("bot") }
        return parts.map(\.withoutControls).joined(separator: "  ")
    }
}
