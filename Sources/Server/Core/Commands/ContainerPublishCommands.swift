package import ArgumentParser
internal import Catalog
internal import Foundation

/// What changes what pages get.
extension ContainerCommand {
    /// `highland container publish`.
    package struct Publish: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Publish the draft as a new version, or a version that is there.",
            discussion: "Where the container needs approval, an author's publication waits for somebody else's.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @OptionGroup package var environment: EnvironmentOption
        @Option(name: .long, help: "The number of a version; without it the draft becomes one.")
        package var version: Int?
        @OptionGroup package var words: VersionWords
        @Flag(name: .long, help: "Publish although something in it needs a person's word.")
        package var confirm = false
        package init() {}

        package func run() throws {
            var order = ContainerOperation.PublishOrder()
            order.version = version
            order.workspace = workspace.workspace
            order.environment = environment.environment
            order.name = words.name
            order.note = words.note
            order.isConfirmed = confirm
            order.overridesNewer = words.overrideNewer
            guard version == nil || (words.name.isEmpty && words.note.isEmpty) else {
                throw ValidationError("--name and --note: a version that is there has its own; expected no --version")
            }
            try ContainerCommand.show(.publish(which.container, order), global, output)
        }
    }

    /// `highland container approve`.
    package struct Approve: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Let a waiting publication through, as somebody other than its authors.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var environment: EnvironmentOption
        @Option(name: .long, help: "The version that was looked at; another one that waits is then refused.")
        package var version: Int?
        package init() {}

        package func run() throws {
            let operation = ContainerOperation.approve(
                which.container, environment: environment.environment, version: version)
            try ContainerCommand.show(operation, global, output)
        }
    }

    /// `highland container decline`.
    package struct Decline: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Take a waiting publication back.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var environment: EnvironmentOption
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(
                .decline(which.container, environment: environment.environment), global)
            try output.show(container) { "nothing waits for '\(environment.environment)' any more\n" }
        }
    }

    /// `highland container rollback`.
    package struct Rollback: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Bring back the version before the present one, or one that was there before; needs no approval.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var environment: EnvironmentOption
        @Option(name: .long, help: "The number of a version that the environment had before.")
        package var version: Int?
        package init() {}

        package func run() throws {
            let operation = ContainerOperation.rollback(
                which.container, environment: environment.environment, version: version)
            try ContainerCommand.show(operation, global, output)
        }
    }

    /// `highland container kill`.
    package struct Kill: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Switch a container, one of its tags or a host off at once; needs no approval.",
            discussion: "Pages get a script without it within a minute; a container's data layer goes on answering.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var target: KillOptions
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(.kill(which.container, try target.target()), global)
            try output.show(container) {
                "off: \(container.kills.map { "\($0.kind) \($0.value)" }.joined(separator: "; "))\n"
            }
        }
    }

    /// `highland container lift`.
    package struct Lift: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "End a kill.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var target: KillOptions
        package init() {}

        package func run() throws {
            let container = try ContainerCommand.container(.lift(which.container, try target.target()), global)
            try output.show(container) {
                container.kills.isEmpty
                    ? "nothing is off any more\n"
                    : "still off: \(container.kills.map { "\($0.kind) \($0.value)" }.joined(separator: "; "))\n"
            }
        }
    }

    /// `highland container preview`.
    package struct Preview: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Make a link that shows a draft and what it does; list and end such links.",
            discussion: "Anybody with the link sees the draft until it expires; visits through it are not counted.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @OptionGroup package var which: ContainerArgument
        @OptionGroup package var workspace: WorkspaceOption
        @Option(name: .long, help: "Minutes for which the link works; at most 10080, which are seven days.")
        package var minutes: Int = 60
        @Option(name: .long, help: "The page that the link opens.")
        package var page: String?
        @Flag(name: .long, help: "List the links that work.")
        package var list = false
        @Option(name: .long, help: "End the link with this id.")
        package var end: String?
        package init() {}

        package func run() throws {
            if let end {
                _ = try ContainerCommand.perform(.endPreview(which.container, id: end), global)
                return try output.show(["ended": end]) { "ended\n" }
            }
            if list { return try showList() }
            let (life, hasOverflowed) = Int64(minutes).multipliedReportingOverflow(by: 60_000)
            let result = try ContainerCommand.perform(
                .preview(
                    which.container, workspace: workspace.workspace, lifeMilliseconds: hasOverflowed ? .max : life),
                global)
            guard case .preview(let issued, let publicID, let findings) = result else { throw UnexpectedResult() }
            let made = PreviewView(issued, publicID: publicID, page: page)
            try output.show(made) {
                "\(made.url ?? "add this to a page's address: ?\(made.parameter)")\nuntil \(made.expires)\n"
                    + ContainerText.findings(findings)
            }
        }

        private func showList() throws {
            guard case .previews(let links) = try ContainerCommand.perform(.previews(which.container), global) else {
                throw UnexpectedResult()
            }
            try output.show(["previews": links]) {
                guard !links.isEmpty else { return "no preview links\n" }
                let rows = links.map { [$0.id, "\($0.workspace.rawValue)", PreviewView.time($0), $0.actor] }
                return TextTable.render([["ID", "WORKSPACE", "UNTIL", "MADE BY"]] + rows)
            }
        }
    }

    /// Performs what gives a publication, and shows it.
    static func show(
        _ operation: ContainerOperation, _ global: GlobalOptions, _ output: OutputOptions
    ) throws {
        guard case .publication(let record) = try perform(operation, global) else { throw UnexpectedResult() }
        try output.show(record) { ContainerText.publication(record) }
    }
}

/// What a new version says of itself.
package struct VersionWords: ParsableArguments {
    @Option(name: .long, help: "What people call the version.")
    package var name: String = ""
    @Option(name: .long, help: "What it is for.")
    package var note: String = ""
    @Flag(name: .long, help: "Leave out what versions have that were made since the draft began.")
    package var overrideNewer = false
    package init() {}
}

/// What a kill is about.
package struct KillOptions: ParsableArguments {
    @Option(name: .long, help: "The id of a tag.")
    package var tag: String?
    @Option(name: .long, help: "A host of a vendor: whatever loads from it or sends to it.")
    package var host: String?
    package init() {}

    /// The container as a whole where neither is named.
    func target() throws -> ContainerKill.Target {
        switch (tag, host) {
        case (nil, nil): return .container
        case (let tag?, nil): return .tag(tag)
        case (nil, let host?): return .host(host)
        case (_?, _?): throw ValidationError("--tag and --host: expected one of the two, or none for all of it")
        }
    }
}

/// A preview link as it is shown.
struct PreviewView: Encodable {
    let id: String
    let token: String
    /// What is added to a page's address.
    let parameter: String
    /// The whole address, where a page was named.
    let url: String?
    /// Where the draft's script is.
    let script: String
    let expires: String

    init(_ issued: IssuedPreview, publicID: String, page: String?) {
        id = issued.link.id
        token = issued.token
        let parameter = "highland_preview=\(issued.token)"
        self.parameter = parameter
        url = page.map { PreviewView.address($0, parameter) }
        script = "/tags/" + ServedScript.previewPath(publicID: publicID, name: issued.token)
        expires = PreviewView.time(issued.link)
    }

    static func time(_ link: PreviewLink) -> String {
        Date(timeIntervalSince1970: Double(link.expiresAtMilliseconds) / 1_000).formatted(.iso8601)
    }

    /// The parameter stands before the fragment and after what the query has.
    private static func address(_ page: String, _ parameter: String) -> String {
        let place = page.firstIndex(of: "#") ?? page.endIndex
        let front = page[..<place]
        return front + (front.contains("?") ? "&" : "?") + parameter + page[place...]
    }
}
