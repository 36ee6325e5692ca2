internal import Events

/// What the script keeps in a page's memory from one answer to the next: random, and nothing is known by it. The same
/// token gives the same ids.
struct UmamiToken {
    let text: String
    /// In the form of UUIDs.
    let session: String
    let visit: String

    /// The one that a request gives back, else a new one: tokens of another server are none of ours.
    init(_ given: RawSpan) {
        let text = Base64URL.decode39(given) == nil ? Base64URL.random(byteCount: 39) : given.text
        self.text = text
        let bytes = Array(text.utf8)
        session = Self.uuid(bytes.prefix(16))
        visit = Self.uuid(bytes.suffix(16))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Sixteen characters of the token, of six random bits each.
    private static func uuid(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (place, byte) in bytes.enumerated() {
            if place == 4 || place == 6 || place == 8 || place == 10 { text.append(UInt8(ascii: "-")) }
            text.append(place == 6 ? UInt8(ascii: "4") : digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
