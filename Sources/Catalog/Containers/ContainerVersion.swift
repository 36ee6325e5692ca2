/// A state of a container that never changes again.
package struct ContainerVersion: Sendable, Equatable, Codable {
    package let container: ContainerID
    /// 1, 2, 3 …
    package let number: Int
    /// What people call it; may be empty.
    package let name: String
    package let note: String
    /// The version that its workspace began from; 0: from nothing.
    package let base: Int
    /// Who wrote what is new since the base, and who made the version.
    package let authors: [String]
    package let createdAtMilliseconds: Int64

    package init(
        container: ContainerID, number: Int, name: String, note: String, base: Int, authors: [String],
        createdAtMilliseconds: Int64
    ) {
        self.container = container
        self.number = number
        self.name = name
        self.note = note
        self.base = base
        self.authors = authors
        self.createdAtMilliseconds = createdAtMilliseconds
    }
}

/// A version with its definition and with what was found when it was made, both as texts that the catalog does not
/// read.
package struct VersionContent: Sendable, Equatable {
    package let version: ContainerVersion
    package let definition: [UInt8]
    package let findings: [UInt8]

    package init(version: ContainerVersion, definition: [UInt8], findings: [UInt8]) {
        self.version = version
        self.definition = definition
        self.findings = findings
    }
}

/// What a version is made of: a workspace as somebody read it.
package struct VersionDraft: Sendable, Equatable {
    package var workspace: WorkspaceID
    /// The revision that was looked at; another one is a conflict.
    package var revision: Int
    package var name: String
    package var note: String
    package var findings: [UInt8]
    /// Make it although a newer version than the workspace's base is there, whose changes it then lacks.
    package var overridesNewer: Bool

    package init(
        workspace: WorkspaceID, revision: Int, name: String = "", note: String = "", findings: [UInt8] = [],
        overridesNewer: Bool = false
    ) {
        self.workspace = workspace
        self.revision = revision
        self.name = name
        self.note = note
        self.findings = findings
        self.overridesNewer = overridesNewer
    }
}

/// One change of what an environment has.
package struct PublicationEntry: Sendable, Equatable, Codable {
    package let environment: String
    package let version: Int
    package let isRollback: Bool
    package let actor: String
    package let atMilliseconds: Int64

    package init(environment: String, version: Int, isRollback: Bool, actor: String, atMilliseconds: Int64) {
        self.environment = environment
        self.version = version
        self.isRollback = isRollback
        self.actor = actor
        self.atMilliseconds = atMilliseconds
    }

    /// The version to go back to from the one that the newest of `entries` (oldest first, one environment's) put there:
    /// what stood there before that version was published. Going back twice goes back further, never forth. Nil where
    /// there is none.
    package static func versionBefore(_ entries: [PublicationEntry]) -> Int? {
        guard let current = entries.last?.version,
            let place = entries.lastIndex(where: { !$0.isRollback && $0.version == current })
        else { return nil }
        return entries[..<place].last { !$0.isRollback && $0.version != current }?.version
    }
}
