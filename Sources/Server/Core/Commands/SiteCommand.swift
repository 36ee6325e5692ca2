package import ArgumentParser
internal import Catalog

/// `highland site`: the sites whose events are taken.
package struct SiteCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Sites: add, list, show, change, remove; their names elsewhere.",
        subcommands: [Add.self, List.self, Show.self, Set.self, Remove.self, AliasCommand.self])

    package init() {}

    /// `highland site add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Add a site; prints its number and public key.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var settings: SiteSettingsOptions
        @Option(
            name: .long, parsing: .singleValue, help: "A host of the site; covers its sub-domains; may be repeated.")
        package var domain: [String]

        package init() {}

        package func run() throws {
            var change = try settings.change()
            change.domains = domain
            let draft = change.applied(to: SiteDraft(domains: domain))
            let result = try CatalogAccess(directory: global.directories().data).perform(.addSite(draft))
            guard case .site(let site) = result else { throw UnexpectedResult() }
            try output.show(Added(id: site.id, key: site.key)) {
                "site \(site.id) (\(site.settings.domains.joined(separator: ", "))), public key \(site.key)\n"
            }
        }

        private struct Added: Encodable {
            let id: UInt32
            let key: String
        }
    }

    /// `highland site list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List all sites.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(.sites)
            guard case .sites(let sites) = result else { throw UnexpectedResult() }
            try output.show(["sites": sites.map(SiteView.init)]) {
                guard !sites.isEmpty else {
                    return "no sites yet; add one with: highland site add --domain shop.example\n"
                }
                let rows = sites.map {
                    [
                        "\($0.id)", $0.settings.name, $0.settings.domains.joined(separator: ","), $0.key,
                        $0.settings.timeZone,
                    ]
                }
                return TextTable.render([["ID", "NAME", "DOMAINS", "KEY", "TIME ZONE"]] + rows)
            }
        }
    }

    /// `highland site show`.
    package struct Show: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Show everything about one site.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The site: a domain or its number.")
        package var site: String
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(.site(reference: site))
            try SiteView.show(result, output)
        }
    }

    /// `highland site set`.
    package struct Set: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Change some settings of a site.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var settings: SiteSettingsOptions
        @Option(name: .long, help: "The site: a domain or its number.")
        package var site: String
        @Option(name: .long, parsing: .singleValue, help: "The site's hosts, replacing all of them; may be repeated.")
        package var domain: [String] = []
        package init() {}

        package func run() throws {
            var change = try settings.change()
            if !domain.isEmpty { change.domains = domain }
            guard !change.isEmpty else {
                throw ValidationError("nothing to change; expected at least one option such as --name or --time-zone")
            }
            let access = CatalogAccess(directory: try global.directories().data)
            try SiteView.show(try access.perform(.updateSite(reference: site, change)), output)
        }
    }

    /// `highland site remove`.
    package struct Remove: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Stop taking a site's events. What is stored stays until its retention ends.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The site: a domain or its number.")
        package var site: String
        @Flag(name: .long, help: "Say that it is meant.")
        package var yes = false
        package init() {}

        package func run() throws {
            guard yes else {
                throw ValidationError("the site's key would stop working for good; repeat with --yes if that is meant")
            }
            let result = try CatalogAccess(directory: global.directories().data).perform(.removeSite(reference: site))
            guard case .site(let removed) = result else { throw UnexpectedResult() }
            try output.show(["removed": removed.id]) { "site \(removed.id) removed\n" }
        }
    }
}

/// A server of another version gave an answer of another kind.
struct UnexpectedResult: Error, CustomStringConvertible {
    var description: String { "the server gave an answer of another kind; expected its own version of highland" }
}
