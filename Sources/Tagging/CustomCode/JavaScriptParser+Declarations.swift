extension JavaScriptParser {
    /// `var a = 1, {b} = c`. One at the top level is kept for the rewriting.
    @inline(never)
    mutating func variableStatement() throws(JavaScriptFault) {
        let word = token.start
        try advance()
        try declarators(.variable, isHead: false)
        let missing = token.kind == .semicolon ? nil : previousEnd
        try semicolon()
        if context.isTopLevel {
            output.variables.append(.init(offset: word, isLoopHead: false, missingSemicolon: missing))
        }
    }

    /// `let` or `const` from its word on.
    @inline(never)
    mutating func lexicalStatement(_ kind: JavaScriptFacts.Kind) throws(JavaScriptFault) {
        try advance()
        try declarators(kind, isHead: false)
        try semicolon()
    }

    /// `let` as a declaration; false where it is a name.
    @inline(never)
    mutating func letStatement(_ place: Place) throws(JavaScriptFault) -> Bool {
        let next = ahead()
        guard beginsLet(next) else {
            if context.isStrict { throw unexpected() }
            return false
        }
        if place != .list {
            if next.kind == .bracketOpen || !next.isAfterNewline { throw unexpected() }
            return false
        }
        try lexicalStatement(.let)
        return true
    }

    /// What follows `let` makes it a declaration.
    @inline(never)
    private func beginsLet(_ next: JavaScriptToken) -> Bool {
        switch next.kind {
        case .bracketOpen, .braceOpen, .reference: true
        case .name: next.isEscaped || !next.word.isReserved
        default: false
        }
    }

    /// Declarators without the word; in the head of a `for` the value may be missing. Gives the number, and whether the
    /// last one had a value, and whether it is a plain name.
    @inline(never)
    @discardableResult
    private mutating func declarators(
        _ kind: JavaScriptFacts.Kind, isHead: Bool
    ) throws(JavaScriptFault) -> (count: Int, hasValue: Bool, isName: Bool) {
        var count = 0
        while true {
            count += 1
            let isName = token.kind == .name
            var names: [JavaScriptToken] = []
            try bindingTarget(&names)
            for name in names { try declare(name, kind) }
            let hasValue = token.kind == .assign
            if hasValue {
                try advance()
                let mark = candidates.count
                try settle(try assignment())
                candidates.removeSubrange(mark...)
            } else if !isHead || token.kind == .comma || count > 1 {
                guard isName, kind != .constant else {
                    throw JavaScriptFault(offset: token.start, problem: "a declaration needs a value here")
                }
            }
            guard try take(.comma) else { return (count, hasValue, isName) }
        }
    }

    @inline(never)
    private mutating func declare(
        _ name: JavaScriptToken, _ kind: JavaScriptFacts.Kind
    ) throws(JavaScriptFault) {
        if kind == .variable { return try declareVariable(name) }
        if name.word == .let { throw unexpected(name) }
        try declareLexical(name, kind)
    }

    // MARK: For

    /// A `for` from behind its word to the end of its body.
    @inline(never)
    mutating func forStatement() throws(JavaScriptFault) {
        var isAwait = false
        if isWord(.await) {
            guard context.isAsync else { throw unexpected() }
            isAwait = true
            try advance()
        }
        try expect(.parenOpen)
        openScope(.block)
        try forHead(isAwait: isAwait)
        try expect(.parenClose)
        // the body's own block is another scope; a `var` in it may not repeat a name of the head
        try statement(.body)
        closeScope()
    }

    @inline(never)
    private mutating func forHead(isAwait: Bool) throws(JavaScriptFault) {
        if token.kind == .semicolon, !isAwait { return try classicRest() }
        let start = token
        let next = token.kind == .name ? ahead() : JavaScriptToken()
        allowsIn = false
        if isWord(.var) {
            return try declaredHead(.variable, isAwait: isAwait)
        }
        if isWord(.const) || isWord(.let) && beginsForLet(next) {
            return try declaredHead(isWord(.const) ? .constant : .let, isAwait: isAwait)
        }
        let mark = candidates.count
        let left = try assignment()
        allowsIn = true
        let isOf = isWord(.of)
        if isOf || isWord(.in) {
            if isAwait, !isOf { throw unexpected() }
            if isOf, start.kind == .name, !start.isEscaped, !left.isParenthesised {
                if start.word == .let || start.word == .async && left.kind == .name && !isAwait {
                    throw unexpected(start)
                }
            }
            if left.kind == .assignment || left.kind == .arrow { throw unexpected() }
            try assignable(left, isPlain: true)
            candidates.removeSubrange(mark...)
            try advance()
            return isOf ? try value() : try bracketed()
        }
        if isAwait { throw unexpected() }
        try settle(left)
        candidates.removeSubrange(mark...)
        allowsIn = false
        while token.kind == .comma {
            try advance()
            try settle(try assignment())
        }
        allowsIn = true
        candidates.removeSubrange(mark...)
        try classicRest()
    }

    @inline(never)
    private func beginsForLet(_ next: JavaScriptToken) -> Bool {
        guard next.kind == .name, !next.isEscaped else { return beginsLet(next) }
        if next.word == .in || next.word == .instanceof { return false }
        return beginsLet(next)
    }

    @inline(never)
    private mutating func declaredHead(
        _ kind: JavaScriptFacts.Kind, isAwait: Bool
    ) throws(JavaScriptFault) {
        let word = token.start
        try advance()
        let first = token
        let found = try declarators(kind, isHead: true)
        allowsIn = true
        let isOf = isWord(.of)
        let isStatement = context.isTopLevel && kind == .variable
        if isOf || isWord(.in) {
            let isLegacy = found.hasValue && !isOf && kind == .variable && found.isName && !context.isStrict
            guard found.count == 1, !found.hasValue || isLegacy, !isAwait || isOf else { throw unexpected() }
            if isStatement, !found.hasValue, first.word != .let, first.word != .async {
                output.variables.append(.init(offset: word, isLoopHead: true, missingSemicolon: nil))
            }
            try advance()
            return isOf ? try value() : try bracketed()
        }
        guard !isAwait, found.hasValue || found.isName && kind != .constant else { throw unexpected() }
        if isStatement { output.variables.append(.init(offset: word, isLoopHead: false, missingSemicolon: nil)) }
        try classicRest()
    }

    /// `; test; step` up to the parenthesis.
    @inline(never)
    private mutating func classicRest() throws(JavaScriptFault) {
        try expect(.semicolon)
        if token.kind != .semicolon { try bracketed() }
        try expect(.semicolon)
        if token.kind != .parenClose { try bracketed() }
    }
}
