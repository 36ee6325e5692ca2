internal import Events
internal import RequestParsing

/// The events of one Umami request.
enum UmamiTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        let authorization = request.authorization
        // Behind `Bearer `: what is no key of this installation means nothing.
        if authorization.byteCount > 7 {
            _ = edge.authorize(authorization.extracting(7..<authorization.byteCount), request)
        }
        let body = request.body
        var tree = JSONTree()
        guard edge.read(body, into: &tree) else { return }
        guard request.action == Umami.batch else { return event(tree, 0, request, into: &edge) }
        guard tree.kind(0) == .array else { return edge.refuseWhole(.notAnObject) }
        var child = tree.first(in: 0)
        while let one = child {
            child = tree.next(after: one, in: 0)
            event(tree, one, request, into: &edge)
        }
    }

    private static func event(
        _ tree: borrowing JSONTree, _ node: Int, _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        let body = request.body
        edge.beginEvent(Umami.self)
        guard let payload = tree.member("payload", of: node, in: body), tree.kind(payload) == .object else {
            return edge.refuse(.notAnObject)
        }
        let site =
            tree.member("website", of: payload, in: body) ?? tree.member("link", of: payload, in: body)
            ?? tree.member("pixel", of: payload, in: body)
        edge.draft.siteKey = edge.text(tree, site, body)
        let type = edge.text(tree, "type", of: node, body)
        edge.draft.anonymousID = edge.text(tree, "id", of: payload, body)
        let data = tree.member("data", of: payload, in: body)
        if edge.equals(type, "event") {
            named(tree, payload, data, body, &edge)
        } else if edge.equals(type, "identify") {
            edge.draft.name = edge.text("identify")
            edge.draft.flags.insert(.identity)
            edge.draft.userID = edge.draft.anonymousID
            edge.putAll(tree, of: data, body)
        } else if edge.equals(type, "performance") {
            edge.draft.name = edge.text("performance")
            edge.draft.flags.insert(.nonInteractive)
            edge.putAll(tree, of: data, body)
            for name in UmamiFields.performance { number(name, tree, payload, body, &edge) }
        } else {
            return edge.refuse(.invalidField)
        }
        edge.put("tag", edge.text(tree, "tag", of: payload, body))
        page(tree, payload, body, &edge)
        sender(tree, payload, request, &edge)
        edge.offer(request)
    }

    /// A page view, or what the site calls it.
    private static func named(
        _ tree: borrowing JSONTree, _ payload: Int, _ data: Int?, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        let name = edge.text(tree, "name", of: payload, body)
        edge.draft.name = name.count > 0 ? name : edge.text("pageview")
        guard let data, tree.kind(data) == .object else { return }
        guard name.count > 0, revenue(tree, data, body, &edge) else { return edge.putAll(tree, of: data, body) }
        edge.putAll(tree, of: data, body, leaving: ["revenue", "currency"])
        if UmamiFields.orders.contains(where: { edge.equals(name, $0) }) {
            edge.draft.clientEventID = edge.text(tree, "order_id", of: data, body)
        }
    }

    /// True where the event says what it earned, in a currency that is one.
    private static func revenue(
        _ tree: borrowing JSONTree, _ data: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) -> Bool {
        guard let micros = edge.micros(tree, tree.member("revenue", of: data, in: body), body) else { return false }
        let currency = edge.text(tree, "currency", of: data, body)
        guard currency.count == 0 || CurrencyCode(edge.bytes(currency)) != nil else { return false }
        edge.draft.revenueMicros = micros
        edge.draft.currency = currency
        return true
    }

    private static func number(
        _ name: StaticString, _ tree: borrowing JSONTree, _ payload: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard let node = tree.member(name, of: payload, in: body), tree.kind(node) == .number else { return }
        edge.put(name, edge.text(tree, node, body), .number)
    }

    // MARK: where and when

    private static func page(
        _ tree: borrowing JSONTree, _ payload: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        let host = edge.text(tree, "hostname", of: payload, body)
        edge.draft.url = whole(edge.text(tree, "url", of: payload, body), host, &edge)
        edge.draft.referrer = whole(edge.text(tree, "referrer", of: payload, body), host, &edge)
        edge.draft.title = edge.text(tree, "title", of: payload, body)
        edge.draft.screen = edge.text(tree, "screen", of: payload, body)
        edge.draft.language = edge.text(tree, "language", of: payload, body)
        guard tree.member("timestamp", of: payload, in: body) != nil else { return }
        let seconds = DecimalText.wholePart(edge.bytes(edge.text(tree, "timestamp", of: payload, body)))
        edge.draft.time = seconds.map { time($0) } ?? .invalid
    }

    private static func time(_ number: Int64) -> ClientTime {
        guard number.magnitude < UInt64(UmamiFields.secondsMax) else {
            return TimeText.range.contains(number) ? .at(Timestamp(milliseconds: number)) : .invalid
        }
        return .at(Timestamp(milliseconds: number * 1_000))
    }

    /// A path with its host before it; what is whole already, or has no host that could be one, as it is.
    private static func whole(_ url: ArenaText, _ host: ArenaText, _ edge: inout EdgeCollector) -> ArenaText {
        guard url.count > 0, host.count > 0, edge.bytes(url).byte(at: 0) == UInt8(ascii: "/"),
            isHost(edge.bytes(host))
        else { return url }
        let text = Array("https://".utf8) + edge.bytes(host).array + edge.bytes(url).array
        return edge.arena.append(text.span.bytes)
    }

    /// Letters, digits, hyphens, dots, a port; other scripts' letters too.
    private static func isHost(_ host: RawSpan) -> Bool {
        guard host.byteCount <= 253 else { return false }
        for offset in 0..<host.byteCount {
            let byte = host.byte(at: offset)
            guard
                ASCII.isAlphanumeric(byte) || byte >= 0x80 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ":")
            else { return false }
        }
        return true
    }

    // MARK: who

    /// Umami believes anyone's `ip` and `userAgent`; here an address needs a key, and an agent is a claim like the header.
    private static func sender(
        _ tree: borrowing JSONTree, _ payload: Int, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        let agent = edge.text(tree, "userAgent", of: payload, request.body)
        if agent.count > 0, !edge.bytes(agent).equals(request.facts.userAgent) { edge.draft.userAgent = agent }
        guard edge.sender.principal != nil else { return }
        let address = edge.text(tree, "ip", of: payload, request.body)
        edge.draft.address = IPAddress(parsing: edge.bytes(address))
    }
}
