internal import COctets
internal import Events

/// Identifier cookies whose signature was found good lately: a returning visitor sends the same one with every request,
/// and an HMAC costs more than all other steps. 2,048 cookies, two to a hash, of which a newcomer takes the place of
/// the older one; 200 KiB a loop. The whole text and the site are compared, without a branch inside, so that a forged
/// cookie never hits and the time tells nothing of a stored one. Age is judged anew each time. Belongs to one event
/// loop and one key.
struct VerifiedCookies {
    private static let slotCount = 2048
    private typealias Words = InlineArray<7, UInt64>

    private struct Entry {
        var words = Words(repeating: 0)
        var site = SiteID(0)
        var cookie: DeviceCookie?
        /// Of the two with its hash.
        var isNewer = false
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)

    /// As `DeviceCookie.init(_:site:key:now:)`.
    mutating func cookie(
        _ text: borrowing RawSpan, site: SiteID, key: KeyedHash, now: Timestamp
    ) -> DeviceCookie? {
        guard text.byteCount == DeviceCookie.textBytes else { return nil }
        var words = Words(repeating: 0)
        for index in 0..<6 { words[index] = text.littleEndianUInt64(at: index * 8) }
        words[6] = text.littleEndianUInt64(at: DeviceCookie.textBytes - 8)
        let slot = VerifiedCookies.slot(of: words[6])
        for place in slot...slot + 1 where isEntry(place, words, site) {
            if let known = entries[place].cookie { return known.isCurrent(at: now) ? known : nil }
        }
        guard let cookie = DeviceCookie(text, site: site, key: key, now: now) else { return nil }
        let place = entries[slot].isNewer ? slot + 1 : slot
        entries[place] = Entry(words: words, site: site, cookie: cookie, isNewer: true)
        entries[place ^ 1].isNewer = false
        return cookie
    }

    /// The cookie will be asked for soon: what is known of it may come from memory.
    func expect(_ text: borrowing RawSpan) {
        guard text.byteCount == DeviceCookie.textBytes else { return }
        let slot = VerifiedCookies.slot(of: text.littleEndianUInt64(at: DeviceCookie.textBytes - 8))
        let bytes = MemoryLayout<Entry>.stride
        octets_prefetchAll(entries, slot * bytes, 2 * bytes)
    }

    /// The first of the two; `last` is part of the signature and as good as random.
    private static func slot(of last: UInt64) -> Int {
        Int(truncatingIfNeeded: (last &* 0x9E37_79B9_7F4A_7C15) >> 54) << 1
    }

    private func isEntry(_ slot: Int, _ words: Words, _ site: SiteID) -> Bool {
        var difference = UInt64(entries[slot].site.rawValue ^ site.rawValue)
        for index in 0..<7 { difference |= entries[slot].words[index] ^ words[index] }
        return difference == 0
    }
}
