import Events
import RequestParsing
import Testing

@Suite struct ForwardedElementTests {
    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("1.2.3.4:80", "1.2.3.4"), ("[::1]:65535", "::1"), ("::1", "::1"),
        ("2001:db8::1", "2001:db8::1"), ("[::1]", "::1"),
    ]) func forwardedElementsMayCarryAPort(_ text: String, _ expected: String) {
        let bytes = Array(text.utf8)
        #expect(IPAddress(forwardedElement: bytes.span.bytes)?.text == expected)
    }

    @Test(arguments: ["unknown", "_hidden", "1.2.3.4:", "1.2.3.4:999999", ":80", "[::1", "\"1.2.3.4\""])
    func otherForwardedElementsAreNoAddress(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(IPAddress(forwardedElement: bytes.span.bytes) == nil)
    }
}
