internal import Events

/// Finds what must not enter the journal in free text, and puts `(masked)` in its place: e-mail addresses, IP
/// addresses, phone and card numbers, IBANs, and values that look like secrets (long hexadecimal, base64, JWT, known
/// key prefixes).
///
/// One pass over runs of letters and digits; each byte is looked at a bounded number of times, so the cost is linear:
/// about 2 ns a byte. No allocation once `output` has grown. Precision and recall are held by a labelled corpus in the
/// tests. What it leaves alone on purpose: dates, times, versions, prices, order numbers without check digits, slugs,
/// UUIDs with hyphens, hexadecimal shorter than 32 digits (object ids), phone numbers written without any separator
/// or prefix. The queries of addresses in a text are left out by `Minimiser` (`AddressQueries`).
enum SensitiveText {
    static let marker = Array("(masked)".utf8)

    /// Appends `text` to `output` with every find replaced by the marker; false, and nothing appended, where there
    /// is nothing to replace. `tokens` looks for secrets too.
    static func mask(_ text: borrowing RawSpan, tokens: Bool = true, into output: inout [UInt8]) -> Bool {
        var copied = 0
        while let found = next(in: text, from: copied, tokens: tokens) {
            output.append(text, copied..<found.lowerBound)
            output.append(contentsOf: marker)
            copied = found.upperBound
        }
        guard copied > 0 else { return false }
        output.append(text, copied..<text.byteCount)
        return true
    }

    /// The first find that begins at or after `floor`.
    static func next(in text: borrowing RawSpan, from floor: Int = 0, tokens: Bool = true) -> Range<Int>? {
        let count = text.byteCount
        guard count - floor >= 6 else { return nil }
        if floor == 0, !mayHoldFind(text, in: 0..<count, tokens: tokens) { return nil }
        var index = floor
        while index < count {
            let byte = text.byte(at: index)
            if ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") {
                let run = TextRun(text, from: index)
                if let found = find(run, in: text, floor: floor, tokens: tokens) { return found }
                index = run.range.upperBound
            } else {
                if let found = find(mark: byte, at: index, in: text, floor: floor) { return found }
                index += 1
            }
        }
        return nil
    }

    private static func find(
        _ run: TextRun, in text: borrowing RawSpan, floor: Int, tokens: Bool
    ) -> Range<Int>? {
        let start = run.range.lowerBound
        if run.digits > 0 || run.range.count <= 4 {
            if ASCII.isDigit(text.byte(at: start)) {
                if let found = number(at: start, in: text, floor: floor) { return found }
                if let found = ipv4(at: start, in: text, floor: floor) { return found }
            }
            if let found = iban(at: start, in: text) { return found }
            if run.digits >= 14, let found = embeddedCard(run, in: text) { return found }
        }
        if run.isHexadecimal, run.range.count <= 4, let found = ipv6(at: start, in: text, floor: floor) { return found }
        guard tokens, let found = secret(run, in: text) else { return nil }
        return found
    }

    private static func find(
        mark byte: UInt8, at index: Int, in text: borrowing RawSpan, floor: Int
    ) -> Range<Int>? {
        switch byte {
        case UInt8(ascii: "@"): email(around: index, in: text, floor: floor)
        case UInt8(ascii: "+"), UInt8(ascii: "("): number(at: index, in: text, floor: floor)
        case UInt8(ascii: ":"): ipv6(at: index, in: text, floor: floor)
        default: nil
        }
    }

    /// `local@domain.tld`: one dot at least after the `@`, the last label two letters or more. `image@2x.png` is a
    /// picture.
    private static func email(around at: Int, in text: borrowing RawSpan, floor: Int) -> Range<Int>? {
        var start = at
        while start > floor, isLocal(text.byte(at: start - 1)) { start -= 1 }
        while start < at, text.byte(at: start) == UInt8(ascii: ".") { start += 1 }
        var end = at + 1
        while end < text.byteCount, isDomain(text.byte(at: end)) { end += 1 }
        while end > at + 1, !ASCII.isAlphanumeric(text.byte(at: end - 1)), text.byte(at: end - 1) < 0x80 { end -= 1 }
        guard start < at, end > at + 3 else { return nil }
        var dot = end - 1
        while dot > at, text.byte(at: dot) != UInt8(ascii: ".") { dot -= 1 }
        guard dot > at + 1 else { return nil }
        let domainEnd = end
        end = dot + 1
        while end < domainEnd, ASCII.isLetter(text.byte(at: end)) || text.byte(at: end) >= 0x80 { end += 1 }
        guard end - dot > 2, end == domainEnd || text.byte(at: end) == UInt8(ascii: "-") else { return nil }
        if dot == at + 3, ASCII.isDigit(text.byte(at: at + 1)), text.byte(at: at + 2) == UInt8(ascii: "x") {
            return nil
        }
        return start..<end
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        if ASCII.isAlphanumeric(byte) || byte >= 0x80 { return true }
        return switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "'"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte >= 0x80 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    /// A dotted quad of seven digits or more that nothing else touches: shorter ones are versions.
    private static func ipv4(at start: Int, in text: borrowing RawSpan, floor: Int) -> Range<Int>? {
        if start > floor {
            let before = text.byte(at: start - 1)
            guard !ASCII.isAlphanumeric(before), before != UInt8(ascii: "."), before != UInt8(ascii: "/") else {
                return nil
            }
        }
        var end = start
        while end < text.byteCount, end - start < 16,
            ASCII.isDigit(text.byte(at: end)) || text.byte(at: end) == UInt8(ascii: ".")
        {
            end += 1
        }
        if end < text.byteCount, ASCII.isAlphanumeric(text.byte(at: end)) { return nil }
        while end > start, text.byte(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
        guard end - start >= 10, IPAddress.ipv4(of: text, in: start..<end) != nil else { return nil }
        return start..<end
    }

    /// Hexadecimal groups with five colons or more, or with `::` and three: an address of a machine or its card.
    private static func ipv6(at index: Int, in text: borrowing RawSpan, floor: Int) -> Range<Int>? {
        if index > floor {
            let before = text.byte(at: index - 1)
            guard !ASCII.isAlphanumeric(before), before != UInt8(ascii: ":") else { return nil }
        }
        var end = index
        var colons = 0
        var hasGap = false
        var hasDigit = false
        while end < text.byteCount, end - index < 48 {
            let byte = text.byte(at: end)
            if byte == UInt8(ascii: ":") {
                colons += 1
                if end > index, text.byte(at: end - 1) == UInt8(ascii: ":") { hasGap = true }
            } else if ASCII.hexValue(byte) != nil {
                hasDigit = true
            } else if byte != UInt8(ascii: ".") || colons < 2 {
                break
            }
            end += 1
        }
        if end < text.byteCount, ASCII.isAlphanumeric(text.byte(at: end)) { return nil }
        guard hasDigit, colons >= 5 || (hasGap && colons >= 3) else { return nil }
        return index..<end
    }
}

/// A stretch of letters, digits, `-` and `_`, with what tells a word from a secret.
struct TextRun {
    let range: Range<Int>
    private(set) var digits = 0
    private(set) var hexDigits = 0
    private(set) var alphanumerics = 0
    /// The longest stretch of hexadecimal digits without a hyphen or underscore.
    private(set) var hexStretchMax = 0
    /// Places where the kind of character changes inside a stretch as it does not in words: between letter and digit,
    /// and from lower to upper case. Random base64 has one at 43 % of its places, CamelCase at 20 %.
    private(set) var oddChanges = 0

    var isHexadecimal: Bool { hexDigits == alphanumerics }

    init(_ text: borrowing RawSpan, from start: Int) {
        var index = start
        var stretch = 0
        var last = Kind.none
        while index < text.byteCount {
            let byte = text.byte(at: index)
            let kind = Kind(byte)
            if kind == .other { break }
            index += 1
            guard kind != .none else {
                last = .none
                stretch = 0
                continue
            }
            alphanumerics += 1
            if kind == .digit { digits += 1 }
            if ASCII.hexValue(byte) != nil {
                hexDigits += 1
                stretch += 1
                hexStretchMax = max(hexStretchMax, stretch)
            } else {
                stretch = 0
            }
            if last != .none, last != kind, kind == .digit || last == .digit || kind == .upper { oddChanges += 1 }
            last = kind
        }
        range = start..<index
    }

    private enum Kind {
        /// A hyphen or underscore, or the beginning.
        case none
        case lower, upper, digit
        /// Ends the run.
        case other

        @inline(__always)
        init(_ byte: UInt8) {
            switch byte {
            case 0x61...0x7A: self = .lower
            case 0x41...0x5A: self = .upper
            case 0x30...0x39: self = .digit
            case 0x2D, 0x5F: self = .none
            default: self = .other
            }
        }
    }
}
