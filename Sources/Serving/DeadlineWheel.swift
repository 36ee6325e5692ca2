/// Deadlines of many connections for the price of one timer: a ring of slots, one a tick, each a doubly linked list
/// held in arrays. Adding, moving and removing are O(1); a tick costs the entries of its slot. Pure: time is a number.
///
/// An entry may stand earlier than its owner's true deadline (an owner that got more time need not tell); who is named
/// by `advance` looks again, and enters again.
package struct DeadlineWheel: Sendable {
    private struct Entry {
        var tick: UInt64 = 0
        var next: Int32 = -1
        var previous: Int32 = -1
        var isLinked = false
    }

    private static let slotCount: UInt64 = 256
    private var heads = [Int32](repeating: -1, count: 256)
    private var entries: [Entry] = []
    private var free: [Int32] = []
    /// The tick that `advance` reached.
    package private(set) var now: UInt64 = 0

    package init() {}

    /// A new entry, not yet waiting for anything; allocates only beyond the greatest number so far.
    package mutating func add() -> Int32 {
        if let id = free.popLast() { return id }
        entries.append(Entry())
        return Int32(clamping: entries.count - 1)
    }

    /// Ends the entry; its id may be given out again.
    package mutating func remove(_ id: Int32) {
        unlink(id)
        free.append(id)
    }

    /// The tick the entry waits for; nil when it waits for none.
    package func tick(of id: Int32) -> UInt64? {
        let entry = entries[Int(id)]
        return entry.isLinked ? entry.tick : nil
    }

    /// Lets the entry wait for `tick`, which is the next one at the earliest.
    package mutating func set(_ id: Int32, to tick: UInt64) {
        unlink(id)
        let tick = max(tick, now + 1)
        let slot = Int(tick % Self.slotCount)
        let head = heads[slot]
        entries[Int(id)] = Entry(tick: tick, next: head, previous: -1, isLinked: true)
        if head >= 0 { entries[Int(head)].previous = id }
        heads[slot] = id
    }

    /// Moves time on and appends every entry that is due to `due`; those wait for nothing any more.
    package mutating func advance(to tick: UInt64, due: inout [Int32]) {
        guard tick > now else { return }
        let first = max(now + 1, tick >= Self.slotCount ? tick - Self.slotCount + 1 : 0)
        for step in first...tick {
            var id = heads[Int(step % Self.slotCount)]
            while id >= 0 {
                let next = entries[Int(id)].next
                if entries[Int(id)].tick <= tick {
                    unlink(id)
                    due.append(id)
                }
                id = next
            }
        }
        now = tick
    }

    private mutating func unlink(_ id: Int32) {
        let entry = entries[Int(id)]
        guard entry.isLinked else { return }
        if entry.previous >= 0 {
            entries[Int(entry.previous)].next = entry.next
        } else {
            heads[Int(entry.tick % Self.slotCount)] = entry.next
        }
        if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
        entries[Int(id)] = Entry()
    }
}
