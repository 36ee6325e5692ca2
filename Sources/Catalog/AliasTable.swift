internal import Events

/// Finds the site that a protocol's value names: open addressing at most half full, full comparison on a hit. The
/// values come from outside, so the hash runs under a key of this table's own: whoever chooses them cannot crowd a slot.
struct AliasTable: Sendable {
    private struct Entry: Sendable {
        let hash: UInt64
        let named: AliasProtocol
        /// Where the value stands in `values`.
        let start: Int
        let end: Int
        /// Where the site stands in the snapshot's list.
        let place: Int
        let consent: AliasConsent
    }

    private let key: ID128
    private var entries: [Entry] = []
    /// The values one behind the other, in small letters where the protocol does not tell them from capital ones.
    private var values: [UInt8] = []
    private var slots: [Int32]

    /// The first of two equal names wins, so aliases stand before what is understood without one.
    init(_ names: [SiteAlias], sites: [Site]) {
        key = ID128.random()
        var count = 8
        while count < names.count * 2 { count *= 2 }
        slots = [Int32](repeating: -1, count: count)
        let places = Dictionary(sites.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for name in names {
            guard let place = places[name.site] else { continue }
            let value = Array((name.protocol.distinguishesCase ? name.value : name.value.lowercased()).utf8)
            let hash = AliasTable.hash(value.span.bytes, key)
            let slot = slot(of: value.span.bytes, name.protocol, hash)
            guard slots[slot] < 0 else { continue }
            slots[slot] = Int32(clamping: entries.count)
            let start = values.count
            values += value
            entries.append(
                Entry(
                    hash: hash, named: name.protocol, start: start, end: values.count, place: place,
                    consent: name.consent))
        }
    }

    /// About 30 ns, no allocation.
    func find(_ value: borrowing RawSpan, _ named: AliasProtocol) -> (place: Int, consent: AliasConsent)? {
        let index = slots[slot(of: value, named, AliasTable.hash(value, key))]
        guard index >= 0 else { return nil }
        let entry = entries[Int(index)]
        return (entry.place, entry.consent)
    }

    /// The slot that holds the name, or the free one where it would be.
    private func slot(of value: borrowing RawSpan, _ named: AliasProtocol, _ hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, entry.named == named {
                let stored = values.span.bytes.extracting(entry.start..<entry.end)
                if named.distinguishesCase ? value.equals(stored) : AliasTable.isSame(value, lower: stored) {
                    return slot
                }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    /// The same but for the case of letters; `lower` is in small ones.
    private static func isSame(_ value: borrowing RawSpan, lower: borrowing RawSpan) -> Bool {
        let count = value.byteCount
        guard lower.byteCount == count else { return false }
        var offset = 0
        while count - offset >= 8 {
            if lowered(value, at: offset) != lower.littleEndianUInt64(at: offset) { return false }
            offset += 8
        }
        while offset < count {
            if ASCII.lower(value.byte(at: offset)) != lower.byte(at: offset) { return false }
            offset += 1
        }
        return true
    }

    /// The hash of the bytes in small letters, whatever the protocol. Eight bytes a step, multiplied by a secret number
    /// and folded; the last step overlaps the one before.
    private static func hash(_ bytes: borrowing RawSpan, _ key: ID128) -> UInt64 {
        let count = bytes.byteCount
        var state = key.low ^ UInt64(count)
        guard count >= 8 else {
            var word: UInt64 = 0
            for offset in 0..<count { word = word << 8 | UInt64(ASCII.lower(bytes.byte(at: offset))) }
            return folded(state ^ word, key)
        }
        var offset = 0
        while offset < count - 8 {
            state = folded(state ^ lowered(bytes, at: offset), key)
            offset += 8
        }
        return folded(state ^ lowered(bytes, at: count - 8), key)
    }

    @inline(__always)
    private static func lowered(_ bytes: borrowing RawSpan, at offset: Int) -> UInt64 {
        EightOctets.lowered(bytes.littleEndianUInt64(at: offset))
    }

    @inline(__always)
    private static func folded(_ word: UInt64, _ key: ID128) -> UInt64 {
        let product = word.multipliedFullWidth(by: key.high | 1)
        return product.high ^ product.low
    }
}
