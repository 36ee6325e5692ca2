internal import Events

/// Finds where strings and numbers end, and checks them on the way.
enum JSONLexer {
    /// The first byte from `start` on that is no blank; the text's length where there is none.
    @inline(__always)
    static func blanksEnd(_ bytes: borrowing RawSpan, from start: Int) -> Int {
        var offset = start
        while offset < bytes.byteCount {
            let byte = bytes.byte(at: offset)
            if byte > 0x20 { return offset }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return offset }
            offset += 1
        }
        return offset
    }

    /// Where a string ends, and what it is made of.
    struct StringEnd {
        /// Of the closing quote.
        var offset: Int
        var hasEscapes = false
        /// Nothing but printable ASCII, and no backslash.
        var isPlain = true
    }

    /// The end of the string that begins behind `start`.
    @inline(__always)
    static func stringEnd(_ bytes: borrowing RawSpan, from start: Int) throws(JSONError) -> StringEnd {
        let count = bytes.byteCount
        var offset = start
        // Most strings are short and plain: this loop is all they need.
        while count - offset >= 8 {
            let hits = specials(bytes.littleEndianUInt64(at: offset))
            if hits != 0 {
                offset += hits.trailingZeroBitCount / 8
                if bytes.byte(at: offset) == UInt8(ascii: "\"") { return StringEnd(offset: offset) }
                break
            }
            offset += 8
        }
        return try stringEndSlowly(bytes, from: offset)
    }

    /// Goes on from a byte that is special, or from the last seven bytes of the text.
    private static func stringEndSlowly(
        _ bytes: borrowing RawSpan, from start: Int
    ) throws(JSONError) -> StringEnd {
        let count = bytes.byteCount
        var offset = start
        var end = StringEnd(offset: start)
        while offset < count {
            let byte = bytes.byte(at: offset)
            if byte == UInt8(ascii: "\"") {
                end.offset = offset
                return end
            }
            if byte == UInt8(ascii: "\\") || byte >= 0x7F { end.isPlain = false }
            if byte == UInt8(ascii: "\\") {
                end.hasEscapes = true
                offset = try escapeEnd(bytes, from: offset)
            } else if byte >= 0x80 {
                guard case .valid(let length) = UTF8Sequence(bytes, at: offset, end: count) else {
                    throw JSONError(.invalidUTF8, at: offset)
                }
                offset += length
            } else if byte < 0x20 {
                throw JSONError(.controlCharacter, at: offset)
            } else {
                offset += 1
            }
            while count - offset >= 8 {
                let hits = specials(bytes.littleEndianUInt64(at: offset))
                if hits != 0 {
                    offset += hits.trailingZeroBitCount / 8
                    break
                }
                offset += 8
            }
        }
        throw JSONError(.unexpectedEnd, at: count)
    }

    /// Marks quotes, backslashes, control characters (DEL too) and everything that is not ASCII.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let quote = EightOctets.zeros(word ^ (EightOctets.ones &* 0x22))
        let backslash = EightOctets.zeros(word ^ (EightOctets.ones &* 0x5C))
        // Adding 1 carries DEL into the high bit, where everything that is not ASCII is already.
        let high = ((word &+ EightOctets.ones) | word) & EightOctets.highs
        return quote | backslash | EightOctets.below(0x20, in: word) | high
    }

    /// Behind the escape whose backslash stands at `start`.
    private static func escapeEnd(_ bytes: borrowing RawSpan, from start: Int) throws(JSONError) -> Int {
        let count = bytes.byteCount
        guard start + 1 < count else { throw JSONError(.unexpectedEnd, at: count) }
        switch bytes.byte(at: start + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            for offset in start + 2..<start + 6 {
                guard offset < count else { throw JSONError(.unexpectedEnd, at: count) }
                guard ASCII.hexValue(bytes.byte(at: offset)) != nil else {
                    throw JSONError(.invalidEscape, at: offset)
                }
            }
            return start + 6
        default:
            throw JSONError(.invalidEscape, at: start + 1)
        }
    }

    /// Behind the number that begins at `start` with `-` or a digit.
    @inline(__always)
    static func numberEnd(_ bytes: borrowing RawSpan, from start: Int) throws(JSONError) -> Int {
        var offset = start
        if bytes.byte(at: offset) == UInt8(ascii: "-") { offset += 1 }
        guard offset < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: offset) }
        if bytes.byte(at: offset) == UInt8(ascii: "0") {
            offset += 1
            if offset < bytes.byteCount, bytes.byte(at: offset) &- 48 < 10 {
                throw JSONError(.invalidNumber, at: offset)
            }
        } else {
            offset = try digitsEnd(bytes, from: offset)
        }
        guard offset < bytes.byteCount else { return offset }
        if bytes.byte(at: offset) == UInt8(ascii: ".") { offset = try digitsEnd(bytes, from: offset + 1) }
        if offset < bytes.byteCount, bytes.byte(at: offset) | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.byteCount {
                let sign = bytes.byte(at: offset)
                if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            }
            offset = try digitsEnd(bytes, from: offset)
        }
        return offset
    }

    /// Behind at least one digit.
    @inline(__always)
    private static func digitsEnd(_ bytes: borrowing RawSpan, from start: Int) throws(JSONError) -> Int {
        var offset = start
        while offset < bytes.byteCount, bytes.byte(at: offset) &- 48 < 10 { offset += 1 }
        guard offset > start else {
            throw JSONError(offset < bytes.byteCount ? .invalidNumber : .unexpectedEnd, at: offset)
        }
        return offset
    }
}
