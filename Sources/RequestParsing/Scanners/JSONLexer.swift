internal import COctets
internal import Events

/// Finds where strings and numbers end, and checks them on the way.
package enum JSONLexer {
    /// The first byte from `start` on that is no blank; the text's length where there is none.
    @inline(__always)
    package static func blanksEnd(_ bytes: borrowing RawSpan, from start: Int) -> Int {
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
        // Most strings are plain: this is all they need.
        if let end = plainEnd(bytes, from: start) { return StringEnd(offset: end) }
        return try stringEndSlowly(bytes, from: start)
    }

    /// For strings that are not plain, and in the last bytes of the text.
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

    /// Marks quotes, backslashes, control characters (DEL too) and everything that is not ASCII; only the lowest mark is
    /// to be believed, as with `EightOctets`.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let quote = (word ^ (EightOctets.ones &* 0x22)) &- EightOctets.ones
        let backslash = (word ^ (EightOctets.ones &* 0x5C)) &- EightOctets.ones
        let control = word &- EightOctets.ones &* 0x20
        // Adding 1 carries DEL into the high bit, where everything that is not ASCII is already.
        let high = (word &+ EightOctets.ones) | word
        return ((quote | backslash | control) & ~word | high) & EightOctets.highs
    }

    /// The quote that closes a string of plain ASCII which begins at `start`; nil where it holds anything else, or where
    /// it ends in the last 15 bytes of the text. Sixteen bytes a step.
    @inline(__always)
    static func plainEnd(_ bytes: borrowing RawSpan, from start: Int) -> Int? {
        guard start >= 0 else { return nil }
        return bytes.withUnsafeBytes { plainEnd($0, from: start) }
    }

    @inline(__always)
    private static func plainEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = text.baseAddress else { return nil }
        let last = text.count &- 16
        var offset = start
        while offset <= last {
            // SAFETY: `offset` begins at a place in the text, grows, and leaves sixteen bytes.
            let marks = octets16_stringEnds(base + offset)
            if marks != 0 {
                let end = offset &+ marks.trailingZeroBitCount
                return text.octet(at: end) == UInt8(ascii: "\"") ? end : nil
            }
            offset &+= 16
        }
        return nil
    }

    /// A name of plain ASCII as senders without blanks write it.
    struct PlainKey {
        /// Behind the opening quote.
        var start: Int
        /// Of the closing quote.
        var end: Int
        /// Behind the colon.
        var next: Int
    }

    /// The name from `start` on, behind a comma where `hasComma`, with its colon; at most one space before
    /// the name. nil for every other form, and near the end of the text.
    @inline(__always)
    static func plainKey(_ bytes: borrowing RawSpan, from start: Int, hasComma: Bool) -> PlainKey? {
        guard start >= 0, bytes.byteCount &- start >= 8 else { return nil }
        return bytes.withUnsafeBytes { text in
            // At most three places are passed before the name, of eight that are there.
            var place = start
            if hasComma {
                guard text.octet(at: place) == UInt8(ascii: ",") else { return nil }
                place &+= 1
            }
            if text.octet(at: place) == 0x20 { place &+= 1 }
            guard text.octet(at: place) == UInt8(ascii: "\""), let end = plainEnd(text, from: place &+ 1),
                end &+ 1 < text.count, text.octet(at: end &+ 1) == UInt8(ascii: ":")
            else { return nil }
            return PlainKey(start: place &+ 1, end: end, next: end &+ 2)
        }
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

extension UnsafeRawBufferPointer {
    /// The byte at an offset that the caller has compared with `count`.
    @inline(__always)
    fileprivate func octet(at offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < count, "the caller has checked the offset")
        // SAFETY: as said; an empty buffer has no such offset.
        return baseAddress.unsafelyUnwrapped.load(fromByteOffset: offset, as: UInt8.self)
    }
}
