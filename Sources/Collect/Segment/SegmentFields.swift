internal import Events
internal import RequestParsing

/// What a call means. The numbers are actions of paths.
enum SegmentCall: UInt8 {
    case track = 0
    case page, screen, identify, group, alias, merge, batch

    /// By the word in `type`; nil for none of them.
    init?(_ word: RawSpan) {
        for (name, call) in SegmentCall.words where word.equals(name) {
            self = call
            return
        }
        return nil
    }

    private static let words: [(StaticString, SegmentCall)] = [
        ("track", .track), ("page", .page), ("screen", .screen), ("identify", .identify), ("group", .group),
        ("alias", .alias), ("merge", .merge),
    ]
}

/// Where Segment's and RudderStack's words land.
///
///     writeKey                the site's alias
///     type                    which call; of a single call the path says it
///     messageId               clientEventID; without it an order's `order_id`
///     anonymousId, userId     anonymousID, userID; the `AnonymousId` header stands in for the first
///     previousId              previousUserID, of `alias`
///     groupId                 property `group_id`, of `group`
///     timestamp, else originalTimestamp    time
///     sentAt                  sentAt; the batch's before the call's own
///     event                   name; `Order Completed` is `order`
///     name, category          properties of `page` (a `pageview`) and `screen`
///     properties, traits      properties; traits may lie in `context`
///       revenue, currency     revenue; of an order `total` where there is no `revenue`. Not where money only may come
///                             or has gone: see `moneyless`
///       products              an order's items: product_id, sku or id; name; quantity; price. Else JSON text
///       url, referrer, title, path, search    of `page`: where it stands
///       nonInteraction        true or 1: breaks no bounce
///     context.page            url, referrer, title; path with search where there is no url
///     context.referrer.url    referrer
///     context.campaign        utm_ parameters of the URL where it has none of that name
///     context.userAgent, ip   the visitor's where a server sends; the address only with a key of this installation
///     context.locale          language
///     context.screen          width and height
///     context.consent.categoryPreferences    stated consent, of categories whose names are plain (`purposes`)
///     context.consentManagement.allowedConsentIds, deniedConsentIds    the same
///
/// Not kept: integrations, _metadata, channel, version, receivedAt (the sender's routing); context.library, app,
/// device, os, network, location, timezone, active, groupId, sessionId (device facts come from the agent, visits from
/// the events); mergeProperties (bare identifiers of somebody else's spaces); of `page` also tab_url, referring_domain,
/// initial_referrer and initial_referring_domain (a visit's first event has them).
enum SegmentFields {
    /// Properties of every call that have their own place.
    static let flags: [StaticString] = ["nonInteraction"]
    /// The same of `page`: where it stands, and what its script adds of itself.
    static let pageFacts: [StaticString] = [
        "nonInteraction", "url", "referrer", "title", "path", "search", "tab_url", "referring_domain",
        "initial_referrer", "initial_referring_domain",
    ]
    /// What a campaign's members are called in a URL.
    static let campaign: [(StaticString, StaticString)] = [
        ("source", "utm_source"), ("medium", "utm_medium"), ("name", "utm_campaign"), ("term", "utm_term"),
        ("content", "utm_content"), ("id", "utm_id"),
    ]
    /// Bytes of one campaign value that go into a URL.
    static let campaignBytesMax = 200

    /// Names of a paid order.
    static func isOrder(_ name: RawSpan) -> Bool {
        name.equalsIgnoringCase("order completed") || name.equalsIgnoringCase("completed order")
    }

    /// Whose `revenue` is none: not paid yet, or paid back, or an order told before.
    static func isMoneyless(_ name: RawSpan) -> Bool {
        for one in moneyless where name.equalsIgnoringCase(one) { return true }
        return false
    }

    private static let moneyless: [StaticString] = [
        "checkout started", "checkout step viewed", "checkout step completed", "payment info entered",
        "order updated", "order cancelled", "order refunded", "cart viewed", "cart shared", "product added",
        "product removed", "product viewed", "product clicked", "product list viewed", "product list filtered",
    ]

    /// Consent categories that mean one purpose by their name. Numbered or home-made ones mean nothing here.
    static func purpose(_ category: RawSpan) -> Purpose? {
        for (name, purpose) in purposes where category.equalsIgnoringCase(name) { return purpose }
        return nil
    }

    private static let purposes: [(StaticString, Purpose)] = [
        ("analytics", .measurement), ("measurement", .measurement), ("statistics", .measurement),
        ("advertising", .advertising), ("marketing", .advertising), ("targeting", .advertising),
        ("personalization", .personalisation), ("personalisation", .personalisation),
        ("datasharing", .sharing), ("data sharing", .sharing),
    ]

    /// The status for what was refused: 401 without a usable key, 400 for what can never succeed. Strangers, pages of
    /// others and events from long ago are dropped in silence, which is no mistake of the client's.
    static func status(of reason: Rejection) -> UInt16 {
        switch reason {
        case .missingSite, .wrongKey: 401
        case .unknownSite, .originNotAllowed, .timeOutOfRange: 200
        default: 400
        }
    }
}
