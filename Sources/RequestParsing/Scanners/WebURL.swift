internal import Events

/// An absolute `http` or `https` URL taken apart: every part is a range of the bytes it was made from.
///
/// Tolerant in bytes (raw UTF-8, `|`, `{` and bad escapes stay where they are), strict in what decides the host,
/// after the URL Standard's rules for special schemes: space and control bytes at both ends are passed over, `\` ends
/// the authority as `/` does, everything before the last `@` of the authority is user information, a port is digits
/// up to 65535.
///
/// `URLParts` splits; this checks. No allocation. Source: WHATWG URL Standard, 4.4 (basic URL parser); RFC 3986, 3.2.
package struct WebURL: Hashable, Sendable {
    package var isSecure: Bool
    /// Without the `@`; nil where there is none.
    package var userInfo: Range<Int>?
    /// As written, brackets of an IPv6 address included; never empty. Case is not folded.
    package var host: Range<Int>
    /// nil where none is written.
    package var port: UInt16?
    /// From the first `/`; empty where the URL ends after the authority.
    package var path: Range<Int>
    /// Without the `?`; nil where there is none, empty where nothing follows it.
    package var query: Range<Int>?
    /// Without the `#`; nil where there is none.
    package var fragment: Range<Int>?

    /// nil unless the bytes are an absolute http or https URL with a host that could be one.
    package init?(_ bytes: borrowing RawSpan) {
        var start = 0
        var end = bytes.byteCount
        while start < end, bytes.byte(at: start) <= 0x20 { start += 1 }
        while end > start, bytes.byte(at: end - 1) <= 0x20 { end -= 1 }
        let parts = URLParts(bytes, in: start..<end)
        guard parts.hasAuthority, parts.isWeb(bytes), WebURL.isHost(parts.host, of: bytes),
            let port = WebURL.number(of: parts.port, in: bytes)
        else { return nil }
        let authority = (parts.userInfo ?? parts.host).lowerBound..<parts.port.upperBound
        for offset in authority {
            guard bytes.byte(at: offset) > 0x20, bytes.byte(at: offset) != 0x7F else { return nil }
        }
        isSecure = parts.isSecure(bytes)
        userInfo = parts.userInfo
        host = parts.host
        self.port = parts.port.count > 1 ? port : nil
        path = parts.path
        query = parts.query
        fragment = parts.fragment
    }

    /// A colon stands in brackets only, and brackets only around the whole.
    private static func isHost(_ host: Range<Int>, of bytes: borrowing RawSpan) -> Bool {
        guard !host.isEmpty else { return false }
        if bytes.byte(at: host.lowerBound) == UInt8(ascii: "[") {
            return host.count >= 4 && bytes.firstOffset(of: UInt8(ascii: "]"), in: host) == host.upperBound - 1
        }
        return bytes.firstOffset(of: UInt8(ascii: ":"), in: host) == nil
    }

    /// The port behind its colon; 0 where none is written, nil beyond 65535.
    private static func number(of port: Range<Int>, in bytes: borrowing RawSpan) -> UInt16? {
        var number: UInt32 = 0
        for offset in port.dropFirst() {
            number = number * 10 + UInt32(bytes.byte(at: offset) &- 48)
            guard number <= 65_535 else { return nil }
        }
        return UInt16(truncatingIfNeeded: number)
    }
}
