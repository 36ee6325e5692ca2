package import Events

/// Which sites a principal's rights reach.
package enum SiteScope: Sendable, Equatable {
    /// Every site, later ones too, and what belongs to no site.
    case all
    /// These and nothing else. An empty set reaches nothing, so that removing a key's last site never widens it.
    case only(Set<SiteID>)

    package func covers(_ site: SiteID) -> Bool {
        switch self {
        case .all: true
        case .only(let sites): sites.contains(site)
        }
    }
}

/// Somebody whose key or session was checked: the only thing that storage and routes ask for rights.
package struct Principal: Sendable, Equatable {
    /// For the audit trail: `key:ID`, `session:ID`, `console`.
    package let name: String
    package let role: Role
    package let scope: SiteScope

    package init(name: String, role: Role, scope: SiteScope) {
        self.name = name
        self.role = role
        self.scope = scope
    }

    /// The operator at the machine itself, who owns the files anyway.
    package static let console = Principal(name: "console", role: .owner, scope: .all)

    /// True where the role has the right and the scope reaches the site. A route answers a foreign site exactly as
    /// it answers an absent one.
    package func may(_ permission: Permission, on site: SiteID) -> Bool {
        role.has(permission) && scope.covers(site)
    }

    /// True where the role has the right over the whole installation: adding sites, managing keys.
    package func mayEverywhere(_ permission: Permission) -> Bool {
        role.has(permission) && scope == .all
    }

    /// True where this principal may give away a key of this role and scope: never more than it has itself, and
    /// owners only by owners.
    package func mayGrant(_ granted: Role, on grantedScope: SiteScope) -> Bool {
        guard role.has(granted == .owner ? .manageOwners : .manageAccess) else { return false }
        switch (scope, grantedScope) {
        case (.all, _): return true
        case (.only, .all): return false
        case (.only(let own), .only(let given)): return given.isSubset(of: own)
        }
    }
}
