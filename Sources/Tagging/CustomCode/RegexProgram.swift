/// A pattern as steps for the runtime's own matcher (`tags/src/modules/patterns.js`), whose time is bounded by steps times
/// characters: what a browser's matcher could run for ever on runs there.
///
/// Only whether a text matches is found out, so that it does not count which loop is greedy and what groups hold.
/// Characters and classes are left to the browser, each as a pattern of its own, so that they mean what they mean there.
package struct RegexProgram: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        /// Takes one character, or looks at the place and takes none.
        case match(String)
        /// Goes on with the next step, and at this place too.
        case split(Int)
        case jump(Int)
    }

    /// With repetitions written out; a pattern that needs more has no program.
    package static let stepsMax = 500

    package private(set) var steps: [Step] = []
    private var units: [UInt16] = []
    /// By the place of each that looks ahead or behind, whether it may: repetitions ask again and again.
    private var looks: [Range<Int>: Bool] = [:]

    /// nil where the pattern is none, refers back to what a group has matched, looks ahead or behind at what itself could
    /// run for ever, or has too many steps.
    package init?(_ pattern: String) {
        var syntax = RegexSyntax(pattern, mode: .plain)
        guard let root = try? syntax.whole(), !syntax.isRecent else { return nil }
        units = syntax.units
        guard add(root) else { return nil }
        units = []
        looks = [:]
    }

    private mutating func append(_ step: Step) -> Bool {
        guard steps.count < RegexProgram.stepsMax else { return false }
        steps.append(step)
        return true
    }

    /// False where there is no program. Depth is bounded by the syntax.
    private mutating func add(_ node: RegexNode) -> Bool {
        switch node {
        case .set(_, let range), .assertion(let range): append(.match(text(range)))
        case .start: append(.match("^"))
        case .backreference: false
        case .look(let inner, let range): addLook(inner, range)
        case .sequence(let nodes): nodes.allSatisfy { add($0) }
        case .alternatives(let nodes): addAlternatives(nodes)
        case .repeated(let inner, let least, let most): addRepeated(inner, least, most)
        }
    }

    private mutating func addLook(_ inner: RegexNode, _ range: Range<Int>) -> Bool {
        let text = text(range)
        let may =
            looks[range] ?? (!RegexProgram.refersBack(inner) && RegexCheck.check(text, ignoringCase: true).isUsable)
        looks[range] = may
        return may && append(.match(text))
    }

    private mutating func addAlternatives(_ nodes: [RegexNode]) -> Bool {
        var jumps: [Int] = []
        for (number, node) in nodes.enumerated() {
            let place = steps.count
            let isLast = number == nodes.count - 1
            guard isLast || append(.split(0)), add(node) else { return false }
            guard !isLast else { break }
            jumps.append(steps.count)
            guard append(.jump(0)) else { return false }
            steps[place] = .split(steps.count)
        }
        for place in jumps { steps[place] = .jump(steps.count) }
        return true
    }

    private mutating func addRepeated(_ inner: RegexNode, _ least: Int, _ most: Int?) -> Bool {
        if most == 0 { return true }
        let first = steps.count
        var start = first
        for copy in 0..<least {
            start = steps.count
            guard add(inner) else { return false }
            // What has no steps is the same however often.
            if copy == 0, steps.count == first { return true }
        }
        guard let most else {
            // The last copy again and again; `x*` has none, and may be passed by.
            guard least == 0 else { return append(.split(start)) }
            guard append(.split(0)), add(inner), append(.jump(first)) else { return false }
            steps[first] = .split(steps.count)
            return true
        }
        var splits: [Int] = []
        for _ in least..<max(least, most) {
            splits.append(steps.count)
            guard append(.split(0)), add(inner) else { return false }
        }
        for place in splits { steps[place] = .split(steps.count) }
        return true
    }

    private static func refersBack(_ root: RegexNode) -> Bool {
        var waiting = [root]
        while let node = waiting.popLast() {
            switch node {
            case .backreference: return true
            case .set, .assertion, .start: break
            case .sequence(let nodes), .alternatives(let nodes): waiting.append(contentsOf: nodes)
            case .repeated(let inner, _, _), .look(let inner, _): waiting.append(inner)
            }
        }
        return false
    }

    /// What stands there, as it may stand alone.
    private func text(_ range: Range<Int>) -> String {
        let piece = units[range]
        guard range.count == 1, let unit = piece.first else { return String(decoding: piece, as: UTF16.self) }
        // A backslash that escapes nothing (`\c` before what is no letter), and half of a pair.
        if unit == 0x5C { return #"\\"# }
        return UTF16.isSurrogate(unit) ? #"\u"# + String(unit, radix: 16) : String(decoding: piece, as: UTF16.self)
    }
}
