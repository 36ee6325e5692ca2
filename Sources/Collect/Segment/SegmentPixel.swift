internal import Events
internal import RequestParsing

/// A call in a query, as the JSON that it stands for.
///
///     ?data=BASE64                                                the whole call
///     ?writeKey=…&event=…&properties={…}&context.page.url=…       members; objects as JSON text, or by dots
enum SegmentPixel {
    /// Objects whose members may be named one by one.
    private static let groups: [(prefix: StaticString, before: StaticString, behind: StaticString)] = [
        ("properties.", "\"properties\":{", "},"), ("traits.", "\"traits\":{", "},"),
    ]
    private static let contextGroups: [(prefix: StaticString, before: StaticString, behind: StaticString)] = [
        ("context.page.", "\"page\":{", "},"), ("context.campaign.", "\"campaign\":{", "},"),
    ]

    /// Longer than its query by the quotes only; what is no JSON is found by whoever reads it.
    static func body(of query: RawSpan) -> [UInt8] {
        var body: [UInt8] = []
        if readData(query, into: &body) { return body }
        body.append(UInt8(ascii: "{"))
        for group in groups { write(group, query, to: &body) }
        append("\"context\":{", to: &body)
        for group in contextGroups { write(group, query, to: &body) }
        append("\"\":0},", to: &body)
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            let name = decoded(query.extracting(pair.key))
            guard !name.isEmpty, !name.contains(UInt8(ascii: ".")) else { continue }
            var value = decoded(query.extracting(pair.value))
            if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\""),
                name.elementsEqual("anonymousId".utf8)
            {
                // Pages copy it out of a cookie that holds JSON.
                value = Array(value.dropFirst().dropLast())
            }
            SegmentJSON.append(quoted: name.span.bytes, to: &body)
            body.append(UInt8(ascii: ":"))
            if value.first == UInt8(ascii: "{"), isObject(value.span.bytes) {
                body.append(contentsOf: value)
            } else {
                SegmentJSON.append(quoted: value.span.bytes, to: &body)
            }
            body.append(UInt8(ascii: ","))
        }
        append("\"\":0}", to: &body)
        return body
    }

    private static func readData(_ query: RawSpan, into body: inout [UInt8]) -> Bool {
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            guard query.extracting(pair.key).equals("data"), !pair.value.isEmpty else { continue }
            var coded: [UInt8] = []
            PercentDecoding.append(query.extracting(pair.value), plusIsSpace: false, to: &coded)
            return Base64URL.append(coded.span.bytes, to: &body)
        }
        return false
    }

    private static func write(
        _ group: (prefix: StaticString, before: StaticString, behind: StaticString), _ query: RawSpan,
        to body: inout [UInt8]
    ) {
        let count = group.prefix.utf8CodeUnitCount
        append(group.before, to: &body)
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            let name = decoded(query.extracting(pair.key))
            guard name.count > count, name.span.bytes.extracting(first: count).equals(group.prefix) else { continue }
            let member = Array(name[count...])
            let value = decoded(query.extracting(pair.value))
            SegmentJSON.append(quoted: member.span.bytes, to: &body)
            body.append(UInt8(ascii: ":"))
            SegmentJSON.append(quoted: value.span.bytes, to: &body)
            body.append(UInt8(ascii: ","))
        }
        // The last comma wants a member.
        append("\"\":null", to: &body)
        append(group.behind, to: &body)
    }

    private static func decoded(_ text: RawSpan) -> [UInt8] {
        var bytes: [UInt8] = []
        PercentDecoding.appendText(text, plusIsSpace: true, to: &bytes)
        return bytes
    }

    private static func isObject(_ text: RawSpan) -> Bool {
        var tree = JSONTree()
        let limits = CollectLimits()
        return (try? tree.read(text, depthMax: limits.depthMax - 1, keysMax: limits.keysMax)) != nil
    }

    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}
