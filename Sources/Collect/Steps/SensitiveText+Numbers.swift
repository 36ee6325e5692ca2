internal import Events

/// Digits as they are grouped in a text: at most 19 of them in at most ten groups.
struct DigitGroups {
    private(set) var digits = InlineArray<20, UInt8>(repeating: 0)
    private(set) var digitCount = 0
    private(set) var lengths = InlineArray<10, UInt8>(repeating: 0)
    /// Where each group ends in the text.
    private(set) var ends = InlineArray<10, Int>(repeating: 0)
    private(set) var groupCount = 0
    private(set) var hasPlus = false
    /// Whether what stands before each group, back to the first one, is spaces and hyphens alone.
    private(set) var isCardLike = InlineArray<10, Bool>(repeating: true)
    /// What follows the last group may not be part of a word.
    private(set) var isClosed = true

    init(_ text: borrowing RawSpan, from start: Int) {
        var index = start
        if text.byte(at: index) == UInt8(ascii: "+") {
            hasPlus = true
            index += 1
        }
        var separators = text.byte(at: start) == UInt8(ascii: "(") ? 0 : -1
        var isPlain = true
        while index < text.byteCount {
            let byte = text.byte(at: index)
            if ASCII.isDigit(byte) {
                if separators != 0 || groupCount == 0 {
                    guard groupCount < 10 else { break }
                    isCardLike[groupCount] = isPlain
                    groupCount += 1
                }
                guard digitCount < 20 else { break }
                digits[digitCount] = byte - 0x30
                digitCount += 1
                lengths[groupCount - 1] += 1
                ends[groupCount - 1] = index + 1
                separators = 0
            } else {
                guard let separator = SensitiveText.separator(text, at: index), max(separators, 0) < 2 else { break }
                if !separator.isCardLike { isPlain = false }
                separators = max(separators, 0) + 1
                index += separator.byteCount - 1
            }
            index += 1
        }
        if groupCount > 0, ends[groupCount - 1] < text.byteCount {
            let after = text.byte(at: ends[groupCount - 1])
            isClosed = !ASCII.isAlphanumeric(after) && after != UInt8(ascii: "_") && after != UInt8(ascii: "@")
        }
    }

    /// Whether the groups from `first` on, up to `count` in all, are so long.
    func groups(from first: Int, to count: Int, are expected: InlineArray<3, UInt8>) -> Bool {
        guard count - first == 3 else { return false }
        for index in 0..<3 where lengths[first + index] != expected[index] { return false }
        return true
    }
}

extension SensitiveText {
    /// What may stand between the digits of a number: how many bytes it has, and whether it is a space or a hyphen, as
    /// in card numbers. Pages are typeset with spaces and hyphens that do not break (U+00A0, U+202F, U+2011).
    static func separator(_ text: borrowing RawSpan, at index: Int) -> (byteCount: Int, isCardLike: Bool)? {
        switch text.byte(at: index) {
        case UInt8(ascii: " "), UInt8(ascii: "-"): return (1, true)
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("), UInt8(ascii: ")"): return (1, false)
        case 0xC2: return index + 1 < text.byteCount && text.byte(at: index + 1) == 0xA0 ? (2, true) : nil
        case 0xE2 where index + 2 < text.byteCount:
            let code = UInt16(text.byte(at: index + 1)) << 8 | UInt16(text.byte(at: index + 2))
            switch code {
            // U+2000 to U+200A: spaces by width; U+2010 to U+2013: hyphens and dashes; U+202F and U+2212.
            case 0x8080...0x808A, 0x8090...0x8093, 0x80AF, 0x8892: return (3, true)
            default: return nil
            }
        default: return nil
        }
    }

    /// A card or phone number that begins here.
    static func number(at start: Int, in text: borrowing RawSpan, floor: Int) -> Range<Int>? {
        if start > floor {
            let before = text.byte(at: start - 1)
            guard !ASCII.isAlphanumeric(before), before != UInt8(ascii: "_"), before != UInt8(ascii: "-"),
                before != UInt8(ascii: "."), before != UInt8(ascii: "+"), before != UInt8(ascii: "$")
            else { return nil }
        }
        let groups = DigitGroups(text, from: start)
        guard groups.groupCount > 0 else { return nil }
        if !groups.hasPlus, let end = cardEnd(groups) { return start..<end }
        // Another number may follow: the longest beginning that is one counts.
        var count = groups.groupCount
        var digitCount = groups.digitCount
        while count > 0 {
            if count < groups.groupCount || groups.isClosed, isPhone(groups, count: count, digitCount: digitCount) {
                return start..<groups.ends[count - 1]
            }
            count -= 1
            digitCount -= Int(groups.lengths[count])
        }
        return nil
    }

    /// A card number inside a longer run: a stretch of 14 to 19 digits with nothing between them.
    static func embeddedCard(_ run: TextRun, in text: borrowing RawSpan) -> Range<Int>? {
        var start = run.range.lowerBound
        while start < run.range.upperBound {
            var end = start
            while end < run.range.upperBound, ASCII.isDigit(text.byte(at: end)) { end += 1 }
            if end - start >= 14, end - start <= 19, cardEnd(DigitGroups(text, from: start)) == end {
                return start..<end
            }
            start = end + 1
        }
        return nil
    }

    /// International with `+` (E.164: at most 15 digits) or `00`, North American 3-3-4, or national with a leading
    /// zero and separators. Of the first `groupCount` groups.
    private static func isPhone(_ groups: DigitGroups, count groupCount: Int, digitCount count: Int) -> Bool {
        let digits = groups.digits
        let isGrouped = groupCount > 1
        if groups.hasPlus { return digits[0] != 0 && count >= (isGrouped ? 8 : 9) && count <= 15 }
        guard count >= 9, count <= 15 else { return false }
        if digits[0] == 0, digits[1] == 0 { return digits[2] != 0 && count >= (isGrouped ? 11 : 12) }
        guard isGrouped else { return false }
        let skipped = digits[0] == 1 && groups.lengths[0] == 1 ? 1 : 0
        if groups.groups(from: skipped, to: groupCount, are: [3, 3, 4]) {
            return digits[skipped] >= 2 && digits[skipped + 3] >= 2
        }
        guard digits[0] == 0, digits[1] != 0, count <= 12, groups.lengths[0] >= 2, groups.lengths[0] <= 5 else {
            return false
        }
        if groupCount >= 3, groups.lengths[0] == 2, groups.lengths[1] == 2, groups.lengths[2] == 4 {
            return false
        }
        for index in 0..<groupCount where groups.lengths[index] < 2 { return false }
        return true
    }

    /// Where a card number ends that begins with the first group: lengths and first digits of the large schemes
    /// (ISO/IEC 7812), and the Luhn check digit. Thirteen digits are left out: they are article numbers (EAN-13).
    private static func cardEnd(_ groups: DigitGroups) -> Int? {
        var count = 0
        for group in 0..<groups.groupCount {
            count += Int(groups.lengths[group])
            guard groups.isCardLike[group] else { return nil }
            guard count <= 19 else { return nil }
            if count >= 14, isCardPrefix(groups.digits, count: count), hasLuhn(groups.digits, count: count) {
                return groups.groupCount == group + 1 && !groups.isClosed ? nil : groups.ends[group]
            }
        }
        return nil
    }

    private static func isCardPrefix(_ digits: InlineArray<20, UInt8>, count: Int) -> Bool {
        let two = Int(digits[0]) * 10 + Int(digits[1])
        return switch count {
        case 14: two == 36 || two == 38 || two == 39 || (two == 30 && digits[2] <= 5)
        case 15: two == 34 || two == 37
        case 16: digits[0] == 4 || (22...27).contains(two) || two == 35 || (50...69).contains(two)
        default: digits[0] == 4 || digits[0] == 6 || two == 50 || (56...58).contains(two)
        }
    }

    private static func hasLuhn(_ digits: InlineArray<20, UInt8>, count: Int) -> Bool {
        var sum = 0
        for index in 0..<count {
            var digit = Int(digits[count - 1 - index])
            if index & 1 == 1 {
                digit *= 2
                if digit > 9 { digit -= 9 }
            }
            sum += digit
        }
        return sum % 10 == 0
    }

    /// An IBAN that begins here, with or without a space after every fourth character: the country's length and the
    /// check digits (ISO 13616, remainder 1 modulo 97).
    static func iban(at start: Int, in text: borrowing RawSpan) -> Range<Int>? {
        guard text.byteCount - start >= 15, ASCII.isLetter(text.byte(at: start)),
            ASCII.isLetter(text.byte(at: start + 1)),
            ASCII.isDigit(text.byte(at: start + 2)), ASCII.isDigit(text.byte(at: start + 3)),
            let length = ibanLengths.value(of: text.extracting(start..<start + 2))
        else { return nil }
        var remainder = 0
        var index = start
        var taken = 0
        var first = InlineArray<4, UInt8>(repeating: 0)
        while index < text.byteCount, taken < length {
            let byte = text.byte(at: index)
            index += 1
            if taken & 3 == 0, let space = separator(text, at: index - 1), byte == UInt8(ascii: " ") || byte >= 0x80 {
                index += space.byteCount - 1
                continue
            }
            guard ASCII.isAlphanumeric(byte) else { return nil }
            if taken < 4 { first[taken] = byte } else { remainder = ibanStep(remainder, byte) }
            taken += 1
        }
        guard taken == length else { return nil }
        if index < text.byteCount, ASCII.isAlphanumeric(text.byte(at: index)) { return nil }
        for place in 0..<4 { remainder = ibanStep(remainder, first[place]) }
        return remainder == 1 ? start..<index : nil
    }

    private static func ibanStep(_ remainder: Int, _ byte: UInt8) -> Int {
        if ASCII.isDigit(byte) { return (remainder * 10 + Int(byte - 0x30)) % 97 }
        return (remainder * 100 + Int(ASCII.lower(byte) - 0x61) + 10) % 97
    }

    /// Lengths by country, from the SWIFT IBAN registry.
    private static let ibanLengths = NameTable<Int>([
        ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22),
        ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DK", 18), ("DO", 28),
        ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23),
        ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26),
        ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20),
        ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30),
        ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22),
        ("SA", 24), ("SC", 31), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("ST", 25), ("SV", 28), ("TL", 23),
        ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20),
    ])
}
