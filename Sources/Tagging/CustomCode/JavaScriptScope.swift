/// The names that one function, block or catch clause declares, for the early errors of declaring twice.
struct JavaScriptScope {
    enum Kind {
        case function, block
        /// A catch clause whose parameter is one name, which a `var` inside may repeat.
        case simpleCatch
    }

    var kind: Kind
    /// `let`, `const`, `class`, functions in blocks, parameters of a catch clause.
    var lexical: Set<String> = []
    /// `var` that stands here or goes through, functions of a function's top level, and parameters.
    var variable: Set<String> = []
    /// Functions in a block of sloppy code: these may be declared again by a function.
    var blockFunctions: Set<String> = []
    /// Parameters of a function: a function or `var` may repeat them, `let` not.
    var parameters: Set<String> = []
    /// What a function has without declaring it inside: its own name, `arguments`.
    var own: Set<String> = []
    /// Places among `JavaScriptParser.references`: of the first in the scope, and of the first behind its parameters.
    var firstReference = 0
    var firstBodyReference = 0

    init(_ kind: Kind) {
        self.kind = kind
    }

    func declares(_ name: String, isInBody: Bool) -> Bool {
        parameters.contains(name) || own.contains(name)
            || isInBody && (lexical.contains(name) || variable.contains(name))
    }
}

/// Names that are read before it is known what they mean: only for a function's body, whose free names matter.
struct JavaScriptReferences {
    private(set) var isKept = false
    private(set) var names: [(name: String, start: Int)] = []
    private(set) var requires = 0
    var literalRequires = 0

    mutating func keep() { isKept = true }

    mutating func add(_ name: String, at start: Int) {
        names.append((name, start))
        if name == "require" { requires += 1 }
    }

    /// Takes out what a scope declares that closes. O(names in it).
    mutating func close(_ scope: JavaScriptScope) {
        guard isKept, scope.firstReference < names.count else { return }
        var place = scope.firstReference - 1
        let rest = names[scope.firstReference...].filter { name in
            place += 1
            return !scope.declares(name.name, isInBody: place >= scope.firstBodyReference)
        }
        names.replaceSubrange(scope.firstReference..., with: rest)
    }

    /// The place of the first name that stands at an offset or behind it. O(names behind it).
    func place(from offset: Int) -> Int {
        var place = names.count
        while place > 0, names[place - 1].start >= offset { place -= 1 }
        return place
    }
}

extension JavaScriptParser {
    /// Opens a scope. With `start`, names that were read from there on are of the scope: an arrow's parameters.
    mutating func openScope(_ kind: JavaScriptScope.Kind, from start: Int? = nil) {
        var scope = JavaScriptScope(kind)
        scope.firstBodyReference = references.names.count
        scope.firstReference = start.map { references.place(from: $0) } ?? scope.firstBodyReference
        scopes.append(scope)
    }

    /// Closes the innermost scope.
    mutating func closeScope() {
        references.close(scopes.removeLast())
    }

    /// Keeps a name that is read or set.
    mutating func refer(to token: JavaScriptToken) {
        guard references.isKept else { return }
        references.add(lexer.text(token), at: token.start)
    }

    /// At the `(` of a call of `require`: keeps what it is called with.
    mutating func noteRequire() {
        guard references.isKept else { return }
        var copy = lexer
        guard let first = try? copy.next(), let second = try? copy.next(), first.kind == .string,
            second.kind == .parenClose
        else { return }
        let bytes = lexer.bytes[(first.start + 1)..<max(first.end - 1, first.start + 1)]
        guard !bytes.contains(UInt8(ascii: "\\")) else { return }
        references.literalRequires += 1
        let name = String(decoding: bytes, as: UTF8.self)
        if !output.facts.requires.contains(name) { output.facts.requires.append(name) }
    }

    /// Declares a `var` in the function around. O(blocks between).
    mutating func declareVariable(_ token: JavaScriptToken) throws(JavaScriptFault) {
        let name = lexer.text(token)
        for place in scopes.indices.reversed() {
            if scopes[place].lexical.contains(name), scopes[place].kind != .simpleCatch {
                throw twice(name, token)
            }
            scopes[place].variable.insert(name)
            if scopes[place].kind == .function { break }
        }
        if context.isTopLevel { declareGlobal(name, .variable) }
    }

    /// Declares a `let`, `const` or `class` in the block around.
    mutating func declareLexical(
        _ token: JavaScriptToken, _ kind: JavaScriptFacts.Kind
    ) throws(JavaScriptFault) {
        let name = lexer.text(token)
        let last = scopes.count - 1
        if scopes[last].lexical.contains(name) || scopes[last].variable.contains(name)
            || scopes[last].parameters.contains(name)
        {
            throw twice(name, token)
        }
        scopes[last].lexical.insert(name)
        if context.isTopLevel, scopes.count == 1 { declareGlobal(name, kind) }
    }

    /// Declares a function: a `var` at the top of a function or script, lexical in a block.
    mutating func declareFunction(_ token: JavaScriptToken, isPlain: Bool) throws(JavaScriptFault) {
        let name = lexer.text(token)
        let last = scopes.count - 1
        if scopes[last].kind == .function {
            if scopes[last].lexical.contains(name) { throw twice(name, token) }
            scopes[last].variable.insert(name)
            if context.isTopLevel { declareGlobal(name, .function) }
            return
        }
        let isRepeatable = isPlain && !context.isStrict
        if scopes[last].variable.contains(name)
            || scopes[last].lexical.contains(name)
                && !(isRepeatable && scopes[last].blockFunctions.contains(name))
        {
            throw twice(name, token)
        }
        scopes[last].lexical.insert(name)
        guard isRepeatable else { return }
        scopes[last].blockFunctions.insert(name)
        // Annex B.3.3: also a variable of the function around, unless a let, const or class is in the way
        if context.isTopLevel, !scopes.dropLast().contains(where: { $0.lexical.contains(name) }) {
            declareGlobal(name, .blockFunction)
        }
    }

    /// Declares parameters; `isUnique` when none may be there twice.
    mutating func declareParameters(_ tokens: [JavaScriptToken], isUnique: Bool) throws(JavaScriptFault) {
        let last = scopes.count - 1
        for token in tokens {
            let name = lexer.text(token)
            if !scopes[last].parameters.insert(name).inserted, isUnique {
                throw JavaScriptFault(offset: token.start, problem: "parameter \"\(name)\" is there twice")
            }
        }
    }

    private func twice(_ name: String, _ token: JavaScriptToken) -> JavaScriptFault {
        JavaScriptFault(offset: token.start, problem: "\"\(name)\" is declared twice")
    }

    /// Keeps a name of the script's top level; a function wins over a variable, as it is there first.
    private mutating func declareGlobal(_ name: String, _ kind: JavaScriptFacts.Kind) {
        guard let place = globalPlaces[name] else {
            globalPlaces[name] = output.facts.declarations.count
            output.facts.declarations.append(.init(name: name, kind: kind))
            return
        }
        let before = output.facts.declarations[place].kind
        if before == .variable && kind == .function || before == .function && kind == .variable {
            output.redeclared.insert(name)
        }
        if kind == .function || kind == .blockFunction && before == .variable {
            output.facts.declarations[place].kind = kind
        }
    }
}
