import RequestParsing
import Testing

@Suite struct JSONReaderTests {
    @Test func jsonSurvivesWritingAndReading() throws {
        let value = JSONValue.object([
            .init(
                "a\"\\\n", .array([.null, .bool(true), .integer(-5), .number("1.50"), .string("<é\u{1F600}\u{7}>")])),
            .init("", .object([])),
        ])
        #expect(try JSONReader.read(value.encoded) == value)
        #expect(try JSONReader.read(Array(#""\ud83d\ude00\/""#.utf8)) == .string("\u{1F600}/"))
        for text in ["01", "1.", "-", "1e", "tru", "\"\u{1}\"", "[1,]", "{\"a\" 1}", "\"\\x\"", "\"\\ud83d\"", "nul"] {
            #expect(throws: JSONTextError.self) { try JSONReader.read(Array(text.utf8)) }
        }
        #expect(throws: JSONTextError.self) { try JSONReader.read([34, 0xFF, 34]) }
    }
}
