/// How a visitor came: the closed list of the channel dimension. Each name is as reports show it.
package enum Channel: String, Sendable, CaseIterable {
    /// No referrer, an excluded one, or one that is no web address.
    case direct = "Direct"
    /// From a page of the site itself: a visit that goes on after a pause.
    case `internal` = "Internal"
    case organicSearch = "Organic Search"
    case paidSearch = "Paid Search"
    case organicSocial = "Organic Social"
    case paidSocial = "Paid Social"
    case assistant = "AI Assistant"
    case email = "Email"
    /// Tagged by whoever placed the link, and none of the above: display, affiliates, print, partners.
    case campaign = "Campaign"
    /// A link on another site.
    case referral = "Referral"

    /// The name for an arena, without a String.
    var text: StaticString {
        switch self {
        case .direct: "Direct"
        case .internal: "Internal"
        case .organicSearch: "Organic Search"
        case .paidSearch: "Paid Search"
        case .organicSocial: "Organic Social"
        case .paidSocial: "Paid Social"
        case .assistant: "AI Assistant"
        case .email: "Email"
        case .campaign: "Campaign"
        case .referral: "Referral"
        }
    }
}

/// What a known host or name is.
enum SourceKind: UInt8 {
    case search, social, assistant, email
    /// Hosts that only advertisements of a search engine are served from.
    case paidSearch
    /// A site on the way, not where the visitor came from: payment, sign-in.
    case excluded
    /// A named or unnamed site that only looks like one of the above.
    case referral
}
