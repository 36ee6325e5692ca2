import Catalog
import Testing

/// What each protocol's value may be.
struct AliasRulesTests {
    private static let website = "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"

    @Test(
        arguments: [
            (.matomo, "1", "1"), (.matomo, "2147483647", "2147483647"), (.snowplow, "my-app", "my-app"),
            (.snowplow, "My App (web)", "My App (web)"),
            (.snowplow, String(repeating: "a", count: 255), String(repeating: "a", count: 255)),
            (.plausible, "Shop.Test", "shop.test"), (.plausible, "shop.test/blog", "shop.test/blog"),
            (.plausible, "10-a.test/~u_1", "10-a.test/~u_1"), (.umami, website, website),
            (.umami, website.uppercased(), website), (.ga4, "G-1A2B", "G-1A2B"), (.ga4, "g-1a2b3c4d5e", "G-1A2B3C4D5E"),
            (.segment, "aB3$/+=", "aB3$/+="), (.posthog, "phc_aB:3", "phc_aB:3"),
            (.posthog, String(repeating: "p", count: 200), String(repeating: "p", count: 200)),
        ] as [(AliasProtocol, String, String)])
    func valuesAreStoredAsTheirClientsSendThem(named: AliasProtocol, text: String, stored: String) throws {
        #expect(try AliasRules.value(text, of: named) == stored)
        #expect(try AliasRules.value(stored, of: named) == stored)
    }

    @Test(
        arguments: [
            (.matomo, ["", "0", "01", "-1", "+1", "1.0", "2147483648", "99999999999999999999", "١", "1 "]),
            (.snowplow, ["", " app", "app ", "a\tb", "a\u{0}b", "läden", String(repeating: "a", count: 256)]),
            (
                .plausible,
                [
                    "", "https://shop.test", "shop.test:80", "a.test,b.test", "/blog", ".test", "müller.test",
                    "a b.test",
                    String(repeating: "a", count: 254),
                ]
            ),
            (
                .umami,
                [
                    "", "0b1c2d3e4f504a6b8c7d9e0f1a2b3c4d", "{" + website + "}", website + "0",
                    website.replacingOccurrences("b", "g"), website.replacingOccurrences("-", "0"),
                ]
            ),
            (.ga4, ["", "G-", "G-123", "UA-12345-1", "GT-12345", "G-12_45", "G-ÄÖÜ1", "G-123456789012345678901"]),
            (.segment, ["", "a b", "key:", "ключ", "a\n", String(repeating: "a", count: 129)]),
            (.posthog, ["", "a b", "phc_\u{7F}", String(repeating: "a", count: 201)]),
        ] as [(AliasProtocol, [String])])
    func otherValuesAreRefusedByName(named: AliasProtocol, texts: [String]) {
        for text in texts {
            do {
                let stored = try AliasRules.value(text, of: named)
                Issue.record("\(named) took '\(text)' as '\(stored)'")
            } catch {
                guard case .invalid(let field, let value, let expected) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(field == "value" && value == text && !expected.isEmpty)
            }
        }
    }

    @Test func everyProtocolHasItsWordInCommandsAndPaths() {
        let words = ["matomo", "snowplow", "plausible", "umami", "ga4", "segment", "posthog"]
        #expect(AliasProtocol.allCases.map(\.rawValue) == words)
        #expect(AliasConsent.allCases.map(\.rawValue) == ["client", "required"])
    }
}

extension String {
    /// Every `old` become `new`; both are single characters.
    fileprivate func replacingOccurrences(_ old: Character, _ new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}
