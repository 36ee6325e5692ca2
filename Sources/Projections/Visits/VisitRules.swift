internal import Events

// What a visit is
//
//   Events of one site, one anchor and one botness form a stream, ordered by (occurredAt, tie, position). `tie` is a
//   hash of the client's event id, or of the event's fields where it has none, so events of the same millisecond
//   stand in an order that does not depend on arrival; only events equal in all of that are ordered by position,
//   and those are interchangeable.
//
//   A stream is cut greedily from its first event on. An event begins a new visit where
//     - more than 30 minutes lie between it and the event before it, or
//     - it lies 24 hours or more after the visit's first event, or
//     - the visit has 10,000 events, or
//     - its site splits at midnight and it lies on another local day than the visit's first event, or
//     - its site splits on campaign, it has one (utm source, medium or campaign), an event of the visit had a page URL
//       already, and that first one's campaign is another, or
//     - the event before it took the visit away (below).
//   Nothing else is remembered from visit to visit, so a cut depends only on the events since the visit's start.
//
//   Bridges. An event of a device (or user) that also carries the day's hash takes the open visit of that hash with
//   it: in the hash's stream the event stands as a mark; the visit that the mark would belong to ends there and its
//   events are events of the device's stream too, as guests. An event that carries yesterday's hash beside today's
//   does the same from yesterday's stream to today's. What is not in that open visit stays where it is, unlinked.
//   Only then the device's stream is cut, guests and all, so the bridged visit is one visit, begun by its first event.
//
//   So the visits are a function of the set of events that are kept, whatever their order of arrival; visit and anchor
//   numbers are not, they are given in journal order. An event's site options are those at its own position.
//
// What is kept
//   The clock is the newest `receivedAt` so far. A visit is kept until the clock is 48 h 36 min (lateness, gap,
//   tolerated clock lead) past the later of its last event and its last arrival. A public event is never older than
//   48 h, so it finds every visit it can belong to. An imported event may be of any age; because arrival counts too, a
//   log of many days read in one go, or two overlapping logs one after the other, give the same visits as in any
//   other order, as long as they are kept: at most `eventsMax` events are, and beyond that the streams
//   that have waited longest for an event become final first. One stream keeps at most `streamEventsMax` events,
//   its oldest visits become final first. A final visit stands as it was last written; an event that would have
//   changed it begins a visit of its own.

/// The constants of sessionising.
package struct VisitRules: Sendable {
    package var gapMilliseconds: Int64 = 30 * 60 * 1000
    package var lengthMillisecondsMax: Int64 = 24 * 3600 * 1000
    package var eventsPerVisitMax: UInt32 = 10_000
    /// 48 h of lateness, the gap, and 5 minutes of clock lead with one of slack.
    package var keepSeconds: UInt32 = (48 * 60 + 36) * 60
    /// About 64 bytes each, a quarter gigabyte.
    package var eventsMax = 4_194_304
    package var streamEventsMax: UInt32 = 40_000
    /// Events that arrive before the streams they touched are looked at together for expiry.
    package var generationEventsMax: UInt32 = 65_536
    package var generationSecondsMax: UInt32 = 3600

    package init() {}
}

/// What decides whether the next event begins a new visit; made from a visit, or event by event.
struct CutState {
    var startedAt: Int64
    var lastAt: Int64
    var events: UInt32
    var facts: NodeFacts
    /// Class of the first event with a page URL; 0 as long as there was none.
    var traffic: UInt32
    var isTaken: Bool

    init(beginningWith node: Node) {
        startedAt = node.occurredAt
        lastAt = node.occurredAt
        events = 0
        facts = node.facts
        traffic = 0
        isTaken = false
        take(node)
    }

    init(_ visit: Segment, lastAt: Int64) {
        startedAt = visit.startedAt
        self.lastAt = lastAt
        events = visit.events
        facts = visit.facts
        traffic = visit.traffic
        isTaken = visit.isCarried
    }

    mutating func take(_ node: Node) {
        lastAt = node.occurredAt
        if node.facts.contains(.mark) {
            isTaken = true
            return
        }
        events += 1
        if traffic == 0 { traffic = node.traffic }
    }

    /// Whether `node`, the next in order, begins a new visit.
    @inline(__always)
    func cuts(before node: Node, rules: VisitRules, traffic table: borrowing ClassTable) -> Bool {
        if isTaken || CutState.span(from: lastAt, to: node.occurredAt) > rules.gapMilliseconds { return true }
        if CutState.span(from: startedAt, to: node.occurredAt) >= rules.lengthMillisecondsMax { return true }
        if events >= rules.eventsPerVisitMax { return true }
        if node.facts.contains(.hasDay), facts.contains(.hasDay), node.facts.day != facts.day { return true }
        guard node.facts.contains(.splitsOnCampaign), traffic != 0, node.traffic != 0, traffic != node.traffic else {
            return false
        }
        return CutState.isOtherCampaign(table.codes(of: node.traffic), than: table.codes(of: traffic))
    }

    static func span(from earlier: Int64, to later: Int64) -> Int64 {
        Timestamp(milliseconds: later).milliseconds(since: Timestamp(milliseconds: earlier))
    }

    static func isSameCampaign(_ new: ClassCodes, _ old: ClassCodes) -> Bool {
        for index in TrafficSlot.utmSource...TrafficSlot.utmCampaign where new.codes[index] != old.codes[index] {
            return false
        }
        return true
    }

    static func isOtherCampaign(_ new: ClassCodes, than old: ClassCodes) -> Bool {
        var hasCampaign = false
        var differs = false
        for index in TrafficSlot.utmSource...TrafficSlot.utmCampaign {
            if new.codes[index] != 0 { hasCampaign = true }
            if new.codes[index] != old.codes[index] { differs = true }
        }
        return hasCampaign && differs
    }
}

/// Places of the traffic codes in a class: the dimensions from `referrer` on, in their order.
enum TrafficSlot {
    static let utmSource = 3
    static let utmCampaign = 5
    static let count = 8
}
