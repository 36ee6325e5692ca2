internal import Columns
internal import Events

/// What an event needs lies far apart in memory: anchor, stream, the visits at its ends, the last event. Each is only
/// known from the one before. A batch's events are looked at before their turn, one step at each distance, so that the
/// memory of every step comes while other events are at work.
///
///     event    +10: anchor    +7: stream    +4: visits    +2: last event    0: its turn
///
/// Nothing follows from what is seen here: events before may still change it.
struct SessionLookahead {
    /// A batch's first turn is preceded by so many looks, from `-distance` on.
    static let distance = 10
    private static let streamDistance = 7
    private static let visitDistance = 4
    private static let eventDistance = 2

    /// The streams found last, by the low bits of their event's place; 0 is none.
    private var streams = InlineArray<16, UInt32>(repeating: 0)

    /// Takes the steps of the turn `place` of `events`.
    mutating func look(from place: Int, in events: [SessionEvent], _ core: borrowing Sessionizer) {
        let first = place + Self.distance
        if first < events.count { core.anchors.prefetch(events[first].anchor) }
        let second = place + Self.streamDistance
        if second >= 0, second < events.count {
            let stream = core.anchors.known(events[second].anchor).map { core.anchors[$0].stream } ?? 0
            streams[second & 15] = stream
            if stream != 0 { core.streams.prefetch(stream) }
        }
        let third = place + Self.visitDistance
        if third >= 0, third < events.count, streams[third & 15] != 0 {
            let stream = streams[third & 15]
            let (first, last) = (core.streams[stream].first, core.streams[stream].last)
            core.segments.prefetch(last)
            if first != last { core.segments.prefetch(first) }
        }
        let fourth = place + Self.eventDistance
        if fourth >= 0, fourth < events.count, streams[fourth & 15] != 0 {
            core.nodes.prefetch(core.segments[core.streams[streams[fourth & 15]].last].last)
        }
    }
}
