internal import Columns
internal import Events

/// One event as sessionising sees it. Its class ids are references that pass to the sessionizer.
struct SessionEvent {
    var anchor: Anchor
    /// The day's hash that a device's or user's event also carries.
    var daily: ID128?
    /// Yesterday's hash, where the event has an anchor and that is another.
    var previousDaily: ID128?
    var isBot: Bool
    var position: Position
    var occurredAt: Timestamp
    var receivedAt: Timestamp
    var tie: UInt32
    var facts: NodeFacts
    var context: UInt32
    var traffic: UInt32
    var page: ValueCode
    var engaged: UInt32
}

/// Keeps the recent events of every stream cut into visits by the rules of `VisitRules.swift`, and says what changed.
///
/// A value without I/O or clock: a function of the events in journal order. An event in order costs O(1) and allocates
/// nothing once grown. A late one costs O(log n) where it moves no visit's bounds but those of full visits; else it
/// re-cuts the visits around it, O(their events): where it joins two, splits one for a campaign, or is a mark that
/// takes one. About 72 bytes a stream, 104 a visit, 56 an event, 43 to 86 an anchor.
struct Sessionizer: ~Copyable {
    struct Generation {
        var head: UInt32 = 0
        var tail: UInt32 = 0
        var events: UInt32 = 0
        var openedAt: UInt32
        var closedAt: UInt32 = 0
    }

    let rules: VisitRules
    var anchors = AnchorTable()
    var contexts = ClassTable()
    var traffic = ClassTable()
    var nodes = Pool<Node>(blank: .empty)
    var segments = Pool<Segment>(blank: .empty)
    var streams = Pool<Stream>(blank: .empty)
    /// For late events in long visits, and in streams of many visits.
    var indexes = Pool<VisitIndex>(blank: VisitIndex())
    var hintLists = Pool<[UInt32]>(blank: [])
    /// From the oldest kept to the current one, which is the last.
    var generations: [Generation] = [Generation(openedAt: 0)]
    var firstGeneration: UInt64 = 0
    /// The newest `receivedAt` so far, in seconds.
    var clock: UInt32 = 0
    var nextVisit: VisitNumber = 1

    // What changed since the last `takeAmendments`.
    var batchFirstVisit: VisitNumber = 1
    var changed: [UInt32] = []
    var amendments = VisitAmendments()

    // Scratch of one change, empty between events.
    var work: [PendingChange] = []
    var oldEvents: [OldEvent] = []
    var oldVisits: [OldVisit] = []
    var freshSegments: [UInt32] = []
    var sequence: [Node] = []
    var carriedBefore: [PendingChange] = []
    var carriedAfter: [PendingChange] = []
    var overfull: [UInt32] = []
    /// Whether the present change had a stream cut anew.
    var hasRecut = false
    /// The event that the present change adds, and the visit it came to; it has none yet that it could leave.
    var current: Position?
    var currentVisit: VisitNumber = 0

    /// Streams that were made final before their time because a bound was reached.
    var earlyFinalStreams: UInt64 = 0
    /// Kept events that were looked at or moved for an event that came out of order: what such events cost.
    var nodesTouched: UInt64 = 0

    init(rules: VisitRules) { self.rules = rules }

    var today: UInt16 { UInt16(clamping: clock / 86_400) }

    /// Takes an event; gives its visit and anchor numbers. The visit may still change until `takeAmendments`.
    mutating func add(_ event: borrowing SessionEvent) -> (visit: VisitNumber, anchor: AnchorNumber) {
        advanceClock(to: event.receivedAt)
        if case .none = event.anchor.kind { return (addAlone(event, anchor: 0), 0) }
        guard let home = touchedStream(of: event.anchor, isBot: event.isBot) else {
            return (addAlone(event, anchor: 0), 0)
        }
        let anchor = streams[home].anchor
        let node = Node(
            occurredAt: event.occurredAt.milliseconds, batch: event.position.batch, index: event.position.index,
            tie: event.tie,
            context: event.context, traffic: event.traffic, page: event.page, engaged: event.engaged, target: 0,
            facts: event.facts)
        trim(home)
        begin(event.position)
        addMarks(of: event, home: home, node: node)
        if isSettled, let number = appended(node, to: home) { return (number, anchor) }
        if isSettled, let number = placed(node, in: home) {
            if number != 0 { currentVisit = number }
        } else {
            work.append(PendingChange(stream: home, isInsertion: true, node: node))
        }
        var number = isSettled ? currentVisit : applyWork()
        if number == 0 { number = addAlone(event, anchor: anchor) }
        return (number, anchor)
    }

    /// The marks of a bridging event, each put in at once where it takes nothing away.
    private mutating func addMarks(of event: borrowing SessionEvent, home: UInt32, node: borrowing Node) {
        var target = home
        if let daily = event.daily { addMark(of: event, in: daily, target: &target, node) }
        if let previous = event.previousDaily { addMark(of: event, in: previous, target: &target, node) }
    }

    private mutating func addMark(
        of event: borrowing SessionEvent, in daily: ID128, target: inout UInt32, _ node: borrowing Node
    ) {
        let source = Anchor(kind: .daily, site: event.anchor.site, id: daily)
        guard let stream = touchedStream(of: source, isBot: event.isBot) else { return }
        trim(stream)
        let mark = Node(
            occurredAt: node.occurredAt, batch: node.batch, index: node.index, tie: node.tie,
            context: streams[target].anchor, traffic: node.traffic, page: 0, engaged: 0, target: target,
            facts: NodeFacts.mark.union(node.facts.intersection([.hasDay, .splitsOnCampaign])).with(day: node.facts))
        traffic.retain(mark.traffic)
        if appended(mark, to: stream) == nil, !isSettled || placed(mark, in: stream) == nil {
            work.append(PendingChange(stream: stream, isInsertion: true, node: mark))
        }
        target = stream
    }

    /// An event that belongs to no stream: a visit row of its own, written once.
    private mutating func addAlone(_ event: borrowing SessionEvent, anchor: AnchorNumber) -> VisitNumber {
        var row = VisitRow(number: nextVisit, site: event.anchor.site, startedAt: event.occurredAt)
        nextVisit += 1
        row.anchor = anchor
        row.anchorKind = anchor == 0 ? .none : event.anchor.kind
        row.events = 1
        row.pageviews = event.facts.contains(.pageview) ? 1 : 0
        row.interactiveEvents = event.facts.contains(.interactive) ? 1 : 0
        row.engagedMilliseconds = event.engaged
        row.isBot = event.isBot
        row.entryPage = event.page
        row.exitPage = event.page
        setClasses(of: &row, context: event.context, traffic: event.traffic)
        amendments.visits.append(row)
        if anchor == 0 {
            contexts.release(event.context)
            traffic.release(event.traffic)
        }
        return row.number
    }

    /// The stream of an anchor, made where there is none, marked as touched now. nil once anchor numbers ran out.
    private mutating func touchedStream(of anchor: Anchor, isBot: Bool) -> UInt32? {
        guard let place = anchors.place(of: anchor, today: today) else { return nil }
        let entry = anchors[place]
        var slot = entry.stream
        if slot != 0, streams[slot].isBot != isBot { slot = streams[slot].sibling }
        if slot == 0 {
            slot = makeStream(anchor: anchor, number: entry.number, isBot: isBot)
            if entry.stream == 0 {
                anchors.setStream(slot, at: place)
            } else {
                streams[slot].sibling = entry.stream
                streams[entry.stream].sibling = slot
            }
        } else {
            streams[slot].touched = clock
            streams[slot].generation = currentGeneration
        }
        return slot
    }

    // MARK: In order

    /// Adds a node where no visit but its own changes; nil, and nothing done, where more has to be looked at. Gives
    /// the visit's number, 0 for a mark. The caller's reference of the node's classes passes over.
    private mutating func appended(_ node: Node, to stream: UInt32) -> VisitNumber? {
        let last = streams[stream].last
        guard last != 0 else { return appendSegment(beginningWith: node, to: stream) }
        let lastNode = segments[last].last
        guard Node.precedes(nodes[lastNode], node) else { return nil }
        let state = CutState(segments[last], lastAt: nodes[lastNode].occurredAt)
        if state.cuts(before: node, rules: rules, traffic: traffic) {
            return appendSegment(beginningWith: node, to: stream)
        }
        if node.isMark { return nil }
        link(node, after: lastNode, in: last)
        accumulate(node, into: last)
        touch(last)
        return segments[last].number
    }

    private mutating func appendSegment(beginningWith node: Node, to stream: UInt32) -> VisitNumber {
        let slot = makeSegment(beginningWith: node, in: stream, after: streams[stream].last)
        if !node.isMark {
            segments[slot].number = nextVisit
            nextVisit += 1
        }
        accumulate(node, into: slot)
        touch(slot)
        return segments[slot].number
    }

    // MARK: Pieces

    /// Adds a node's part to its visit's sums; nodes come in order.
    mutating func accumulate(_ node: Node, into slot: UInt32) {
        if node.isMark {
            segments[slot].carriedTo = node.target
            segments[slot].carriedAnchor = node.context
            return
        }
        if segments[slot].context != node.context {
            segments[slot].context = contexts.filled(segments[slot].context, from: node.context)
        }
        if segments[slot].traffic == 0 { segments[slot].traffic = node.traffic }
        segments[slot].events += 1
        if node.facts.contains(.interactive) { segments[slot].interactive += 1 }
        segments[slot].engaged += UInt64(node.engaged)
        if node.facts.contains(.pageview) {
            segments[slot].pageviews += 1
            guard node.page != 0 else { return }
            if segments[slot].entryPage == 0 { segments[slot].entryPage = node.page }
            segments[slot].exitPage = node.page
        }
    }

    /// Puts a node behind another of the same visit, or first where `place` is 0.
    mutating func link(_ node: Node, after place: UInt32, in slot: UInt32) {
        var node = node
        node.previous = place
        node.next = place == 0 ? segments[slot].first : nodes[place].next
        let added = nodes.take(node)
        if place == 0 {
            segments[slot].first = added
            segments[slot].startedAt = node.occurredAt
            segments[slot].facts = node.facts
        } else {
            nodes[place].next = added
        }
        if node.next == 0 { segments[slot].last = added } else { nodes[node.next].previous = added }
        streams[segments[slot].stream].nodes += 1
        if node.facts.contains(.splitsOnCampaign) { streams[segments[slot].stream].splitsOnCampaign = true }
    }

    /// A segment without events behind `previous`, or first where that is 0.
    mutating func makeSegment(in stream: UInt32, after previous: UInt32) -> UInt32 {
        var segment = Segment.empty
        segment.stream = stream
        return add(segment, after: previous)
    }

    /// A segment of one node that is in no sum yet.
    mutating func makeSegment(beginningWith node: Node, in stream: UInt32, after previous: UInt32) -> UInt32 {
        var node = node
        node.previous = 0
        node.next = 0
        var segment = Segment.empty
        segment.stream = stream
        segment.first = nodes.take(node)
        segment.last = segment.first
        segment.startedAt = node.occurredAt
        segment.facts = node.facts
        streams[stream].nodes += 1
        if node.facts.contains(.splitsOnCampaign) { streams[stream].splitsOnCampaign = true }
        return add(segment, after: previous)
    }

    @inline(__always)
    private mutating func add(_ segment: Segment, after previous: UInt32) -> UInt32 {
        var segment = segment
        let stream = segment.stream
        segment.previous = previous
        segment.next = previous == 0 ? streams[stream].first : segments[previous].next
        let slot = segments.take(segment)
        if previous == 0 { streams[stream].first = slot } else { segments[previous].next = slot }
        if segment.next == 0 { streams[stream].last = slot } else { segments[segment.next].previous = slot }
        return slot
    }

    /// Notes an arrival: the visit is kept from now on anew, and its next version will be written.
    mutating func touch(_ slot: UInt32) {
        let lastSeconds = UInt32(clamping: nodes[segments[slot].last].occurredAt / 1000)
        let (until, overflow) = max(clock, min(lastSeconds, clock &+ 86_400)).addingReportingOverflow(rules.keepSeconds)
        segments[slot].keepUntil = overflow ? .max : until
        if !segments[slot].isChanged, !segments[slot].isCarried {
            segments[slot].isChanged = true
            changed.append(slot)
        }
    }
}

extension NodeFacts {
    /// The local day of another node, where it has one.
    func with(day other: NodeFacts) -> NodeFacts {
        NodeFacts(rawValue: rawValue & 0xFFFF | other.rawValue & 0xFFFF_0000)
    }
}
