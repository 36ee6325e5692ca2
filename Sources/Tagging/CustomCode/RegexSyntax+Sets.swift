extension RegexSyntax {
    // MARK: Classes

    /// `[…]` without the flag `v`.
    mutating func characterClass() throws(Problem) -> RegexSet {
        let start = offset
        offset += 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt16>] = []
        while !isAt("]") {
            guard offset < units.count else { throw Problem(offset: start, text: "unterminated class") }
            let first = try classAtom()
            guard isAt("-"), offset + 1 < units.count, !isAt("]", 1) else {
                ranges.append(contentsOf: first.set.ranges)
                continue
            }
            let dash = offset
            offset += 1
            let last = try classAtom()
            guard let low = first.value, let high = last.value else {
                if mode != .plain { throw Problem(offset: dash, text: "a range with a class in it") }
                ranges.append(contentsOf: first.set.ranges + last.set.ranges + [0x2D...0x2D])
                continue
            }
            guard low <= high else { throw Problem(offset: dash, text: "range out of order in a class") }
            ranges.append(UInt16(truncatingIfNeeded: min(low, 0xFFFF))...UInt16(truncatingIfNeeded: min(high, 0xFFFF)))
        }
        offset += 1
        let set = RegexSet(ranges)
        return isNegated ? set.inverted : set
    }

    /// One member of a class: a character with its value, or a set of several.
    private mutating func classAtom() throws(Problem) -> (set: RegexSet, value: UInt32?) {
        if isAt("\\") {
            guard offset + 1 < units.count else { throw problem("\"\\\" at the end") }
            let place = offset
            let set = try characterEscape(isInClass: true)
            if let value = escapedValue(place, set) { return (set, value) }
            return (set, nil)
        }
        let first = units[offset]
        offset += 1
        if mode != .plain, first >= 0xD800, first < 0xDC00, unit(offset) >= 0xDC00, unit(offset) < 0xE000 {
            let value = 0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(unit(offset) - 0xDC00)
            offset += 1
            return (RegexSet([0xD800...0xDFFF]), value)
        }
        return (RegexSet(first), UInt32(first))
    }

    /// The character of an escape, nil when it stands for several.
    private func escapedValue(_ place: Int, _ set: RegexSet) -> UInt32? {
        switch units[place + 1] {
        case 0x64, 0x44, 0x73, 0x53, 0x77, 0x57: return nil
        case 0x70, 0x50: if mode != .plain { return nil }
        case 0x75:
            if mode != .plain, let value = codePoint(place + 2) { return value }
        default: break
        }
        guard let only = set.ranges.first, set.ranges.count == 1, only.count == 1 else { return nil }
        return UInt32(only.lowerBound)
    }

    /// The value of `\u{…}` or a pair of surrogates, from behind `\u`.
    private func codePoint(_ place: Int) -> UInt32? {
        var value: UInt32 = 0
        if unit(place) == 0x7B {
            for digit in units[(place + 1)...].prefix(while: { $0 != 0x7D }) {
                guard let number = hexValue(digit), value <= 0x10FFFF else { return nil }
                value = value << 4 | number
            }
            return value
        }
        guard let high = fourDigits(place), high >= 0xD800, high < 0xDC00, unit(place + 4) == 0x5C,
            unit(place + 5) == 0x75, let low = fourDigits(place + 6), low >= 0xDC00, low < 0xE000
        else { return nil }
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    }

    private func fourDigits(_ place: Int) -> UInt32? {
        guard place + 4 <= units.count else { return nil }
        var value: UInt32 = 0
        for digit in units[place..<(place + 4)] {
            guard let number = hexValue(digit) else { return nil }
            value = value << 4 | number
        }
        return value
    }

    private func hexValue(_ unit: UInt16) -> UInt32? {
        switch unit {
        case 0x30...0x39: UInt32(unit) - 0x30
        case 0x41...0x46: UInt32(unit) - 0x37
        case 0x61...0x66: UInt32(unit) - 0x57
        default: nil
        }
    }

    /// `[…]` with the flag `v`: classes in classes, `--`, `&&`, `\q{…}`. What it matches is taken to be anything.
    mutating func nestedClass(_ level: Int) throws(Problem) -> RegexSet {
        let start = offset
        guard level < Self.depthMax else { throw problem("classes nested more than \(Self.depthMax) levels deep") }
        offset += 1
        _ = take("^")
        while !take("]") {
            guard offset < units.count else { throw Problem(offset: start, text: "unterminated class") }
            if isAt("[") {
                _ = try nestedClass(level + 1)
            } else if isAt("\\"), isAt("q", 1), isAt("{", 2) {
                while offset < units.count, !isAt("}") { offset += isAt("\\") ? 2 : 1 }
                guard take("}") else { throw Problem(offset: start, text: "unterminated class") }
            } else if isAt("\\") {
                guard offset + 1 < units.count else { throw problem("\"\\\" at the end") }
                _ = try characterEscape(isInClass: true)
            } else {
                if "(){}/|".contains(where: { isAt($0) }) { throw problem("unescaped bracket in a class") }
                offset += 1
            }
        }
        return .any
    }

    // MARK: Escapes

    /// The characters that an escape stands for, from its backslash.
    mutating func characterEscape(isInClass: Bool) throws(Problem) -> RegexSet {
        let start = offset
        let kind = units[offset + 1]
        offset += 2
        switch kind {
        case 0x64: return .digit
        case 0x44: return RegexSet.digit.inverted
        case 0x77: return .word
        case 0x57: return RegexSet.word.inverted
        case 0x73: return .space
        case 0x53: return RegexSet.space.inverted
        case 0x66: return RegexSet(0x0C)
        case 0x6E: return RegexSet(0x0A)
        case 0x72: return RegexSet(0x0D)
        case 0x74: return RegexSet(0x09)
        case 0x76: return RegexSet(0x0B)
        case 0x62 where isInClass: return RegexSet(0x08)
        case 0x63: return try control(start, isInClass)
        case 0x78: return try hexadecimal(2, start)
        case 0x75:
            if mode != .plain, isAt("{") { return try bracedCodePoint(start) }
            return try hexadecimal(4, start)
        case 0x30...0x39: return try octal(kind, start)
        case 0x70, 0x50:
            if mode != .plain { return try property(start) }
        case 0x6B where mode == .plain:
            if !isInClass || !hasGroupNames { return RegexSet(kind) }
            throw Problem(offset: start, text: "invalid escape")
        case 0x2D where isInClass && mode != .plain: return RegexSet(kind)
        default: break
        }
        if mode != .plain, !isSyntax(kind), !(mode == .sets && isInClass && isPunctuation(kind)) {
            throw Problem(offset: start, text: "invalid escape")
        }
        return RegexSet(kind)
    }

    private func isSyntax(_ unit: UInt16) -> Bool { "^$\\.*+?()[]{}|/".utf16.contains(unit) }

    private func isPunctuation(_ unit: UInt16) -> Bool { "&-!#%,:;<=>@`~".utf16.contains(unit) }

    private mutating func control(_ start: Int, _ isInClass: Bool) throws(Problem) -> RegexSet {
        let letter = unit(offset)
        let isLetter = letter | 0x20 >= 0x61 && letter | 0x20 <= 0x7A
        let isOther = letter >= 0x30 && letter <= 0x39 || letter == 0x5F
        if isLetter || mode == .plain && isInClass && isOther {
            offset += 1
            return RegexSet(letter & 0x1F)
        }
        if mode != .plain { throw Problem(offset: start, text: "invalid escape") }
        offset = start + 1
        return RegexSet(0x5C)
    }

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(Problem) -> RegexSet {
        var value: UInt32 = 0
        for step in 0..<count {
            guard offset + step < units.count, let digit = hexValue(units[offset + step]) else {
                if mode != .plain { throw Problem(offset: start, text: "invalid escape") }
                return RegexSet(units[start + 1])
            }
            value = value << 4 | digit
        }
        offset += count
        if mode != .plain, count == 4, codePoint(start + 2) != nil {
            offset += 6
            return .any
        }
        return RegexSet(UInt16(truncatingIfNeeded: value))
    }

    private mutating func bracedCodePoint(_ start: Int) throws(Problem) -> RegexSet {
        offset += 1
        let first = offset
        while offset < units.count, hexValue(units[offset]) != nil { offset += 1 }
        guard offset > first, isAt("}"), let value = codePoint(start + 2), value <= 0x10FFFF else {
            throw Problem(offset: start, text: "invalid escape")
        }
        offset += 1
        return value <= 0xFFFF ? RegexSet(UInt16(truncatingIfNeeded: value)) : .any
    }

    /// `\0`, and in old forms up to three digits.
    private mutating func octal(_ first: UInt16, _ start: Int) throws(Problem) -> RegexSet {
        if mode != .plain {
            guard first == 0x30, !(unit(offset) >= 0x30 && unit(offset) <= 0x39) else {
                throw Problem(offset: start, text: "invalid escape")
            }
            return RegexSet(0)
        }
        guard first < 0x38 else { return RegexSet(first) }
        var value = first - 0x30
        for _ in 0..<2 {
            let digit = unit(offset)
            guard digit >= 0x30, digit < 0x38, value * 8 + digit - 0x30 <= 0xFF else { break }
            value = value * 8 + digit - 0x30
            offset += 1
        }
        return RegexSet(value)
    }

    /// `\p{Name}` and `\p{Name=Value}`; whether there is such a property is not known here.
    private mutating func property(_ start: Int) throws(Problem) -> RegexSet {
        guard take("{") else { throw Problem(offset: start, text: "invalid name of a property") }
        let first = offset
        while offset < units.count, !isAt("}") {
            let unit = units[offset]
            let isName = unit | 0x20 >= 0x61 && unit | 0x20 <= 0x7A || unit >= 0x30 && unit <= 0x39 || unit == 0x5F
            guard isName || unit == 0x3D else { break }
            offset += 1
        }
        guard offset > first, take("}") else { throw Problem(offset: start, text: "invalid name of a property") }
        return .any
    }
}

/// A set of UTF-16 units, as sorted ranges that neither touch nor overlap.
struct RegexSet: Hashable {
    private(set) var ranges: [ClosedRange<UInt16>]

    init(_ unit: UInt16) {
        ranges = [unit...unit]
    }

    /// O(n log n).
    init(_ unsorted: [ClosedRange<UInt16>]) {
        ranges = []
        for range in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    static let any = RegexSet([0...0xFFFF])
    static let dot = RegexSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]).inverted
    static let digit = RegexSet([0x30...0x39])
    static let word = RegexSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = RegexSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    var inverted: RegexSet {
        var result: [ClosedRange<UInt16>] = []
        var next = 0
        for range in ranges {
            if Int(range.lowerBound) > next {
                result.append(UInt16(truncatingIfNeeded: next)...(range.lowerBound - 1))
            }
            next = Int(range.upperBound) + 1
        }
        if next <= 0xFFFF { result.append(UInt16(truncatingIfNeeded: next)...0xFFFF) }
        return RegexSet(result)
    }

    /// The set with both cases of its ASCII letters.
    var ignoringCase: RegexSet {
        var all = ranges
        for range in ranges {
            for letter in max(range.lowerBound, 0x41)...max(min(range.upperBound, 0x7A), max(range.lowerBound, 0x41)) {
                guard range.contains(letter) else { continue }
                let lower = letter | 0x20
                if lower >= 0x61, lower <= 0x7A {
                    all.append(contentsOf: [lower...lower, (lower - 0x20)...(lower - 0x20)])
                }
            }
        }
        return RegexSet(all)
    }

    /// What both have. O(ranges of both).
    func intersection(_ other: RegexSet) -> RegexSet {
        var result: [ClosedRange<UInt16>] = []
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            let low = max(ranges[left].lowerBound, other.ranges[right].lowerBound)
            let high = min(ranges[left].upperBound, other.ranges[right].upperBound)
            if low <= high { result.append(low...high) }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return RegexSet(result)
    }

    var isEmpty: Bool { ranges.isEmpty }
}

/// The structure of a pattern, as far as its running time and whether it matches depend on it. Ranges are in UTF-16 units
/// of the pattern's text.
indirect enum RegexNode {
    /// One character of these.
    case set(RegexSet, Range<Int>)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    case repeated(RegexNode, Int, Int?)
    /// Something ahead or behind that is looked at and not taken.
    case look(RegexNode, Range<Int>)
    /// `$`, `\b`, `\B`.
    case assertion(Range<Int>)
    /// `^`.
    case start
    case backreference
}
