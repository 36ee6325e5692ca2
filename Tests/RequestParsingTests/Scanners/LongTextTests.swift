import Events
import RequestParsing
import Testing

/// The scanners look at 64 bytes at once: what they say must not depend on where in a text something stands. Each is
/// held against a plain loop over single bytes.
struct LongTextTests {
    private func text(_ random: inout SeededGenerator, of alphabet: String, bytesMax: Int = 300) -> [UInt8] {
        let marks = Array(alphabet.utf8)
        // Long stretches without a mark and crowds of them.
        let share = Int.random(in: 1...40, using: &random)
        return (0..<Int.random(in: 0...bytesMax, using: &random)).map { _ in
            Int.random(in: 0..<share, using: &random) == 0 ? marks.randomElement(using: &random) ?? 0x61 : 0x61
        }
    }

    @Test(arguments: [7, 8] as [UInt64])
    func pairsAreThoseOfAPlainSplit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            let bytes = text(&random, of: "&&==%+\u{7F}ü\u{0}b")
            var expected: [QueryPair] = []
            var start = 0
            for piece in bytes.split(separator: 0x26, omittingEmptySubsequences: false) {
                let end = start + piece.count
                if !piece.isEmpty {
                    let mark = piece.firstIndex(of: 0x3D)
                    let key = start..<(mark ?? end)
                    let value = (mark.map { $0 + 1 } ?? end)..<end
                    expected.append(
                        QueryPair(
                            key: key, value: value, isPlain: bytes[value].allSatisfy(isPlain),
                            isKeyPlain: bytes[key].allSatisfy(isPlain)))
                }
                start = end + 1
            }
            var found: [QueryPair] = []
            var pairs = QueryPairs(bytes.span.bytes)
            while let pair = pairs.next() { found.append(pair) }
            #expect(found == expected, "seed \(seed), round \(round)")
            #expect(pairs.next() == nil)
        }
    }

    private func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != 0x25 && byte != 0x2B }

    @Test(arguments: [9] as [UInt64])
    func cookiesAreThoseOfAPlainSplit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            let bytes = text(&random, of: ";;== \t\"b")
            var expected: [[Range<Int>]] = []
            var start = 0
            for piece in bytes.split(separator: 0x3B, omittingEmptySubsequences: false) {
                if let mark = piece.firstIndex(of: 0x3D) {
                    expected.append([trimmed(bytes, start..<mark), unquoted(bytes, mark + 1..<start + piece.count)])
                }
                start += piece.count + 1
            }
            var found: [[Range<Int>]] = []
            var pairs = CookiePairs(of: bytes.span.bytes)
            while let pair = pairs.next() { found.append([pair.name, pair.value]) }
            #expect(found == expected, "seed \(seed), round \(round)")
        }
    }

    private func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x09 { range = range.dropFirst() }
        while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x09 { range = range.dropLast() }
        return range
    }

    private func unquoted(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        let range = trimmed(bytes, range)
        guard range.count >= 2, bytes[range.lowerBound] == 0x22, bytes[range.upperBound - 1] == 0x22 else {
            return range
        }
        return range.dropFirst().dropLast()
    }

    /// Pieces near the end of what can be read or written are decoded byte by byte, others sixteen at once; neither may
    /// touch what stands around the piece.
    @Test(arguments: [10, 11] as [UInt64])
    func decodingOverACopyTouchesThePieceOnly(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let bytes = text(&random, of: "%%%4F2aG+ü\u{1}")
            let start = Int.random(in: 0...bytes.count, using: &random)
            let piece = start..<Int.random(in: start...bytes.count, using: &random)
            let plusIsSpace = Bool.random(using: &random)
            let expected = decoded(bytes[piece], plusIsSpace: plusIsSpace)
            let before = (0..<Int.random(in: 0...20, using: &random)).map { UInt8($0) }
            let after = (0..<Int.random(in: 0...40, using: &random)).map { UInt8(200 - $0) }
            var out = before + bytes[piece] + after
            let count = PercentDecoding.decode(
                bytes.span.bytes, piece, plusIsSpace: plusIsSpace, over: &out, at: before.count)
            #expect(Array(out[before.count..<before.count + count]) == expected, "seed \(seed), round \(round)")
            #expect(Array(out.prefix(before.count)) == before && Array(out.suffix(after.count)) == after)
            var appended: [UInt8] = before
            PercentDecoding.append(bytes[piece].span.bytes, plusIsSpace: plusIsSpace, to: &appended)
            #expect(Array(appended.dropFirst(before.count)) == expected)
        }
    }

    private func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self).filter(\.isHexDigit), radix: 16),
                rest.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte == 0x2B && plusIsSpace ? 0x20 : byte)
            }
        }
        return out
    }

    @Test(arguments: [12] as [UInt64])
    func cleanTextIsWhatCleaningLeavesAlone(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            var bytes = text(&random, of: "ü–😀\u{85}\n\u{7F}", bytesMax: 150)
            if Bool.random(using: &random) { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
            var out: [UInt8] = []
            TextCleaning.append(bytes.span.bytes, to: &out)
            let isClean = TextCleaning.isClean(bytes.span.bytes)
            #expect(isClean == (out == bytes), "seed \(seed), round \(round): \(bytes)")
        }
    }

    @Test(arguments: [1, 20, 62, 63, 64, 65, 127, 128, 200])
    func authoritiesMayBeLong(length: Int) {
        let name = String(repeating: "h", count: length)
        let bytes = Array("https://\(name)@u@\(name).test:81/\(name)?\(name)#\(name)".utf8)
        guard let parts = WebURL(bytes.span.bytes) else {
            Issue.record("\(length): no URL")
            return
        }
        func word(_ range: Range<Int>?) -> String { String(decoding: bytes[range ?? 0..<0], as: UTF8.self) }
        #expect(word(parts.userInfo) == "\(name)@u" && word(parts.host) == "\(name).test" && parts.port == 81)
        #expect(word(parts.path) == "/\(name)" && word(parts.query) == name && word(parts.fragment) == name)
    }
}
