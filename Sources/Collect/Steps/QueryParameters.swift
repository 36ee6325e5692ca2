/// What a known query parameter is for.
enum QueryParameterKind: Sendable {
    /// Labels of a campaign: kept.
    case campaign
    /// Names one click of one person: kept with advertising consent only.
    case click
    /// Names one recipient of a mail, or carries a cross-domain link: never kept.
    case personal
}

/// The parameters Highland knows. Everything that is neither here nor in the site's own list is dropped from URLs.
///
/// Compiled from the vendors' public documentation: Google (utm, gclid and its kin, linker), Matomo, Plausible, HubSpot,
/// Adobe, AT Internet, Webtrekk, Coremetrics, Microsoft, Meta, TikTok, X, LinkedIn, Snapchat, Reddit, Pinterest, Quora,
/// Yandex, the affiliate networks, and mail senders.
enum QueryParameters {
    static let known = NameTable<QueryParameterKind>(
        campaign.map { ($0, .campaign) } + click.map { ($0, .click) } + personal.map { ($0, .personal) })

    private static let campaign = [
        "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "utm_source_platform",
        "utm_creative_format", "utm_marketing_tactic",
        "mtm_campaign", "mtm_keyword", "mtm_source", "mtm_medium", "mtm_content", "mtm_cid", "mtm_group",
        "mtm_placement",
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "piwik_campaign",
        "piwik_kwd",
        "ref", "source",
        "itm_source", "itm_medium", "itm_campaign", "itm_content", "itm_term",
        "hsa_acc", "hsa_cam", "hsa_grp", "hsa_ad", "hsa_src", "hsa_net", "hsa_mt", "hsa_kw", "hsa_tgt", "hsa_ver",
        "s_cid", "cmpid", "xtor", "wt_mc", "cm_mmc",
    ]

    private static let click = [
        "gclid", "gbraid", "wbraid", "gclsrc", "gad_source", "gad_campaignid", "dclid", "srsltid", "msclkid", "fbclid",
        "igshid", "igsh", "ttclid", "twclid", "li_fat_id", "sccid", "rdt_cid", "epik", "qclid", "yclid", "ysclid",
        "awc",
        "irclickid", "cjevent", "tduid", "sscid", "admitad_uid", "oborigurl", "tblci", "wickedid",
    ]

    private static let personal = [
        "mc_eid", "mc_cid", "mkt_tok", "_hsenc", "_hsmi", "_kx", "vero_id", "vero_conv", "ml_subscriber_hash",
        "bsft_uid",
        "oly_enc_id", "dm_i", "_gl", "_ga", "pk_vid", "_sp", "__hstc", "_branch_match_id",
    ]
}
