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
    /// Where the page of the request's first event is looked up.
    private var expected: (url: ArenaText, pair: RecentURLs.Pair)?
    /// Short texts that needed a search, in which there was nothing to mask.
    private var cleanTexts = RecentWords()
    /// Short property keys that name nothing sensitive and hold nothing to mask.
    private var cleanKeys = RecentWords()
    /// Short property keys that do.
    private var sensitiveKeys = RecentWords()

    init(_ visitor: VisitorState) { self.visitor = visitor }

    /// An event on this page will `run` soon: what is known of it may come from memory.
    mutating func expect(page url: ArenaText, for site: Site, arena: borrowing TextArena) {
        expected = nil
        guard visitor.rules.site === site, let pair = pair(of: url, arena) else { return }
        expected = (url, pair)
        urls.expect(pair, count: Int(url.count))
    }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        visitor.prepare(request, site)
        let clickIDs = draft.consent.grants(.advertising)
        draft.location = minimiseURL(&draft.url, URLUse(isPage: true, clickIDs: clickIDs), &arena)
        minimiseURL(&draft.referrer, URLUse(isPage: false, clickIDs: clickIDs), &arena)
        mask(&draft.name, &arena)
        mask(&draft.title, &arena)
        mask(&draft.screen, &arena)
        mask(&draft.language, &arena)
        replaceIdentifier(&draft.clientEventID, for: site, &arena)
        for index in draft.properties.indices where !isInOrder(draft.properties[index], arena) {
            minimiseProperty(&draft.properties[index], clickIDs, &arena)
        }
        for index in draft.items.indices {
            mask(&draft.items[index].id, &arena)
            mask(&draft.items[index].name, &arena)
        }
    }

    /// Minimises a URL in place; gives where host and path stand in the arena then.
    @discardableResult
    private mutating func minimiseURL(_ text: inout ArenaText, _ use: URLUse, _ arena: inout TextArena) -> ArenaText {
        guard text.count > 0 else { return .absent }
        let circumstances = RecentURLs.Circumstances(rules: visitor.rules.serial, use: use.code)
        let found = find(text, circumstances, arena)
        if let found, let outcome = found.outcome {
            if !outcome.isUnchanged { text = urls.appendResult(at: found.slot, to: &arena) }
            return text.piece(outcome.location)
        }
        let before = text
        var outcome = RecentURLs.Outcome()
        if rewrite(text, use, arena) {
            outcome.isUnchanged = false
            let output = minimiser.output
            text = arena.append(output.span.bytes)
        }
        outcome.location = MinimiseStep.location(of: text, in: arena)
        if let found { keep(outcome, at: found.slot, of: before, found.pair, circumstances, arena) }
        return text.piece(outcome.location)
    }

    /// Host and path of a URL.
    private static func location(of text: ArenaText, in arena: borrowing TextArena) -> Range<Int> {
        guard let parts = WebURL(arena.bytes.span.bytes.extracting(text.range)) else { return 0..<0 }
        return parts.host.lowerBound..<parts.path.upperBound
    }

    /// The key names nothing sensitive, as was found lately, and the value needs no second look. So it is for nearly
    /// every property.
    @inline(__always)
    private func isInOrder(_ property: PropertyDraft, _ arena: borrowing TextArena) -> Bool {
        let bytes = arena.bytes.span.bytes
        guard let key = PackedWord(bytes, property.key.range), cleanKeys.contains(key) else { return false }
        if case .boolean = property.type { return true }
        let value = property.value.range
        if value.count < 6 { return true }
        return !MinimiseStep.mayBeURL(bytes, value) && !SensitiveText.mayHoldFind(bytes, in: value)
    }

    private mutating func minimiseProperty(
        _ property: inout PropertyDraft, _ clickIDs: Bool, _ arena: inout TextArena
    ) {
        let key = PackedWord(arena.bytes.span.bytes, property.key.range)
        if let key, cleanKeys.contains(key) { return minimiseValue(&property, clickIDs, &arena) }
        if let key, sensitiveKeys.contains(key) { return hide(&property, &arena) }
        let before = property.key
        let isSensitive = isSensitiveKey(property.key, arena)
        if isSensitive { hide(&property, &arena) } else { minimiseValue(&property, clickIDs, &arena) }
        mask(&property.key, &arena)
        guard let key, property.key == before else { return }
        if isSensitive { sensitiveKeys.insert(key) } else { cleanKeys.insert(key) }
    }

    private func hide(_ property: inout PropertyDraft, _ arena: inout TextArena) {
        if case .boolean = property.type { return }
        let marker = SensitiveText.marker
        property.value = arena.append(marker.span.bytes)
        property.type = .string
    }

    private mutating func minimiseValue(_ property: inout PropertyDraft, _ clickIDs: Bool, _ arena: inout TextArena) {
        if case .boolean = property.type { return }
        if isWebAddress(property.value, arena) {
            minimiseURL(&property.value, URLUse(isPage: false, clickIDs: clickIDs), &arena)
        } else {
            let before = property.value
            mask(&property.value, &arena)
            if property.value != before { property.type = .string }
        }
    }

    private mutating func mask(_ text: inout ArenaText, _ arena: inout TextArena) {
        guard text.count >= 6, mayHoldFind(text, arena) else { return }
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

    private mutating func rewrite(_ text: ArenaText, _ use: URLUse, _ arena: borrowing TextArena) -> Bool {
        let url = arena.bytes.span.bytes.extracting(text.range)
        let query: Minimiser.Query = use.isPage || visitor.isOwn(url) ? .allowed(clickIDs: use.clickIDs) : .none
        return minimiser.url(url, query: query, rules: visitor.rules)
    }

    private func mayHoldFind(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        SensitiveText.mayHoldFind(arena.bytes.span.bytes, in: text.range)
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

    private func pair(of url: ArenaText, _ arena: borrowing TextArena) -> RecentURLs.Pair? {
        urls.pair(of: arena.bytes.span.bytes.extracting(url.range), rules: visitor.rules.serial)
    }

    private func find(
        _ text: ArenaText, _ circumstances: RecentURLs.Circumstances, _ arena: borrowing TextArena
    ) -> (pair: RecentURLs.Pair, slot: Int, outcome: RecentURLs.Outcome?)? {
        guard let pair = expected?.url == text ? expected?.pair : pair(of: text, arena) else { return nil }
        let (slot, outcome) = urls.find(arena.bytes.span.bytes.extracting(text.range), pair, circumstances)
        return (pair, slot, outcome)
    }

    private mutating func keep(
        _ outcome: RecentURLs.Outcome, at slot: Int, of text: ArenaText, _ pair: RecentURLs.Pair,
        _ circumstances: RecentURLs.Circumstances, _ arena: borrowing TextArena
    ) {
        let result = outcome.isUnchanged ? [] : minimiser.output
        let url = arena.bytes.span.bytes.extracting(text.range)
        urls.keep(outcome, result.span.bytes, at: slot, of: url, pair, circumstances)
    }

    private func isWebAddress(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        guard MinimiseStep.mayBeURL(arena.bytes.span.bytes, text.range) else { return false }
        let url = arena.bytes.span.bytes.extracting(text.range)
        let parts = URLParts(url)
        return parts.hasAuthority && parts.isWeb(url)
    }

    /// An `h` in either case, and a colon where `http` or `https` would have it.
    @inline(__always)
    private static func mayBeURL(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= 8, bytes.byte(at: range.lowerBound) | 0x20 == UInt8(ascii: "h") else { return false }
        return bytes.byte(at: range.lowerBound + 4) == 0x3A || bytes.byte(at: range.lowerBound + 5) == 0x3A
    }
}

/// What a URL stands for, which decides how much of its query stays.
private struct URLUse {
    /// The page the event is of. Any other may be of another site, and is cut to origin and path then.
    var isPage: Bool
    /// Click ids stay.
    var clickIDs: Bool

    /// A number for each.
    var code: UInt8 { (isPage ? 1 : 3) + (clickIDs ? 1 : 0) }
}
