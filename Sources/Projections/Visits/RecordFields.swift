internal import Events

/// Where a record's fields stand; the first of each tag, an empty range where there is none. Filled on the one walk over
/// the record that checks it; `clear` before each record makes it good for the next.
struct RecordFields: ~Copyable {
    private static let tagsEnd: UInt8 = 32
    /// By tag: where the value starts, and in the upper half where it ends.
    private var places: [32 of UInt64] = InlineArray(repeating: 0)
    /// One bit for each tag whose place is this record's.
    private var tags: UInt32 = 0
    private var context = Stretch()
    private var propertyList = Stretch()

    private struct Stretch {
        var start = 0
        var end = 0

        @inline(__always)
        mutating func extend(from start: Int, to end: Int) {
            if self.start == 0 { self.start = start }
            self.end = end
        }
    }

    @inline(__always)
    mutating func clear() {
        tags = 0
        context = Stretch()
        propertyList = Stretch()
    }

    @inline(__always)
    mutating func note(_ tag: UInt8, _ start: Int, _ value: Range<Int>) {
        let bit = UInt32(1) &<< UInt32(tag)
        if tag < RecordFields.tagsEnd, tags & bit == 0 {
            tags |= bit
            places[Int(tag)] =
                UInt64(truncatingIfNeeded: value.lowerBound) | UInt64(truncatingIfNeeded: value.upperBound) << 32
        }
        if tag == FieldTag.property.rawValue {
            propertyList.extend(from: start, to: value.upperBound)
        } else if tag >= FieldTag.userAgent.rawValue, tag <= FieldTag.city.rawValue {
            context.extend(from: start, to: value.upperBound)
        }
    }

    /// All fields from the user agent to the city with their tags and lengths: what place and client depend on.
    var contextBytes: Range<Int> { context.start..<context.end }

    /// All properties with their tags and lengths.
    var propertyBytes: Range<Int> { propertyList.start..<propertyList.end }

    @inline(__always)
    func range(_ tag: FieldTag) -> Range<Int> {
        guard tags & UInt32(1) &<< UInt32(tag.rawValue) != 0 else { return 0..<0 }
        let place = places[Int(tag.rawValue)]
        return Range(
            uncheckedBounds: (Int(truncatingIfNeeded: place & 0xFFFF_FFFF), Int(truncatingIfNeeded: place >> 32)))
    }

    @inline(__always)
    func has(_ tag: FieldTag, _ byteCount: Int) -> Bool { range(tag).count == byteCount }

    @inline(__always)
    func id(_ tag: FieldTag, in bytes: RawSpan) -> ID128? {
        let range = range(tag)
        return range.count == ID128.byteCount ? ID128(bytes, at: range.lowerBound) : nil
    }
}

/// An absolute URL's parts as ranges of its bytes; the host without port and user.
struct PageURL {
    var host = 0..<0
    var path = 0..<0
    var query = 0..<0

    /// O(bytes), one pass. Anything is taken: what has no `://` near its start has no host.
    init(_ url: RawSpan) {
        let authority = PageURL.authority(of: url)
        host = PageURL.bareHost(url, authority)
        let end =
            url.firstOffset(of: UInt8(ascii: "?"), or: UInt8(ascii: "#"), in: authority.upperBound..<url.byteCount)
            ?? url.byteCount
        path = authority.upperBound..<end
        query = end..<end
        guard end < url.byteCount, url.byte(at: end) == UInt8(ascii: "?") else { return }
        let queryEnd = url.firstOffset(of: UInt8(ascii: "#"), in: end + 1..<url.byteCount) ?? url.byteCount
        query = end + 1..<queryEnd
    }

    /// The host alone, as `init` has it.
    static func host(of url: RawSpan) -> Range<Int> { bareHost(url, authority(of: url)) }

    /// What stands between `://` and the path; empty, at the start, where there is none.
    private static func authority(of url: RawSpan) -> Range<Int> {
        let start = endOfScheme(url)
        guard start > 0 else { return 0..<0 }
        let rest =
            url.firstOffset(of: UInt8(ascii: "/"), or: UInt8(ascii: "?"), in: start..<url.byteCount) ?? url.byteCount
        return start..<(url.firstOffset(of: UInt8(ascii: "#"), in: start..<rest) ?? rest)
    }

    private static let http: UInt64 = 0x2F2F_3A70_7474_68  // "http://"
    private static let https: UInt64 = 0x2F2F_3A73_7074_7468  // "https://"

    private static func endOfScheme(_ url: RawSpan) -> Int {
        if url.byteCount >= 8 {
            let word = url.littleEndianUInt64(at: 0)
            if word == https { return 8 }
            if word & 0xFF_FFFF_FFFF_FFFF == http { return 7 }
        }
        var offset = 0
        while offset + 2 < url.byteCount, offset < 16 {
            if url.byte(at: offset) == UInt8(ascii: ":"), url.byte(at: offset + 1) == UInt8(ascii: "/"),
                url.byte(at: offset + 2) == UInt8(ascii: "/")
            {
                return offset + 3
            }
            offset += 1
        }
        return 0
    }

    private static func bareHost(_ url: RawSpan, _ authority: Range<Int>) -> Range<Int> {
        var start = authority.lowerBound
        while let sign = url.firstOffset(of: UInt8(ascii: "@"), in: start..<authority.upperBound) { start = sign + 1 }
        if start < authority.upperBound, url.byte(at: start) == UInt8(ascii: "[") {
            let bracket = url.firstOffset(of: UInt8(ascii: "]"), in: start..<authority.upperBound)
            return start..<(bracket.map { $0 + 1 } ?? authority.upperBound)
        }
        return
            start..<(url.firstOffset(of: UInt8(ascii: ":"), in: start..<authority.upperBound) ?? authority.upperBound)
    }
}

/// Small byte work on records.
enum RecordBytes {
    /// A fixed hash that puts events of one millisecond into an order that does not depend on arrival. Not keyed: a
    /// sender who forces a tie only leaves the order of its own two events to their positions. `range` stands behind
    /// the record's header.
    static func tie(_ record: RawSpan, _ range: Range<Int>) -> UInt32 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: range.count)
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            hash = (hash ^ record.littleEndianUInt64(at: offset)) &* 0xd6e8_feb8_6659_fd93
            hash ^= hash >> 32
            offset += 8
        }
        // What is left, the first byte highest: the end of the eight bytes that end where the range does.
        let left = UInt64(truncatingIfNeeded: range.upperBound - offset)
        let rest = record.littleEndianUInt64(at: range.upperBound - 8).byteSwapped & ((1 << (left * 8)) &- 1)
        hash = (hash ^ rest) &* 0xd6e8_feb8_6659_fd93
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    /// At most `limit` bytes, cut before a UTF-8 character that would not fit whole.
    static func cut(_ range: Range<Int>, at limit: Int, in bytes: RawSpan) -> Range<Int> {
        guard range.count > limit else { return range }
        var end = range.lowerBound + limit
        while end > range.lowerBound, bytes.byte(at: end) & 0xC0 == 0x80 { end -= 1 }
        return range.lowerBound..<end
    }

    /// The same bytes but for the case of ASCII letters.
    static func equalIgnoringCase(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        if left.equals(right) { return true }
        for index in 0..<left.byteCount where lower(left.byte(at: index)) != lower(right.byte(at: index)) {
            return false
        }
        return true
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
}
