// A pull scanner for JSON over bytes that are read in place.
//
// Constraints
//   - The whole of RFC 8259: structure, literals, numbers, escapes, and UTF-8 in strings are checked; nothing is
//     converted.
//   - No allocation, no recursion: open arrays and objects are bits of one word, so depth is at most 63.
//   - Strings are searched sixteen bytes a step.
//   - Numbers stay text. Names may repeat: the caller sees every one of them in order; Highland's translators let
//     the last win, as browsers do.
//   - `\u` escapes must have four digits; surrogates need not pair up. `JSONText` turns a lone one into U+FFFD.
//   - A byte order mark at the start is passed over.
//
// Layout of the state
//   containers   one bit an open container, the innermost lowest: 1 object, 0 array
//   expectation  what may stand next
//
// Life cycle: `next` gives tokens until `.end`, or throws once; after an error the scanner is only good for
// `resume(at:)`.
//
// Source: RFC 8259; for texts of several values RFC 7464's idea without its separators (newline-delimited or run
// together).

internal import Events

/// Reads JSON tokens one after another: about 10 instructions a byte of a 3 kB batch of events (callgrind, release).
package struct JSONScanner: ~Escapable {
    private enum Expectation: UInt8 {
        /// The first value of the text.
        case document
        /// After a value that is not inside anything.
        case afterDocument
        case firstKey
        case firstElement
        /// After a name and its colon.
        case memberValue
        /// After a value inside an array or object.
        case afterValue
    }

    package let bytes: RawSpan
    /// Where the next token is looked for.
    package private(set) var offset: Int
    /// Open arrays and objects.
    package private(set) var depth = 0
    private var containers: UInt64 = 0
    private var expectation = Expectation.document
    private var keysLeft: Int
    private let depthMax: Int
    private let isSequence: Bool

    /// - depthMax: open containers allowed, at most 63; the default is 32.
    /// - keysMax: names allowed in the whole text; the default is 100,000.
    /// - isSequence: whether several values may follow one another, and none at all is no error. The default is false.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, depthMax: Int = 32, keysMax: Int = 100_000, isSequence: Bool = false) {
        self.bytes = bytes
        self.depthMax = min(max(depthMax, 0), 63)
        self.isSequence = isSequence
        keysLeft = keysMax
        offset = 0
        if bytes.byteCount >= 3, bytes.byte(at: 0) == 0xEF, bytes.byte(at: 1) == 0xBB, bytes.byte(at: 2) == 0xBF {
            offset = 3
        }
    }

    /// The next token; `.end` again and again once the text is over.
    @_lifetime(self: copy self)
    package mutating func next() throws(JSONError) -> JSONToken {
        // The place is kept in a local value and stored once a token.
        var place = JSONLexer.blanksEnd(bytes, from: offset)
        guard place < bytes.byteCount else { return try ending() }
        var byte = bytes.byte(at: place)
        let isName: Bool
        switch expectation {
        case .afterValue:
            guard byte == UInt8(ascii: ",") else { return try close(byte, at: place) }
            place = JSONLexer.blanksEnd(bytes, from: place + 1)
            guard place < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: place) }
            byte = bytes.byte(at: place)
            isName = containers & 1 == 1
        case .memberValue, .document:
            isName = false
        case .firstKey:
            if byte == UInt8(ascii: "}") { return try close(byte, at: place) }
            isName = true
        case .firstElement:
            if byte == UInt8(ascii: "]") { return try close(byte, at: place) }
            isName = false
        case .afterDocument:
            guard isSequence else { throw JSONError(.unexpectedByte, at: place) }
            isName = false
        }
        if isName { return try key(byte, at: place) }
        if byte == UInt8(ascii: "\"") {
            let end = try JSONLexer.stringEnd(bytes, from: place + 1)
            try finishScalar(at: end.offset + 1)
            return JSONToken(.string, place + 1, end.offset, hasEscapes: end.hasEscapes, isPlain: end.isPlain)
        }
        return try value(byte, at: place)
    }

    /// The next member of an object that is open and of which no value is half read: its name and the first token of its
    /// value. False where the object closes instead. Says the same as `next` twice, in half the instructions.
    @_lifetime(self: copy self)
    package mutating func nextMember(into member: inout JSONMember) throws(JSONError) -> Bool {
        let hasComma = expectation == .afterValue
        guard hasComma ? containers & 1 == 1 : expectation == .firstKey, offset < bytes.byteCount else {
            return try nextMemberByTokens(into: &member)
        }
        let first = bytes.byte(at: offset)
        if first == UInt8(ascii: "}") {
            _ = try close(first, at: offset)
            return false
        }
        guard keysLeft > 0, let key = JSONLexer.plainKey(bytes, from: offset, hasComma: hasComma) else {
            return try nextMemberByTokens(into: &member)
        }
        let place = JSONLexer.blanksEnd(bytes, from: key.next)
        guard place < bytes.byteCount else { return try nextMemberByTokens(into: &member) }
        keysLeft -= 1
        member.key = JSONToken(.key, key.start, key.end, isPlain: true)
        let byte = bytes.byte(at: place)
        guard byte == UInt8(ascii: "\"") else {
            expectation = .memberValue
            member.value =
                byte == UInt8(ascii: "{")
                ? try open(.objectStart, bit: 1, .firstKey, at: place) : try value(byte, at: place)
            return true
        }
        expectation = .afterValue
        let end = try JSONLexer.stringEnd(bytes, from: place &+ 1)
        offset = end.offset &+ 1
        member.value = JSONToken(
            .string, place &+ 1, end.offset, hasEscapes: end.hasEscapes, isPlain: end.isPlain)
        return true
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func nextMemberByTokens(into member: inout JSONMember) throws(JSONError) -> Bool {
        member.key = try next()
        guard member.key.kind == .key else { return false }
        member.value = try next()
        return true
    }

    /// Passes over the rest of the value that `token` began; a scalar is its own rest. Not recursive.
    @_lifetime(self: copy self)
    package mutating func skip(_ token: JSONToken) throws(JSONError) {
        guard token.kind == .objectStart || token.kind == .arrayStart else { return }
        let outside = depth - 1
        while depth > outside { _ = try next() }
    }

    /// Begins anew at a place outside of every value: the next line after one that was broken.
    @_lifetime(self: copy self)
    package mutating func resume(at offset: Int) {
        self.offset = min(max(offset, 0), bytes.byteCount)
        depth = 0
        containers = 0
        expectation = .document
    }

    private func ending() throws(JSONError) -> JSONToken {
        let end = bytes.byteCount
        guard expectation == .afterDocument || expectation == .document && isSequence else {
            throw JSONError(.unexpectedEnd, at: end)
        }
        return JSONToken(.end, end, end)
    }

    /// A name and the colon behind it.
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func key(_ byte: UInt8, at place: Int) throws(JSONError) -> JSONToken {
        guard byte == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: place) }
        keysLeft -= 1
        guard keysLeft >= 0 else { throw JSONError(.tooManyKeys, at: place) }
        let end = try JSONLexer.stringEnd(bytes, from: place + 1)
        let colon = JSONLexer.blanksEnd(bytes, from: end.offset + 1)
        guard colon < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: colon) }
        guard bytes.byte(at: colon) == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: colon) }
        offset = colon + 1
        expectation = .memberValue
        return JSONToken(.key, place + 1, end.offset, hasEscapes: end.hasEscapes, isPlain: end.isPlain)
    }

    /// Any value but a string.
    @_lifetime(self: copy self)
    private mutating func value(_ byte: UInt8, at place: Int) throws(JSONError) -> JSONToken {
        switch byte {
        case UInt8(ascii: "{"):
            return try open(.objectStart, bit: 1, .firstKey, at: place)
        case UInt8(ascii: "["):
            return try open(.arrayStart, bit: 0, .firstElement, at: place)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let end = try JSONLexer.numberEnd(bytes, from: place)
            try finishScalar(at: end)
            return JSONToken(.number, place, end)
        case UInt8(ascii: "t"):
            // "true", "fals" and "null" as words, first byte lowest.
            return try literal(.true, 0x6575_7274, last: nil, at: place)
        case UInt8(ascii: "f"):
            return try literal(.false, 0x736C_6166, last: UInt8(ascii: "e"), at: place)
        case UInt8(ascii: "n"):
            return try literal(.null, 0x6C6C_756E, last: nil, at: place)
        default:
            throw JSONError(.unexpectedByte, at: place)
        }
    }

    /// Notes that a value ended before `end`. Outside of containers a blank or the end of the text must follow it.
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func finishScalar(at end: Int) throws(JSONError) {
        offset = end
        if depth > 0 {
            expectation = .afterValue
            return
        }
        expectation = .afterDocument
        guard end == bytes.byteCount || JSONLexer.blanksEnd(bytes, from: end) > end else {
            throw JSONError(.unexpectedByte, at: end)
        }
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func open(
        _ kind: JSONToken.Kind, bit: UInt64, _ next: Expectation, at place: Int
    ) throws(JSONError) -> JSONToken {
        guard depth < depthMax else { throw JSONError(.tooDeep, at: place) }
        depth += 1
        containers = containers << 1 | bit
        expectation = next
        offset = place + 1
        return JSONToken(kind, place, offset)
    }

    /// Closes the innermost container where `byte` does.
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func close(_ byte: UInt8, at place: Int) throws(JSONError) -> JSONToken {
        let isObject = containers & 1 == 1
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw JSONError(.unexpectedByte, at: place)
        }
        depth -= 1
        containers >>= 1
        expectation = depth > 0 ? .afterValue : .afterDocument
        offset = place + 1
        return JSONToken(isObject ? .objectEnd : .arrayEnd, place, offset)
    }

    @_lifetime(self: copy self)
    private mutating func literal(
        _ kind: JSONToken.Kind, _ word: UInt32, last: UInt8?, at start: Int
    ) throws(JSONError) -> JSONToken {
        let isWhole = bytes.byteCount - start >= 4 && bytes.littleEndianUInt32(at: start) == word
        for index in 0..<4 where !isWhole {
            guard start + index < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: start + index) }
            guard bytes.byte(at: start + index) == UInt8(truncatingIfNeeded: word >> UInt32(index * 8)) else {
                throw JSONError(.unexpectedByte, at: start + index)
            }
        }
        var end = start + 4
        if let last {
            guard end < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: end) }
            guard bytes.byte(at: end) == last else { throw JSONError(.unexpectedByte, at: end) }
            end += 1
        }
        try finishScalar(at: end)
        return JSONToken(kind, start, end)
    }
}
