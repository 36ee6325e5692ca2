import Events
import RequestParsing
import Testing

struct PercentEncodingTests {
    @Test func whatIsEncodedDecodesToItselfAndHoldsUnreservedBytesOnly() {
        let every = (0...255).map { UInt8($0) }
        var encoded: [UInt8] = []
        PercentEncoding.append(every.span.bytes, to: &encoded)
        var decoded: [UInt8] = []
        PercentDecoding.append(encoded.span.bytes, plusIsSpace: true, to: &decoded)
        #expect(decoded == every)
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%".utf8)
        #expect(encoded.allSatisfy { allowed.contains($0) })
    }

    @Test func unreservedBytesStandForThemselves() {
        var encoded: [UInt8] = []
        PercentEncoding.append(Array("aZ09-._~ /\u{E9}".utf8).span.bytes, to: &encoded)
        #expect(String(decoding: encoded, as: UTF8.self) == "aZ09-._~%20%2F%C3%A9")
    }
}
