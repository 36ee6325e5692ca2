internal import Events

/// Sums the weights of every pattern that occurs in a text: an Aho-Corasick automaton over case-folded ASCII, with its
/// transitions completed, so each byte costs two loads whatever it is. Built once, then immutable: about 60 KB for 200
/// patterns. No allocation a scan.
///
/// A negative weight takes back what a shorter pattern inside it gave: `cubot` is a phone, though `bot` is in it.
/// Both ends of the text count as spaces, so a pattern may ask for a word's edge.
///
/// Source: Aho and Corasick, "Efficient string matching" (1975).
struct PatternScanner: Sendable {
    /// Weights of one kind each.
    struct Weights: Sendable {
        var program: Int16 = 0
        var headless: Int16 = 0

        static func += (left: inout Weights, right: Weights) {
            left.program &+= right.program
            left.headless &+= right.headless
        }
    }

    private let classes: [UInt8]
    private let classCount: Int
    private let next: [UInt16]
    private let weights: [Weights]

    /// Patterns in lower case, at most 65,000 characters together.
    init(_ patterns: [(text: String, weights: Weights)]) {
        var classes = [UInt8](repeating: 0, count: 256)
        var classCount = 1
        for byte in patterns.flatMap({ Array($0.text.utf8) }) where classes[Int(byte)] == 0 {
            classes[Int(byte)] = UInt8(truncatingIfNeeded: classCount)
            classCount += 1
        }
        for letter in 0x41...0x5A { classes[letter] = classes[letter | 0x20] }
        var next = [UInt16](repeating: 0, count: classCount)
        var weights = [Weights()]
        for pattern in patterns {
            var state = 0
            for byte in pattern.text.utf8 {
                let slot = state * classCount + Int(classes[Int(byte)])
                if next[slot] == 0 {
                    next[slot] = UInt16(truncatingIfNeeded: weights.count)
                    next += [UInt16](repeating: 0, count: classCount)
                    weights.append(Weights())
                }
                state = Int(next[slot])
            }
            weights[state] += pattern.weights
        }
        PatternScanner.complete(&next, &weights, classCount)
        self.classes = classes
        self.classCount = classCount
        self.next = next
        self.weights = weights
    }

    /// Breadth first: a missing transition becomes that of the longest suffix which has it.
    private static func complete(_ next: inout [UInt16], _ weights: inout [Weights], _ classCount: Int) {
        var suffix = [Int](repeating: 0, count: weights.count)
        var queue = (0..<classCount).map { Int(next[$0]) }.filter { $0 != 0 }
        var done = 0
        while done < queue.count {
            let state = queue[done]
            done += 1
            weights[state] += weights[suffix[state]]
            for symbol in 0..<classCount {
                let slot = state * classCount + symbol
                let fallback = Int(next[suffix[state] * classCount + symbol])
                if next[slot] == 0 {
                    next[slot] = UInt16(truncatingIfNeeded: fallback)
                } else {
                    suffix[Int(next[slot])] = fallback
                    queue.append(Int(next[slot]))
                }
            }
        }
    }

    /// The sum over all occurrences; O(bytes).
    func scan(_ text: borrowing RawSpan) -> Weights {
        var sum = Weights()
        let space = Int(classes[0x20])
        var state = Int(next[space])
        for index in 0..<text.byteCount {
            state = Int(next[state * classCount + Int(classes[Int(text.byte(at: index))])])
            sum += weights[state]
        }
        sum += weights[Int(next[state * classCount + space])]
        return sum
    }
}
