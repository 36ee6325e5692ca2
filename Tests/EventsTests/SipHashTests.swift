import Events
import Testing

struct SipHashTests {
    private let key = ID128(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    @Test(
        "agrees with the reference implementation's 128-bit vectors",
        arguments: [
            (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
            (8, "3b62a9ba6258f5610f83e264f31497b4"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        ])
    func matchesReferenceVectors(count: Int, expected: String) {
        let input = (0..<count).map { UInt8($0) }
        var hash = SipHash(key: key)
        hash.update(input.span.bytes)
        #expect(hash.finish().description == expected)
    }

    @Test func anySplitOfTheInputGivesTheSameResult() {
        let input = (0..<41).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var whole = SipHash(key: key)
        whole.update(input.span.bytes)
        let expected = whole.finish()
        for cut in 0...input.count {
            var parts = SipHash(key: key)
            parts.update(input.span.bytes.extracting(0..<cut))
            parts.update(input.span.bytes.extracting(cut..<input.count))
            #expect(parts.finish() == expected, "split at \(cut)")
        }
    }

    @Test func aWordAndBytesInOneGoGiveTheSameResult() {
        for count in 0..<41 {
            let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 11 + count) }
            var parts = SipHash(key: key)
            parts.update(0x0123_4567_89AB_CDEF)
            parts.update(input.span.bytes)
            #expect(
                SipHash.hash(key: key, 0x0123_4567_89AB_CDEF, input.span.bytes) == parts.finish(), "\(count) bytes")
        }
    }
}
