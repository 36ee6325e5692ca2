import Events
import Foundation
import RequestParsing
import Testing

struct JSONScannerTests {
    private func kinds(_ text: String, isSequence: Bool = false) throws -> [JSONToken.Kind] {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner(bytes.span.bytes, isSequence: isSequence)
        var kinds: [JSONToken.Kind] = []
        while true {
            let token = try scanner.next()
            if token.kind == .end { return kinds }
            kinds.append(token.kind)
        }
    }

    @Test func tokensComeInTheOrderOfTheText() throws {
        let found = try kinds(#" { "a" : [ 1, "b", true ] , "c" : { } , "d":null,"e":false } "#)
        #expect(
            found == [
                .objectStart, .key, .arrayStart, .number, .string, .true, .arrayEnd, .key, .objectStart, .objectEnd,
                .key,
                .null, .key, .false, .objectEnd,
            ])
    }

    @Test(
        "a broken text is refused with its kind and offset",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1,]", .unexpectedByte, 3),
            ("[1 2]", .unexpectedByte, 3), ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\":1,}", .unexpectedByte, 7),
            ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1), ("[\"a", .unexpectedEnd, 3),
            ("[\"a\u{1}\"]", .controlCharacter, 3), ("[\"\\x\"]", .invalidEscape, 3),
            ("[\"\\u12g4\"]", .invalidEscape, 6),
            ("[\"\\u12", .unexpectedEnd, 6), ("[01]", .invalidNumber, 2), ("[-]", .invalidNumber, 2),
            ("[1.]", .invalidNumber, 3),
            ("[.5]", .unexpectedByte, 1), ("[+1]", .unexpectedByte, 1), ("[1e]", .invalidNumber, 3),
            ("[1e+]", .invalidNumber, 4),
            ("[nul]", .unexpectedByte, 4), ("[nul", .unexpectedEnd, 4), ("[True]", .unexpectedByte, 1),
            ("1 2", .unexpectedByte, 2),
            ("[]]", .unexpectedByte, 2), ("[}", .unexpectedByte, 1), ("{]", .unexpectedByte, 1),
            ("'a'", .unexpectedByte, 0),
            ("[\"a\"\"b\"]", .unexpectedByte, 4), ("[NaN]", .unexpectedByte, 1), ("{\"a\":}", .unexpectedByte, 5),
            ("truefalse", .unexpectedByte, 4), ("[fals!]", .unexpectedByte, 5), ("[false", .unexpectedEnd, 6),
            ("{\"a\"", .unexpectedEnd, 4), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
            ("-", .unexpectedEnd, 1),
        ] as [(String, JSONError.Kind, Int)])
    func refusesBrokenText(text: String, kind: JSONError.Kind, offset: Int) {
        #expect(JSONReading(Array(text.utf8)).error == JSONError(kind, at: offset))
        #expect(JSONReading(Array(text.utf8), isByMembers: true).error == JSONError(kind, at: offset))
    }

    /// Members are read another way where a name is plain and 16 bytes are left; the place must not matter.
    @Test func membersSayWhatTokensSayWhereverTheyStand() {
        let members = [
            #""a":1"#, #" "id" : "x""#, #""url":"https://shop.test/a/b?c=d&e=f#g""#, #""ü":"日本 and more""#,
            #""a\u0062":"\n and \"more\"""#, "\"tab\":\"a\tb\"", "\"del\u{7F}\":\"a\u{7F}b\"",
            #""o":{"p":[{}],"q":{}}"#,
            "\"n\":\n-1.5e3", #""sixteen-letters-":"exactly-sixteen."#, #""t":true"#, "\"\":\"\"", #""bad" 1"#,
            #""bad":tru"#,
        ]
        for first in members {
            for second in members {
                for padding in 0..<18 {
                    let end = String(repeating: " ", count: padding)
                    let text = Array("{\(first),\(second)\(end)}".utf8)
                    let tokens = JSONReading(text)
                    let found = JSONReading(text, isByMembers: true)
                    #expect(found.tree == tokens.tree && found.error == tokens.error, "{\(first),\(second)\(end)}")
                }
            }
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused wherever they stand in a string",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func refusesIllFormedUTF8(bad: [UInt8]) {
        for padding in 0..<20 {
            let text = Array("[\"".utf8) + [UInt8](repeating: 0x61, count: padding) + bad + Array("bcdefghijkl\"]".utf8)
            #expect(JSONReading(text).error == JSONError(.invalidUTF8, at: 2 + padding))
        }
    }

    @Test func everyTruncationOfAnArrayIsRefusedAtItsEnd() {
        let text = Array(#"[{"a":"x\u00e9\n","b":[1.5e-3,true,false,null,-0],"ü":{"😀":"日本"}}]"#.utf8)
        #expect(JSONReading(text).error == nil)
        for count in 0..<text.count {
            let error = JSONReading(Array(text[..<count])).error
            #expect(error?.kind == .unexpectedEnd || error?.kind == .invalidUTF8, "cut at \(count)")
        }
    }

    @Test func depthIsBoundedAndCheckedWithoutRecursion() {
        let allowed = [UInt8](repeating: 0x5B, count: 32) + [UInt8](repeating: 0x5D, count: 32)
        #expect(JSONReading(allowed).error == nil)
        let deep = [UInt8](repeating: 0x5B, count: 1_000_000)
        #expect(JSONReading(deep).error == JSONError(.tooDeep, at: 32))
    }

    @Test func keysAreCountedOverTheWholeText() {
        let text = Array(#"[{"a":1,"b":2},{"c":3}]"#.utf8)
        for (limit, isRefused) in [(3, false), (2, true)] {
            var scanner = JSONScanner(text.span.bytes, keysMax: limit)
            var kind: JSONError.Kind?
            do throws(JSONError) {
                while try scanner.next().kind != .end {}
            } catch { kind = error.kind }
            #expect((kind == .tooManyKeys) == isRefused)
        }
    }

    @Test func valuesMayFollowOneAnotherInASequence() throws {
        #expect(try kinds("", isSequence: true) == [])
        #expect(try kinds("{}\n{}{} 1\n\"a\" ", isSequence: true).count == 8)
        #expect(throws: JSONError(.unexpectedByte, at: 1)) { try kinds("1{}", isSequence: true) }
        #expect(throws: JSONError(.unexpectedByte, at: 2)) { try kinds("{}{}") }
    }

    @Test func aByteOrderMarkAtTheStartIsPassedOver() {
        #expect(JSONReading([0xEF, 0xBB, 0xBF] + Array("[]".utf8)).error == nil)
        #expect(
            JSONReading(Array("[".utf8) + [0xEF, 0xBB, 0xBF] + Array("]".utf8)).error
                == JSONError(.unexpectedByte, at: 1))
    }

    @Test func skipPassesOverAWholeValue() throws {
        let text = Array(#"{"a":{"b":[1,{"c":2}]},"d":7}"#.utf8)
        var scanner = JSONScanner(text.span.bytes)
        _ = try scanner.next()
        _ = try scanner.next()
        let value = try scanner.next()
        try scanner.skip(value)
        let key = try scanner.next()
        #expect(key.kind == .key && text[key.range].elementsEqual("d".utf8))
    }

    @Test(
        "escapes are resolved, a lone surrogate becomes U+FFFD",
        arguments: [
            (#""a\n\t\"\\\/\b\f\r""#, "a\n\t\"\\/\u{8}\u{C}\r", false), (#""\u00e9\u20AC""#, "é€", false),
            (#""\ud83d\ude00!""#, "😀!", false), (#""\ud83d""#, "\u{FFFD}", true), (#""\ude00x""#, "\u{FFFD}x", true),
            (#""\ud83dx""#, "\u{FFFD}x", true), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀", true),
            (#""\ud83d\n""#, "\u{FFFD}\n", true),
            (#""\ud83d\u0041""#, "\u{FFFD}A", true), (#""\u0000""#, "\0", false), (#""""#, "", false),
        ])
    func resolvesEscapes(text: String, expected: String, isLone: Bool) {
        let reading = JSONReading(Array(text.utf8))
        #expect(reading.tree == .string(expected))
        #expect(reading.hasLoneSurrogate == isLone)
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func agreesWithFoundationOnRandomAndMutatedText(seed: UInt64) {
        var generator = JSONGenerator(random: SeededGenerator(seed: seed))
        var accepted = 0
        var refused = 0
        for round in 0..<1_500 {
            var text = Array(generator.text().utf8)
            if round % 3 > 0 { mutate(&text, &generator.random) }
            let ours = JSONReading(text)
            let byMembers = JSONReading(text, isByMembers: true)
            #expect(byMembers.tree == ours.tree && byMembers.error == ours.error, "seed \(seed), round \(round)")
            let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])
            if ours.hasLoneSurrogate || ours.hasHugeNumber || ours.hasRepeatedName { continue }
            let words = String(decoding: text, as: UTF8.self)
            #expect((ours.tree != nil) == (theirs != nil), "seed \(seed), round \(round): \(words)")
            if let theirs, let tree = ours.tree {
                #expect(tree == JSONTree(theirs), "seed \(seed), round \(round): \(words)")
                accepted += 1
            } else {
                refused += 1
            }
        }
        #expect(accepted > 400 && refused > 400, "seed \(seed): \(accepted) accepted, \(refused) refused")
    }

    /// One to three bytes changed, dropped or doubled. No NUL: Foundation then guesses UTF-16 or UTF-32.
    private func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.tfn \n".utf8) + [0x80, 0xC3, 0xA9, 0xFF, 0x01]
        for _ in 0..<Int.random(in: 1...3, using: &random) where !text.isEmpty {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: text[place] = alphabet.randomElement(using: &random) ?? 0x20
            case 1: text.remove(at: place)
            default: text.insert(alphabet.randomElement(using: &random) ?? 0x20, at: place)
            }
        }
    }
}
