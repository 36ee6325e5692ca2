internal import Events

/// Idempotency keys of the latest batches, each with its batch: open addressing, linear probing, at most three quarters
/// full, no removal. 24 bytes a slot: 12.6 MB for the 262,144 keys of the default threshold. Keys are keyed hashes, so
/// they are spread already.
struct RecentKeys: Sendable {
    private var keys: [ID128]
    /// The batch of the key in the same slot; 0 marks a free slot.
    private var batches: [UInt64]
    private(set) var count = 0

    init(slots: Int = 1024) {
        var capacity = 16
        while capacity < slots { capacity *= 2 }
        keys = [ID128](repeating: ID128(low: 0, high: 0), count: capacity)
        batches = [UInt64](repeating: 0, count: capacity)
    }

    var slotCount: Int { batches.count }
    var byteCount: Int { batches.count * 24 }

    private static func hash(_ key: ID128) -> Int {
        Int(truncatingIfNeeded: (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) >> 1)
    }

    /// The batch that holds the key; nil where it is not among these.
    func batch(of key: ID128) -> UInt64? {
        let mask = batches.count - 1
        var slot = Self.hash(key) & mask
        while batches[slot] != 0 {
            if keys[slot] == key { return batches[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds the key unless it is there; gives the batch that had it before.
    mutating func insert(_ key: ID128, batch: UInt64) -> UInt64? {
        if (count + 1) * 4 > batches.count * 3 { grow() }
        let mask = batches.count - 1
        var slot = Self.hash(key) & mask
        while batches[slot] != 0 {
            if keys[slot] == key { return batches[slot] }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        batches[slot] = batch
        count += 1
        return nil
    }

    private mutating func grow() {
        var larger = RecentKeys(slots: batches.count * 2)
        for slot in batches.indices where batches[slot] != 0 { _ = larger.insert(keys[slot], batch: batches[slot]) }
        self = larger
    }

    /// The same without the keys of `batch` and later ones. O(n); for when those were given back.
    func without(batchesFrom batch: UInt64) -> RecentKeys {
        var kept = RecentKeys(slots: batches.count)
        for slot in batches.indices where batches[slot] != 0 && batches[slot] < batch {
            _ = kept.insert(keys[slot], batch: batches[slot])
        }
        return kept
    }

    /// The keys of batches up to and including `batch`, ascending. O(n log n).
    func sortedKeys(through batch: UInt64) -> [ID128] {
        var found: [ID128] = []
        found.reserveCapacity(count)
        for slot in batches.indices where batches[slot] != 0 && batches[slot] <= batch { found.append(keys[slot]) }
        found.sort()
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
