/// Whether a pattern of a trigger or regex table is one that browsers take, and one whose time stays bounded.
///
/// Google Tag Manager's "matches RegEx" is JavaScript's `RegExp` in web containers, a backtracking matcher. A pattern
/// takes exponential time on some text exactly when its automaton has a state that comes back to itself by two ways
/// over the same text (Weber and Seidl 1991, "EDA"). That is looked for in the product of the position automaton with
/// itself, ways counted with their multiplicity, so that `(a*)*` is found too. What is looked ahead or behind is looked
/// at alone, and a backreference is taken for any text: both err on the side of refusing.
///
/// Nothing is refused where the loop can always end successfully (`(a+)+` with nothing behind it).
package enum RegexCheck {
    /// Longer patterns are refused.
    package static let unitsMax = 10_000
    /// Positions of an automaton, repetitions written out; more are refused.
    package static let positionsMax = 600
    /// Steps that one check may take; more are refused.
    package static let stepsMax = 4_000_000

    /// Loops in a row that may share characters; with more, a pattern is as bad as an exponential one.
    package static let degreeMax = 5

    package enum Verdict: Sendable, Hashable {
        case ok
        /// It is taken; `why` says why its time grows fast with the text: chains of loops that may share characters.
        case slow(why: String)
        /// No regular expression: the first problem, in UTF-16 units from the beginning.
        case invalid(problem: String, at: Int)
        /// Exponential time on some text, or too complex to exclude that.
        case explosive(why: String)
        /// Only browsers since 2025 take it.
        case unsupported(why: String)

        /// The pattern may be used.
        package var isUsable: Bool {
            switch self {
            case .ok, .slow: true
            case .invalid, .explosive, .unsupported: false
            }
        }
    }

    /// The verdict on `new RegExp(pattern, ignoringCase ? "i" : "")`. Cost bounded by `stepsMax`.
    package static func check(_ pattern: String, ignoringCase: Bool = false) -> Verdict {
        guard pattern.utf16.count <= unitsMax else {
            return .explosive(why: "more than \(unitsMax) characters")
        }
        var syntax = RegexSyntax(pattern, mode: .plain)
        let root: RegexNode
        do throws(RegexSyntax.Problem) {
            root = try syntax.whole()
        } catch {
            return .invalid(problem: error.text, at: error.offset)
        }
        if syntax.isRecent {
            return .unsupported(why: "flags inside a pattern, which only browsers since 2025 know")
        }
        var steps = stepsMax
        var degree = 0
        for part in parts(of: root) {
            var builder = RegexAutomaton.Builder(ignoringCase: ignoringCase)
            guard let automaton = builder.automaton(of: part.node) else {
                return .explosive(why: "it is too large to be checked")
            }
            if builder.hasEmptyRounds {
                return .explosive(why: "many repetitions of something that may be empty take exponential time")
            }
            switch automaton.ambiguity(isWhole: part.isWhole, steps: &steps) {
            case .none: break
            case .exponential(let text):
                return .explosive(
                    why: "repetitions inside one another can share the same text\(text), which takes exponential time")
            case .unknown: return .explosive(why: "it is too complex to be checked")
            }
            degree = max(degree, automaton.degree())
        }
        guard degree > 3 else { return .ok }
        let why = "\(degree) repetitions in a row can share the same text"
        return degree > degreeMax ? .explosive(why: why) : .slow(why: why)
    }

    /// The pattern and what it looks at ahead or behind, each to be checked alone. Depth is bounded by the syntax.
    private static func parts(of root: RegexNode) -> [(node: RegexNode, isWhole: Bool)] {
        var looks: [RegexNode] = []
        var hasAssertion = false
        var waiting = [root]
        while let node = waiting.popLast() {
            switch node {
            case .set, .backreference, .start: break
            case .assertion: hasAssertion = true
            case .sequence(let nodes), .alternatives(let nodes): waiting.append(contentsOf: nodes)
            case .repeated(let inner, _, _): waiting.append(inner)
            case .look(let inner, _):
                looks.append(inner)
                waiting.append(inner)
            }
        }
        let mayEnd = !hasAssertion && looks.isEmpty
        return [(root, mayEnd)] + looks.map { ($0, false) }
    }
}
