package import Events

/// What a site keeps while a visitor's consent to measurement is unknown.
package enum UnknownConsentMode: String, Sendable, Codable, CaseIterable {
    /// Events count, without any identifier.
    case none
    /// The day's hash of site, address and user agent ties a day's events together.
    case cookieless
}

/// What a site takes for granted where neither event, CMP nor stored state says anything.
package enum ConsentDefault: String, Sendable, Codable, CaseIterable {
    case unknown
    case granted
}

/// A website whose events Highland takes. Immutable: a change makes a new one in a new snapshot.
package final class Site: Sendable {
    package let id: SiteID
    /// Names the site in public requests; not a secret. 22 characters of base64url, 128 random bits.
    package let key: String
    package let name: String
    /// Lower-case hosts without port; each covers its sub-domains. At least one.
    package let domains: [String]
    /// IANA name; buckets and days of its reports.
    package let timeZone: String
    /// ISO 4217.
    package let currency: String
    package let unknownConsent: UnknownConsentMode
    package let consentDefault: ConsentDefault
    package let retentionMonths: Int
    /// A new visit at the site's local midnight. The default is false.
    package let splitsVisitsAtMidnight: Bool
    /// A new visit when the campaign changes. The default is false.
    package let splitsVisitsOnCampaign: Bool
    /// Query parameters kept in URLs beside the built-in campaign ones.
    package let allowedQueryParameters: [String]
    /// CIDR ranges of the site's own staff.
    package let excludedNetworks: [String]
    /// Referrer hosts that never start a source: payment providers, single sign-on.
    package let excludedReferrers: [String]

    package init(
        id: SiteID, key: String, name: String, domains: [String], timeZone: String = "UTC", currency: String = "EUR",
        unknownConsent: UnknownConsentMode = .cookieless, consentDefault: ConsentDefault = .unknown,
        retentionMonths: Int = 25, splitsVisitsAtMidnight: Bool = false, splitsVisitsOnCampaign: Bool = false,
        allowedQueryParameters: [String] = [], excludedNetworks: [String] = [], excludedReferrers: [String] = []
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.domains = domains
        self.timeZone = timeZone
        self.currency = currency
        self.unknownConsent = unknownConsent
        self.consentDefault = consentDefault
        self.retentionMonths = retentionMonths
        self.splitsVisitsAtMidnight = splitsVisitsAtMidnight
        self.splitsVisitsOnCampaign = splitsVisitsOnCampaign
        self.allowedQueryParameters = allowedQueryParameters
        self.excludedNetworks = excludedNetworks
        self.excludedReferrers = excludedReferrers
    }
}
