package import Events

/// Where definitions are kept. Every change is one durable transaction that raises the generation and leaves an audit
/// entry; `actor` is the principal's name in it. Calls block on the disk for milliseconds: never from an event loop.
/// Two processes may have the same store open; a change waits up to five seconds for the other's. A caller may repeat
/// any call that failed with `.storage`: a change that failed has left nothing behind.
package protocol CatalogStore: Sendable {
    /// Everything, at one moment.
    func load() throws(CatalogError) -> CatalogSnapshot

    /// A new site with a fresh number and key. A domain belongs to one site at most.
    func addSite(_ draft: SiteDraft, by actor: String) throws(CatalogError) -> Site
    func updateSite(_ id: SiteID, _ change: SiteChange, by actor: String) throws(CatalogError) -> Site
    /// Ends collection for the site; its number is never given again. Its aliases go; keys lose the site from their
    /// scope.
    func removeSite(_ id: SiteID, by actor: String) throws(CatalogError)

    /// A new alias in its stored form. A value that the site has already takes the new consent; one that names another
    /// site is `taken`, and so are another site's key and, for Plausible, its domains. At most
    /// `AliasRules.aliasesPerSiteMax` a site.
    func addAlias(_ alias: SiteAlias, by actor: String) throws(CatalogError) -> SiteAlias
    /// Gives what was removed. With `site`, only an alias of that site is found.
    func removeAlias(
        _ named: AliasProtocol, value: String, of site: SiteID?, by actor: String
    ) throws(CatalogError) -> SiteAlias

    /// A new key, its text for the only time. `sites` are numbers that exist.
    func addKey(name: String, role: Role, scope: SiteScope, by actor: String) throws(CatalogError) -> IssuedKey
    func revokeKey(_ id: String, by actor: String) throws(CatalogError)

    /// The newest changes, newest first; at most 1,000.
    func auditEntries(limit: Int) throws(CatalogError) -> [AuditEntry]
}

/// One change of a definition.
package struct AuditEntry: Sendable, Codable, Equatable {
    package let number: Int64
    package let atMilliseconds: Int64
    package let actor: String
    /// `site.add`, `site.update`, `site.remove`, `alias.add`, `alias.remove`, `key.add`, `key.revoke`,
    /// `container.…`, `workspace.…`, `preview.…`.
    package let action: String
    /// What was changed: `site:1`, `key:ID`, `container:1`.
    package let object: String
    /// What for people, without secrets.
    package let detail: String

    package init(
        number: Int64, atMilliseconds: Int64, actor: String, action: String, object: String, detail: String
    ) {
        self.number = number
        self.atMilliseconds = atMilliseconds
        self.actor = actor
        self.action = action
        self.object = object
        self.detail = detail
    }
}
