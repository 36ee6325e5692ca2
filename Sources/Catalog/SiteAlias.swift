package import Events

/// Whose clients name a site in words of their own: the key of the first half of an alias. RudderStack's clients speak
/// Segment's protocol.
package enum AliasProtocol: String, CaseIterable, Codable, Sendable {
    /// `idsite`.
    case matomo
    /// The app id, `aid`.
    case snowplow
    /// The domain, `data-domain`.
    case plausible
    /// The website's UUID, `data-website-id`.
    case umami
    /// The measurement id.
    case ga4
    /// The write key.
    case segment
    /// The project's token.
    case posthog

    /// False where one name may be written with small and with capital letters: hosts, hexadecimal digits, and
    /// measurement ids.
    var distinguishesCase: Bool {
        switch self {
        case .plausible, .umami, .ga4: false
        case .matomo, .snowplow, .segment, .posthog: true
        }
    }
}

/// What becomes of the identifiers that a foreign client sends along.
package enum AliasConsent: String, CaseIterable, Codable, Sendable {
    /// They are kept: whoever runs the client asks its visitors first.
    case client
    /// They are dropped unless the request itself carries a grant. The default.
    case required
}

/// One site's name in a foreign client's words. A protocol's value names one site at most.
package struct SiteAlias: Sendable, Equatable {
    package let site: SiteID
    package let `protocol`: AliasProtocol
    /// As `AliasRules` stores it.
    package let value: String
    package let consent: AliasConsent

    package init(site: SiteID, protocol: AliasProtocol, value: String, consent: AliasConsent = .required) {
        self.site = site
        self.protocol = `protocol`
        self.value = value
        self.consent = consent
    }

    /// The alias in the form in which it is stored, or what is wrong with its value.
    package func validated() throws(CatalogError) -> SiteAlias {
        let value = try AliasRules.value(value, of: `protocol`)
        return SiteAlias(site: site, protocol: `protocol`, value: value, consent: consent)
    }
}
