internal import COctets
internal import Events

/// One `key=value` of a query string or form: ranges of the source, still encoded.
@usableFromInline
package struct QueryPair: Hashable, Sendable {
    @usableFromInline package var key: Range<Int>
    /// Empty where there is no `=`.
    @usableFromInline package var value: Range<Int>
    /// The value stands for itself: printable ASCII without `%` and `+`.
    @usableFromInline package var isPlain: Bool
    /// The same of the key.
    @usableFromInline package var isKeyPlain: Bool

    @inlinable @inline(__always)
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
/// Cost: one pass, 64 bytes a step, no allocation. Source: WHATWG URL Standard, 5.1 (application/x-www-form-urlencoded
/// parsing).
@usableFromInline
package struct QueryPairs: ~Escapable {
    @usableFromInline let bytes: RawSpan
    /// Where the next piece begins; behind the end once all are read.
    @usableFromInline var start = 0
    /// Where the 64 bytes begin that the masks tell of.
    @usableFromInline var block = -64
    /// The `&` and `=` that are not passed yet; the end of the text counts as `&`.
    @usableFromInline var ends: UInt64 = 0
    @usableFromInline var ampersands: UInt64 = 0
    /// Of what is not passed yet, what needs decoding or cleaning.
    @usableFromInline var odd: UInt64 = 0

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next pair; nil at the end.
    @inlinable @inline(__always)
    @_lifetime(self: copy self)
    package mutating func next() -> QueryPair? {
        let count = bytes.byteCount
        var keyEnd = -1
        var isKeyPlain = true
        var isOdd = false
        while start <= count {
            while ends == 0 {
                isOdd = isOdd || odd != 0
                block &+= 64
                (ends, ampersands, odd) = QueryPairs.look(bytes, at: block)
            }
            let mark = ends & (0 &- ends)
            let place = block &+ mark.trailingZeroBitCount
            ends ^= mark
            let isSeparator = ampersands & mark != 0
            // A second `=` is part of the value.
            if !isSeparator, keyEnd >= 0 { continue }
            let isPlain = !isOdd && odd & (mark &- 1) == 0
            odd &= 0 &- mark
            isOdd = false
            if !isSeparator {
                keyEnd = place
                isKeyPlain = isPlain
                continue
            }
            let first = start
            start = place &+ 1
            if keyEnd >= 0 {
                return pair(first, keyEnd, keyEnd &+ 1, place, isPlain: isPlain, isKeyPlain: isKeyPlain)
            }
            if place > first { return pair(first, place, place, place, isPlain: true, isKeyPlain: isPlain) }
        }
        return nil
    }

    @inlinable @inline(__always)
    func pair(
        _ start: Int, _ keyEnd: Int, _ valueStart: Int, _ end: Int, isPlain: Bool, isKeyPlain: Bool
    ) -> QueryPair {
        // They ascend: each was found behind the one before.
        QueryPair(
            key: Range(uncheckedBounds: (start, keyEnd)), value: Range(uncheckedBounds: (valueStart, end)),
            isPlain: isPlain, isKeyPlain: isKeyPlain)
    }

    /// The masks of the 64 bytes from `block` on, which is at most the end.
    @usableFromInline @inline(never)
    static func look(
        _ bytes: borrowing RawSpan, at block: Int
    ) -> (ends: UInt64, ampersands: UInt64, odd: UInt64) {
        let masks = bytes.withSixtyFour(at: block) { octets64_query($0) }
        let rest = bytes.byteCount &- block
        let end: UInt64 = rest < 64 ? 1 &<< UInt64(truncatingIfNeeded: rest) : 0
        return (masks.ends | end, masks.ampersands | end, masks.odd)
    }
}
