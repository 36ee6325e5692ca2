internal import Events
internal import RequestParsing

/// The Measurement Protocol: a JSON body of one visitor with a list of events. Clients that send later what has waited
/// put one event there in place of a list.
enum GA4MeasurementTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        let body = request.body
        var tree = JSONTree()
        guard edge.read(body, into: &tree) else { return }
        guard tree.kind(0) == .object else { return edge.refuseWhole(.notAnObject) }
        var shared = GA4Event()
        readQuery(request, into: &shared, &edge)
        readVisitor(tree, body, into: &shared, &edge)
        guard let events = tree.member("events", of: 0, in: body) else { return edge.refuseWhole(.invalidField) }
        guard tree.kind(events) == .array else {
            return event(tree, events, body, shared, request, into: &edge)
        }
        var child = tree.first(in: events)
        var count = 0
        // One more than may be: that one refuses all.
        while let one = child, count <= edge.collector.limits.eventsMax {
            event(tree, one, body, shared, request, into: &edge)
            child = tree.next(after: one, in: events)
            count += 1
        }
    }

    private static func readQuery(
        _ request: borrowing ForeignRequest, into shared: inout GA4Event, _ edge: inout EdgeCollector
    ) {
        let query = request.query
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            let key = query.extracting(pair.key)
            if key.equals("measurement_id") || (key.equals("firebase_app_id") && shared.site.isAbsent) {
                shared.site = edge.text(query, pair.value)
            } else if key.equals("api_secret") {
                _ = edge.authorize(query.extracting(pair.value), request)
            }
        }
    }

    // MARK: visitor

    private static func readVisitor(
        _ tree: borrowing JSONTree, _ body: RawSpan, into shared: inout GA4Event, _ edge: inout EdgeCollector
    ) {
        shared.clientID = edge.text(
            tree, tree.member("client_id", of: 0, in: body) ?? tree.member("app_instance_id", of: 0, in: body), body)
        shared.userID = edge.text(tree, "user_id", of: 0, body)
        shared.userAgent = edge.text(tree, "user_agent", of: 0, body)
        let address = edge.text(tree, "ip_override", of: 0, body)
        shared.address = IPAddress(parsing: edge.bytes(address))
        shared.time = time(tree, of: 0, body, &edge)
        if let device = tree.member("device", of: 0, in: body) {
            let language = edge.text(tree, "language", of: device, body)
            let screen = edge.text(tree, "screen_resolution", of: device, body)
            shared.set(.language, language, edge)
            shared.set(.screen, screen, edge)
        }
        if let consent = tree.member("consent", of: 0, in: body) {
            let data = edge.text(tree, "ad_user_data", of: consent, body)
            let personalization = edge.text(tree, "ad_personalization", of: consent, body)
            shared.consent[.sharing] = GA4Consent.state(edge.bytes(data))
            shared.consent[.personalisation] = GA4Consent.state(edge.bytes(personalization))
        }
        if let traits = tree.member("user_properties", of: 0, in: body) {
            readTraits(tree, traits, body, into: &shared, &edge)
        }
    }

    /// `{"plan":{"value":"gold"}}`, and what is meant by `{"plan":"gold"}`.
    private static func readTraits(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, into shared: inout GA4Event,
        _ edge: inout EdgeCollector
    ) {
        var child = tree.first(in: node)
        var count = 0
        while let one = child, count < GA4Fields.parametersMax {
            child = tree.next(after: one, in: node)
            count += 1
            let value = tree.kind(one) == .object ? tree.member("value", of: one, in: body) : one
            guard let key = tree.nodes[one].key, let value else { continue }
            let start = edge.arena.count
            _ = edge.text("user.")
            JSONText.append(key, of: body, to: &edge.arena.bytes)
            let name = edge.arena.text(from: start)
            shared.add(trait: .init(name: name, value: edge.text(tree, value, body), type: type(tree.kind(value))))
        }
    }

    /// Microseconds since 1970, as a number or as text.
    private static func time(
        _ tree: borrowing JSONTree, of node: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) -> ClientTime {
        guard let member = tree.member("timestamp_micros", of: node, in: body) else { return .absent }
        let text = edge.text(tree, member, body)
        guard let micros = DecimalText.wholePart(edge.bytes(text)), TimeText.range.contains(micros / 1_000) else {
            return .invalid
        }
        return .at(Timestamp(milliseconds: micros / 1_000))
    }

    // MARK: events

    private static func event(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, _ shared: GA4Event,
        _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        guard tree.kind(node) == .object else { return edge.refuse(.notAnObject) }
        var event = shared
        event.name = edge.text(tree, "name", of: node, body)
        let time = time(tree, of: node, body, &edge)
        if time != .absent { event.time = time }
        if let parameters = tree.member("params", of: node, in: body) {
            read(tree, parameters, body, into: &event, &edge)
        }
        event.offer(request, into: &edge)
    }

    private static func read(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, into event: inout GA4Event,
        _ edge: inout EdgeCollector
    ) {
        var child = tree.first(in: node)
        var count = 0
        while let one = child, count < GA4Fields.parametersMax {
            child = tree.next(after: one, in: node)
            count += 1
            guard let key = tree.nodes[one].key, tree.kind(one) != .null else { continue }
            if body.extracting(key.range).equals("items") {
                readItems(tree, one, body, into: &event, &edge)
                continue
            }
            let start = edge.arena.count
            JSONText.append(key, of: body, to: &edge.arena.bytes)
            let name = edge.arena.text(from: start)
            let value = value(tree, one, body, &edge)
            event.add(.init(name: name, value: value, type: type(tree.kind(one))), edge)
        }
    }

    /// A scalar's text; lists and objects are no parameters and stay as their JSON.
    private static func value(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, _ edge: inout EdgeCollector
    ) -> ArenaText {
        guard tree.kind(node) == .object || tree.kind(node) == .array else { return edge.text(tree, node, body) }
        return edge.arena.append(cleaning: body.extracting(tree.nodes[node].token.range))
    }

    private static func type(_ kind: JSONTree.Node.Kind) -> PropertyType {
        switch kind {
        case .number: .number
        case .true, .false: .boolean
        case .string, .null, .object, .array: .string
        }
    }

    private static func readItems(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, into event: inout GA4Event,
        _ edge: inout EdgeCollector
    ) {
        guard tree.kind(node) == .array else { return }
        var child = tree.first(in: node)
        while let one = child, event.items.count < edge.collector.limits.itemsMax {
            child = tree.next(after: one, in: node)
            guard tree.kind(one) == .object else { continue }
            var item = ItemDraft()
            let id = edge.text(tree, "item_id", of: one, body)
            // A cut id is another id.
            if id.count <= edge.collector.limits.idBytesMax { item.id = id }
            item.name = edge.text(tree, "item_name", of: one, body)
            item.priceMicros = edge.micros(tree, tree.member("price", of: one, in: body), body)
            let quantity = edge.micros(tree, tree.member("quantity", of: one, in: body), body)
            if let quantity { item.quantityMicros = quantity }
            event.items.append(item)
        }
    }
}
