package import ArgumentParser
internal import Catalog
internal import Foundation

/// What people look at before they publish.
extension ContainerCommand {
    /// `highland container check`.
    package struct Check: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Say what is to be known of a draft before it is published.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        package init() {}

        package func run() throws {
            let operation = ContainerOperation.check(which.container, workspace: workspace.workspace)
            guard case .findings(let findings) = try ContainerCommand.perform(operation, global) else {
                throw UnexpectedResult()
            }
            try output.show(["findings": findings]) {
                findings.isEmpty ? "nothing to say\n" : ContainerText.findings(findings)
            }
        }
    }

    /// `highland container diff`.
    package struct Diff: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show what differs between two versions, or a version and the draft.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @Option(name: .long, help: "The older version; 0 is the empty container. The one that the draft began from.")
        package var from: Int?
        @Option(name: .long, help: "The newer version; the draft where none is named.")
        package var to: Int?
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(.show(which.container), global)
            let base = container.workspaces.first { $0.name == workspace.workspace }?.base
            let operation = ContainerOperation.diff(
                which.container, old: from ?? base ?? 0, new: to, workspace: workspace.workspace)
            guard case .changes(let changes) = try ContainerCommand.perform(operation, global) else {
                throw UnexpectedResult()
            }
            try output.show(["changes": changes]) {
                changes.isEmpty ? "no difference\n" : changes.map(Diff.text).joined()
            }
        }

        private static func text(_ change: ChangeRecord) -> String {
            let was = change.previousName.map { " (was \($0))" } ?? ""
            let head = "\(change.action) \(change.kind) \(change.name)\(was)".withoutControls + "\n"
            return change.details.reduce(into: head) { text, detail in
                let (old, new) = (short(detail.old), short(detail.new))
                text += "    \(detail.path): \(old) -> \(new)".withoutControls + "\n"
            }
        }

        private static func short(_ value: String?) -> String {
            guard let value else { return "none" }
            return value.count > 80 ? "\(value.prefix(80))… (\(value.count) characters)" : value
        }
    }

    /// `highland container export`.
    package struct Export: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Write a container in Google Tag Manager's format.",
            discussion: """
                What Google's format cannot say stands in one member 'highland', which --plain leaves out. It is JSON with \
                and without --json.
                """)
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @Option(name: .long, help: "The number of a version; the draft where none is named.")
        package var version: Int?
        @Flag(name: .long, help: "Only what Google knows.")
        package var plain = false
        package init() {}

        package func run() throws {
            try ContainerCommand.printText(
                .export(which.container, version: version, workspace: workspace.workspace, keepsNative: !plain), global)
        }
    }

    /// Prints a text that an operation gives.
    static func printText(_ operation: ContainerOperation, _ global: GlobalOptions) throws {
        guard case .text(let text) = try perform(operation, global) else { throw UnexpectedResult() }
        CommandContext.current.output(text.hasSuffix("\n") ? text : text + "\n")
    }
}

/// `highland container version`.
package struct ContainerVersionCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Versions of a container: make one without publishing it, list, show.",
        subcommands: [Add.self, List.self, Show.self])

    package init() {}

    /// `highland container version add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Make the draft the next version.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @OptionGroup package var words: VersionWords
        package init() {}

        package func run() throws {
            let operation = ContainerOperation.addVersion(
                which.container, workspace: workspace.workspace, name: words.name, note: words.note,
                overridesNewer: words.overrideNewer)
            guard case .version(let version, let findings) = try ContainerCommand.perform(operation, global) else {
                throw UnexpectedResult()
            }
            try output.show(version) { "version \(version.number)\n" + ContainerText.findings(findings) }
        }
    }

    /// `highland container version list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List a container's versions, newest first.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        package init() {}

        package func run() throws {
            let result = try ContainerCommand.perform(.versions(which.container), global)
            guard case .versions(let versions) = result else { throw UnexpectedResult() }
            try output.show(["versions": versions]) {
                guard !versions.isEmpty else { return "no versions yet\n" }
                let rows = versions.map { version in
                    let made = Date(timeIntervalSince1970: Double(version.createdAtMilliseconds) / 1_000)
                    return [
                        "\(version.number)", "\(version.base)", made.formatted(.iso8601),
                        version.authors.joined(separator: ","), version.name,
                    ]
                }
                return TextTable.render([["VERSION", "BASE", "MADE", "AUTHORS", "NAME"]] + rows)
            }
        }
    }

    /// `highland container version show`.
    package struct Show: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Print a version's definition as JSON.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Option(name: .long, help: "The number of the version.")
        package var version: Int
        package init() {}

        package func run() throws {
            try ContainerCommand.printText(
                .definition(which.container, version: version, workspace: Workspace.defaultName), global)
        }
    }
}

/// `highland container workspace`.
package struct ContainerWorkspaceCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "workspace", abstract: "Drafts of a container: add, remove, show, save, update.",
        subcommands: [Add.self, Remove.self, Show.self, Save.self, Update.self])

    package init() {}

    /// `highland container workspace add`.
    package struct Add: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Begin a draft on top of a version.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Option(name: .long, help: "What people call the draft.")
        package var name: String
        @Option(name: .long, help: "The version to begin from; the newest where none is named.")
        package var base: Int?
        package init() {}

        package func run() throws {
            try ContainerWorkspaceCommand.show(
                .addWorkspace(which.container, name: name, base: base), "added", global, output)
        }
    }

    /// `highland container workspace remove`.
    package struct Remove: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Throw a draft away; its previews end.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Option(name: .long, help: "The draft.")
        package var name: String
        package init() {}

        package func run() throws {
            try ContainerWorkspaceCommand.show(.removeWorkspace(which.container, name: name), "removed", global, output)
        }
    }

    /// `highland container workspace show`.
    package struct Show: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Print a draft's definition as JSON.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        package init() {}

        package func run() throws {
            try ContainerCommand.printText(
                .definition(which.container, version: nil, workspace: workspace.workspace), global)
        }
    }

    /// `highland container workspace save`.
    package struct Save: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Replace a draft by a definition as 'workspace show' prints it.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @OptionGroup package var basis: RevisionOption
        @Argument(help: "A file with the definition as JSON.")
        package var file: String
        package init() {}

        package func run() throws {
            let definition = try TextFile.read(file, bytesMax: ContainerRules.definitionBytesMax)
            try ContainerWorkspaceCommand.show(
                .save(
                    which.container, workspace: workspace.workspace, definition: definition,
                    revision: basis.revision),
                "saved", global, output)
        }
    }

    /// `highland container workspace update`.
    package struct Update: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Take the newest version into a draft that was begun on an older one.",
            discussion: "What both have changed stays as the draft has it, and is named.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @OptionGroup package var basis: RevisionOption
        package init() {}

        package func run() throws {
            try ContainerWorkspaceCommand.show(
                .update(which.container, workspace: workspace.workspace, revision: basis.revision), "updated", global,
                output)
        }
    }

    fileprivate static func show(
        _ operation: ContainerOperation, _ verb: String, _ global: GlobalOptions, _ output: OutputOptions
    ) throws {
        guard case .workspace(let workspace, let findings) = try ContainerCommand.perform(operation, global) else {
            throw UnexpectedResult()
        }
        try output.show(workspace) {
            "workspace \(workspace.name) \(verb), revision \(workspace.revision)\n" + ContainerText.findings(findings)
        }
    }
}

/// `highland container environment`.
package struct ContainerEnvironmentCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Environments of a container: list, remove.",
        discussion: "One is made by publishing to it: highland container publish shop --environment staging.",
        subcommands: [List.self, Remove.self])

    package init() {}

    /// `highland container environment list`.
    package struct List: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "List a container's environments.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(.show(which.container), global)
            try output.show(["environments": container.environments]) {
                let rows = container.environments.map { environment in
                    let path = ServedScript.path(publicID: container.id, environment: environment.name)
                    return [environment.name, "\(environment.version)", "/tags/\(path)", environment.actor]
                }
                return rows.isEmpty
                    ? "nothing is published yet\n" : TextTable.render([["NAME", "VERSION", "URL", "BY"]] + rows)
            }
        }
    }

    /// `highland container environment remove`.
    package struct Remove: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "End an environment other than live; pages that load it get 404.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @Option(name: .long, help: "The environment.")
        package var name: String
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(
                .removeEnvironment(which.container, name: name), global)
            try output.show(container) { "environment \(name) removed\n" }
        }
    }
}
