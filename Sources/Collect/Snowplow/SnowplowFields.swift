internal import Events

/// Where Snowplow's words land.
///
///     e               the kind: pv, pp, se, ue, tr, ti
///     eid             clientEventID
///     aid             the site's alias; without one the host of the page is
///     url, refr, page url (without one a browser's Referer), referrer, title
///     duid, nuid, tnuid, cookie `sp`   anonymousID, the first of: duid, an app's userId (`SnowplowEntities`), nuid, the
///                     cookie, tnuid, the cookie that a browser is given now
///     uid             userID
///     ttm             time, and no clock is corrected
///     dtm, stm        time and sentAt; a stm before its dtm, cut to seconds, counts as the dtm
///     ua              userAgent
///     ip              address, taken only with a key of this installation
///     lang, res       language, screen
///     p               property `platform`, unless it is `web`
///     vp, ds          with pp_may property `scroll_depth`, percent
///     sid, vid        not kept: visits are found here
///     tz, cd, cs, cookie, f_*      not kept: no report asks, and together they tell a device
///     tv, tna         not kept: the client's version and name
///     u               not kept: redirects are off
///     SP-Anonymous    a header: no ids at all, and measurement is denied
///
///     pv              `pageview`
///     pp              `page_ping`, breaks no bounce: pp_max and pp_may are properties `scroll_x_max` and
///                     `scroll_y_max`, pp_mix and pp_miy not kept. How long the page was looked at is not said: the
///                     time between two pings is set in the page.
///     se              se_ac is the name; se_ca, se_la, se_pr, se_va properties `category`, `label`, `property`,
///                     `value`
///     tr              `order`: tr_id, tr_tt, tr_cu are property `order_id`, revenue, currency; tr_tx, tr_sh, tr_af
///                     properties `tax`, `shipping`, `affiliation`; tr_ci, tr_st, tr_co not kept: where the buyer lives
///     ti              an item of the order of the same request; else `order_item`, which breaks no bounce, with
///                     properties `order_id`, `id`, `name`, `category`, `price`, `quantity`, `currency`
///     ue_pr, ue_px    the name is the schema's (`page_view` is `pageview`), its data are the properties; see
///                     `SnowplowSelfDescribing`
///     co, cx          properties `NAME.MEMBER` by the entity's schema; see `SnowplowEntities`
enum SnowplowFields {
    /// The value of a pair or member that has a place here.
    enum Key: Int, CaseIterable {
        case kind, eventID, site, url, referrer, title, domainUser, networkUser, trackerNetworkUser, user
        case trueTime, deviceTime, sentTime, userAgent, address, language, screen, platform, viewport, document
        case scrollX, scrollY, category, action, label, property, value
        case order, total, tax, shipping, affiliation, orderCurrency
        case itemOrder, itemID, itemName, itemCategory, itemPrice, itemQuantity, itemCurrency
        case event, encodedEvent, entities, encodedEntities
    }

    static let words: [(word: StaticString, key: Key)] = [
        ("e", .kind), ("eid", .eventID), ("aid", .site), ("url", .url), ("refr", .referrer), ("page", .title),
        ("duid", .domainUser), ("nuid", .networkUser), ("tnuid", .trackerNetworkUser), ("uid", .user),
        ("ttm", .trueTime), ("dtm", .deviceTime), ("stm", .sentTime), ("ua", .userAgent), ("ip", .address),
        ("lang", .language), ("res", .screen), ("p", .platform), ("vp", .viewport), ("ds", .document),
        ("pp_max", .scrollX), ("pp_may", .scrollY),
        ("se_ca", .category), ("se_ac", .action), ("se_la", .label), ("se_pr", .property), ("se_va", .value),
        ("tr_id", .order), ("tr_tt", .total), ("tr_tx", .tax), ("tr_sh", .shipping), ("tr_af", .affiliation),
        ("tr_cu", .orderCurrency),
        ("ti_id", .itemOrder), ("ti_sk", .itemID), ("ti_nm", .itemName), ("ti_ca", .itemCategory),
        ("ti_pr", .itemPrice), ("ti_qu", .itemQuantity), ("ti_cu", .itemCurrency),
        ("ue_pr", .event), ("ue_px", .encodedEvent), ("co", .entities), ("cx", .encodedEntities),
    ]

    /// By the word's bytes, first byte lowest: none has more than eight.
    private static let keys: [UInt64: Key] = {
        var keys: [UInt64: Key] = [:]
        for (word, key) in words {
            let bytes = word.withUTF8Buffer { Array($0) }
            keys[packed(bytes.span.bytes)] = key
        }
        return keys
    }()

    /// The key that a word stands for; nil for what is not kept.
    static func key(_ word: borrowing RawSpan) -> Key? {
        word.byteCount > 0 && word.byteCount <= 8 ? keys[packed(word)] : nil
    }

    private static func packed(_ word: borrowing RawSpan) -> UInt64 {
        var packed: UInt64 = 0
        for index in 0..<min(word.byteCount, 8) { packed |= UInt64(word.byte(at: index)) << UInt64(index * 8) }
        return packed
    }

    /// What can never succeed. The rest is dropped in silence: a site or page that is none of this installation's, and
    /// what came too late.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed, .timeOutOfRange, nil: false
        default: true
        }
    }
}

/// One event's values, as texts of the arena.
struct SnowplowPayload {
    private var texts = [ArenaText](repeating: .absent, count: SnowplowFields.Key.allCases.count)

    subscript(_ key: SnowplowFields.Key) -> ArenaText {
        get { texts[key.rawValue] }
        set { texts[key.rawValue] = newValue }
    }
}
