internal import Catalog
internal import Events
internal import RequestParsing

/// Finds the key of a request: the user of Basic authorization, else `writeKey` in the query, else in the body.
/// Libraries write `KEY:` for Basic, and whoever gives them `ALIAS:KEY` sends both everywhere.
enum SegmentKey {
    /// What the request states beside its body, a colon's rest cut off; nil where it states nothing.
    static func stated(_ request: borrowing ForeignRequest) -> [UInt8]? {
        guard let whole = beside(request) else { return nil }
        return Array(whole.prefix { $0 != UInt8(ascii: ":") })
    }

    /// The site's alias; absent where the request names none. Authorizes with what stands behind a colon; nil where
    /// that looks like a key of an installation and is none of this one.
    static func site(
        _ tree: borrowing JSONTree, _ body: RawSpan, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) -> ArenaText? {
        var whole = beside(request) ?? []
        if whole.isEmpty, let node = tree.member("writeKey", of: 0, in: body), tree.kind(node) == .string {
            JSONText.append(tree.nodes[node].token, of: body, to: &whole)
        }
        guard let colon = whole.firstIndex(of: UInt8(ascii: ":")) else {
            return whole.isEmpty ? .absent : edge.arena.append(whole.span.bytes)
        }
        var secret = Array(whole[(colon + 1)...])
        if secret.last == UInt8(ascii: ":") { secret.removeLast() }
        if secret.starts(with: APIKey.prefix.utf8), !edge.authorize(secret.span.bytes, request) { return nil }
        let alias = Array(whole[..<colon])
        return alias.isEmpty ? .absent : edge.arena.append(alias.span.bytes)
    }

    /// The text of Basic authorization, else of the query, cleaned; nil for neither.
    private static func beside(_ request: borrowing ForeignRequest) -> [UInt8]? {
        let header = request.authorization
        if header.byteCount > 6, header.extracting(first: 6).equalsIgnoringCase("basic ") {
            var coded: [UInt8] = []
            if Base64URL.append(header.extracting(6..<header.byteCount), to: &coded), let first = coded.first,
                first != UInt8(ascii: ":")
            {
                var text: [UInt8] = []
                TextCleaning.append(coded.span.bytes, to: &text)
                return text
            }
        }
        var pairs = QueryPairs(request.query)
        while let pair = pairs.next() {
            guard request.query.extracting(pair.key).equals("writeKey"), !pair.value.isEmpty else { continue }
            var text: [UInt8] = []
            PercentDecoding.appendText(request.query.extracting(pair.value), plusIsSpace: true, to: &text)
            return text
        }
        return nil
    }
}
