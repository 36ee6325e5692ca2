internal import Events
internal import RequestParsing

/// The cookies the steps read, found in a `Cookie` header: `name=value` pairs between semicolons (RFC 6265 section
/// 5.4). A pair without `=` and names that only begin alike are passed over. O(n), no allocation.
package struct CookieJar {
    /// The first-party identifier, `DeviceCookie`.
    package static let deviceName: StaticString = "_hl"
    /// A visitor's objection to every purpose: any value but `0`.
    package static let optOutName: StaticString = "highland_optout"
    /// The site's own staff: any value but `0`. Counted as own traffic.
    package static let ownName: StaticString = "highland_own"

    /// The first identifier cookie's value in the header.
    package private(set) var device = 0..<0
    /// How many cookies have the identifier's name: more than one is somebody's tossing.
    package private(set) var deviceCount = 0
    package private(set) var hasOptOut = false
    package private(set) var isOwn = false

    package init() {}

    package init(_ header: RawSpan) {
        var pairs = CookiePairs(of: header)
        while let pair = pairs.nextRaw() {
            // Few other names end as one of these do.
            guard CookieJar.mayBeRead(header, pair.name) else { continue }
            let name = header.extracting(pairs.trimmed(pair.name))
            let value = pairs.value(pair.value)
            if name.equals(CookieJar.deviceName) {
                if deviceCount == 0 { device = value }
                deviceCount += 1
            } else if name.equals(CookieJar.optOutName) {
                hasOptOut = hasOptOut || CookieJar.isSet(header, value)
            } else if name.equals(CookieJar.ownName) {
                isOwn = isOwn || CookieJar.isSet(header, value)
            }
        }
    }

    /// The name's last letter is one of these names', or a blank.
    @inline(__always)
    private static func mayBeRead(_ header: borrowing RawSpan, _ name: Range<Int>) -> Bool {
        guard name.count >= 3 else { return false }
        switch header.byte(at: name.upperBound - 1) {
        case UInt8(ascii: "l"), UInt8(ascii: "t"), UInt8(ascii: "n"), 0x20, 0x09: return true
        default: return false
        }
    }

    private static func isSet(_ header: borrowing RawSpan, _ value: Range<Int>) -> Bool {
        !value.isEmpty && !(value.count == 1 && header.byte(at: value.lowerBound) == UInt8(ascii: "0"))
    }
}
