package import Events

/// All of a site that people choose: what a new site is made of. Number and key are the catalog's.
package struct SiteDraft: Sendable, Codable, Equatable {
    /// Empty: the first domain.
    package var name: String
    package var domains: [String]
    /// The default is UTC.
    package var timeZone = "UTC"
    /// The default is EUR.
    package var currency = "EUR"
    package var unknownConsent = UnknownConsentMode.cookieless
    package var consentDefault = ConsentDefault.unknown
    /// The default is 25.
    package var retentionMonths = 25
    package var splitsVisitsAtMidnight = false
    package var splitsVisitsOnCampaign = false
    package var allowedQueryParameters: [String] = []
    package var excludedNetworks: [String] = []
    package var excludedReferrers: [String] = []

    package init(name: String = "", domains: [String]) {
        self.name = name
        self.domains = domains
    }

    /// What a site is now.
    package init(of site: Site) {
        self.init(name: site.name, domains: site.domains)
        timeZone = site.timeZone
        currency = site.currency
        unknownConsent = site.unknownConsent
        consentDefault = site.consentDefault
        retentionMonths = site.retentionMonths
        splitsVisitsAtMidnight = site.splitsVisitsAtMidnight
        splitsVisitsOnCampaign = site.splitsVisitsOnCampaign
        allowedQueryParameters = site.allowedQueryParameters
        excludedNetworks = site.excludedNetworks
        excludedReferrers = site.excludedReferrers
    }

    /// The draft in the form in which it is stored, or the first field that is wrong.
    package func validated() throws(CatalogError) -> SiteDraft {
        var checked = self
        checked.domains = try SiteRules.domains(domains)
        checked.name = name.isEmpty ? checked.domains[0] : name
        checked.name = try SiteRules.name(String(checked.name.prefix(name.isEmpty ? 100 : .max)))
        checked.timeZone = try SiteRules.timeZone(timeZone)
        checked.currency = try SiteRules.currency(currency)
        checked.retentionMonths = try SiteRules.retention(months: retentionMonths)
        checked.allowedQueryParameters = try SiteRules.queryParameters(allowedQueryParameters)
        checked.excludedNetworks = try SiteRules.networks(excludedNetworks)
        checked.excludedReferrers = try SiteRules.referrers(excludedReferrers)
        return checked
    }

    /// The site that this draft becomes.
    package func site(id: SiteID, key: String) -> Site {
        Site(
            id: id, key: key, name: name, domains: domains, timeZone: timeZone, currency: currency,
            unknownConsent: unknownConsent, consentDefault: consentDefault, retentionMonths: retentionMonths,
            splitsVisitsAtMidnight: splitsVisitsAtMidnight, splitsVisitsOnCampaign: splitsVisitsOnCampaign,
            allowedQueryParameters: allowedQueryParameters, excludedNetworks: excludedNetworks,
            excludedReferrers: excludedReferrers)
    }
}

/// What is to become different about a site; nil leaves a field as it is.
package struct SiteChange: Sendable, Codable, Equatable {
    package var name: String?
    package var domains: [String]?
    package var timeZone: String?
    package var currency: String?
    package var unknownConsent: UnknownConsentMode?
    package var consentDefault: ConsentDefault?
    package var retentionMonths: Int?
    package var splitsVisitsAtMidnight: Bool?
    package var splitsVisitsOnCampaign: Bool?
    package var allowedQueryParameters: [String]?
    package var excludedNetworks: [String]?
    package var excludedReferrers: [String]?

    package init() {}

    package var isEmpty: Bool { self == SiteChange() }

    /// `draft` with the changed fields replaced; not yet validated.
    package func applied(to draft: SiteDraft) -> SiteDraft {
        var result = draft
        if let name { result.name = name }
        if let domains { result.domains = domains }
        if let timeZone { result.timeZone = timeZone }
        if let currency { result.currency = currency }
        if let unknownConsent { result.unknownConsent = unknownConsent }
        if let consentDefault { result.consentDefault = consentDefault }
        if let retentionMonths { result.retentionMonths = retentionMonths }
        if let splitsVisitsAtMidnight { result.splitsVisitsAtMidnight = splitsVisitsAtMidnight }
        if let splitsVisitsOnCampaign { result.splitsVisitsOnCampaign = splitsVisitsOnCampaign }
        if let allowedQueryParameters { result.allowedQueryParameters = allowedQueryParameters }
        if let excludedNetworks { result.excludedNetworks = excludedNetworks }
        if let excludedReferrers { result.excludedReferrers = excludedReferrers }
        return result
    }
}
