package import ArgumentParser
package import Catalog

/// `highland site alias`: what the clients of other vendors call a site.
package struct AliasCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Names of sites in other vendors' clients: add, list, remove.",
        subcommands: [Add.self, List.self, Remove.self])

    package init() {}

    /// `highland site alias add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Name a site in a foreign client's words; again for another consent.",
            discussion: "A site's public key, and to Plausible's clients its domains, name it without an alias.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The site: a domain or its number.")
        package var site: String
        @OptionGroup package var name: AliasOptions
        @Option(name: .long, help: "Whether the clients' identifiers are kept as they come, or need a grant.")
        package var consent = AliasConsent.required
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(
                .addAlias(reference: site, protocol: name.protocol, value: name.value, consent: consent))
            guard case .alias(let alias) = result else { throw UnexpectedResult() }
            try output.show(alias) { "site \(alias.site) is \(alias.protocol.rawValue) \(alias.value)\n" }
            CommandContext.current.error(AliasCommand.notice(alias.consent))
        }
    }

    /// `highland site alias list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List the aliases of one site or of all.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The site: a domain or its number; all when it is not given.")
        package var site: String?
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(.aliases(reference: site))
            guard case .aliases(let aliases) = result else { throw UnexpectedResult() }
            try output.show(["aliases": aliases]) {
                guard !aliases.isEmpty else {
                    return "no aliases yet; add one with: highland site alias add --site shop.example "
                        + "--protocol matomo --value 1\n"
                }
                let rows = aliases.map { ["\($0.site)", $0.protocol.rawValue, $0.consent.rawValue, $0.value] }
                return TextTable.render([["SITE", "PROTOCOL", "CONSENT", "VALUE"]] + rows)
            }
        }
    }

    /// `highland site alias remove`.
    package struct Remove: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Take a name from its site; events under it are refused from then on.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var name: AliasOptions
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(
                .removeAlias(protocol: name.protocol, value: name.value))
            guard case .alias(let removed) = result else { throw UnexpectedResult() }
            try output.show(["removed": removed]) {
                "\(removed.protocol.rawValue) \(removed.value) removed from site \(removed.site)\n"
            }
        }
    }

    /// What an alias's consent means for its clients' identifiers.
    private static func notice(_ consent: AliasConsent) -> String {
        switch consent {
        case .client: "the identifiers that these clients send are kept: their sender asked its visitors first"
        case .required:
            "the identifiers that these clients send are dropped unless the request carries a grant; "
                + "--consent client keeps them where the sender asks its visitors first"
        }
    }
}

/// The options that name an alias, for `add` and `remove` alike.
package struct AliasOptions: ParsableArguments {
    @Option(name: .long, help: "Whose clients: RudderStack's are segment.")
    package var `protocol`: AliasProtocol

    @Option(
        name: .long,
        help: "What they call the site: idsite, app id, domain, website id, measurement id, write key, project token.")
    package var value: String

    package init() {}
}
