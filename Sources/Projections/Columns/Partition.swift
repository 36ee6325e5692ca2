internal import Events

/// Where rows lie: a site and a UTC day (of the visit's start; of the event itself where it has no visit).
struct PartitionKey: Hashable, Comparable, Sendable {
    let site: SiteID
    let day: Int32

    static func < (left: PartitionKey, right: PartitionKey) -> Bool {
        left.site != right.site ? left.site < right.site : left.day < right.day
    }
}

/// The deletion vector of a part: a bit a row, no memory until the first row is taken back. Grows to its part.
struct DeletionVector: Hashable, Sendable {
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    init() {}

    /// As it was stored; bits beyond the part's rows are refused by the caller.
    init(words: [UInt64]) {
        self.words = words
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Whether the row was taken back.
    func contains(_ row: Int) -> Bool {
        let word = row >> 6
        return word < words.count && words[word] >> UInt64(row & 63) & 1 == 1
    }

    /// Appends the rows, of `count`, that were not taken back, numbered from `first`.
    func appendOthers(of count: Int, from first: Int, to rows: inout [UInt32]) {
        let start = UInt32(clamping: first)
        let end = UInt32(clamping: first + count)
        if self.count == 0 {
            rows.append(contentsOf: start..<end)
        } else {
            for row in start..<end where !contains(Int(row - start)) { rows.append(row) }
        }
    }

    /// Takes the row back; false when it was already.
    @discardableResult
    mutating func insert(_ row: Int) -> Bool {
        let word = row >> 6
        while words.count <= word { words.append(0) }
        let bit = UInt64(1) << UInt64(row & 63)
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }
}

/// A part with the rows taken back from it.
struct PartSlot: Sendable {
    let part: Part
    var deadEvents = DeletionVector()
    var deadVisits = DeletionVector()

    /// Rows that still count.
    var liveRows: Int {
        part.layout.eventCount - deadEvents.count + part.layout.visitCount - deadVisits.count
    }

    /// Rows taken back.
    var deadRows: Int { deadEvents.count + deadVisits.count }

    /// The visits that still count.
    func liveVisits() -> [VisitRow] {
        part.visits().enumerated().filter { !deadVisits.contains($0.offset) }.map(\.element)
    }

    /// Takes rows back; whether there were any.
    mutating func takeBack(event isGoneEvent: (EventRow) -> Bool, visit isGoneVisit: (VisitRow) -> Bool) -> Bool {
        let before = deadRows
        for (row, event) in part.events().enumerated() where isGoneEvent(event) { deadEvents.insert(row) }
        for (row, visit) in part.visits().enumerated() where isGoneVisit(visit) { deadVisits.insert(row) }
        return deadRows > before
    }
}

/// One site's day: parts, oldest first, and the tail of rows that are in no part yet. Changed by the writer under the
/// store's lock. Readers take copies of the four arrays; the writer's next change copies what a reader still holds.
final class Partition {
    let key: PartitionKey
    var parts: [PartSlot] = []
    var events: [EventRow] = []
    var visits: [VisitRow] = []
    /// Rows in the tail at the last checkpoint.
    var checkpointedTailRows = 0

    init(key: PartitionKey) { self.key = key }

    /// Rows in the tail.
    var tailRows: Int { events.count + visits.count }
    /// Nothing is left in it.
    var isEmpty: Bool { parts.isEmpty && events.isEmpty && visits.isEmpty }

    /// The slot and row that hold the live version of a visit, where a part does.
    func place(ofVisit number: VisitNumber) -> (slot: Int, row: Int)? {
        for slot in parts.indices {
            if let row = parts[slot].part.row(ofVisit: number), !parts[slot].deadVisits.contains(row) {
                return (slot, row)
            }
        }
        return nil
    }

    /// Takes the events that `wanted` names out of one visit. O(tail + log part).
    func takeEvents(ofVisit number: VisitNumber, where wanted: (Position) -> Bool) -> [EventRow] {
        var taken: [EventRow] = []
        for slot in parts.indices {
            var chosen: [Int] = []
            for row in parts[slot].part.eventRows(ofVisit: number)
            where !parts[slot].deadEvents.contains(row) && wanted(parts[slot].part.position(ofRow: row)) {
                chosen.append(row)
            }
            guard !chosen.isEmpty else { continue }
            taken += parts[slot].part.events(at: chosen)
            for row in chosen { parts[slot].deadEvents.insert(row) }
        }
        let found = events.contains { $0.visit == number && wanted($0.position) }
        guard found else { return taken }
        var kept: [EventRow] = []
        kept.reserveCapacity(events.count)
        for event in events {
            if event.visit == number, wanted(event.position) { taken.append(event) } else { kept.append(event) }
        }
        events = kept
        return taken
    }
}
