package import Catalog
package import Events

/// Reads a site's definition out of a control record. Whoever journals the definitions provides it.
package protocol SiteDefinitionReader: Sendable {
    /// The site that the payload (the record's `control` field, JSON) defines; nil where it defines something else
    /// or cannot be read. The same bytes must always give the same answer.
    func site(payload: RawSpan, id: SiteID) -> Site?
}

/// For set-ups that journal no definitions.
package struct NoSiteDefinitions: SiteDefinitionReader {
    package init() {}
    package func site(payload: RawSpan, id: SiteID) -> Site? { nil }
}

/// Sites as of a position: the newest definition the journal gave before it, else the catalog's present one, else
/// one with every option off. Only sites whose definitions are journalled are the same again in a rebuild.
struct SiteBook {
    private let reader: any SiteDefinitionReader
    private let catalog: @Sendable () -> CatalogSnapshot
    private var snapshot: CatalogSnapshot
    private var journalled: [SiteID: Site] = [:]
    /// What `journalled` was read from, as it goes into a checkpoint.
    private(set) var payloads: [SiteID: [UInt8]] = [:]
    private var known: [SiteID: Site] = [:]
    private var last: Site?

    init(reader: any SiteDefinitionReader, catalog: @escaping @Sendable () -> CatalogSnapshot) {
        self.reader = reader
        self.catalog = catalog
        snapshot = catalog()
    }

    /// Takes up the catalog's newest snapshot; true where definitions may have changed. Once a batch.
    mutating func refresh() -> Bool {
        let newest = catalog()
        guard newest.generation != snapshot.generation else { return false }
        snapshot = newest
        forgetAnswers()
        return true
    }

    /// Takes a control record; true where it defined a site.
    mutating func apply(payload: RawSpan, id: SiteID) -> Bool {
        guard let site = reader.site(payload: payload, id: id) else { return false }
        journalled[id] = site
        payloads[id] = payload.array
        forgetAnswers()
        return true
    }

    mutating func site(_ id: SiteID) -> Site {
        if let last, last.id.rawValue == id.rawValue { return last }
        let site = known[id] ?? journalled[id] ?? snapshot.site(id: id) ?? SiteBook.plainSite(id)
        known[id] = site
        last = site
        return site
    }

    private mutating func forgetAnswers() {
        last = nil
        known.removeAll(keepingCapacity: true)
    }

    private static func plainSite(_ id: SiteID) -> Site {
        Site(id: id, key: "", name: "", domains: [])
    }
}
