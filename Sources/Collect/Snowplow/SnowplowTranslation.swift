internal import Events
internal import RequestParsing

/// One query, or each member of a body's `data`, becomes an event; items of an order in the same body become its own. A
/// query beside a body states what its events leave out.
///
///     query ─────────────┐
///                        ├─> payload (values by key) ─> draft: who, when, where ─> kind ─> entities ─> offer
///     body: data[0…499] ─┘
enum SnowplowTranslation {
    /// What the request says once for all its events.
    struct Sender {
        var isAnonymous = false
        /// The cookie that came along.
        var cookie = ArenaText.absent
        /// The cookie that a browser is given where it has none.
        var fresh = ArenaText.absent
    }

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        var sender = Sender(isAnonymous: SnowplowNetworkID.isAnonymous(request))
        if !sender.isAnonymous {
            sender.cookie = SnowplowNetworkID.cookie(request, &edge)
            if sender.cookie.isAbsent, !edge.sender.isServer { sender.fresh = SnowplowNetworkID.random(&edge) }
        }
        // A beacon may carry everything in its address.
        let stated = payload(query: request.query, &edge)
        if request.method == .post, request.body.byteCount > 0 || request.query.byteCount == 0 {
            return body(request, stated, sender, &edge)
        }
        guard request.query.byteCount > 0 else { return edge.refuseWhole(.emptyBody) }
        event(stated, request, sender, into: &edge)
    }

    // MARK: payloads

    private static func payload(query: RawSpan, _ edge: inout EdgeCollector) -> SnowplowPayload {
        var payload = SnowplowPayload()
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            let key: SnowplowFields.Key?
            if pair.isKeyPlain {
                key = SnowplowFields.key(query.extracting(pair.key))
            } else {
                var name: [UInt8] = []
                PercentDecoding.appendText(query.extracting(pair.key), plusIsSpace: true, to: &name)
                key = SnowplowFields.key(name.span.bytes)
            }
            switch key {
            case nil: continue
            case .encodedEvent?, .encodedEntities?:
                // A plus is a digit of the other alphabet of base64.
                payload[key ?? .encodedEvent] = edge.textKeepingPlus(query, pair.value)
            case let key?: payload[key] = edge.text(query, pair.value)
            }
        }
        return payload
    }

    /// The members of one event over what the query states for all of them.
    private static func payload(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, over stated: SnowplowPayload,
        _ edge: inout EdgeCollector
    ) -> SnowplowPayload {
        var payload = stated
        var child = tree.first(in: node)
        while let one = child {
            child = tree.next(after: one, in: node)
            guard let token = tree.nodes[one].key else { continue }
            let key: SnowplowFields.Key?
            if token.hasEscapes {
                var name: [UInt8] = []
                JSONText.append(token, of: body, to: &name)
                key = SnowplowFields.key(name.span.bytes)
            } else {
                key = SnowplowFields.key(body.extracting(token.range))
            }
            switch key {
            case nil: continue
            case .event? where tree.kind(one) == .object, .entities? where tree.kind(one) == .object:
                // JSON as it is, where its text is usual.
                payload[key ?? .event] = edge.arena.append(cleaning: body.extracting(tree.nodes[one].token.range))
            case let key?: payload[key] = edge.text(tree, one, body)
            }
        }
        return payload
    }

    // MARK: bodies

    private static func body(
        _ request: borrowing ForeignRequest, _ stated: SnowplowPayload, _ sender: Sender, _ edge: inout EdgeCollector
    ) {
        var tree = JSONTree()
        let body = request.body
        let limits = edge.collector.limits
        guard edge.read(body, into: &tree) else { return }
        guard tree.kind(0) == .object else { return edge.refuseWhole(.notAnObject) }
        guard let data = tree.member("data", of: 0, in: body) else { return edge.refuseWhole(.emptyBody) }
        var events: [Int] = []
        switch tree.kind(data) {
        case .object: events.append(data)
        case .array:
            var child = tree.first(in: data)
            while let one = child {
                guard events.count < limits.eventsMax else { return edge.refuseWhole(.tooManyEvents) }
                events.append(one)
                child = tree.next(after: one, in: data)
            }
        default: return edge.refuseWhole(.invalidField)
        }
        guard !events.isEmpty else { return edge.refuseWhole(.emptyBody) }
        let items = SnowplowItems(tree, events, body, &edge)
        for (place, node) in events.enumerated() where !items.isTaken(place) {
            guard tree.kind(node) == .object else {
                edge.beginEvent(Snowplow.self)
                edge.refuse(.notAnObject)
                continue
            }
            let payload = payload(tree, node, body, over: stated, &edge)
            var ordered: [SnowplowPayload] = []
            for item in items.items(ofOrderAt: place) {
                ordered.append(Self.payload(tree, events[item], body, over: stated, &edge))
            }
            event(payload, items: ordered, request, sender, into: &edge)
        }
    }

    // MARK: events

    private static func event(
        _ payload: SnowplowPayload, items: [SnowplowPayload] = [], _ request: borrowing ForeignRequest,
        _ sender: Sender, into edge: inout EdgeCollector
    ) {
        edge.beginEvent(Snowplow.self)
        describe(payload, request, &edge)
        times(payload, &edge)
        guard let kind = SnowplowKinds.fill(payload, items: items, &edge) else { return }
        let found = SnowplowEntities.fill(payload, kind, &edge)
        identify(payload, found, sender, &edge)
        edge.offer(request)
    }

    private static func describe(
        _ payload: SnowplowPayload, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        edge.draft.clientEventID = payload[.eventID]
        edge.draft.url = payload[.url]
        if payload[.url].count == 0, request.facts.referer.byteCount > 0 {
            edge.draft.url = edge.arena.append(cleaning: request.facts.referer)
        }
        edge.draft.siteKey = payload[.site].count > 0 ? payload[.site] : edge.host(of: edge.draft.url)
        edge.draft.referrer = payload[.referrer]
        edge.draft.title = payload[.title]
        edge.draft.language = payload[.language]
        edge.draft.screen = payload[.screen]
        if payload[.userAgent].count > 0 { edge.draft.userAgent = payload[.userAgent] }
        if payload[.address].count > 0 { edge.draft.address = IPAddress(parsing: edge.bytes(payload[.address])) }
        if !edge.equals(payload[.platform], "web") { edge.put("platform", payload[.platform]) }
    }

    /// Some clients cut `stm` to whole seconds, so that it lies before what it sent; the event was then sent at once.
    private static func times(_ payload: SnowplowPayload, _ edge: inout EdgeCollector) {
        edge.draft.time = edge.time(payload[.trueTime])
        guard edge.draft.time == .absent else { return }
        edge.draft.time = edge.time(payload[.deviceTime])
        edge.draft.sentAt = edge.time(payload[.sentTime])
        if case .at(let created) = edge.draft.time, case .at(let sent) = edge.draft.sentAt, sent < created {
            edge.draft.sentAt = edge.draft.time
        }
    }

    private static func identify(
        _ payload: SnowplowPayload, _ found: SnowplowEntities.Found, _ sender: Sender, _ edge: inout EdgeCollector
    ) {
        guard !sender.isAnonymous else {
            edge.draft.statedConsent[.measurement] = .denied
            return
        }
        let stated = payload[.networkUser]
        let network = SnowplowNetworkID.isUUID(edge.bytes(stated)) ? stated : sender.cookie
        edge.sender.cookieID = network.isAbsent ? sender.fresh : network
        edge.draft.userID = payload[.user]
        let candidates = [
            payload[.domainUser], found.clientID, network, payload[.trackerNetworkUser], sender.fresh,
        ]
        edge.draft.anonymousID = candidates.first { $0.count > 0 } ?? .absent
    }
}

/// Which items of a body are part of an order in it. At most 500 events, so at most 62,500 pairs.
struct SnowplowItems {
    private struct Order {
        var place: Int
        var id: ArenaText
        var items: [Int] = []
    }

    private var orders: [Order] = []
    private var taken: Set<Int> = []

    init(_ tree: borrowing JSONTree, _ events: [Int], _ body: RawSpan, _ edge: inout EdgeCollector) {
        var loose: [(place: Int, id: ArenaText)] = []
        for (place, node) in events.enumerated() {
            guard let kind = tree.member("e", of: node, in: body), tree.kind(kind) == .string else { continue }
            let word = body.extracting(tree.nodes[kind].token.range)
            if word.equals("tr") {
                orders.append(Order(place: place, id: edge.text(tree, "tr_id", of: node, body)))
            } else if word.equals("ti") {
                loose.append((place, edge.text(tree, "ti_id", of: node, body)))
            }
        }
        guard !orders.isEmpty else { return }
        let itemsMax = edge.collector.limits.itemsMax
        for item in loose where item.id.count > 0 {
            guard let index = orders.firstIndex(where: { edge.arena.equal($0.id, item.id) }),
                orders[index].items.count < itemsMax
            else { continue }
            orders[index].items.append(item.place)
            taken.insert(item.place)
        }
    }

    /// The event at this place is an item of an order.
    func isTaken(_ place: Int) -> Bool { taken.contains(place) }

    /// The places of the items of the order at this place.
    func items(ofOrderAt place: Int) -> [Int] { orders.first { $0.place == place }?.items ?? [] }
}
