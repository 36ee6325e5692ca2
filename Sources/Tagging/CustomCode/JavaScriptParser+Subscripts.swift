extension JavaScriptParser {
    /// Members, calls and templates behind an operand.
    @inline(never)
    mutating func subscripts(
        _ operand: JavaScriptExpression, allowsCalls: Bool = true
    ) throws(JavaScriptFault) -> JavaScriptExpression {
        guard operand.kind != .arrow else { return operand }
        var result = operand
        var isChain = false
        var callee = calleeWord(operand)
        if token.kind == .parenOpen, operand.kind == .name, endsWith("require", previousEnd) { noteRequire() }
        while true {
            let kind = token.kind
            switch kind {
            case .dot, .optionalDot:
                if kind == .optionalDot {
                    guard allowsCalls else { throw unexpected() }
                    isChain = true
                }
                try settle(result)
                try advance()
                if kind == .optionalDot, token.kind == .parenOpen || token.kind == .bracketOpen {
                    result = member(result, isChain: true)
                    continue
                }
                if kind == .optionalDot, token.kind == .template { throw unexpected() }
                callee = try memberName(of: callee)
                result = member(result, isChain: isChain)
            case .bracketOpen:
                try settle(result)
                try deeper()
                try advance()
                callee = callee == .document && token.kind == .string && isWriteString() ? .set : .none
                if callee == .set { output.facts.usesDocumentWrite = true }
                try bracketed()
                try expect(.bracketClose)
                depth -= 1
                result = member(result, isChain: isChain)
            case .parenOpen where allowsCalls:
                try settle(result)
                try arguments(of: callee)
                callee = .none
                result = JavaScriptExpression(
                    kind: isChain ? .optionalChain : .call, start: operand.start, mark: operand.mark,
                    bindFault: operand.start)
            case .template:
                guard !isChain else { throw unexpected() }
                try settle(result)
                try template(isTagged: true)
                callee = .none
                result = JavaScriptExpression(
                    kind: .other, start: operand.start, mark: operand.mark,
                    assignFault: operand.start, bindFault: operand.start)
            default: return result
            }
        }
    }

    @inline(never)
    private mutating func member(_ object: JavaScriptExpression, isChain: Bool) -> JavaScriptExpression {
        candidates.removeSubrange(min(object.mark, candidates.count)...)
        return JavaScriptExpression(
            kind: isChain ? .optionalChain : .member, start: object.start, mark: object.mark,
            assignFault: isChain ? object.start : -1, bindFault: object.start)
    }

    // MARK: Facts

    /// The words that matter before a member or call; `.async` stands for the names of timers and `Function`.
    @inline(never)
    private func calleeWord(_ operand: JavaScriptExpression) -> JavaScriptWord {
        guard operand.kind == .name, !operand.isParenthesised, previousKind == .name else { return .none }
        return calleeWord(at: previousEnd, previousWord)
    }

    @inline(never)
    private func calleeWord(at end: Int, _ word: JavaScriptWord) -> JavaScriptWord {
        if word == .eval || word == .document { return word }
        if endsWith("Function", end) { return .eval }
        return endsWith("setTimeout", end) || endsWith("setInterval", end) ? .async : .none
    }

    /// The name that ended at a place is this one.
    @inline(never)
    private func endsWith(_ text: StaticString, _ end: Int) -> Bool {
        let start = end - text.utf8CodeUnitCount
        guard start >= 0, start == 0 || !lexer.isNamePart(lexer.bytes[start - 1]) else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(lexer.bytes[start..<end]) }
    }

    @inline(never)
    private mutating func memberName(of object: JavaScriptWord) throws(JavaScriptFault) -> JavaScriptWord {
        if token.kind == .privateName {
            try usePrivateName()
            return .none
        }
        guard token.kind == .name else { throw unexpected() }
        try advance()
        if object == .document, endsWith("write", previousEnd) || endsWith("writeln", previousEnd) {
            output.facts.usesDocumentWrite = true
        }
        return calleeWord(at: previousEnd, previousWord)
    }

    @inline(never)
    private func isWriteString() -> Bool {
        let text = lexer.bytes[(token.start + 1)..<max(token.end - 1, token.start + 1)]
        return text.elementsEqual("write".utf8) || text.elementsEqual("writeln".utf8)
    }

    /// Arguments of a call, from `(` to behind `)`.
    @inline(never)
    private mutating func arguments(of callee: JavaScriptWord) throws(JavaScriptFault) {
        if callee == .eval { output.facts.usesEval = true }
        try deeper()
        try advance()
        if callee == .async, token.kind == .string || token.kind == .template { output.facts.usesEval = true }
        while token.kind != .parenClose {
            _ = try take(.ellipsis)
            try value()
            if token.kind != .parenClose { try expect(.comma) }
        }
        try advance()
        depth -= 1
    }

    // MARK: Words

    /// `new.target`, `new a.b(…)`, `new a`.
    @inline(never)
    mutating func newOperator() throws(JavaScriptFault) {
        try deeper()
        let new = token.start
        try advance()
        if try take(.dot) {
            guard isWord(.target), context.allowsNewTarget else { throw unexpected() }
            try advance()
            depth -= 1
            return
        }
        arrowPlace = -1
        let mark = candidates.count
        if isWord(.new) {
            // `new new a()()`
            try newOperator()
            let inner = JavaScriptExpression(kind: .other, start: new, mark: mark)
            _ = try subscripts(inner, allowsCalls: false)
        } else {
            if isWord(.import) { throw unexpected() }
            let isFunction = token.kind == .name && !token.isEscaped && lexer.text(token) == "Function"
            let callee = try subscripts(try primary(), allowsCalls: false)
            try settle(callee)
            if callee.kind == .arrow || callee.kind == .call && !callee.isParenthesised { throw unexpected() }
            if isFunction, callee.kind == .name { output.facts.usesEval = true }
        }
        candidates.removeSubrange(mark...)
        if token.kind == .optionalDot { throw unexpected() }
        if token.kind == .parenOpen { try arguments(of: .none) }
        depth -= 1
    }

    @inline(never)
    mutating func superProperty() throws(JavaScriptFault) -> JavaScriptExpression {
        let word = token
        try advance()
        switch token.kind {
        case .parenOpen where context.allowsSuperCall:
            return JavaScriptExpression(kind: .other, start: word.start, mark: candidates.count)
        case .dot where context.allowsSuperProperty:
            if ahead().kind == .privateName { throw unexpected() }
            return JavaScriptExpression(kind: .other, start: word.start, mark: candidates.count)
        case .bracketOpen where context.allowsSuperProperty:
            return JavaScriptExpression(kind: .other, start: word.start, mark: candidates.count)
        default: throw unexpected(word)
        }
    }

    /// `import(x)`; a script has no other.
    @inline(never)
    mutating func importCall() throws(JavaScriptFault) -> JavaScriptExpression {
        let word = token
        try advance()
        guard token.kind == .parenOpen else { throw unexpected(word) }
        try deeper()
        try advance()
        try value()
        if try take(.comma), token.kind != .parenClose {
            try value()
            _ = try take(.comma)
        }
        try expect(.parenClose)
        depth -= 1
        return JavaScriptExpression(
            kind: .call, start: word.start, mark: candidates.count,
            assignFault: word.start, bindFault: word.start)
    }

    /// A template from its "`" on, which is the token.
    @inline(never)
    mutating func template(isTagged: Bool) throws(JavaScriptFault) {
        try deeper()
        while true {
            let characters = try lexer.templateCharacters()
            if let place = characters.invalidEscape, !isTagged {
                throw JavaScriptFault(offset: place, problem: "invalid escape in a template")
            }
            if characters.hasEnded { break }
            token.end = lexer.offset
            try advance()
            try bracketed()
            guard token.kind == .braceClose else { throw unexpected() }
            lexer.offset = token.end
        }
        token.end = lexer.offset
        token.kind = .template
        try advance()
        depth -= 1
    }
}
