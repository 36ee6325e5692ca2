internal import Events
internal import RequestParsing

/// What stands around a call: its page, its device, what its visitor allowed.
enum SegmentContext {
    // MARK: page

    /// A page call's own properties go before its context.
    static func page(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ request: borrowing ForeignRequest,
        _ edge: inout EdgeCollector
    ) {
        edge.draft.url = text("url", places, tree, body, &edge)
        if edge.draft.url.count == 0 { edge.draft.url = address(places, tree, body, &edge) }
        // An image says no more of its page.
        if edge.draft.url.count == 0, request.action & Segment.pixelBit != 0, request.facts.referer.byteCount > 0 {
            edge.draft.url = edge.arena.append(cleaning: request.facts.referer)
        }
        edge.draft.referrer = text("referrer", places, tree, body, &edge)
        if edge.draft.referrer.count == 0 {
            edge.draft.referrer = edge.text(tree, places.inContext("referrer", "url", tree, body), body)
        }
        edge.draft.title = text("title", places, tree, body, &edge)
        addCampaign(places, tree, body, &edge)
    }

    private static func text(
        _ name: StaticString, _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan,
        _ edge: inout EdgeCollector
    ) -> ArenaText {
        if places.call == .page {
            let own = edge.text(tree, places.property(name, tree, body), body)
            if own.count > 0 { return own }
        }
        return edge.text(tree, places.inContext("page", name, tree, body), body)
    }

    /// Path and search, where there is a path: a URL without its host.
    private static func address(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) -> ArenaText {
        let path = text("path", places, tree, body, &edge)
        guard path.count > 0, edge.bytes(path).byte(at: 0) == UInt8(ascii: "/") else { return .absent }
        let search = text("search", places, tree, body, &edge)
        guard search.count > 1, edge.bytes(search).byte(at: 0) == UInt8(ascii: "?") else { return path }
        var whole: [UInt8] = []
        whole.append(edge.bytes(path), 0..<path.range.count)
        whole.append(edge.bytes(search), 0..<search.range.count)
        return edge.arena.append(whole.span.bytes)
    }

    /// Sources are read from the URL: a campaign that stands beside it goes into it.
    private static func addCampaign(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard edge.draft.url.count > 0, let campaign = places.inContext("campaign", tree, body) else { return }
        var parameters: [(name: StaticString, value: ArenaText)] = []
        for (name, parameter) in SegmentFields.campaign {
            let value = edge.cut(edge.text(tree, name, of: campaign, body), SegmentFields.campaignBytesMax)
            parameters.append((parameter, value))
        }
        edge.addToURL(parameters)
    }

    // MARK: device

    /// A browser's own headers say who it is; a server's say nothing of its visitor.
    static func device(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        if edge.sender.isServer {
            let agent = edge.text(tree, places.inContext("userAgent", tree, body), body)
            if agent.count > 0 { edge.draft.userAgent = agent }
        }
        let address = edge.text(tree, places.inContext("ip", tree, body), body)
        if address.count > 0 { edge.draft.address = IPAddress(parsing: edge.bytes(address)) }
        edge.draft.language = language(edge.text(tree, places.inContext("locale", tree, body), body), &edge)
        let width = edge.count(edge.text(tree, places.inContext("screen", "width", tree, body), body))
        let height = edge.count(edge.text(tree, places.inContext("screen", "height", tree, body), body))
        if let width, let height, width > 0, height > 0 {
            edge.draft.screen = append("\(width)x\(height)", &edge)
        }
    }

    private static func append(_ text: String, _ edge: inout EdgeCollector) -> ArenaText {
        let bytes = Array(text.utf8)
        return edge.arena.append(bytes.span.bytes)
    }

    /// Telephones write `de_CH`.
    private static func language(_ locale: ArenaText, _ edge: inout EdgeCollector) -> ArenaText {
        guard edge.bytes(locale).firstOffset(of: UInt8(ascii: "_"), in: 0..<locale.range.count) != nil else {
            return locale
        }
        var tag: [UInt8] = []
        for offset in locale.range {
            let byte = edge.arena.bytes[offset]
            tag.append(byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte)
        }
        return edge.arena.append(tag.span.bytes)
    }

    // MARK: consent

    /// What is denied once stays denied, whatever else is said of the same purpose.
    static func consent(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        if let categories = places.inContext("consent", "categoryPreferences", tree, body),
            tree.kind(categories) == .object
        {
            var child = tree.first(in: categories)
            while let one = child {
                child = tree.next(after: one, in: categories)
                guard let key = tree.nodes[one].key else { continue }
                switch tree.kind(one) {
                case .true: state(.granted, body.extracting(key.range), &edge)
                case .false: state(.denied, body.extracting(key.range), &edge)
                default: continue
                }
            }
        }
        list("allowedConsentIds", .granted, places, tree, body, &edge)
        list("deniedConsentIds", .denied, places, tree, body, &edge)
    }

    private static func list(
        _ name: StaticString, _ state: ConsentState, _ places: SegmentPlaces, _ tree: borrowing JSONTree,
        _ body: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard let list = places.inContext("consentManagement", name, tree, body), tree.kind(list) == .array else {
            return
        }
        var child = tree.first(in: list)
        while let one = child {
            child = tree.next(after: one, in: list)
            guard tree.kind(one) == .string else { continue }
            self.state(state, body.extracting(tree.nodes[one].token.range), &edge)
        }
    }

    private static func state(_ state: ConsentState, _ category: RawSpan, _ edge: inout EdgeCollector) {
        guard let purpose = SegmentFields.purpose(category), edge.draft.statedConsent[purpose] != .denied else {
            return
        }
        edge.draft.statedConsent[purpose] = state
    }
}
