package import Catalog
internal import Events
package import Tagging

/// Everything the command line does with containers, as one value that travels over the admin socket or is performed on
/// the files, with the same result. Containers are named by public id, name or number.
package enum ContainerOperation: Codable, Sendable, Equatable {
    case list
    case show(String)
    case add(name: String, sites: [String], needsApproval: Bool)
    /// Nil leaves something as it is.
    case change(String, name: String?, sites: [String]?, needsApproval: Bool?)
    case remove(String)
    case addWorkspace(String, name: String, base: Int?)
    case removeWorkspace(String, name: String)
    /// The definition of a version, or of a workspace where there is no number.
    case definition(String, version: Int?, workspace: String)
    case save(String, workspace: String, definition: String, revision: Int?)
    case update(String, workspace: String, revision: Int?)
    case check(String, workspace: String)
    case versions(String)
    case addVersion(String, workspace: String, name: String, note: String, overridesNewer: Bool)
    /// Nil means the workspace.
    case diff(String, old: Int?, new: Int?, workspace: String)
    case publish(String, PublishOrder)
    case approve(String, environment: String, version: Int?)
    case decline(String, environment: String)
    case rollback(String, environment: String, version: Int?)
    case kill(String, ContainerKill.Target)
    case lift(String, ContainerKill.Target)
    case removeEnvironment(String, name: String)
    case preview(String, workspace: String, lifeMilliseconds: Int64)
    case previews(String)
    case endPreview(String, id: String)
    case importGTM(ImportOrder)
    case export(String, version: Int?, workspace: String, keepsNative: Bool)

    /// The name of the request on the admin socket.
    package static let requestName = "container"

    /// What is to be published: a version, else the workspace as its next one.
    package struct PublishOrder: Codable, Sendable, Equatable {
        package var version: Int?
        package var workspace = Workspace.defaultName
        package var environment = ContainerEnvironment.live
        package var name = ""
        package var note = ""
        package var isConfirmed = false
        package var overridesNewer = false

        package init() {}
    }

    /// An export of Google Tag Manager and where it is to go.
    package struct ImportOrder: Codable, Sendable, Equatable {
        /// Made where there is none.
        package var container: String
        package var workspace = Workspace.defaultName
        /// Where a new container is used; a present one gets these in addition.
        package var sites: [String] = []
        package var export: String
        package var options = GTMImportOptions()

        package init(container: String, export: String) {
            self.container = container
            self.export = export
        }
    }

    /// True for what makes a new generation.
    package var changesSomething: Bool {
        switch self {
        case .list, .show, .definition, .check, .versions, .diff, .previews, .export: false
        case .add, .change, .remove, .addWorkspace, .removeWorkspace, .save, .update, .addVersion, .publish, .approve,
            .decline,
            .rollback, .kill, .lift, .removeEnvironment, .preview, .endPreview, .importGTM:
            true
        }
    }
}

/// What an operation gives.
package enum ContainerResult: Codable, Sendable, Equatable {
    case container(ContainerRecord)
    case containers([ContainerRecord])
    case workspace(Workspace, findings: [FindingRecord])
    /// A definition or an export, as text.
    case text(String)
    case findings([FindingRecord])
    case versions([ContainerVersion])
    case version(ContainerVersion, findings: [FindingRecord])
    case changes([ChangeRecord])
    case publication(PublicationRecord)
    case preview(IssuedPreview, publicID: String, findings: [FindingRecord])
    case previews([PreviewLink])
    case imported(ImportRecord)
    case done
}

/// A container as it is shown.
package struct ContainerRecord: Codable, Sendable, Equatable {
    /// `HL-…`.
    package let id: String
    package let number: UInt32
    package let name: String
    package let sites: [UInt32]
    package let needsApproval: Bool
    package let url: String
    package let environments: [ContainerEnvironment]
    package let kills: [KillRecord]
    package let newestVersion: Int
    package let workspaces: [Workspace]
    package let requests: [PublicationRequest]

    package init(_ container: Container) {
        id = container.publicID
        number = container.id.rawValue
        name = container.name
        sites = container.sites.map(\.rawValue)
        needsApproval = container.needsApproval
        url = container.url(of: ContainerEnvironment.live)
        environments = container.environments
        kills = container.kills.map(KillRecord.init)
        newestVersion = container.newestVersion
        workspaces = container.workspaces
        requests = container.requests
    }
}

/// Something that is switched off, as it is shown.
package struct KillRecord: Codable, Sendable, Equatable {
    /// `container`, `tag` or `host`.
    package let kind: String
    package let value: String
    package let actor: String
    package let atMilliseconds: Int64

    package init(_ kill: ContainerKill) {
        (kind, value) = kill.target.words
        actor = kill.actor
        atMilliseconds = kill.atMilliseconds
    }
}

/// A finding as it is shown.
package struct FindingRecord: Codable, Sendable, Equatable {
    package let severity: String
    package let place: String
    package let message: String

    package init(_ finding: Finding) {
        severity = finding.severity.rawValue
        place = finding.place
        message = finding.message
    }
}

/// What came of a publication or a roll back.
package struct PublicationRecord: Codable, Sendable, Equatable {
    /// `HL-…`.
    package let container: String
    package let environment: String
    package let version: Int
    /// Where pages load it.
    package let url: String
    /// The same bytes under a name that never changes, and their `integrity`: a kill cannot reach pages that use it.
    package let immutableURL: String?
    package let integrity: String?
    /// It waits for somebody's approval.
    package let isPending: Bool
    package let findings: [FindingRecord]

    package init(_ publication: Publication, environment name: String, version: Int) {
        let container = publication.container
        self.container = container.publicID
        environment = name
        self.version = version
        url = container.url(of: name)
        immutableURL = publication.environment.map { "/tags/\(container.publicID)/\($0.script)" }
        integrity = publication.environment?.integrity
        isPending = publication.pending != nil
        findings = publication.findings.map(FindingRecord.init)
    }
}

/// One difference of two states.
package struct ChangeRecord: Codable, Sendable, Equatable {
    package let kind: String
    package let id: String
    package let name: String
    package let action: String
    package let previousName: String?
    package let details: [Detail]

    package struct Detail: Codable, Sendable, Equatable {
        package let path: String
        package let old: String?
        package let new: String?
    }

    package init(_ change: DefinitionDiff.Change) {
        kind = change.kind.rawValue
        id = change.id
        name = change.name
        action = change.action.rawValue
        previousName = change.previousName
        details = change.details.map { Detail(path: $0.path, old: $0.old, new: $0.new) }
    }
}

/// What came of an import.
package struct ImportRecord: Codable, Sendable, Equatable {
    /// `HL-…`.
    package let container: String
    package let name: String
    package let workspace: String
    package let revision: Int
    /// The container did not exist before.
    package let isNew: Bool
    /// The report as one JSON object.
    package let reportJSON: String
    /// The same for a terminal.
    package let reportText: String
}
