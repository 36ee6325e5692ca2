package import Events

/// Names a container; never given again.
package struct ContainerID: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A container as everybody sees it: what it is called, where it is used, and what pages get. The definitions
/// themselves, which are large, are asked of the store one by one.
package struct Container: Sendable, Equatable {
    package let id: ContainerID
    /// `HL-` and eight letters and digits; in URLs, never changed.
    package let publicID: String
    /// Unique in the installation, whatever the case of its letters.
    package var name: String
    /// Where it is used; may be empty.
    package var sites: [SiteID]
    /// A version goes live only when somebody other than its authors says so.
    package var needsApproval: Bool
    /// Which version each environment has; `live` is there from the first publication on.
    package var environments: [ContainerEnvironment]
    /// What is switched off.
    package var kills: [ContainerKill]
    /// 0 before the first.
    package var newestVersion: Int
    /// The drafts, oldest first; at most `ContainerRules.workspacesMax`.
    package var workspaces: [Workspace]
    /// Publications that wait for somebody's approval, one an environment.
    package var requests: [PublicationRequest]
    /// Rises whenever somebody changes what pages get or where: a change names the revision that it was made from.
    package var revision: Int

    package init(
        id: ContainerID, publicID: String, name: String, sites: [SiteID], needsApproval: Bool = false,
        environments: [ContainerEnvironment] = [], kills: [ContainerKill] = [], newestVersion: Int = 0,
        workspaces: [Workspace] = [], requests: [PublicationRequest] = [], revision: Int = 1
    ) {
        self.id = id
        self.publicID = publicID
        self.name = name
        self.sites = sites
        self.needsApproval = needsApproval
        self.environments = environments
        self.kills = kills
        self.newestVersion = newestVersion
        self.workspaces = workspaces
        self.requests = requests
        self.revision = revision
    }

    /// The environment of that name.
    package func environment(_ name: String) -> ContainerEnvironment? { environments.first { $0.name == name } }

    /// The draft of that name.
    package func workspace(_ name: String) -> Workspace? { workspaces.first { $0.name == name } }

    /// Where pages load an environment's script, from the server's root: `/tags/HL-….js`, `/tags/HL-…/staging.js`.
    package func url(of environment: String) -> String {
        "/tags/" + ServedScript.path(publicID: publicID, environment: environment)
    }
}

/// A name under which pages load a version: `live` at `/tags/ID.js`, another at `/tags/ID/NAME.js`.
package struct ContainerEnvironment: Sendable, Equatable, Codable {
    /// The one that needs approval where a container does.
    package static let live = "live"

    /// A small letter, then small letters, digits and hyphens; at most 32.
    package let name: String
    package let version: Int
    /// The file that is served, which has an immutable URL of its own: `/tags/ID/SCRIPT`.
    package let script: String
    /// `sha384-…` of that file.
    package let integrity: String
    /// `ContainerStamp` of what the script was compiled for.
    package let stamp: String
    package let actor: String
    package let atMilliseconds: Int64

    package init(
        name: String, version: Int, script: String = "", integrity: String = "", stamp: String = "",
        actor: String = "", atMilliseconds: Int64 = 0
    ) {
        self.name = name
        self.version = version
        self.script = script
        self.integrity = integrity
        self.stamp = stamp
        self.actor = actor
        self.atMilliseconds = atMilliseconds
    }
}

/// Something that is switched off at once, whatever version is live.
package struct ContainerKill: Sendable, Hashable, Codable {
    package let target: Target
    package let actor: String
    package let atMilliseconds: Int64

    package init(target: Target, actor: String, atMilliseconds: Int64) {
        self.target = target
        self.actor = actor
        self.atMilliseconds = atMilliseconds
    }

    package enum Target: Sendable, Hashable, Codable {
        /// Pages get a script that answers the data layer and does nothing else.
        case container
        /// The id of a tag.
        case tag(String)
        /// A host that nothing loads from or sends to.
        case host(String)

        /// What is switched off and which: `host`, `connect.example`.
        package var words: (kind: String, value: String) {
            switch self {
            case .container: ("container", "")
            case .tag(let id): ("tag", id)
            case .host(let host): ("host", host)
            }
        }

        /// The target that these words mean; nil for a kind that is none.
        package init?(kind: String, value: String) {
            switch kind {
            case "container": self = .container
            case "tag": self = .tag(value)
            case "host": self = .host(value)
            default: return nil
            }
        }
    }
}

/// A publication that waits until somebody other than its authors approves it.
package struct PublicationRequest: Sendable, Equatable, Codable {
    package let environment: String
    package let version: Int
    package let askedBy: String
    package let askedAtMilliseconds: Int64
    /// Findings that need a word were confirmed by who asked.
    package let isConfirmed: Bool

    package init(environment: String, version: Int, askedBy: String, askedAtMilliseconds: Int64, isConfirmed: Bool) {
        self.environment = environment
        self.version = version
        self.askedBy = askedBy
        self.askedAtMilliseconds = askedAtMilliseconds
        self.isConfirmed = isConfirmed
    }
}

/// What a new container is made of.
package struct ContainerDraft: Sendable, Codable, Equatable {
    package var name: String
    package var sites: [UInt32]
    package var needsApproval: Bool

    package init(name: String, sites: [SiteID] = [], needsApproval: Bool = false) {
        self.name = name
        self.sites = sites.map(\.rawValue)
        self.needsApproval = needsApproval
    }
}

/// What is to become different about a container; nil leaves it as it is.
package struct ContainerChange: Sendable, Equatable {
    package var name: String?
    package var sites: [SiteID]?
    package var needsApproval: Bool?

    package init() {}

    package var isEmpty: Bool { self == ContainerChange() }
}
