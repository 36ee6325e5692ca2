/// Names a workspace; never given again.
package struct WorkspaceID: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A draft of a container, without its definition.
package struct Workspace: Sendable, Equatable, Codable {
    /// The one that a new container has.
    package static let defaultName = "default"

    package let id: WorkspaceID
    package let container: ContainerID
    /// Unique in its container.
    package let name: String
    /// The version that it began from; 0: from nothing.
    package let base: Int
    /// Rises with every save: a save names the revision that it read.
    package let revision: Int
    /// Who saved it since its base; see `Authorship`.
    package let authors: [String]
    package let savedBy: String
    package let savedAtMilliseconds: Int64
    /// Which revision and `ContainerStamp` its previews show; nil where it has none.
    package let preview: Preview?

    package struct Preview: Sendable, Equatable, Codable {
        package let revision: Int
        package let stamp: String

        package init(revision: Int, stamp: String) {
            self.revision = revision
            self.stamp = stamp
        }
    }

    package init(
        id: WorkspaceID, container: ContainerID, name: String, base: Int, revision: Int, authors: [String],
        savedBy: String, savedAtMilliseconds: Int64, preview: Preview? = nil
    ) {
        self.id = id
        self.container = container
        self.name = name
        self.base = base
        self.revision = revision
        self.authors = authors
        self.savedBy = savedBy
        self.savedAtMilliseconds = savedAtMilliseconds
        self.preview = preview
    }
}

/// A draft with its definition, as text that the catalog does not read.
package struct WorkspaceContent: Sendable, Equatable {
    package let workspace: Workspace
    package let definition: [UInt8]

    package init(workspace: Workspace, definition: [UInt8]) {
        self.workspace = workspace
        self.definition = definition
    }
}

/// A link under which browsers get a draft. Its token is 128 random bits; the catalog keeps their SHA-256 only.
package struct PreviewLink: Sendable, Equatable, Codable {
    /// The first 16 hexadecimal digits of the digest: names the link in lists and when it is ended.
    package let id: String
    package let workspace: WorkspaceID
    package let actor: String
    package let createdAtMilliseconds: Int64
    package let expiresAtMilliseconds: Int64

    package init(
        id: String, workspace: WorkspaceID, actor: String, createdAtMilliseconds: Int64, expiresAtMilliseconds: Int64
    ) {
        self.id = id
        self.workspace = workspace
        self.actor = actor
        self.createdAtMilliseconds = createdAtMilliseconds
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}

/// A new preview link, with the only copy of its token there will ever be.
package struct IssuedPreview: Sendable, Equatable, Codable {
    package let link: PreviewLink
    /// 22 characters of base64url.
    package let token: String

    package init(link: PreviewLink, token: String) {
        self.link = link
        self.token = token
    }
}
