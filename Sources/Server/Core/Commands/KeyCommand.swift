package import ArgumentParser
package import Catalog
internal import Events
internal import Foundation

/// `highland key`: keys for API, commands from afar, and servers that write events.
package struct KeyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Keys: add, list, revoke.", subcommands: [Add.self, List.self, Revoke.self])

    package init() {}

    /// `highland key add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Make a key; prints it for the only time.",
            discussion: "The role 'server' writes events with any time and reads nothing; the others read and manage.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "What the key may do.")
        package var role: Role
        @Option(
            name: .long, parsing: .singleValue,
            help: "A site it is good for (a domain or number); may be repeated; all when none is given.")
        package var site: [String] = []
        @Option(name: .long, help: "What people call the key.")
        package var name: String = ""
        package init() {}

        package func run() throws {
            let draft = KeyDraft(name: name, role: role, sites: site.isEmpty ? nil : site)
            let result = try CatalogAccess(directory: global.directories().data).perform(.addKey(draft))
            guard case .issued(_, let text) = result else { throw UnexpectedResult() }
            try output.show(["key": text]) { "\(text)\n" }
            if !output.json {
                CommandContext.current.error("keep this key: it is stored as a hash and cannot be shown again")
            }
        }
    }

    /// `highland key list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List all keys, without their secrets.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        package init() {}

        package func run() throws {
            let result = try CatalogAccess(directory: global.directories().data).perform(.keys)
            guard case .keys(let keys) = result else { throw UnexpectedResult() }
            try output.show(["keys": keys]) {
                guard !keys.isEmpty else { return "no keys yet; make one with: highland key add --role viewer\n" }
                let rows = keys.map { key in
                    let sites = key.sites.map { $0.map { "\($0)" }.joined(separator: ",") } ?? "all"
                    let made = Date(timeIntervalSince1970: Double(key.createdAtMilliseconds) / 1_000)
                    return [key.id, key.role.rawValue, sites, made.formatted(.iso8601), key.name]
                }
                return TextTable.render([["ID", "ROLE", "SITES", "MADE", "NAME"]] + rows)
            }
        }
    }

    /// `highland key revoke`.
    package struct Revoke: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "End a key at once.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The key's identifier as 'key list' shows it, or the key itself.")
        package var id: String
        package init() {}

        package func run() throws {
            _ = try CatalogAccess(directory: global.directories().data).perform(.revokeKey(id: id))
            try output.show(["revoked": true]) { "revoked\n" }
        }
    }
}
