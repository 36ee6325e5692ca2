import Catalog
import Events
import Testing

/// Which site a foreign client's word, or a path's first part, leads to.
struct SiteAliasTests {
    private static let sites = (1...3).map {
        Site(id: SiteID($0), key: "Site-Key-Of-22-Bytes-0\($0)", name: "", domains: ["s\($0).test", "www.s\($0).test"])
    }
    private static let website = "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"

    private static func snapshot(_ aliases: [SiteAlias]) -> CatalogSnapshot {
        CatalogSnapshot(generation: 1, sites: sites, aliases: aliases)
    }

    private static func alias(
        _ site: UInt32, _ named: AliasProtocol, _ value: String, _ consent: AliasConsent = .required
    ) -> SiteAlias {
        SiteAlias(site: SiteID(site), protocol: named, value: value, consent: consent)
    }

    /// `2 client`, or nil where the value leads nowhere.
    private static func found(_ snapshot: CatalogSnapshot, _ named: AliasProtocol, _ text: String) -> String? {
        let bytes = Array(text.utf8)
        return snapshot.alias(named, value: bytes.span.bytes).map { "\($0.site.id) \($0.consent.rawValue)" }
    }

    @Test func aValueLeadsToItsSiteUnderItsProtocolAlone() {
        let snapshot = SiteAliasTests.snapshot([
            SiteAliasTests.alias(1, .matomo, "7"), SiteAliasTests.alias(2, .snowplow, "7", .client),
            SiteAliasTests.alias(3, .segment, "write-key", .client),
        ])
        #expect(SiteAliasTests.found(snapshot, .matomo, "7") == "1 required")
        #expect(SiteAliasTests.found(snapshot, .snowplow, "7") == "2 client")
        #expect(SiteAliasTests.found(snapshot, .segment, "write-key") == "3 client")
        for named in AliasProtocol.allCases where named != .matomo && named != .snowplow {
            #expect(SiteAliasTests.found(snapshot, named, "7") == nil)
        }
        for text in ["", "write-ke", "write-key2", "Write-key", String(repeating: "write-key", count: 100)] {
            #expect(SiteAliasTests.found(snapshot, .segment, text) == nil, "\(text)")
        }
        #expect(snapshot.aliases(of: SiteID(2)) == [SiteAliasTests.alias(2, .snowplow, "7", .client)])
    }

    /// Hosts, UUIDs and measurement ids are the same in any case; other protocols' values are not.
    @Test func caseCountsWhereTheVendorLetsItCount() {
        let snapshot = SiteAliasTests.snapshot([
            SiteAliasTests.alias(1, .umami, SiteAliasTests.website), SiteAliasTests.alias(1, .ga4, "G-1A2B3C4D5E"),
            SiteAliasTests.alias(1, .plausible, "a.test/blog"), SiteAliasTests.alias(1, .snowplow, "App"),
            SiteAliasTests.alias(2, .snowplow, "aPP"),
        ])
        for (named, text) in [
            (.umami, SiteAliasTests.website), (.ga4, "g-1a2b3c4d5e"), (.plausible, "A.test/Blog"),
        ] as [(AliasProtocol, String)] {
            for spelling in [text, text.uppercased(), text.lowercased()] {
                #expect(SiteAliasTests.found(snapshot, named, spelling) == "1 required", "\(spelling)")
            }
            #expect(SiteAliasTests.found(snapshot, named, String(text.dropLast()) + "@") == nil)
            #expect(SiteAliasTests.found(snapshot, named, "@" + String(text.dropFirst())) == nil)
        }
        #expect(SiteAliasTests.found(snapshot, .snowplow, "App") == "1 required")
        #expect(SiteAliasTests.found(snapshot, .snowplow, "aPP") == "2 required")
        #expect(SiteAliasTests.found(snapshot, .snowplow, "app") == nil)
    }

    @Test func domainsAndKeysAreUnderstoodWithoutAnAlias() {
        let snapshot = SiteAliasTests.snapshot([])
        #expect(SiteAliasTests.found(snapshot, .plausible, "s2.test") == "2 required")
        #expect(SiteAliasTests.found(snapshot, .plausible, "WWW.S2.test") == "2 required")
        #expect(SiteAliasTests.found(snapshot, .plausible, "other.s2.test") == nil)
        for named in AliasProtocol.allCases {
            #expect(SiteAliasTests.found(snapshot, named, "Site-Key-Of-22-Bytes-03") == "3 required")
            #expect(SiteAliasTests.found(snapshot, named, "site-key-of-22-bytes-03") == nil)
            if named != .plausible { #expect(SiteAliasTests.found(snapshot, named, "s2.test") == nil) }
        }
    }

    @Test func anAliasWinsOverADomain() {
        let snapshot = SiteAliasTests.snapshot([
            SiteAliasTests.alias(1, .plausible, "s1.test", .client), SiteAliasTests.alias(3, .plausible, "s2.test"),
        ])
        #expect(SiteAliasTests.found(snapshot, .plausible, "s1.test") == "1 client")
        #expect(SiteAliasTests.found(snapshot, .plausible, "s2.test") == "3 required")
        #expect(SiteAliasTests.found(snapshot, .plausible, "www.s1.test") == "1 required")
    }

    @Test func anAliasOfNoSiteLeadsNowhere() {
        let snapshot = SiteAliasTests.snapshot([SiteAliasTests.alias(9, .matomo, "1")])
        #expect(SiteAliasTests.found(snapshot, .matomo, "1") == nil)
    }

    /// Values of every length from 1 to 40, many of them one byte apart, against a dictionary.
    @Test(arguments: [20_261_126] as [UInt64])
    func manyAliasesAgreeWithADictionary(seed: UInt64) {
        var random = SeededLetters(seed: seed)
        var expected: [String: String] = [:]
        var aliases: [SiteAlias] = []
        for number in 0..<5_000 {
            let value = random.text(number % 40 + 1)
            guard expected[value] == nil else { continue }
            let site = UInt32(number % 3 + 1)
            aliases.append(SiteAliasTests.alias(site, .posthog, value, number.isMultiple(of: 2) ? .client : .required))
            expected[value] = "\(site) \(number.isMultiple(of: 2) ? "client" : "required")"
        }
        let snapshot = SiteAliasTests.snapshot(aliases)
        for (value, answer) in expected {
            #expect(SiteAliasTests.found(snapshot, .posthog, value) == answer, "seed \(seed): \(value)")
            #expect(SiteAliasTests.found(snapshot, .segment, value) == nil, "seed \(seed): \(value)")
        }
        for number in 0..<5_000 {
            let value = random.text(number % 40 + 1)
            #expect(SiteAliasTests.found(snapshot, .posthog, value) == expected[value], "seed \(seed): \(value)")
        }
    }

    /// The digits of SHA-256 by another program: the prefix is printed in pages and must never change.
    @Test(arguments: [
        ("sitekey-1", "dpbq7748"), ("sitekey-2", "472z4zmm"), ("AbCdEfGhIjKlMnOpQrStUv", "gm32bczk"),
        ("public-key-of-site-1xx", "xsphd82j"),
    ])
    func aSitesPathPrefixIsItsKeysForGood(key: String, prefix: String) {
        let before = Site(id: SiteID(1), key: key, name: "", domains: ["a.test"])
        let after = Site(id: SiteID(1), key: key, name: "other", domains: ["b.test"], currency: "CHF")
        #expect(before.pathPrefix == prefix)
        #expect(after.pathPrefix == prefix)
    }

    @Test func aPathPrefixLeadsToItsSite() {
        let snapshot = SiteAliasTests.snapshot([])
        for site in SiteAliasTests.sites {
            let prefix = Array(site.pathPrefix.utf8)
            #expect(prefix.count == PathPrefix.byteCount)
            let isFound = snapshot.site(pathPrefix: prefix.span.bytes)?.id == site.id
            #expect(isFound)
            for wrong in [Array(prefix.dropLast()), prefix + [0x62], Array(site.pathPrefix.uppercased().utf8), []] {
                let isNone = snapshot.site(pathPrefix: wrong.span.bytes) == nil
                #expect(isNone)
            }
        }
    }

    @Test func pathPrefixesSpellNoWord() {
        for _ in 0..<1_000 {
            let prefix = PathPrefix.derived(from: Base64URL.randomName(byteCount: 16))
            #expect(prefix.utf8.count == 8)
            #expect(prefix.utf8.allSatisfy { "bcdfghjkmnpqrstvwxz23456789".utf8.contains($0) }, "\(prefix)")
        }
    }
}

/// Texts of few letters from a seed (Marsaglia's xorshift), so that many are nearly the same.
private struct SeededLetters {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func text(_ count: Int) -> String {
        String(
            decoding: (0..<count).map { _ -> UInt8 in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(ascii: "a") + UInt8(state >> 40 & 1)
            }, as: UTF8.self)
    }
}
