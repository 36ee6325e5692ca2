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
        replaceIdentifier(&draft.clientEventID, as: .eventID, for: site, &arena)
        replaceIdentifier(&draft.anonymousID, as: .anonymousID, for: site, &arena)
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
        if MinimisedJSON.mayBegin(with: bytes.byte(at: value.lowerBound)) { return false }
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
        let use = URLUse(isPage: false, clickIDs: clickIDs)
        if isAddress(property.value, arena) {
            minimiseURL(&property.value, use, &arena)
            return
        }
        if var json = json(property.value, arena) {
            while let piece = json.next() {
                if minimise(piece, use) { json.replace(by: minimiser.output) }
            }
            if let output = json.output { property.value = arena.append(output.span.bytes) }
            return
        }
        let before = property.value
        mask(&property.value, &arena)
        if property.value != before { property.type = .string }
    }

    /// Fills the minimiser's output as for a property's value; false where that may stay as it is.
    private mutating func minimise(_ text: [UInt8], _ use: URLUse) -> Bool {
        guard MinimiseStep.isAddress(text.span.bytes) else { return minimiser.text(text.span.bytes) }
        return minimiser.url(text.span.bytes, query: query(of: text.span.bytes, use), rules: visitor.rules)
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

    private mutating func replaceIdentifier(
        _ text: inout ArenaText, as use: VisitorState.HashUse, for site: Site, _ arena: inout TextArena
    ) {
        guard text.count >= 6, holdsPersonal(text, arena) else { return }
        var hex: [UInt8] = []
        let bytes = arena.bytes
        let hash = visitor.hash(bytes.span.bytes.extracting(text.range), as: use, for: site.id)
        hex.append(contentsOf: hash.description.utf8)
        text = arena.append(hex.span.bytes)
    }

    // Each of these borrows the arena for its own length only, so that the append after it finds the bytes unshared.

    private mutating func rewrite(_ text: ArenaText, _ use: URLUse, _ arena: borrowing TextArena) -> Bool {
        let url = arena.bytes.span.bytes.extracting(text.range)
        return minimiser.url(url, query: query(of: url, use), rules: visitor.rules)
    }

    private func query(of url: borrowing RawSpan, _ use: URLUse) -> Minimiser.Query {
        use.isPage || visitor.isOwn(url) ? .allowed(clickIDs: use.clickIDs) : .none
    }

    private func json(_ text: ArenaText, _ arena: borrowing TextArena) -> MinimisedJSON? {
        guard text.count > 0, MinimisedJSON.mayBegin(with: arena.bytes[text.range.lowerBound]) else { return nil }
        return MinimisedJSON(Array(arena.bytes[text.range]))
    }

    private func mayHoldFind(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        SensitiveText.mayHoldFind(arena.bytes.span.bytes, in: text.range)
    }

    private mutating func rewrite(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        minimiser.text(arena.bytes.span.bytes.extracting(text.range))
    }

    private mutating func holdsPersonal(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        minimiser.text(arena.bytes.span.bytes.extracting(text.range), tokens: false)
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

    private func isAddress(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        text.count > 0 && MinimiseStep.isAddress(arena.bytes.span.bytes.extracting(text.range))
    }

    /// A web address and nothing else: one with its scheme, or a path (`/a?x=1`, `//shop.test/a?x=1`) that has a query
    /// or fragment.
    private static func isAddress(_ text: borrowing RawSpan) -> Bool {
        if mayBeURL(text, 0..<text.byteCount) {
            let parts = URLParts(text)
            return parts.hasAuthority && parts.isWeb(text)
        }
        guard text.byteCount >= 6, text.byte(at: 0) == UInt8(ascii: "/") else { return false }
        var hasMore = false
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            if AddressQueries.endsWord(byte) { return false }
            hasMore = hasMore || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        return hasMore
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
