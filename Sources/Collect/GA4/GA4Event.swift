internal import Events
internal import RequestParsing

/// One event in the protocol's words, wherever they stood. Texts lie in the request's arena; what all events of a
/// request share is read once and copied.
struct GA4Event {
    struct Parameter {
        var name: ArenaText
        /// As text, `true` and `false` too.
        var value: ArenaText
        var type: PropertyType
    }

    var name = ArenaText.absent
    var site = ArenaText.absent
    var clientID = ArenaText.absent
    var userID = ArenaText.absent
    var userAgent = ArenaText.absent
    var address: IPAddress?
    var time = ClientTime.absent
    /// Where the request says it otherwise than the tag does.
    var consent = Consent.unknown
    var items: [ItemDraft] = []
    private var url = ArenaText.absent
    private var referrer = ArenaText.absent
    private var title = ArenaText.absent
    private var language = ArenaText.absent
    private var screen = ArenaText.absent
    private var engagement = ArenaText.absent
    private var currency = ArenaText.absent
    private var source = ArenaText.absent
    private var medium = ArenaText.absent
    private var campaign = ArenaText.absent
    private var term = ArenaText.absent
    private var content = ArenaText.absent
    private var campaignID = ArenaText.absent
    private var consentState = ArenaText.absent
    private var consentDetail = ArenaText.absent
    private var isDebugging = false
    private var ignoresReferrer = false
    private var parameters: [Parameter] = []
    private var traits: [Parameter] = []

    mutating func set(_ field: GA4Fields.Field, _ text: ArenaText, _ edge: borrowing EdgeCollector) {
        switch field {
        case .name: name = text
        case .site: site = text
        case .clientID: clientID = text
        case .userID: userID = text
        case .url: url = text
        case .referrer: referrer = text
        case .title: title = text
        case .language: language = text
        case .screen: screen = text
        case .engagement: engagement = text
        case .currency: currency = text
        case .source: source = text
        case .medium: medium = text
        case .campaign: campaign = text
        case .term: term = text
        case .content: content = text
        case .campaignID: campaignID = text
        case .consentState: consentState = text
        case .consentDetail: consentDetail = text
        case .debugging: isDebugging = GA4Event.isTrue(text, edge)
        case .ignoresReferrer: ignoresReferrer = GA4Event.isTrue(text, edge)
        case .none: break
        }
    }

    mutating func add(_ parameter: Parameter, _ edge: borrowing EdgeCollector) {
        if let field = GA4Fields.field(edge.bytes(parameter.name), in: GA4Fields.parameters) {
            return set(field, parameter.value, edge)
        }
        if parameters.count < GA4Fields.parametersMax { parameters.append(parameter) }
    }

    /// Something about the visitor; its name begins with `user.` already.
    mutating func add(trait: Parameter) {
        if traits.count < GA4Fields.parametersMax { traits.append(trait) }
    }

    private static func isTrue(_ text: ArenaText, _ edge: borrowing EdgeCollector) -> Bool {
        text.count > 0 && !edge.equals(text, "0") && !edge.equals(text, "false")
    }

    // MARK: draft

    /// Fills a draft and offers it.
    mutating func offer(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        edge.beginEvent(GA4.self)
        edge.draft.siteKey = site
        edge.draft.anonymousID = clientID
        edge.draft.userID = userID
        edge.draft.time = time
        edge.draft.userAgent = userAgent
        edge.draft.address = address
        edge.draft.engagedMilliseconds = edge.count(engagement)
        edge.draft.statedConsent = consent
        if consentState.count > 0 || consentDetail.count > 0 {
            edge.draft.statedConsent = GA4Consent.read(
                state: edge.bytes(consentState), detail: edge.bytes(consentDetail))
        }
        if isDebugging { edge.draft.flags.insert(.preview) }
        let kind = GA4Fields.kind(edge.bytes(name))
        setName(kind, &edge)
        if kind == .pageview || kind == .campaign { takeCampaign(edge) }
        edge.draft.url = url
        edge.draft.referrer = ignoresReferrer ? .absent : referrer
        edge.draft.title = title
        edge.draft.language = language
        edge.draft.screen = screen
        addCampaign(&edge)
        put(kind, &edge)
        for item in items.prefix(edge.collector.limits.itemsMax) { edge.draft.items.append(item) }
        edge.offer(request)
    }

    /// Into the URL, but not where that is so long that it will be cut.
    private func addCampaign(_ edge: inout EdgeCollector) {
        guard Int(url.count) <= edge.collector.limits.urlBytesMax else { return }
        let words: [(name: StaticString, value: ArenaText)] = [
            ("utm_source", source), ("utm_medium", medium), ("utm_campaign", campaign), ("utm_term", term),
            ("utm_content", content), ("utm_id", campaignID),
        ]
        let bytesMax = edge.collector.limits.titleBytesMax
        let cut = words.map { (name: $0.name, value: edge.cut($0.value, bytesMax)) }
        edge.addToURL(cut, overEmpty: true)
    }

    private func setName(_ kind: GA4Fields.Kind, _ edge: inout EdgeCollector) {
        edge.draft.name =
            switch kind {
            case .pageview: edge.text("pageview")
            case .order: edge.text("order")
            case .search: edge.text("search")
            case .download: edge.text("download")
            case .click: leavesSite(edge) ? edge.text("outlink") : name
            case .engagement: edge.text("engagement")
            case .automatic, .campaign, .other: name
            }
        if kind == .engagement || kind == .automatic || kind == .campaign {
            edge.draft.flags.insert(.nonInteractive)
        }
    }

    private func leavesSite(_ edge: borrowing EdgeCollector) -> Bool {
        for parameter in parameters where edge.equals(parameter.name, "outbound") {
            return GA4Event.isTrue(parameter.value, edge)
        }
        return false
    }

    /// Moves what tells a campaign from the parameters to its own place.
    private mutating func takeCampaign(_ edge: borrowing EdgeCollector) {
        var kept: [Parameter] = []
        for parameter in parameters {
            if let field = GA4Fields.field(edge.bytes(parameter.name), in: GA4Fields.campaign) {
                set(field, parameter.value, edge)
            } else {
                kept.append(parameter)
            }
        }
        parameters = kept
    }

    private func put(_ kind: GA4Fields.Kind, _ edge: inout EdgeCollector) {
        for parameter in parameters where !place(parameter, kind, &edge) { GA4Event.put(parameter, &edge) }
        if kind == .order, edge.draft.revenueMicros != nil {
            edge.draft.currency = currency
        } else {
            edge.put("currency", currency)
        }
        for trait in traits { GA4Event.put(trait, &edge) }
    }

    /// A parameter that has a place or a name of its own in this kind of event; false where it is one like others.
    private func place(_ parameter: Parameter, _ kind: GA4Fields.Kind, _ edge: inout EdgeCollector) -> Bool {
        switch kind {
        case .order:
            if edge.equals(parameter.name, "transaction_id") {
                edge.draft.clientEventID = parameter.value
                edge.put("order_id", parameter.value)
                return true
            }
            guard edge.equals(parameter.name, "value"), let amount = edge.micros(parameter.value) else { return false }
            edge.draft.revenueMicros = amount
            return true
        case .search:
            guard edge.equals(parameter.name, "search_term") else { return false }
            edge.put("keyword", parameter.value)
            return true
        case .download, .click:
            guard edge.equals(parameter.name, "link_url"), kind == .download || leavesSite(edge) else { return false }
            edge.put("target", parameter.value)
            return true
        case .pageview, .engagement, .automatic, .campaign, .other: return false
        }
    }

    private static func put(_ parameter: Parameter, _ edge: inout EdgeCollector) {
        switch parameter.type {
        case .boolean:
            let start = edge.arena.count
            edge.arena.appendByte(edge.equals(parameter.value, "true") ? 1 : 0)
            edge.put(parameter.name, edge.arena.text(from: start), .boolean)
        case .number where edge.micros(parameter.value) == nil: edge.put(parameter.name, parameter.value)
        default: if parameter.value.count > 0 { edge.put(parameter.name, parameter.value, parameter.type) }
        }
    }
}
