package import Catalog
internal import Events

/// Finds the event's site by its public key. A request with a server key marks its events.
package struct SiteStep {
    package static let name = CollectStepName.site

    package init() {}

    /// Refuses with `missing_site`, `unknown_site` or `wrong_key`. About 30 ns, no allocation.
    package func site(
        of draft: inout EventDraft, arena: borrowing TextArena, request: borrowing RequestFacts,
        catalog: CatalogSnapshot
    ) throws(Rejection) -> Site {
        guard draft.siteKey.count > 0 else { throw .missingSite }
        guard let site = catalog.site(key: arena.bytes.span.bytes.extracting(draft.siteKey.range)) else {
            throw .unknownSite
        }
        if let principal = request.principal, !principal.scope.covers(site.id) { throw .wrongKey }
        if request.hasServerKey { draft.flags.insert(.serverKey) }
        return site
    }
}
