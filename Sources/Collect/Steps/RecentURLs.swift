internal import Catalog
internal import Events

/// What minimising made of the URLs seen lately: visitors meet on the same pages. 1,024 texts of at most 256 bytes, two
/// to a hash, of which a newcomer takes the place of the older one. A text is found by its hash and compared whole. 540
/// KiB a loop; about 150 instructions for a URL of 150 bytes. Belongs to one event loop.
///
///     entries  | what it stands for, mark of the hash | …      small: which of the two it is
///     texts    | URL, 256 bytes | result, 256 bytes   | …      far: asked for by `expect`
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

    /// Where a URL is or would be, whatever its use: one of two slots, of which `first` is even.
    struct Pair {
        fileprivate var first: Int
        fileprivate var mark: UInt32
    }

    private struct Entry {
        var rules: UInt64 = 0
        /// Bits of the hash that the pair does not have.
        var mark: UInt32 = 0
        var locationStart: UInt16 = 0
        var locationEnd: UInt16 = 0
        var use: UInt8 = 0
        var isUnchanged = true
        /// Of the two with its hash.
        var isNewer = false
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)
    private var texts = KeptTexts(places: slotCount * 2, bytesMax: textBytes)

    /// The pair of a URL under a site's rules; nil for one of another length than is kept.
    @inline(__always)
    func pair(of url: borrowing RawSpan, rules: UInt64) -> Pair? {
        guard url.byteCount >= 8, url.byteCount <= RecentURLs.textBytes else { return nil }
        let hash = TextHash.of(url, seed: rules << 16)
        return Pair(first: Int(truncatingIfNeeded: hash >> 55) << 1, mark: UInt32(truncatingIfNeeded: hash >> 23))
    }

    /// A URL of this pair will be looked up soon: its text, of `count` bytes, and what became of it may come.
    @inline(__always)
    func expect(_ pair: Pair, count: Int) {
        let slot = entries[pair.first].mark == pair.mark ? pair.first : pair.first + 1
        texts.prefetch(slot * 2, count: count)
        texts.prefetch(slot * 2 + 1, count: count)
    }

    /// Where `url` is with what became of it, or where it would be.
    @inline(__always)
    func find(
        _ url: borrowing RawSpan, _ pair: Pair, _ circumstances: Circumstances
    ) -> (slot: Int, outcome: Outcome?) {
        for slot in pair.first...pair.first + 1 where holds(url, pair.mark, circumstances, at: slot) {
            let entry = entries[slot]
            let location = Int(entry.locationStart)..<Int(entry.locationEnd)
            return (slot, Outcome(isUnchanged: entry.isUnchanged, location: location))
        }
        return (entries[pair.first].isNewer ? pair.first + 1 : pair.first, nil)
    }

    @inline(__always)
    private func holds(
        _ url: borrowing RawSpan, _ mark: UInt32, _ circumstances: Circumstances, at slot: Int
    ) -> Bool {
        entries[slot].mark == mark && entries[slot].rules == circumstances.rules
            && entries[slot].use == circumstances.use && texts.holds(url, at: slot * 2)
    }

    /// Appends the minimised URL at `slot`.
    func appendResult(at slot: Int, to arena: inout TextArena) -> ArenaText {
        texts.copy(at: slot * 2 + 1, to: &arena)
    }

    /// Keeps what became of a URL; `result` is empty where it is unchanged. One that is too long is not kept.
    mutating func keep(
        _ outcome: Outcome, _ result: borrowing RawSpan, at slot: Int, of url: borrowing RawSpan, _ pair: Pair,
        _ circumstances: Circumstances
    ) {
        guard result.byteCount <= RecentURLs.textBytes else { return }
        texts.keep(url, at: slot * 2)
        texts.keep(result, at: slot * 2 + 1)
        entries[slot] = Entry(
            rules: circumstances.rules, mark: pair.mark, locationStart: UInt16(clamping: outcome.location.lowerBound),
            locationEnd: UInt16(clamping: outcome.location.upperBound), use: circumstances.use,
            isUnchanged: outcome.isUnchanged, isNewer: true)
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
