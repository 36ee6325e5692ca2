internal import Columns
internal import Events

/// What is kept, for how long, and what is handed out at the end of a batch.
///
/// Streams stand in lists by the generation of their last touch, so that the oldest are found without a scan: a
/// generation ends after 65,536 events or an hour. A touched stream moves on only when its list comes up.
extension Sessionizer {
    var currentGeneration: UInt64 { firstGeneration + UInt64(generations.count - 1) }

    mutating func advanceClock(to receivedAt: Timestamp) {
        let seconds = UInt32(clamping: receivedAt.milliseconds / 1000)
        if seconds > clock { clock = seconds }
        var current = generations[generations.count - 1]
        current.events += 1
        if current.events == 1 { current.openedAt = clock }
        generations[generations.count - 1] = current
        guard current.events >= rules.generationEventsMax || clock - current.openedAt >= rules.generationSecondsMax
        else { return }
        generations[generations.count - 1].closedAt = clock
        generations.append(Generation(openedAt: clock))
        while generations.count > 1, isOver(generations[0].closedAt) || nodes.used > rules.eventsMax {
            endFirstGeneration()
        }
    }

    private func isOver(_ lastArrival: UInt32) -> Bool {
        clock > lastArrival && clock - lastArrival > rules.keepSeconds
    }

    private mutating func endFirstGeneration() {
        let number = firstGeneration
        let isEarly = !isOver(generations[0].closedAt)
        var slot = generations[0].head
        generations[0].head = 0
        while slot != 0 {
            let stream = streams[slot]
            if stream.generation > number {
                enqueue(slot, in: Int(clamping: stream.generation - number))
                trim(slot)
            } else {
                if isEarly { earlyFinalStreams += 1 }
                releaseStream(slot)
            }
            slot = stream.nextInGeneration
        }
        generations.removeFirst()
        firstGeneration += 1
    }

    mutating func enqueue(_ slot: UInt32, in index: Int) {
        streams[slot].nextInGeneration = 0
        let tail = generations[index].tail
        if tail == 0 { generations[index].head = slot } else { streams[tail].nextInGeneration = slot }
        generations[index].tail = slot
    }

    mutating func makeStream(anchor: Anchor, number: AnchorNumber, isBot: Bool) -> UInt32 {
        var stream = Stream.empty
        stream.anchor = number
        stream.site = anchor.site.rawValue
        stream.id = anchor.id
        stream.kind = anchor.kind
        stream.isBot = isBot
        stream.touched = clock
        stream.generation = currentGeneration
        let slot = streams.take(stream)
        enqueue(slot, in: generations.count - 1)
        return slot
    }

    /// Makes a stream's visits final that nothing can join any more, all but the last.
    @inline(__always)
    mutating func trim(_ stream: UInt32) {
        while streams[stream].first != streams[stream].last {
            guard segments[streams[stream].first].keepUntil < clock || streams[stream].nodes > rules.streamEventsMax
            else { return }
            releaseFirstSegment(of: stream)
        }
    }

    mutating func releaseFirstSegment(of stream: UInt32) {
        let slot = streams[stream].first
        let segment = segments[slot]
        if segment.isChanged, segment.number != 0 { amendments.visits.append(row(of: segment)) }
        var cursor = segment.first
        while cursor != 0 {
            let node = nodes[cursor]
            releaseClasses(of: node)
            nodes.giveBack(cursor)
            streams[stream].nodes -= 1
            cursor = node.next
        }
        unlink(slot)
    }

    mutating func releaseClasses(of node: Node) {
        if !node.isMark { contexts.release(node.context) }
        traffic.release(node.traffic)
    }

    /// Takes a segment whose nodes are gone out of its stream.
    mutating func unlink(_ slot: UInt32) {
        let segment = segments[slot]
        contexts.release(segment.context)
        if segment.index != 0 { indexes.giveBack(segment.index) }
        if segment.isHint { forgetHint(slot) }
        if streams[segment.stream].finger == slot { streams[segment.stream].finger = 0 }
        if segment.previous == 0 {
            streams[segment.stream].first = segment.next
        } else {
            segments[segment.previous].next = segment.next
        }
        if segment.next == 0 {
            streams[segment.stream].last = segment.previous
        } else {
            segments[segment.next].previous = segment.previous
        }
        segments.giveBack(slot)
    }

    /// Forgets a stream's events; its visits are final. A day's hash is forgotten with its last stream. The caller
    /// has taken it out of its generation's list.
    mutating func releaseStream(_ slot: UInt32) {
        while streams[slot].first != 0 { releaseFirstSegment(of: slot) }
        let stream = streams[slot]
        if stream.sibling != 0 { streams[stream.sibling].sibling = 0 }
        if let place = anchors.known(stream.key) {
            if anchors[place].stream == slot { anchors.setStream(stream.sibling, at: place) }
            if stream.kind == .daily, stream.sibling == 0 { anchors.remove(stream.key) }
        }
        if stream.hints != 0 { hintLists.giveBack(stream.hints) }
        streams.giveBack(slot)
    }

    /// Forgets an anchor and its kept events; guests it has in other streams leave those visits.
    mutating func erase(_ anchor: Anchor) {
        guard let place = anchors.known(anchor) else { return }
        for slot in [anchors[place].stream, streams[anchors[place].stream].sibling] where slot != 0 {
            begin(nil)
            var segment = streams[slot].first
            while segment != 0 {
                if segments[segment].isCarried { queueGuests(of: segment) }
                segment = segments[segment].next
            }
            _ = applyWork()
            takeOutOfGeneration(slot)
            releaseStream(slot)
        }
        anchors.remove(anchor)
    }

    private mutating func queueGuests(of slot: UInt32) {
        let target = segments[slot].carriedTo
        guard streams[target].anchor == segments[slot].carriedAnchor else { return }
        var cursor = segments[slot].first
        while cursor != 0 {
            var node = nodes[cursor]
            cursor = node.next
            guard !node.isMark, node.facts.depth < NodeFacts.depthMax else { continue }
            node.facts = node.facts.with(depth: node.facts.depth + 1)
            work.append(PendingChange(stream: target, isInsertion: false, node: node))
        }
    }

    /// O(streams of the generations up to it): for erasure only.
    private mutating func takeOutOfGeneration(_ slot: UInt32) {
        for index in generations.indices {
            var previous: UInt32 = 0
            var cursor = generations[index].head
            while cursor != 0, cursor != slot {
                previous = cursor
                cursor = streams[cursor].nextInGeneration
            }
            guard cursor == slot else { continue }
            let following = streams[slot].nextInGeneration
            if previous == 0 {
                generations[index].head = following
            } else {
                streams[previous].nextInGeneration = following
            }
            if generations[index].tail == slot { generations[index].tail = previous }
            return
        }
    }

    // MARK: What changed

    /// Everything that changed since the last call: each visit's newest version once, each event's move once.
    mutating func takeAmendments() -> VisitAmendments {
        for slot in changed where segments[slot].isChanged {
            segments[slot].isChanged = false
            guard segments[slot].number != 0 else { continue }
            segments[slot].writtenStart = segments[slot].startedAt
            amendments.visits.append(row(of: segments[slot]))
        }
        changed.removeAll(keepingCapacity: true)
        if !amendments.moved.isEmpty { joinMoves() }
        batchFirstVisit = nextVisit
        let result = amendments
        amendments = VisitAmendments()
        return result
    }

    /// Takes the memory of amendments back that were handed out and are done with.
    mutating func reuse(_ done: consuming VisitAmendments) {
        guard amendments.visits.isEmpty, done.visits.count <= 4096 else { return }
        done.visits.removeAll(keepingCapacity: true)
        amendments.visits = done.visits
    }

    /// An event that moved twice moved once, from where it was first to where it is last.
    private mutating func joinMoves() {
        let order = amendments.moved.indices.sorted {
            let (left, right) = (amendments.moved[$0].position, amendments.moved[$1].position)
            return left != right ? left < right : $0 < $1
        }
        var joined: [VisitAmendments.MovedEvent] = []
        for index in order {
            let move = amendments.moved[index]
            if let last = joined.last, last.position == move.position {
                joined[joined.count - 1].to = move.to
            } else {
                joined.append(move)
            }
        }
        amendments.moved = joined.filter { $0.from != $0.to }
    }

    func row(of visit: borrowing Segment) -> VisitRow {
        var row = VisitRow(
            number: visit.number, site: SiteID(streams[visit.stream].site),
            startedAt: Timestamp(milliseconds: visit.startedAt))
        row.lastAt = Timestamp(milliseconds: nodes[visit.last].occurredAt)
        row.anchor = streams[visit.stream].anchor
        row.anchorKind = streams[visit.stream].kind
        row.pageviews = visit.pageviews
        row.events = visit.events
        row.interactiveEvents = visit.interactive
        row.engagedMilliseconds = UInt32(clamping: visit.engaged)
        row.isBot = streams[visit.stream].isBot
        row.entryPage = visit.entryPage
        row.exitPage = visit.exitPage
        setClasses(of: &row, context: visit.context, traffic: visit.traffic)
        return row
    }

    /// Traffic codes are the row's values from `referrer` on, the context's those after them.
    func setClasses(of row: inout VisitRow, context: UInt32, traffic trafficID: UInt32) {
        traffic.copyCodes(of: trafficID, TrafficSlot.count, to: &row, at: 0)
        contexts.copyCodes(of: context, ClassCodes.width, to: &row, at: TrafficSlot.count)
    }
}
