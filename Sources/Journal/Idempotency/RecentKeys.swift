internal import COctets
internal import Events

/// Idempotency keys of the latest batches, each with its batch: open addressing, linear probing, at most three quarters
/// full, no removal. 24 bytes a slot: 12.6 MB for the 262,144 keys of the default threshold. Keys are keyed hashes, so
/// they are spread already.
struct RecentKeys: Sendable {
    /// A key beside its batch, so that a lookup waits for memory once.
    private struct Slot {
        var key = ID128(low: 0, high: 0)
        /// 0 marks a free slot.
        var batch: UInt64 = 0
    }
    private var slots: [Slot]
    private(set) var count = 0

    init(slots: Int = 1024) {
        var capacity = 16
        while capacity < slots { capacity *= 2 }
        self.slots = [Slot](repeating: Slot(), count: capacity)
    }

    var byteCount: Int { slots.count * MemoryLayout<Slot>.stride }

    /// Where the search for a key begins.
    private func home(of key: ID128) -> Int {
        Int(truncatingIfNeeded: (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) >> 1) & (slots.count - 1)
    }

    /// The slot of the key, or the free one that it would take.
    @inline(__always)
    private func place(of key: ID128) -> Int {
        var place = home(of: key)
        while slots[place].batch != 0, slots[place].key != key { place = (place + 1) & (slots.count - 1) }
        return place
    }

    /// The key will be looked up soon: its memory comes while others do.
    func prefetch(_ key: ID128) { octets_prefetchIn(slots, home(of: key) * MemoryLayout<Slot>.stride) }

    /// The batch that holds the key; nil where it is not among these.
    func batch(of key: ID128) -> UInt64? {
        let batch = slots[place(of: key)].batch
        return batch == 0 ? nil : batch
    }

    /// Adds the key unless it is there; gives the batch that had it before.
    mutating func insert(_ key: ID128, batch: UInt64) -> UInt64? {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let place = place(of: key)
        guard slots[place].batch == 0 else { return slots[place].batch }
        slots[place] = Slot(key: key, batch: batch)
        count += 1
        return nil
    }

    private mutating func grow() {
        var larger = RecentKeys(slots: slots.count * 2)
        for slot in slots where slot.batch != 0 { _ = larger.insert(slot.key, batch: slot.batch) }
        self = larger
    }

    /// The same without the keys of `batch` and later ones. O(n); for when those were given back.
    func without(batchesFrom batch: UInt64) -> RecentKeys {
        var kept = RecentKeys(slots: slots.count)
        for slot in slots where slot.batch != 0 && slot.batch < batch { _ = kept.insert(slot.key, batch: slot.batch) }
        return kept
    }

    /// The keys of batches up to and including `batch`, ascending. O(n) for keyed hashes, which are spread: each goes
    /// behind those that begin with smaller bits, and only those that begin alike, two to four, are compared.
    func sortedKeys(through batch: UInt64) -> [ID128] {
        let bits = max(0, Int.bitWidth - 2 - count.leadingZeroBitCount)
        func group(_ key: ID128) -> Int { Int(truncatingIfNeeded: key.high >> UInt64(truncatingIfNeeded: 64 - bits)) }
        var ends = [Int](repeating: 0, count: 1 << bits)
        var kept = 0
        for slot in slots where slot.batch != 0 && slot.batch <= batch {
            ends[group(slot.key)] += 1
            kept += 1
        }
        var start = 0
        for index in ends.indices {
            let end = start + ends[index]
            ends[index] = start
            start = end
        }
        var found = [ID128](repeating: ID128(low: 0, high: 0), count: kept)
        for slot in slots where slot.batch != 0 && slot.batch <= batch {
            let group = group(slot.key)
            found[ends[group]] = slot.key
            ends[group] += 1
        }
        start = 0
        for end in ends {
            if end - start > 1 { found[start..<end].sort() }
            start = end
        }
        return found
    }
}

/// A generation of recent keys that is being written to a file; immutable.
final class FrozenKeys: Sendable {
    let table: RecentKeys
    let coverage: KeyCoverage

    init(table: RecentKeys, coverage: KeyCoverage) {
        self.table = table
        self.coverage = coverage
    }
}

/// Which batches a set of keys stands for, and when they were written.
struct KeyCoverage: Hashable, Sendable {
    var firstBatch: UInt64
    var lastBatch: UInt64
    var oldest: Timestamp
    var newest: Timestamp

    func union(_ other: KeyCoverage) -> KeyCoverage {
        KeyCoverage(
            firstBatch: min(firstBatch, other.firstBatch), lastBatch: max(lastBatch, other.lastBatch),
            oldest: min(oldest, other.oldest), newest: max(newest, other.newest))
    }

    func contains(_ other: KeyCoverage) -> Bool { firstBatch <= other.firstBatch && lastBatch >= other.lastBatch }
}
