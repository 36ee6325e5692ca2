internal import Events
internal import RequestParsing

/// The events of one PostHog request.
enum PostHogTranslation {
    /// What a request says for all of its events.
    struct Envelope {
        var token = ArenaText.absent
        var sentAt = ClientTime.absent
        var leavesAddresses = false
    }

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        let bearer = bearer(request.authorization)
        _ = edge.authorize(bearer, request)
        var decoded: [UInt8] = []
        switch PostHogBody.form(request, into: &decoded) {
        case .body: read(request.body, bearer, request, into: &edge)
        case .decoded: read(decoded.span.bytes, bearer, request, into: &edge)
        case .refused(let reason): edge.refuseWhole(reason)
        }
    }

    private static func read(
        _ source: RawSpan, _ bearer: RawSpan, _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        var tree = JSONTree()
        guard edge.read(source, into: &tree) else { return }
        let envelope = envelope(tree, source, bearer, request, &edge)
        var list = 0
        if tree.kind(0) == .object {
            guard let batch = tree.member("batch", of: 0, in: source) else {
                return event(tree, 0, source, envelope, request, into: &edge)
            }
            list = batch
        }
        guard tree.kind(list) == .array else { return edge.refuseWhole(.notAnObject) }
        var child = tree.first(in: list)
        if child == nil { edge.refuseWhole(.emptyBody) }
        while let one = child {
            child = tree.next(after: one, in: list)
            event(tree, one, source, envelope, request, into: &edge)
        }
    }

    // MARK: the request

    /// What follows `Bearer `, else nothing.
    @_lifetime(copy authorization)
    private static func bearer(_ authorization: RawSpan) -> RawSpan {
        let count = authorization.byteCount
        guard count > 7, authorization.extracting(first: 6).equalsIgnoringCase("bearer"),
            authorization.byte(at: 6) == 0x20
        else { return authorization.extracting(first: 0) }
        return authorization.extracting(7..<count)
    }

    private static func envelope(
        _ tree: borrowing JSONTree, _ source: RawSpan, _ bearer: RawSpan, _ request: borrowing ForeignRequest,
        _ edge: inout EdgeCollector
    ) -> Envelope {
        var envelope = Envelope()
        if tree.kind(0) == .object {
            envelope.token = token(tree, PostHogMembers(tree, 0, source), source, &edge)
            envelope.sentAt = edge.time(edge.text(tree, "sent_at", of: 0, source))
        }
        if envelope.token.count == 0 {
            for name in ["token", "api_key"] as [StaticString] where envelope.token.count == 0 {
                if let range = PostHogBody.value(name, in: request.query) {
                    envelope.token = edge.text(request.query, range)
                }
            }
        }
        if envelope.token.count == 0, request.action == PostHog.results { envelope.token = edge.arena.append(bearer) }
        if case .at = envelope.sentAt {
        } else {
            envelope.sentAt = TimeText.timestamp(request.header("posthog-request-timestamp")).map { .at($0) } ?? .absent
        }
        if envelope.sentAt == .absent, let range = PostHogBody.value("_", in: request.query) {
            envelope.sentAt = TimeText.milliseconds(request.query.extracting(range)).map { .at($0) } ?? .absent
        }
        if let range = PostHogBody.value("ip", in: request.query) {
            envelope.leavesAddresses = request.query.extracting(range).equals("0")
        }
        return envelope
    }

    private static func token(
        _ tree: borrowing JSONTree, _ members: PostHogMembers, _ source: RawSpan, _ edge: inout EdgeCollector
    ) -> ArenaText {
        edge.text(tree, members[.token] ?? members[.apiKey] ?? members[.marked], source)
    }

    // MARK: one event

    private static func event(
        _ tree: borrowing JSONTree, _ node: Int, _ source: RawSpan, _ envelope: Envelope,
        _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        edge.beginEvent(PostHog.self)
        guard tree.kind(node) == .object else { return edge.refuse(.notAnObject) }
        let outer = PostHogMembers(tree, node, source)
        let inner = PostHogMembers(tree, outer[.properties], source)
        var key = envelope.token
        if key.count == 0 { key = token(tree, outer, source, &edge) }
        if key.count == 0 { key = token(tree, inner, source, &edge) }
        edge.draft.siteKey = key
        let name = edge.text(tree, outer[.event], source)
        let kind = PostHogFields.kind(of: edge.bytes(name))
        edge.draft.name = self.name(kind, name, &edge)
        edge.draft.clientEventID = edge.text(tree, outer[.uuid] ?? inner[.uuid] ?? inner[.insertID], source)
        time(tree, outer, source, envelope, request, &edge)
        identify(tree, outer, inner, source, kind, &edge)
        page(tree, inner, source, kind, &edge)
        sender(tree, inner, source, envelope, &edge)
        PostHogProperties.put(tree, outer, inner, source, kind, &edge)
        edge.offer(request)
    }

    private static func name(
        _ kind: PostHogFields.Kind, _ name: ArenaText, _ edge: inout EdgeCollector
    ) -> ArenaText {
        switch kind {
        case .page: return edge.text("pageview")
        case .leave:
            edge.draft.flags.insert(.nonInteractive)
            return edge.text("engagement")
        case .order: return edge.text("order")
        case .identify, .traits, .alias, .merge, .group:
            edge.draft.flags.insert(.identity)
            return edge.text(kind == .group ? "group" : kind == .alias || kind == .merge ? "alias" : "identify")
        case .automatic:
            edge.draft.flags.insert(.nonInteractive)
            return name
        case .other: return name
        }
    }

    private static func time(
        _ tree: borrowing JSONTree, _ outer: PostHogMembers, _ source: RawSpan, _ envelope: Envelope,
        _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        if outer[.timestamp] != nil {
            let text = edge.text(tree, outer[.timestamp], source)
            edge.draft.sentAt = envelope.sentAt
            edge.draft.time = edge.time(text)
            // Without a zone it is UTC.
            guard edge.draft.time == .invalid else { return }
            let zoned = edge.bytes(text).array + [UInt8(ascii: "Z")]
            if let time = TimeText.rfc3339(zoned.span.bytes) { edge.draft.time = .at(time) }
        } else if let age = edge.count(edge.text(tree, outer[.offset], source)) {
            edge.draft.time = .at(request.facts.receivedAt.adding(milliseconds: -Int64(age)))
        }
    }

    // MARK: who

    private static func identify(
        _ tree: borrowing JSONTree, _ outer: PostHogMembers, _ inner: PostHogMembers, _ source: RawSpan,
        _ kind: PostHogFields.Kind, _ edge: inout EdgeCollector
    ) {
        let distinct = id(tree, outer[.distinctID] ?? outer[.markedDistinctID] ?? inner[.distinctID], source, &edge)
        let isMarked = inner[.isCookieless].map { tree.kind($0) == .true } ?? false
        if isMarked || edge.equals(distinct, "$posthog_cookieless") {
            edge.draft.isCookieless = true
            return
        }
        let device = id(tree, inner[.deviceID], source, &edge)
        switch kind {
        case .identify:
            edge.draft.userID = distinct
            let before = id(tree, inner[.previousDistinctID], source, &edge)
            edge.draft.anonymousID = device.count > 0 ? device : before
        case .alias:
            // Its old id may have been a browser's or a login's.
            edge.draft.userID = id(tree, inner[.alias], source, &edge)
            edge.draft.previousUserID = same(device, distinct, edge) ? .absent : distinct
            edge.draft.anonymousID = device.count > 0 ? device : distinct
        case .merge:
            edge.draft.userID = distinct
            edge.draft.previousUserID = id(tree, inner[.alias], source, &edge)
            edge.draft.anonymousID = device
        default:
            let isKnown = isKnown(tree, inner, source, distinct: distinct, device: device, &edge)
            if isKnown { edge.draft.userID = distinct }
            edge.draft.anonymousID = device.count > 0 ? device : isKnown ? .absent : distinct
        }
    }

    /// The visitor has a login: the event says so, or says another id for the device.
    private static func isKnown(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, distinct: ArenaText, device: ArenaText,
        _ edge: inout EdgeCollector
    ) -> Bool {
        if let stated = inner[.isIdentified], tree.kind(stated) == .true { return true }
        if id(tree, inner[.userID], source, &edge).count > 0 { return true }
        if let stated = inner[.isIdentified], tree.kind(stated) == .false { return false }
        return device.count > 0 && distinct.count > 0 && !same(device, distinct, edge)
    }

    private static func id(
        _ tree: borrowing JSONTree, _ node: Int?, _ source: RawSpan, _ edge: inout EdgeCollector
    ) -> ArenaText {
        let text = edge.text(tree, node, source)
        return PostHogFields.isNobody(edge.bytes(text)) ? .absent : text
    }

    private static func same(_ left: ArenaText, _ right: ArenaText, _ edge: borrowing EdgeCollector) -> Bool {
        edge.bytes(left).equals(edge.bytes(right))
    }

    // MARK: where

    private static func page(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, _ kind: PostHogFields.Kind,
        _ edge: inout EdgeCollector
    ) {
        edge.draft.url = edge.text(tree, inner[.url], source)
        addCampaign(tree, inner, source, &edge)
        let referrer = edge.text(tree, inner[.referrer], source)
        if !edge.equals(referrer, "$direct") { edge.draft.referrer = referrer }
        let isPage = kind == .page || kind == .leave
        edge.draft.title = edge.text(tree, inner[.markedTitle] ?? (isPage ? inner[.title] : nil), source)
        edge.draft.language = edge.text(tree, inner[.language] ?? inner[.locale], source)
        if let width = edge.count(edge.text(tree, inner[.width], source)),
            let height = edge.count(edge.text(tree, inner[.height], source))
        {
            let text = Array("\(width)x\(height)".utf8)
            edge.draft.screen = edge.arena.append(text.span.bytes)
        }
        guard kind == .leave, let micros = edge.micros(tree, inner[.duration], source), micros >= 0 else { return }
        edge.draft.engagedMilliseconds = UInt32(exactly: micros / 1_000)
    }

    /// posthog-js keeps the campaign for the rest of a session; sources are read from URLs.
    private static func addCampaign(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard edge.draft.url.count > 0 else { return }
        var parameters: [(name: StaticString, value: ArenaText)] = []
        for member in PostHogFields.campaign where inner[member] != nil {
            let value = edge.text(tree, inner[member], source)
            if Int(value.count) <= PostHogFields.campaignBytesMax { parameters.append((member.name, value)) }
        }
        edge.addToURL(parameters)
    }

    /// In a browser the request's own agent says it, and brings its hints.
    private static func sender(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, _ envelope: Envelope,
        _ edge: inout EdgeCollector
    ) {
        guard edge.sender.isServer else { return }
        edge.draft.userAgent = edge.text(tree, inner[.agent], source)
        let isLocated = inner[.isNotLocated].map { tree.kind($0) != .true } ?? true
        guard !envelope.leavesAddresses, isLocated else { return }
        let address = edge.text(tree, inner[.address], source)
        edge.draft.address = IPAddress(parsing: edge.bytes(address))
    }
}
