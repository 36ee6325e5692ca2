import Catalog
import Collect
import Events
import Foundation
import Testing

@Suite struct MinimiseStepTests {
    /// How the labelled texts fare as titles: the floor is the figure measured, so that a change shows.
    @Test func theLabelledCorpusHoldsItsFloors() throws {
        let harness = try StepsHarness()
        func isMasked(_ text: String) throws -> Bool {
            try harness.take(.init(), .shop(), SentEvent(title: text)).title.contains("(masked)")
        }
        let missed = try SensitiveCorpus.sensitive.filter { try !isMasked($0) }
        let wrong = try SensitiveCorpus.harmless.filter { try isMasked($0) }
        let found = SensitiveCorpus.sensitive.count - missed.count
        let recall = Double(found) / Double(SensitiveCorpus.sensitive.count)
        let precision = Double(found) / Double(found + wrong.count)
        #expect(SensitiveCorpus.sensitive.count + SensitiveCorpus.harmless.count >= 120)
        #expect(recall >= 0.97, "missed: \(missed)")
        #expect(precision >= 0.97, "masked by mistake: \(wrong)")
    }

    /// Short texts are screened before they are searched, long ones are searched at once: both must say the same.
    @Test func whatStandsInALongTextIsFoundInAShortOne() throws {
        let harness = try StepsHarness()
        let padding = String(repeating: " |", count: 33)
        for text in SensitiveCorpus.sensitive + SensitiveCorpus.harmless {
            for piece in [text, String(text.prefix(64)), String(text.suffix(20)), String(text.dropFirst().prefix(31))] {
                let alone = try harness.take(.init(), .shop(), SentEvent(title: piece)).title
                let padded = try harness.take(.init(), .shop(), SentEvent(title: piece + padding)).title
                #expect(alone.contains("(masked)") == padded.contains("(masked)"), "\(piece)")
            }
        }
    }

    /// Texts are screened before they are searched, 64 bytes at once: where in a text something stands must not matter.
    @Test func whatIsFoundIsFoundAnywhere() throws {
        let harness = try StepsHarness()
        for text in SensitiveCorpus.sensitive + SensitiveCorpus.harmless {
            let alone = try harness.take(.init(), .shop(), SentEvent(title: text)).title
            for length in [3, 17, 40, 47, 48, 55, 61, 64, 100] {
                let filler = String(String(repeating: "so it is ", count: 12).prefix(length))
                let shifted = try harness.take(.init(), .shop(), SentEvent(title: "\(filler) \(text) \(filler)")).title
                #expect(alone.contains("(masked)") == shifted.contains("(masked)"), "\(text) after \(length) bytes")
            }
        }
    }

    @Test(arguments: [
        "https://shop.test/?utm_source=a", "https://shop.test/p?id=7&utm_source=x#top",
        "https://news.test/a?utm_term=b",
        "https://bob@shop.test/p", "https://shop.test/user/bob@example.com", "/p?ref=c&x=1",
    ])
    func aURLSeenBeforeIsMinimisedAsTheFirstTime(url: String) throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), SentEvent(url: url, referrer: url))
        let second = try harness.take(.init(), .shop(), SentEvent(url: url, referrer: url))
        #expect(first.url == second.url && first.referrer == second.referrer)
        let asReferrer = try harness.take(.init(), .shop(), SentEvent(referrer: url))
        #expect(asReferrer.referrer == first.referrer)
    }

    /// More pages than are kept, of two sites with rules of their own, some with consent to click ids.
    @Test(arguments: [UInt64(5), 6, 7]) func lookingAheadChangesNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let secrets = Secrets.random()
        let (plain, ahead) = (try StepsHarness(secrets: secrets), try StepsHarness(secrets: secrets))
        ahead.looksAhead = true
        let sites = [Site.shop(), Site.shop(parameters: ["x"])]
        for _ in 0..<3_000 {
            func page() -> String {
                "https://shop.test/page/\(Int.random(in: 0..<700, using: &random))?gclid=EAIaIQobChMI&x=1&y=2"
            }
            let pages = [page(), page()]
            let consent: Consent = Bool.random(using: &random) ? .granting(.advertising) : .unknown
            let site = sites[Int.random(in: 0..<2, using: &random)]
            var request = SentRequest()
            if Bool.random(using: &random) { request.cookies = plain.browserCookie }
            let sent = pages.map { SentEvent(url: $0, referrer: pages[0], consent: consent) }
            let one = try plain.take(request, site, sent)
            let other = try ahead.take(request, site, sent)
            #expect(one.map(\.url) == other.map(\.url) && one.map(\.referrer) == other.map(\.referrer), "\(pages)")
            #expect(one.map(\.draft.consent) == other.map(\.draft.consent))
        }
    }

    @Test(arguments: [
        ("https://shop.test/a/b", "https://shop.test/a/b"),
        ("https://shop.test", "https://shop.test"),
        ("https://shop.test/?utm_source=news&utm_medium=email", "https://shop.test/?utm_source=news&utm_medium=email"),
        ("https://shop.test/p?id=7&utm_source=x&session=abc#top", "https://shop.test/p?utm_source=x"),
        ("https://shop.test/p?id=7", "https://shop.test/p"),
        ("https://shop.test/p?", "https://shop.test/p"),
        ("https://shop.test/p#access_token=abc", "https://shop.test/p"),
        ("https://bob:secret@shop.test:8443/p", "https://shop.test:8443/p"),
        (
            "https://shop.test/?UTM_Source=A&ref=hn&source=b&mtm_campaign=c",
            "https://shop.test/?UTM_Source=A&ref=hn&source=b&mtm_campaign=c"
        ),
        ("https://shop.test/?gclid=EAIaIQobChMI123&fbclid=x", "https://shop.test/"),
        ("https://shop.test/?mc_eid=77&_gl=1*x&utm_id=5", "https://shop.test/?utm_id=5"),
        ("https://shop.test/user/bob@example.com/orders", "https://shop.test/user/(masked)/orders"),
        ("https://shop.test/user/bob%40example.com", "https://shop.test/user/(masked)"),
        ("https://shop.test/user/bob%2540example.com", "https://shop.test/user/(masked)"),
        ("https://shop.test/reset/5f4dcc3b5aa765d61d8327deb882cf99", "https://shop.test/reset/(masked)"),
        (
            "https://shop.test/?utm_content=bob%40example.com&utm_term=a",
            "https://shop.test/?utm_content=(masked)&utm_term=a"
        ),
        ("https://shop.test/?utm_source", "https://shop.test/?utm_source"),
        ("https://shop.test/?utm_source=a=b&&utm_term=", "https://shop.test/?utm_source=a=b&utm_term="),
        ("https://shop.test/2024/05/17/title-of-it", "https://shop.test/2024/05/17/title-of-it"),
        ("https://shop.test/tel/044-668-18-00", "https://shop.test/tel/(masked)"),
        ("https://shop.test/caf%C3%A9/men%C3%BC", "https://shop.test/caf%C3%A9/men%C3%BC"),
        ("/a/b?x=1&utm_source=y#z", "/a/b?utm_source=y"),
        ("mailto:bob@example.com", "mailto:"), ("data:text/html,hello", "data:"),
        ("https://shop.test/100%", "https://shop.test/100%"),
    ])
    func urlsKeepWhatReportsNeed(url: String, expected: String) throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = ""
        #expect(try harness.take(request, .shop(), SentEvent(url: url)).url == expected)
    }

    @Test func theSitesOwnParametersStayButNotPersonalOnes() throws {
        let harness = try StepsHarness()
        let site = Site.shop(parameters: ["Color", "mc_eid"])
        let taken = try harness.take(.init(), site, SentEvent(url: "https://shop.test/?color=red&size=9&mc_eid=1"))
        #expect(taken.url == "https://shop.test/?color=red")
    }

    @Test func clickIDsNeedAdvertisingConsent() throws {
        let harness = try StepsHarness()
        let url = "https://shop.test/?gclid=EAIaIQobChMI8ZzQ1b2c3d4e5f6g7h8i9j&utm_source=g&ScCid=abc"
        let granted = SentEvent(url: url, consent: .granting(.advertising))
        #expect(try harness.take(.init(), .shop(), granted).url == url)
        #expect(try harness.take(.init(), .shop(), SentEvent(url: url)).url == "https://shop.test/?utm_source=g")
        var request = SentRequest()
        request.objectsGlobally = true
        #expect(try harness.take(request, .shop(), granted).url == "https://shop.test/?utm_source=g")
    }

    @Test(arguments: [
        ("https://www.google.com/search?q=my+illness&utm_source=x", "https://www.google.com/search"),
        ("https://www.shop.test/a?utm_source=x&q=1", "https://www.shop.test/a?utm_source=x"),
        ("https://news.test/u/bob@example.com?x#y", "https://news.test/u/(masked)"),
        ("android-app://com.google.android.gm/", "android-app://com.google.android.gm/"),
    ])
    func referrersOfOthersAreOriginAndPath(referrer: String, expected: String) throws {
        let harness = try StepsHarness()
        #expect(try harness.take(.init(), .shop(), SentEvent(referrer: referrer)).referrer == expected)
    }

    @Test(arguments: [
        ("password", "hunter2", "(masked)"), ("userEmail", "none", "(masked)"),
        ("billing.phone_number", "5", "(masked)"),
        ("access_token", "x", "(masked)"), ("API-Key", "k", "(masked)"), ("sessionID", "1", "(masked)"),
        ("headphone", "yes", "yes"), ("email_opt_in", "yes", "yes"), ("tokens_left", "5", "5"), ("plan", "pro", "pro"),
        ("note", "mail bob@example.com or call", "mail (masked) or call"),
        ("href", "https://other.test/a?token=5#b", "https://other.test/a"),
        ("next", "https://shop.test/a?utm_source=m&x=1", "https://shop.test/a?utm_source=m"),
        ("bob@example.com", "v", "v"), ("", "v", "v"),
        // Addresses that are not written out, and those in a text.
        ("page_path", "/reset?token=hunter2&gclid=a&utm_source=m", "/reset?utm_source=m"),
        ("page_path", "/done#id_token=hunter2", "/done"), ("page_path", "/a/b", "/a/b"),
        ("href", "//other.test/a?token=hunter2", "//other.test/a"),
        ("href", "//shop.test/a?token=hunter2&ref=c", "//shop.test/a?ref=c"),
        ("note", " https://shop.test/reset?token=hunter2", " https://shop.test/reset"),
        ("note", "see (https://shop.test/reset?token=hunter2&a=1), please", "see (https://shop.test/reset), please"),
        ("note", "at shop.test/reset#token=hunter2 now", "at shop.test/reset now"),
        ("note", "https%3A%2F%2Fshop.test%2Freset%3Ftoken%3Dhunter2", "https://shop.test/reset"),
        ("note", "Is it this/that? a=b", "Is it this/that? a=b"), ("note", "why?x=y", "why?x=y"),
        // What is kept as JSON: its names, strings and numbers, escapes resolved.
        ("l", #"["https:\/\/shop.test\/reset?token=hunter2&ref=c",1]"#, #"["https://shop.test/reset?ref=c",1]"#),
        ("l", #"["max\u0040example.com","\u002B41 79 123 45 67","ok"]"#, #"["(masked)","(masked)","ok"]"#),
        (
            "f", #"[{"password":"hunter2","a":{"b":{"apiKey":["x","y"],"c":true}}}]"#,
            #"[{"password":"(masked)","a":{"b":{"apiKey":"(masked)","c":true}}}]"#
        ),
        ("f", #"{"mail to bob@example.com":[4111111111111111]}"#, #"{"mail to (masked)":["(masked)"]}"#),
        ("f", #"{"a": "say \"hi\"", "b": ["/x?token=1"]}"#, #"{"a": "say \"hi\"", "b": ["/x"]}"#),
        ("f", #"{"a": [1, 2.5e3, null], "b": "ü\u00fc"}"#, #"{"a": [1, 2.5e3, null], "b": "ü\u00fc"}"#),
        ("f", #"["bob@example.com" broken"#, #"["(masked)" broken"#),
    ])
    func propertiesAreMaskedByNameAndByValue(key: String, value: String, expected: String) throws {
        let harness = try StepsHarness()
        let taken = try harness.take(.init(), .shop(), SentEvent(properties: [(key, value)]))
        #expect(taken.properties[0].value == expected)
        #expect(taken.properties[0].key == (key == "bob@example.com" ? "(masked)" : key))
    }

    /// A plus stands for a space in what forms and `URLSearchParams` write; pages are typeset with spaces and hyphens that
    /// do not break.
    @Test(arguments: [
        "4111+1111+1111+1111", "%2B41+79+123+45+67", "+41+79+123+45+67", "CH93+0076+2011+6238+5295+7",
        "4111%C2%A01111%C2%A01111%C2%A01111", "%2B41%E2%80%AF79%E2%80%AF123%E2%80%AF45%E2%80%AF67",
        "079%E2%80%91123%E2%80%9145%E2%80%9167", "CH93%C2%A00076%C2%A02011%C2%A06238%C2%A05295%C2%A07",
    ])
    func numbersAreFoundHoweverTheirSpacesAreWritten(value: String) throws {
        let harness = try StepsHarness()
        let url = "https://shop.test/s?utm_term=\(value)&utm_source=two+words"
        #expect(
            try harness.take(.init(), .shop(), SentEvent(url: url)).url
                == "https://shop.test/s?utm_term=(masked)&utm_source=two+words")
        let text = (value.prefix(1) + value.dropFirst().replacing("+", with: " ")).removingPercentEncoding ?? ""
        let taken = try harness.take(.init(), .shop(), SentEvent(title: "call \(text)!", properties: [("k", text)]))
        #expect(taken.title == "call (masked)!")
        #expect(taken.properties[0].value.hasSuffix("(masked)"))
    }

    /// Another number behind one changes nothing of it.
    @Test(arguments: [
        "4111 1111 1111 1111 12/26", "4111 1111 1111 1111\u{A0}(12/26)", "4111 1111 1111 1111. 2 items",
        "+49 170 1234567\u{A0}80331 München", "+49 170 1234567–80331", "+41 79 123 45 67 2024-01-02",
        "079 123 45 67 8001 Zürich", "(212) 555-1234\u{A0}2 x", "212-555-1234 10001",
    ])
    func aNumberIsFoundBeforeAnother(text: String) throws {
        let title = try StepsHarness().take(.init(), .shop(), SentEvent(title: "call \(text)")).title
        #expect(title.hasPrefix("call (masked)"), "\(title)")
    }

    @Test(arguments: ["::: Sale :::", "a ::::: b", "12:30:45", "Boots 2024-01-02 10:00", "Model 01-02-03 04:05"])
    func whatOnlyLooksLikeANumberStays(text: String) throws {
        #expect(try StepsHarness().take(.init(), .shop(), SentEvent(title: text)).title == text)
    }

    @Test func anonymousIDsStayUnlessTheyHoldAnAddress() throws {
        let harness = try StepsHarness()
        func take(_ id: String) throws -> (text: String, device: ID128?) {
            var request = SentRequest()
            request.hasServerKey = true
            let event = SentEvent(anonymousID: id, consent: Consent(all: .granted))
            let draft = try harness.take(request, .shop(), event).draft
            return (harness.anonymousID(of: draft), draft.deviceID)
        }
        #expect(try take("3f2504e0-4f89-11d3-9a0c-0305e82c3301").text == "3f2504e0-4f89-11d3-9a0c-0305e82c3301")
        let first = try take("eva.muster@example.org")
        #expect(first.text.utf8.count == 32 && first.device != nil)
        #expect(try take("eva.muster@example.org") == first)
        #expect(try take("max%40shop.test").text.utf8.count == 32)
        let second = try take("+41 79 123 45 67")
        #expect(second.text.utf8.count == 32 && second.device != first.device)
    }

    @Test func eventIDsStayUnlessTheyHoldAnAddress() throws {
        let harness = try StepsHarness()
        for id in [
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "5f4dcc3b5aa765d61d8327deb882cf99", "order-1",
            "V1StGXR8_Z5jdHi6B-myT",
        ] {
            #expect(try harness.take(.init(), .shop(), SentEvent(id: id)).id == id)
        }
        let first = try harness.take(.init(), .shop(), SentEvent(id: "bob@example.com-1")).id
        #expect(first.utf8.count == 32)
        #expect(try harness.take(.init(), .shop(), SentEvent(id: "bob@example.com-1")).id == first)
        #expect(try harness.take(.init(), .shop(), SentEvent(id: "bob@example.com-2")).id != first)
    }

    /// Values put into every input at once are nowhere in what the draft points to.
    @Test(arguments: [
        "203.0.113.77", "canary@example.com", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
        "4111111111111111",
    ])
    func canariesSurviveNowhere(canary: String) throws {
        let harness = try StepsHarness()
        for consent in [Consent.unknown, Consent(all: .granted), Consent(all: .denied)] {
            for wireProtocol in WireProtocol.allCases {
                for hasServerKey in [false, true] {
                    var request = SentRequest()
                    request.address = "203.0.113.77"
                    request.hasServerKey = hasServerKey
                    request.cookies = "_hl=\(canary); a=\(canary)"
                    let event = SentEvent(
                        name: "n \(canary)",
                        url:
                            "https://\(canary.contains("@") ? "u" : canary)@shop.test/\(canary)/x?utm_source=\(canary)&q=\(canary)#\(canary)",
                        referrer: "https://news.test/\(canary)?q=\(canary)", title: "t \(canary)!",
                        id: canary.contains("eyJ") ? "" : canary,
                        userID: canary, screen: canary, language: canary,
                        properties: [
                            ("key", canary), (canary, "value"), ("email", canary),
                            ("u", "https://shop.test/?x=\(canary)"),
                        ],
                        items: [(canary, "name \(canary)")], consent: consent, wireProtocol: wireProtocol)
                    let taken = try harness.take(request, .shop(), event)
                    #expect(!taken.referenced.contains(sequence: Array(canary.utf8)), "\(wireProtocol) \(consent)")
                    #expect(!taken.referenced.contains(sequence: [203, 0, 113, 77]))
                }
            }
        }
    }

    /// Random bytes, biased to what the scanners look for, never trap and never grow beyond the marker's share.
    @Test(arguments: [UInt64(11), 20_251_122]) func anyBytesAreTaken(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let harness = try StepsHarness()
        let pieces = [
            "@", ".", "+", "(", "00", "41", ":", "::", "/", "?", "#", "&", "=", "%", "%4", "%40", "eyJ", "DE89", "a",
            "Z9", "-", "_", " ", "ü", "\\", "https://", "0", "9999",
        ]
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<40, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            var request = SentRequest()
            request.origin = ""
            request.cookies = text
            request.userAgent = text
            request.purpose = text
            let taken = try harness.take(
                request, .shop(),
                SentEvent(url: text, referrer: text, title: text, id: text, properties: [(text, text)]))
            #expect(taken.title.utf8.count <= text.utf8.count * 3 + 8, "seed \(seed)")
        }
    }
}
