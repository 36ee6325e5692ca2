extension JavaScriptParser {
    /// Where a statement stands, which decides what declarations it may be.
    enum Place {
        /// In a list: everything.
        case list
        /// Behind `if` or `else`: in sloppy code also a function.
        case branch
        /// The body of a loop or `with`: no declaration.
        case body
        /// Behind a label: in sloppy code also a function, if the label itself stands in a list.
        case label
        case labelInBody
    }

    /// One statement or declaration.
    @inline(never)
    mutating func statement(_ place: Place) throws(JavaScriptFault) {
        try deeper()
        try statementBody(place)
        depth -= 1
    }

    @inline(never)
    private mutating func statementBody(_ place: Place) throws(JavaScriptFault) {
        switch token.kind {
        case .braceOpen: return try block()
        case .semicolon: return try advance()
        case .name where !token.isEscaped:
            if try wordStatement(token.word, place) { return }
        default: break
        }
        if token.kind == .name, ahead().kind == .colon { return try labelled(place) }
        try expression()
        try semicolon()
    }

    /// A statement that begins with a keyword; false if the word begins an expression.
    @inline(never)
    private mutating func wordStatement(
        _ word: JavaScriptWord, _ place: Place
    ) throws(JavaScriptFault) -> Bool {
        switch word {
        case .var: try variableStatement()
        case .if: try ifStatement()
        case .for: try loop { (parser) throws(JavaScriptFault) in try parser.forStatement() }
        case .while:
            try loop { (parser) throws(JavaScriptFault) in
                try parser.condition()
                try parser.statement(.body)
            }
        case .do: try doStatement()
        case .return: try returnStatement()
        case .break, .continue: try jump()
        case .throw:
            try advance()
            if token.isAfterNewline { throw unexpected() }
            try expression()
            try semicolon()
        case .try: try tryStatement()
        case .switch: try switchStatement()
        case .with:
            if context.isStrict { throw unexpected() }
            try advance()
            try condition()
            try statement(.body)
        case .debugger:
            try advance()
            try semicolon()
        case .function: try functionStatement(place)
        case .class:
            guard place == .list else { throw unexpected() }
            try classBody(isDeclaration: true)
        case .const:
            guard place == .list else { throw unexpected() }
            try lexicalStatement(.constant)
        case .let: return try letStatement(place)
        case .async:
            let next = ahead()
            guard next.kind == .name, next.word == .function, !next.isEscaped, !next.isAfterNewline else {
                return false
            }
            guard place == .list else { throw unexpected() }
            let start = token.start
            try advance()
            try function(.declaration, start: start, isAsync: true)
        case .import:
            guard ahead().kind == .parenOpen else {
                throw JavaScriptFault(offset: token.start, problem: "\"import\" of a module in a script")
            }
            return false
        default: return false
        }
        return true
    }

    @inline(never)
    private mutating func loop(
        _ statement: (inout JavaScriptParser) throws(JavaScriptFault) -> Void
    ) throws(JavaScriptFault) {
        try advance()
        context.loops += 1
        context.breakables += 1
        try statement(&self)
        context.loops -= 1
        context.breakables -= 1
    }

    /// `(a, b)`.
    @inline(never)
    private mutating func condition() throws(JavaScriptFault) {
        try expect(.parenOpen)
        try bracketed()
        try expect(.parenClose)
    }

    @inline(never)
    private mutating func block() throws(JavaScriptFault) {
        openScope(.block)
        try advance()
        while token.kind != .braceClose { try statement(.list) }
        closeScope()
        try advance()
    }

    /// `if`, with the chain of `else if` in a loop: chains are long.
    @inline(never)
    private mutating func ifStatement() throws(JavaScriptFault) {
        while true {
            try advance()
            try condition()
            try branch()
            guard try takeWord(.else) else { return }
            guard isWord(.if) else { return try branch() }
        }
    }

    @inline(never)
    private mutating func branch() throws(JavaScriptFault) {
        // a function here counts as one in a block of its own
        openScope(.block)
        try statement(.branch)
        closeScope()
    }

    @inline(never)
    private mutating func doStatement() throws(JavaScriptFault) {
        try loop { (parser) throws(JavaScriptFault) in try parser.statement(.body) }
        guard try takeWord(.while) else { throw unexpected() }
        try condition()
        _ = try take(.semicolon)
    }

    @inline(never)
    private mutating func returnStatement() throws(JavaScriptFault) {
        guard context.allowsReturn else {
            throw JavaScriptFault(offset: token.start, problem: "\"return\" outside of a function")
        }
        try advance()
        if token.kind != .semicolon, token.kind != .braceClose, token.kind != .end, !token.isAfterNewline {
            try expression()
        }
        try semicolon()
    }

    @inline(never)
    private mutating func jump() throws(JavaScriptFault) {
        let word = token
        let isContinue = word.word == .continue
        try advance()
        if token.kind == .name, !token.isAfterNewline {
            try checkReference(token)
            let name = lexer.text(token)
            let found = labels[context.firstLabel...].last { $0.name == name }
            guard let found, found.isLoop || !isContinue else {
                throw JavaScriptFault(
                    offset: token.start, problem: "no \(isContinue ? "loop" : "label") \"\(name)\" around")
            }
            try advance()
        } else if isContinue ? context.loops == 0 : context.breakables == 0 {
            throw JavaScriptFault(
                offset: word.start,
                problem: isContinue ? "\"continue\" outside of a loop" : "\"break\" outside of a loop")
        }
        try semicolon()
    }

    @inline(never)
    private mutating func labelled(_ place: Place) throws(JavaScriptFault) {
        let first = labels.count
        var inner: Place = place == .list || place == .label ? .label : .labelInBody
        while token.kind == .name, ahead().kind == .colon, token.isEscaped || !token.word.isReserved {
            try checkReference(token)
            let name = lexer.text(token)
            if labels[context.firstLabel...].contains(where: { $0.name == name }) {
                throw JavaScriptFault(offset: token.start, problem: "label \"\(name)\" is there twice")
            }
            labels.append(Label(name: name, isLoop: false))
            if labels.count > 2 * JavaScriptSyntax.depthMax {
                throw JavaScriptFault(offset: token.start, problem: "too many labels inside one another")
            }
            try advance()
            try advance()
        }
        if labels.count == first { throw unexpected() }
        let isLoop = isWord(.for) || isWord(.while) || isWord(.do)
        for index in first..<labels.count { labels[index].isLoop = isLoop }
        if inner == .labelInBody, isWord(.function) { inner = .body }
        try statement(inner)
        labels.removeSubrange(first...)
    }

    @inline(never)
    private mutating func functionStatement(_ place: Place) throws(JavaScriptFault) {
        let start = token.start
        if place != .list {
            guard !context.isStrict, place == .branch || place == .label, ahead().kind != .star else {
                throw JavaScriptFault(offset: start, problem: "a function is declared where a statement has to stand")
            }
        }
        try function(.declaration, start: start, isAsync: false)
    }

    @inline(never)
    private mutating func tryStatement() throws(JavaScriptFault) {
        try advance()
        guard token.kind == .braceOpen else { throw unexpected() }
        try block()
        var isComplete = false
        if try takeWord(.catch) {
            isComplete = true
            try catchClause()
        }
        if try takeWord(.finally) {
            isComplete = true
            guard token.kind == .braceOpen else { throw unexpected() }
            try block()
        }
        if !isComplete { throw unexpected() }
    }

    @inline(never)
    private mutating func catchClause() throws(JavaScriptFault) {
        var names: [JavaScriptToken] = []
        var isSimple = true
        if try take(.parenOpen) {
            isSimple = token.kind == .name
            try bindingTarget(&names)
            try expect(.parenClose)
        }
        guard token.kind == .braceOpen else { throw unexpected() }
        try advance()
        // the body's own names may not repeat the parameter's, a `var` may if it is a plain name
        openScope(isSimple ? .simpleCatch : .block)
        for name in names { try declareCatch(name) }
        while token.kind != .braceClose { try statement(.list) }
        closeScope()
        try advance()
    }

    @inline(never)
    private mutating func declareCatch(_ name: JavaScriptToken) throws(JavaScriptFault) {
        let text = lexer.text(name)
        if !scopes[scopes.count - 1].lexical.insert(text).inserted {
            throw JavaScriptFault(offset: name.start, problem: "\"\(text)\" is declared twice")
        }
    }

    @inline(never)
    private mutating func switchStatement() throws(JavaScriptFault) {
        try advance()
        try condition()
        try expect(.braceOpen)
        openScope(.block)
        context.breakables += 1
        var hasDefault = false
        while token.kind != .braceClose {
            if try takeWord(.case) {
                try bracketed()
            } else {
                guard isWord(.default), !hasDefault else { throw unexpected() }
                hasDefault = true
                try advance()
            }
            try expect(.colon)
            while token.kind != .braceClose, !isWord(.case), !isWord(.default) { try statement(.list) }
        }
        context.breakables -= 1
        closeScope()
        try advance()
    }
}
