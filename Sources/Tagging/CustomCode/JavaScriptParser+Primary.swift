extension JavaScriptParser {
    /// A name, literal, function, class, or something in brackets.
    @inline(never)
    mutating func primary() throws(JavaScriptFault) -> JavaScriptExpression {
        let start = token.start
        let mark = candidates.count
        switch token.kind {
        case .name: return try nameOrWord()
        case .number, .string:
            if token.isLegacyOctal, context.isStrict {
                throw JavaScriptFault(offset: start, problem: "octal number or escape in strict code")
            }
            if token.kind == .string { noteHost() }
            try advance()
        case .template: try template(isTagged: false)
        case .slash, .slashAssign:
            try lexer.regex(from: start)
            token.end = lexer.offset
            try advance()
        case .reference:
            output.references.append(
                JavaScriptReference(
                    range: start..<token.end, braces: start, literal: start..<token.end,
                    context: isAfterOperatorWord ? .codeAfterWord : .code))
            try advance()
        // as a literal: it is not assigned to
        case .parenOpen: return try parenthesised()
        case .bracketOpen: return try array()
        case .braceOpen: return try object()
        default: throw unexpected()
        }
        return JavaScriptExpression(kind: .other, start: start, mark: mark, assignFault: start, bindFault: start)
    }

    /// Keeps the host that the string names.
    private mutating func noteHost() {
        let first = lexer.byte(token.start + 1)
        guard first == UInt8(ascii: "/") || first | 0x20 == UInt8(ascii: "h"),
            output.facts.hosts.count < JavaScriptFacts.hostsMax
        else { return }
        let text = lexer.bytes[(token.start + 1)..<min(token.end - 1, token.start + 300)]
        guard let host = HTMLTemplate.host(of: String(decoding: text, as: UTF8.self)), host.contains("."),
            !output.facts.hosts.contains(host)
        else { return }
        output.facts.hosts.append(host)
    }

    /// `new` or `delete` stands before.
    private var isAfterOperatorWord: Bool {
        previousKind == .name && (previousWord == .new || previousWord == .delete)
    }

    @inline(never)
    private mutating func nameOrWord() throws(JavaScriptFault) -> JavaScriptExpression {
        let name = token
        let mark = candidates.count
        let other = JavaScriptExpression(
            kind: .other, start: name.start, mark: mark,
            assignFault: name.start, bindFault: name.start)
        guard !name.isEscaped else { return try variable() }
        switch name.word {
        case .this, .null, .true, .false:
            try advance()
            return other
        case .function:
            try function(.expression, start: name.start, isAsync: false)
            return with(other, .function)
        case .class:
            try classBody(isDeclaration: false)
            return other
        case .new:
            try newOperator()
            return with(other, .call, isPlain: true)
        case .super: return try superProperty()
        case .import: return try importCall()
        case .async: return try asyncOrName()
        default: return try variable()
        }
    }

    @inline(never)
    private func with(
        _ expression: JavaScriptExpression, _ kind: JavaScriptExpression.Kind, isPlain: Bool = false
    ) -> JavaScriptExpression {
        var copy = expression
        copy.kind = isPlain ? .other : kind
        return copy
    }

    /// A name that is read, or `name => …`.
    @inline(never)
    private mutating func variable() throws(JavaScriptFault) -> JavaScriptExpression {
        let name = token
        let mark = candidates.count
        let mayBeArrow = arrowPlace == name.start
        if name.word != .none { try checkReference(name) }
        try advance()
        candidates.append(name)
        refer(to: name)
        if token.kind == .arrow, mayBeArrow, !token.isAfterNewline {
            return try arrow([name], start: name.start, mark: mark, isAsync: false, isSimple: true)
        }
        return JavaScriptExpression(kind: .name, start: name.start, mark: mark)
    }

    /// `async function`, `async x => …`, `async (…) => …`, or the name.
    @inline(never)
    private mutating func asyncOrName() throws(JavaScriptFault) -> JavaScriptExpression {
        let start = token.start
        let mark = candidates.count
        let mayBeArrow = arrowPlace == start
        let next = ahead()
        guard !next.isAfterNewline else { return try variable() }
        if next.kind == .name, next.word == .function, !next.isEscaped {
            try advance()
            try function(.expression, start: start, isAsync: true)
            return JavaScriptExpression(kind: .function, start: start, mark: mark, assignFault: start, bindFault: start)
        }
        if next.kind == .name, mayBeArrow, !(next.word.isReserved && !next.isEscaped),
            next.word != .of || isArrow(after: next)
        {
            try advance()
            let name = token
            if name.word == .await { throw unexpected() }
            try checkBinding(name)
            try advance()
            guard token.kind == .arrow, !token.isAfterNewline else { throw unexpected() }
            return try arrow([name], start: start, mark: mark, isAsync: true, isSimple: true)
        }
        if next.kind == .parenOpen, !isAfterOperatorWord || previousWord == .delete {
            let name = token
            try advance()
            return try callOrAsyncArrow(name, start: start, mark: mark, mayBeArrow: mayBeArrow)
        }
        return try variable()
    }

    @inline(never)
    private func isArrow(after name: JavaScriptToken) -> Bool {
        var copy = lexer
        copy.offset = name.end
        return (try? copy.next())?.kind == .arrow
    }

    @inline(never)
    private mutating func callOrAsyncArrow(
        _ name: JavaScriptToken, start: Int, mark: Int, mayBeArrow: Bool
    ) throws(JavaScriptFault) -> JavaScriptExpression {
        let isStatic = context.isStrict && name.word.isStrictReserved
        let list = try parenthesisedList()
        if token.kind == .arrow, mayBeArrow, !token.isAfterNewline, !isStatic {
            if lastAwaitName >= start || lastAwait >= start {
                throw JavaScriptFault(offset: start, problem: "\"await\" in the parameters of an async function")
            }
            return try arrow(list, start: start, mark: mark, isAsync: true)
        }
        if list.coverFault >= 0 {
            throw JavaScriptFault(offset: list.coverFault, problem: "unexpected \"=\" in an object")
        }
        candidates.removeSubrange(mark...)
        return JavaScriptExpression(kind: .call, start: start, mark: mark, bindFault: start)
    }

    // MARK: Parentheses and arrows

    /// What stood in parentheses: an expression, a list of arguments, or parameters.
    struct List {
        var count = 0
        var bindFault = -1
        var coverFault = -1
        /// Something that only parameters have: nothing at all, a rest, a comma at the end.
        var onlyParameters = -1
        var isSimple = true
        var lone: JavaScriptExpression?
        var mark = 0
    }

    @inline(never)
    private mutating func parenthesised() throws(JavaScriptFault) -> JavaScriptExpression {
        let start = token.start
        let mark = candidates.count
        let mayBeArrow = arrowPlace == start
        let list = try parenthesisedList()
        if token.kind == .arrow, mayBeArrow, !token.isAfterNewline {
            return try arrow(list, start: start, mark: mark, isAsync: false)
        }
        if list.onlyParameters >= 0 {
            throw JavaScriptFault(offset: list.onlyParameters, problem: "parameters without \"=>\"")
        }
        if list.coverFault >= 0 {
            throw JavaScriptFault(offset: list.coverFault, problem: "unexpected \"=\" in an object")
        }
        var result = list.lone ?? JavaScriptExpression(kind: .other, start: start, mark: mark, assignFault: start)
        result.isParenthesised = true
        result.logical = .none
        result.bindFault = start
        if result.kind == .arrow { result.kind = .function }
        if result.kind == .unary || result.kind == .assignment { result.kind = .other }
        result.start = start
        return result
    }

    /// From `(` to behind `)`.
    @inline(never)
    private mutating func parenthesisedList() throws(JavaScriptFault) -> List {
        var list = List(mark: candidates.count)
        let allowed = allowsIn
        allowsIn = true
        try deeper()
        try advance()
        if token.kind == .parenClose { list.onlyParameters = token.start }
        while token.kind != .parenClose {
            if token.kind == .ellipsis {
                try spread(into: &list)
            } else {
                let item = try assignment()
                list.lone = list.count == 0 ? item : nil
                absorb(item, into: &list)
                if item.kind != .name { list.isSimple = false }
            }
            list.count += 1
            if token.kind == .parenClose { break }
            let comma = token.start
            try expect(.comma)
            if token.kind == .parenClose { list.onlyParameters = comma }
        }
        try advance()
        depth -= 1
        allowsIn = allowed
        return list
    }

    /// `...x` among parameters or the arguments of `async(…)`.
    @inline(never)
    private mutating func spread(into list: inout List) throws(JavaScriptFault) {
        list.onlyParameters = list.onlyParameters < 0 ? token.start : list.onlyParameters
        try advance()
        let item = try assignment()
        absorb(item, into: &list)
        if item.kind == .assignment || token.kind == .comma { list.bindFault = item.start }
        list.isSimple = false
        list.lone = nil
    }

    @inline(never)
    private func absorb(_ item: JavaScriptExpression, into list: inout List) {
        let faults = elementFaults(item)
        if list.bindFault < 0 { list.bindFault = faults.bind }
        if list.coverFault < 0 { list.coverFault = item.coverFault }
    }

    /// Why an expression is no element of a pattern that assigns or binds.
    @inline(never)
    func elementFaults(_ item: JavaScriptExpression) -> (assign: Int, bind: Int) {
        switch item.kind {
        case .name: (-1, item.isParenthesised ? item.start : -1)
        case .member: (-1, item.start)
        case .pattern, .assignment:
            item.isParenthesised ? (item.start, item.start) : (item.assignFault, item.bindFault)
        default: (item.start, item.start)
        }
    }

    @inline(never)
    private mutating func arrow(
        _ list: List, start: Int, mark: Int, isAsync: Bool
    ) throws(JavaScriptFault) -> JavaScriptExpression {
        if list.bindFault >= 0 { throw JavaScriptFault(offset: list.bindFault, problem: "this is no parameter") }
        if lastYield >= start || lastAwait >= start {
            throw JavaScriptFault(
                offset: start, problem: "\"await\" or \"yield\" in the parameters of an arrow function")
        }
        let names = Array(candidates[list.mark...])
        return try arrow(names, start: start, mark: mark, isAsync: isAsync, isSimple: list.isSimple)
    }

    /// From `=>` to the end of the body.
    @inline(never)
    private mutating func arrow(
        _ names: [JavaScriptToken], start: Int, mark: Int, isAsync: Bool, isSimple: Bool
    ) throws(JavaScriptFault) -> JavaScriptExpression {
        candidates.removeSubrange(mark...)
        for name in names {
            if isAsync, name.word == .await { throw unexpected(name) }
            try checkBinding(name)
        }
        let outer = context
        let allowed = allowsIn
        context = arrowContext(isAsync: isAsync)
        openScope(.function, from: start)
        try advance()
        let kept = (lastAwait, lastYield)
        if token.kind == .braceOpen {
            allowsIn = true
            try body(parameters: names, name: nil, isSimple: isSimple, isUnique: true)
            context = outer
            allowsIn = allowed
            try closeFunction()
        } else {
            try declareParameters(names, isUnique: true)
            try settle(try assignment())
            candidates.removeSubrange(mark...)
            closeScope()
            context = outer
        }
        (lastAwait, lastYield) = kept
        return JavaScriptExpression(kind: .arrow, start: start, mark: mark, assignFault: start, bindFault: start)
    }

    @inline(never)
    private func arrowContext(isAsync: Bool) -> Context {
        var inner = Context()
        inner.isStrict = context.isStrict
        inner.isTopLevel = false
        inner.isAsync = isAsync
        inner.allowsReturn = true
        inner.allowsNewTarget = context.allowsNewTarget
        inner.allowsSuperCall = context.allowsSuperCall
        inner.allowsSuperProperty = context.allowsSuperProperty
        inner.isField = context.isField
        inner.isStaticBlock = context.isStaticBlock && !isAsync
        inner.firstLabel = labels.count
        return inner
    }

    // MARK: Arrays and objects

    @inline(never)
    private mutating func array() throws(JavaScriptFault) -> JavaScriptExpression {
        var result = JavaScriptExpression(kind: .pattern, start: token.start, mark: candidates.count)
        let allowed = allowsIn
        allowsIn = true
        try deeper()
        try advance()
        while token.kind != .bracketClose {
            if try take(.comma) { continue }
            let isSpread = try take(.ellipsis)
            let item = try assignment()
            absorb(item, into: &result)
            if isSpread, item.kind == .assignment || token.kind == .comma { refuse(item.start, &result) }
            if token.kind != .bracketClose { try expect(.comma) }
        }
        try advance()
        depth -= 1
        allowsIn = allowed
        return result
    }

    @inline(never)
    private func absorb(_ item: JavaScriptExpression, into pattern: inout JavaScriptExpression) {
        let faults = elementFaults(item)
        if pattern.assignFault < 0 { pattern.assignFault = faults.assign }
        if pattern.assignFault < 0, context.isStrict, item.kind == .name, item.mark < candidates.count,
            candidates[item.mark].word == .eval || candidates[item.mark].word == .arguments
        {
            pattern.assignFault = item.start
        }
        if pattern.bindFault < 0 { pattern.bindFault = faults.bind }
        if pattern.coverFault < 0 { pattern.coverFault = item.coverFault }
    }

    @inline(never)
    private func refuse(_ place: Int, _ pattern: inout JavaScriptExpression) {
        if pattern.assignFault < 0 { pattern.assignFault = place }
        if pattern.bindFault < 0 { pattern.bindFault = place }
    }

    @inline(never)
    private mutating func object() throws(JavaScriptFault) -> JavaScriptExpression {
        var result = JavaScriptExpression(kind: .pattern, start: token.start, mark: candidates.count)
        let allowed = allowsIn
        var hasPrototype = false
        allowsIn = true
        try deeper()
        try advance()
        while token.kind != .braceClose {
            if try take(.ellipsis) {
                let item = try assignment()
                absorb(item, into: &result)
                if token.kind == .comma || item.kind != .name && item.kind != .member { refuse(item.start, &result) }
            } else {
                try property(&result, &hasPrototype)
            }
            if token.kind != .braceClose { try expect(.comma) }
        }
        try advance()
        depth -= 1
        allowsIn = allowed
        return result
    }

    /// One property of an object: `key: value`, shorthand, method, getter or setter.
    @inline(never)
    private mutating func property(
        _ object: inout JavaScriptExpression, _ hasPrototype: inout Bool
    ) throws(JavaScriptFault) {
        let head = try methodHead()
        if token.kind == .parenOpen || head.isMethod {
            refuse(head.key.start, &object)
            return try function(.method(head), start: head.key.start, isAsync: head.isAsync)
        }
        if try take(.colon) {
            let isPrototype = isPrototypeKey(head.key)
            let item = try assignment()
            absorb(item, into: &object)
            if isPrototype {
                if hasPrototype, object.coverFault < 0 { object.coverFault = head.key.start }
                hasPrototype = true
            }
            return
        }
        guard head.key.kind == .name else { throw unexpected() }
        try checkReference(head.key)
        if head.key.word == .await { lastAwaitName = head.key.start }
        candidates.append(head.key)
        refer(to: head.key)
        if context.isStrict, head.key.word == .eval || head.key.word == .arguments { refuse(head.key.start, &object) }
        if token.kind == .assign {
            if object.coverFault < 0 { object.coverFault = token.start }
            try advance()
            let kept = candidates.count
            try settle(try assignment())
            candidates.removeSubrange(kept...)
        }
    }

    @inline(never)
    private func isPrototypeKey(_ key: JavaScriptToken) -> Bool {
        guard key.kind == .name || key.kind == .string, key.end - key.start < 64 else { return false }
        if key.kind == .name { return lexer.text(key) == "__proto__" }
        return lexer.bytes[(key.start + 1)..<(key.end - 1)].elementsEqual("__proto__".utf8)
    }
}
