package import ArgumentParser
internal import Catalog
internal import Events
internal import Foundation
internal import Journal

/// `highland demo`: a made-up shop to look at.
package struct DemoCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the site demo.test with a made-up shop's events, once.",
        discussion: "Does nothing where the site has events already.")
    static let domain = "demo.test"

    @OptionGroup package var global: GlobalOptions
    @OptionGroup package var output: OutputOptions
    @Option(name: .long, help: "Days of events, up to now; 1 to 800.")
    package var days = 30
    package init() {}

    package func validate() throws {
        guard (1...800).contains(days) else {
            throw ValidationError("--days: \(days) is out of range; expected 1 to 800")
        }
    }

    package func run() throws {
        let loaded = try global.load()
        let directories = Directories(loaded.configuration.storage)
        try directories.prepare()
        let (site, isNew) = try DemoCommand.site(directories)
        guard try isNew || !DemoCommand.hasEvents(SiteID(site.id), directories) else {
            return try output.show(ImportCounts()) { "\(DemoCommand.domain) has events already\n" }
        }
        let spool = try ImportSpool(data: directories.data)
        var demo = DemoEvents(
            site: site.key, domain: DemoCommand.domain, now: SystemTimeSource().wallClock(), days: days)
        var bytes: [UInt8] = []
        try demo.forEachLine { line in
            bytes.append(contentsOf: line.utf8)
            bytes.append(10)
            if bytes.count > 1 << 18 {
                try spool.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try spool.write(bytes)
        let request = ImportRequest(kind: .ndjson, site: DemoCommand.domain, files: [spool.path], source: "demo")
        let shown = ImportProgressLine()
        let counts = try ImportAccess(loaded.configuration, directories).perform(request) { shown.show($0) }
        shown.end()
        withExtendedLifetime(spool) {}
        try output.show(counts) { "\(DemoCommand.domain): \(ImportCommand.text(counts))" }
    }

    /// The demo's site, made if it is missing.
    private static func site(_ directories: Directories) throws -> (SiteRecord, isNew: Bool) {
        let access = CatalogAccess(directory: directories.data)
        guard case .sites(let sites) = try access.perform(.sites) else { throw UnexpectedResult() }
        if let site = sites.first(where: { $0.settings.domains.contains(domain) }) { return (site, false) }
        var draft = SiteDraft(name: "Alpine Outfitters (demo)", domains: [domain])
        draft.timeZone = "Europe/Zurich"
        draft.currency = "CHF"
        guard case .site(let site) = try access.perform(.addSite(draft)) else { throw UnexpectedResult() }
        return (site, true)
    }

    /// Looks through the journal until the first event of the site.
    private static func hasEvents(_ site: SiteID, _ directories: Directories) throws -> Bool {
        let directory = directories.data + "/journal"
        guard FileManager.default.fileExists(atPath: directory) else { return false }
        var isFound = false
        _ = try JournalInspection(directory: directory).dump { _, event in
            isFound = event.site == site && event.kind == .event
            return !isFound
        }
        return isFound
    }
}
