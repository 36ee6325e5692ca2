import Catalog
import Collect
import Events
import Testing

@Suite struct OriginStepTests {
    @Test(arguments: [
        ("https://shop.test/a", false), ("http://SHOP.TEST:8080/", false), ("https://www.shop.test./", false),
        ("https://a.b.shop.test/x?y", false), ("//shop.test/x", false), ("/only/a/path", false), ("", false),
        ("https://xn--bcher-kva.shop.test/", false), ("https://user:pw@shop.test/", false),
        ("https://shop.test.evil.com/", true), ("https://evilshop.test/", true), ("https://shop.test@evil.com/", true),
        ("https://evil.test\\@shop.test/", true), ("https://evil.test#@shop.test/", true),
        ("https://.shop.test/", true),
        ("https://a..shop.test/", true), ("https://shop.test../", true), ("https:///x", true), ("about:blank", true),
        ("file:///tmp/shop.test", true), ("javascript://shop.test%0aalert(1)", true), ("https://test/", true),
        ("https://a b.shop.test/", true), ("https://shop.test:80:80/", true),
    ])
    func foreignPagesAreQuarantined(url: String, isForeign: Bool) throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = ""
        let taken = try harness.take(request, .shop(), SentEvent(url: url))
        #expect(taken.draft.flags.contains(.quarantined) == isForeign)
        #expect(taken.draft.quarantineReason == (isForeign ? .foreignHost : .none))
    }

    @Test func aForeignOriginThatClaimsAnOwnPageIsRefused() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = "https://evil.test"
        let error = #expect(throws: CollectRefusal.self) {
            _ = try harness.take(request, .shop(), SentEvent(url: "https://shop.test/"))
        }
        #expect(error == CollectRefusal(.originNotAllowed, at: .origin))
        let copy = try harness.take(request, .shop(), SentEvent(url: "https://evil.test/"))
        #expect(copy.draft.flags.contains(.quarantined))
    }

    @Test func nullVouchesForNothingAndRefusesNothing() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = "null"
        #expect(try !harness.take(request, .shop(), SentEvent()).draft.flags.contains(.quarantined))
        #expect(
            try harness.take(request, .shop(), SentEvent(url: "https://evil.test/")).draft.flags.contains(.quarantined))
    }

    @Test func serverKeysAreExempt() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = "https://evil.test"
        request.hasServerKey = true
        let taken = try harness.take(request, .shop(), SentEvent(url: "https://elsewhere.test/"))
        #expect(!taken.draft.flags.contains(.quarantined))
    }

    @Test(arguments: [
        ("https://shop.test", true), ("http://www.shop.test:3000", true), ("HTTPS://SHOP.TEST", true),
        ("https://shop.test.", true), ("https://deep.blog.example", true), ("null", false), ("", false),
        ("https://shop.test.evil.com", false), ("https://evilshop.test", false), ("https://shop.test/", false),
        ("https://shop.test@evil.com", false), ("https://evil.com@shop.test", false), ("ftp://shop.test", false),
        ("shop.test", false), ("https://", false), ("https://test", false), ("https://shop.test evil.com", false),
        ("https://shop.test?x", false), ("https://shop.test:", true), ("https:///shop.test", false),
    ])
    func theAllowListTakesOwnOriginsOnly(origin: String, isAllowed: Bool) {
        let snapshot = CatalogSnapshot(generation: 1, sites: [.shop(), .shop(id: 2, domains: ["Blog.Example"])])
        let bytes = Array(origin.utf8)
        let any = OriginAllowList(snapshot).allows(bytes.span.bytes)
        #expect(any == isAllowed)
        let own = snapshot.sites.contains { OriginAllowList.allows(bytes.span.bytes, for: $0) }
        #expect(own == isAllowed)
    }
}
