internal import COctets
internal import Events

/// The pairs of a `Cookie` header, in order and with repetitions, so that a caller can see that a second cookie of the
/// same name shadows the first. Several header fields are joined with `; ` by the caller. A piece without `=` is passed
/// over.
///
/// Names and values are ranges of the header as written, without surrounding blanks; values without one pair of double
/// quotes. Cost: one pass over the header, 64 bytes a step, no allocation. Source: RFC 6265, 4.2 and 5.4.
@usableFromInline
package struct CookiePairs: ~Escapable {
    @usableFromInline let header: RawSpan
    /// Where the next piece begins; behind the end once all are read.
    @usableFromInline var start = 0
    /// Where the 64 bytes begin that the masks tell of.
    @usableFromInline var block = -64
    /// The `;` and `=` that are not passed yet; the end of the header counts as `;`.
    @usableFromInline var marks: UInt64 = 0
    @usableFromInline var semicolons: UInt64 = 0

    @_lifetime(copy header)
    package init(of header: RawSpan) { self.header = header }

    /// The next pair; nil when there is no more.
    @_lifetime(self: copy self)
    package mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        guard let pair = nextRaw() else { return nil }
        return (trimmed(pair.name), value(pair.value))
    }

    /// The next pair as it stands in the header: the name with its blanks, and all between `=` and `;`.
    @inlinable @inline(__always)
    @_lifetime(self: copy self)
    package mutating func nextRaw() -> (name: Range<Int>, value: Range<Int>)? {
        let count = header.byteCount
        var nameEnd = -1
        while start <= count {
            while marks == 0 {
                block &+= 64
                (marks, semicolons) = CookiePairs.look(header, at: block)
            }
            let mark = marks & (0 &- marks)
            let place = block &+ mark.trailingZeroBitCount
            marks ^= mark
            if semicolons & mark == 0 {
                if nameEnd < 0 { nameEnd = place }
                continue
            }
            let first = start
            start = place &+ 1
            // They ascend: each was found behind the one before.
            if nameEnd >= 0 {
                return (
                    Range(uncheckedBounds: (first, nameEnd)), Range(uncheckedBounds: (nameEnd &+ 1, place))
                )
            }
        }
        return nil
    }

    /// A name without the blanks around it.
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, CookiePairs.isBlank(header.byte(at: start)) { start += 1 }
        while end > start, CookiePairs.isBlank(header.byte(at: end - 1)) { end -= 1 }
        return start..<end
    }

    /// A value without the blanks around it and one pair of double quotes.
    package func value(_ raw: Range<Int>) -> Range<Int> {
        let range = trimmed(raw)
        guard range.count >= 2, header.byte(at: range.lowerBound) == UInt8(ascii: "\""),
            header.byte(at: range.upperBound - 1) == UInt8(ascii: "\"")
        else { return range }
        return range.lowerBound + 1..<range.upperBound - 1
    }

    /// The masks of the 64 bytes from `block` on, which is at most the end.
    @usableFromInline @inline(never)
    static func look(_ header: borrowing RawSpan, at block: Int) -> (marks: UInt64, semicolons: UInt64) {
        let found = header.withSixtyFour(at: block) { place in
            let semicolons = octets64_either(place, UInt8(ascii: ";"), UInt8(ascii: ";"))
            return (octets64_either(place, UInt8(ascii: "="), UInt8(ascii: "=")) | semicolons, semicolons)
        }
        let rest = header.byteCount &- block
        let end: UInt64 = rest < 64 ? 1 &<< UInt64(truncatingIfNeeded: rest) : 0
        return (found.0 | end, found.1 | end)
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
