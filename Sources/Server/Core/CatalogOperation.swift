package import Catalog
internal import Events

/// Everything the command line does with definitions, as one value that travels over the admin socket or is performed
/// on the files, with the same result.
package enum CatalogOperation: Codable, Sendable, Equatable {
    case sites
    case site(reference: String)
    case addSite(SiteDraft)
    case updateSite(reference: String, SiteChange)
    case removeSite(reference: String)
    /// Those of one site, or all.
    case aliases(reference: String?)
    case addAlias(reference: String, protocol: AliasProtocol, value: String, consent: AliasConsent)
    case removeAlias(protocol: AliasProtocol, value: String)
    case keys
    case addKey(KeyDraft)
    case revokeKey(id: String)
    case audit(limit: Int)

    /// The name of the request on the admin socket.
    package static let requestName = "catalog"

    /// True for what makes a new generation.
    package var changesSomething: Bool {
        switch self {
        case .sites, .site, .aliases, .keys, .audit: false
        case .addSite, .updateSite, .removeSite, .addAlias, .removeAlias, .addKey, .revokeKey: true
        }
    }

    /// Does it on `store`. Blocks on the disk.
    package func perform(
        on store: any CatalogStore & ContainerStore, by actor: String
    ) throws(CatalogError) -> CatalogResult {
        switch self {
        case .sites: return .sites(try store.load().sites.map(SiteRecord.init))
        case .site(let reference): return .site(SiteRecord(try CatalogOperation.site(reference, in: store.load())))
        case .addSite(let draft): return .site(SiteRecord(try store.addSite(draft, by: actor)))
        case .updateSite(let reference, let change):
            let id = try CatalogOperation.site(reference, in: store.load()).id
            return .site(SiteRecord(try store.updateSite(id, change, by: actor)))
        case .removeSite(let reference):
            let site = try CatalogOperation.site(reference, in: store.load())
            try store.removeSite(site.id, by: actor)
            return .site(SiteRecord(site))
        case .aliases(let reference):
            let snapshot = try store.load()
            guard let reference else { return .aliases(snapshot.aliases.map(AliasRecord.init)) }
            let site = try CatalogOperation.site(reference, in: snapshot)
            return .aliases(snapshot.aliases(of: site.id).map(AliasRecord.init))
        case .addAlias(let reference, let named, let value, let consent):
            let id = try CatalogOperation.site(reference, in: store.load()).id
            let alias = SiteAlias(site: id, protocol: named, value: value, consent: consent)
            return .alias(AliasRecord(try store.addAlias(alias, by: actor)))
        case .removeAlias(let named, let value):
            return .alias(AliasRecord(try store.removeAlias(named, value: value, of: nil, by: actor)))
        case .keys: return .keys(try store.load().keys.map(KeyRecord.init))
        case .addKey(let draft):
            let checked = try draft.validated()
            let scope = try CatalogOperation.scope(of: checked, in: store.load())
            let issued = try store.addKey(name: checked.name, role: checked.role, scope: scope, by: actor)
            return .issued(id: issued.key.id, text: issued.text)
        case .revokeKey(let id):
            try store.revokeKey(CatalogOperation.keyIdentifier(id), by: actor)
            return .done
        case .audit(let limit): return .audit(try store.auditEntries(limit: limit))
        }
    }

    private static func site(_ reference: String, in snapshot: CatalogSnapshot) throws(CatalogError) -> Site {
        guard let site = snapshot.site(reference: reference) else {
            throw .notFound(kind: "site", reference: reference)
        }
        return site
    }

    private static func scope(of draft: KeyDraft, in snapshot: CatalogSnapshot) throws(CatalogError) -> SiteScope {
        guard let references = draft.sites else { return .all }
        var ids: Set<SiteID> = []
        for reference in references { ids.insert(try site(reference, in: snapshot).id) }
        return .only(ids)
    }

    /// The identifier in a whole key, or the text itself: either names a key to revoke.
    private static func keyIdentifier(_ text: String) -> String {
        guard text.hasPrefix(APIKey.prefix), text.utf8.count == APIKey.textByteCount else { return text }
        return String(text.dropFirst(APIKey.prefix.count).prefix(APIKey.identifierByteCount))
    }
}

/// What an operation gives.
package enum CatalogResult: Codable, Sendable, Equatable {
    case site(SiteRecord)
    case sites([SiteRecord])
    case alias(AliasRecord)
    case aliases([AliasRecord])
    case keys([KeyRecord])
    /// The only time that the key's text is there.
    case issued(id: String, text: String)
    case audit([AuditEntry])
    case done
}

/// A site as it is shown: number, key and everything people chose.
package struct SiteRecord: Codable, Sendable, Equatable {
    package let id: UInt32
    package let key: String
    package let settings: SiteDraft

    package init(_ site: Site) {
        id = site.id.rawValue
        key = site.key
        settings = SiteDraft(of: site)
    }

    package var pathPrefix: String { PathPrefix.derived(from: key) }
}

/// An alias as it is shown.
package struct AliasRecord: Codable, Sendable, Equatable {
    package let site: UInt32
    package let `protocol`: AliasProtocol
    package let value: String
    package let consent: AliasConsent

    package init(_ alias: SiteAlias) {
        site = alias.site.rawValue
        `protocol` = alias.protocol
        value = alias.value
        consent = alias.consent
    }
}

/// A key as it is shown: never its text or digest.
package struct KeyRecord: Codable, Sendable, Equatable {
    package let id: String
    package let name: String
    package let role: Role
    /// Nil: all sites.
    package let sites: [UInt32]?
    package let createdAtMilliseconds: Int64

    package init(_ key: APIKey) {
        id = key.id
        name = key.name
        role = key.role
        createdAtMilliseconds = key.createdAt.milliseconds
        switch key.scope {
        case .all: sites = nil
        case .only(let ids): sites = ids.map(\.rawValue).sorted()
        }
    }
}
