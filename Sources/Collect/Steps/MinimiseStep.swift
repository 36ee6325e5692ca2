package import Catalog
internal import Events
internal import RequestParsing

/// Takes personal and secret values out of everything a visitor's page may have put into an event. Never refuses.
///
/// Runs after consent, because click ids stay only with advertising consent. Event ids and anonymous ids are
/// identifiers and stay as sent, except where they hold an address, a phone, card or account number: then a keyed hash
/// stands in, so that repeats are still recognised.
package struct MinimiseStep: CollectStep {
    package static let name = CollectStepName.minimise
    private let visitor: VisitorState
    private var minimiser = Minimiser()

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        visitor.prepare(request, site)
        let clickIDs = draft.consent.grants(.advertising)
        minimiseURL(&draft.url, .allowed(clickIDs: clickIDs), &arena)
        minimiseReferrer(&draft.referrer, clickIDs: clickIDs, &arena)
        mask(&draft.name, &arena)
        mask(&draft.title, &arena)
        mask(&draft.screen, &arena)
        mask(&draft.language, &arena)
        replaceIdentifier(&draft.clientEventID, for: site, &arena)
        for index in draft.properties.indices { minimiseProperty(&draft.properties[index], clickIDs, &arena) }
        for index in draft.items.indices {
            mask(&draft.items[index].id, &arena)
            mask(&draft.items[index].name, &arena)
        }
    }

    private mutating func minimiseURL(_ text: inout ArenaText, _ query: Minimiser.Query, _ arena: inout TextArena) {
        guard text.count > 0, rewrite(text, query, arena) else { return }
        let output = minimiser.output
        text = arena.append(output.span.bytes)
    }

    /// Another site's address is cut to origin and path.
    private mutating func minimiseReferrer(_ text: inout ArenaText, clickIDs: Bool, _ arena: inout TextArena) {
        guard text.count > 0 else { return }
        let query: Minimiser.Query = isOwn(text, arena) ? .allowed(clickIDs: clickIDs) : .none
        minimiseURL(&text, query, &arena)
    }

    private mutating func minimiseProperty(_ property: inout PropertyDraft, _ clickIDs: Bool, _ arena: inout TextArena)
    {
        guard property.type != .boolean else { return mask(&property.key, &arena) }
        if isSensitiveKey(property.key, arena) {
            let marker = SensitiveText.marker
            property.value = arena.append(marker.span.bytes)
            property.type = .string
        } else if isWebAddress(property.value, arena) {
            let query: Minimiser.Query = isOwn(property.value, arena) ? .allowed(clickIDs: clickIDs) : .none
            minimiseURL(&property.value, query, &arena)
        } else {
            let before = property.value
            mask(&property.value, &arena)
            if property.value != before { property.type = .string }
        }
        mask(&property.key, &arena)
    }

    private mutating func mask(_ text: inout ArenaText, _ arena: inout TextArena) {
        guard text.count >= 6, rewrite(text, arena) else { return }
        let output = minimiser.output
        text = arena.append(output.span.bytes)
    }

    private mutating func replaceIdentifier(_ text: inout ArenaText, for site: Site, _ arena: inout TextArena) {
        guard text.count >= 6, holdsPersonal(text, arena) else { return }
        var hex: [UInt8] = []
        let bytes = arena.bytes
        let hash = visitor.hash(bytes.span.bytes.extracting(text.range), as: .eventID, for: site.id)
        hex.append(contentsOf: hash.description.utf8)
        text = arena.append(hex.span.bytes)
    }

    // Each of these borrows the arena for its own length only, so that the append after it finds the bytes unshared.

    private mutating func rewrite(_ text: ArenaText, _ query: Minimiser.Query, _ arena: borrowing TextArena) -> Bool {
        minimiser.url(arena.bytes.span.bytes.extracting(text.range), query: query, rules: visitor.rules)
    }

    private mutating func rewrite(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        minimiser.text(arena.bytes.span.bytes.extracting(text.range))
    }

    private func holdsPersonal(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        SensitiveText.next(in: arena.bytes.span.bytes.extracting(text.range), tokens: false) != nil
    }

    private func isSensitiveKey(_ key: ArenaText, _ arena: borrowing TextArena) -> Bool {
        SensitiveKeys.contains(arena.bytes.span.bytes.extracting(key.range))
    }

    private func isOwn(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        let url = arena.bytes.span.bytes.extracting(text.range)
        let parts = URLParts(url)
        return !parts.hasAuthority && parts.scheme.isEmpty || visitor.rules.covers(host: url.extracting(parts.host))
    }

    private func isWebAddress(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        guard text.count >= 8 else { return false }
        let url = arena.bytes.span.bytes.extracting(text.range)
        guard ASCII.lower(url.byte(at: 0)) == UInt8(ascii: "h"), url.byte(at: 4) == 0x3A || url.byte(at: 5) == 0x3A
        else {
            return false
        }
        let parts = URLParts(url)
        return parts.hasAuthority && parts.isWeb(url)
    }
}
