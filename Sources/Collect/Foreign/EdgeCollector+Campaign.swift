internal import Events
internal import RequestParsing

/// How a translation adds to a page's URL what its client sent beside it.
extension EdgeCollector {
    /// Adds parameters to the query of the draft's URL, before its fragment: sources are read there. Those that the URL
    /// has already stay as they are, with `overEmpty` only those with a value; nothing happens without a URL.
    mutating func addToURL(_ parameters: [(name: StaticString, value: ArenaText)], overEmpty: Bool = false) {
        let url = collector.draft.url
        guard url.count > 0 else { return }
        let missing = parameters.filter { $0.value.count > 0 && !hasParameter($0.name, url, overEmpty: overEmpty) }
        guard !missing.isEmpty else { return }
        let parts = URLParts(bytes(url))
        let end = parts.fragment.map { $0.lowerBound - 1 } ?? url.range.count
        var whole: [UInt8] = []
        whole.append(bytes(url), 0..<end)
        for (place, parameter) in missing.enumerated() {
            if place > 0 || parts.query.map({ !$0.isEmpty }) ?? false {
                whole.append(UInt8(ascii: "&"))
            } else if parts.query == nil {
                whole.append(UInt8(ascii: "?"))
            }
            parameter.name.withUTF8Buffer { whole.append(contentsOf: $0) }
            whole.append(UInt8(ascii: "="))
            PercentEncoding.append(bytes(parameter.value), to: &whole)
        }
        whole.append(bytes(url), end..<url.range.count)
        collector.draft.url = collector.arena.append(whole.span.bytes)
    }

    private func hasParameter(_ name: StaticString, _ url: ArenaText, overEmpty: Bool) -> Bool {
        let text = bytes(url)
        guard let range = URLParts(text).query else { return false }
        let query = text.extracting(range)
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            if query.extracting(pair.key).equals(name), !overEmpty || !pair.value.isEmpty { return true }
        }
        return false
    }
}
