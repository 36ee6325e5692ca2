internal import COctets
internal import Events

/// Where the parts of a URL stand in its bytes. Splits as browsers do for web schemes: `\` counts as `/`, user
/// information ends at the last `@` of the authority. Any bytes are taken, relative URLs too; `WebURL` is the strict
/// view of an absolute one. Paths and queries are searched eight bytes a step; no allocation.
///
///     https://user@shop.test:8443/a/b?x=1#top
///     scheme       host      port path query fragment
///
/// Source: WHATWG URL Standard, 4.4 (basic URL parser); RFC 3986, 3.
package struct URLParts {
    /// `https` without the colon; empty where the URL is relative.
    package private(set) var scheme = 0..<0
    /// There is a `//`: `host` and `port` mean something, even when empty.
    package private(set) var hasAuthority = false
    /// Up to the last `@` of the authority, without it; nil where there is none.
    package private(set) var userInfo: Range<Int>?
    /// Without user information, port and brackets' outside; `[::1]` keeps its brackets.
    package private(set) var host = 0..<0
    /// `:8443` with its colon; empty where there is none.
    package private(set) var port = 0..<0
    /// From the first slash; for a URL without authority all up to `?` or `#`.
    package private(set) var path = 0..<0
    /// Without the question mark; nil where there is none, empty where nothing follows it.
    package private(set) var query: Range<Int>?
    /// Without the `#`; nil where there is none.
    package private(set) var fragment: Range<Int>?

    package init(_ url: borrowing RawSpan) { self.init(url, in: 0..<url.byteCount) }

    /// The parts of the URL that is a piece of `url`.
    init(_ url: borrowing RawSpan, in range: Range<Int>) {
        let end = range.upperBound
        var index = range.lowerBound
        scheme = index..<index
        if let colon = URLParts.schemeEnd(url, range) {
            scheme = index..<colon
            index = colon + 1
        }
        if index + 1 < end, URLParts.isSlash(url.byte(at: index)), URLParts.isSlash(url.byte(at: index + 1)) {
            hasAuthority = true
            index = readAuthority(url, index + 2..<end)
        }
        let mark = url.first(of: UInt8(ascii: "?"), or: UInt8(ascii: "#"), in: index..<end) ?? end
        path = index..<mark
        guard mark < end else { return }
        guard url.byte(at: mark) == UInt8(ascii: "?") else {
            fragment = mark + 1..<end
            return
        }
        let hash = url.first(of: UInt8(ascii: "#"), or: UInt8(ascii: "#"), in: mark + 1..<end) ?? end
        query = mark + 1..<hash
        if hash < end { fragment = hash + 1..<end }
    }

    /// The scheme is `http` or `https`, in any case.
    package func isWeb(_ url: borrowing RawSpan) -> Bool {
        guard scheme.count == 4 || isSecure(url) else { return false }
        // "http", first byte lowest.
        return url.littleEndianUInt32(at: scheme.lowerBound) | 0x2020_2020 == 0x7074_7468
    }

    /// The scheme is as long as `https` and ends as it does.
    func isSecure(_ url: borrowing RawSpan) -> Bool {
        scheme.count == 5 && url.byte(at: scheme.upperBound - 1) | 0x20 == UInt8(ascii: "s")
    }

    private mutating func readAuthority(_ url: borrowing RawSpan, _ range: Range<Int>) -> Int {
        var end = range.lowerBound
        var hostStart = end
        var marks: UInt64 = 0
        // Where the 64 bytes begin that the marks tell of: slashes, `?`, `#` and `@`.
        var block = end - 64
        reading: while true {
            while marks == 0 {
                block += 64
                end = range.upperBound
                guard block < end else { break reading }
                marks = url.withSixtyFour(at: block) { octets64_authority($0) }
            }
            end = min(block + marks.trailingZeroBitCount, range.upperBound)
            guard end < range.upperBound, url.byte(at: end) == UInt8(ascii: "@") else { break }
            hostStart = end + 1
            marks &= marks &- 1
        }
        if hostStart > range.lowerBound { userInfo = range.lowerBound..<hostStart - 1 }
        var colon = end
        while colon > hostStart, ASCII.isDigit(url.byte(at: colon - 1)) { colon -= 1 }
        if colon > hostStart, url.byte(at: colon - 1) == UInt8(ascii: ":") {
            host = hostStart..<colon - 1
            port = colon - 1..<end
        } else {
            host = hostStart..<end
            port = end..<end
        }
        return end
    }

    @inline(__always)
    private static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }

    /// Where the colon of a leading scheme stands; a scheme is a letter, then letters, digits, `+`, `-`, `.`.
    private static func schemeEnd(_ url: borrowing RawSpan, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, ASCII.isLetter(url.byte(at: range.lowerBound)) else { return nil }
        for index in range.dropFirst() {
            let byte = url.byte(at: index)
            if byte == UInt8(ascii: ":") { return index }
            guard
                ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            else { return nil }
        }
        return nil
    }
}
