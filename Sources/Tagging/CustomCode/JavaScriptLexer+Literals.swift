extension JavaScriptLexer {
    // MARK: Strings and templates

    /// A string to its closing quote. References in it are noted.
    mutating func string(_ token: inout JavaScriptToken) throws(JavaScriptFault) {
        token.kind = .string
        let start = offset
        let quote = bytes[start]
        let firstReference = references.count
        offset += 1
        while true {
            guard offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D else {
                throw JavaScriptFault(offset: start, problem: "string that does not end in its line")
            }
            if bytes[offset] == quote { break }
            if bytes[offset] == UInt8(ascii: "\\"), referenceEnd(offset + 1) == nil {
                guard try escape(isTemplate: false, isLegacy: &token.isLegacyOctal) else {
                    throw JavaScriptFault(offset: offset, problem: "invalid escape in a string")
                }
            } else {
                noteReferenceOrStep(.string)
            }
        }
        offset += 1
        closeReferences(from: firstReference, literal: start..<offset)
        token.hasReference = references.count > firstReference
    }

    /// The characters of a template from behind "`" or "}" to behind "`" (true: it ended) or "${". An invalid escape is
    /// given back by its place: only a tagged template may have one.
    mutating func templateCharacters() throws(JavaScriptFault) -> (hasEnded: Bool, invalidEscape: Int?) {
        let start = offset
        let firstReference = references.count
        var invalidEscape: Int?
        var ignored = false
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "`"):
                offset += 1
                closeReferences(from: firstReference, literal: start..<offset)
                return (true, invalidEscape)
            case UInt8(ascii: "$") where byte(offset + 1) == UInt8(ascii: "{") && referenceEnd(offset + 1) == nil:
                offset += 2
                closeReferences(from: firstReference, literal: start..<offset)
                return (false, invalidEscape)
            case UInt8(ascii: "\\") where referenceEnd(offset + 1) == nil:
                let place = offset
                if try !escape(isTemplate: true, isLegacy: &ignored) {
                    invalidEscape = invalidEscape ?? place
                    offset = place + 2
                }
            default: noteReferenceOrStep(.template)
            }
        }
        throw JavaScriptFault(offset: start, problem: "template that does not end")
    }

    /// A reference that begins here, with the backslash before it, or one byte.
    private mutating func noteReferenceOrStep(_ context: JavaScriptReference.Context) {
        let place = byte(offset) == UInt8(ascii: "\\") ? offset + 1 : offset
        guard byte(place) == UInt8(ascii: "{"), let end = referenceEnd(place) else {
            offset += 1
            return
        }
        references.append(
            JavaScriptReference(range: offset..<end, braces: place, literal: offset..<end, context: context))
        offset = end
    }

    private mutating func closeReferences(from first: Int, literal: Range<Int>) {
        for place in first..<references.count { references[place].literal = literal }
    }

    /// Behind the escape that begins here; false if it is none. Line continuations are escapes.
    private mutating func escape(isTemplate: Bool, isLegacy: inout Bool) throws(JavaScriptFault) -> Bool {
        let kind = byte(offset + 1)
        switch kind {
        case UInt8(ascii: "x"):
            guard Self.hexValue(byte(offset + 2)) != nil, Self.hexValue(byte(offset + 3)) != nil else { return false }
            offset += 4
        case UInt8(ascii: "u"):
            let start = offset
            offset += 2
            if unicodeEscape() == nil {
                offset = start
                return false
            }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if kind != UInt8(ascii: "0") || isDigit(byte(offset + 2)) {
                if isTemplate { return false }
                isLegacy = true
            }
            offset += 2
        case 0x0D where byte(offset + 2) == 0x0A: offset += 3
        default:
            guard offset + 1 < bytes.count else {
                throw JavaScriptFault(offset: offset, problem: "literal that does not end")
            }
            offset += 1 + (scalar(offset + 1)?.1 ?? 1)
        }
        return true
    }

    /// Four hexadecimal digits, or up to six in braces, from behind `\u`; nil if they are not that.
    mutating func unicodeEscape() -> UInt32? {
        var value: UInt32 = 0
        if byte(offset) == UInt8(ascii: "{") {
            offset += 1
            let start = offset
            while let digit = Self.hexValue(byte(offset)) {
                value = value << 4 | digit
                guard value <= 0x10FFFF else { return nil }
                offset += 1
            }
            guard offset > start, byte(offset) == UInt8(ascii: "}") else { return nil }
            offset += 1
            return value
        }
        for _ in 0..<4 {
            guard let digit = Self.hexValue(byte(offset)) else { return nil }
            value = value << 4 | digit
            offset += 1
        }
        return value
    }

    /// The value of a hexadecimal digit.
    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x37
        default: nil
        }
    }

    // MARK: Numbers

    /// A number in any form; what follows is no name and no digit.
    mutating func number(_ token: inout JavaScriptToken) throws(JavaScriptFault) {
        token.kind = .number
        let start = offset
        if byte(offset) == UInt8(ascii: "0") {
            switch byte(offset + 1) | 0x20 {
            case UInt8(ascii: "x"): try radix { Self.hexValue($0) != nil }
            case UInt8(ascii: "o"): try radix { $0 >= 0x30 && $0 <= 0x37 }
            case UInt8(ascii: "b"): try radix { $0 == 0x30 || $0 == 0x31 }
            default: try decimal(&token)
            }
        } else {
            try decimal(&token)
        }
        let after = byte(offset)
        var isNameStart = isNamePart(after) || after == UInt8(ascii: "\\")
        if after >= 0x80, let (value, _) = scalar(offset), let found = Unicode.Scalar(value) {
            isNameStart = found.properties.isIDStart
        }
        if isNameStart { throw JavaScriptFault(offset: start, problem: "name or digit right after a number") }
    }

    private mutating func radix(_ isDigit: (UInt8) -> Bool) throws(JavaScriptFault) {
        offset += 2
        try digits(isDigit, isNeeded: true)
        if byte(offset) == UInt8(ascii: "n") { offset += 1 }
    }

    private mutating func decimal(_ token: inout JavaScriptToken) throws(JavaScriptFault) {
        let start = offset
        let isDecimal: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }
        if byte(offset) == UInt8(ascii: "0"), isDecimal(byte(offset + 1)) || byte(offset + 1) == UInt8(ascii: "_") {
            token.isLegacyOctal = true
            while isDecimal(byte(offset)) { offset += 1 }
            if bytes[start..<offset].allSatisfy({ $0 < 0x38 }) { return }
        } else if byte(offset) != UInt8(ascii: ".") {
            try digits(isDecimal, isNeeded: true)
            if byte(offset) == UInt8(ascii: "n") {
                offset += 1
                return
            }
        }
        if byte(offset) == UInt8(ascii: ".") {
            offset += 1
            try digits(isDecimal, isNeeded: false)
        }
        if byte(offset) | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if byte(offset) == UInt8(ascii: "+") || byte(offset) == UInt8(ascii: "-") { offset += 1 }
            try digits(isDecimal, isNeeded: true)
        }
    }

    /// Digits with single underscores between them.
    private mutating func digits(_ isDigit: (UInt8) -> Bool, isNeeded: Bool) throws(JavaScriptFault) {
        let start = offset
        while isDigit(byte(offset)) || byte(offset) == UInt8(ascii: "_") {
            if byte(offset) == UInt8(ascii: "_"), offset == start || !isDigit(byte(offset + 1)) {
                throw JavaScriptFault(offset: offset, problem: "\"_\" that is not between two digits")
            }
            offset += 1
        }
        if isNeeded, offset == start { throw JavaScriptFault(offset: start, problem: "number without digits") }
    }

    // MARK: Regular expressions

    /// A regular expression from its slash, checked as a browser does, references in it noted.
    mutating func regex(from start: Int) throws(JavaScriptFault) {
        offset = start + 1
        let firstReference = references.count
        var isInClass = false
        while true {
            guard offset < bytes.count, !isLineEnd(offset) else {
                throw JavaScriptFault(offset: start, problem: "regular expression that does not end in its line")
            }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "/"), !isInClass { break }
            if byte == UInt8(ascii: "["), !isInClass { isInClass = true }
            if byte == UInt8(ascii: "]") { isInClass = false }
            if byte == UInt8(ascii: "\\"), referenceEnd(offset + 1) == nil {
                guard !isLineEnd(offset + 1), offset + 1 < bytes.count else {
                    throw JavaScriptFault(offset: start, problem: "regular expression that does not end in its line")
                }
                offset += 2
            } else {
                noteReferenceOrStep(.regex)
            }
        }
        let bodyEnd = offset
        offset += 1
        while isNamePart(self.byte(offset)) { offset += 1 }
        closeReferences(from: firstReference, literal: start..<offset)
        try checkRegex(start: start, bodyEnd: bodyEnd, references: Array(references[firstReference...]))
    }

    private func checkRegex(
        start: Int, bodyEnd: Int, references: [JavaScriptReference]
    ) throws(JavaScriptFault) {
        let flags = bytes[(bodyEnd + 1)..<offset]
        guard Set(flags).count == flags.count, flags.allSatisfy({ Array("dgimsuvy".utf8).contains($0) }),
            !(flags.contains(UInt8(ascii: "u")) && flags.contains(UInt8(ascii: "v"))),
            byte(offset) < 0x80 || isLineEnd(offset) || !isNameStart(offset), byte(offset) != UInt8(ascii: "\\")
        else { throw JavaScriptFault(offset: bodyEnd + 1, problem: "invalid flags of a regular expression") }
        var body = Array(bytes[(start + 1)..<bodyEnd])
        for reference in references.reversed() {
            body.replaceSubrange(
                (reference.range.lowerBound - start - 1)..<(reference.range.upperBound - start - 1),
                with: [UInt8(ascii: "x")])
        }
        let mode: RegexSyntax.Mode =
            flags.contains(UInt8(ascii: "v")) ? .sets : flags.contains(UInt8(ascii: "u")) ? .unicode : .plain
        if let problem = RegexSyntax.problem(String(decoding: body, as: UTF8.self), mode: mode) {
            throw JavaScriptFault(offset: start, problem: "regular expression: \(problem.text)")
        }
    }

    private func isNameStart(_ place: Int) -> Bool {
        guard let (value, _) = scalar(place), let found = Unicode.Scalar(value) else { return false }
        return found.properties.isIDContinue
    }

    // MARK: Punctuators

    /// The longest punctuator that begins here, `.end` for none. Braces are not among them.
    func punctuator(_ first: UInt8) -> (JavaScriptTokenKind, Int) {
        let second = byte(offset + 1)
        let third = byte(offset + 2)
        let equals = UInt8(ascii: "=")
        switch first {
        case UInt8(ascii: "}"): return (.braceClose, 1)
        case UInt8(ascii: "("): return (.parenOpen, 1)
        case UInt8(ascii: ")"): return (.parenClose, 1)
        case UInt8(ascii: "["): return (.bracketOpen, 1)
        case UInt8(ascii: "]"): return (.bracketClose, 1)
        case UInt8(ascii: ";"): return (.semicolon, 1)
        case UInt8(ascii: ","): return (.comma, 1)
        case UInt8(ascii: ":"): return (.colon, 1)
        case UInt8(ascii: "~"): return (.tilde, 1)
        case UInt8(ascii: "."): return second == first && third == first ? (.ellipsis, 3) : (.dot, 1)
        case UInt8(ascii: "?"):
            if second == UInt8(ascii: "."), !isDigit(third) { return (.optionalDot, 2) }
            if second == first { return third == equals ? (.logicalAssign, 3) : (.coalesce, 2) }
            return (.question, 1)
        case equals:
            if second == UInt8(ascii: ">") { return (.arrow, 2) }
            return second == equals ? (.equality, third == equals ? 3 : 2) : (.assign, 1)
        case UInt8(ascii: "!"):
            return second == equals ? (.equality, third == equals ? 3 : 2) : (.not, 1)
        case UInt8(ascii: "+"):
            return second == first ? (.increment, 2) : second == equals ? (.compoundAssign, 2) : (.plus, 1)
        case UInt8(ascii: "-"):
            return second == first ? (.decrement, 2) : second == equals ? (.compoundAssign, 2) : (.minus, 1)
        case UInt8(ascii: "*"):
            if second == first { return third == equals ? (.compoundAssign, 3) : (.power, 2) }
            return second == equals ? (.compoundAssign, 2) : (.star, 1)
        case UInt8(ascii: "/"): return second == equals ? (.slashAssign, 2) : (.slash, 1)
        case UInt8(ascii: "%"): return second == equals ? (.compoundAssign, 2) : (.percent, 1)
        case UInt8(ascii: "^"): return second == equals ? (.compoundAssign, 2) : (.xor, 1)
        case UInt8(ascii: "&"): return doubled(first, .and, .logicalAnd)
        case UInt8(ascii: "|"): return doubled(first, .or, .logicalOr)
        case UInt8(ascii: "<"):
            if second == first { return third == equals ? (.compoundAssign, 3) : (.shift, 2) }
            return second == equals ? (.lessEqual, 2) : (.less, 1)
        case UInt8(ascii: ">"): return greater()
        default: return (.end, 0)
        }
    }

    private func doubled(
        _ first: UInt8, _ single: JavaScriptTokenKind, _ double: JavaScriptTokenKind
    ) -> (JavaScriptTokenKind, Int) {
        let second = byte(offset + 1)
        let equals = UInt8(ascii: "=")
        if second == first { return byte(offset + 2) == equals ? (.logicalAssign, 3) : (double, 2) }
        return second == equals ? (.compoundAssign, 2) : (single, 1)
    }

    /// `>`, `>=`, `>>`, `>>=`, `>>>`, `>>>=`.
    private func greater() -> (JavaScriptTokenKind, Int) {
        var count = 1
        while count < 3, byte(offset + count) == UInt8(ascii: ">") { count += 1 }
        let hasEquals = byte(offset + count) == UInt8(ascii: "=")
        if count == 1 { return hasEquals ? (.greaterEqual, 2) : (.greater, 1) }
        return hasEquals ? (.compoundAssign, count + 1) : (.shift, count)
    }
}
