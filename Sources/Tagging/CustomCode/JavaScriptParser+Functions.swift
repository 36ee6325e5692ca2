/// The kinds of functions that differ in their grammar.
enum JavaScriptFunctionKind {
    case expression
    /// A declaration; in a place for one statement it is less allowed.
    case declaration
    case method(JavaScriptMethodHead)
}

/// What stands before a method's parameters.
struct JavaScriptMethodHead {
    var key = JavaScriptToken()
    var isAsync = false
    var isGenerator = false
    var isGetter = false
    var isSetter = false
    var isStatic = false
    var isConstructor = false
    /// The class has `extends`.
    var isDerived = false
    var isComputed = false
    /// It can be nothing but a method.
    var isMethod: Bool { isAsync || isGenerator || isGetter || isSetter }
}

extension JavaScriptParser {
    /// A function from its word `function` (`async` was taken), or a method from its parameters on.
    @inline(never)
    mutating func function(
        _ kind: JavaScriptFunctionKind, start: Int, isAsync: Bool
    ) throws(JavaScriptFault) {
        var name: JavaScriptToken?
        var inner = Context()
        inner.isStrict = context.isStrict
        inner.isAsync = isAsync
        inner.allowsReturn = true
        inner.allowsNewTarget = true
        inner.isTopLevel = false
        inner.firstLabel = labels.count
        let outer = context
        switch kind {
        case .method(let head):
            inner.isGenerator = head.isGenerator
            inner.allowsSuperProperty = true
            inner.allowsSuperCall = head.isConstructor && head.isDerived
            context = inner
        case .expression, .declaration:
            try advance()
            inner.isGenerator = try take(.star)
            if case .expression = kind {
                context = inner
                if token.kind == .name { name = try bindingName() }
            } else {
                name = try bindingName()
                if let name { try declareFunction(name, isPlain: !isAsync && !inner.isGenerator) }
                context = inner
            }
        }
        try parametersAndBody(kind, name: name)
        context = outer
        try closeFunction()
    }

    /// The parameters and the body up to its brace, which stays: the caller takes it in its own context.
    @inline(never)
    private mutating func parametersAndBody(
        _ kind: JavaScriptFunctionKind, name: JavaScriptToken?
    ) throws(JavaScriptFault) {
        let kept = (lastAwait, lastYield, lastAwaitName, allowsIn, arrowPlace)
        allowsIn = true
        openScope(.function)
        if references.isKept {
            scopes[scopes.count - 1].own = ["arguments"]
            if let name, case .expression = kind { scopes[scopes.count - 1].own.insert(lexer.text(name)) }
        }
        var names: [JavaScriptToken] = []
        context.isParameters = true
        let start = token.start
        let (count, isSimple, hasRest) = try parameters(&names)
        context.isParameters = false
        scopes[scopes.count - 1].firstBodyReference = references.names.count
        var isUnique = !isSimple
        if case .method(let head) = kind {
            isUnique = true
            if head.isGetter, count != 0 {
                throw JavaScriptFault(offset: start, problem: "a getter has no parameters")
            }
            if head.isSetter, count != 1 || hasRest {
                throw JavaScriptFault(offset: start, problem: "a setter has one parameter")
            }
        }
        try body(parameters: names, name: name, isSimple: isSimple, isUnique: isUnique)
        (lastAwait, lastYield, lastAwaitName, allowsIn, arrowPlace) = kept
    }

    @inline(never)
    private mutating func parameters(
        _ names: inout [JavaScriptToken]
    ) throws(JavaScriptFault) -> (count: Int, isSimple: Bool, hasRest: Bool) {
        var isSimple = true
        var hasRest = false
        var count = 0
        try expect(.parenOpen)
        while token.kind != .parenClose {
            count += 1
            if token.kind != .name { isSimple = false }
            if try take(.ellipsis) {
                try bindingTarget(&names)
                hasRest = true
                break
            }
            try bindingElement(&names)
            if previousKind != .name || names.last?.end != previousEnd { isSimple = false }
            if token.kind != .parenClose { try expect(.comma) }
        }
        try expect(.parenClose)
        return (count, isSimple, hasRest)
    }

    /// A body from `{` to before `}`. What `"use strict"` in it forbids is checked of what stood before it.
    @inline(never)
    mutating func body(
        parameters: [JavaScriptToken], name: JavaScriptToken?, isSimple: Bool, isUnique: Bool
    ) throws(JavaScriptFault) {
        let kept = (lastAwait, lastYield)
        try deeper()
        try expect(.braceOpen)
        let becameStrict = try directives()
        if becameStrict, !isSimple {
            throw JavaScriptFault(
                offset: token.start, problem: "\"use strict\" under parameters that are not plain names")
        }
        if context.isStrict { for bound in parameters + [name].compactMap({ $0 }) { try checkStrict(bound) } }
        try declareParameters(parameters, isUnique: isUnique || context.isStrict)
        while token.kind != .braceClose { try statement(.list) }
        (lastAwait, lastYield) = kept
        depth -= 1
    }

    @inline(never)
    private func checkStrict(_ name: JavaScriptToken) throws(JavaScriptFault) {
        if name.word.isStrictReserved || name.word == .eval || name.word == .arguments { throw unexpected(name) }
    }

    /// Takes the brace that ends a function, in the context around it.
    @inline(never)
    mutating func closeFunction() throws(JavaScriptFault) {
        closeScope()
        try expect(.braceClose)
    }

    // MARK: Keys and methods

    /// `name`, `"name"`, `1`, `[name]`: a key of an object.
    @inline(never)
    mutating func propertyKey() throws(JavaScriptFault) {
        switch token.kind {
        case .name: try advance()
        case .string, .number:
            if token.isLegacyOctal, context.isStrict { throw unexpected() }
            if token.hasReference { output.keys.append(token.start..<token.end) }
            try advance()
        case .bracketOpen:
            try deeper()
            try advance()
            try value()
            try expect(.bracketClose)
            depth -= 1
        default: throw unexpected()
        }
    }

    /// The words and the key before a property's or method's rest.
    @inline(never)
    mutating func methodHead(isClass: Bool = false) throws(JavaScriptFault) -> JavaScriptMethodHead {
        var head = JavaScriptMethodHead()
        if isClass, isWord(.static) {
            head.key = token
            try advance()
            if endsKey(isClass) { return head }
            head.isStatic = true
        }
        if isWord(.async) {
            head.key = token
            try advance()
            if endsKey(isClass) || token.isAfterNewline { return head }
            head.isAsync = true
        }
        if try take(.star) { head.isGenerator = true }
        if !head.isMethod, isWord(.get) || isWord(.set) {
            head.key = token
            let isGetter = token.word == .get
            try advance()
            if endsKey(isClass) || isClass && token.kind == .star { return head }
            head.isGetter = isGetter
            head.isSetter = !isGetter
        }
        head.key = token
        head.isComputed = token.kind == .bracketOpen
        if isClass, token.kind == .privateName {
            try advance()
        } else {
            try propertyKey()
        }
        return head
    }

    /// The word before was the key itself.
    @inline(never)
    private func endsKey(_ isClass: Bool) -> Bool {
        switch token.kind {
        case .parenOpen, .comma, .colon, .braceClose, .assign: true
        case .semicolon, .end: true
        case .braceOpen: false
        default: false
        }
    }
}
