/// One token of a script.
struct JavaScriptToken {
    var kind: JavaScriptTokenKind = .end
    /// The word that a name spells, escapes resolved.
    var word: JavaScriptWord = .none
    /// A line ended between the token before and this one.
    var isAfterNewline = false
    /// A name with escapes: never a keyword.
    var isEscaped = false
    /// A number or string in an old octal form: not in strict code.
    var isLegacyOctal = false
    /// A string or template that has references.
    var hasReference = false
    // tokens and expressions are kept on the stack in every level of the recursion: small
    private var start32: Int32 = 0
    private var end32: Int32 = 0

    var start: Int {
        get { Int(start32) }
        set { start32 = Int32(truncatingIfNeeded: newValue) }
    }

    var end: Int {
        get { Int(end32) }
        set { end32 = Int32(truncatingIfNeeded: newValue) }
    }
}

enum JavaScriptTokenKind: UInt8 {
    case end, name, privateName, number, string, template, reference
    case braceOpen, braceClose, parenOpen, parenClose, bracketOpen, bracketClose
    case dot, ellipsis, semicolon, comma, question, optionalDot, colon, arrow
    case assign, compoundAssign, logicalAssign, slashAssign
    case less, greater, lessEqual, greaterEqual, equality
    case plus, minus, star, slash, percent, power, increment, decrement
    case shift, and, or, xor, not, tilde, logicalAnd, logicalOr, coalesce

    /// How tightly a binary operator binds; 0 for what is none. `??` is apart: it does not mix with `||`.
    var precedence: Int {
        switch self {
        case .coalesce: 1
        case .logicalOr: 2
        case .logicalAnd: 3
        case .or: 4
        case .xor: 5
        case .and: 6
        case .equality: 7
        case .less, .greater, .lessEqual, .greaterEqual: 8
        case .shift: 9
        case .plus, .minus: 10
        case .star, .slash, .percent: 11
        case .power: 12
        default: 0
        }
    }

    var isAssignment: Bool {
        switch self {
        case .assign, .compoundAssign, .logicalAssign, .slashAssign: true
        default: false
        }
    }
}

/// Words with a meaning, reserved everywhere, in strict code, or in some places.
enum JavaScriptWord: UInt8, CaseIterable {
    case none
    // reserved
    case `break`, `case`, `catch`, `class`, const, `continue`, debugger, `default`, delete, `do`, `else`, `enum`, export
    case extends, `false`, finally, `for`, function, `if`, `import`, `in`, instanceof, new, null, `return`, `super`
    case `switch`, this, `throw`, `true`, `try`, typeof, `var`, void, `while`, with
    // reserved in strict code
    case implements, interface, `let`, package, `private`, protected, `public`, `static`, yield
    // in places
    case arguments, `as`, async, await, constructor, document, eval, from, get, meta, of, prototype, set, target

    /// Never a name of a variable.
    var isReserved: Bool { rawValue >= Self.break.rawValue && rawValue <= Self.with.rawValue }

    /// Not a name of a variable in strict code.
    var isStrictReserved: Bool {
        rawValue >= Self.implements.rawValue && rawValue <= Self.yield.rawValue
    }

    /// The word that bytes spell. O(words of that length).
    static func spelled(by bytes: ArraySlice<UInt8>) -> JavaScriptWord {
        guard bytes.count < byLength.count, let first = bytes.first else { return .none }
        for word in byLength[bytes.count] where word.bytes[0] == first && word.bytes.elementsEqual(bytes) {
            return word.word
        }
        return .none
    }

    private static let byLength: [[(bytes: [UInt8], word: JavaScriptWord)]] = {
        var table = Array(repeating: [(bytes: [UInt8], word: JavaScriptWord)](), count: 12)
        for word in allCases where word != .none {
            let bytes = Array(String(describing: word).utf8)
            if bytes.count < table.count { table[bytes.count].append((bytes, word)) }
        }
        return table
    }()
}
