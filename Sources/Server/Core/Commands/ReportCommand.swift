internal import Adapters
package import ArgumentParser
internal import Catalog
internal import Events
internal import Foundation
internal import Journal

/// `highland report`: a site's numbers as a table, CSV or JSON.
package struct ReportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "report", abstract: "A site's numbers as a table, CSV or JSON.",
        discussion: """
            Metrics and dimensions are those of POST /api/v2/query; a wrong name is answered with the whole list.
              highland report --site shop.test --metrics visitors,pageviews --dimensions visit:source --range 30d
              highland report --site shop.test --metrics visits --dimensions event:page --range 2026-05-01,2026-05-31 \\
                              --filter 'visit:country is DE|CH' --format csv
            """)

    @OptionGroup package var global: GlobalOptions
    @OptionGroup package var output: OutputOptions
    @Option(name: .long, help: "The site (a domain, number or key).") package var site: String
    @Option(name: .long, help: "Metrics, separated by commas.") package var metrics: String =
        "visitors,visits,pageviews,bounce_rate,visit_duration"
    @Option(name: .long, help: "Dimensions, separated by commas.") package var dimensions: String?
    @Option(name: .long, help: "day, 7d, 30d, month, 12mo, year, all, or FROM,TO as dates.") package var range: String =
        "30d"
    @Option(
        name: .long, parsing: .singleValue,
        help: "FIELD is|is not|contains|contains not VALUE[|VALUE…]; may be repeated.")
    package var filter: [String] = []
    @Flag(name: .long, help: "Count bots and prefetches too.") package var includeBots = false
    @Option(name: .long, help: "The most rows.") package var limit: Int?
    @Option(name: .long, help: "table, csv or json (as --json); table where none is named.")
    var format: ReportRequest.Format?

    package init() {}

    package func validate() throws {
        if output.json, let format, format != .json {
            throw ValidationError("--format: \(format.rawValue) is not what --json prints; expected one of the two")
        }
    }

    package func run() throws {
        let request = ReportRequest(
            site: site, metrics: metrics, dimensions: dimensions, range: range, filters: filter,
            includesBots: includeBots,
            limit: limit, format: output.json ? .json : format ?? .table)
        _ = try request.query()
        let directories = try global.directories()
        let text: String
        do throws(AdminError) {
            text = try AdminClient(directory: directories.data).call(
                ReportRequest.requestName, request, as: String.self)
        } catch {
            guard case .notRunning = error else { throw error }
            let offline = try OfflineInstallation(try global.load().configuration, directories: directories)
            defer { offline.close() }
            text = try offline.report(request)
        }
        CommandContext.current.output(text)
    }
}

extension ReportRequest.Format: ExpressibleByArgument {}

/// An installation that no server runs on, opened by a command: journal, projections, reports. Holds the data
/// directory's locks until it is closed.
final class OfflineInstallation {
    let catalog: CatalogHolder
    let journal: FileJournal
    private let pipeline: ProjectionPipeline
    private let seams: ServerSeams

    /// - rebuilding: columns and visits are thrown away first.
    init(_ configuration: Configuration, directories: Directories, rebuilding: Bool = false) throws {
        var seams = ServerSeams()
        let context = CommandContext.current
        seams.log = { level, message, facts in
            // What is critical ends the command, which says it.
            guard [.warning, .error].contains(level) else { return }
            let text = facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            context.error("highland: \(message) \(text)")
        }
        self.seams = seams
        catalog = CatalogHolder(try CatalogStoreSQLite(directory: directories.data).load())
        journal = try HighlandServer.openJournal(configuration, directories: directories, seams: seams)
        pipeline = ProjectionPipeline(
            journal: journal, catalog: catalog, dataDirectory: directories.data, settings: configuration.projections,
            seams: seams)
        do { if !rebuilding { try pipeline.requireJournalOfCheckpoint() } } catch {
            try? journal.close()
            throw error
        }
        journal.start()
        try pipeline.start(rebuilding: rebuilding, seams: seams)
    }

    /// Waits until everything is applied again.
    func followRebuild(_ take: (RebuildProgress) -> Void) throws {
        try pipeline.followRebuild {
            take($0)
            return true
        }
    }

    func report(_ request: ReportRequest) throws -> String {
        try pipeline.requireCurrent(milliseconds: 600_000)
        let table = try pipeline.report(try request.query(), catalog: catalog.current, now: seams.time.wallClock())
        return request.render(table)
    }

    func close() {
        pipeline.stop()
        try? journal.close()
    }
}
