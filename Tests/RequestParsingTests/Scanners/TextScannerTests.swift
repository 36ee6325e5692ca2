import Events
import Foundation
import RequestParsing
import Testing

struct TextScannerTests {
    private func pairs(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var scanner = QueryPairs(bytes.span.bytes)
        var found: [String] = []
        while let pair = scanner.next() {
            found.append(
                String(decoding: bytes[pair.key], as: UTF8.self) + "="
                    + String(decoding: bytes[pair.value], as: UTF8.self))
        }
        return found
    }

    private func decoded(_ text: [UInt8], plusIsSpace: Bool = true) -> String {
        var out: [UInt8] = Array("before".utf8)
        PercentDecoding.appendText(text.span.bytes, plusIsSpace: plusIsSpace, to: &out)
        return String(decoding: out.dropFirst(6), as: UTF8.self)
    }

    @Test(
        "a query falls into its pairs",
        arguments: [
            ("", []), ("&&", []), ("a", ["a="]), ("a=", ["a="]), ("=b", ["=b"]), ("a=b=c", ["a=b=c"]),
            ("a=1&b", ["a=1", "b="]),
            ("a=1&&b=2&", ["a=1", "b=2"]), ("a=1&a=2", ["a=1", "a=2"]),
            ("url=https%3A%2F%2Fx.test%2F&t=1", ["url=https%3A%2F%2Fx.test%2F", "t=1"]),
            ("a=0123456789abcdef&b=x;y", ["a=0123456789abcdef", "b=x;y"]),
        ] as [(String, [String])])
    func splitsPairs(text: String, expected: [String]) { #expect(pairs(text) == expected) }

    @Test(
        "percent escapes are decoded, bad ones kept",
        arguments: [
            ("a+b", "a b"), ("a%2Bb", "a+b"), ("%41%62", "Ab"), ("%", "%"), ("%4", "%4"), ("%zz%41", "%zzA"),
            ("100%25", "100%"),
            ("%C3%BCber", "über"), ("%F0%9F%98%80", "😀"), ("%E4", "\u{FFFD}"), ("a%00b", "ab"), ("%0Aa%09b", " a b"),
            ("%7F%1B[0m", "[0m"), ("%C2%85x", "x"), ("%%41", "%A"), ("ü|{}", "ü|{}"), ("", ""), ("%C3%28", "\u{FFFD}("),
        ])
    func decodesEscapes(text: String, expected: String) { #expect(decoded(Array(text.utf8)) == expected) }

    @Test func plusStaysWhereItIsNoForm() { #expect(decoded(Array("1+1".utf8), plusIsSpace: false) == "1+1") }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func encodedFormsComeBack(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var expected: [(String, String)] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) { expected.append((word(&random), word(&random))) }
            let allowed = CharacterSet.alphanumerics
            let text = expected.map { pair in
                [pair.0, pair.1].map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }.joined(
                    separator: "=")
            }.joined(separator: "&")
            let bytes = Array(text.utf8)
            var scanner = QueryPairs(bytes.span.bytes)
            for (key, value) in expected {
                guard let pair = scanner.next() else {
                    Issue.record("seed \(seed): a pair is missing in \(text)")
                    return
                }
                #expect(decoded(Array(bytes[pair.key])) == key, "seed \(seed)")
                #expect(decoded(Array(bytes[pair.value])) == value, "seed \(seed)")
            }
            #expect(scanner.next() == nil)
        }
    }

    private func word(_ random: inout SeededGenerator) -> String {
        let pieces = ["a", "shop", "&", "=", "+", "%", " ", "ü", "😀", "日本", "/", "?", "#", "\"", "~", "12345678"]
        var text = "k"
        for _ in 0..<Int.random(in: 0...5, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
        return text
    }

    @Test(arguments: [5, 6] as [UInt64])
    func cleanedTextIsWhatStringDecodingGivesWithoutControls(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let length = Int.random(in: 0...24, using: &random)
            let alphabet: [UInt8] = [
                0x41, 0x00, 0x0A, 0x7F, 0x80, 0xBF, 0xC2, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0xF0, 0x9F, 0x98,
                0xF4, 0x90, 0xFF,
            ]
            let source = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0x41 }
            var expected = ""
            for scalar in String(decoding: source, as: UTF8.self).unicodeScalars {
                switch scalar.value {
                case 0x09, 0x0A, 0x0D: expected += " "
                case 0..<0x20, 0x7F..<0xA0: break
                default: expected.unicodeScalars.append(scalar)
                }
            }
            var out: [UInt8] = [1, 2, 3]
            TextCleaning.append(source.span.bytes, to: &out)
            #expect(Array(out.dropFirst(3)) == Array(expected.utf8), "seed \(seed), round \(round): \(source)")
            #expect(out.count - 3 <= source.count * 3)
        }
    }

    @Test(
        "every cookie of a name is seen",
        arguments: [
            ("", []), ("hl=a", ["a"]), ("hl=a; hl=b", ["a", "b"]), ("x=1;hl=a ;y=2", ["a"]), ("hl = a", ["a"]),
            ("hl=\"a b\"", ["a b"]),
            ("hlx=a; xhl=b", []), ("hl", []), ("hl=", [""]), ("HL=a", []), (";;hl=a;", ["a"]), ("hl=a=b", ["a=b"]),
            ("hl=\"", ["\""]),
        ] as [(String, [String])])
    func findsCookies(header: String, expected: [String]) {
        let bytes = Array(header.utf8)
        let name = Array("hl".utf8)
        var pairs = CookiePairs(of: bytes.span.bytes)
        var found: [String] = []
        while let pair = pairs.next() {
            guard Array(bytes[pair.name]) == name else { continue }
            found.append(String(decoding: bytes[pair.value], as: UTF8.self))
        }
        #expect(found == expected)
    }
}
