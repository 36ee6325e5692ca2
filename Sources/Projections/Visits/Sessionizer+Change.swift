internal import Columns
internal import Events

/// A node that is to enter or leave a stream.
struct PendingChange {
    var stream: UInt32
    var isInsertion: Bool
    var node: Node
}

/// Where a kept event was before a change.
struct OldEvent {
    var position: Position
    /// In `oldVisits`.
    var visit: Int
}

struct OldVisit {
    var number: VisitNumber
    var site: UInt32
    var writtenStart: Int64
    var isTaken = false
}

/// The general way: events that come late, bridge streams, or leave. Re-cuts the visits around each change, hands
/// carried events on to the streams they belong to, and then numbers what came out of it.
extension Sessionizer {
    /// Begins a change; `position` is that of the event it adds.
    @inline(__always)
    mutating func begin(_ position: Position?) {
        if !work.isEmpty { work.removeAll(keepingCapacity: true) }
        current = position
        currentVisit = 0
        hasRecut = false
    }

    /// Whether nothing of the present change is left to do.
    @inline(__always)
    var isSettled: Bool { work.isEmpty && freshSegments.isEmpty && oldVisits.isEmpty }

    /// Applies `work`; gives the number of the visit that holds the event at `current`, 0 where none does.
    mutating func applyWork() -> VisitNumber {
        var head = 0
        while head < work.count {
            let stream = work[head].stream
            var end = head + 1
            while end < work.count, work[end].stream == stream { end += 1 }
            let isOpen = streams[stream].anchor != 0
            if isOpen, end - head <= Sessionizer.placedOneByOneMax {
                while head < end, work[head].isInsertion, let number = placed(work[head].node, in: stream) {
                    if number != 0, work[head].node.position == current { currentVisit = number }
                    head += 1
                }
            }
            if isOpen, head < end {
                resegment(stream, changes: head..<end)
                hasRecut = true
            }
            head = end
        }
        work.removeAll(keepingCapacity: true)
        if !freshSegments.isEmpty || !oldVisits.isEmpty { numberFreshVisits() }
        current = nil
        return currentVisit
    }

    /// More changes of one stream are better made in one cut.
    private static let placedOneByOneMax = 16

    /// Changes a stream's events and cuts it anew from the visit before the first change to where the old cuts hold.
    mutating func resegment(_ stream: UInt32, changes: Range<Int>) {
        sequence.removeAll(keepingCapacity: true)
        carriedBefore.removeAll(keepingCapacity: true)
        carriedAfter.removeAll(keepingCapacity: true)
        var last = work[changes.lowerBound].node
        for index in changes where Node.precedes(last, work[index].node) { last = work[index].node }
        let start = firstAffectedSegment(stream, changes: changes)
        var before = start == 0 ? 0 : segments[start].previous
        var next = start
        while next != 0, next == start || !Node.precedes(last, nodes[segments[next].first]) { next = pull(next) }
        for index in changes { applyToSequence(work[index]) }

        var made: [UInt32] = []
        var state: CutState?
        var index = 0
        while true {
            if index == sequence.count {
                guard let state, next != 0,
                    !state.cuts(before: nodes[segments[next].first], rules: rules, traffic: traffic)
                else { break }
                next = pull(next)
            }
            let node = sequence[index]
            if state == nil || state?.cuts(before: node, rules: rules, traffic: traffic) == true {
                before = makeSegment(in: stream, after: before)
                made.append(before)
                state = CutState(beginningWith: node)
            } else {
                state?.take(node)
            }
            link(node, after: segments[before].last, in: before)
            accumulate(node, into: before)
            index += 1
        }
        for slot in made {
            noteCarried(slot)
            if !segments[slot].isCarried { freshSegments.append(slot) }
        }
        passOnCarried()
    }

    /// The visit a first change falls into or follows; the one before it where that visit loses its first event.
    /// What a mark took to a stream that is final already cannot be changed: it becomes final with all before it.
    private mutating func firstAffectedSegment(_ stream: UInt32, changes: Range<Int>) -> UInt32 {
        var first = work[changes.lowerBound]
        for index in changes where Node.precedes(work[index].node, first.node) { first = work[index] }
        var start = lastSegment(of: stream, notAfter: first.node)
        if start == 0 { start = streams[stream].first }
        if start != 0, !first.isInsertion, nodes[segments[start].first].position == first.node.position,
            segments[start].previous != 0
        {
            start = segments[start].previous
        }
        var sealed: UInt32 = 0
        var slot = start
        while slot != 0 {
            if segments[slot].isCarried, !isAlive(segments[slot]) { sealed = slot }
            slot = segments[slot].next
        }
        guard sealed != 0 else { return start }
        let following = segments[sealed].next
        while streams[stream].first != following { releaseFirstSegment(of: stream) }
        return following
    }

    func isAlive(_ segment: Segment) -> Bool {
        let target = streams[segment.carriedTo]
        return target.anchor == segment.carriedAnchor && target.isBot == streams[segment.stream].isBot
    }

    /// Takes a segment's nodes out into `sequence`, remembers what it was, gives the following segment.
    private mutating func pull(_ slot: UInt32) -> UInt32 {
        let segment = segments[slot]
        var visit = -1
        if !segment.isCarried {
            if segment.number != 0 {
                visit = oldVisits.count
                oldVisits.append(
                    OldVisit(
                        number: segment.number, site: streams[segment.stream].site, writtenStart: segment.writtenStart))
            } else {
                freshSegments.removeAll { $0 == slot }
            }
        }
        var cursor = segment.first
        while cursor != 0 {
            var node = nodes[cursor]
            let following = node.next
            nodes.giveBack(cursor)
            node.next = 0
            node.previous = 0
            if visit >= 0 { oldEvents.append(OldEvent(position: node.position, visit: visit)) }
            if segment.isCarried, !node.isMark, node.facts.depth < NodeFacts.depthMax {
                carriedBefore.append(PendingChange(stream: segment.carriedTo, isInsertion: false, node: node))
            }
            sequence.append(node)
            nodesTouched &+= 1
            streams[segment.stream].nodes -= 1
            cursor = following
        }
        unlink(slot)
        return segment.next
    }

    private mutating func applyToSequence(_ change: PendingChange) {
        var low = 0
        var high = sequence.count
        while low < high {
            let middle = (low + high) / 2
            if Node.precedes(sequence[middle], change.node) { low = middle + 1 } else { high = middle }
        }
        let isPresent = low < sequence.count && sequence[low].position == change.node.position
        let depth = change.node.facts.depth
        if change.isInsertion, !isPresent {
            sequence.insert(change.node, at: low)
            sequence[low].setFirstRoute()
        } else if change.isInsertion {
            releaseClasses(of: change.node)
            if depth > 0, sequence[low].facts.depth > 0 { sequence[low].addRoute(depth: depth) }
        } else if isPresent, depth > 0, sequence[low].facts.depth > 0, !sequence[low].removeRoute(depth: depth) {
            releaseClasses(of: sequence[low])
            sequence.remove(at: low)
        }
    }

    private mutating func noteCarried(_ slot: UInt32) {
        touch(slot)
        let segment = segments[slot]
        guard segment.isCarried else { return }
        var cursor = segment.first
        while cursor != 0 {
            let node = nodes[cursor]
            if !node.isMark, node.facts.depth < NodeFacts.depthMax {
                carriedAfter.append(PendingChange(stream: segment.carriedTo, isInsertion: true, node: node))
            }
            cursor = node.next
        }
    }

    /// Queues guests that leave or enter other streams; those carried to the same stream as before, from the same
    /// depth, stay.
    private mutating func passOnCarried() {
        guard !carriedBefore.isEmpty || !carriedAfter.isEmpty else { return }
        let order = { (left: PendingChange, right: PendingChange) in
            if left.stream != right.stream { return left.stream < right.stream }
            if left.node.position != right.node.position { return left.node.position < right.node.position }
            return left.node.facts.depth < right.node.facts.depth
        }
        carriedBefore.sort(by: order)
        carriedAfter.sort(by: order)
        var changes: [PendingChange] = []
        var (old, new) = (0, 0)
        while old < carriedBefore.count || new < carriedAfter.count {
            if old < carriedBefore.count, new < carriedAfter.count,
                !order(carriedBefore[old], carriedAfter[new]), !order(carriedAfter[new], carriedBefore[old])
            {
                (old, new) = (old + 1, new + 1)
            } else if new == carriedAfter.count
                || (old < carriedBefore.count && order(carriedBefore[old], carriedAfter[new]))
            {
                changes.append(guest(carriedBefore[old]))
                old += 1
            } else {
                contexts.retain(carriedAfter[new].node.context)
                traffic.retain(carriedAfter[new].node.traffic)
                changes.append(guest(carriedAfter[new]))
                new += 1
            }
        }
        work.append(contentsOf: changes)
    }

    func guest(_ change: PendingChange) -> PendingChange {
        var change = change
        change.node.facts = change.node.facts.with(depth: change.node.facts.depth + 1)
        change.node.target = 0
        return change
    }

    // MARK: Numbers

    /// Each new visit goes on under the number of the old visit that holds its earliest known event and is not taken;
    /// the rest get new numbers. Notes removed visits and moved events.
    private mutating func numberFreshVisits() {
        oldEvents.sort { $0.position < $1.position }
        for slot in freshSegments { number(slot) }
        for slot in freshSegments {
            let visit = segments[slot]
            let site = SiteID(streams[visit.stream].site)
            var cursor = visit.first
            while cursor != 0 {
                let position = nodes[cursor].position
                if position == current {
                    currentVisit = visit.number
                } else if let old = oldVisit(of: position), oldVisits[old].number != visit.number {
                    amendments.moved.append(
                        .init(site: site, position: position, from: oldVisits[old].number, to: visit.number))
                }
                cursor = nodes[cursor].next
            }
        }
        for visit in oldVisits where !visit.isTaken && visit.number < batchFirstVisit {
            amendments.removed.append(
                .init(
                    site: SiteID(visit.site), number: visit.number,
                    startedAt: Timestamp(milliseconds: visit.writtenStart)))
        }
        oldEvents.removeAll(keepingCapacity: true)
        oldVisits.removeAll(keepingCapacity: true)
        freshSegments.removeAll(keepingCapacity: true)
    }

    private mutating func number(_ slot: UInt32) {
        var cursor = segments[slot].first
        while cursor != 0 {
            if let old = oldVisit(of: nodes[cursor].position), !oldVisits[old].isTaken {
                oldVisits[old].isTaken = true
                segments[slot].number = oldVisits[old].number
                segments[slot].writtenStart = oldVisits[old].writtenStart
                return
            }
            cursor = nodes[cursor].next
        }
        segments[slot].number = nextVisit
        nextVisit += 1
    }

    private func oldVisit(of position: Position) -> Int? {
        var low = 0
        var high = oldEvents.count
        while low < high {
            let middle = (low + high) / 2
            if oldEvents[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low < oldEvents.count && oldEvents[low].position == position ? oldEvents[low].visit : nil
    }
}
