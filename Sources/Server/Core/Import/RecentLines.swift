internal import Events

/// Counts which occurrence of a line this is within its file: the same request twice in a second is two events, and
/// both are known again when the file is imported again.
///
/// Bounded: the last `linesMax` to twice that many different lines are remembered, in two generations of 3 MiB. A line
/// that comes again later than that counts as its first occurrence, so as known: identical lines of a log stand within
/// the same second.
struct RecentLines: ~Copyable {
    private let linesMax: Int
    private var current: Generation
    private var previous: Generation

    private struct Generation {
        var hashes: [UInt64]
        var counts: [UInt32]
        var count = 0

        init(slots: Int) {
            hashes = Array(repeating: 0, count: slots)
            counts = Array(repeating: 0, count: slots)
        }

        /// The slot that holds the hash, or the free one where it belongs.
        func slot(of hash: UInt64) -> Int {
            let mask = hashes.count - 1
            var slot = Int(truncatingIfNeeded: hash >> 20) & mask
            while counts[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
            return slot
        }

        mutating func removeAll() {
            for slot in counts.indices { counts[slot] = 0 }
            count = 0
        }
    }

    init(linesMax: Int = 131_072) {
        self.linesMax = linesMax
        var slots = 16
        while slots < linesMax * 2 { slots *= 2 }
        current = Generation(slots: slots)
        previous = current
    }

    /// A new file begins.
    mutating func removeAll() {
        if current.count > 0 { current.removeAll() }
        if previous.count > 0 { previous.removeAll() }
    }

    /// 1 for the first time that a line of this hash comes, 2 for the second.
    mutating func occurrence(of hash: UInt64) -> UInt32 {
        var slot = current.slot(of: hash)
        if current.counts[slot] == 0 {
            if current.count == linesMax {
                swap(&current, &previous)
                current.removeAll()
                slot = current.slot(of: hash)
            }
            current.hashes[slot] = hash
            current.counts[slot] = previous.counts[previous.slot(of: hash)]
            current.count += 1
        }
        current.counts[slot] &+= 1
        return current.counts[slot]
    }
}
