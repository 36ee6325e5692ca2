package import ArgumentParser
internal import Catalog
internal import Foundation

/// `highland container`: the tag manager.
package struct ContainerCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "container", abstract: "Containers: tags that marketers manage and pages load as one script.",
        discussion: """
            A container has drafts (workspaces; the first is 'default'), numbered versions, and environments, of which \
            pages load 'live'. It is named by its public id (HL-…), its name or its number.
            """,
        subcommands: [
            Add.self, List.self, Show.self, Set.self, Remove.self, Publish.self, Approve.self, Decline.self,
            Rollback.self, Kill.self, Lift.self, Check.self, Diff.self, Export.self, Preview.self,
            ContainerVersionCommand.self, ContainerWorkspaceCommand.self, ContainerEnvironmentCommand.self,
        ])

    package init() {}

    /// `highland container add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Add a container; prints its public id.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "What people call it.")
        package var name: String
        @Option(
            name: .long, parsing: .singleValue,
            help: "A site where it is used (a domain or number); may be repeated.")
        package var site: [String] = []
        @Flag(name: .long, help: "Versions go live only when somebody other than their authors says so.")
        package var needsApproval = false
        package init() {}

        package func run() throws {
            let operation = ContainerOperation.add(name: name, sites: site, needsApproval: needsApproval)
            let container = try ContainerCommand.container(operation, global)
            try output.show(container) {
                "container \(container.id) (\(container.name)), in pages:\n\(Snippet.text(container, global))\n"
            }
        }
    }

    /// `highland container list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List all containers.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        package init() {}

        package func run() throws {
            guard case .containers(let containers) = try ContainerCommand.perform(.list, global) else {
                throw UnexpectedResult()
            }
            try output.show(["containers": containers]) {
                guard !containers.isEmpty else {
                    return "no containers yet; add one with: highland container add --name shop --site shop.example\n"
                }
                let rows = containers.map { container in
                    let live = container.environments.first { $0.name == ContainerEnvironment.live }
                    return [
                        container.id, live.map { "\($0.version)" } ?? "-", "\(container.newestVersion)",
                        container.sites.map { "\($0)" }.joined(separator: ","),
                        container.kills.isEmpty ? "-" : "\(container.kills.count)", container.name,
                    ]
                }
                return TextTable.render([["ID", "LIVE", "NEWEST", "SITES", "KILLS", "NAME"]] + rows)
            }
        }
    }

    /// `highland container show`.
    package struct Show: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show everything about one container, and what to put into pages.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(.show(which.container), global)
            try output.show(container) { ContainerText.show(container, Snippet.text(container, global)) }
        }
    }

    /// `highland container set`.
    package struct Set: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Change a container's name, sites or need of approval.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Option(name: .long, help: "What people call it.")
        package var name: String?
        @Option(
            name: .long, parsing: .singleValue, help: "A site where it is used, replacing all of them; may be repeated."
        )
        package var site: [String] = []
        @Flag(name: .long, help: "It is used on no site.")
        package var noSites = false
        @Option(name: .long, help: "Whether versions need somebody else's approval to go live: true or false.")
        package var needsApproval: Bool?
        package init() {}

        package func run() throws {
            guard site.isEmpty || !noSites else {
                throw ValidationError("--no-sites: sites are named too; expected one of the two")
            }
            let sites: [String]? = noSites ? [] : site.isEmpty ? nil : site
            guard name != nil || sites != nil || needsApproval != nil else {
                throw ValidationError("nothing to change; expected --name, --site, --no-sites or --needs-approval")
            }
            let container = try ContainerCommand.container(
                .change(which.container, name: name, sites: sites, needsApproval: needsApproval), global)
            try output.show(container) { ContainerText.show(container, Snippet.text(container, global)) }
        }
    }

    /// `highland container remove`.
    package struct Remove: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Remove a container with all of its versions; pages that load it get 404.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Flag(name: .long, help: "Say that it is meant.")
        package var yes = false
        package init() {}

        package func run() throws {
            guard yes else {
                throw ValidationError(
                    "drafts, versions and what pages load would be gone for good; repeat with --yes if that is meant")
            }
            let removed = try ContainerCommand.container(.remove(which.container), global)
            try output.show(["removed": removed.id]) { "container \(removed.id) removed\n" }
        }
    }

    // MARK: For all of them

    static func perform(_ operation: ContainerOperation, _ global: GlobalOptions) throws -> ContainerResult {
        try CatalogAccess(directory: global.directories().data).perform(operation)
    }

    static func container(_ operation: ContainerOperation, _ global: GlobalOptions) throws -> ContainerRecord {
        guard case .container(let container) = try perform(operation, global) else { throw UnexpectedResult() }
        return container
    }
}

/// Which container a command means.
package struct ContainerArgument: ParsableArguments {
    @Argument(help: "The container: its public id, name or number.")
    package var container: String
    package init() {}
}

/// Which draft a command means.
package struct WorkspaceOption: ParsableArguments {
    @Option(name: .long, help: "The draft.")
    package var workspace = "default"
    package init() {}
}

/// What a draft was when it was read.
package struct RevisionOption: ParsableArguments {
    @Option(name: .long, help: "The revision that was read; refused where somebody has saved since.")
    package var revision: Int?
    package init() {}
}

/// Which environment a command means.
package struct EnvironmentOption: ParsableArguments {
    @Option(name: .long, help: "The environment.")
    package var environment = "live"
    package init() {}
}

/// What goes into a page.
enum Snippet {
    /// One element. Where the installation's own URL is not configured, its place is held by a name.
    static func text(_ container: ContainerRecord, _ global: GlobalOptions) -> String {
        let url = (try? global.load())?.configuration.publicPlane.url
        return text(container.url, base: url)
    }

    static func text(_ path: String, base: String?) -> String {
        var base = base ?? "https://YOUR-HIGHLAND"
        while base.hasSuffix("/") { base.removeLast() }
        return "<script async src=\"\(base)\(path)\"></script>"
    }
}

/// Containers in words, for terminals.
enum ContainerText {
    static func show(_ container: ContainerRecord, _ snippet: String) -> String {
        let sites = container.sites.map { "\($0)" }.joined(separator: ", ")
        var rows = [
            ["container", container.id], ["name", container.name], ["sites", sites.isEmpty ? "none" : sites],
            ["versions", "\(container.newestVersion)"],
            ["approval", container.needsApproval ? "by somebody other than the authors" : "not needed"],
        ]
        for environment in container.environments {
            let script = "/tags/\(container.id)/\(environment.script) \(environment.integrity)"
            rows.append([environment.name, "version \(environment.version), by \(environment.actor), \(script)"])
        }
        for request in container.requests {
            rows.append(["waits", "version \(request.version) for \(request.environment), asked by \(request.askedBy)"])
        }
        for kill in container.kills { rows.append(["killed", "\(kill.kind) \(kill.value), by \(kill.actor)"]) }
        for workspace in container.workspaces {
            let state =
                workspace.authors.isEmpty ? "as its version" : "changed by " + workspace.authors.joined(separator: ", ")
            rows.append(["workspace", "\(workspace.name), on version \(workspace.base), \(state)"])
        }
        return TextTable.render(rows) + "\n" + snippet.withoutControls + "\n"
    }

    static func findings(_ findings: [FindingRecord]) -> String {
        findings.map { "\($0.severity): \($0.place): \($0.message)".withoutControls + "\n" }.joined()
    }

    static func publication(_ record: PublicationRecord) -> String {
        guard !record.isPending else {
            return "version \(record.version) waits for approval: highland container approve \(record.container)\n"
        }
        var text = "version \(record.version) is in '\(record.environment)': \(record.url)\n"
        if let url = record.immutableURL, let integrity = record.integrity {
            text += "the same for ever, which no kill reaches: \(url) integrity=\"\(integrity)\"\n"
        }
        return text + findings(record.findings)
    }
}
