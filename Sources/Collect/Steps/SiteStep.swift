package import Catalog
internal import Events

/// Finds the event's site by its public key, or by an alias in the words of the client's protocol. A request with a server
/// key marks its events.
package struct SiteStep {
    package static let name = CollectStepName.site

    package init() {}

    /// Refuses with `missing_site`, `unknown_site` or `wrong_key`. About 30 ns, no allocation.
    package func site(
        of draft: inout EventDraft, arena: borrowing TextArena, request: borrowing RequestFacts,
        catalog: CatalogSnapshot
    ) throws(Rejection) -> Site {
        guard draft.siteKey.count > 0 else { throw .missingSite }
        let site = try SiteStep.find(&draft, arena, catalog)
        if let principal = request.principal, !principal.scope.covers(site.id) { throw .wrongKey }
        if request.hasServerKey { draft.flags.insert(.serverKey) }
        return site
    }

    private static func find(
        _ draft: inout EventDraft, _ arena: borrowing TextArena, _ catalog: CatalogSnapshot
    ) throws(Rejection) -> Site {
        let text = arena.bytes.span.bytes.extracting(draft.siteKey.range)
        guard let aliases = draft.aliases else {
            guard let site = catalog.site(key: text) else { throw .unknownSite }
            return site
        }
        guard let (site, consent) = catalog.alias(aliases, value: text) else { throw .unknownSite }
        // The sender asked its visitors itself; what the request says of consent goes before.
        if consent == .client, !draft.isCookieless, draft.statedConsent[.measurement] == .unknown {
            draft.statedConsent[.measurement] = .granted
        }
        return site
    }
}
