internal import Columns
internal import Events

/// Late events without a new cut: where an arrival leaves the bounds of the visits around it as they are, or moves
/// them by the events it pushes out at the end of a full visit, it costs O(log n), wherever in its stream it falls.
/// What else can happen (visits joined, split, or taken away) goes the general way of `Sessionizer+Change.swift`.
extension Sessionizer {
    /// Puts a new node into a stream, and what that pushes out of one visit into the next. nil where the stream has
    /// to be cut anew, and nothing was done; else the number of the node's visit, 0 where that is not known yet or the
    /// node is a mark.
    mutating func placed(_ node: Node, in stream: UInt32) -> VisitNumber? {
        let home = place(node, in: stream, from: 0)
        guard home != 0 else { return nil }
        let number = segments[home].number
        guard isOverfull(home) else { return number }
        overfull.append(home)
        while let slot = overfull.popLast() {
            while isOverfull(slot) {
                let origin = segments[slot].number
                let pushed = popLast(of: slot)
                let next = place(pushed, in: stream, from: origin)
                if next != 0 {
                    overfull.append(next)
                } else {
                    remember(pushed.position, from: origin, site: streams[stream].site)
                    work.append(PendingChange(stream: stream, isInsertion: true, node: pushed))
                    recut(stream, with: work.count - 1)
                }
            }
        }
        return number
    }

    /// Makes one change of `work` at once. Visits that are still to be looked at may be gone then, or be others, none
    /// of which is too full.
    private mutating func recut(_ stream: UInt32, with index: Int) {
        resegment(stream, changes: index..<index + 1)
        hasRecut = true
        work[index].stream = 0
    }

    @inline(__always)
    private func isOverfull(_ slot: UInt32) -> Bool {
        guard !segments[slot].isCarried else { return false }
        return segments[slot].events > rules.eventsPerVisitMax
            || CutState.span(from: segments[slot].startedAt, to: nodes[segments[slot].last].occurredAt)
                >= rules.lengthMillisecondsMax
    }

    /// Puts a node, which was in the visit `origin` where that is not 0, into its place; gives its segment, 0 where it
    /// could not.
    private mutating func place(_ node: Node, in stream: UInt32, from origin: VisitNumber) -> UInt32 {
        // Where a stream was cut anew, a guest can come before it has left the visit that it was in.
        if hasRecut, node.facts.depth > 0, origin == 0, knownEvent(at: node.position) == nil { return 0 }
        nodesTouched &+= 1
        let before = lastSegment(of: stream, notAfter: node)
        if before != 0, !Node.precedes(nodes[segments[before].last], node) {
            return node.isMark ? 0 : placedInside(node, of: before, from: origin)
        }
        let next = before == 0 ? streams[stream].first : segments[before].next
        if before != 0 {
            var state = CutState(segments[before], lastAt: nodes[segments[before].last].occurredAt)
            if !state.cuts(before: node, rules: rules, traffic: traffic) {
                state.take(node)
                if node.isMark { return 0 }
                if next != 0, !state.cuts(before: nodes[segments[next].first], rules: rules, traffic: traffic) {
                    return 0
                }
                guard announce(node, in: before, from: origin) else { return 0 }
                var node = node
                node.setFirstRoute()
                link(node, after: segments[before].last, in: before)
                accumulate(node, into: before)
                touch(before)
                return before
            }
        }
        if next != 0,
            !CutState(beginningWith: node).cuts(before: nodes[segments[next].first], rules: rules, traffic: traffic)
        {
            return placedFirst(node, of: next, from: origin)
        }
        return placedAlone(node, in: stream, after: before, from: origin)
    }

    /// Between two segments, a visit of its own, or a mark that takes nothing.
    private mutating func placedAlone(
        _ node: Node, in stream: UInt32, after before: UInt32, from origin: VisitNumber
    ) -> UInt32 {
        guard oldEvents.count <= Sessionizer.oldEventsSearchedMax,
            node.isMark || origin != 0 || keepsNoNumber(node.position)
        else { return 0 }
        var node = node
        node.setFirstRoute()
        let slot = makeSegment(beginningWith: node, in: stream, after: before)
        streams[stream].finger = slot
        if !node.isMark {
            segments[slot].number = nextVisit
            nextVisit += 1
            guard announce(node, in: slot, from: origin) else { return 0 }
        }
        accumulate(node, into: slot)
        touch(slot)
        return slot
    }

    /// In front of a segment that it belongs to.
    private mutating func placedFirst(_ node: Node, of slot: UInt32, from origin: VisitNumber) -> UInt32 {
        let visit = segments[slot]
        guard visit.facts.intersection(NodeFacts.dayBits) == node.facts.intersection(NodeFacts.dayBits),
            origin != 0 || keepsNoNumber(node.position),
            node.traffic == 0 || mayBeginWith(node.traffic, visit),
            !visit.isCarried || (hasRoomBeforeMark(visit, startedAt: node.occurredAt) && isAlive(visit)),
            announce(node, in: slot, from: origin)
        else { return 0 }
        if !visit.isCarried {
            addSums(of: node, to: slot)
            if node.page != 0 {
                segments[slot].entryPage = node.page
                if visit.exitPage == 0 { segments[slot].exitPage = node.page }
            }
            fillContext(of: slot, with: node, isFirst: true)
        } else {
            segments[slot].events += 1
        }
        if node.traffic != 0 { segments[slot].traffic = node.traffic }
        insert(node, after: 0, stretch: 0, in: slot)
        return slot
    }

    /// Between two nodes of a segment.
    private mutating func placedInside(_ node: Node, of slot: UInt32, from origin: VisitNumber) -> UInt32 {
        let visit = segments[slot]
        if node.facts.contains(.hasDay), visit.facts.contains(.hasDay), node.facts.day != visit.facts.day { return 0 }
        let (before, stretch) = lastNode(of: slot, notAfter: node)
        guard nodes[before].position != node.position else { return 0 }
        var newTraffic = visit.traffic
        if node.traffic != 0, node.traffic != visit.traffic {
            let teller = visit.traffic == 0 ? 0 : firstNode(of: slot, having: .traffic)
            if teller == 0 || Node.precedes(node, nodes[teller]) {
                guard mayBeginWith(node.traffic, visit) else { return 0 }
                newTraffic = node.traffic
            } else if node.facts.contains(.splitsOnCampaign),
                CutState.isOtherCampaign(traffic.codes(of: node.traffic), than: traffic.codes(of: visit.traffic))
            {
                return 0
            }
        }
        guard !visit.isCarried || (hasRoomBeforeMark(visit, startedAt: visit.startedAt) && isAlive(visit)),
            announce(node, in: slot, from: origin)
        else { return 0 }
        segments[slot].traffic = newTraffic
        if visit.isCarried {
            segments[slot].events += 1
        } else {
            addSums(of: node, to: slot)
            addPages(of: node, to: slot)
            if segments[slot].context != node.context { fillContext(of: slot, with: node, isFirst: false) }
        }
        insert(node, after: before, stretch: stretch, in: slot)
        return slot
    }

    /// Whether a visit is cut as before when its first page URL's class is another. A mark has one too, which its
    /// visit's has to agree with.
    private func mayBeginWith(_ newTraffic: UInt32, _ visit: Segment) -> Bool {
        if !streams[visit.stream].splitsOnCampaign { return true }
        if visit.traffic == 0 { return !visit.isCarried }
        return CutState.isSameCampaign(traffic.codes(of: newTraffic), traffic.codes(of: visit.traffic))
    }

    /// Whether a carried visit may have one event more and begin at `startedAt` without losing its mark.
    private func hasRoomBeforeMark(_ visit: Segment, startedAt: Int64) -> Bool {
        visit.events + 1 < rules.eventsPerVisitMax
            && CutState.span(from: startedAt, to: nodes[visit.last].occurredAt) < rules.lengthMillisecondsMax
    }

    private mutating func insert(_ node: Node, after place: UInt32, stretch: Int, in slot: UInt32) {
        var node = node
        node.setFirstRoute()
        let isIndexed = segments[slot].index != 0
        // The index may have been made since the place was looked up.
        let stretch = isIndexed && stretch < 0 ? lastNode(of: slot, notAfter: node).stretch : stretch
        link(node, after: place, in: slot)
        if isIndexed {
            noteInIndex(of: slot, added: place == 0 ? segments[slot].first : nodes[place].next, stretch: stretch)
        }
        touch(slot)
    }

    // MARK: Where it was

    private static let oldEventsSearchedMax = 64

    /// In `oldEvents`, which are few; their order is not yet made.
    private func knownEvent(at position: Position) -> Int? { oldEvents.firstIndex { $0.position == position } }

    /// Whether the visit that an event begins surely is not to go on under an old one's number.
    private func keepsNoNumber(_ position: Position) -> Bool {
        guard oldEvents.count <= Sessionizer.oldEventsSearchedMax else { return false }
        return knownEvent(at: position).map { oldVisits[oldEvents[$0].visit].isTaken } ?? true
    }

    /// Says where an event that enters a segment goes: to another stream with a carried one, from its old visit to
    /// another. False, and nothing said, where that is not easily told.
    private mutating func announce(_ node: Node, in slot: UInt32, from origin: VisitNumber) -> Bool {
        guard oldEvents.count <= Sessionizer.oldEventsSearchedMax else { return false }
        let segment = segments[slot]
        let site = streams[segment.stream].site
        if segment.isCarried || segment.number == 0 {
            if origin != 0 { remember(node.position, from: origin, site: site) }
            if segment.isCarried, node.facts.depth < NodeFacts.depthMax {
                contexts.retain(node.context)
                traffic.retain(node.traffic)
                work.append(guest(PendingChange(stream: segment.carriedTo, isInsertion: true, node: node)))
            }
            return true
        }
        var old = origin
        if old == 0, !oldEvents.isEmpty, let known = knownEvent(at: node.position) {
            old = oldVisits[oldEvents[known].visit].number
            oldEvents.swapAt(known, oldEvents.count - 1)
            oldEvents.removeLast()
        }
        if old != 0, old != segment.number { noteMove(of: node.position, from: old, to: slot) }
        return true
    }

    private mutating func noteMove(of position: Position, from origin: VisitNumber, to slot: UInt32) {
        if position == current {
            currentVisit = segments[slot].number
            return
        }
        let site = SiteID(streams[segments[slot].stream].site)
        amendments.moved.append(.init(site: site, position: position, from: origin, to: segments[slot].number))
    }

    /// An event on its way from a visit that goes on without it.
    private mutating func remember(_ position: Position, from origin: VisitNumber, site: UInt32) {
        guard origin != 0 else { return }
        oldEvents.append(OldEvent(position: position, visit: oldVisits.count))
        oldVisits.append(OldVisit(number: origin, site: site, writtenStart: 0, isTaken: true))
    }

    // MARK: What a visit says

    private mutating func addSums(of node: Node, to slot: UInt32) {
        segments[slot].events += 1
        if node.facts.contains(.interactive) { segments[slot].interactive += 1 }
        if node.facts.contains(.pageview) { segments[slot].pageviews += 1 }
        segments[slot].engaged += UInt64(node.engaged)
    }

    /// Of a node that is not in the segment yet and will not be its first.
    private mutating func addPages(of node: Node, to slot: UInt32) {
        guard node.page != 0 else { return }
        if segments[slot].entryPage == 0 {
            segments[slot].entryPage = node.page
            segments[slot].exitPage = node.page
            return
        }
        let first = firstNode(of: slot, having: .page)
        if Node.precedes(node, nodes[first]) { segments[slot].entryPage = node.page }
        let last = lastNode(of: slot, having: .page)
        if Node.precedes(nodes[last], node) { segments[slot].exitPage = node.page }
    }

    /// With what a node that is not in the segment yet knows, where nothing before it does.
    private mutating func fillContext(of slot: UInt32, with node: Node, isFirst: Bool) {
        let old = segments[slot].context
        if contexts.agrees(old, node.context) { return }
        if old == 0 {
            segments[slot].context = contexts.filled(0, from: node.context)
            return
        }
        var codes = contexts.codes(of: old)
        let own = contexts.codes(of: node.context)
        for index in 0..<ClassCodes.width where own.codes[index] != 0 && own.codes[index] != codes.codes[index] {
            if !isFirst, codes.codes[index] != 0,
                Node.precedes(nodes[firstNode(of: slot, having: .context(index))], node)
            {
                continue
            }
            codes.codes[index] = own.codes[index]
        }
        segments[slot].context = contexts.retainedID(of: codes)
        contexts.release(old)
    }

    /// Takes the last event out of a visit of several.
    private mutating func popLast(of slot: UInt32) -> Node {
        nodesTouched &+= 1
        forgetLastInIndex(of: slot)
        let last = segments[slot].last
        var node = nodes[last]
        segments[slot].last = node.previous
        nodes[node.previous].next = 0
        nodes.giveBack(last)
        streams[segments[slot].stream].nodes -= 1
        segments[slot].events -= 1
        if node.facts.contains(.interactive) { segments[slot].interactive -= 1 }
        if node.facts.contains(.pageview) { segments[slot].pageviews -= 1 }
        segments[slot].engaged -= UInt64(node.engaged)
        if node.page != 0 {
            let page = lastNode(of: slot, having: .page)
            segments[slot].exitPage = nodes[page].page
            if page == 0 { segments[slot].entryPage = 0 }
        }
        if node.traffic != 0, firstNode(of: slot, having: .traffic) == 0 { segments[slot].traffic = 0 }
        unfillContext(of: slot, without: node)
        touch(slot)
        node.previous = 0
        node.next = 0
        return node
    }

    /// Forgets what only the last event knew, which has left.
    private mutating func unfillContext(of slot: UInt32, without node: Node) {
        let old = segments[slot].context
        if old == 0 || contexts.covers(nodes[segments[slot].first].context, node.context) { return }
        var codes = contexts.codes(of: old)
        let own = contexts.codes(of: node.context)
        for index in 0..<ClassCodes.width
        where own.codes[index] != 0 && firstNode(of: slot, having: .context(index)) == 0 {
            codes.codes[index] = 0
        }
        segments[slot].context = codes.mask == 0 ? 0 : contexts.retainedID(of: codes)
        contexts.release(old)
    }
}
