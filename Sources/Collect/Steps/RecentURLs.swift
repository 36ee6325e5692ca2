internal import Catalog
internal import Events

/// What minimising made of the URLs seen lately: visitors meet on the same pages. Direct-mapped over 512 texts of at
/// most 256 bytes, a newcomer takes the place. A text is found by a hash and compared whole. 270 KiB a loop; about 300
/// instructions for a URL of 150 bytes, a tenth of minimising it. Belongs to one event loop.
struct RecentURLs {
    static let slotCount = 512
    static let textBytes = 256

    /// What else the outcome depends on.
    struct Circumstances: Hashable {
        /// `SiteRules.serial`.
        var rules: UInt64
        /// 0 without query, 1 with the allowed parameters, 2 with click ids too.
        var query: UInt8
    }

    /// What became of a URL.
    struct Outcome {
        /// The URL stays as it is.
        var isUnchanged = true
        /// The minimised URL's host and path in it; empty where it has no host.
        var location = 0..<0
    }

    private struct Entry {
        var circumstances = Circumstances(rules: 0, query: 0)
        var count = 0
        var resultCount = 0
        var outcome = Outcome()
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)
    private var texts = [UInt8](repeating: 0, count: slotCount * textBytes)
    private var results = [UInt8](repeating: 0, count: slotCount * textBytes)

    /// Where `url` would be; nil for one of another length than is kept.
    @inline(__always)
    func slot(of url: borrowing RawSpan, _ circumstances: Circumstances) -> Int? {
        let count = url.byteCount
        guard count >= 8, count <= RecentURLs.textBytes else { return nil }
        var hash = UInt64(truncatingIfNeeded: count) ^ circumstances.rules << 16 ^ UInt64(circumstances.query) << 8
        var offset = 0
        while offset < count - 8 {
            hash = (hash ^ url.littleEndianUInt64(at: offset)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        hash = (hash ^ url.littleEndianUInt64(at: count - 8)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 55)
    }

    /// What became of `url`, where it is at `slot`.
    func outcome(at slot: Int, of url: borrowing RawSpan, _ circumstances: Circumstances) -> Outcome? {
        guard entries[slot].count == url.byteCount, entries[slot].circumstances == circumstances,
            texts.span.bytes.extracting(place(slot, url.byteCount)).equals(url)
        else { return nil }
        return entries[slot].outcome
    }

    /// Appends the minimised URL at `slot`.
    func appendResult(at slot: Int, to arena: inout TextArena) -> ArenaText {
        arena.append(results.span.bytes.extracting(place(slot, entries[slot].resultCount)))
    }

    /// Keeps what became of a URL; `result` is empty where it is unchanged. One that is too long is not kept.
    mutating func keep(
        _ outcome: Outcome, _ result: borrowing RawSpan, at slot: Int, of url: borrowing RawSpan,
        _ circumstances: Circumstances
    ) {
        guard result.byteCount <= RecentURLs.textBytes else { return }
        texts.overwrite(from: slot * RecentURLs.textBytes, with: url)
        results.overwrite(from: slot * RecentURLs.textBytes, with: result)
        entries[slot] = Entry(
            circumstances: circumstances, count: url.byteCount, resultCount: result.byteCount, outcome: outcome)
    }

    private func place(_ slot: Int, _ count: Int) -> Range<Int> {
        slot * RecentURLs.textBytes..<slot * RecentURLs.textBytes + count
    }
}

/// The beginnings of URLs, `https://shop.test/`, that were found to be a site's own: the next URL of the same origin
/// need not be taken apart. One a site over 64 sites, of at most 64 bytes. Belongs to one event loop.
struct OwnOrigins {
    private struct Entry {
        var rules: UInt64 = 0
        var count = 0
        var bytes = InlineArray<64, UInt8>(repeating: 0)
    }

    private var entries = [Entry](repeating: Entry(), count: 64)

    /// The URL begins with an origin of the site and a slash.
    @inline(__always)
    func covers(_ url: borrowing RawSpan, _ rules: SiteRules) -> Bool {
        let slot = Int(rules.site.id.rawValue & 63)
        let count = entries[slot].count
        guard entries[slot].rules == rules.serial, count > 0, count <= url.byteCount else { return false }
        for offset in 0..<count where entries[slot].bytes[offset] != url.byte(at: offset) { return false }
        return true
    }

    /// Remembers the first `count` bytes: scheme, authority, and the slash behind it.
    mutating func remember(_ url: borrowing RawSpan, _ count: Int, _ rules: SiteRules) {
        guard count <= 64, count > 0, url.byte(at: count - 1) == UInt8(ascii: "/") else { return }
        let slot = Int(rules.site.id.rawValue & 63)
        entries[slot].rules = rules.serial
        entries[slot].count = count
        for offset in 0..<count { entries[slot].bytes[offset] = url.byte(at: offset) }
    }
}
