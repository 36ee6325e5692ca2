internal import Events
internal import RequestParsing

/// Where Google Analytics 4's words land. Left the tag's query, right the Measurement Protocol's JSON.
///
///     en                  events[].name           name; see `kinds`
///     tid                 measurement_id,         the site's alias
///                         firebase_app_id
///                         api_secret              where it is a key of this installation: its rights; else nothing
///     cid                 client_id,              anonymousID
///                         app_instance_id
///     uid                 user_id                 userID
///     dl dr dt            page_location …         url, referrer, title; with `ir` the referrer is none
///     ul sr               device.language …       language, screen
///     _et                 engagement_time_msec    engaged milliseconds
///                         timestamp_micros        time, of the event or of all
///     ep.* epn.*          params                  properties, see `kinds` for those with another place
///     up.* upn.*          user_properties         properties `user.*`
///     cu                  currency                currency of an order, else a property
///     pr1 … pr200         items                   items: id, name, price, quantity; what else an item has is not kept
///     cs cm cn ck cc ci   source, medium …        utm_ parameters of the url, where it has none; `ct` is `ck` of old
///     gcs gcd             consent                 stated consent, see `GA4Consent`
///     _dbg                debug_mode              preview
///                         user_agent, ip_override the visitor's agent; address, with a key of this installation
///
/// Not kept: `v`, `gtm`, `_p`, `_s`, `_z`, `tfd`, `tag_exp`, `are`, `frm`, `richsstsse` (the tag's own bookkeeping);
/// `sid`, `sct`, `seg`, `_ss`, `_fv`, `_nsi`, `session_id`, `session_number` (visits are found here); `_ee`, `_c`,
/// `npa`, `dma`, `gcu`, `pscdl`, `non_personalized_ads` (marks for Google's advertising); `em`, `ecid`, `_gid`,
/// `user_data` (persons as Google knows them); `uaa` to `uaw` (the agent says enough); `dh`, `tt`; `ur`, `_uip`,
/// `user_location`, the rest of `device` (found from address and agent); `validation_behavior`; `timestamp_micros` of a
/// user property.
///
/// Neither protocol has event ids: only orders, which have their own, are recognised when they come twice.
enum GA4Fields {
    /// A word with a place of its own.
    enum Field: Sendable {
        case name, site, clientID, userID, url, referrer, title, language, screen, engagement, currency
        case source, medium, campaign, term, content, campaignID
        case consentState, consentDetail, debugging, ignoresReferrer, none
    }

    /// Names of the tag's query.
    static let query: [(StaticString, Field)] = [
        ("en", .name), ("tid", .site), ("cid", .clientID), ("uid", .userID), ("dl", .url), ("dr", .referrer),
        ("dt", .title), ("ul", .language), ("sr", .screen), ("_et", .engagement), ("cu", .currency), ("cs", .source),
        ("cm", .medium), ("cn", .campaign), ("ck", .term), ("ct", .term), ("cc", .content), ("ci", .campaignID),
        ("gcs", .consentState), ("gcd", .consentDetail), ("_dbg", .debugging), ("ir", .ignoresReferrer),
    ]

    /// Names among an event's parameters, which the tag has behind `ep.` and `epn.`.
    static let parameters: [(StaticString, Field)] = [
        ("page_location", .url), ("page_referrer", .referrer), ("page_title", .title), ("language", .language),
        ("screen_resolution", .screen), ("engagement_time_msec", .engagement), ("currency", .currency),
        ("debug_mode", .debugging), ("ignore_referrer", .ignoresReferrer), ("session_id", .none),
        ("session_number", .none), ("ga_session_id", .none), ("ga_session_number", .none),
    ]

    /// The same of events that are a page view or tell a campaign; elsewhere these words mean what the site likes.
    static let campaign: [(StaticString, Field)] = [
        ("source", .source), ("medium", .medium), ("campaign", .campaign), ("term", .term), ("content", .content),
        ("campaign_id", .campaignID),
    ]

    /// What an event is to us.
    enum Kind: Sendable {
        case pageview, order, search, download, click, engagement
        /// The tag sends it by itself: no deed of the visitor.
        case automatic
        /// Automatic, and tells where the visit comes from.
        case campaign
        case other
    }

    static let kinds: [(StaticString, Kind)] = [
        ("page_view", .pageview), ("purchase", .order), ("view_search_results", .search),
        ("search", .search), ("file_download", .download), ("click", .click), ("user_engagement", .engagement),
        ("scroll", .automatic), ("session_start", .automatic), ("first_visit", .automatic),
        ("campaign_details", .campaign),
    ]

    /// Parameters of one event that are looked at; Google takes 25, and 100 of paying customers.
    static let parametersMax = 256

    static func field(_ name: RawSpan, in table: [(StaticString, Field)]) -> Field? {
        for (word, field) in table where name.equals(word) { return field }
        return nil
    }

    static func kind(_ name: RawSpan) -> Kind {
        for (word, kind) in kinds where name.equals(word) { return kind }
        return .other
    }
}

/// What the tag says of consent.
///
///     gcs=G1xy    x ad_storage, y analytics_storage: 1 granted, 0 denied, `-` not asked
///     gcd=13l3l3l3l1l1   letters in the order ad_storage, analytics_storage, ad_user_data, ad_personalization: how
///                 each came about. Granted are t (by default), r n v (by an update); denied p (by default), q m u
///                 (by an update); l is not set. Others are not described anywhere and say nothing.
///
/// analytics_storage is our measurement, ad_storage advertising, ad_user_data sharing, ad_personalization
/// personalisation. `gcs` goes before `gcd`.
enum GA4Consent {
    private static let order: [Purpose] = [.advertising, .measurement, .sharing, .personalisation]

    static func read(state: RawSpan, detail: RawSpan) -> Consent {
        var consent = Consent.unknown
        var place = 0
        for offset in 0..<detail.byteCount where place < order.count {
            let byte = detail.byte(at: offset)
            guard ASCII.isLetter(byte) else { continue }
            consent[order[place]] = meaning(byte)
            place += 1
        }
        guard state.byteCount == 4, state.extracting(first: 2).equals("G1") else { return consent }
        for (offset, purpose) in [(2, Purpose.advertising), (3, .measurement)] {
            switch state.byte(at: offset) {
            case UInt8(ascii: "1"): consent[purpose] = .granted
            case UInt8(ascii: "0"): consent[purpose] = .denied
            default: break
            }
        }
        return consent
    }

    private static func meaning(_ letter: UInt8) -> ConsentState {
        switch letter {
        case UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "n"), UInt8(ascii: "v"): .granted
        case UInt8(ascii: "p"), UInt8(ascii: "q"), UInt8(ascii: "m"), UInt8(ascii: "u"): .denied
        default: .unknown
        }
    }

    /// The Measurement Protocol's word for it.
    static func state(_ word: RawSpan) -> ConsentState {
        if word.equals("GRANTED") { return .granted }
        return word.equals("DENIED") ? .denied : .unknown
    }
}
