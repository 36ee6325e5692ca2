/// The position automaton of a pattern (Glushkov), with the number of ways, counted up to two, between positions.
struct RegexAutomaton {
    /// The characters of each position.
    var sets: [RegexSet] = []
    /// Positions that may follow each, with one or two ways.
    var follow: [[Int: Int]] = []
    /// Positions that the pattern may end with.
    var last: [Int: Int] = [:]

    enum Ambiguity {
        case none, unknown
        /// With an example of a character, or nothing.
        case exponential(String)
    }

    // MARK: Building

    /// What a node adds: its first and last positions with ways, and the ways to match nothing.
    private struct Fragment {
        var first: [Int: Int] = [:]
        var last: [Int: Int] = [:]
        var empty = 1
    }

    struct Builder {
        private let ignoringCase: Bool
        private var automaton = RegexAutomaton()
        /// The repetitions around, multiplied: up to `writtenMax` they are written out, beyond taken as loops.
        private var copies = 1
        private var links = 0

        /// Counted rounds that may take nothing are many: each is another choice.
        private(set) var hasEmptyRounds = false

        static let writtenMax = 8
        static let emptyRoundsMax = 8
        static let linksMax = 400_000

        init(ignoringCase: Bool) {
            self.ignoringCase = ignoringCase
        }

        /// The automaton of a node; nil beyond the bounds.
        mutating func automaton(of node: RegexNode) -> RegexAutomaton? {
            guard let fragment = build(node) else { return nil }
            automaton.last = fragment.last
            return automaton
        }

        private mutating func build(_ node: RegexNode) -> Fragment? {
            switch node {
            case .set(let set, _): return position(ignoringCase ? set.ignoringCase : set)
            case .backreference:
                guard let any = position(.any) else { return nil }
                return repeated(any, isNeeded: false)
            case .look, .assertion, .start: return Fragment()
            case .sequence(let nodes):
                var result = Fragment()
                for node in nodes {
                    guard let next = build(node), let joined = join(result, next) else { return nil }
                    result = joined
                }
                return result
            case .alternatives(let nodes):
                var result = Fragment(empty: 0)
                for node in nodes {
                    guard let next = build(node) else { return nil }
                    result.first.merge(next.first, uniquingKeysWith: Self.add)
                    result.last.merge(next.last, uniquingKeysWith: Self.add)
                    result.empty = min(result.empty + next.empty, 2)
                }
                return result
            case .repeated(let inner, let least, let most): return repetition(inner, least, most)
            }
        }

        private static func add(_ left: Int, _ right: Int) -> Int { min(left + right, 2) }

        private mutating func position(_ set: RegexSet) -> Fragment? {
            guard automaton.sets.count < RegexCheck.positionsMax else { return nil }
            let place = automaton.sets.count
            automaton.sets.append(set)
            automaton.follow.append([:])
            return Fragment(first: [place: 1], last: [place: 1], empty: 0)
        }

        private mutating func link(_ last: [Int: Int], _ first: [Int: Int]) -> Bool {
            links += last.count * first.count
            guard links <= Self.linksMax else { return false }
            for (from, ways) in last {
                for (to, more) in first {
                    automaton.follow[from][to] = min((automaton.follow[from][to] ?? 0) + ways * more, 2)
                }
            }
            return true
        }

        private mutating func join(_ left: Fragment, _ right: Fragment) -> Fragment? {
            guard link(left.last, right.first) else { return nil }
            var result = Fragment(first: left.first, last: right.last, empty: min(left.empty * right.empty, 2))
            if left.empty > 0 {
                result.first.merge(right.first.mapValues { min($0 * left.empty, 2) }, uniquingKeysWith: Self.add)
            }
            if right.empty > 0 {
                result.last.merge(left.last.mapValues { min($0 * right.empty, 2) }, uniquingKeysWith: Self.add)
            }
            return result
        }

        /// `x*`: a round that takes nothing ends the loop, so only rounds that take something count.
        private mutating func repeated(_ inner: Fragment, isNeeded: Bool) -> Fragment? {
            guard link(inner.last, inner.first) else { return nil }
            var result = inner
            result.empty = isNeeded ? inner.empty : 1
            return result
        }

        /// Counted repetitions, written out when they are few or have but one way, else taken as loops.
        private mutating func repetition(_ inner: RegexNode, _ least: Int, _ most: Int?) -> Fragment? {
            if most == 0 { return Fragment() }
            let times = most ?? max(least, 1)
            let outer = copies
            defer { copies = outer }
            let isWritten: Bool
            if times == 1 {
                isWritten = true
            } else if least == most, isFixed(inner) {
                // one way only: as many as there is room for
                isWritten = times * size(inner) + automaton.sets.count <= RegexCheck.positionsMax / 2
            } else {
                isWritten =
                    times * copies <= Self.writtenMax
                    && times * size(inner) + automaton.sets.count <= RegexCheck.positionsMax / 2
            }
            guard isWritten else {
                guard let body = build(inner) else { return nil }
                if body.empty > 0, !body.first.isEmpty, least > Self.emptyRoundsMax { hasEmptyRounds = true }
                return repeated(body, isNeeded: least > 0)
            }
            copies = min(copies * times, Self.writtenMax + 1)
            return written(inner, least, most, times)
        }

        private mutating func written(_ inner: RegexNode, _ least: Int, _ most: Int?, _ times: Int) -> Fragment? {
            // from the last copy on, as `x{2,4}` is `xx(x(x)?)?`: one way for each count
            var tail: Fragment?
            for copy in stride(from: times, to: 0, by: -1) {
                guard var body = build(inner) else { return nil }
                if body.empty > 0, !body.first.isEmpty, least > Self.emptyRoundsMax { hasEmptyRounds = true }
                if copy == times, most == nil {
                    if least == 0 {
                        guard let loop = repeated(body, isNeeded: false) else { return nil }
                        body = loop
                    } else {
                        // `x+` is `xx*`: with an empty first round there are two ways
                        let firstEmpty = body.empty
                        guard let loop = repeated(body, isNeeded: true) else { return nil }
                        body = loop
                        if firstEmpty > 0 {
                            body.first = body.first.mapValues { min($0 * 2, 2) }
                            body.empty = min(firstEmpty, 2)
                        }
                    }
                }
                if let rest = tail {
                    guard let joined = join(body, rest) else { return nil }
                    body = joined
                }
                if copy > least, !(copy == times && most == nil && least == 0) {
                    // what may be left out: a round that takes nothing is none
                    body.empty = 1
                }
                tail = body
            }
            return tail
        }

        /// How many positions a node takes, at most what is allowed.
        private func size(_ node: RegexNode) -> Int {
            switch node {
            case .set: 1
            case .backreference: 1
            case .look, .assertion, .start: 0
            case .sequence(let nodes), .alternatives(let nodes):
                nodes.reduce(0) { min($0 + size($1), 1 << 20) }
            case .repeated(let inner, let least, let most):
                min(size(inner) * max(min(most ?? least, 1 << 20), 1), 1 << 20)
            }
        }

        /// Every text is matched in one way and the lengths are one: repetitions add nothing.
        private func isFixed(_ node: RegexNode) -> Bool {
            switch node {
            case .set, .look, .assertion, .start: true
            case .backreference: false
            case .sequence(let nodes): nodes.allSatisfy(isFixed)
            case .alternatives: false
            case .repeated(let inner, let least, let most): least == most && isFixed(inner)
            }
        }
    }
}
