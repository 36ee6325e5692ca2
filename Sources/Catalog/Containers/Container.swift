package import Events

/// Names a container; never given again.
package struct ContainerID: Hashable, Sendable, Codable {
    package let rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A container as everybody sees it: what it is called, where it is used, and what pages get. The definitions themselves,
/// which are large, are asked of the store one by one.
package struct Container: Sendable, Equatable {
    package let id: ContainerID
    /// `HL-` and eight letters and digits; in URLs, never changed.
    package let publicID: String
    /// Unique in the installation.
    package let name: String
    /// Where it is used; may be empty.
    package let sites: [SiteID]
    /// A version goes live only when somebody other than its authors says so.
    package let needsApproval: Bool
    /// Which version each environment has; `live` is there from the first publication on.
    package let environments: [ContainerEnvironment]
    /// What is switched off.
    package let kills: [ContainerKill]
    /// 0 before the first.
    package let newestVersion: Int

    package init(
        id: ContainerID, publicID: String, name: String, sites: [SiteID], needsApproval: Bool = false,
        environments: [ContainerEnvironment] = [], kills: [ContainerKill] = [], newestVersion: Int = 0
    ) {
        self.id = id
        self.publicID = publicID
        self.name = name
        self.sites = sites
        self.needsApproval = needsApproval
        self.environments = environments
        self.kills = kills
        self.newestVersion = newestVersion
    }
}

/// A name under which pages load a version: `live` at `/tags/ID.js`, another at `/tags/ID/NAME.js`.
package struct ContainerEnvironment: Sendable, Equatable {
    /// A small letter, then small letters, digits and hyphens; at most 32.
    package let name: String
    package let version: Int

    package init(name: String, version: Int) {
        self.name = name
        self.version = version
    }
}

/// Something that is switched off at once, whatever version is live.
package struct ContainerKill: Sendable, Hashable {
    package let target: Target
    package let actor: String
    package let atMilliseconds: Int64

    package init(target: Target, actor: String, atMilliseconds: Int64) {
        self.target = target
        self.actor = actor
        self.atMilliseconds = atMilliseconds
    }

    package enum Target: Sendable, Hashable {
        /// Pages get a script that answers the data layer and does nothing else.
        case container
        /// The id of a tag.
        case tag(String)
        /// A host that nothing loads from or sends to.
        case host(String)
    }
}
