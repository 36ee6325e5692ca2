/// What is known of an expression that was read: enough to say whether it may be assigned to, or was a pattern.
struct JavaScriptExpression {
    enum Kind: UInt8 {
        /// `new.target`, `import.meta`: of no use to an assignment.
        case other
        case name, member
        /// A browser lets a call stand before `=`, and throws when it runs.
        case call
        case optionalChain
        /// An array or object in brackets, perhaps a pattern.
        case pattern
        case assignment, arrow, function
        /// `-a`, `typeof a`, `await a`.
        case unary
    }

    enum Logical: UInt8 { case none, coalesce, orAnd }

    var kind: Kind
    var isParenthesised = false
    /// The operator that was read last, which does not stand beside the other kind without parentheses.
    var logical = Logical.none
    private var places: (start: Int32, mark: Int32, assign: Int32, bind: Int32, cover: Int32)

    init(kind: Kind, start: Int, mark: Int, assignFault: Int = -1, bindFault: Int = -1) {
        self.kind = kind
        places = (
            Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: mark), Int32(truncatingIfNeeded: assignFault),
            Int32(truncatingIfNeeded: bindFault), -1
        )
    }

    var start: Int {
        get { Int(places.start) }
        set { places.start = Int32(truncatingIfNeeded: newValue) }
    }

    /// How many candidates there were before it.
    var mark: Int { Int(places.mark) }

    /// Why it is no assignment pattern: a place, or -1.
    var assignFault: Int {
        get { Int(places.assign) }
        set { places.assign = Int32(truncatingIfNeeded: newValue) }
    }

    /// Why it is no binding pattern: a place, or -1.
    var bindFault: Int {
        get { Int(places.bind) }
        set { places.bind = Int32(truncatingIfNeeded: newValue) }
    }

    /// Why it can be nothing but a pattern (`{a = 1}`): a place, or -1.
    var coverFault: Int {
        get { Int(places.cover) }
        set { places.cover = Int32(truncatingIfNeeded: newValue) }
    }
}

extension JavaScriptParser {
    /// `a, b`; what comes out is no pattern any more.
    @inline(never)
    mutating func expression() throws(JavaScriptFault) {
        let mark = candidates.count
        try settle(try assignment())
        while token.kind == .comma {
            try advance()
            try settle(try assignment())
        }
        candidates.removeSubrange(mark...)
    }

    /// The same in brackets, where `in` is an operator again.
    @inline(never)
    mutating func bracketed() throws(JavaScriptFault) {
        let before = allowsIn
        allowsIn = true
        try expression()
        allowsIn = before
    }

    /// Refuses what only a pattern may have.
    @inline(never)
    func settle(_ expression: JavaScriptExpression) throws(JavaScriptFault) {
        if expression.coverFault >= 0 {
            throw JavaScriptFault(offset: expression.coverFault, problem: "unexpected \"=\" in an object")
        }
    }

    /// One expression without commas.
    @inline(never)
    mutating func assignment() throws(JavaScriptFault) -> JavaScriptExpression {
        try deeper()
        if isWord(.yield), context.isGenerator || context.isStrict { return try yieldOperator() }
        arrowPlace = token.start
        var left = try conditional()
        guard token.kind.isAssignment, left.kind != .arrow else {
            depth -= 1
            return left
        }
        let kind = token.kind
        try assignable(left, isPlain: kind == .assign, isLogical: kind == .logicalAssign)
        let kept = candidates.count
        try advance()
        try settle(try assignment())
        candidates.removeSubrange(kept...)
        if kind == .assign {
            if left.isParenthesised || left.kind == .member || left.kind == .call { left.bindFault = left.start }
            if left.isParenthesised && left.kind == .pattern || left.kind == .call { left.assignFault = left.start }
        } else {
            left.assignFault = left.start
            left.bindFault = left.start
        }
        left.kind = .assignment
        left.isParenthesised = false
        left.coverFault = -1
        depth -= 1
        return left
    }

    /// Refuses a left side that cannot be assigned to.
    @inline(never)
    func assignable(
        _ left: JavaScriptExpression, isPlain: Bool, isLogical: Bool = false
    ) throws(JavaScriptFault) {
        let problem = JavaScriptFault(offset: left.start, problem: "this cannot be assigned to")
        switch left.kind {
        case .name:
            if context.isStrict, isStrictName(left) { throw problem }
        case .member: break
        case .call: if isLogical { throw problem }
        case .pattern:
            guard isPlain, !left.isParenthesised else { throw problem }
            if left.assignFault >= 0 {
                throw JavaScriptFault(offset: left.assignFault, problem: "this cannot be assigned to")
            }
        default: throw problem
        }
    }

    @inline(never)
    private func isStrictName(_ name: JavaScriptExpression) -> Bool {
        guard name.mark < candidates.count else { return false }
        return candidates[name.mark].word == .eval || candidates[name.mark].word == .arguments
    }

    @inline(never)
    private mutating func yieldOperator() throws(JavaScriptFault) -> JavaScriptExpression {
        guard context.isGenerator, !context.isParameters else { throw unexpected() }
        let start = token.start
        lastYield = start
        try advance()
        let result = JavaScriptExpression(
            kind: .assignment, start: start, mark: candidates.count,
            assignFault: start, bindFault: start)
        if !token.isAfterNewline {
            if try take(.star) {
                try settle(try assignment())
            } else if beginsExpression() {
                try settle(try assignment())
            }
        }
        candidates.removeSubrange(result.mark...)
        depth -= 1
        return result
    }

    /// `yield` has an operand.
    @inline(never)
    private func beginsExpression() -> Bool {
        switch token.kind {
        case .parenClose, .bracketClose, .braceClose, .comma, .semicolon, .colon, .end, .question: false
        case .name: !isWord(.in) && !isWord(.of)
        default: true
        }
    }

    /// `a ? b : c`, the last part in a loop: chains are long.
    @inline(never)
    private mutating func conditional() throws(JavaScriptFault) -> JavaScriptExpression {
        var result = try binary(0)
        guard token.kind == .question, result.kind != .arrow else { return result }
        result = try operated(result)
        while token.kind == .question {
            try advance()
            try value()
            try expect(.colon)
            arrowPlace = token.start
            let last = try conditionalEnd()
            if last { break }
        }
        return result
    }

    /// What follows the colon; true if nothing can follow it as an operand.
    @inline(never)
    private mutating func conditionalEnd() throws(JavaScriptFault) -> Bool {
        let mark = candidates.count
        defer { candidates.removeSubrange(mark...) }
        if isWord(.yield), context.isGenerator || context.isStrict {
            try settle(try assignment())
            return true
        }
        let operand = try binary(0)
        if operand.kind == .arrow { return true }
        if token.kind.isAssignment {
            let kind = token.kind
            try assignable(operand, isPlain: kind == .assign, isLogical: kind == .logicalAssign)
            try advance()
            try settle(try assignment())
            return true
        }
        try settle(operand)
        return false
    }

    /// An expression that was an operand: no pattern, no name.
    @inline(never)
    func operated(_ expression: JavaScriptExpression) throws(JavaScriptFault) -> JavaScriptExpression {
        try settle(expression)
        return JavaScriptExpression(
            kind: .other, start: expression.start, mark: expression.mark,
            assignFault: expression.start, bindFault: expression.start)
    }

    /// Operators that bind tighter than `minimum`, by their precedence.
    @inline(never)
    private mutating func binary(_ minimum: Int) throws(JavaScriptFault) -> JavaScriptExpression {
        var left: JavaScriptExpression
        if token.kind == .privateName {
            left = try privateIn(minimum)
        } else {
            left = try unary()
        }
        guard left.kind != .arrow else { return left }
        while true {
            let operation = token.kind
            let precedence = binaryPrecedence()
            guard precedence > minimum else { return left }
            let place = token
            if operation == .power, left.kind == .unary, !left.isParenthesised { throw unexpected() }
            if operation == .coalesce, left.logical == .orAnd { throw unexpected() }
            left = try operated(left)
            try deeper()
            try advance()
            arrowPlace = -1
            let right = try binary(operation == .power ? precedence - 1 : precedence)
            if operation == .coalesce, right.logical == .orAnd { throw unexpected(place) }
            if right.kind == .arrow { throw unexpected(place) }
            try settle(right)
            if precedence <= 3 { left.logical = operation == .coalesce ? .coalesce : .orAnd }
            depth -= 1
            candidates.removeSubrange(left.mark...)
        }
    }

    @inline(never)
    private func binaryPrecedence() -> Int {
        if token.kind == .name, !token.isEscaped {
            if token.word == .instanceof { return 8 }
            return token.word == .in && allowsIn ? 8 : 0
        }
        return token.kind.precedence
    }

    /// `#name in object`: the one place where a private name stands alone.
    @inline(never)
    private mutating func privateIn(_ minimum: Int) throws(JavaScriptFault) -> JavaScriptExpression {
        let start = token.start
        try usePrivateName()
        guard isWord(.in), allowsIn, minimum < 8 else { throw unexpected() }
        return JavaScriptExpression(
            kind: .other, start: start, mark: candidates.count,
            assignFault: start, bindFault: start)
    }

    /// Operators before and behind an operand.
    @inline(never)
    private mutating func unary() throws(JavaScriptFault) -> JavaScriptExpression {
        let start = token.start
        var result = JavaScriptExpression(
            kind: .unary, start: start, mark: candidates.count,
            assignFault: start, bindFault: start)
        switch token.kind {
        case .not, .tilde, .plus, .minus:
            try operand(deletes: false)
            return result
        case .increment, .decrement:
            try deeper()
            try advance()
            arrowPlace = -1
            try assignable(try unary(), isPlain: false)
            depth -= 1
            candidates.removeSubrange(result.mark...)
            result.kind = .other
            return result
        case .name where !token.isEscaped:
            switch token.word {
            case .typeof, .void, .delete:
                try operand(deletes: token.word == .delete)
                return result
            case .await where context.isAsync && !context.isParameters:
                lastAwait = start
                try operand(deletes: false)
                return result
            case .await where context.isAsync || context.isStaticBlock: throw unexpected()
            case .await: lastAwaitName = start
            default: break
            }
        default: break
        }
        result = try subscripts(try primary())
        guard token.kind == .increment || token.kind == .decrement, !token.isAfterNewline,
            result.kind != .arrow
        else { return result }
        try settle(result)
        try assignable(result, isPlain: false)
        try advance()
        candidates.removeSubrange(result.mark...)
        return try operated(result)
    }

    /// What a unary operator applies to.
    @inline(never)
    private mutating func operand(deletes: Bool) throws(JavaScriptFault) {
        let mark = candidates.count
        try deeper()
        try advance()
        arrowPlace = -1
        let operand = try unary()
        try settle(operand)
        if deletes {
            if operand.kind == .name, context.isStrict {
                throw JavaScriptFault(offset: operand.start, problem: "a name is deleted in strict code")
            }
            if previousKind == .privateName {
                throw JavaScriptFault(offset: operand.start, problem: "a private name is deleted")
            }
        }
        depth -= 1
        candidates.removeSubrange(mark...)
    }
}
