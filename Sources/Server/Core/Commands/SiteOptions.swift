package import ArgumentParser
package import Catalog

extension UnknownConsentMode: ExpressibleByArgument {}
extension ConsentDefault: ExpressibleByArgument {}
extension AliasProtocol: ExpressibleByArgument {}
extension AliasConsent: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}

/// The options that say what a site is, for `add` and `set` alike.
package struct SiteSettingsOptions: ParsableArguments {
    @Option(name: .long, help: "What people call the site; the first domain when it is not given.")
    package var name: String?

    @Option(name: .long, help: "IANA time zone of its reports, such as Europe/Zurich.")
    package var timeZone: String?

    @Option(name: .long, help: "Currency of its reports: three letters, such as CHF.")
    package var currency: String?

    @Option(name: .long, help: "What is kept while consent is unknown.")
    package var unknownConsent: UnknownConsentMode?

    @Option(name: .long, help: "What is taken for granted where nothing says so.")
    package var consentDefault: ConsentDefault?

    @Option(name: .long, help: "How long events are kept, such as 25mo or 2y.")
    package var retention: String?

    @Option(name: .long, help: "A new visit at local midnight (true or false).")
    package var splitAtMidnight: Bool?

    @Option(name: .long, help: "A new visit when the campaign changes (true or false).")
    package var splitOnCampaign: Bool?

    @Option(
        name: .long, parsing: .singleValue, help: "A query parameter that stays in URLs; may be repeated, '' clears.")
    package var allowQuery: [String] = []

    @Option(name: .long, parsing: .singleValue, help: "A network of the site's own staff; may be repeated, '' clears.")
    package var excludeNetwork: [String] = []

    @Option(name: .long, parsing: .singleValue, help: "A referrer that starts no source; may be repeated, '' clears.")
    package var excludeReferrer: [String] = []

    package init() {}

    /// What the options change.
    package func change() throws -> SiteChange {
        var change = SiteChange()
        change.name = name
        change.timeZone = timeZone
        change.currency = currency
        change.unknownConsent = unknownConsent
        change.consentDefault = consentDefault
        if let retention { change.retentionMonths = try SiteRules.retention(retention) }
        change.splitsVisitsAtMidnight = splitAtMidnight
        change.splitsVisitsOnCampaign = splitOnCampaign
        change.allowedQueryParameters = SiteSettingsOptions.list(allowQuery)
        change.excludedNetworks = SiteSettingsOptions.list(excludeNetwork)
        change.excludedReferrers = SiteSettingsOptions.list(excludeReferrer)
        return change
    }

    /// Nothing given changes nothing; one empty value clears the list.
    private static func list(_ values: [String]) -> [String]? {
        values.isEmpty ? nil : values == [""] ? [] : values
    }
}

/// A site as `--json` shows it: flat.
struct SiteView: Encodable {
    let id: UInt32
    let key: String
    let pathPrefix: String
    let name: String
    let domains: [String]
    let timeZone: String
    let currency: String
    let unknownConsent: UnknownConsentMode
    let consentDefault: ConsentDefault
    let retentionMonths: Int
    let splitsVisitsAtMidnight: Bool
    let splitsVisitsOnCampaign: Bool
    let allowedQueryParameters: [String]
    let excludedNetworks: [String]
    let excludedReferrers: [String]

    init(_ record: SiteRecord) {
        id = record.id
        key = record.key
        pathPrefix = record.pathPrefix
        name = record.settings.name
        domains = record.settings.domains
        timeZone = record.settings.timeZone
        currency = record.settings.currency
        unknownConsent = record.settings.unknownConsent
        consentDefault = record.settings.consentDefault
        retentionMonths = record.settings.retentionMonths
        splitsVisitsAtMidnight = record.settings.splitsVisitsAtMidnight
        splitsVisitsOnCampaign = record.settings.splitsVisitsOnCampaign
        allowedQueryParameters = record.settings.allowedQueryParameters
        excludedNetworks = record.settings.excludedNetworks
        excludedReferrers = record.settings.excludedReferrers
    }

    /// Prints one site.
    static func show(_ result: CatalogResult, _ output: OutputOptions) throws {
        guard case .site(let record) = result else { throw UnexpectedResult() }
        let view = SiteView(record)
        try output.show(view) {
            TextTable.render([
                ["id", "\(view.id)"], ["key", view.key], ["path prefix", view.pathPrefix],
                ["name", view.name],
                ["domains", view.domains.joined(separator: ", ")], ["time zone", view.timeZone],
                ["currency", view.currency], ["unknown consent", view.unknownConsent.rawValue],
                ["consent default", view.consentDefault.rawValue], ["retention", "\(view.retentionMonths) months"],
                ["split at midnight", "\(view.splitsVisitsAtMidnight)"],
                ["split on campaign", "\(view.splitsVisitsOnCampaign)"],
                ["query parameters", view.allowedQueryParameters.joined(separator: ", ")],
                ["excluded networks", view.excludedNetworks.joined(separator: ", ")],
                ["excluded referrers", view.excludedReferrers.joined(separator: ", ")],
            ])
        }
    }
}
