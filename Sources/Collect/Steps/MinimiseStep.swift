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
    private var urls = RecentURLs()
    /// Short texts in which there was nothing to mask.
    private var cleanTexts = RecentWords()
    /// Short property keys that name nothing sensitive and hold nothing to mask.
    private var cleanKeys = RecentWords()

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        visitor.prepare(request, site)
        let clickIDs = draft.consent.grants(.advertising)
        draft.location = minimiseURL(&draft.url, .allowed(clickIDs: clickIDs), &arena)
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

    /// Minimises a URL in place; gives where host and path stand in the arena then.
    @discardableResult
    private mutating func minimiseURL(
        _ text: inout ArenaText, _ query: Minimiser.Query, _ arena: inout TextArena
    ) -> ArenaText {
        guard text.count > 0 else { return .absent }
        let circumstances = RecentURLs.Circumstances(rules: visitor.rules.serial, query: query.code)
        let slot = slot(of: text, circumstances, arena)
        if let slot, let outcome = outcome(at: slot, of: text, circumstances, arena) {
            if !outcome.isUnchanged { text = urls.appendResult(at: slot, to: &arena) }
            return text.piece(outcome.location)
        }
        let before = text
        var outcome = RecentURLs.Outcome()
        if rewrite(text, query, arena) {
            outcome.isUnchanged = false
            let output = minimiser.output
            text = arena.append(output.span.bytes)
        }
        outcome.location = MinimiseStep.location(of: text, in: arena)
        if let slot { keep(outcome, at: slot, of: before, circumstances, arena) }
        return text.piece(outcome.location)
    }

    /// Host and path of a URL.
    private static func location(of text: ArenaText, in arena: borrowing TextArena) -> Range<Int> {
        guard let parts = WebURL(arena.bytes.span.bytes.extracting(text.range)) else { return 0..<0 }
        return parts.host.lowerBound..<parts.path.upperBound
    }

    /// Another site's address is cut to origin and path.
    private mutating func minimiseReferrer(_ text: inout ArenaText, clickIDs: Bool, _ arena: inout TextArena) {
        guard text.count > 0 else { return }
        let query: Minimiser.Query = isOwn(text, arena) ? .allowed(clickIDs: clickIDs) : .none
        minimiseURL(&text, query, &arena)
    }

    private mutating func minimiseProperty(
        _ property: inout PropertyDraft, _ clickIDs: Bool, _ arena: inout TextArena
    ) {
        let key = PackedWord(arena.bytes.span.bytes, property.key.range)
        if let key, cleanKeys.contains(key) {
            if property.type != .boolean { minimiseValue(&property, clickIDs, &arena) }
            return
        }
        let before = property.key
        let isSensitive = isSensitiveKey(property.key, arena)
        if property.type != .boolean {
            if isSensitive { hide(&property, &arena) } else { minimiseValue(&property, clickIDs, &arena) }
        }
        mask(&property.key, &arena)
        if let key, !isSensitive, property.key == before { cleanKeys.insert(key) }
    }

    private func hide(_ property: inout PropertyDraft, _ arena: inout TextArena) {
        let marker = SensitiveText.marker
        property.value = arena.append(marker.span.bytes)
        property.type = .string
    }

    private mutating func minimiseValue(_ property: inout PropertyDraft, _ clickIDs: Bool, _ arena: inout TextArena) {
        if isWebAddress(property.value, arena) {
            let query: Minimiser.Query = isOwn(property.value, arena) ? .allowed(clickIDs: clickIDs) : .none
            minimiseURL(&property.value, query, &arena)
        } else {
            let before = property.value
            mask(&property.value, &arena)
            if property.value != before { property.type = .string }
        }
    }

    private mutating func mask(_ text: inout ArenaText, _ arena: inout TextArena) {
        guard text.count >= 6 else { return }
        let word = PackedWord(arena.bytes.span.bytes, text.range)
        if let word, cleanTexts.contains(word) { return }
        guard rewrite(text, arena) else {
            if let word { cleanTexts.insert(word) }
            return
        }
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
        visitor.isOwn(arena.bytes.span.bytes.extracting(text.range))
    }

    private func slot(
        of text: ArenaText, _ circumstances: RecentURLs.Circumstances, _ arena: borrowing TextArena
    ) -> Int? {
        urls.slot(of: arena.bytes.span.bytes.extracting(text.range), circumstances)
    }

    private func outcome(
        at slot: Int, of text: ArenaText, _ circumstances: RecentURLs.Circumstances, _ arena: borrowing TextArena
    ) -> RecentURLs.Outcome? {
        urls.outcome(at: slot, of: arena.bytes.span.bytes.extracting(text.range), circumstances)
    }

    private mutating func keep(
        _ outcome: RecentURLs.Outcome, at slot: Int, of text: ArenaText, _ circumstances: RecentURLs.Circumstances,
        _ arena: borrowing TextArena
    ) {
        let result = outcome.isUnchanged ? [] : minimiser.output
        let url = arena.bytes.span.bytes.extracting(text.range)
        urls.keep(outcome, result.span.bytes, at: slot, of: url, circumstances)
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
