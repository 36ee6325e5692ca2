internal import Events
internal import RequestParsing

/// One Plausible event becomes one event a domain.
enum PlausibleTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        var tree = JSONTree()
        guard edge.read(request.body, into: &tree) else { return }
        guard tree.kind(0) == .object else { return edge.refuseWhole(.notAnObject) }
        let body = request.body
        let domains = text(tree, "d", "domain", body, &edge)
        let written = text(tree, "u", "url", body, &edge)
        let sites = domains.count > 0 ? domains : edge.host(of: written)
        event(tree, url: isHashMode(tree, body) ? joined(written, &edge) : written, body, into: &edge)
        let filled = comma(in: sites, from: 0, edge) < sites.range.count ? edge.draft : nil
        var start = 0
        var count = 0
        // One more than may be: that one refuses all.
        repeat {
            let end = comma(in: sites, from: start, edge)
            if count > 0, let filled { edge.draft = filled }
            edge.draft.siteKey = trimmed(sites.at(start..<end), edge)
            edge.offer(request)
            start = end + 1
            count += 1
        } while start < sites.range.count && count <= edge.collector.limits.eventsMax
    }

    /// The first comma from `start` on, else the end.
    private static func comma(in text: ArenaText, from start: Int, _ edge: borrowing EdgeCollector) -> Int {
        let bytes = edge.bytes(text)
        return bytes.firstOffset(of: UInt8(ascii: ","), in: start..<bytes.byteCount) ?? bytes.byteCount
    }

    private static func event(
        _ tree: borrowing JSONTree, url: ArenaText, _ body: RawSpan, into edge: inout EdgeCollector
    ) {
        edge.beginEvent(Plausible.self)
        let name = text(tree, "n", "name", body, &edge)
        let link = PlausibleFields.link(edge.bytes(name))
        edge.draft.name = link.map { edge.text($0) } ?? name
        edge.draft.url = url
        edge.draft.referrer = text(tree, "r", "referrer", body, &edge)
        if let flag = tree.member("i", of: 0, in: body) ?? tree.member("interactive", of: 0, in: body),
            tree.kind(flag) == .false
        {
            edge.draft.flags.insert(.nonInteractive)
        }
        if edge.equals(edge.draft.name, PlausibleFields.engagement) { engagement(tree, body, &edge) }
        if let money = tree.member("$", of: 0, in: body) ?? tree.member("revenue", of: 0, in: body) {
            revenue(tree, money, body, &edge)
        }
        properties(tree, isLink: link != nil, body, &edge)
    }

    private static func engagement(_ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector) {
        edge.draft.flags.insert(.nonInteractive)
        edge.draft.engagedMilliseconds = edge.count(edge.text(tree, "e", of: 0, body))
        let depth = edge.text(tree, "sd", of: 0, body)
        if let percent = edge.count(depth), percent < PlausibleFields.scrollDepthNone {
            edge.put("scroll_depth", depth, .number)
        }
    }

    /// An object, or JSON text of one.
    private static func revenue(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        nested(tree, node, body, &edge) { tree, node, source, edge in
            edge.draft.revenueMicros = edge.micros(tree, tree.member("amount", of: node, in: source), source)
            edge.draft.currency = edge.text(tree, "currency", of: node, source)
        }
    }

    /// Of a followed link, `url` is its target.
    private static func properties(
        _ tree: borrowing JSONTree, isLink: Bool, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        for name in ["p", "props", "m", "meta"] as [StaticString] {
            guard let node = tree.member(name, of: 0, in: body) else { continue }
            return nested(tree, node, body, &edge) { tree, node, source, edge in
                if isLink { edge.put("target", edge.text(tree, "url", of: node, source)) }
                edge.putAll(tree, of: node, source, leaving: isLink ? ["url"] : [])
            }
        }
    }

    /// Calls `use` with an object, be it there as one or as JSON text.
    private static func nested(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, _ edge: inout EdgeCollector,
        _ use: (borrowing JSONTree, Int, RawSpan, inout EdgeCollector) -> Void
    ) {
        if tree.kind(node) == .object { return use(tree, node, body, &edge) }
        guard tree.kind(node) == .string else { return }
        var text: [UInt8] = []
        JSONText.append(tree.nodes[node].token, of: body, to: &text)
        var inner = JSONTree()
        guard (try? inner.read(text.span.bytes, edge.collector.limits)) != nil, inner.kind(0) == .object else { return }
        use(inner, 0, text.span.bytes, &edge)
    }

    private static func text(
        _ tree: borrowing JSONTree, _ short: StaticString, _ long: StaticString, _ body: RawSpan,
        _ edge: inout EdgeCollector
    ) -> ArenaText {
        edge.text(tree, tree.member(short, of: 0, in: body) ?? tree.member(long, of: 0, in: body), body)
    }

    // MARK: pages behind a hash

    private static func isHashMode(_ tree: borrowing JSONTree, _ body: RawSpan) -> Bool {
        guard let flag = tree.member("h", of: 0, in: body) ?? tree.member("hashMode", of: 0, in: body) else {
            return false
        }
        return tree.kind(flag) == .true || body.extracting(tree.nodes[flag].token.range).equals("1")
    }

    /// `https://shop.test/a?b=1#/c?d=2` as `https://shop.test/a%23/c?b=1&d=2`: what stands behind the hash is a page of
    /// its own, and its query is one. `#access_token=…` is no page and stays a fragment.
    private static func joined(_ url: ArenaText, _ edge: inout EdgeCollector) -> ArenaText {
        let parts = URLParts(edge.bytes(url))
        guard let fragment = parts.fragment, let page = page(in: fragment, of: edge.bytes(url)) else { return url }
        let start = edge.arena.count
        copy(url.at(0..<parts.path.upperBound), &edge)
        _ = edge.text("%23")
        copy(url.at(page), &edge)
        var separator: StaticString = "?"
        for query in [parts.query ?? 0..<0, min(page.upperBound + 1, fragment.upperBound)..<fragment.upperBound] {
            guard !query.isEmpty else { continue }
            _ = edge.text(separator)
            copy(url.at(query), &edge)
            separator = "&"
        }
        return edge.arena.text(from: start)
    }

    private static func page(in fragment: Range<Int>, of url: RawSpan) -> Range<Int>? {
        let mark = url.firstOffset(of: UInt8(ascii: "?"), in: fragment) ?? fragment.upperBound
        let page = fragment.lowerBound..<mark
        return page.isEmpty || url.firstOffset(of: UInt8(ascii: "="), in: page) != nil ? nil : page
    }

    private static func copy(_ text: ArenaText, _ edge: inout EdgeCollector) {
        for offset in text.range { edge.arena.appendByte(edge.arena.bytes[offset]) }
    }

    // MARK: texts

    private static func trimmed(_ text: ArenaText, _ edge: borrowing EdgeCollector) -> ArenaText {
        var range = 0..<text.range.count
        let bytes = edge.bytes(text)
        while !range.isEmpty, bytes.byte(at: range.lowerBound) == 0x20 {
            range = range.lowerBound + 1..<range.upperBound
        }
        while !range.isEmpty, bytes.byte(at: range.upperBound - 1) == 0x20 {
            range = range.lowerBound..<range.upperBound - 1
        }
        return text.at(range)
    }
}
