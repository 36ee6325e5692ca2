package import Events

/// Every definition at one moment, immutable. Readers keep one for the length of a request.
package final class CatalogSnapshot: Sendable {
    /// Rises with every change.
    package let generation: UInt64
    package let sites: [Site]
    package let keys: [APIKey]
    package let aliases: [SiteAlias]
    /// In the order of their numbers, without their definitions.
    package let containers: [Container]
    /// The generation at which what is served below `/tags/` last changed.
    package let scriptsGeneration: UInt64
    private let sitesByID: [SiteID: Site]
    private let siteKeys: KeyTable
    private let keyIdentifiers: KeyTable
    private let pathPrefixes: KeyTable
    private let names: AliasTable

    package init(
        generation: UInt64, sites: [Site], keys: [APIKey] = [], aliases: [SiteAlias] = [],
        containers: [Container] = [], scriptsGeneration: UInt64 = 0
    ) {
        self.generation = generation
        self.sites = sites
        self.keys = keys
        self.aliases = aliases
        self.containers = containers
        self.scriptsGeneration = scriptsGeneration
        sitesByID = Dictionary(sites.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        siteKeys = KeyTable(sites.map(\.key))
        keyIdentifiers = KeyTable(keys.map(\.id))
        pathPrefixes = KeyTable(sites.map(\.pathPrefix))
        // Plausible's clients call a site by its domain, so nobody has to say that.
        let plain = sites.flatMap { site in
            site.domains.map { SiteAlias(site: site.id, protocol: .plausible, value: $0) }
        }
        names = AliasTable(aliases + plain, sites: sites)
    }

    package func site(id: SiteID) -> Site? { sitesByID[id] }

    /// The site whose public key these bytes are. About 30 ns, no allocation.
    package func site(key: borrowing RawSpan) -> Site? {
        guard let index = siteKeys.index(of: key) else { return nil }
        return sites[index]
    }

    /// The site that a foreign client means, and what becomes of that client's identifiers: by an alias, else by one of
    /// the site's domains where Plausible's clients name it, else by its public key. About 30 ns, no allocation.
    package func alias(_ named: AliasProtocol, value: borrowing RawSpan) -> (site: Site, consent: AliasConsent)? {
        guard (1...AliasRules.valueBytesMax).contains(value.byteCount) else { return nil }
        if let found = names.find(value, named) { return (sites[found.place], found.consent) }
        return site(key: value).map { ($0, .required) }
    }

    /// A site's own aliases, in the store's order. O(aliases).
    package func aliases(of site: SiteID) -> [SiteAlias] { aliases.filter { $0.site == site } }

    /// The site whose path prefix these bytes are. About 20 ns, no allocation.
    package func site(pathPrefix: borrowing RawSpan) -> Site? {
        guard pathPrefix.byteCount == PathPrefix.byteCount, let index = pathPrefixes.index(of: pathPrefix) else {
            return nil
        }
        return sites[index]
    }

    /// The site that a person means: its number, one of its domains, or its key. O(sites); for commands and the API.
    package func site(reference: String) -> Site? {
        let host = reference.lowercased()
        if let number = UInt32(reference), let site = sitesByID[SiteID(number)] { return site }
        return sites.first { $0.domains.contains(host) || $0.key == reference }
    }

    /// Whose key these bytes are. An absent identifier costs a hash too, so that the time tells nothing.
    /// About 1 us; allocates the digest.
    package func principal(key: borrowing RawSpan) -> Principal? {
        guard key.byteCount == APIKey.textByteCount,
            key.extracting(first: 4).text == APIKey.prefix
        else { return nil }
        let start = APIKey.prefix.utf8.count
        let identifier = key.extracting(start..<(start + APIKey.identifierByteCount))
        guard let index = keyIdentifiers.index(of: identifier) else {
            _ = APIKey.digest(of: key)
            return nil
        }
        return keys[index].matches(key) ? keys[index].principal : nil
    }

    /// The value of an `Authorization` header: `Bearer KEY`, the scheme in any case (RFC 9110, section 11.1).
    package func principal(authorization: borrowing RawSpan) -> Principal? {
        let scheme: StaticString = "bearer "
        guard authorization.byteCount == scheme.utf8CodeUnitCount + APIKey.textByteCount else { return nil }
        guard authorization.extracting(first: scheme.utf8CodeUnitCount).text.lowercased() == "bearer " else {
            return nil
        }
        return principal(key: authorization.extracting(last: APIKey.textByteCount))
    }

    package func container(id: ContainerID) -> Container? { containers.first { $0.id == id } }

    /// The container that a person means: its number, its public id, or its name, the latter two in any case. O(containers).
    package func container(reference: String) -> Container? {
        if let number = UInt32(reference) { return container(id: ContainerID(number)) }
        let small = reference.lowercased()
        return containers.first { $0.publicID.lowercased() == small || $0.name.lowercased() == small }
    }

    /// The sites where a container is used, in the catalog's order.
    package func sites(of container: Container) -> [Site] { sites.filter { container.sites.contains($0.id) } }
}
