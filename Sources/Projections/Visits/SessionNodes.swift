internal import COctets
internal import Columns
internal import Events

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One-bit facts of a kept event, its guest depth (bits 5 and 6) and its local day modulo 65,536 (from bit 16).
struct NodeFacts: OptionSet, Hashable {
    let rawValue: UInt32
    static let pageview = NodeFacts(rawValue: 1 << 0)
    static let interactive = NodeFacts(rawValue: 1 << 1)
    /// Stands for an event of another stream that takes the open visit with it.
    static let mark = NodeFacts(rawValue: 1 << 2)
    static let splitsOnCampaign = NodeFacts(rawValue: 1 << 3)
    static let hasDay = NodeFacts(rawValue: 1 << 4)

    static let depthMax: UInt32 = 3
    /// The local day, and whether there is one.
    static let dayBits = NodeFacts(rawValue: 0xFFFF_0000 | NodeFacts.hasDay.rawValue)
    var depth: UInt32 { rawValue >> 5 & 3 }
    func with(depth: UInt32) -> NodeFacts { NodeFacts(rawValue: rawValue & ~(3 << 5) | (depth & 3) << 5) }
    var day: UInt32 { rawValue >> 16 }
    func with(day: Int32) -> NodeFacts {
        NodeFacts(rawValue: rawValue & 0xFFFF | NodeFacts.hasDay.rawValue | UInt32(truncatingIfNeeded: day) << 16)
    }
}

/// A kept event, a guest's copy of one, or a mark: 56 bytes. Its class ids are references that it owns.
struct Node {
    var occurredAt: Int64
    var batch: UInt64
    var index: UInt32
    var tie: UInt32
    var next: UInt32 = 0
    var previous: UInt32 = 0
    /// Place and client. A mark's: the anchor number of the stream it takes the visit to.
    var context: UInt32
    /// 0 where the event has no page URL.
    var traffic: UInt32
    /// A page view's.
    var page: ValueCode
    var engaged: UInt32
    /// A mark's: the stream it takes the visit to. A guest's: its routes.
    var target: UInt32
    var facts: NodeFacts

    var position: Position { Position(batch: batch, index: index) }
    var isMark: Bool { facts.contains(.mark) }

    @inline(__always)
    static func precedes(_ left: borrowing Node, _ right: borrowing Node) -> Bool {
        if left.occurredAt != right.occurredAt { return left.occurredAt < right.occurredAt }
        if left.tie != right.tie { return left.tie < right.tie }
        if left.batch != right.batch { return left.batch < right.batch }
        return left.index < right.index
    }

    // Routes. While a change spreads, a guest may come to a stream on a new way before it leaves on the old one, which
    // may be longer or shorter. So a guest counts its ways by depth, 10 bits each for depth 1 to 3, and goes with
    // the last of them. Its depth is that of the shortest.

    private static let routeBits: UInt32 = 10
    private static let routesMax: UInt32 = 1 << routeBits - 1

    /// For guests only.
    mutating func addRoute(depth: UInt32) {
        let shift = (depth - 1) * Node.routeBits
        if target >> shift & Node.routesMax < Node.routesMax { target += 1 << shift }
        setDepthOfShortestRoute()
    }

    /// Of a guest that is new in its stream; one that was pushed out of a visit there has its routes already.
    mutating func setFirstRoute() { if facts.depth > 0, target == 0 { addRoute(depth: facts.depth) } }

    /// Gives whether a route is left. A route that is not there was forgotten with visits that are final.
    mutating func removeRoute(depth: UInt32) -> Bool {
        let shift = (depth - 1) * Node.routeBits
        if target >> shift & Node.routesMax > 0 { target -= 1 << shift }
        setDepthOfShortestRoute()
        return target != 0
    }

    private mutating func setDepthOfShortestRoute() {
        guard target != 0 else { return }
        facts = facts.with(depth: UInt32(target.trailingZeroBitCount) / Node.routeBits + 1)
    }

    static let empty = Node(
        occurredAt: 0, batch: 0, index: 0, tie: 0, context: 0, traffic: 0, page: 0, engaged: 0, target: 0, facts: [])
}

/// A stretch of a stream between two cuts: a visit, or what a mark at its end took to another stream. 104 bytes.
struct Segment {
    /// 0 where it is carried.
    var number: VisitNumber = 0
    var startedAt: Int64 = 0
    /// The start in the last version that was written.
    var writtenStart: Int64 = 0
    var first: UInt32 = 0
    var last: UInt32 = 0
    var next: UInt32 = 0
    var previous: UInt32 = 0
    var stream: UInt32 = 0
    var events: UInt32 = 0
    var pageviews: UInt32 = 0
    var interactive: UInt32 = 0
    var engaged: UInt64 = 0
    var entryPage: ValueCode = 0
    var exitPage: ValueCode = 0
    /// A reference of its own; gaps filled event by event.
    var context: UInt32 = 0
    /// The first page URL's; the node owns the reference.
    var traffic: UInt32 = 0
    /// Clock seconds.
    var keepUntil: UInt32 = 0
    var facts: NodeFacts = []
    var carriedTo: UInt32 = 0
    var carriedAnchor: AnchorNumber = 0
    /// 0 where it has none.
    var index: UInt32 = 0
    var isChanged = false
    /// Whether its stream's hints hold it.
    var isHint = false

    var isCarried: Bool { carriedTo != 0 }

    static let empty = Segment()
}

/// The kept events of one anchor and botness. 72 bytes.
struct Stream {
    var anchor: AnchorNumber = 0
    var site: UInt32 = 0
    var id = ID128(low: 0, high: 0)
    var first: UInt32 = 0
    var last: UInt32 = 0
    /// The same anchor's stream of the other botness.
    var sibling: UInt32 = 0
    var nodes: UInt32 = 0
    var touched: UInt32 = 0
    /// The segment that an event out of order was last given for its own; 0 where it is gone.
    var finger: UInt32 = 0
    /// Of the last touch.
    var generation: UInt64 = 0
    var nextInGeneration: UInt32 = 0
    /// A sorted sample of its segments; 0 where it has none.
    var hints: UInt32 = 0
    var kind: AnchorKind = .none
    var isBot = false
    /// Whether an event of a site that splits on campaign was ever in it.
    var splitsOnCampaign = false

    var key: Anchor { Anchor(kind: kind, site: SiteID(site), id: id) }

    static let empty = Stream()
}

/// Reused slots of one kind; slot 0 is "none". Grows by doubling, never shrinks. Growing moves a large pool's pages to
/// another place, not its bytes, which may be hundreds of megabytes.
///
// SAFETY: `base` has room for `capacity` elements, the first `end` of which are initialised and belong to this value
// alone; every access compares its slot with `end`. Elements are integers and arrays of them, which may lie anywhere.
struct Pool<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity = 64
    private var end: UInt32 = 1
    private var free: [UInt32] = []
    private let blank: Element

    init(blank: Element) {
        self.blank = blank
        base = Pool.resized(nil, to: capacity)
        base.initialize(to: blank)
    }

    deinit {
        base.deinitialize(count: Int(end))
        releaseMemory(base)
    }

    var used: Int { slotsEnd - 1 - free.count }

    /// One more than the highest slot given out.
    var slotsEnd: Int { Int(end) }

    /// The slot's element is wanted soon.
    @inline(__always)
    func prefetch(_ slot: UInt32) {
        guard slot < end else { return }
        let start = UnsafeRawPointer(base + Int(slot))
        octets_prefetch(start)
        octets_prefetch(start + MemoryLayout<Element>.size - 1)
    }

    subscript(_ slot: UInt32) -> Element {
        @inline(__always)
        _read {
            precondition(slot < end)
            yield base[Int(slot)]
        }
        @inline(__always)
        _modify {
            precondition(slot < end)
            yield &base[Int(slot)]
        }
    }

    @inline(__always)
    mutating func take(_ element: Element) -> UInt32 {
        if !free.isEmpty {
            let slot = free.removeLast()
            self[slot] = element
            return slot
        }
        if slotsEnd == capacity { grow() }
        let slot = end
        end += 1
        (base + Int(slot)).initialize(to: element)
        return slot
    }

    @inline(__always)
    mutating func giveBack(_ slot: UInt32) {
        self[slot] = blank
        free.append(slot)
    }

    private mutating func grow() {
        capacity *= 2
        base = Pool.resized(base, to: capacity)
    }

    private static func resized(_ base: UnsafeMutablePointer<Element>?, to capacity: Int) -> UnsafeMutablePointer<
        Element
    > {
        precondition(MemoryLayout<Element>.alignment <= 16, "what malloc aligns for")
        guard let place = realloc(base, capacity * MemoryLayout<Element>.stride) else {
            preconditionFailure("no memory is left")
        }
        return place.bindMemory(to: Element.self, capacity: capacity)
    }
}

// The pool's own name hides the system's.
private func releaseMemory(_ place: UnsafeMutableRawPointer) { free(place) }
