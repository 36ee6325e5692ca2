internal import Catalog
internal import Events

/// What minimising made of the URLs seen lately: visitors meet on the same pages. 1,024 texts of at most 256 bytes, two
/// to a hash, of which a newcomer takes the place of the older one. A text is found by its hash and compared whole. 540
/// KiB a loop; about 150 instructions for a URL of 150 bytes. Belongs to one event loop.
struct RecentURLs {
    private static let slotCount = 1024
    private static let textBytes = 256

    /// What else the outcome depends on.
    struct Circumstances: Hashable {
        /// `CompiledSiteRules.serial`.
        var rules: UInt64
        /// `URLUse.code`.
        var use: UInt8
    }

    /// What became of a URL.
    struct Outcome {
        /// The URL stays as it is.
        var isUnchanged = true
        /// The minimised URL's host and path in it; empty where it has no host.
        var location = 0..<0
    }

    private struct Entry {
        var circumstances = Circumstances(rules: 0, use: 0)
        var outcome = Outcome()
        /// Of the two with its hash.
        var isNewer = false
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)
    private var texts = KeptTexts(places: slotCount, bytesMax: textBytes)
    private var results = KeptTexts(places: slotCount, bytesMax: textBytes)

    /// Where `url` is with what became of it, or where it would be; nil for one of another length than is kept.
    @inline(__always)
    func find(_ url: borrowing RawSpan, _ circumstances: Circumstances) -> (slot: Int, outcome: Outcome?)? {
        guard url.byteCount >= 8, url.byteCount <= RecentURLs.textBytes else { return nil }
        let seed = circumstances.rules << 16 ^ UInt64(circumstances.use) << 8
        let slot = Int(truncatingIfNeeded: TextHash.of(url, seed: seed) >> 55) << 1
        if holds(url, circumstances, at: slot) { return (slot, entries[slot].outcome) }
        if holds(url, circumstances, at: slot + 1) { return (slot + 1, entries[slot + 1].outcome) }
        return (entries[slot].isNewer ? slot + 1 : slot, nil)
    }

    @inline(__always)
    private func holds(_ url: borrowing RawSpan, _ circumstances: Circumstances, at slot: Int) -> Bool {
        entries[slot].circumstances.rules == circumstances.rules
            && entries[slot].circumstances.use == circumstances.use && texts.holds(url, at: slot)
    }

    /// Appends the minimised URL at `slot`.
    func appendResult(at slot: Int, to arena: inout TextArena) -> ArenaText { results.copy(at: slot, to: &arena) }

    /// Keeps what became of a URL; `result` is empty where it is unchanged. One that is too long is not kept.
    mutating func keep(
        _ outcome: Outcome, _ result: borrowing RawSpan, at slot: Int, of url: borrowing RawSpan,
        _ circumstances: Circumstances
    ) {
        guard result.byteCount <= RecentURLs.textBytes else { return }
        texts.keep(url, at: slot)
        results.keep(result, at: slot)
        entries[slot] = Entry(circumstances: circumstances, outcome: outcome, isNewer: true)
        entries[slot ^ 1].isNewer = false
    }
}

/// The beginnings of URLs, `https://shop.test/`, that were found to be a site's own: the next URL of the same origin
/// need not be taken apart. One a site over 64 sites, of at most 64 bytes. Belongs to one event loop.
struct OwnOrigins {
    private static let slotCount = 64
    private var rules = [UInt64](repeating: 0, count: slotCount)
    private var texts = KeptTexts(places: slotCount, bytesMax: 64)

    /// The URL begins with an origin of the site and a slash.
    @inline(__always)
    func covers(_ url: borrowing RawSpan, _ rules: CompiledSiteRules) -> Bool {
        let slot = OwnOrigins.slot(of: rules)
        return self.rules[slot] == rules.serial && texts.holdsStart(of: url, at: slot)
    }

    /// Remembers the first `count` bytes: scheme, authority, and the slash behind it.
    mutating func remember(_ url: borrowing RawSpan, _ count: Int, _ rules: CompiledSiteRules) {
        guard count <= texts.bytesMax, count > 0, url.byte(at: count - 1) == UInt8(ascii: "/") else { return }
        let slot = OwnOrigins.slot(of: rules)
        self.rules[slot] = rules.serial
        texts.keep(url.extracting(first: count), at: slot)
    }

    @inline(__always)
    private static func slot(of rules: CompiledSiteRules) -> Int { Int(rules.site.id.rawValue) & (slotCount - 1) }
}
