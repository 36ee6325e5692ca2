internal import COctets
internal import Events

/// Makes bytes from outside into text a record may hold: well-formed UTF-8 without control characters.
///
/// - Tab, line feed and carriage return become a space; every other control character (U+0000…U+001F, U+007F,
///   U+0080…U+009F) is left out, so `a\0b` becomes `ab`.
/// - Each maximal part of an ill-formed sequence becomes one U+FFFD, as the Unicode Standard advises (3.9, "U+FFFD
///   Substitution of Maximal Subparts") and as `String(decoding:as:)` does.
///
/// The result is at most three times as long as its source. Cost: plain ASCII is checked eight bytes a step and
/// copied at once; other text costs a few ns a character. No allocation once the buffer has grown, but for ill-formed
/// text.
package enum TextCleaning {
    /// Appends `source`, cleaned.
    package static func append(_ source: borrowing RawSpan, to out: inout [UInt8]) {
        let start = out.count
        source.withUnsafeBytes { out.append(contentsOf: $0) }
        if !isClean(source) { compact(&out, from: start) }
    }

    /// Cleans what stands in `out` from `start` on.
    package static func clean(_ out: inout [UInt8], from start: Int) {
        if !isClean(out.span.bytes.extracting(droppingFirst: start)) { compact(&out, from: start) }
    }

    /// Whether cleaning would leave the text as it is. ASCII is passed over 64 bytes a step.
    package static func isClean(_ bytes: borrowing RawSpan) -> Bool {
        let count = bytes.byteCount
        // Most texts are short and plain.
        if count <= 32, isPlain(bytes) { return true }
        var offset = 0
        while offset < count {
            let odd = bytes.withSixtyFour(at: offset) { octets64_odd($0) }
            offset += odd.trailingZeroBitCount
            // Zeros behind the end are odd too.
            guard odd != 0, offset < count else { continue }
            let byte = bytes.byte(at: offset)
            guard byte >= 0x80, case .valid(let length) = UTF8Sequence(bytes, at: offset, end: count),
                !isUpperControl(byte, bytes.byte(at: offset + 1))
            else { return false }
            offset += length
        }
        return true
    }

    /// Whether all bytes are printable ASCII.
    package static func isPlain(_ bytes: borrowing RawSpan) -> Bool {
        let count = bytes.byteCount
        var offset = 0
        while count - offset >= 8 {
            if EightOctets.unprintable(bytes.littleEndianUInt64(at: offset)) != 0 { return false }
            offset += 8
        }
        while offset < count {
            let byte = bytes.byte(at: offset)
            if byte < 0x20 || byte >= 0x7F { return false }
            offset += 1
        }
        return true
    }

    /// Goes over the text and closes the gaps. Where a replacement does not fit into the gap before it, the rest is
    /// copied out once and appended anew.
    private static func compact(_ out: inout [UInt8], from start: Int) {
        var read = start
        var write = start
        let end = out.count
        while read < end {
            if end - read >= 8, moveEight(in: &out, from: read, to: write) {
                read += 8
                write += 8
                continue
            }
            let byte = out[read]
            if byte < 0x80 {
                read += 1
                if let kept = plain(byte) {
                    out[write] = kept
                    write += 1
                }
                continue
            }
            switch UTF8Sequence(out.span.bytes, at: read, end: end) {
            case .valid(let count):
                if !isUpperControl(byte, out[read + 1]) {
                    for index in 0..<count { out[write + index] = out[read + index] }
                    write += count
                }
                read += count
            case .invalid(let count):
                guard write + 3 <= read + count else {
                    let rest = Array(out[read...])
                    out.removeSubrange(write...)
                    return replaceInvalid(in: rest.span.bytes, to: &out)
                }
                out[write] = 0xEF
                out[write + 1] = 0xBF
                out[write + 2] = 0xBD
                write += 3
                read += count
            }
        }
        out.removeSubrange(write...)
    }

    /// Moves eight bytes where all of them are plain; `write` is not behind `read`, and both leave eight bytes.
    @inline(__always)
    private static func moveEight(in out: inout [UInt8], from read: Int, to write: Int) -> Bool {
        let word = out.span.bytes.littleEndianUInt64(at: read)
        guard EightOctets.unprintable(word) == 0 else { return false }
        if read != write {
            var span = out.mutableSpan
            var bytes = span.mutableBytes
            bytes.storeBytes(of: word.littleEndian, toByteOffset: write, as: UInt64.self)
        }
        return true
    }

    private static func replaceInvalid(in source: borrowing RawSpan, to out: inout [UInt8]) {
        var read = 0
        while read < source.byteCount {
            let byte = source.byte(at: read)
            if byte < 0x80 {
                read += 1
                if let kept = plain(byte) { out.append(kept) }
                continue
            }
            switch UTF8Sequence(source, at: read, end: source.byteCount) {
            case .valid(let count):
                if !isUpperControl(byte, source.byte(at: read + 1)) {
                    for index in 0..<count { out.append(source.byte(at: read + index)) }
                }
                read += count
            case .invalid(let count):
                out.append(0xEF)
                out.append(0xBF)
                out.append(0xBD)
                read += count
            }
        }
    }

    /// What an ASCII byte becomes; nil where it is left out.
    private static func plain(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x20...0x7E: byte
        case 0x09, 0x0A, 0x0D: 0x20
        default: nil
        }
    }

    /// U+0080…U+009F.
    private static func isUpperControl(_ first: UInt8, _ second: UInt8) -> Bool { first == 0xC2 && second < 0xA0 }
}

/// What stands at an offset where a byte from 0x80 up begins: a well-formed sequence, or the maximal part of one that
/// is not. Source: the Unicode Standard, table 3-7.
package enum UTF8Sequence: Hashable, Sendable {
    /// 2, 3 or 4 bytes.
    case valid(Int)
    /// 1, 2 or 3 bytes to pass over.
    case invalid(Int)

    /// `at` is before `end`, and `end` within the bytes.
    package init(_ bytes: borrowing RawSpan, at offset: Int, end: Int) {
        let first = bytes.byte(at: offset)
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: count = 2
        case 0xE0:
            count = 3
            second = 0xA0...0xBF
        case 0xED:
            count = 3
            second = 0x80...0x9F
        case 0xE1...0xEF: count = 3
        case 0xF0:
            count = 4
            second = 0x90...0xBF
        case 0xF4:
            count = 4
            second = 0x80...0x8F
        case 0xF1...0xF3: count = 4
        default:
            self = .invalid(1)
            return
        }
        guard end - offset > 1, second.contains(bytes.byte(at: offset + 1)) else {
            self = .invalid(1)
            return
        }
        var index = 2
        while index < count {
            guard end - offset > index, bytes.byte(at: offset + index) & 0xC0 == 0x80 else {
                self = .invalid(index)
                return
            }
            index += 1
        }
        self = .valid(count)
    }
}
