import Adapters
import Catalog
import Events
import Testing

/// The part of the contract that is about aliases.
extension CatalogStoreContractTests {
    private func alias(
        _ site: Site, _ named: AliasProtocol, _ value: String, _ consent: AliasConsent = .required
    ) -> SiteAlias {
        SiteAlias(site: site.id, protocol: named, value: value, consent: consent)
    }

    @Test(arguments: StoreKind.allCases)
    func anAliasComesBackInItsStoredForm(kind: StoreKind) throws {
        try with(kind) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let added = try store.addAlias(alias(site, .ga4, "g-1a2b3c", .client), by: "test")
            #expect(added == alias(site, .ga4, "G-1A2B3C", .client))
            _ = try store.addAlias(alias(site, .snowplow, "my app"), by: "test")
            let loaded = try store.load()
            #expect(loaded.aliases == [added, alias(site, .snowplow, "my app")])
            let bytes = Array("my app".utf8)
            #expect(loaded.alias(.snowplow, value: bytes.span.bytes)?.consent == .required)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aValueNamesOneSiteAndTakesANewConsent(kind: StoreKind) throws {
        try with(kind) { store in
            let first = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let second = try store.addSite(SiteDraft(domains: ["b.example"]), by: "test")
            _ = try store.addAlias(alias(first, .matomo, "1"), by: "test")
            let before = try store.load().generation
            #expect(
                failure { _ = try store.addAlias(alias(second, .matomo, "1"), by: "test") }
                    == .taken(field: "value", value: "1", by: "site 1"))
            #expect(try store.load().generation == before)
            _ = try store.addAlias(alias(first, .matomo, "1", .client), by: "test")
            _ = try store.addAlias(alias(second, .snowplow, "1"), by: "test")
            #expect(
                try store.load().aliases == [alias(first, .matomo, "1", .client), alias(second, .snowplow, "1")])
        }
    }

    /// Else one site's manager could take another site's events.
    @Test(arguments: StoreKind.allCases)
    func whatMeansASiteAnywayIsNoOthersAlias(kind: StoreKind) throws {
        try with(kind) { store in
            let first = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let second = try store.addSite(SiteDraft(domains: ["b.example"]), by: "test")
            for (named, value) in [
                (.plausible, "A.example"), (.snowplow, first.key), (.plausible, first.key), (.posthog, first.key),
            ] as [(AliasProtocol, String)] {
                guard
                    case .taken("value", _, "site 1") = failure({
                        _ = try store.addAlias(alias(second, named, value), by: "test")
                    })
                else {
                    Issue.record("\(named) \(value) became an alias of the second site")
                    continue
                }
                _ = try store.addAlias(alias(first, named, value, .client), by: "test")
            }
            _ = try store.addAlias(alias(second, .snowplow, "a.example"), by: "test")
            let domain = Array("a.example".utf8)
            #expect(try store.load().alias(.plausible, value: domain.span.bytes)?.consent == .client)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func anAliasEndsWhenItIsRemovedAndWithItsSite(kind: StoreKind) throws {
        try with(kind) { store in
            let first = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let second = try store.addSite(SiteDraft(domains: ["b.example"]), by: "test")
            for value in ["1", "2", "3"] { _ = try store.addAlias(alias(first, .matomo, value), by: "test") }
            _ = try store.addAlias(alias(second, .ga4, "G-1234"), by: "test")
            #expect(
                try store.removeAlias(.matomo, value: "2", of: nil, by: "test") == alias(first, .matomo, "2"))
            #expect(
                failure { _ = try store.removeAlias(.ga4, value: "G-1234", of: first.id, by: "test") }
                    == .notFound(kind: "alias", reference: "ga4 G-1234"))
            #expect(
                failure { _ = try store.removeAlias(.matomo, value: "02", of: nil, by: "test") }
                    == .notFound(kind: "alias", reference: "matomo 02"))
            #expect(
                try store.removeAlias(.ga4, value: "g-1234", of: second.id, by: "test")
                    == alias(second, .ga4, "G-1234"))
            #expect(try store.load().aliases.map(\.value) == ["1", "3"])
            try store.removeSite(first.id, by: "test")
            #expect(try store.load().aliases.isEmpty)
            _ = try store.addAlias(alias(second, .matomo, "1"), by: "test")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func changesOfAliasesAreAuditedAndAliasesAreBounded(kind: StoreKind) throws {
        try with(kind) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            let before = try store.load().generation
            _ = try store.addAlias(alias(site, .snowplow, "my-app", .client), by: "console")
            _ = try store.removeAlias(.snowplow, value: "my-app", of: nil, by: "key:x")
            let entries = try store.auditEntries(limit: 2)
            #expect(entries.map(\.action) == ["alias.remove", "alias.add"])
            #expect(entries.map(\.actor) == ["key:x", "console"])
            #expect(entries.map(\.object) == ["site:1", "site:1"])
            #expect(entries.map(\.detail) == ["snowplow my-app", "snowplow my-app, consent client"])
            #expect(try store.load().generation == before + 2)
            #expect(
                failure { _ = try store.addAlias(alias(site, .matomo, "0"), by: "t") }?.kind == .invalid)
            let absent = SiteAlias(site: SiteID(9), protocol: .matomo, value: "1")
            #expect(
                failure { _ = try store.addAlias(absent, by: "t") } == .notFound(kind: "site", reference: "9"))
        }
    }

    @Test func aSiteHasAThousandAliasesAndNoMore() throws {
        try with(.memory) { store in
            let site = try store.addSite(SiteDraft(domains: ["a.example"]), by: "test")
            for number in 1...AliasRules.aliasesPerSiteMax {
                _ = try store.addAlias(alias(site, .matomo, "\(number)"), by: "test")
            }
            guard
                case .invalid("aliases", _, "at most 1000 a site") = failure({
                    _ = try store.addAlias(alias(site, .matomo, "1001"), by: "test")
                })
            else {
                Issue.record("more aliases than there may be")
                return
            }
            _ = try store.addAlias(alias(site, .matomo, "1000", .client), by: "test")
            #expect(try store.load().aliases.count == 1_000)
        }
    }
}
