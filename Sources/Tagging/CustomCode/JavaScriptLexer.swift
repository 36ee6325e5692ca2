/// Cuts a script into tokens, one at a time. The parser says where a slash begins a regular expression and where a
/// brace goes on with a template, so nothing is guessed. A value: a copy is a place to come back to.
struct JavaScriptLexer {
    let bytes: [UInt8]
    /// Whether `{{Name}}` is looked for.
    let hasReferences: Bool
    var offset = 0
    /// References in literals read so far, in order.
    var references: [JavaScriptReference] = []

    init(_ bytes: [UInt8], hasReferences: Bool) {
        self.bytes = bytes
        self.hasReferences = hasReferences
    }

    /// The byte at a place, 0 behind the end (and for a NUL, which is no token).
    @inline(__always) func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    /// The next token, a slash as an operator. Amortised O(its bytes).
    mutating func next() throws(JavaScriptFault) -> JavaScriptToken {
        var token = JavaScriptToken()
        token.isAfterNewline = try skipSpace()
        token.start = offset
        defer { token.end = offset }
        guard offset < bytes.count else { return token }
        let first = bytes[offset]
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "$"),
            UInt8(ascii: "_"), UInt8(ascii: "\\"), 0x80...:
            try name(&token)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number(&token)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            try string(&token)
        case UInt8(ascii: "`"):
            token.kind = .template
            offset += 1
        case UInt8(ascii: "#"):
            offset += 1
            try name(&token)
            token.kind = .privateName
        case UInt8(ascii: ".") where isDigit(byte(offset + 1)):
            try number(&token)
        case UInt8(ascii: "{"):
            if let end = referenceEnd(offset) {
                token.kind = .reference
                offset = end
            } else {
                token.kind = .braceOpen
                offset += 1
            }
        default:
            let (kind, length) = punctuator(first)
            guard kind != .end else { throw JavaScriptFault(offset: offset, problem: "unexpected \(shown(offset))") }
            token.kind = kind
            offset += length
        }
        token.end = offset
        return token
    }

    /// Where the reference that begins at a place ends: after `{{`, a name without braces and line ends, and `}}`.
    /// O(the name); bytes are looked at twice at most, as a name ends at the next brace.
    func referenceEnd(_ place: Int) -> Int? {
        guard hasReferences else { return nil }
        return Reference.end(in: bytes, at: place)
    }

    /// The character at a place, as an error names it.
    func shown(_ place: Int) -> String {
        guard place < bytes.count else { return "end of the code" }
        var end = place + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return "\"\(String(decoding: bytes[place..<end], as: UTF8.self))\""
    }

    // MARK: Space

    /// Goes to the next token; true if a line ended on the way, or at the very beginning.
    private mutating func skipSpace() throws(JavaScriptFault) -> Bool {
        var isAfterNewline = offset == 0
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0B, 0x0C: offset += 1
            case 0x0A, 0x0D:
                offset += 1
                isAfterNewline = true
            case UInt8(ascii: "/") where byte(offset + 1) == UInt8(ascii: "/"): skipLine()
            case UInt8(ascii: "/") where byte(offset + 1) == UInt8(ascii: "*"):
                if try skipBlockComment() { isAfterNewline = true }
            case UInt8(ascii: "<") where has("<!--"): skipLine()
            case UInt8(ascii: "-") where isAfterNewline && has("-->"): skipLine()
            case 0x80...:
                guard let (scalar, length) = scalar(offset) else { return isAfterNewline }
                if scalar == 0x2028 || scalar == 0x2029 {
                    isAfterNewline = true
                } else if scalar != 0xFEFF, !isSpace(scalar) {
                    return isAfterNewline
                }
                offset += length
            default: return isAfterNewline
            }
        }
        return isAfterNewline
    }

    private func has(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[offset..<offset + count]) }
    }

    private mutating func skipLine() {
        while offset < bytes.count, !isLineEnd(offset) { offset += 1 }
    }

    /// True if a line ends in it.
    private mutating func skipBlockComment() throws(JavaScriptFault) -> Bool {
        let start = offset
        var hasNewline = false
        offset += 2
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "*"), byte(offset + 1) == UInt8(ascii: "/") {
                offset += 2
                return hasNewline
            }
            if isLineEnd(offset) { hasNewline = true }
            offset += 1
        }
        throw JavaScriptFault(offset: start, problem: "comment that does not end")
    }

    /// A line feed, carriage return, or one of the two Unicode separators begins there.
    func isLineEnd(_ place: Int) -> Bool {
        switch byte(place) {
        case 0x0A, 0x0D: place < bytes.count
        case 0xE2: byte(place + 1) == 0x80 && (byte(place + 2) == 0xA8 || byte(place + 2) == 0xA9)
        default: false
        }
    }

    private func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    // MARK: Names

    /// A name with Unicode characters and escapes.
    private mutating func name(_ token: inout JavaScriptToken) throws(JavaScriptFault) {
        token.kind = .name
        let start = offset
        while isNamePart(byte(offset)) { offset += 1 }
        if byte(offset) < 0x80, byte(offset) != UInt8(ascii: "\\"), offset > start {
            guard !isDigit(bytes[start]) else {
                throw JavaScriptFault(offset: start, problem: "unexpected \(shown(start))")
            }
            token.word = .spelled(by: bytes[start..<offset])
            return
        }
        offset = start
        var spelled: [UInt8] = []
        while let part = try namePart(isFirst: offset == start, isEscaped: &token.isEscaped) {
            spelled.append(contentsOf: part)
        }
        guard offset > start else {
            throw JavaScriptFault(offset: start, problem: "unexpected \(shown(start))")
        }
        token.word = .spelled(by: spelled[...])
    }

    /// One character of a name, nil at its end.
    private mutating func namePart(
        isFirst: Bool, isEscaped: inout Bool
    ) throws(JavaScriptFault) -> [UInt8]? {
        let start = offset
        var value: UInt32
        if byte(offset) == UInt8(ascii: "\\") {
            guard byte(offset + 1) == UInt8(ascii: "u") else {
                throw JavaScriptFault(offset: start, problem: "\"\\\" outside of a string")
            }
            offset += 2
            guard let escaped = unicodeEscape() else {
                throw JavaScriptFault(offset: start, problem: "invalid escape in a name")
            }
            value = escaped
            isEscaped = true
        } else {
            guard let (scalar, length) = scalar(offset) else { return nil }
            value = scalar
            offset += length
        }
        guard let scalar = Unicode.Scalar(value), isNameScalar(scalar, isFirst: isFirst) else {
            if bytes[start] == UInt8(ascii: "\\") || isFirst {
                throw JavaScriptFault(offset: start, problem: "unexpected \(shown(start))")
            }
            offset = start
            return nil
        }
        return Array(String(Character(scalar)).utf8)
    }

    private func isNameScalar(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            return isNamePart(byte) && !(isFirst && isDigit(byte))
        }
        if isFirst { return scalar.properties.isIDStart }
        return scalar.properties.isIDContinue || scalar.value == 0x200C || scalar.value == 0x200D
    }

    /// A name may go on with the byte (ASCII).
    func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// The character at a place, with its length in bytes; nil at the end. The text is UTF-8, as it was a `String`.
    func scalar(_ place: Int) -> (UInt32, Int)? {
        guard place < bytes.count else { return nil }
        let first = UInt32(bytes[place])
        let (length, mask): (Int, UInt32) =
            first < 0x80 ? (1, 0x7F) : first < 0xE0 ? (2, 0x1F) : first < 0xF0 ? (3, 0x0F) : (4, 0x07)
        var value = first & mask
        for step in 1..<max(length, 1) { value = value << 6 | UInt32(byte(place + step) & 0x3F) }
        return (value, length)
    }

    /// The name of a token as its declaration knows it, without `#`.
    func text(_ token: JavaScriptToken) -> String {
        guard token.isEscaped else { return String(decoding: bytes[token.start..<token.end], as: UTF8.self) }
        var copy = self
        copy.offset = token.start + (byte(token.start) == UInt8(ascii: "#") ? 1 : 0)
        var spelled: [UInt8] = copy.offset > token.start ? [UInt8(ascii: "#")] : []
        var isEscaped = false
        while copy.offset < token.end {
            guard let part = try? copy.namePart(isFirst: false, isEscaped: &isEscaped) else { break }
            spelled.append(contentsOf: part)
        }
        return String(decoding: spelled, as: UTF8.self)
    }
}
