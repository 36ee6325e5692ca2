internal import Events

/// Where a record's fields stand, found in one pass; the first of each tag, an empty range where there is none.
struct RecordFields {
    private static let tagMax: UInt8 = 31
    private var starts: [32 of UInt32] = InlineArray(repeating: 0)
    private var ends: [32 of UInt32] = InlineArray(repeating: 0)
    /// All fields from the user agent to the city with their tags and lengths: what place and client depend on.
    private(set) var contextBytes = 0..<0

    init(_ bytes: RawSpan) {
        var cursor = FieldCursor()
        var fieldStart = RecordFormat.headerBytes
        var contextStart = 0
        var contextEnd = 0
        while let field = cursor.next(in: bytes) {
            if field.tag <= RecordFields.tagMax, ends[Int(field.tag)] == 0 {
                starts[Int(field.tag)] = UInt32(clamping: field.value.lowerBound)
                ends[Int(field.tag)] = UInt32(clamping: field.value.upperBound)
            }
            if field.tag >= FieldTag.userAgent.rawValue, field.tag <= FieldTag.city.rawValue {
                if contextStart == 0 { contextStart = fieldStart }
                contextEnd = field.value.upperBound
            }
            fieldStart = field.value.upperBound
        }
        contextBytes = contextStart..<contextEnd
    }

    @inline(__always)
    func range(_ tag: FieldTag) -> Range<Int> { Int(starts[Int(tag.rawValue)])..<Int(ends[Int(tag.rawValue)]) }

    func id(_ tag: FieldTag, in bytes: RawSpan) -> ID128? {
        let range = range(tag)
        return range.count == ID128.byteCount ? ID128(bytes, at: range.lowerBound) : nil
    }
}

/// An absolute URL's parts as ranges of the record; the host without port and user.
struct PageURL {
    var host = 0..<0
    var path = 0..<0
    var query = 0..<0

    /// O(bytes), one pass. Anything is taken: what has no `://` near its start has no host.
    init(_ bytes: RawSpan, _ url: Range<Int>) {
        var offset = PageURL.endOfScheme(bytes, url)
        if offset > url.lowerBound {
            let start = offset
            var end = offset
            while end < url.upperBound, !PageURL.endsHost(bytes.octet(at: end)) { end += 1 }
            host = PageURL.bareHost(bytes, start..<end)
            offset = end
        }
        var end = offset
        while end < url.upperBound, bytes.octet(at: end) != UInt8(ascii: "?"), bytes.octet(at: end) != UInt8(ascii: "#")
        {
            end += 1
        }
        path = offset..<end
        query = end..<end
        guard end < url.upperBound, bytes.octet(at: end) == UInt8(ascii: "?") else { return }
        offset = end + 1
        end = offset
        while end < url.upperBound, bytes.octet(at: end) != UInt8(ascii: "#") { end += 1 }
        query = offset..<end
    }

    private static func endOfScheme(_ bytes: RawSpan, _ url: Range<Int>) -> Int {
        var offset = url.lowerBound
        while offset + 2 < url.upperBound, offset - url.lowerBound < 16 {
            if bytes.octet(at: offset) == UInt8(ascii: ":"), bytes.octet(at: offset + 1) == UInt8(ascii: "/"),
                bytes.octet(at: offset + 2) == UInt8(ascii: "/")
            {
                return offset + 3
            }
            offset += 1
        }
        return url.lowerBound
    }

    private static func endsHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func bareHost(_ bytes: RawSpan, _ authority: Range<Int>) -> Range<Int> {
        var start = authority.lowerBound
        for index in authority where bytes.octet(at: index) == UInt8(ascii: "@") { start = index + 1 }
        var end = start
        if start < authority.upperBound, bytes.octet(at: start) == UInt8(ascii: "[") {
            while end < authority.upperBound, bytes.octet(at: end) != UInt8(ascii: "]") { end += 1 }
            return start..<min(end + 1, authority.upperBound)
        }
        while end < authority.upperBound, bytes.octet(at: end) != UInt8(ascii: ":") { end += 1 }
        return start..<end
    }
}

/// Small byte work on records.
enum RecordBytes {
    /// A fixed hash that puts events of one millisecond into an order that does not depend on arrival. Not keyed: a
    /// sender who forces a tie only leaves the order of its own two events to their positions.
    static func tie(_ bytes: RawSpan) -> UInt32 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: bytes.byteCount)
        var offset = 0
        while bytes.byteCount - offset >= 8 {
            hash = (hash ^ bytes.word(at: offset)) &* 0xd6e8_feb8_6659_fd93
            hash ^= hash >> 32
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.byteCount {
            rest = rest << 8 | UInt64(bytes.octet(at: offset))
            offset += 1
        }
        hash = (hash ^ rest) &* 0xd6e8_feb8_6659_fd93
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    /// At most `limit` bytes, cut before a UTF-8 character that would not fit whole.
    static func cut(_ range: Range<Int>, at limit: Int, in bytes: RawSpan) -> Range<Int> {
        guard range.count > limit else { return range }
        var end = range.lowerBound + limit
        while end > range.lowerBound, bytes.octet(at: end) & 0xC0 == 0x80 { end -= 1 }
        return range.lowerBound..<end
    }

    /// The same bytes but for the case of ASCII letters.
    static func equalIgnoringCase(_ left: Range<Int>, _ right: Range<Int>, in bytes: RawSpan) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count
        where lower(bytes.octet(at: left.lowerBound + index)) != lower(bytes.octet(at: right.lowerBound + index)) {
            return false
        }
        return true
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
}

/// Reads for loops over bytes. They say the same as those of Events, but are inlined here: a call into another module
/// for each byte costs more than the byte.
extension RawSpan {
    @inline(__always)
    func octet(at offset: Int) -> UInt8 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
