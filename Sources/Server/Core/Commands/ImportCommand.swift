package import ArgumentParser
internal import Foundation
internal import Synchronization

/// `highland import`: logs and events from files.
package struct ImportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import access logs, events and tag managers; the same file twice adds nothing.",
        subcommands: [AccessLog.self, NDJSON.self, CSV.self, GTM.self])

    package init() {}

    /// `highland import access-log`.
    package struct AccessLog: ParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "access-log", abstract: "Import access logs in the Common or Combined format.",
            discussion: """
                Page views are GETs with status 2xx or 304 that are no asset; 404s and downloads become events of these \
                names; the rest is skipped with its reason. Files may be packed with gzip; - is standard input. A log \
                that has grown since adds its new lines only. Each import has a salt of its own for each day, thrown \
                away with it: import a day's files together, for who is in two imports counts as two visitors.
                """)
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var options: ImportOptions
        package init() {}

        package func run() throws {
            try ImportCommand.run(options.request(.accessLog), global, output)
        }
    }

    /// `highland import ndjson`.
    package struct NDJSON: ParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "ndjson", abstract: "Import events, one JSON object a line.",
            discussion: """
                The native event's fields, and userAgent and ip; 'site' may be missing. Events are taken as from a \
                server with a key: any time in the past. An event with an id is taken once.
                """)
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var options: ImportOptions
        @OptionGroup package var consent: ImportConsentOptions
        package init() {}

        package func run() throws {
            var request = try options.request(.ndjson)
            request.assumesMeasurement = consent.consent == .granted
            try ImportCommand.run(request, global, output)
        }
    }

    /// `highland import csv`.
    package struct CSV: ParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "csv", abstract: "Import events from CSV with a header row.",
            discussion: """
                A column is the field it is named after (p.KEY is a property), or the one that --map says; other columns \
                are passed over. Times are RFC 3339, milliseconds, or 'YYYY-MM-DD HH:MM:SS' in UTC. A shop's \
                clickstream with the columns user_id, session_id, event, timestamp, platform, acquisition_channel:

                highland import csv --site shop.test \(CSV.exampleMap.map { "--map \($0)" }.joined(separator: " ")) \
                ecom-clickstream.csv.gz
                """)
        /// For a clickstream as an exporter writes it.
        package static let exampleMap = [
            "event=name", "timestamp=time", "session_id=anonymousID", "user_id=userID", "platform=p.platform",
            "acquisition_channel=p.channel",
        ]
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var options: ImportOptions
        @OptionGroup package var consent: ImportConsentOptions
        @Option(
            name: .long, parsing: .singleValue,
            help: ArgumentHelp("The field that a column is; may be repeated.", valueName: "column=field"))
        package var map: [String] = []
        package init() {}

        package func run() throws {
            var request = try options.request(.csv)
            request.assumesMeasurement = consent.consent == .granted
            for entry in map {
                guard let equals = entry.lastIndex(of: "="), equals != entry.startIndex else {
                    throw ValidationError(
                        "--map: '\(entry.shownInError)' is no mapping; expected a column, = and a field, such as event=name"
                    )
                }
                request.map[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
            }
            try ImportCommand.run(request, global, output)
        }
    }

    private static func run(_ request: ImportRequest, _ global: GlobalOptions, _ output: OutputOptions) throws {
        let loaded = try global.load()
        let access = ImportAccess(loaded.configuration, Directories(loaded.configuration.storage))
        let shown = ImportProgressLine()
        let counts = try access.perform(request) { shown.show($0) }
        shown.end()
        try output.show(counts) { ImportCommand.text(counts) }
    }

    /// The counts for people.
    static func text(_ counts: ImportCounts) -> String {
        func list(_ reasons: [String: Int]) -> String {
            let parts = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        }
        let skipped = counts.skipped.values.reduce(0, +)
        let rejected = counts.rejected.values.reduce(0, +)
        return "\(counts.read) lines read: \(counts.imported) imported, \(skipped) skipped\(list(counts.skipped)), "
            + "\(rejected) rejected\(list(counts.rejected))\n"
    }
}

/// What every import takes.
package struct ImportOptions: ParsableArguments {
    @Option(name: .long, help: "The site: a domain or its number.")
    package var site: String

    @Option(
        name: .long,
        help: "Where the files come from, such as web2: equal lines of two sources are two events (the format's name).")
    package var source: String?

    @Argument(help: ArgumentHelp("Files, plain or gzip, in their order; - is standard input.", valueName: "file"))
    package var files: [String]

    package init() {}

    func request(_ kind: ImportRequest.Kind) throws -> ImportRequest {
        guard !files.isEmpty else { throw ValidationError("no file; expected at least one, or - for standard input") }
        guard files.filter({ $0 == "-" }).count < 2 else {
            throw ValidationError("-: standard input can be read once; expected one -")
        }
        return ImportRequest(
            kind: kind, site: site, files: files.map { $0 == "-" ? $0 : Directories.absolute($0) }, source: source)
    }
}

/// What the operator vouches for.
package struct ImportConsentOptions: ParsableArguments {
    package enum Consent: String, ExpressibleByArgument, CaseIterable, Sendable { case granted, unknown }

    @Option(name: .long, help: "Consent to measurement of events that say nothing of it.")
    package var consent: Consent = .granted

    package init() {}
}

/// Notes on standard error, and on a terminal one line that shows how far it is.
final class ImportProgressLine: Sendable {
    private let hasProgress = Mutex(false)

    /// Shows a message; true, since nobody can interrupt but with a signal.
    func show(_ message: ImportMessage) -> Bool {
        let context = CommandContext.current
        if let note = message.note {
            end()
            context.error(note)
        }
        if let progress = message.progress, let write = context.progress {
            var line = "\(progress.counts.read) lines, \(progress.counts.imported) imported"
            if let total = progress.bytesTotal, total > 0 { line += ", \(progress.bytesRead * 100 / total) %" }
            write("\r\u{1B}[K\(line)")
            hasProgress.withLock { $0 = true }
        }
        return true
    }

    /// Clears the line.
    func end() {
        let isThere = hasProgress.withLock { shown in
            defer { shown = false }
            return shown
        }
        if isThere { CommandContext.current.progress?("\r\u{1B}[K") }
    }
}
