/// The parts of an absolute URL that say where a visitor came from, as ranges of its bytes. Any bytes may be given:
/// what is no `http`, `https`, `android-app` or `ios-app` address with a host has `isValid` false, and may have a
/// query still.
/// User name, port and the dot at the end of a host are left out. O(bytes), no allocation.
struct WebAddress {
    static let hostBytesMax = 253
    /// A referrer's path is cut here.
    private static let pathBytesMax = 1024

    private(set) var isValid = false
    /// An installed program instead of a site: the host is its package name.
    private(set) var isApp = false
    private(set) var host = 0..<0
    /// Without the first slash.
    private(set) var path = 0..<0
    private(set) var query = 0..<0

    /// The query is only looked for where it is wanted: a referrer's is long and says nothing here.
    init(_ url: borrowing RawSpan, wantsQuery: Bool) {
        let count = url.byteCount
        let scheme = Self.scheme(url)
        let start = scheme?.end ?? 0
        var first = start
        var end = -1
        var question = start
        while question < count {
            let byte = url.unsafeLoadUnaligned(fromByteOffset: question, as: UInt8.self)
            if byte == 0x3F || byte == 0x23 { break }
            if end < 0 {
                if byte == 0x2F { end = question }
                if byte == 0x40 { first = question + 1 }
            } else if !wantsQuery, question - end > Self.pathBytesMax {
                break
            }
            question += 1
        }
        if wantsQuery, question < count, url.unsafeLoadUnaligned(fromByteOffset: question, as: UInt8.self) == 0x3F {
            var fragment = question + 1
            while fragment < count, url.unsafeLoadUnaligned(fromByteOffset: fragment, as: UInt8.self) != 0x23 {
                fragment += 1
            }
            query = question + 1..<fragment
        }
        guard let scheme else { return }
        isApp = scheme.isApp
        if end >= 0 { path = end + 1..<question } else { end = question }
        guard let last = Self.hostEnd(url, first..<end), last > first, last - first <= Self.hostBytesMax else { return }
        host = first..<last
        isValid = true
    }

    private static func scheme(_ url: borrowing RawSpan) -> (end: Int, isApp: Bool)? {
        guard url.byteCount > 7 else { return nil }
        if begins(url, "http") {
            if begins(url, "https://") { return (8, false) }
            return begins(url, "http://") ? (7, false) : nil
        }
        if begins(url, "android-app://") { return (14, true) }
        if begins(url, "ios-app://") { return (10, true) }
        return nil
    }

    private static func begins(_ url: borrowing RawSpan, _ text: StaticString) -> Bool {
        guard url.byteCount >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count
            where RequiredLiterals.folded(url.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self))
                != wanted[offset]
            {
                return false
            }
            return true
        }
    }

    /// Where the host ends before port and last dot; nil where a byte stands that no host has.
    private static func hostEnd(_ url: borrowing RawSpan, _ range: Range<Int>) -> Int? {
        func byte(_ offset: Int) -> UInt8 { url.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }
        guard !range.isEmpty else { return nil }
        if byte(range.lowerBound) == 0x5B {
            for offset in range where byte(offset) == 0x5D { return offset + 1 }
            return nil
        }
        var end = range.lowerBound
        while end < range.upperBound, isHostByte(byte(end)) { end += 1 }
        if end < range.upperBound {
            guard byte(end) == 0x3A else { return nil }
            for digit in end + 1..<range.upperBound where byte(digit) &- 0x30 >= 10 { return nil }
        }
        while end > range.lowerBound, byte(end - 1) == 0x2E { end -= 1 }
        return end
    }

    @inline(__always)
    private static func isHostByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2E || byte == 0x2D || byte == 0x5F || byte >= 0x80
    }
}
