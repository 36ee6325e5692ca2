internal import Events
internal import RequestParsing

/// How a translation adds to a page's URL what its client sent beside it.
extension EdgeCollector {
    /// Adds parameters to the query of the draft's URL, before its fragment: sources are read there. Those that the URL
    /// has already stay as they are; nothing happens without a URL, or where it is so long that it will be cut.
    mutating func addToURL(_ parameters: [(name: StaticString, value: ArenaText)]) {
        let url = collector.draft.url
        guard url.count > 0, Int(url.count) <= collector.limits.urlBytesMax else { return }
        let missing = parameters.filter { $0.value.count > 0 && !hasParameter($0.name, url) }
        guard !missing.isEmpty else { return }
        let parts = URLParts(bytes(url))
        let end = url.range.lowerBound + (parts.fragment.map { $0.lowerBound - 1 } ?? url.range.count)
        var separator = UInt8(ascii: "?")
        if let query = parts.query { separator = query.isEmpty ? 0 : UInt8(ascii: "&") }
        let start = collector.arena.count
        copy(url.range.lowerBound..<end)
        for (name, value) in missing {
            if separator != 0 { collector.arena.appendByte(separator) }
            separator = UInt8(ascii: "&")
            _ = collector.arena.append(name)
            collector.arena.appendByte(UInt8(ascii: "="))
            appendEscaped(cut(value, collector.limits.titleBytesMax))
        }
        copy(end..<url.range.upperBound)
        collector.draft.url = collector.arena.text(from: start)
    }

    private func hasParameter(_ name: StaticString, _ url: ArenaText) -> Bool {
        let text = bytes(url)
        guard let range = URLParts(text).query else { return false }
        let query = text.extracting(range)
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            if query.extracting(pair.key).equals(name), !pair.value.isEmpty { return true }
        }
        return false
    }

    private mutating func copy(_ range: Range<Int>) {
        for offset in range { collector.arena.appendByte(collector.arena.bytes[offset]) }
    }

    /// Letters, digits and `-._~` as they are, else `%XX`.
    private mutating func appendEscaped(_ text: ArenaText) {
        for offset in text.range {
            let byte = collector.arena.bytes[offset]
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                collector.arena.appendByte(byte)
            case _ where ASCII.isAlphanumeric(byte): collector.arena.appendByte(byte)
            default:
                collector.arena.appendByte(UInt8(ascii: "%"))
                collector.arena.appendByte(EdgeCollector.digit(byte >> 4))
                collector.arena.appendByte(EdgeCollector.digit(byte & 15))
            }
        }
    }

    /// 0 to 15 as one hexadecimal digit.
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
}
