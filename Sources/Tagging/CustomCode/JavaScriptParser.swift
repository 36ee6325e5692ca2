/// Reads a script by recursive descent, without a tree: of an expression it keeps only what may still matter
/// (`JavaScriptExpression`). One pass, no going back but for two tokens: O(bytes).
struct JavaScriptParser {
    var lexer: JavaScriptLexer
    /// The token that was not taken yet.
    var token = JavaScriptToken()
    /// Where the last taken token ended.
    var previousEnd = 0
    var previousKind = JavaScriptTokenKind.end
    var previousWord = JavaScriptWord.none
    var context = Context()
    var depth = 0
    var scopes = [JavaScriptScope(.function)]
    var labels: [Label] = []
    var classes: [ClassNames] = []
    /// Names that an expression being read would bind if it turned out to be a pattern.
    var candidates: [JavaScriptToken] = []
    /// `in` is an operator; not in the head of a `for`.
    var allowsIn = true
    /// Where an arrow function could begin: the start of an assignment expression.
    var arrowPlace = -1
    /// The last `await` and `yield` that were read as operators, and `await` as a name: arrows' parameters have none.
    var lastAwait = -1
    var lastYield = -1
    var lastAwaitName = -1
    var output = JavaScriptParse()
    var globalPlaces: [String: Int] = [:]
    var references = JavaScriptReferences()

    /// What the function around allows.
    struct Context {
        var isStrict = false
        var isGenerator = false
        var isAsync = false
        /// Code of the script itself, in no function and no class.
        var isTopLevel = true
        /// The parameters of a function are being read.
        var isParameters = false
        var allowsReturn = false
        var allowsNewTarget = false
        var allowsSuperProperty = false
        var allowsSuperCall = false
        /// A field's value or a static block: `arguments` is no name there.
        var isField = false
        var isStaticBlock = false
        var loops = 0
        /// Loops and switches.
        var breakables = 0
        /// Labels of functions around do not count.
        var firstLabel = 0
    }

    struct Label {
        var name: String
        var isLoop: Bool
    }

    /// Private names of a class.
    struct ClassNames {
        var declared: [String: PrivateKind] = [:]
        var used: [(name: String, offset: Int)] = []
    }

    enum PrivateKind { case getter, setter, staticGetter, staticSetter, other }

    init(_ bytes: [UInt8], hasReferences: Bool) {
        lexer = JavaScriptLexer(bytes, hasReferences: hasReferences)
    }

    /// What a successful parse gives.
    consuming func result() -> JavaScriptParse {
        output.references.append(contentsOf: lexer.references)
        output.references.sort { $0.range.lowerBound < $1.range.lowerBound }
        return output
    }

    // MARK: The whole

    /// Reads the text as a script.
    @inline(never)
    mutating func script() throws(JavaScriptFault) {
        try advance()
        try directives()
        output.facts.isStrict = context.isStrict
        while token.kind != .end { try statement(.list) }
    }

    /// Reads the text as one function.
    @inline(never)
    mutating func functionOnly() throws(JavaScriptFault) {
        try advance()
        let start = token.start
        context.isTopLevel = false
        let expression = try assignment()
        try settle(expression)
        guard expression.kind == .function || expression.kind == .arrow else {
            throw JavaScriptFault(offset: start, problem: "the code is not one function")
        }
        guard token.kind == .end else { throw unexpected() }
    }

    /// Reads the text as the body of a strict function, with the names that it does not declare.
    @inline(never)
    mutating func functionBody() throws(JavaScriptFault) {
        references.keep()
        context.isStrict = true
        context.isTopLevel = false
        context.allowsReturn = true
        scopes[0].own = ["arguments"]
        try advance()
        try directives()
        while token.kind != .end { try statement(.list) }
        if let whole = scopes.first { references.close(whole) }
        var seen: Set<String> = []
        output.facts.freeNames = references.names.map(\.name).filter { seen.insert($0).inserted }
        output.facts.requiresAnything = references.requires > references.literalRequires
    }

    /// `"use strict"` and other lone strings at the beginning of a body. Gives true if it made the body strict.
    @inline(never)
    @discardableResult
    mutating func directives() throws(JavaScriptFault) -> Bool {
        var octal: Int?
        var becameStrict = false
        while token.kind == .string, !token.hasReference {
            let text = token
            let isLone = try isLoneString()
            guard isLone else { break }
            if text.isLegacyOctal { octal = octal ?? text.start }
            if lexer.bytes[(text.start + 1)..<(text.end - 1)].elementsEqual("use strict".utf8) {
                context.isStrict = true
                becameStrict = true
            }
            try advance()
            try semicolon()
        }
        if context.isStrict, let octal { throw JavaScriptFault(offset: octal, problem: "octal escape in strict code") }
        return becameStrict
    }

    /// The string that stands here is a statement of its own.
    @inline(never)
    private func isLoneString() throws(JavaScriptFault) -> Bool {
        var ahead = lexer
        guard let after = try? ahead.next() else { return false }
        switch after.kind {
        case .semicolon, .braceClose, .end: return true
        default: break
        }
        guard after.isAfterNewline else { return false }
        switch after.kind {
        case .name: return after.isEscaped || after.word != .in && after.word != .instanceof
        case .number, .string, .braceOpen, .not, .tilde, .increment, .decrement, .privateName, .reference: return true
        default: return false
        }
    }

    // MARK: Tokens

    /// Goes to the next token.
    @inline(never)
    mutating func advance() throws(JavaScriptFault) {
        previousEnd = token.end
        previousKind = token.kind
        previousWord = token.isEscaped ? .none : token.word
        token = try lexer.next()
        if token.kind == .name { noteResolverLike() }
    }

    /// A name of the form `v`, `v1`, … is kept: the resolver has to have another.
    @inline(never)
    private mutating func noteResolverLike() {
        let first = lexer.bytes[token.start]
        guard first == UInt8(ascii: "v") || token.isEscaped, token.end - token.start < 48 else { return }
        let name = lexer.text(token)
        if name.utf8.first == UInt8(ascii: "v"), name.utf8.dropFirst().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            output.resolverLike.insert(name)
        }
    }

    /// The token is this keyword, written without escapes.
    @inline(__always) func isWord(_ word: JavaScriptWord) -> Bool {
        token.kind == .name && token.word == word && !token.isEscaped
    }

    @inline(never)
    mutating func take(_ kind: JavaScriptTokenKind) throws(JavaScriptFault) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    @inline(never)
    mutating func takeWord(_ word: JavaScriptWord) throws(JavaScriptFault) -> Bool {
        guard isWord(word) else { return false }
        try advance()
        return true
    }

    @inline(never)
    mutating func expect(_ kind: JavaScriptTokenKind) throws(JavaScriptFault) {
        guard token.kind == kind else { throw unexpected() }
        try advance()
    }

    /// A semicolon, written or left out where the language allows that.
    @inline(never)
    mutating func semicolon() throws(JavaScriptFault) {
        if token.kind == .semicolon { return try advance() }
        guard token.kind == .braceClose || token.kind == .end || token.isAfterNewline else { throw unexpected() }
    }

    /// The token after this one, without taking any.
    @inline(never)
    func ahead() -> JavaScriptToken {
        var copy = lexer
        return (try? copy.next()) ?? JavaScriptToken()
    }

    @inline(never)
    func unexpected() -> JavaScriptFault { unexpected(token) }

    @inline(never)
    func unexpected(_ token: JavaScriptToken) -> JavaScriptFault {
        guard token.kind != .end else {
            return JavaScriptFault(offset: token.start, problem: "the code ends too early")
        }
        let text = lexer.bytes[token.start..<min(token.end, token.start + 40)]
        return JavaScriptFault(
            offset: token.start, problem: "unexpected \"\(String(decoding: text, as: UTF8.self))\"")
    }

    /// One level deeper; the caller goes back with `depth -= 1`, or fails.
    @inline(__always) mutating func deeper() throws(JavaScriptFault) {
        depth += 1
        if depth > JavaScriptSyntax.depthMax {
            throw JavaScriptFault(
                offset: token.start, problem: "nested more than \(JavaScriptSyntax.depthMax) levels deep")
        }
    }

    // MARK: Names

    /// A name that is read, not bound.
    @inline(never)
    func checkReference(_ name: JavaScriptToken) throws(JavaScriptFault) {
        let word = name.word
        guard word != .none else { return }
        if word.isReserved || context.isStrict && word.isStrictReserved { throw unexpected(name) }
        if word == .yield, context.isGenerator { throw unexpected(name) }
        if word == .await, context.isAsync || context.isStaticBlock { throw unexpected(name) }
        if word == .arguments, context.isField {
            throw JavaScriptFault(offset: name.start, problem: "\"arguments\" in a class's field")
        }
    }

    /// A name that is bound.
    @inline(never)
    func checkBinding(_ name: JavaScriptToken) throws(JavaScriptFault) {
        guard name.word != .none else { return }
        if name.word != .arguments || context.isStrict { try checkReference(name) }
        if context.isStrict, name.word == .eval || name.word == .arguments { throw unexpected(name) }
    }

    /// Takes a name and gives its token.
    @inline(never)
    mutating func bindingName() throws(JavaScriptFault) -> JavaScriptToken {
        guard token.kind == .name else { throw unexpected() }
        try checkBinding(token)
        let name = token
        try advance()
        return name
    }

    /// A pattern or name that binds; the names are appended.
    @inline(never)
    mutating func bindingTarget(_ names: inout [JavaScriptToken]) throws(JavaScriptFault) {
        switch token.kind {
        case .bracketOpen: try bindingArray(&names)
        case .braceOpen: try bindingObject(&names)
        default: names.append(try bindingName())
        }
    }

    /// The same with a default value.
    @inline(never)
    mutating func bindingElement(_ names: inout [JavaScriptToken]) throws(JavaScriptFault) {
        try bindingTarget(&names)
        if try take(.assign) { try value() }
    }

    @inline(never)
    private mutating func bindingArray(_ names: inout [JavaScriptToken]) throws(JavaScriptFault) {
        try deeper()
        try advance()
        while token.kind != .bracketClose {
            if try take(.comma) { continue }
            if try take(.ellipsis) {
                try bindingTarget(&names)
                break
            }
            try bindingElement(&names)
            if token.kind != .bracketClose { try expect(.comma) }
        }
        try expect(.bracketClose)
        depth -= 1
    }

    @inline(never)
    private mutating func bindingObject(_ names: inout [JavaScriptToken]) throws(JavaScriptFault) {
        try deeper()
        try advance()
        while token.kind != .braceClose {
            if try take(.ellipsis) {
                names.append(try bindingName())
                break
            }
            let key = token
            try propertyKey()
            if try take(.colon) {
                try bindingElement(&names)
            } else {
                guard key.kind == .name else { throw unexpected() }
                try checkBinding(key)
                names.append(key)
                if try take(.assign) { try value() }
            }
            if token.kind != .braceClose { try expect(.comma) }
        }
        try expect(.braceClose)
        depth -= 1
    }

    /// An assignment expression inside brackets, patterns and fields, read for its errors only.
    @inline(never)
    mutating func value() throws(JavaScriptFault) {
        let before = allowsIn
        allowsIn = true
        let mark = candidates.count
        try settle(try assignment())
        candidates.removeSubrange(mark...)
        allowsIn = before
    }
}
