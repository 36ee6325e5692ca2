internal import COctets
internal import Events

// Anchor numbers: which dense number an anchor got at its first appearance in journal order.
//
// Constraints
//   - A number is given once and never reused; parts of the column store keep it for years.
//   - No allocation per event: open addressing with linear probing, at most 3/4 full, in 64 shards, so that growing
//     moves one shard at a time (about 40 ns an entry of that shard).
//   - Memory: 32 bytes an entry, 43 to 86 bytes an anchor with the empty entries.
//
// Entry
//   id (16 bytes), site (4), number (4; 0 = empty), stream (4; 0 = no visit is kept), kind (1), day last seen (2)
//
// Life cycle
//   A day's hash is forgotten with its last kept visit: it never comes back. A device not seen for 400 days and a
//   user not seen for 800 are forgotten when their shard would have to grow: the device's cookie has expired after
//   395. A forgotten anchor that does come back gets a new number.

/// Anchor → number, and the visits that are kept of it.
struct AnchorTable {
    static let deviceDaysMax: UInt16 = 400
    static let userDaysMax: UInt16 = 800
    private static let shardCount = 64

    struct Entry {
        var id: ID128
        var site: UInt32
        var number: AnchorNumberValue
        var stream: UInt32
        var kind: UInt8
        var seenDay: UInt16

        static let empty = Entry(id: ID128(low: 0, high: 0), site: 0, number: 0, stream: 0, kind: 0, seenDay: 0)
    }
    typealias AnchorNumberValue = UInt32

    /// Where an entry stands until the next insertion or removal.
    struct Place {
        var shard: Int
        var slot: Int
    }

    fileprivate struct Shard {
        var entries: [Entry] = []
        var count = 0
    }

    private var shards: [Shard]
    /// The number the next new anchor gets.
    private(set) var nextNumber: UInt32 = 1

    init() { shards = [Shard](repeating: Shard(), count: AnchorTable.shardCount) }

    /// How many anchors are known now.
    var count: Int { shards.reduce(0) { $0 + $1.count } }

    @inline(__always)
    subscript(_ place: Place) -> Entry { shards[place.shard].entries[place.slot] }

    mutating func setStream(_ stream: UInt32, at place: Place) {
        shards[place.shard].entries[place.slot].stream = stream
    }

    /// The anchor's place; made with the next number where it is new. nil once all 2^32 - 1 numbers are given.
    /// O(1); allocates only where a shard grows.
    mutating func place(of anchor: Anchor, today: UInt16) -> Place? {
        let hash = AnchorTable.hash(anchor)
        let shard = Int(truncatingIfNeeded: hash >> 58)
        if let slot = shards[shard].find(anchor, hash: hash) {
            if shards[shard].entries[slot].seenDay != today { shards[shard].entries[slot].seenDay = today }
            return Place(shard: shard, slot: slot)
        }
        guard nextNumber < .max else { return nil }
        let entry = Entry(
            id: anchor.id, site: anchor.site.rawValue, number: nextNumber, stream: 0, kind: anchor.kind.rawValue,
            seenDay: today)
        nextNumber += 1
        return Place(shard: shard, slot: insert(entry, shard: shard, hash: hash, today: today))
    }

    /// The anchor is asked for soon.
    @inline(__always)
    func prefetch(_ anchor: Anchor) {
        let hash = AnchorTable.hash(anchor)
        shards[Int(truncatingIfNeeded: hash >> 58)].prefetch(hash)
    }

    /// The anchor's place where it is known.
    func known(_ anchor: Anchor) -> Place? {
        let hash = AnchorTable.hash(anchor)
        let shard = Int(truncatingIfNeeded: hash >> 58)
        guard let slot = shards[shard].find(anchor, hash: hash) else { return nil }
        return Place(shard: shard, slot: slot)
    }

    /// Forgets an anchor; entries behind it in its probe run move up.
    mutating func remove(_ anchor: Anchor) {
        guard let place = known(anchor) else { return }
        shards[place.shard].remove(at: place.slot)
    }

    /// Every entry, in no particular order.
    func forEach(_ body: (Entry) -> Void) {
        for shard in shards { for entry in shard.entries where entry.number != 0 { body(entry) } }
    }

    /// Puts back a stored entry, with its number.
    mutating func restore(_ entry: Entry) {
        let hash = AnchorTable.hash(entry.anchor)
        _ = insert(entry, shard: Int(truncatingIfNeeded: hash >> 58), hash: hash, today: 0)
    }

    mutating func restore(nextNumber: UInt32) { self.nextNumber = nextNumber }

    private mutating func insert(_ entry: Entry, shard: Int, hash: UInt64, today: UInt16) -> Int {
        if shards[shard].isFull {
            shards[shard].forgetUnseen(today: today)
            if shards[shard].isFull { shards[shard].grow() }
        }
        return shards[shard].insert(entry, hash: hash)
    }

    /// Identifiers are random or keyed hashes, so mixing is for spread only, not against an adversary.
    @inline(__always)
    fileprivate static func hash(_ anchor: Anchor) -> UInt64 {
        var hash =
            (anchor.id.low ^ UInt64(anchor.site.rawValue) << 8 ^ UInt64(anchor.kind.rawValue)) &* 0x9e37_79b9_7f4a_7c15
        hash ^= (hash >> 32) ^ anchor.id.high
        hash = hash &* 0xd6e8_feb8_6659_fd93
        return hash ^ hash >> 32
    }
}

extension AnchorTable.Entry {
    var anchor: Anchor { Anchor(kind: AnchorKind(rawValue: kind) ?? .none, site: SiteID(site), id: id) }

    /// Whether nothing can come of it any more.
    fileprivate func isForgettable(today: UInt16) -> Bool {
        guard stream == 0, today > seenDay else { return false }
        switch AnchorKind(rawValue: kind) {
        case .user: return today - seenDay > AnchorTable.userDaysMax
        case .device: return today - seenDay > AnchorTable.deviceDaysMax
        default: return today - seenDay > 3
        }
    }
}

extension AnchorTable.Shard {
    fileprivate var isFull: Bool { (count + 1) * 4 > entries.count * 3 }

    @inline(__always)
    fileprivate func prefetch(_ hash: UInt64) {
        guard !entries.isEmpty else { return }
        let slot = Int(truncatingIfNeeded: hash) & (entries.count - 1)
        octets_prefetchIn(entries, slot * MemoryLayout<AnchorTable.Entry>.stride)
    }

    @inline(__always)
    fileprivate func find(_ anchor: Anchor, hash: UInt64) -> Int? {
        guard !entries.isEmpty else { return nil }
        let mask = entries.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while entries[slot].number != 0 {
            if entries[slot].id == anchor.id, entries[slot].site == anchor.site.rawValue,
                entries[slot].kind == anchor.kind.rawValue
            {
                return slot
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    fileprivate mutating func insert(_ entry: AnchorTable.Entry, hash: UInt64) -> Int {
        let mask = entries.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while entries[slot].number != 0 { slot = (slot + 1) & mask }
        entries[slot] = entry
        count += 1
        return slot
    }

    fileprivate mutating func remove(at slot: Int) {
        let mask = entries.count - 1
        var hole = slot
        var next = (slot + 1) & mask
        while entries[next].number != 0 {
            let ideal = Int(truncatingIfNeeded: AnchorTable.hash(entries[next].anchor)) & mask
            if (next - ideal) & mask >= (next - hole) & mask {
                entries[hole] = entries[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        entries[hole] = .empty
        count -= 1
    }

    fileprivate mutating func grow() { rebuild(capacity: max(16, entries.count * 2)) { _ in true } }

    fileprivate mutating func forgetUnseen(today: UInt16) {
        guard entries.contains(where: { $0.number != 0 && $0.isForgettable(today: today) }) else { return }
        rebuild(capacity: entries.count) { !$0.isForgettable(today: today) }
    }

    private mutating func rebuild(capacity: Int, keeping isKept: (AnchorTable.Entry) -> Bool) {
        let old = entries
        entries = [AnchorTable.Entry](repeating: .empty, count: capacity)
        count = 0
        for entry in old where entry.number != 0 && isKept(entry) {
            _ = insert(entry, hash: AnchorTable.hash(entry.anchor))
        }
    }
}
