internal import Events

/// Where Matomo's words land.
///
/// The site and the visitor
///
///     idsite                  the site's alias
///     rec                     must be on: a request without it is refused, as Matomo passes it over
///     cid                     anonymousID; 16 hexadecimal digits, else refused. Goes before `_id`
///     _id                     anonymousID, the first 16 digits; nothing where `cookie` is 0: such a browser has a new
///                             one on each page
///     uid                     userID
///     consent                 1: measurement granted, 0: denied. Sent where the page asked its visitor
///     (cookie) matomo_ignore, piwik_ignore    the visitor's objection, every purpose
///     res, lang               screen, language (the first of a list)
///     ua                      the visitor's agent instead of the request's
///
/// The page and the action: the first of this list that applies names the event
///
///     ping                    `ping`, breaks no bounce
///     idgoal=0                `order` with ec_id, else `cart`; revenue, ec_items, ec_st, ec_tx, ec_sh, ec_dt
///     idgoal                  `goal`; revenue
///     c_n                     `content_impression`, with c_i `content_interaction`; c_p, c_t
///     e_c, e_a                the action's name; e_n is its label, e_v its value
///     download, link          `download`, `outlink`; property `target`
///     search                  `search`; search_cat, search_count
///     cra                     `crash`, breaks no bounce; cra_tp, cra_ct, cra_ru, cra_rl, cra_rc
///     ma_id                   `media`, breaks no bounce; ma_ti, ma_re, ma_mt, ma_pn, ma_st, ma_ps, ma_le
///     ca                      on, with none of the above: an action of a plugin that is not known; refused
///     (else)                  `pageview`, or `404` where the importer says so; pf_net … pf_onl, gt_ms are
///                             properties `time_…`
///     url, urlref             url, referrer; url is the Referer header where the request has neither
///     action_name             title
///     dimension1 … 999        properties of these names
///     cvar, _cvar             properties of the names inside; `HTTP-code` of the log importer is the status
///     _pks, _pkn, _pkc, _pkp  properties `product_…`
///     _rcn, _rck              properties `attributed_…` of goals and orders: they name the campaign that such a thing
///                             is credited to, not the one that the visit came from
///
/// Time and what only a key of this installation opens
///
///     cdt, cdo                time; one that lies ahead or is none is passed over. Two days old without a key, any age
///                             with one
///     token_auth              the key; one that is none opens nothing
///     cip                     the visitor's address; without a key nothing, but then the request's own is not taken
///                             for the visitor's either
///     country, region, city   the place
///     send_image              0: 204 instead of the pixel
///
/// Not kept: rand, r, apiv, h, m, s (the visitor's clock), cs (texts are UTF-8), pv_id, new_visit (visits are found
/// from times), uadata (hints come as headers), fla, java, dir, qt, realp, pdf, wma, gears, ag, _idts, _idvc, _idn,
/// _viewts, _refts, _ref, _ects, lat, long, bots (programs are marked, not dropped), queuedtracking, debug, bw_bytes,
/// dp, categories in ec_items, cra_st, the remaining ma_, and what forms, heatmaps and tests of paid plugins send.
enum MatomoField: UInt8, CaseIterable, Sendable {
    case site, recording, visitor, forcedVisitor, user, cookies, consent, screen, language, agent
    case ping, goal, revenue, order, items, subtotal, tax, shipping, discount
    case contentName, contentPiece, contentTarget, contentInteraction
    case category, action, label, value
    case download, link, search, searchCategory, searchCount
    case crash, crashType, crashCategory, crashSource, crashLine, crashColumn
    case media, mediaTitle, mediaResource, mediaType, mediaPlayer, mediaSeconds, mediaPosition, mediaLength
    case custom, url, referrer, title, pageVariables, visitVariables
    case productID, productName, productCategory, productPrice
    case timeNetwork, timeServer, timeTransfer, timeProcessing, timeCompletion, timeLoad, timeGeneration
    case attributedCampaign, attributedKeyword
    case time, age, token, address, country, region, city, image
    case module, method

    static let table = NameTable<MatomoField>([
        ("idsite", .site), ("rec", .recording), ("_id", .visitor), ("cid", .forcedVisitor), ("uid", .user),
        ("cookie", .cookies), ("consent", .consent), ("res", .screen), ("lang", .language), ("ua", .agent),
        ("ping", .ping), ("idgoal", .goal), ("revenue", .revenue), ("ec_id", .order), ("ec_items", .items),
        ("ec_st", .subtotal), ("ec_tx", .tax), ("ec_sh", .shipping), ("ec_dt", .discount),
        ("c_n", .contentName), ("c_p", .contentPiece), ("c_t", .contentTarget), ("c_i", .contentInteraction),
        ("e_c", .category), ("e_a", .action), ("e_n", .label), ("e_v", .value),
        ("download", .download), ("link", .link),
        ("search", .search), ("search_cat", .searchCategory), ("search_count", .searchCount),
        ("cra", .crash), ("cra_tp", .crashType), ("cra_ct", .crashCategory), ("cra_ru", .crashSource),
        ("cra_rl", .crashLine), ("cra_rc", .crashColumn),
        ("ma_id", .media), ("ma_ti", .mediaTitle), ("ma_re", .mediaResource), ("ma_mt", .mediaType),
        ("ma_pn", .mediaPlayer), ("ma_st", .mediaSeconds), ("ma_ps", .mediaPosition), ("ma_le", .mediaLength),
        ("ca", .custom), ("url", .url), ("urlref", .referrer), ("action_name", .title),
        ("cvar", .pageVariables), ("_cvar", .visitVariables),
        ("_pks", .productID), ("_pkn", .productName), ("_pkc", .productCategory), ("_pkp", .productPrice),
        ("pf_net", .timeNetwork), ("pf_srv", .timeServer), ("pf_tfr", .timeTransfer), ("pf_dm1", .timeProcessing),
        ("pf_dm2", .timeCompletion), ("pf_onl", .timeLoad), ("gt_ms", .timeGeneration),
        ("_rcn", .attributedCampaign), ("_rck", .attributedKeyword),
        ("cdt", .time), ("cdo", .age), ("token_auth", .token), ("cip", .address),
        ("country", .country), ("region", .region), ("city", .city), ("send_image", .image),
        ("module", .module), ("method", .method),
    ])

    /// Properties of page views, in milliseconds.
    static let timings: [(MatomoField, StaticString)] = [
        (.timeNetwork, "time_network"), (.timeServer, "time_server"), (.timeTransfer, "time_transfer"),
        (.timeProcessing, "time_dom_processing"), (.timeCompletion, "time_dom_completion"),
        (.timeLoad, "time_on_load"), (.timeGeneration, "time_generation"),
    ]

    /// `dimension` and one to three digits.
    static func isDimension(_ key: RawSpan) -> Bool {
        guard key.byteCount >= 10, key.byteCount <= 12, key.extracting(first: 9).equals(dimension.span.bytes) else {
            return false
        }
        for offset in 9..<key.byteCount where !ASCII.isDigit(key.byte(at: offset)) { return false }
        return true
    }

    private static let dimension: [UInt8] = Array("dimension".utf8)

    /// What can never succeed; the rest is dropped in silence.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed: false
        default: true
        }
    }
}

/// The values of one request, by field.
struct MatomoValues {
    /// As many places as a field's number may need; absent where the request has none.
    private var texts = InlineArray<96, ArenaText>(repeating: .absent)
    /// The request holds a key, be it ours or not.
    var hasToken = false

    subscript(field: MatomoField) -> ArenaText {
        get { texts[Int(field.rawValue)] }
        set { texts[Int(field.rawValue)] = newValue }
    }

    func has(_ field: MatomoField) -> Bool { self[field].count > 0 }
}
