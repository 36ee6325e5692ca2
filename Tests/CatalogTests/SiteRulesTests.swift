import Catalog
import Events
import Testing

struct SiteRulesTests {
    @Test(arguments: [
        ("shop.example", "shop.example"), ("Shop.Example", "shop.example"), ("shop.example.", "shop.example"),
        ("localhost", "localhost"), ("a-b.c1.test", "a-b.c1.test"), ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("127.0.0.1", "127.0.0.1"),
    ])
    func domainsAreTakenInLowerCase(text: String, stored: String) throws {
        #expect(try SiteRules.domain(text) == stored)
    }

    @Test(arguments: [
        "", ".", "..", "https://shop.example", "shop.example:8080", "shop.example/", "-a.example", "a-.example", "a..b",
        "shop example", "müller.example", "shop_1.example", "*.shop.example", "a\u{0}b.example",
        "\u{202E}shop.example",
        String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 127) + "example",
    ])
    func wrongDomainsAreRefusedByName(text: String) {
        #expect(throws: CatalogError.self) { try SiteRules.domain(text) }
        do {
            _ = try SiteRules.domain(text)
        } catch {
            #expect(error.description.hasPrefix("domain: '"))
            #expect(error.description.contains("expected a host such as shop.example"))
            #expect(!error.description.utf8.contains { $0 < 32 })
        }
    }

    @Test(arguments: [
        "UTC", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "Etc/GMT+5", "Australia/Lord_Howe",
    ])
    func zonesOfTheSystemAreTaken(name: String) throws {
        #expect(try SiteRules.timeZone(name) == name)
    }

    @Test(arguments: [
        "", "Europe", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "posix/Europe/Zurich", "Europe/Zurich/",
        "zone.tab", "tzdata.zi", "europe/zurich\u{0}", "right/UTC",
    ])
    func whatIsNoZoneIsRefused(name: String) {
        #expect(throws: CatalogError.self) { try SiteRules.timeZone(name) }
    }

    @Test(arguments: [("CHF", "CHF"), ("eur", "EUR")])
    func currenciesAreThreeLetters(text: String, stored: String) throws {
        #expect(try SiteRules.currency(text) == stored)
    }

    @Test(arguments: ["", "CH", "CHFF", "C1F", "€€€", "ÄÖÜ"])
    func otherCurrenciesAreRefused(text: String) {
        #expect(throws: CatalogError.self) { try SiteRules.currency(text) }
    }

    @Test(arguments: [("25mo", 25), ("1mo", 1), ("2y", 24), ("10y", 120), ("120mo", 120)])
    func retentionIsMonthsOrYears(text: String, months: Int) throws {
        #expect(try SiteRules.retention(text) == months)
    }

    @Test(arguments: [
        "", "mo", "y", "0mo", "25", "25m", "-1mo", "11y", "121mo", "1.5y", "9223372036854775807y",
        "99999999999999999999mo",
    ])
    func otherRetentionsAreRefused(text: String) {
        #expect(throws: CatalogError.self) { try SiteRules.retention(text) }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"), ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
        ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"), ("::1", "::1", "::2"), ("0.0.0.0/0", "8.8.8.8", "::2"),
        ("::/0", "2001:db8::1", "8.8.8.8"), ("2001:db8::/64", "2001:db8::ffff", "2001:db8:0:1::"),
    ])
    func networksCoverTheirAddresses(text: String, inside: String, outside: String) throws {
        let network = try #require(CIDR(exact: text))
        #expect(network.contains(try #require(IPAddress(inside))))
        #expect(!network.contains(try #require(IPAddress(outside))))
        #expect(network.description == text)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "010.0.0.0/8", "::/129", "2001:db8::1/32",
        "1.2.3.4/0x8",
        "1.2.3.4/-1", "localhost", "10.0.0.0/8/8", "fe80::1%eth0",
    ])
    func whatIsNoNetworkIsRefused(text: String) {
        #expect(CIDR(exact: text) == nil)
        #expect(throws: CatalogError.self) { try SiteRules.networks([text]) }
    }

    @Test func draftsAreStoredInOneForm() throws {
        var draft = SiteDraft(domains: ["Shop.Example", "shop.example", "blog.example"])
        draft.currency = "chf"
        let stored = try draft.validated()
        #expect(stored.domains == ["shop.example", "blog.example"])
        #expect(stored.name == "shop.example")
        #expect(stored.currency == "CHF")
        #expect(try stored.validated() == stored)
    }

    private typealias Spoil = @Sendable (inout SiteDraft) -> Void

    private static let spoilers: [(field: String, spoil: Spoil)] = [
        ("domains", { draft in draft.domains = [] }),
        ("domains", { draft in draft.domains = (0...100).map { "d\($0).example" } }),
        ("domains[1]", { draft in draft.domains = ["shop.example", "a b"] }),
        ("name", { draft in draft.name = "a\nb" }),
        ("name", { draft in draft.name = String(repeating: "n", count: 101) }),
        ("name", { draft in draft.name = "   " }),
        ("timeZone", { draft in draft.timeZone = "Mars/Olympus" }),
        ("currency", { draft in draft.currency = "Franken" }),
        ("retention", { draft in draft.retentionMonths = 0 }),
        ("allowedQueryParameters", { draft in draft.allowedQueryParameters = ["a=b"] }),
        ("allowedQueryParameters", { draft in draft.allowedQueryParameters = (0...200).map { "p\($0)" } }),
        ("excludedNetworks", { draft in draft.excludedNetworks = ["10.0.0.1/8"] }),
        ("excludedReferrers", { draft in draft.excludedReferrers = ["https://pay.example"] }),
    ]

    @Test(arguments: spoilers.indices)
    func wrongFieldsAreNamed(row: Int) {
        let (field, spoil) = SiteRulesTests.spoilers[row]
        var draft = SiteDraft(name: "Shop", domains: ["shop.example"])
        spoil(&draft)
        do {
            _ = try draft.validated()
            Issue.record("\(field) was taken")
        } catch {
            guard case .invalid(let named, _, let expected) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(named == field)
            #expect(!expected.isEmpty)
        }
    }

    @Test func changesReplaceOnlyWhatTheyName() {
        var draft = SiteDraft(name: "Shop", domains: ["shop.example"])
        draft.excludedNetworks = ["10.0.0.0/8"]
        var change = SiteChange()
        #expect(change.isEmpty)
        #expect(change.applied(to: draft) == draft)
        change.timeZone = "Europe/Zurich"
        change.excludedNetworks = []
        var expected = draft
        expected.timeZone = "Europe/Zurich"
        expected.excludedNetworks = []
        #expect(change.applied(to: draft) == expected)
    }
}
