/// Finds places in a long visit: its nodes in order, in stretches of at most `stretchNodesMax`, each with what its
/// nodes have. 8 bytes a stretch.
///
/// Only visits have one that a late event had to be put into; what is appended later is not in it until the next
/// such event comes, so an event in order costs nothing here.
struct VisitIndex {
    struct Stretch {
        /// Its first node.
        var node: UInt32
        var count: UInt16
        /// At least the bits of its nodes: a bit that is not here is in none of them.
        var bits: NodeBits
    }

    static let stretchNodesMax: UInt16 = 64

    var stretches: [Stretch] = []
    /// The last node of the last stretch; 0 where there is none.
    var end: UInt32 = 0
}

/// What a visit takes from the first, or the last, event that has it: ten codes of place and client, traffic, a page.
struct NodeBits: OptionSet {
    let rawValue: UInt16
    static let traffic = NodeBits(rawValue: 1 << 10)
    static let page = NodeBits(rawValue: 1 << 11)
    static func context(_ index: Int) -> NodeBits { NodeBits(rawValue: 1 << UInt16(index)) }
}

/// Looking for nodes and segments. Walks a few, then goes by an index.
extension Sessionizer {
    private static let walkNodesMax = 64
    private static let walkSegmentsMax = 16
    private static let hintDistance = 32

    func bits(of node: borrowing Node) -> NodeBits {
        guard !node.facts.contains(.mark) else { return [] }
        var bits = NodeBits(rawValue: contexts.mask(of: node.context))
        if node.traffic != 0 { bits.insert(.traffic) }
        if node.page != 0 { bits.insert(.page) }
        return bits
    }

    // MARK: Segments of a stream

    /// The last segment that does not begin behind `node`; 0 where all do.
    mutating func lastSegment(of stream: UInt32, notAfter node: Node) -> UInt32 {
        var slot = streams[stream].last
        guard slot != 0, begins(slot, behind: node) else { return slot }
        // What is out of order mostly belongs beside what was before.
        let finger = streams[stream].finger
        if finger != 0 { slot = finger }
        var steps = 0
        if finger == 0 || begins(finger, behind: node) {
            repeat {
                slot = segments[slot].previous
                steps += 1
                if steps == Sessionizer.walkSegmentsMax { return hintedSegment(of: stream, notAfter: node) }
            } while slot != 0 && begins(slot, behind: node)
            return slot
        }
        while true {
            let next = segments[slot].next
            if next == 0 || begins(next, behind: node) { return slot }
            slot = next
            steps += 1
            if steps == Sessionizer.walkSegmentsMax { return hintedSegment(of: stream, notAfter: node) }
        }
    }

    /// Whether a segment's first node stands behind `node`.
    @inline(__always)
    private func begins(_ slot: UInt32, behind node: borrowing Node) -> Bool {
        let startedAt = segments[slot].startedAt
        return startedAt != node.occurredAt
            ? startedAt > node.occurredAt : Node.precedes(node, nodes[segments[slot].first])
    }

    /// By the stream's hints, a sorted sample of its segments, which grows where the walk behind a hint was long.
    private mutating func hintedSegment(of stream: UInt32, notAfter node: Node) -> UInt32 {
        if streams[stream].hints == 0 { streams[stream].hints = hintLists.take([]) }
        let list = streams[stream].hints
        var low = 0
        var high = hintLists[list].count
        while low < high {
            let middle = (low + high) / 2
            if Node.precedes(node, nodes[segments[hintLists[list][middle]].first]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        var slot = low == 0 ? streams[stream].first : hintLists[list][low - 1]
        if Node.precedes(node, nodes[segments[slot].first]) { return 0 }
        var steps = 0
        while true {
            let next = segments[slot].next
            guard next != 0, !Node.precedes(node, nodes[segments[next].first]) else { break }
            slot = next
            steps += 1
            if steps == Sessionizer.hintDistance {
                hintLists[list].insert(slot, at: low)
                segments[slot].isHint = true
                (low, steps) = (low + 1, 0)
            }
            nodesTouched &+= 1
        }
        return slot
    }

    /// Before the segment is unlinked.
    mutating func forgetHint(_ slot: UInt32) {
        let list = streams[segments[slot].stream].hints
        if let place = hintLists[list].firstIndex(of: slot) { hintLists[list].remove(at: place) }
    }

    // MARK: Nodes of a segment

    /// The last node of a segment that does not stand behind `node`, and its stretch, -1 where the segment has no
    /// index. The segment's first node does not stand behind it.
    mutating func lastNode(of slot: UInt32, notAfter node: Node) -> (place: UInt32, stretch: Int) {
        if segments[slot].index == 0 {
            var place = segments[slot].last
            var steps = 0
            while steps < Sessionizer.walkNodesMax, Node.precedes(node, nodes[place]) {
                place = nodes[place].previous
                steps += 1
            }
            nodesTouched &+= UInt64(steps)
            if steps < Sessionizer.walkNodesMax { return (place, -1) }
        }
        let index = currentIndex(of: slot)
        var low = 1
        var high = indexes[index].stretches.count
        while low < high {
            let middle = (low + high) / 2
            if Node.precedes(node, nodes[indexes[index].stretches[middle].node]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        var place = indexes[index].stretches[low - 1].node
        while true {
            let next = nodes[place].next
            guard next != 0, !Node.precedes(node, nodes[next]) else { break }
            place = next
            nodesTouched &+= 1
        }
        return (place, low - 1)
    }

    /// The segment's index, made where there is none, with all of its nodes.
    private mutating func currentIndex(of slot: UInt32) -> UInt32 {
        if segments[slot].index == 0 { segments[slot].index = indexes.take(VisitIndex()) }
        let index = segments[slot].index
        let end = indexes[index].end
        var cursor = end == 0 ? segments[slot].first : nodes[end].next
        while cursor != 0 {
            let count = indexes[index].stretches.count
            if count == 0 || indexes[index].stretches[count - 1].count >= VisitIndex.stretchNodesMax / 2 {
                indexes[index].stretches.append(
                    VisitIndex.Stretch(node: cursor, count: 1, bits: bits(of: nodes[cursor])))
            } else {
                indexes[index].stretches[count - 1].count += 1
                indexes[index].stretches[count - 1].bits.formUnion(bits(of: nodes[cursor]))
            }
            indexes[index].end = cursor
            cursor = nodes[cursor].next
            nodesTouched &+= 1
        }
        return index
    }

    /// After `added` was linked into an indexed segment, behind a node of the stretch or as the segment's first.
    mutating func noteInIndex(of slot: UInt32, added: UInt32, stretch number: Int) {
        let index = segments[slot].index
        var stretch = indexes[index].stretches[number]
        if segments[slot].first == added { stretch.node = added }
        stretch.count += 1
        stretch.bits.formUnion(bits(of: nodes[added]))
        guard stretch.count > VisitIndex.stretchNodesMax else {
            indexes[index].stretches[number] = stretch
            return
        }
        var halves = (VisitIndex.Stretch(node: stretch.node, count: 0, bits: []), stretch)
        var cursor = stretch.node
        for place in 0..<stretch.count {
            if place == stretch.count / 2 { halves.1 = VisitIndex.Stretch(node: cursor, count: 0, bits: []) }
            if place < stretch.count / 2 {
                halves.0.count += 1
                halves.0.bits.formUnion(bits(of: nodes[cursor]))
            } else {
                halves.1.count += 1
                halves.1.bits.formUnion(bits(of: nodes[cursor]))
            }
            cursor = nodes[cursor].next
        }
        nodesTouched &+= UInt64(stretch.count)
        indexes[index].stretches[number] = halves.0
        indexes[index].stretches.insert(halves.1, at: number + 1)
    }

    /// Before the last node of a segment, not its only one, leaves it.
    mutating func forgetLastInIndex(of slot: UInt32) {
        guard segments[slot].index != 0 else { return }
        let index = currentIndex(of: slot)
        let last = indexes[index].stretches.count - 1
        indexes[index].end = nodes[segments[slot].last].previous
        indexes[index].stretches[last].count -= 1
        if indexes[index].stretches[last].count == 0 { indexes[index].stretches.removeLast() }
    }

    /// The first node that has the bit; 0 where none has.
    mutating func firstNode(of slot: UInt32, having bit: NodeBits) -> UInt32 {
        if bits(of: nodes[segments[slot].first]).contains(bit) { return segments[slot].first }
        if segments[slot].index == 0, segments[slot].events <= Sessionizer.walkNodesMax {
            var cursor = nodes[segments[slot].first].next
            while cursor != 0, !bits(of: nodes[cursor]).contains(bit) { cursor = nodes[cursor].next }
            return cursor
        }
        let index = currentIndex(of: slot)
        for number in indexes[index].stretches.indices {
            let stretch = indexes[index].stretches[number]
            nodesTouched &+= 1
            guard stretch.bits.contains(bit) else { continue }
            var cursor = stretch.node
            for _ in 0..<stretch.count {
                nodesTouched &+= 1
                if bits(of: nodes[cursor]).contains(bit) { return cursor }
                cursor = nodes[cursor].next
            }
        }
        return 0
    }

    /// The last node that has the bit; 0 where none has.
    mutating func lastNode(of slot: UInt32, having bit: NodeBits) -> UInt32 {
        if bits(of: nodes[segments[slot].last]).contains(bit) { return segments[slot].last }
        if segments[slot].index == 0, segments[slot].events <= Sessionizer.walkNodesMax {
            var cursor = nodes[segments[slot].last].previous
            while cursor != 0, !bits(of: nodes[cursor]).contains(bit) { cursor = nodes[cursor].previous }
            return cursor
        }
        let index = currentIndex(of: slot)
        for number in indexes[index].stretches.indices.reversed() {
            let stretch = indexes[index].stretches[number]
            nodesTouched &+= 1
            guard stretch.bits.contains(bit) else { continue }
            var cursor = stretch.node
            var found: UInt32 = 0
            for _ in 0..<stretch.count {
                nodesTouched &+= 1
                if bits(of: nodes[cursor]).contains(bit) { found = cursor }
                cursor = nodes[cursor].next
            }
            if found != 0 { return found }
        }
        return 0
    }
}
