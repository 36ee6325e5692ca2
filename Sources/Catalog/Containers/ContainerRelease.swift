/// Scripts that take the place of others, made outside of the store from what it had at `revision`.
package struct ContainerRelease: Sendable {
    /// `Container.revision` as the maker read it; another one is a conflict.
    package var revision: Int
    /// `ContainerStamp` of what the scripts were made for; where it no longer fits, a conflict.
    package var stamp: String
    package var environments: [Environment]
    package var previews: [Preview]

    /// The scripts of one environment.
    package struct Environment: Sendable {
        package var name: String
        package var version: Int
        package var scripts: Scripts

        package init(name: String, version: Int, scripts: Scripts) {
            self.name = name
            self.version = version
            self.scripts = scripts
        }
    }

    /// The scripts of a workspace's previews.
    package struct Preview: Sendable {
        package var workspace: WorkspaceID
        /// The workspace's revision from which they were made.
        package var revision: Int
        /// Nil: this revision gives no script; the previews stay at what they show.
        package var scripts: Scripts?

        package init(workspace: WorkspaceID, revision: Int, scripts: Scripts?) {
            self.workspace = workspace
            self.revision = revision
            self.scripts = scripts
        }
    }

    /// A script and those that it loads.
    package struct Scripts: Sendable {
        package var main: ScriptFile
        package var others: [ScriptFile]

        package init(main: ScriptFile, others: [ScriptFile]) {
            self.main = main
            self.others = others
        }

        /// In memory and on disk, packed and not.
        package var byteCount: Int { others.reduce(main.byteCount) { $0 &+ $1.byteCount } }
    }

    package init(
        revision: Int, stamp: String, environments: [Environment] = [], previews: [Preview] = []
    ) {
        self.revision = revision
        self.stamp = stamp
        self.environments = environments
        self.previews = previews
    }
}

extension ScriptFile {
    /// What it takes to keep it: packed and not.
    package var byteCount: Int { bytes.count &+ gzip.count }
}

/// What changes about what pages get; the scripts that follow from it come with it in a `ContainerRelease`.
package enum ContainerStep: Sendable, Equatable {
    /// A version gets into an environment. By an author of what is new in it, and where the container needs approval,
    /// it becomes a request instead.
    case publish(version: Int, environment: String, isConfirmed: Bool)
    /// The waiting publication of an environment goes through, by nobody who wrote it.
    case approve(version: Int, environment: String)
    /// A version that the environment had before comes back. Needs no approval.
    case rollback(version: Int, environment: String)
    case kill(ContainerKill.Target)
    case lift(ContainerKill.Target)
    case change(ContainerChange)
    /// Nothing but the scripts: sites have changed, or a workspace that is previewed. Raises no revision.
    case refresh
}

/// What came of a step.
package struct ContainerOutcome: Sendable, Equatable {
    package let container: Container
    /// The publication waits for this.
    package let pending: PublicationRequest?

    package init(container: Container, pending: PublicationRequest? = nil) {
        self.container = container
        self.pending = pending
    }
}
