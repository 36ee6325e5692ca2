internal import Events
internal import RequestParsing

/// A property's value that is JSON, as arrays and deep objects are kept: its names, strings and numbers are looked at one
/// after another, escapes resolved, and what stands under a sensitive name is hidden whole.
///
///     var json = MinimisedJSON(text)
///     while let piece = json.next() { if … { json.replace(by: …) } }
///     json.output
///
/// Costs an array of pieces and a copy of each; such values are rare.
struct MinimisedJSON {
    private enum Kind { case text, number, hidden }

    private let text: [UInt8]
    /// Quotes included.
    private var pieces: [(kind: Kind, range: Range<Int>)] = []
    private var taken = 0
    private var copied = 0
    private var result: [UInt8] = []

    static func mayBegin(with byte: UInt8) -> Bool { byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") }

    /// nil where the text is no JSON.
    init?(_ text: [UInt8]) {
        self.text = text
        guard let pieces = try? MinimisedJSON.pieces(of: text.span.bytes) else { return nil }
        self.pieces = pieces
    }

    private static func pieces(of text: RawSpan) throws(JSONError) -> [(kind: Kind, range: Range<Int>)] {
        var pieces: [(kind: Kind, range: Range<Int>)] = []
        var scanner = JSONScanner(text)
        var name: [UInt8] = []
        var isHidden = false
        while true {
            let token = try scanner.next()
            switch token.kind {
            case .end: return pieces
            case .objectEnd, .arrayEnd: continue
            case .key:
                name.removeAll(keepingCapacity: true)
                JSONText.append(token, of: text, to: &name)
                isHidden = SensitiveKeys.contains(name.span.bytes)
                pieces.append((.text, token.start - 1..<token.end + 1))
                continue
            case .string: pieces.append((isHidden ? .hidden : .text, token.start - 1..<token.end + 1))
            case .number: pieces.append((isHidden ? .hidden : .number, token.range))
            case .objectStart, .arrayStart:
                if isHidden {
                    try scanner.skip(token)
                    pieces.append((.hidden, token.start..<scanner.offset))
                }
            case .true, .false, .null: break
            }
            isHidden = false
        }
    }

    /// The next name, string or number to look at, decoded; nil where there is none left.
    mutating func next() -> [UInt8]? {
        while taken < pieces.count {
            let (kind, range) = pieces[taken]
            taken += 1
            switch kind {
            case .hidden: replace(by: SensitiveText.marker)
            case .number: return Array(text[range])
            case .text:
                var decoded: [UInt8] = []
                MinimisedJSON.decode(text.span.bytes, range, into: &decoded)
                return decoded
            }
        }
        return nil
    }

    private static func decode(_ text: RawSpan, _ range: Range<Int>, into decoded: inout [UInt8]) {
        var scanner = JSONScanner(text.extracting(range))
        guard let token = try? scanner.next() else { return }
        JSONText.append(token, of: scanner.bytes, to: &decoded)
    }

    /// Puts a string in the place of what `next` gave last.
    mutating func replace(by string: [UInt8]) {
        guard taken > 0 else { return }
        let range = pieces[taken - 1].range
        result += text[copied..<range.lowerBound]
        copied = range.upperBound
        result.append(UInt8(ascii: "\""))
        for byte in string {
            // Control characters are none of what a value holds.
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            if byte >= 0x20 { result.append(byte) }
        }
        result.append(UInt8(ascii: "\""))
    }

    /// The text with its replacements; nil where there were none.
    var output: [UInt8]? { copied > 0 ? result + text[copied...] : nil }
}
