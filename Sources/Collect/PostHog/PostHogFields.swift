internal import Events
internal import RequestParsing

/// Where PostHog's words land.
///
/// Around the events:
///
///     token, api_key, $token   the site's alias; also in `properties`, the query, or `Authorization: Bearer`
///     batch                    the events
///     sent_at, _               sentAt; so does the header PostHog-Request-Timestamp
///     compression              only base64; lz64 is refused; gzip is unpacked before, named or not
///     ip=0                     the events' own `$ip` is passed over; the request's address is never kept anyway
///     historical_migration, created_at, ver, beacon   not kept
///
/// Of an event (those with `$` but for `$set…` lie in `properties`):
///
///     event            name; see `kind`
///     uuid, $insert_id clientEventID
///     timestamp        time; `offset`, milliseconds before the request, where there is none
///     distinct_id      anonymousID, or userID once the visitor is known: `$is_identified`, `$user_id`, or another
///                      `$device_id`. Words that stand for nobody are passed over
///     $device_id       anonymousID
///     $anon_distinct_id, alias   the other id of `$identify` and `$create_alias`
///     $cookieless_mode no id is kept, and an alias's consent does not hold
///     $current_url     url; `utm_…` that it lacks are added to its query
///     $referrer        referrer; `$direct` is none
///     $title, title    title; `title` only of a page
///     $screen_width, $screen_height   screen
///     $browser_language, $locale      language
///     $raw_user_agent  userAgent, where a server sends
///     $ip              address, with a key of this installation and without `$geoip_disable`
///     $prev_pageview_duration   engaged time of `$pageleave`, seconds. Not kept of a `$pageview`, because it is another
///                      page's
///     $prev_pageview_max_scroll_percentage   property `scroll_depth` of `$pageleave`, percent
///     revenue, total, value, currency, products, items, order_id   of an order; properties elsewhere
///     $set, $set_once  properties of identity events; elsewhere `$set` only, under `set.`
///     $groups          properties under `group.`
///     $group_type, $group_key, $group_set    properties of `$groupidentify`
///     the names of `kept`   properties
///     other names with `$`  not kept: what the library finds out by itself (browser, versions, session), flags, elements
///     click ids        not kept: they stand in the URL, where consent decides
///     other names      properties
enum PostHogFields {
    /// What an event means.
    enum Kind { case page, leave, order, identify, traits, alias, merge, group, automatic, other }

    static func kind(of name: RawSpan) -> Kind {
        guard name.byteCount > 0, name.byte(at: 0) == UInt8(ascii: "$") else {
            return orders.contains { name.equals($0) } ? .order : .other
        }
        if name.equals("$pageview") { return .page }
        if name.equals("$pageleave") { return .leave }
        if name.equals("$identify") { return .identify }
        if name.equals("$set") || name.equals("$set_once") || name.equals("$unset") { return .traits }
        if name.equals("$create_alias") { return .alias }
        if name.equals("$merge_dangerously") { return .merge }
        if name.equals("$groupidentify") { return .group }
        return name.equals("$screen") || name.equals("$opt_in") ? .other : .automatic
    }

    private static let orders: [StaticString] = ["order", "purchase", "Order Completed", "order_completed"]

    /// Members that the translation looks for, in events and in their properties.
    enum Member: Int, CaseIterable {
        case token, apiKey, marked, event, properties, distinctID, markedDistinctID, uuid, insertID, timestamp, offset
        case set, setOnce, deviceID, userID, isIdentified, previousDistinctID, alias, isCookieless
        case url, referrer, title, markedTitle, width, height, language, locale, agent, address, isNotLocated
        case duration, scroll, revenue, total, value, currency, products, items, orderID, transactionID
        case source, medium, campaign, term, content, groups, groupTraits
        case eventType, elementText, target, screenName, flag, flagResponse, exceptionType, groupType, groupKey
        case lcp, fcp, cls, inp

        var name: StaticString {
            switch self {
            case .token: "token"
            case .apiKey: "api_key"
            case .marked: "$token"
            case .event: "event"
            case .properties: "properties"
            case .distinctID: "distinct_id"
            case .markedDistinctID: "$distinct_id"
            case .uuid: "uuid"
            case .insertID: "$insert_id"
            case .timestamp: "timestamp"
            case .offset: "offset"
            case .set: "$set"
            case .setOnce: "$set_once"
            case .deviceID: "$device_id"
            case .userID: "$user_id"
            case .isIdentified: "$is_identified"
            case .previousDistinctID: "$anon_distinct_id"
            case .alias: "alias"
            case .isCookieless: "$cookieless_mode"
            case .url: "$current_url"
            case .referrer: "$referrer"
            case .title: "title"
            case .markedTitle: "$title"
            case .width: "$screen_width"
            case .height: "$screen_height"
            case .language: "$browser_language"
            case .locale: "$locale"
            case .agent: "$raw_user_agent"
            case .address: "$ip"
            case .isNotLocated: "$geoip_disable"
            case .duration: "$prev_pageview_duration"
            case .scroll: "$prev_pageview_max_scroll_percentage"
            default: rest
            }
        }

        private var rest: StaticString {
            switch self {
            case .revenue: "revenue"
            case .total: "total"
            case .value: "value"
            case .currency: "currency"
            case .products: "products"
            case .items: "items"
            case .orderID: "order_id"
            case .transactionID: "transaction_id"
            case .source: "utm_source"
            case .medium: "utm_medium"
            case .campaign: "utm_campaign"
            case .term: "utm_term"
            case .content: "utm_content"
            case .groups: "$groups"
            case .groupTraits: "$group_set"
            case .eventType: "$event_type"
            case .elementText: "$el_text"
            case .target: "$external_click_url"
            case .screenName: "$screen_name"
            case .flag: "$feature_flag"
            case .flagResponse: "$feature_flag_response"
            case .exceptionType: "$exception_type"
            case .groupType: "$group_type"
            case .groupKey: "$group_key"
            case .lcp: "$web_vitals_LCP_value"
            case .fcp: "$web_vitals_FCP_value"
            case .cls: "$web_vitals_CLS_value"
            case .inp: "$web_vitals_INP_value"
            default: ""
            }
        }
    }

    /// Members whose names begin with `$` and that are properties all the same.
    static let kept: [(member: Member, name: StaticString)] = [
        (.eventType, "event_type"), (.elementText, "text"), (.target, "target"), (.screenName, "screen_name"),
        (.flag, "feature_flag"), (.flagResponse, "feature_flag_response"), (.exceptionType, "exception_type"),
        (.lcp, "lcp"), (.fcp, "fcp"), (.cls, "cls"), (.inp, "inp"),
    ]

    /// A longer value is no campaign's name.
    static let campaignBytesMax = 300
    static let campaign: [Member] = [.source, .medium, .campaign, .term, .content]

    /// Properties without a `$` that have their own place, or none.
    static let placed: [StaticString] = [
        "token", "distinct_id", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid",
        "gclsrc", "gad_source", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "twclid", "li_fat_id", "mc_cid",
        "igshid", "ttclid", "rdt_cid", "epik", "qclid", "sccid", "irclid", "_kx",
    ]
    static let placedOfPage: [StaticString] = placed + ["title"]
    static let placedOfOrder: [StaticString] = placed + ["revenue", "currency", "products", "items"]

    /// What programs write where they know no id; everybody would become one visitor.
    private static let nobody = [
        "0", "anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "null",
        "none", "nil", "nan", "true", "false", "[object object]",
    ].map { Array($0.utf8) }

    static func isNobody(_ id: RawSpan) -> Bool {
        id.byteCount <= 17 && nobody.contains { ASCII.equalsFolded(id, lower: $0) }
    }

    /// What can never succeed; the rest is dropped in silence, an event that lay too long too: PostHog takes it.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed, .wrongKey, .timeOutOfRange: false
        default: true
        }
    }
}
