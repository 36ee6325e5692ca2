internal import Events
internal import RequestParsing

/// What a batch says for all its calls: places in the tree, looked up once.
struct SegmentBatch {
    /// Values in a context that every call searches; in a larger one nothing is looked for, or one request could keep
    /// the loop busy.
    static let contextValuesMax = 256
    let context: Int?
    let sentAt: Int?
    let anonymousID: Int?
    let userID: Int?

    init(_ tree: borrowing JSONTree, _ body: RawSpan) {
        var context = tree.member("context", of: 0, in: body)
        if let one = context, tree.nodes[one].next - one > Self.contextValuesMax { context = nil }
        self.context = context
        sentAt = tree.member("sentAt", of: 0, in: body)
        anonymousID = tree.member("anonymousId", of: 0, in: body)
        userID = tree.member("userId", of: 0, in: body)
    }
}

/// Where the parts of one call stand in the tree.
struct SegmentPlaces {
    let call: SegmentCall
    let node: Int
    /// What is said around it; nil where it stands alone.
    let batch: SegmentBatch?
    /// Its own; what it lacks may stand in the batch's.
    let context: Int?
    /// Of `track`, `page` and `screen`.
    let properties: Int?

    init(_ call: SegmentCall, _ node: Int, in batch: SegmentBatch?, _ tree: borrowing JSONTree, _ body: RawSpan) {
        self.call = call
        self.node = node
        self.batch = batch
        context = tree.member("context", of: node, in: body)
        properties = tree.member("properties", of: node, in: body)
    }

    func inContext(_ name: StaticString, _ tree: borrowing JSONTree, _ body: RawSpan) -> Int? {
        if let context, let found = tree.member(name, of: context, in: body) { return found }
        guard let shared = batch?.context else { return nil }
        return tree.member(name, of: shared, in: body)
    }

    func inContext(
        _ group: StaticString, _ name: StaticString, _ tree: borrowing JSONTree, _ body: RawSpan
    ) -> Int? {
        inContext(group, tree, body).flatMap { tree.member(name, of: $0, in: body) }
    }

    func property(_ name: StaticString, _ tree: borrowing JSONTree, _ body: RawSpan) -> Int? {
        properties.flatMap { tree.member(name, of: $0, in: body) }
    }
}

/// One call becomes one event.
enum SegmentTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        guard let call = SegmentCall(rawValue: request.action & ~Segment.pixelBit) else { return }
        guard request.action & Segment.pixelBit != 0 else { return read(request.body, call, request, into: &edge) }
        let body = SegmentPixel.body(of: request.query)
        read(body.span.bytes, call, request, into: &edge)
    }

    private static func read(
        _ body: RawSpan, _ call: SegmentCall, _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        var tree = JSONTree()
        guard edge.read(body, into: &tree) else { return }
        guard tree.kind(0) == .object else { return edge.refuseWhole(.notAnObject) }
        guard let site = SegmentKey.site(tree, body, request, &edge) else { return edge.refuseWhole(.wrongKey) }
        guard call == .batch else {
            let places = SegmentPlaces(call, 0, in: nil, tree, body)
            return event(places, site, tree, body, request, into: &edge)
        }
        guard let batch = tree.member("batch", of: 0, in: body), tree.kind(batch) == .array else {
            return edge.refuseWhole(.invalidField)
        }
        let shared = SegmentBatch(tree, body)
        var child = tree.first(in: batch)
        while let one = child {
            child = tree.next(after: one, in: batch)
            guard let call = kind(of: one, tree, body) else {
                edge.beginEvent(Segment.self)
                edge.refuse(tree.kind(one) == .object ? .invalidField : .notAnObject)
                continue
            }
            event(SegmentPlaces(call, one, in: shared, tree, body), site, tree, body, request, into: &edge)
        }
    }

    /// By the call's `type`.
    private static func kind(of node: Int, _ tree: borrowing JSONTree, _ body: RawSpan) -> SegmentCall? {
        guard let type = tree.member("type", of: node, in: body), tree.kind(type) == .string else { return nil }
        return SegmentCall(body.extracting(tree.nodes[type].token.range))
    }

    private static func event(
        _ places: SegmentPlaces, _ site: ArenaText, _ tree: borrowing JSONTree, _ body: RawSpan,
        _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        edge.beginEvent(Segment.self)
        guard tree.nodes[places.node].token.range.count <= edge.collector.limits.eventBytesMax else {
            return edge.refuse(.eventTooLarge)
        }
        edge.draft.siteKey = site.isAbsent ? edge.text(tree, "writeKey", of: places.node, body) : site
        edge.draft.clientEventID = edge.text(tree, "messageId", of: places.node, body)
        who(places, tree, body, request, &edge)
        when(places, tree, body, &edge)
        SegmentContext.page(places, tree, body, request, &edge)
        SegmentContext.device(places, tree, body, &edge)
        SegmentContext.consent(places, tree, body, &edge)
        what(places, tree, body, &edge)
        edge.offer(request)
    }

    private static func who(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ request: borrowing ForeignRequest,
        _ edge: inout EdgeCollector
    ) {
        edge.draft.anonymousID = edge.text(tree, "anonymousId", of: places.node, body)
        edge.draft.userID = edge.text(tree, "userId", of: places.node, body)
        if let batch = places.batch {
            if edge.draft.anonymousID.count == 0 { edge.draft.anonymousID = edge.text(tree, batch.anonymousID, body) }
            if edge.draft.userID.count == 0 { edge.draft.userID = edge.text(tree, batch.userID, body) }
        }
        guard edge.draft.anonymousID.count == 0, edge.draft.userID.count == 0, places.call != .alias else { return }
        var id: [UInt8] = []
        if Base64URL.append(request.header("anonymousid"), to: &id), !id.isEmpty {
            edge.draft.anonymousID = edge.arena.append(cleaning: id.span.bytes)
        }
    }

    private static func when(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        let time =
            tree.member("timestamp", of: places.node, in: body)
            ?? tree.member("originalTimestamp", of: places.node, in: body)
        edge.draft.time = edge.time(edge.text(tree, time, body))
        let sent = places.batch?.sentAt ?? tree.member("sentAt", of: places.node, in: body)
        edge.draft.sentAt = edge.time(edge.text(tree, sent, body))
        // It only corrects; an event is not lost for it.
        if edge.draft.sentAt == .invalid { edge.draft.sentAt = .absent }
    }

    private static func what(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        switch places.call {
        case .track, .batch: track(places, tree, body, &edge)
        case .page, .screen:
            edge.draft.name = edge.text(places.call == .page ? "pageview" : "screen")
            edge.putAll(
                tree, of: places.properties, body,
                leaving: places.call == .page ? SegmentFields.pageFacts : SegmentFields.flags)
            edge.put("name", edge.text(tree, "name", of: places.node, body))
            edge.put("category", edge.text(tree, "category", of: places.node, body))
        case .identify: identity("identify", places, tree, body, &edge)
        case .group:
            identity("group", places, tree, body, &edge)
            edge.put("group_id", edge.text(tree, "groupId", of: places.node, body))
        case .alias:
            identity("alias", places, tree, body, &edge)
            edge.draft.previousUserID = edge.text(tree, "previousId", of: places.node, body)
        case .merge: identity("merge", places, tree, body, &edge)
        }
        if let flag = places.property("nonInteraction", tree, body) {
            if tree.kind(flag) == .true || edge.count(edge.text(tree, flag, body)) == 1 {
                edge.draft.flags.insert(.nonInteractive)
            }
        }
    }

    private static func identity(
        _ name: StaticString, _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan,
        _ edge: inout EdgeCollector
    ) {
        edge.draft.name = edge.text(name)
        edge.draft.flags.insert(.identity)
        guard places.call == .identify || places.call == .group else { return }
        let traits = tree.member("traits", of: places.node, in: body)
        let shown = places.call == .identify ? traits ?? places.inContext("traits", tree, body) : traits
        edge.putAll(tree, of: shown, body)
    }

    private static func track(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        edge.draft.name = edge.text(tree, "event", of: places.node, body)
        let isOrder = SegmentFields.isOrder(edge.bytes(edge.draft.name))
        var leaving = SegmentFields.flags
        if isOrder || !SegmentFields.isMoneyless(edge.bytes(edge.draft.name)) {
            SegmentOrder.revenue(places, isOrder: isOrder, tree, body, leaving: &leaving, &edge)
        }
        if isOrder {
            edge.draft.name = edge.text("order")
            SegmentOrder.items(places, tree, body, leaving: &leaving, &edge)
            if edge.draft.clientEventID.count == 0 {
                edge.draft.clientEventID = edge.text(tree, places.property("order_id", tree, body), body)
            }
        }
        edge.putAll(tree, of: places.properties, body, leaving: leaving)
    }
}
