import Catalog
import Events
import Testing
import Visits

@Suite struct SourceClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var claim: String
        var url = "https://shop.test/"
        var referrer = ""
        var channel: String
        var source: String?
        var testDescription: String { claim }
    }

    static let rows: [Row] = [
        Row(claim: "no referrer is direct", channel: "Direct"),
        Row(claim: "script is no referrer", referrer: "javascript:alert(1)", channel: "Direct"),
        Row(claim: "a file is no referrer", referrer: "file:///home/a/b.html", channel: "Direct"),
        Row(claim: "a bare word is no referrer", referrer: "google.com", channel: "Direct"),
        Row(claim: "an empty host is no referrer", referrer: "https:///x", channel: "Direct"),
        Row(claim: "a host with a space is no referrer", referrer: "https://a b.test/", channel: "Direct"),
        Row(claim: "own domain", referrer: "https://shop.test/cart", channel: "Internal"),
        Row(claim: "own sub-domain", referrer: "https://blog.shop.test/a", channel: "Internal"),
        Row(
            claim: "own domain with www, port and capitals", referrer: "HTTPS://WWW.Shop.Test:8443/x",
            channel: "Internal"),
        Row(
            claim: "a domain given with www covers the bare one", referrer: "https://m.brand.test/", channel: "Internal"
        ),
        Row(
            claim: "a host that only ends alike is foreign", referrer: "https://notshop.test/a", channel: "Referral",
            source: "notshop.test"),
        Row(
            claim: "the landing host is own though no domain", url: "https://preview.test/x",
            referrer: "https://preview.test/y", channel: "Internal"),
        Row(claim: "excluded by the site", referrer: "https://pay.bank.test/3ds", channel: "Direct"),
        Row(claim: "a payment provider", referrer: "https://www.paypal.com/checkout", channel: "Direct"),
        Row(claim: "hosted checkout", referrer: "https://checkout.stripe.com/c/pay", channel: "Direct"),
        Row(claim: "sign-in", referrer: "https://accounts.google.com/o/oauth2", channel: "Direct"),
        Row(
            claim: "Stripe's site is a referral", referrer: "https://stripe.com/docs", channel: "Referral",
            source: "stripe.com"),
        Row(claim: "search", referrer: "https://www.google.com/", channel: "Organic Search", source: "Google"),
        Row(
            claim: "search in a country", referrer: "https://www.google.co.uk/", channel: "Organic Search",
            source: "Google"),
        Row(
            claim: "search in two labels", referrer: "https://google.com.br/", channel: "Organic Search",
            source: "Google"),
        Row(
            claim: "a path decides", referrer: "https://google.de/imgres?q=x", channel: "Organic Search",
            source: "Google Images"),
        Row(
            claim: "a country's ending is not any ending", referrer: "https://google.shopping-fake.test/",
            channel: "Referral", source: "google.shopping-fake.test"),
        Row(
            claim: "a document is no search", referrer: "https://docs.google.com/d/1", channel: "Referral",
            source: "docs.google.com"),
        Row(
            claim: "an advertisement's host", referrer: "https://ad.doubleclick.net/x", channel: "Paid Search",
            source: "Google"),
        Row(
            claim: "social", referrer: "https://l.facebook.com/l.php?u=x", channel: "Organic Social", source: "Facebook"
        ),
        Row(claim: "social, short link", referrer: "https://t.co/abc", channel: "Organic Social", source: "Twitter"),
        Row(claim: "assistant", referrer: "https://chatgpt.com/", channel: "AI Assistant", source: "ChatGPT"),
        Row(claim: "assistant by path", referrer: "https://x.com/i/grok?c=1", channel: "AI Assistant", source: "Grok"),
        Row(
            claim: "assistant though a search list knows it", referrer: "https://www.perplexity.ai/",
            channel: "AI Assistant", source: "Perplexity"),
        Row(claim: "web mail", referrer: "https://mail.google.com/mail/u/0/", channel: "Email", source: "Gmail"),
        Row(
            claim: "a firm's web mail", referrer: "https://webmail2.firm.test/a", channel: "Email",
            source: "webmail2.firm.test"),
        Row(
            claim: "mail.com is not a mail host by its name", referrer: "https://mail.test/", channel: "Referral",
            source: "mail.test"),
        Row(
            claim: "an app", referrer: "android-app://com.google.android.gm/", channel: "Email", source: "Gmail"),
        Row(
            claim: "an unknown app", referrer: "android-app://test.reader.app", channel: "Referral",
            source: "test.reader.app"),
        Row(claim: "a site", referrer: "http://www.news.test/article/1?id=2", channel: "Referral", source: "news.test"),
        Row(
            claim: "an international host as it is", referrer: "https://bücher.test/", channel: "Referral",
            source: "bücher.test"),
        Row(claim: "an address", referrer: "http://192.0.2.7:8080/x", channel: "Referral", source: "192.0.2.7"),
        Row(claim: "a v6 address", referrer: "http://[2001:db8::1]:80/x", channel: "Referral", source: "[2001:db8::1]"),
        Row(
            claim: "a user name is not the host", referrer: "https://google.com@evil.test/", channel: "Referral",
            source: "evil.test"),
        Row(
            claim: "tags before the referrer", url: "https://shop.test/?utm_source=Newsletter+May&utm_medium=email",
            referrer: "https://www.google.com/", channel: "Email", source: "Newsletter May"),
        Row(
            claim: "tags before an own referrer", url: "https://shop.test/?utm_source=fb&utm_medium=cpc",
            referrer: "https://shop.test/", channel: "Paid Social", source: "Facebook"),
        Row(
            claim: "paid search", url: "https://shop.test/?utm_source=google&utm_medium=CPC", channel: "Paid Search",
            source: "Google"),
        Row(
            claim: "paid elsewhere", url: "https://shop.test/?utm_source=partner&utm_medium=cpc", channel: "Campaign",
            source: "partner"),
        Row(
            claim: "display", url: "https://shop.test/?utm_source=google&utm_medium=display", channel: "Campaign",
            source: "Google"),
        Row(
            claim: "assistant's own tag", url: "https://shop.test/?utm_source=chatgpt.com", channel: "AI Assistant",
            source: "ChatGPT"),
        Row(
            claim: "newsletter as a source", url: "https://shop.test/?utm_source=newsletter", channel: "Email",
            source: "newsletter"),
        Row(
            claim: "Matomo's names", url: "https://shop.test/?pk_campaign=x&mtm_source=bing&pk_medium=ppc",
            channel: "Paid Search", source: "Bing"),
        Row(
            claim: "a campaign alone keeps the referrer's source", url: "https://shop.test/?utm_campaign=x",
            referrer: "https://www.linkedin.com/feed", channel: "Organic Social", source: "LinkedIn"),
        Row(
            claim: "ref", url: "https://shop.test/?ref=producthunt.com", channel: "Organic Social",
            source: "Product Hunt"),
        Row(claim: "an unknown ref", url: "https://shop.test/?ref=poster-7", channel: "Campaign", source: "poster-7"),
        Row(
            claim: "Google's click id", url: "https://shop.test/?gclid=abc", referrer: "https://www.google.com/",
            channel: "Paid Search", source: "Google"),
        Row(
            claim: "Microsoft's click id", url: "https://shop.test/?msclkid=abc", channel: "Paid Search", source: "Bing"
        ),
        Row(
            claim: "Facebook's is on every link", url: "https://shop.test/?fbclid=abc", channel: "Organic Social",
            source: "Facebook"),
        Row(claim: "a recipient's id", url: "https://shop.test/?mc_eid=abc", channel: "Email", source: "Mailchimp"),
        Row(claim: "an affiliate's id", url: "https://shop.test/?awc=1", channel: "Campaign", source: "Awin"),
        Row(
            claim: "medium before click id", url: "https://shop.test/?gclid=a&utm_source=crm&utm_medium=email",
            channel: "Email", source: "crm"),
        Row(
            claim: "click id without a medium", url: "https://shop.test/?gclid=a&utm_campaign=may",
            channel: "Paid Search", source: "Google"),
        Row(
            claim: "a search engine's name is no advertisement", url: "https://shop.test/?utm_source=google",
            channel: "Organic Search", source: "Google"),
        Row(
            claim: "nor is Bing's", url: "https://shop.test/?utm_source=Bing", channel: "Organic Search", source: "Bing"
        ),
        Row(
            claim: "nor is Yandex's", url: "https://shop.test/?mtm_source=yandex", channel: "Organic Search",
            source: "Yandex"),
        Row(
            claim: "nor is a search engine's host", url: "https://shop.test/?utm_source=google.com",
            channel: "Organic Search", source: "Google"),
        Row(
            claim: "a search engine with a medium of one's own",
            url: "https://shop.test/?utm_source=google&utm_medium=zine",
            channel: "Campaign", source: "Google"),
        Row(
            claim: "the same of another", url: "https://shop.test/?utm_source=duckduckgo&utm_medium=zine",
            channel: "Campaign", source: "DuckDuckGo"),
        Row(
            claim: "Yandex, paid", url: "https://shop.test/?utm_source=yandex&utm_medium=cpc", channel: "Paid Search",
            source: "Yandex"),
        Row(
            claim: "an advertiser's name", url: "https://shop.test/?utm_source=adwords", channel: "Paid Search",
            source: "Google"),
        Row(
            claim: "Microsoft's advertisements", url: "https://shop.test/?utm_source=bing-ads", channel: "Paid Search",
            source: "Bing"),
        Row(
            claim: "Yandex's advertisements", url: "https://shop.test/?utm_source=yandex_direct",
            channel: "Paid Search",
            source: "Yandex"),
        Row(
            claim: "a result of Google's shop search", url: "https://shop.test/?srsltid=abc",
            referrer: "https://www.google.com/", channel: "Organic Search", source: "Google"),
        Row(
            claim: "a result of Yandex", url: "https://shop.test/?ysclid=abc", channel: "Organic Search",
            source: "Yandex"),
        Row(
            claim: "Yandex's click id", url: "https://shop.test/?yclid=abc", channel: "Paid Search", source: "Yandex"),
        Row(claim: "a banner's click id", url: "https://shop.test/?dclid=abc", channel: "Campaign", source: "Google"),
        Row(
            claim: "a banner's click id before a bare name", url: "https://shop.test/?utm_source=google&dclid=abc",
            channel: "Campaign", source: "Google"),
        Row(claim: "an empty tag is none", url: "https://shop.test/?utm_source=&utm_medium=", channel: "Direct"),
        Row(claim: "a tag behind the fragment is none", url: "https://shop.test/#?utm_source=x", channel: "Direct"),
    ]

    @Test(arguments: rows)
    func sourcesAreWhatTheTableSays(row: Row) {
        var classifying = Classifying(rulesPath: nil)
        let answer = classifying.traffic(row.url, row.referrer)
        #expect(answer.channel == row.channel, "\(answer)")
        #expect(answer.source == row.source, "\(answer)")
    }

    @Test func everyChannelHasARow() {
        #expect(Set(Self.rows.map(\.channel)) == Set(Channel.allCases.map(\.rawValue)))
    }

    @Test func tagsAreDecodedAndTrimmed() {
        var classifying = Classifying(rulesPath: nil)
        let answer = classifying.traffic(
            "https://shop.test/?utm_source=%20a%2Bb%20&utm_medium=x%00y&utm_campaign=%FF%C3%BC&utm_content=%zz&UTM_TERM=k%20w",
            "https://www.news.test/a/b/?q=1#f")
        #expect(answer.tags == ["a+b", "x y", "\u{FFFD}ü", "%zz", "k w"])
        #expect(answer.referrer == "news.test/a/b")
    }

    @Test func longValuesAreCutBetweenCharacters() throws {
        var classifying = Classifying(rulesPath: nil)
        let answer = classifying.traffic(
            "https://shop.test/?utm_campaign=" + String(repeating: "é", count: 500),
            "https://news.test/" + String(repeating: "é", count: 500))
        let campaign = try #require(answer.tags[2])
        #expect(campaign.utf8.count <= 200 && campaign.utf8.count > 190 && campaign.allSatisfy { $0 == "é" })
        #expect(try #require(answer.referrer).utf8.count <= 300)
    }

    @Test func excludedReferrersTellNoReferrer() {
        var classifying = Classifying(rulesPath: nil)
        #expect(classifying.traffic("https://shop.test/", "https://www.paypal.com/x").referrer == nil)
        #expect(classifying.traffic("https://shop.test/", "https://shop.test/x").referrer == nil)
    }

    /// The promise Visits' cache of answers stands on.
    @Test func anOwnReferrersPathChangesNothing() {
        var classifying = Classifying(rulesPath: nil)
        for url in ["https://other.test/?utm_source=a&gclid=1", "https://shop.test/?ref=x", "https://other.test/"] {
            let host = url.contains("other") ? "other.test" : "shop.test"
            #expect(
                classifying.traffic(url, "https://\(host)/")
                    == classifying.traffic(url, "https://\(host)/i/grok?gclid=2"))
        }
    }
}
