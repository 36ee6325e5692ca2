internal import COctets
internal import Events

/// The byte loops of the head parser. They go many bytes a step and trust nothing: every range is checked by the span.
enum LineScan {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// The first `wanted` in `start ..< end`, or `end`. For long stretches.
    static func first(_ wanted: UInt8, in bytes: borrowing RawSpan, from start: Int, to end: Int) -> Int {
        var offset = start
        while offset < end {
            if bytes.withSixtyFour(at: offset, { octets64_has($0, wanted) }) != 0 {
                let found = bytes.withSixtyFour(at: offset) { octets64_either($0, wanted, wanted) }
                return min(offset &+ found.trailingZeroBitCount, end)
            }
            offset &+= 64
        }
        return end
    }

    /// The first byte at or after `start` that no token may hold (RFC 9110 5.6.2), or `end`. Letters and hyphens, of
    /// which nearly every name is made, are passed over sixteen at once.
    @inline(__always)
    static func endOfToken(_ bytes: borrowing RawSpan, from start: Int, to end: Int) -> Int {
        var offset = start
        while offset < end {
            let words = bytes.withSixteen(at: offset) { octets16_words($0) }
            offset = min(offset &+ (~words).trailingZeroBitCount, end)
            guard offset < end, words != 0xFFFF else { continue }
            guard isTokenByte(bytes.byte(at: offset)) else { return offset }
            offset &+= 1
        }
        return end
    }

    static func isToken(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        endOfToken(bytes, from: range.lowerBound, to: range.upperBound) == range.upperBound
    }

    /// Letters, digits and ``!#$%&'*+-.^_`|~``: one bit a character, for 0x00 to 0x3F and 0x40 to 0x7F.
    @inline(__always)
    static func isTokenByte(_ byte: UInt8) -> Bool {
        let mask: UInt64 = byte < 0x40 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 0x80 && mask >> UInt64(byte & 0x3F) & 1 == 1
    }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// Letters, digits and `-._~:[]%`: names, addresses and ports. Anything else could mean two things to two readers.
    static func isHost(_ value: borrowing RawSpan) -> Bool {
        guard value.byteCount > 0 else { return false }
        for index in 0..<value.byteCount {
            let byte = value.byte(at: index)
            guard ASCII.isAlphanumeric(byte) || isHostMark(byte) else { return false }
        }
        return true
    }

    private static func isHostMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}

/// Finds the control characters, one of which ends each line. Sixty-four bytes are looked at once, however many lines
/// end in them. Good for one text: its bytes stay what they are between two calls, and offsets only grow.
struct LineEnds {
    /// Where the bytes that were looked at end; `controls` stands for the last sixty-four.
    private var seen = 0
    /// Bytes below 0x20 or equal to 0x7F, and what lies behind the text's end.
    private var controls: UInt64 = 0

    /// The first control character in `offset ..< end`, or `end`. With `passesTab` a tab does not count as one.
    @inline(__always)
    mutating func next(in bytes: borrowing RawSpan, from offset: Int, to end: Int, passesTab: Bool) -> Int {
        var offset = offset
        while true {
            offset = next(in: bytes, from: offset, to: end)
            guard passesTab, offset < end, bytes.byte(at: offset) == LineScan.tab else { return offset }
            offset += 1
        }
    }

    @inline(__always)
    private mutating func next(in bytes: borrowing RawSpan, from offset: Int, to end: Int) -> Int {
        var place = offset
        if offset < seen {
            let start = seen &- 64
            let rest = controls & (~0 &<< UInt64(truncatingIfNeeded: offset &- start))
            if rest != 0 { return min(start &+ rest.trailingZeroBitCount, end) }
            place = seen
        }
        while place < end {
            if bytes.withSixtyFour(at: place, { octets64_hasControls($0) }) != 0 {
                seen = place &+ 64
                controls = bytes.withSixtyFour(at: place) { octets64_controls($0) }
                return min(place &+ controls.trailingZeroBitCount, end)
            }
            place &+= 64
        }
        seen = place
        controls = 0
        return end
    }
}

extension RawSpan {
    /// Whether these bytes are exactly `text`. O(count).
    @inline(__always)
    package func equals(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard byteCount == count else { return false }
        // SAFETY: utf8Start points to utf8CodeUnitCount bytes of static storage, and the loop stays below that count.
        let expected = text.utf8Start
        for index in 0..<count where byte(at: index) != expected[index] { return false }
        return true
    }
}

extension RawSpan {
    /// A path that is not the root, without a slash at its end.
    package var withoutClosingSlash: RawSpan {
        @_lifetime(copy self) get {
            byteCount > 1 && byte(at: byteCount - 1) == UInt8(ascii: "/") ? extracting(first: byteCount - 1) : self
        }
    }
}

/// Which bytes may stand where in a header line, for code that writes them.
package enum HTTPBytes {
    /// A byte of a token: method or header name.
    package static func isToken(_ byte: UInt8) -> Bool { LineScan.isTokenByte(byte) }

    /// A byte of a header's value: no control character but the tab.
    package static func isFieldValue(_ byte: UInt8) -> Bool { byte == LineScan.tab || (byte >= 0x20 && byte != 0x7F) }
}
