import Catalog
import Events
import Synchronization

/// Definitions in memory: the store of these tests.
final class MemoryCatalog: CatalogStore {
    private struct State {
        var generation: UInt64 = 1
        var sites: [Site] = []
        var keys: [APIKey] = []
        var aliases: [SiteAlias] = []
        var entries: [AuditEntry] = []
        var fails = false
    }

    private let state = Mutex(State())

    /// Makes every later call fail as a full disk would.
    func fail() { state.withLock { $0.fails = true } }

    func load() throws(CatalogError) -> CatalogSnapshot {
        state.withLock {
            CatalogSnapshot(generation: $0.generation, sites: $0.sites, keys: $0.keys, aliases: $0.aliases)
        }
    }

    func addSite(_ draft: SiteDraft, by actor: String) throws(CatalogError) -> Site {
        let checked = try draft.validated()
        return try change("site.add", actor) { state throws(CatalogError) in
            let number = UInt32(state.sites.count + 1)
            let site = checked.site(id: SiteID(number), key: "public-key-of-site-\(number)xx")
            state.sites.append(site)
            return (site, "site:\(number)")
        }
    }

    func updateSite(_ id: SiteID, _ change: SiteChange, by actor: String) throws(CatalogError) -> Site {
        try self.change("site.update", actor) { state throws(CatalogError) in
            guard let index = state.sites.firstIndex(where: { $0.id == id }) else {
                throw .notFound(kind: "site", reference: id.description)
            }
            let old = state.sites[index]
            let site = try change.applied(to: SiteDraft(of: old)).validated().site(id: id, key: old.key)
            state.sites[index] = site
            return (site, "site:\(id)")
        }
    }

    func removeSite(_ id: SiteID, by actor: String) throws(CatalogError) {
        try change("site.remove", actor) { state throws(CatalogError) in
            guard state.sites.contains(where: { $0.id == id }) else {
                throw .notFound(kind: "site", reference: id.description)
            }
            state.sites.removeAll { $0.id == id }
            state.aliases.removeAll { $0.site == id }
            return ((), "site:\(id)")
        }
    }

    func addAlias(_ alias: SiteAlias, by actor: String) throws(CatalogError) -> SiteAlias {
        let checked = try alias.validated()
        return try change("alias.add", actor) { state throws(CatalogError) in
            let same = state.aliases.first { $0.protocol == checked.protocol && $0.value == checked.value }
            if let same, same.site != checked.site {
                throw .taken(field: "value", value: checked.value, by: "site \(same.site)")
            }
            state.aliases.removeAll { $0 == same }
            state.aliases.append(checked)
            return (checked, "site:\(checked.site)")
        }
    }

    func removeAlias(
        _ named: AliasProtocol, value: String, of site: SiteID?, by actor: String
    ) throws(CatalogError) -> SiteAlias {
        try change("alias.remove", actor) { state throws(CatalogError) in
            let index = state.aliases.firstIndex {
                $0.protocol == named && $0.value == value && $0.site == site ?? $0.site
            }
            guard let index else { throw .notFound(kind: "alias", reference: "\(named.rawValue) \(value)") }
            let alias = state.aliases.remove(at: index)
            return (alias, "site:\(alias.site)")
        }
    }

    func addKey(name: String, role: Role, scope: SiteScope, by actor: String) throws(CatalogError) -> IssuedKey {
        try change("key.add", actor) { state throws(CatalogError) in
            let made = APIKey.generate()
            let key = APIKey(
                id: made.id, name: name, role: role, scope: scope, digest: APIKey.digest(of: made.text),
                createdAt: Timestamp(milliseconds: 1_700_000_000_123))
            state.keys.append(key)
            return (IssuedKey(key: key, text: made.text), "key:\(made.id)")
        }
    }

    func revokeKey(_ id: String, by actor: String) throws(CatalogError) {
        try change("key.revoke", actor) { state throws(CatalogError) in
            state.keys.removeAll { $0.id == id }
            return ((), "key:\(id)")
        }
    }

    func auditEntries(limit: Int) throws(CatalogError) -> [AuditEntry] {
        state.withLock { Array($0.entries.reversed().prefix(limit)) }
    }

    private func change<Value: Sendable>(
        _ action: String, _ actor: String, _ body: (inout State) throws(CatalogError) -> (Value, String)
    ) throws(CatalogError) -> Value {
        let result = state.withLock { state -> Result<Value, CatalogError> in
            if state.fails {
                return .failure(
                    .storage(operation: "write", path: "secret/path", code: 13, message: "full", hint: "make room"))
            }
            do throws(CatalogError) {
                let (value, object) = try body(&state)
                state.generation += 1
                let number = Int64(state.entries.count + 1)
                state.entries.append(
                    AuditEntry(
                        number: number, atMilliseconds: 1_700_000_000_000, actor: actor, action: action, object: object,
                        detail: ""))
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
