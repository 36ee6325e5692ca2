/// Finds what a text must contain for a regular expression to match: any one of a set of literals, in lower case.
/// It reads the pattern once and gives up (nil: try the pattern on every text) on what it does not know, so a wrong
/// guess is never the cause of a missed match. Literals are compared without case, which can only let more through.
struct RequiredLiterals {
    /// A literal longer than this is cut: its beginning is as necessary as the whole.
    static let literalBytesMax = 12
    static let setCountMax = 512
    private static let depthMax = 32

    private let pattern: [UInt8]
    private var offset = 0
    private var depth = 0
    /// Something whose meaning this reader does not know was met.
    private var isUnknown = false

    /// The best set of literals of which a match contains at least one; nil where none is certain.
    static func find(in pattern: [UInt8]) -> [[UInt8]]? {
        var parser = RequiredLiterals(pattern: pattern)
        let found = parser.alternation()
        guard !parser.isUnknown, parser.offset == pattern.count, let set = found.required else { return nil }
        return set.map { Array($0.prefix(literalBytesMax)) }
    }

    private init(pattern: [UInt8]) { self.pattern = pattern }

    private struct Found {
        /// The only text this part matches, where there is just one.
        var exact: [UInt8]?
        var required: [[UInt8]]?
    }

    private enum Atom {
        case literal(UInt8)
        case zeroWidth
        case group(Found)
        case opaque
    }

    private mutating func alternation() -> Found {
        let first = sequence()
        guard peek == 0x7C else { return first }
        var union = first.required
        while peek == 0x7C {
            offset += 1
            let next = sequence()
            guard let set = union, let more = next.required, set.count + more.count <= Self.setCountMax else {
                union = nil
                continue
            }
            union = set + more.filter { !set.contains($0) }
        }
        return Found(exact: nil, required: union)
    }

    private mutating func sequence() -> Found {
        var run: [UInt8] = []
        var isExact = true
        var best: [[UInt8]]?
        func consider(_ set: [[UInt8]]?) {
            guard let set, Self.worth(set) > 0, best.map({ Self.worth($0) < Self.worth(set) }) ?? true else { return }
            best = set
        }
        func flush() {
            if !run.isEmpty { consider([run]) }
            run = []
        }
        while let byte = peek, byte != 0x7C, byte != 0x29, !isUnknown {
            let atom = self.atom()
            let least = quantifier()
            switch (atom, least) {
            case (.zeroWidth, _): continue
            case (.literal(let byte), nil): run.append(byte)
            case (.group(let found), nil):
                if let exact = found.exact {
                    run += exact
                    continue
                }
                flush()
                consider(found.required)
                isExact = false
            case (.literal(let byte), .some(let least)):
                if least > 0 { run.append(byte) }
                flush()
                isExact = false
            case (.group(let found), .some(let least)):
                flush()
                if least > 0 { consider(found.exact.map { [$0] } ?? found.required) }
                isExact = false
            case (.opaque, _):
                flush()
                isExact = false
            }
        }
        let exact = isExact ? run : nil
        flush()
        return Found(exact: exact, required: best)
    }

    /// How well a set tells texts apart: the least of its literals' lengths; words that most user agents have count
    /// as one.
    private static func worth(_ set: [[UInt8]]) -> Int {
        var least = Int.max
        for literal in set {
            guard literal.count >= 2 else { return 0 }
            let isCommon = common.contains { $0.count >= literal.count && contains($0, literal) }
            least = min(least, isCommon ? 1 : min(literal.count, literalBytesMax) + 1)
        }
        return set.isEmpty ? 0 : least
    }

    private static let common: [[UInt8]] = [
        "mozilla/5.0 (", "mozilla/4.0 (", "compatible; ", "windows nt ", "macintosh; intel mac os x ",
        "(khtml, like gecko)",
        " applewebkit/", " chrome/", " safari/", " mobile", "linux; android ", "x86_64", " version/", " gecko/",
        "http://",
        "iphone; cpu iphone os ", " build/", ".com", "x11; ", "firefox/", "msie ", "opera/",
    ].map { Array($0.utf8) }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private var peek: UInt8? { offset < pattern.count ? pattern[offset] : nil }

    private mutating func atom() -> Atom {
        let byte = pattern[offset]
        offset += 1
        switch byte {
        case 0x28: return group()
        case 0x5B: return characterClass()
        case 0x5C: return escape()
        case 0x2E: return .opaque
        case 0x5E, 0x24: return .zeroWidth
        case 0x2A, 0x2B, 0x3F:
            isUnknown = true
            return .opaque
        default: return .literal(Self.folded(byte))
        }
    }

    private mutating func group() -> Atom {
        guard depth < Self.depthMax else {
            isUnknown = true
            return .opaque
        }
        if peek == 0x3F {
            guard offset + 1 < pattern.count, pattern[offset + 1] == 0x3A else {
                isUnknown = true
                return .opaque
            }
            offset += 2
        }
        depth += 1
        let found = alternation()
        depth -= 1
        guard peek == 0x29 else {
            isUnknown = true
            return .opaque
        }
        offset += 1
        return .group(found)
    }

    private mutating func escape() -> Atom {
        guard let byte = peek else {
            isUnknown = true
            return .opaque
        }
        offset += 1
        switch byte {
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "s"),
            UInt8(ascii: "S"):
            return .opaque
        case UInt8(ascii: "b"): return .zeroWidth
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...:
            isUnknown = true
            return .opaque
        default: return .literal(byte)
        }
    }

    /// A class whose members differ in case only is a literal; every other one is opaque.
    private mutating func characterClass() -> Atom {
        var only: UInt8?
        var isOpaque = false
        if peek == 0x5E {
            isOpaque = true
            offset += 1
        }
        var isFirst = true
        while let byte = peek, byte != 0x5D || isFirst {
            isFirst = false
            offset += 1
            if byte == 0x5B, peek == 0x3A { isUnknown = true }
            var member = byte
            if byte == 0x5C, let escaped = peek {
                offset += 1
                member = escaped
                if Self.folded(escaped) != escaped || (0x30...0x39).contains(escaped) || (0x61...0x7A).contains(escaped)
                {
                    isOpaque = true
                }
            } else if byte == 0x2D {
                isOpaque = true
            }
            let folded = Self.folded(member)
            if let only, only != folded { isOpaque = true }
            only = folded
        }
        guard peek == 0x5D, let only else {
            isUnknown = true
            return .opaque
        }
        offset += 1
        return isOpaque ? .opaque : .literal(only)
    }

    /// The least number of repetitions a quantifier asks for, stepping over it; nil where there is none.
    private mutating func quantifier() -> Int? {
        guard let byte = peek else { return nil }
        var least = 0
        switch byte {
        case 0x3F, 0x2A: offset += 1
        case 0x2B:
            offset += 1
            least = 1
        case 0x7B:
            guard let (count, end) = countedQuantifier() else { return nil }
            least = count
            offset = end
        default: return nil
        }
        if peek == 0x3F || peek == 0x2B { offset += 1 }
        return least
    }

    /// `{n}`, `{n,}` or `{n,m}` at the offset: n (as far as 0 or more matters) and the offset after it.
    private func countedQuantifier() -> (Int, Int)? {
        var index = offset + 1
        var least = 0
        var digits = 0
        while index < pattern.count, (0x30...0x39).contains(pattern[index]) {
            if pattern[index] != 0x30 { least = 1 }
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < pattern.count, pattern[index] == 0x2C {
            index += 1
            while index < pattern.count, (0x30...0x39).contains(pattern[index]) { index += 1 }
        }
        guard index < pattern.count, pattern[index] == 0x7D else { return nil }
        return (least, index + 1)
    }

    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
