/// What a key or a user may do. Each of the first six includes all of those below it; `server` stands apart.
package enum Role: String, Sendable, Codable, CaseIterable {
    /// Everything, other owners included.
    case owner
    /// Sites, keys and users, but not owners.
    case admin
    /// Editing and publishing.
    case publisher
    /// Editing of drafts: containers, segments, experiments. Not publishing.
    case editor
    /// Reports, single events and exports.
    case analyst
    /// Reports.
    case viewer
    /// A site's own server: writes events, history too, and reads nothing.
    case server
}

/// A right that a route or a command asks for.
package enum Permission: String, Sendable, CaseIterable {
    /// Totals: reports and dashboards.
    case readReports
    /// Single events and profiles: the tail, exports.
    case readEvents
    /// Drafts of containers, segments, experiments, goals.
    case editDefinitions
    /// What visitors get: containers, decisions, destinations.
    case publish
    /// A site's own settings.
    case manageSites
    /// Keys and users below owner, and the audit trail.
    case manageAccess
    /// Owners.
    case manageOwners
    /// Writing events with a server's rights: any time, names that only servers may send.
    case writeEvents
}

extension Role {
    /// The whole matrix, in one place.
    package var permissions: Set<Permission> {
        switch self {
        case .viewer: [.readReports]
        case .analyst: [.readReports, .readEvents]
        case .editor: [.readReports, .readEvents, .editDefinitions]
        case .publisher: [.readReports, .readEvents, .editDefinitions, .publish]
        case .admin:
            [.readReports, .readEvents, .editDefinitions, .publish, .manageSites, .manageAccess, .writeEvents]
        case .owner: Set(Permission.allCases)
        case .server: [.writeEvents]
        }
    }

    package func has(_ permission: Permission) -> Bool { permissions.contains(permission) }
}
