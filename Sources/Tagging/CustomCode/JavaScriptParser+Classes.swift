extension JavaScriptParser {
    /// A class from its word on. Its code is strict.
    @inline(never)
    mutating func classBody(isDeclaration: Bool) throws(JavaScriptFault) {
        try deeper()
        try advance()
        let outer = context
        context.isStrict = true
        var isDerived = false
        if token.kind == .name, isDeclaration || !isWord(.extends) {
            let name = try bindingName()
            if isDeclaration { try declareLexical(name, .class) }
        } else if isDeclaration {
            throw unexpected()
        }
        if try takeWord(.extends) {
            isDerived = true
            arrowPlace = -1
            let mark = candidates.count
            let heritage = try subscripts(try primary())
            try settle(heritage)
            if heritage.kind == .arrow { throw unexpected() }
            candidates.removeSubrange(mark...)
        }
        guard token.kind == .braceOpen else { throw unexpected() }
        try advance()
        classes.append(ClassNames())
        var hasConstructor = false
        while token.kind != .braceClose {
            if try take(.semicolon) { continue }
            try classElement(isDerived: isDerived, &hasConstructor)
        }
        try closePrivateNames()
        context = outer
        try expect(.braceClose)
        depth -= 1
    }

    @inline(never)
    private mutating func classElement(
        isDerived: Bool, _ hasConstructor: inout Bool
    ) throws(JavaScriptFault) {
        if isWord(.static), ahead().kind == .braceOpen { return try staticBlock() }
        var head = try methodHead(isClass: true)
        head.isDerived = isDerived
        let name = head.isComputed ? "" : keyText(head.key)
        if head.key.kind == .privateName { try declarePrivateName(head, name) }
        guard token.kind == .parenOpen || head.isMethod else { return try field(head, name) }
        if head.isStatic, name == "prototype" {
            throw JavaScriptFault(offset: head.key.start, problem: "a static method cannot be named \"prototype\"")
        }
        if name == "constructor", !head.isStatic {
            if head.isMethod || hasConstructor {
                throw JavaScriptFault(offset: head.key.start, problem: "a class has one constructor, a plain method")
            }
            hasConstructor = true
            head.isConstructor = true
        }
        try function(.method(head), start: head.key.start, isAsync: head.isAsync)
    }

    /// A key that is no expression, as text.
    @inline(never)
    private func keyText(_ key: JavaScriptToken) -> String {
        switch key.kind {
        case .name, .privateName: lexer.text(key)
        case .string: String(decoding: lexer.bytes[(key.start + 1)..<(key.end - 1)], as: UTF8.self)
        default: ""
        }
    }

    @inline(never)
    private mutating func field(_ head: JavaScriptMethodHead, _ name: String) throws(JavaScriptFault) {
        if name == "constructor" || head.isStatic && name == "prototype" {
            throw JavaScriptFault(offset: head.key.start, problem: "a field cannot be named \"\(name)\"")
        }
        if token.kind == .assign {
            let outer = context
            enterField()
            try advance()
            try value()
            context = outer
        }
        try semicolon()
    }

    @inline(never)
    private mutating func staticBlock() throws(JavaScriptFault) {
        try deeper()
        try advance()
        let outer = context
        enterField()
        context.isStaticBlock = true
        openScope(.function)
        try expect(.braceOpen)
        while token.kind != .braceClose { try statement(.list) }
        closeScope()
        context = outer
        try expect(.braceClose)
        depth -= 1
    }

    @inline(never)
    private mutating func enterField() {
        var inner = Context()
        inner.isStrict = true
        inner.isTopLevel = false
        inner.isField = true
        inner.allowsNewTarget = true
        inner.allowsSuperProperty = true
        inner.firstLabel = labels.count
        context = inner
    }

    // MARK: Private names

    /// Takes `#name`, to be found in a class around.
    @inline(never)
    mutating func usePrivateName() throws(JavaScriptFault) {
        guard !classes.isEmpty else {
            throw JavaScriptFault(offset: token.start, problem: "a private name outside of a class")
        }
        classes[classes.count - 1].used.append((lexer.text(token), token.start))
        try advance()
    }

    @inline(never)
    private mutating func declarePrivateName(
        _ head: JavaScriptMethodHead, _ name: String
    ) throws(JavaScriptFault) {
        let kind: PrivateKind =
            head.isGetter
            ? head.isStatic ? .staticGetter : .getter
            : head.isSetter ? head.isStatic ? .staticSetter : .setter : .other
        let last = classes.count - 1
        guard name != "#constructor" else {
            throw JavaScriptFault(offset: head.key.start, problem: "a private name cannot be \"#constructor\"")
        }
        guard let before = classes[last].declared.updateValue(kind, forKey: name) else { return }
        switch (before, kind) {
        case (.getter, .setter), (.setter, .getter), (.staticGetter, .staticSetter), (.staticSetter, .staticGetter):
            classes[last].declared[name] = .other
        default:
            throw JavaScriptFault(offset: head.key.start, problem: "\"\(name)\" is declared twice")
        }
    }

    /// Names that this class lacks have to be in one around it.
    @inline(never)
    private mutating func closePrivateNames() throws(JavaScriptFault) {
        let names = classes.removeLast()
        let missing = names.used.filter { names.declared[$0.name] == nil }
        guard let first = missing.first else { return }
        guard !classes.isEmpty else {
            throw JavaScriptFault(offset: first.offset, problem: "no class around declares \"\(first.name)\"")
        }
        classes[classes.count - 1].used.append(contentsOf: missing)
    }
}
