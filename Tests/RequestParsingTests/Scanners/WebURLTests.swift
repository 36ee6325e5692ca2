import Events
import Foundation
import RequestParsing
import Testing

struct WebURLTests {
    private func split(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let parts = WebURL(bytes.span.bytes) else { return nil }
        func word(_ range: Range<Int>?) -> String { range.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "-" }
        let port = parts.port.map { String($0) } ?? "-"
        return [
            parts.isSecure ? "https" : "http", word(parts.userInfo), word(parts.host), port, word(parts.path),
            word(parts.query), word(parts.fragment),
        ].joined(separator: " ")
    }

    @Test(
        "a URL falls into its parts",
        arguments: [
            ("https://shop.test/p/1?a=b#c", "https - shop.test - /p/1 a=b c"),
            ("http://shop.test", "http - shop.test -  - -"),
            ("HTTPS://Shop.TEST:8443/", "https - Shop.TEST 8443 / - -"),
            ("https://shop.test?x", "https - shop.test -  x -"),
            ("https://shop.test#f?x", "https - shop.test -  - f?x"),
            ("https://u:p@shop.test/", "https u:p shop.test - / - -"),
            ("https://a@b@shop.test/", "https a@b shop.test - / - -"),
            ("https://shop.test:/", "https - shop.test - / - -"),
            ("https://evil.test\\@shop.test/", "https - evil.test - \\@shop.test/ - -"),
            ("http://[::1]:80/x", "http - [::1] 80 /x - -"),
            ("  https://shop.test/ \n", "https - shop.test - / - -"),
            ("https://shop.test/ü|{}?q=ä ö", "https - shop.test - /ü|{} q=ä ö -"),
            ("https://shop.test/?", "https - shop.test - /  -"), ("https://shop.test/#", "https - shop.test - / - "),
            ("https:\\\\shop.test/", "https - shop.test - / - -"),
            ("https://shop.test/a?b?c#d#e", "https - shop.test - /a b?c d#e"),
        ])
    func splitsURLs(text: String, expected: String) { #expect(split(text) == expected) }

    @Test(
        "what is no http URL with a host is refused",
        arguments: [
            "", "/path", "shop.test/p", "//shop.test/", "ftp://shop.test/", "https:/shop.test", "https://",
            "https:///p", "http://:80/",
            "https://user@/", "https://shop.test:65536/", "https://shop.test:8a/", "https://shop .test/",
            "https://sho\tp.test/",
            "javascript:alert(1)", "data:text/html,x", "http://[::1/", "http://[]/", "http://[::1]x/", "about:blank",
            "httpx://a.test/",
        ])
    func refusesOthers(text: String) { #expect(split(text) == nil) }

    @Test(arguments: [41] as [UInt64])
    func partsAreOrderedRangesOfAnyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "https://", "http:", "/", "\\", "@", ":", "?", "#", "[", "]", "shop.test", "80", " ", "ü", "%41", "\u{0}",
        ]
        var split = 0
        for _ in 0..<20_000 {
            var text = Bool.random(using: &random) ? "https://" : ""
            for _ in 0..<Int.random(in: 0...8, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            let bytes = Array(text.utf8)
            guard let parts = WebURL(bytes.span.bytes) else { continue }
            split += 1
            let userEnd = parts.userInfo?.upperBound ?? parts.host.lowerBound
            let queryEnd = parts.query?.upperBound ?? parts.path.upperBound
            #expect(
                userEnd <= parts.host.lowerBound && parts.host.upperBound <= parts.path.lowerBound
                    && parts.path.upperBound <= parts.query?.lowerBound ?? bytes.count
                    && queryEnd <= parts.fragment?.lowerBound ?? bytes.count && !parts.host.isEmpty,
                "seed \(seed): \(text)")
        }
        #expect(split > 1_000)
    }
}
