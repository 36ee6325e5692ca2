internal import Events
internal import RequestParsing

/// The page's URL with the campaign that posthog-js keeps for the rest of a session: what is missing in its query is
/// added, because sources are read from URLs.
enum PostHogCampaign {
    /// A longer value is no campaign's name.
    private static let valueBytesMax = 300

    static func url(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, _ edge: inout EdgeCollector
    ) -> ArenaText {
        let url = edge.text(tree, inner[.url], source)
        guard url.count > 0 else { return url }
        var added: [UInt8] = []
        for member in PostHogFields.campaign where inner[member] != nil {
            let value = edge.text(tree, inner[member], source)
            guard value.count > 0, Int(value.count) <= valueBytesMax, !has(member.name, url, edge) else { continue }
            added.append(UInt8(ascii: "&"))
            member.name.withUTF8Buffer { added.append(contentsOf: $0) }
            added.append(UInt8(ascii: "="))
            encode(edge.bytes(value), into: &added)
        }
        guard !added.isEmpty else { return url }
        let bytes = edge.bytes(url).array
        let parts = URLParts(bytes.span.bytes)
        let end = parts.fragment.map { $0.lowerBound - 1 } ?? bytes.count
        if parts.query == nil { added[0] = UInt8(ascii: "?") }
        let whole = Array(bytes[..<end]) + added + Array(bytes[end...])
        return edge.arena.append(whole.span.bytes)
    }

    private static func has(_ name: StaticString, _ url: ArenaText, _ edge: borrowing EdgeCollector) -> Bool {
        let bytes = edge.bytes(url)
        guard let query = URLParts(bytes).query else { return false }
        return PostHogBody.value(name, in: bytes.extracting(query)) != nil
    }

    /// Percent-encoded but for unreserved characters (RFC 3986, 2.3).
    private static func encode(_ value: RawSpan, into bytes: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for offset in 0..<value.byteCount {
            let byte = value.byte(at: offset)
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): bytes.append(byte)
            case _ where ASCII.isAlphanumeric(byte): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
