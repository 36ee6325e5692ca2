internal import Events

/// One `key=value` of a query string or form: ranges of the source, still encoded.
package struct QueryPair: Hashable, Sendable {
    package var key: Range<Int>
    /// Empty where there is no `=`.
    package var value: Range<Int>

    package init(key: Range<Int>, value: Range<Int>) {
        self.key = key
        self.value = value
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
        let keyEnd = bytes.firstOffset(of: UInt8(ascii: "="), or: UInt8(ascii: "&"), in: start..<count) ?? count
        offset = keyEnd
        guard keyEnd < count, bytes.byte(at: keyEnd) == UInt8(ascii: "=") else {
            return QueryPair(key: start..<keyEnd, value: keyEnd..<keyEnd)
        }
        let valueEnd = bytes.firstOffset(of: UInt8(ascii: "&"), in: keyEnd + 1..<count) ?? count
        offset = valueEnd
        return QueryPair(key: start..<keyEnd, value: keyEnd + 1..<valueEnd)
    }
}
