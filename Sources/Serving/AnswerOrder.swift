/// Puts answers into the order of their requests: at most 16 are open, each known by a sequence number. An answer that
/// comes early is parked. In order, nothing is allocated.
package struct AnswerOrder<Answer> {
    package enum Placement: Equatable, Sendable {
        /// It is the next to leave: send it, then take what was parked behind it.
        case sendNow
        case parked
        /// Answered already, or not open: drop it.
        case stale
    }

    /// What the request asked of its answer.
    package struct Traits: Equatable, Sendable {
        package var omitsBody = false
        package var closes = false
        /// HTTP/1.0 that wants to stay must be told so.
        package var announcesKeepAlive = false
        package init() {}
    }

    package static var openCountMax: Int { 16 }
    /// The oldest open request, and the next to be opened.
    package private(set) var first: UInt32 = 0
    package private(set) var next: UInt32 = 0
    private var traits = InlineArray<16, Traits>(repeating: Traits())
    private var ticks = InlineArray<16, UInt64>(repeating: 0)
    private var answered: UInt16 = 0
    private var parked: [Answer?] = []

    package init() {}

    package var openCount: Int { Int(next &- first) }
    /// When the oldest open request began.
    package var oldestTick: UInt64? { openCount > 0 ? ticks[Int(first & 15)] : nil }

    /// Opens a place; `openCount` must be below `openCountMax`.
    package mutating func open(_ wanted: Traits, tick: UInt64) -> UInt32 {
        let sequence = next
        traits[Int(sequence & 15)] = wanted
        ticks[Int(sequence & 15)] = tick
        next &+= 1
        return sequence
    }

    package mutating func place(_ answer: Answer, at sequence: UInt32) -> Placement {
        guard sequence &- first < next &- first, answered & (1 << UInt16(sequence & 15)) == 0 else { return .stale }
        if sequence == first { return .sendNow }
        if parked.isEmpty { parked = Array(repeating: nil, count: Self.openCountMax) }
        answered |= 1 << UInt16(sequence & 15)
        parked[Int(sequence & 15)] = answer
        return .parked
    }

    /// Closes the oldest place, whose answer leaves now.
    package mutating func takeTraits() -> Traits {
        let result = traits[Int(first & 15)]
        answered &= ~(1 << UInt16(first & 15))
        first &+= 1
        return result
    }

    /// The answer parked at the oldest place; nil when it has none yet.
    package mutating func takeParked() -> Answer? {
        guard openCount > 0, answered & (1 << UInt16(first & 15)) != 0 else { return nil }
        let answer = parked[Int(first & 15)]
        parked[Int(first & 15)] = nil
        return answer
    }

    /// Forgets every open place: nothing will be sent any more.
    package mutating func dropAll() {
        first = next
        answered = 0
        parked = []
    }
}
