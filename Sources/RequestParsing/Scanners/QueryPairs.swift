internal import Events

/// One `key=value` of a query string or form: ranges of the source, still encoded.
package struct QueryPair: Hashable, Sendable {
    package var key: Range<Int>
    /// Empty where there is no `=`.
    package var value: Range<Int>
    /// The value stands for itself: printable ASCII without `%` and `+`.
    package var isPlain: Bool
    /// The same of the key.
    package var isKeyPlain: Bool

    package init(key: Range<Int>, value: Range<Int>, isPlain: Bool = true, isKeyPlain: Bool = true) {
        self.key = key
        self.value = value
        self.isPlain = isPlain
        self.isKeyPlain = isKeyPlain
    }
}

/// The pairs of a query string (without its `?`) or of a form body, in order, repeated keys included. `&` separates;
/// empty pieces are passed over; the first `=` of a piece ends its key. Any bytes are accepted.
///
/// Cost: one pass, no allocation. Source: WHATWG URL Standard, 5.1 (application/x-www-form-urlencoded parsing).
package struct QueryPairs: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next pair; nil at the end.
    @_lifetime(self: copy self)
    package mutating func next() -> QueryPair? {
        let count = bytes.byteCount
        while offset < count, bytes.byte(at: offset) == UInt8(ascii: "&") { offset += 1 }
        guard offset < count else { return nil }
        let start = offset
        let (keyEnd, isKeyPlain) = end(from: start, mark: 0x3D)
        offset = keyEnd
        guard keyEnd < count, bytes.byte(at: keyEnd) == UInt8(ascii: "=") else {
            return QueryPair(key: start..<keyEnd, value: keyEnd..<keyEnd, isKeyPlain: isKeyPlain)
        }
        let (valueEnd, isPlain) = end(from: keyEnd + 1, mark: 0x26)
        offset = valueEnd
        return QueryPair(
            key: start..<keyEnd, value: keyEnd + 1..<valueEnd, isPlain: isPlain, isKeyPlain: isKeyPlain)
    }

    /// The next `&` or `mark` or the end, and whether nothing before it needs decoding or cleaning.
    @inline(__always)
    private func end(from start: Int, mark: UInt8) -> (end: Int, isPlain: Bool) {
        let count = bytes.byteCount
        var end = start
        var oddities: UInt64 = 0
        while count - end >= 8 {
            let word = bytes.littleEndianUInt64(at: end)
            var marks = EightOctets.zeros(word ^ (EightOctets.ones &* 0x26))
            if mark != 0x26 { marks |= EightOctets.zeros(word ^ (EightOctets.ones &* UInt64(mark))) }
            let odd =
                EightOctets.zeros(word ^ (EightOctets.ones &* 0x25))
                | EightOctets.zeros(word ^ (EightOctets.ones &* 0x2B)) | EightOctets.unprintable(word)
            if marks != 0 {
                oddities |= odd & ((marks & (0 &- marks)) &- 1)
                return (end + marks.trailingZeroBitCount / 8, oddities == 0)
            }
            oddities |= odd
            end += 8
        }
        while end < count {
            let byte = bytes.byte(at: end)
            if byte == UInt8(ascii: "&") || byte == mark { break }
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") || byte &- 0x20 > 0x5E { oddities = 1 }
            end += 1
        }
        return (end, oddities == 0)
    }
}
