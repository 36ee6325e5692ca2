extension RegexAutomaton {
    /// Whether a position comes back to itself by two ways over one text. `isWhole`: nothing stands behind the
    /// automaton, so a loop all of whose positions may be the last always ends well. `steps` counts down; at 0 it is
    /// not known.
    func ambiguity(isWhole: Bool, steps: inout Int) -> Ambiguity {
        let classes = classOfPositions()
        for component in components() {
            if isWhole, component.allSatisfy({ last[$0] != nil }) { continue }
            let members = Set(component)
            for place in component {
                for (next, ways) in follow[place] where ways > 1 && members.contains(next) {
                    return .exponential(example(sets[next]))
                }
            }
            let product = Product(self, component, classes)
            guard let found = product.ambiguous(steps: &steps) else { return .unknown }
            if found { return .exponential(example(component.reduce(RegexSet.any) { $0.intersection(sets[$1]) })) }
        }
        return .none
    }

    /// The most loops in a row that may share characters, with what stands between them: the degree of the polynomial.
    func degree() -> Int {
        let loops = components()
        guard loops.count > 1 else { return loops.count }
        var loopOf: [Int: Int] = [:]
        for (index, loop) in loops.enumerated() { for place in loop { loopOf[place] = index } }
        let alphabets = loops.map { loop in RegexSet(loop.flatMap { sets[$0].ranges }) }
        // Tarjan gives components behind others first, so what a loop leads to is known already
        var lengths = Array(repeating: 1, count: loops.count)
        for (index, loop) in loops.enumerated() {
            var seen = Set(loop)
            var waiting = loop
            while let place = waiting.popLast() {
                for next in follow[place].keys where !seen.contains(next) {
                    seen.insert(next)
                    guard !sets[next].intersection(alphabets[index]).isEmpty else { continue }
                    if let other = loopOf[next] {
                        lengths[index] = max(lengths[index], 1 + lengths[other])
                    } else {
                        waiting.append(next)
                    }
                }
            }
        }
        return lengths.max() ?? 0
    }

    /// Of characters that all of a loop takes; nothing where there are none.
    private func example(_ set: RegexSet) -> String {
        for unit in UInt16(0x21)...0x7E where set.ranges.contains(where: { $0.contains(unit) }) {
            // letters say more than punctuation
            let letter = (UInt16(0x61)...0x7A).first { letter in set.ranges.contains { $0.contains(letter) } }
            return " (\"\(String(decoding: [letter ?? unit], as: UTF16.self))\" again and again, for example)"
        }
        return ""
    }

    /// Positions with one set of characters have one number, and whether two numbers share a character.
    private func classOfPositions() -> Classes {
        var numbers: [RegexSet: Int] = [:]
        var unique: [RegexSet] = []
        let places = sets.map { set in
            if let known = numbers[set] { return known }
            numbers[set] = unique.count
            unique.append(set)
            return unique.count - 1
        }
        return Classes(places: places, unique: unique)
    }

    fileprivate struct Classes {
        let places: [Int]
        private let shares: [Bool]
        private let count: Int

        init(places: [Int], unique: [RegexSet]) {
            self.places = places
            count = unique.count
            var shares = Array(repeating: false, count: unique.count * unique.count)
            for (left, set) in unique.enumerated() {
                for right in left..<unique.count where !set.intersection(unique[right]).isEmpty {
                    shares[left * unique.count + right] = true
                    shares[right * unique.count + left] = true
                }
            }
            self.shares = shares
        }

        func share(_ left: Int, _ right: Int) -> Bool { shares[places[left] * count + places[right]] }
    }

    /// Strongly connected components that have a way around, those behind others first (Tarjan, without recursion).
    private func components() -> [[Int]] {
        var result: [[Int]] = []
        var number = Array(repeating: -1, count: sets.count)
        var low = number
        var isOnStack = Array(repeating: false, count: sets.count)
        var stack: [Int] = []
        var next = 0
        let edges = follow.map { $0.keys.sorted() }
        for root in sets.indices where number[root] < 0 {
            var calls = [(place: root, edge: 0)]
            while let call = calls.last {
                let place = call.place
                if number[place] < 0 {
                    number[place] = next
                    low[place] = next
                    next += 1
                    stack.append(place)
                    isOnStack[place] = true
                }
                if call.edge < edges[place].count {
                    let target = edges[place][call.edge]
                    calls[calls.count - 1].edge += 1
                    if number[target] < 0 {
                        calls.append((target, 0))
                    } else if isOnStack[target] {
                        low[place] = min(low[place], number[target])
                    }
                    continue
                }
                calls.removeLast()
                if let parent = calls.last?.place { low[parent] = min(low[parent], low[place]) }
                guard low[place] == number[place] else { continue }
                var component: [Int] = []
                while let member = stack.popLast() {
                    isOnStack[member] = false
                    component.append(member)
                    if member == place { break }
                }
                if component.count > 1 || follow[place][place] != nil { result.append(component) }
            }
        }
        return result
    }

    /// Two walkers over one component that read the same text. Pairs are unordered.
    private struct Product {
        private let count: Int
        private let next: [[Int]]
        private let before: [[Int]]
        private let shares: (Int, Int) -> Bool

        init(_ automaton: RegexAutomaton, _ component: [Int], _ classes: Classes) {
            var local: [Int: Int] = [:]
            for (index, place) in component.enumerated() { local[place] = index }
            var next = Array(repeating: [Int](), count: component.count)
            var before = next
            for (index, place) in component.enumerated() {
                for target in automaton.follow[place].keys {
                    guard let target = local[target] else { continue }
                    next[index].append(target)
                    before[target].append(index)
                }
            }
            count = component.count
            self.next = next
            self.before = before
            shares = { left, right in classes.share(component[left], component[right]) }
        }

        /// Two walkers that part from one position meet again; nil when the steps are used up.
        func ambiguous(steps: inout Int) -> Bool? {
            guard let ahead = reached(isForward: true, &steps), let behind = reached(isForward: false, &steps) else {
                return nil
            }
            return ahead.indices.contains { place in
                ahead[place] && behind[place] && place / count != place % count
            }
        }

        /// Pairs reached from pairs of one position with itself, or from which such are reached.
        private func reached(isForward: Bool, _ steps: inout Int) -> [Bool]? {
            var isReached = Array(repeating: false, count: count * count)
            var waiting: [(Int, Int)] = []
            for place in 0..<count {
                isReached[place * count + place] = true
                waiting.append((place, place))
            }
            let edges = isForward ? next : before
            while let (left, right) = waiting.popLast() {
                for first in edges[left] {
                    for second in edges[right] {
                        steps -= 1
                        if steps <= 0 { return nil }
                        // a pair is there only if both read one character to come there
                        guard shares(first, second) else { continue }
                        let pair = min(first, second) * count + max(first, second)
                        if isReached[pair] { continue }
                        isReached[pair] = true
                        waiting.append((min(first, second), max(first, second)))
                    }
                }
            }
            return isReached
        }
    }
}
