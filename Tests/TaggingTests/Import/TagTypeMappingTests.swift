import Tagging
import Testing

@Suite struct TagTypeMappingTests {
    private func mapped(
        _ gallery: String?, _ parameters: [Parameter.Member], name: String = "T", data: String = ""
    ) -> (type: String, parameters: [Parameter.Member])? {
        var tag = Tag(id: "1", name: "t", type: "cvt_X")
        tag.parameters = parameters
        let template = ImportedTemplate(
            id: "1", name: name, gallery: gallery, type: "cvt_X", foreign: "{\"templateData\":\"\(data)\"}")
        return TagTypeMapping.runtimeType(of: tag, templates: [template])
    }

    private func html(_ gallery: String?, _ parameters: [Parameter.Member], name: String = "T", data: String = "")
        -> String
    {
        mapped(gallery, parameters, name: name, data: data)?.parameters["html"]?.text ?? ""
    }

    private func text(_ key: String, _ value: String) -> Parameter.Member { Parameter.Member(key, .template(value)) }

    private func rows(_ key: String, _ rows: [(String, String)]...) -> Parameter.Member {
        Parameter.Member(key, .list(rows.map { .map($0.map { text($0.0, $0.1) }) }))
    }

    static let types = [
        ("html", "html"), ("img", "image"), ("googtag", "googleTag"), ("gaawc", "googleTag"), ("gaawe", "ga4Event"),
        ("awct", "googleAdsConversion"), ("sp", "googleAdsRemarketing"), ("gclidw", "conversionLinker"),
        ("baut", "microsoftAds"), ("bzi", "linkedinInsight"),
    ]

    @Test(arguments: types) func googlesTypesRunAsOursWithTheirParameters(_ row: (String, String)) {
        var tag = Tag(id: "1", name: "t", type: row.0)
        tag.parameters = [text("a", "{{b}}")]
        let mapped = TagTypeMapping.runtimeType(of: tag, templates: [])
        #expect(mapped?.type == row.1)
        #expect(mapped?.parameters == tag.parameters)
        #expect(TagType.named(row.1) != nil)
    }

    @Test(arguments: ["ua", "flc", "hjtc", "twitter_website_tag", "cvt_1_2", "", "odd"])
    func othersDoNotRunAndSayWhy(_ type: String) {
        let tag = Tag(id: "1", name: "t", type: type)
        #expect(TagTypeMapping.runtimeType(of: tag, templates: []) == nil)
        #expect(!TagTypeMapping.reason(of: tag, templates: []).isEmpty)
    }

    @Test func metaAndLinkedInRunNatively() {
        let owners = ["facebookincubator", "facebookarchive", "facebook"]
        for owner in owners {
            let pixel = [text("pixelId", "1"), text("eventName", "standard")]
            let meta = mapped("\(owner)/GoogleTagManager-WebTemplate-For-FacebookPixel", pixel)
            #expect(meta?.type == "metaPixel")
            #expect(meta?.parameters == pixel)
        }
        #expect(mapped("linkedin/linkedin-gtm-community-template", [text("partnerId", "7")])?.type == "linkedinInsight")
        #expect(mapped("linkedin/linkedin-gtm-community-template", [text("other", "7")]) == nil)
        #expect(mapped("somebody/else", [text("pixelId", "1")]) == nil)
    }

    @Test func cookiebotSetsItsDefaultsAndLoadsItsScript() {
        let html = html(
            "cybotcorp/gtm-templates-cookiebot-cmp",
            [
                text("serial", "11111111-2222-3333-4444-555555555555"), text("waitForUpdate", "2000"),
                text("adsDataRedaction", "dynamic"),
                rows(
                    "regionSettings",
                    [
                        ("region", "DK, NL"), ("defaultConsentMarketing", "denied"),
                        ("defaultConsentStatistics", "granted"),
                    ]),
            ])
        #expect(html.contains("\"analytics_storage\":\"granted\""))
        #expect(html.contains("\"region\":[\"DK\",\"NL\"],\"wait_for_update\":2000"))
        #expect(
            html.contains("uc.js?cbid=11111111-2222-3333-4444-555555555555&amp;consentmode-dataredaction=dynamic\""))
        // what no region says is denied, and said before the script comes
        let fallback = html.split(separator: "\n").filter {
            $0.contains("\"consent\",\"default\"") && !$0.contains("region")
        }
        #expect(fallback.count == 1)
        #expect(fallback.first?.contains("granted\"") == true)
        #expect(fallback.first?.contains("\"ad_storage\":\"denied\"") == true)
        #expect(mapped("cybotcorp/gtm-templates-cookiebot-cmp", [text("waitForUpdate", "1")]) == nil)
    }

    @Test func cookiebotsOwnCookieIsAnUpdate() {
        let gallery = "cybotcorp/gtm-templates-cookiebot-cmp"
        let dynamic = html(gallery, [text("serial", "1")])
        #expect(dynamic.contains("CookieConsent=([^;]*)"))
        #expect(dynamic.contains("\"analytics_storage\":is(\"statistics\")"))
        #expect(dynamic.contains("\"ads_data_redaction\",is(\"marketing\")!=\"granted\")"))
        let never = html(gallery, [text("serial", "1"), text("adsDataRedaction", "false")])
        #expect(never.contains("\"ads_data_redaction\",false)"))
    }

    /// A consent manager's template in whose form there is more than ours does.
    @Test func parametersThatAreNotKnownAreForTheTemplatesOwnCode() {
        let consent = "___SANDBOXED_JS_FOR_WEB_TEMPLATE___\\nrequire('setDefaultConsentState')({});"
        let other = "___SANDBOXED_JS_FOR_WEB_TEMPLATE___\\nrequire('logToConsole')(1);"
        let older = [text("serial", "1"), text("defaultConsentMarketing", "granted")]
        let cookiebot = "cybotcorp/gtm-templates-cookiebot-cmp"
        #expect(mapped(cookiebot, older, data: consent)?.type == "template")
        #expect(mapped(cookiebot, older, data: consent)?.parameters == older)
        #expect(mapped(cookiebot, older, data: other)?.type == "html", "that code is no consent manager's")
        #expect(mapped(cookiebot, older)?.type == "html", "there is no code")
        #expect(mapped(cookiebot, [text("serial", "1")], data: consent)?.type == "html")
        let defaults = [text("command", "default"), rows("settingsTable", [("ad_storage", "denied")])]
        let mode = "gtm-templates-simo-ahava/consent-mode"
        #expect(mapped(mode, defaults, data: consent)?.type == "consentMode")
        #expect(mapped(mode, defaults + [text("sendDataLayer", "true")], data: consent)?.type == "template")
    }

    @Test func valuesCannotLeaveTheirPlaceInTheCode() {
        let evil = "\"});alert(1)</script><script>\n\u{2028}\\"
        let html = html(
            "axeptio/axeptio-gtm-public-template",
            [text("id", evil), text("cookiesVersion", "{{Version}}"), text("cookiesDuration", "365")])
        #expect(!html.contains("</script><script>"))
        #expect(html.contains("clientId:\"\\\"});alert(1)\\x3c/script>\\x3cscript>\\n\\u2028\\\\\""))
        #expect(html.contains("cookiesVersion:{{Version}}"))
        let clarity = self.html("microsoft/clarity-gtm-template", [text("projectId", "a\"><script>{{b c}}")])
        #expect(clarity.contains("tag/a%22%3E%3Cscript%3E{{b c}}?ref=hl\""))
    }

    @Test func consentModesTemplateRunsNatively() {
        let gallery = "gtm-templates-simo-ahava/consent-mode"
        let defaults = [
            text("command", "default"),
            rows("settingsTable", [("ad_storage", "denied"), ("wait_for_update", "500"), ("regions", "all")]),
        ]
        #expect(mapped(gallery, defaults)?.type == "consentMode")
        #expect(mapped(gallery, defaults)?.parameters == defaults)
        let update = [text("command", "update"), text("update_ad_storage", "{{Ads}}")]
        #expect(mapped(gallery, update)?.type == "consentMode")
        #expect(mapped(gallery, [text("command", "default")]) == nil)
        #expect(mapped(gallery, [text("command", "default"), rows("settingsTable", [("odd", "x")])]) == nil)
        #expect(mapped(gallery, [text("command", "update"), text("update_odd", "granted")]) == nil)
    }

    static let shapes = [
        (
            "cookieyes/x", "0123456789abcdef01234567",
            "https://cdn-cookieyes.com/client_data/0123456789abcdef01234567/script.js"
        ),
        (
            "OneTrust/x", "c3428097-e56e-4f3a-ae48-5d1d26761bed-test",
            "data-domain-script=\"c3428097-e56e-4f3a-ae48-5d1d26761bed-test\""
        ),
        ("termly/x", "c3428097-e56e-4f3a-ae48-5d1d26761bed", "resource-blocker/c3428097-e56e-4f3a-ae48-5d1d26761bed"),
        ("usercentrics/x", "Yi9N3aXia", "data-settings-id=\"Yi9N3aXia\""),
    ]

    @Test(arguments: shapes) func managersOfUnknownParametersAreFoundByTheirID(_ row: (String, String, String)) {
        let html = html(row.0, [text("settingsId", row.1), text("color", "red")])
        #expect(html.contains(row.2))
        #expect(html.contains("\"analytics_storage\":\"denied\""))
        #expect(mapped(row.0, [text("settingsId", "?")]) == nil)
        #expect(mapped(row.0, [text("settingsId", row.1), text("settingsIdTwo", row.1)]) == nil)
    }

    @Test func aCopyOfATemplateIsKnownByItsNameAndAddress() {
        let id = [text("id", "c3428097-e56e-4f3a-ae48-5d1d26761bed")]
        #expect(mapped(nil, id, name: "Our OneTrust", data: "https://cdn.cookielaw.org/x")?.type == "html")
        #expect(mapped(nil, id, name: "Our OneTrust", data: "elsewhere") == nil)
        #expect(mapped(nil, id, name: "Ours", data: "https://cdn.cookielaw.org/x") == nil)
    }

    @Test func anyTemplateThatSetsConsentIsAConsentManager() {
        let data = "require('setDefaultConsentState') \\\"access_consent\\\""
        let template = ImportedTemplate(
            id: "1", name: "Small CMP", gallery: "who/ever", type: "cvt_X", foreign: "{\"templateData\":\"\(data)\"}")
        let tag = Tag(id: "1", name: "t", type: "cvt_X")
        #expect(TagTypeMapping.consentManager(of: tag, templates: [template]) == "Small CMP")
        #expect(TagTypeMapping.consentManager(of: tag, templates: []) == nil)
    }

    @Test func tikToksEventGoesToItsQueue() {
        let html = html(
            "tiktok/gtm-template-pixel",
            [
                text("pixel_code", "C4AB"), text("event", "add_to_cart"), text("hash", "hashed"),
                text("sha256_email", "{{mail}}"), text("value", "{{v}}"), text("event_id", "{{id}}"),
            ])
        #expect(html.contains("n=\"AddToCart\""))
        #expect(html.contains("u={\"sha256_email\":{{mail}}}"))
        #expect(html.contains("t.track(n,p,{\"event_id\":{{id}},\"pixel_code\":\"C4AB\"})"))
        #expect(mapped("tiktok/gtm-template-pixel", [text("pixel_code", "C4AB")]) == nil)
    }
}
