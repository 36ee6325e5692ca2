// Which rules are worth a try on a text: an Aho-Corasick automaton over the literals the rules require.
//
// Constraints
//   - One pass over the text whatever the number of rules: one table step a byte, bytes folded to lower case.
//   - A rule without a known literal is always a candidate; so is one that the table has no room for.
//
// Layout
//   classOf    256 bytes: byte -> column; 0 is every byte no literal has
//   next       states * columns, UInt16: the full transition table, failures already followed
//   output     per state: first entry in `entries` (UInt32), as a list with `entryNext`
//   suffix     per state: the nearest shorter suffix state with an output, 0 for none
//
// Life cycle: built once at the start; read only afterwards.
// Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (1975).

/// Candidate rules of a text, one bit a rule, in the order of the rules.
struct LiteralIndex {
    private static let statesMax = 60_000

    private var classOf = [UInt8](repeating: 0, count: 256)
    private var columns = 1
    private var next: [UInt16] = []
    private var firstEntry: [Int32] = []
    private var suffix: [UInt16] = []
    private var entryRule: [UInt16] = []
    private var entryNext: [Int32] = []
    private var always: [UInt64]
    private let wordCount: Int

    /// `literals[rule]` is nil where a rule must always be tried.
    init(literals: [[[UInt8]]?]) {
        wordCount = (literals.count + 63) / 64
        always = [UInt64](repeating: 0, count: wordCount)
        for set in literals { for literal in set ?? [] { for byte in literal { addColumn(byte) } } }
        addState()
        for (rule, set) in literals.enumerated() {
            guard let set, !set.isEmpty, rule <= Int(UInt16.max) else {
                always[rule >> 6] |= 1 << UInt64(rule & 63)
                continue
            }
            for literal in set where !insert(literal, rule: UInt16(rule)) {
                always[rule >> 6] |= 1 << UInt64(rule & 63)
            }
        }
        link()
    }

    var stateCount: Int { firstEntry.count }

    /// Bytes of the tables.
    var byteCount: Int {
        next.count * 2 + firstEntry.count * 4 + suffix.count * 2 + entryRule.count * 2 + entryNext.count * 4 + 256
    }

    /// Sets the bit of each rule worth a try on `text`. No allocation once `bits` has its size. O(text + hits).
    func candidates(of text: borrowing RawSpan, into bits: inout [UInt64]) {
        if bits.count != wordCount {
            bits = always
        } else {
            for word in 0..<wordCount { bits[word] = always[word] }
        }
        var state = 0
        for offset in 0..<text.byteCount {
            let byte = text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
            state = Int(next[state &* columns &+ Int(classOf[Int(byte)])])
            var hit = firstEntry[state] >= 0 ? state : Int(suffix[state])
            while hit != 0 {
                var entry = firstEntry[hit]
                while entry >= 0 {
                    let rule = Int(entryRule[Int(entry)])
                    bits[rule >> 6] |= 1 << UInt64(rule & 63)
                    entry = entryNext[Int(entry)]
                }
                hit = Int(suffix[hit])
            }
        }
    }

    private mutating func addColumn(_ byte: UInt8) {
        guard classOf[Int(byte)] == 0 else { return }
        classOf[Int(byte)] = UInt8(truncatingIfNeeded: columns)
        if byte &- 0x61 < 26 { classOf[Int(byte & ~0x20)] = classOf[Int(byte)] }
        columns += 1
    }

    private mutating func addState() {
        next.append(contentsOf: repeatElement(0, count: columns))
        firstEntry.append(-1)
        suffix.append(0)
    }

    /// False where the table is full.
    private mutating func insert(_ literal: [UInt8], rule: UInt16) -> Bool {
        var state = 0
        for byte in literal {
            let slot = state * columns + Int(classOf[Int(byte)])
            if next[slot] == 0 {
                guard stateCount < Self.statesMax else { return false }
                next[slot] = UInt16(stateCount)
                addState()
            }
            state = Int(next[slot])
        }
        entryRule.append(rule)
        entryNext.append(firstEntry[state])
        firstEntry[state] = Int32(entryRule.count - 1)
        return true
    }

    /// Follows failures breadth first, so that a scan needs one step a byte.
    private mutating func link() {
        var failure = [UInt16](repeating: 0, count: stateCount)
        var queue: [Int] = []
        for column in 0..<columns where next[column] != 0 { queue.append(Int(next[column])) }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            let fallback = Int(failure[state])
            suffix[state] = firstEntry[fallback] >= 0 ? UInt16(fallback) : suffix[fallback]
            for column in 0..<columns {
                let slot = state * columns + column
                let inherited = next[fallback * columns + column]
                if next[slot] == 0 {
                    next[slot] = inherited
                } else {
                    failure[Int(next[slot])] = inherited
                    queue.append(Int(next[slot]))
                }
            }
        }
    }
}
