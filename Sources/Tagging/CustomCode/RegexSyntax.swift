/// Reads a regular expression as `new RegExp(pattern)` does, or as a literal with the flag `u` or `v`.
///
/// The grammar is ECMAScript 2023's with Annex B (what every browser takes), and the groups `(?i:…)` of 2025, which are
/// told apart by `isRecent`. Recursion is bounded by `depthMax`; cost O(pattern).
struct RegexSyntax {
    /// Groups inside one another.
    static let depthMax = 200

    enum Mode { case plain, unicode, sets }

    struct Problem: Error {
        /// In UTF-16 units from the pattern's beginning.
        var offset: Int
        /// A phrase: `nothing to repeat`.
        var text: String
    }

    let units: [UInt16]
    let mode: Mode
    var offset = 0
    private var depth = 0
    private(set) var isRecent = false
    private(set) var groupCount = 0
    private var hasNames = false
    var hasGroupNames: Bool { hasNames }
    private var names: Set<String> = []
    private var usedNames: [(name: String, offset: Int)] = []
    private var highestReference = (number: 0, offset: 0)

    init(_ pattern: String, mode: Mode) {
        units = Array(pattern.utf16)
        self.mode = mode
        countGroups()
    }

    /// What is wrong with a pattern, nil if nothing is.
    static func problem(_ pattern: String, mode: Mode) -> Problem? {
        var syntax = RegexSyntax(pattern, mode: mode)
        do throws(Problem) {
            _ = try syntax.whole()
            return nil
        } catch {
            return error
        }
    }

    /// The whole pattern.
    mutating func whole() throws(Problem) -> RegexNode {
        let node = try alternatives()
        guard offset == units.count else { throw problem("unmatched \")\"") }
        for used in usedNames where !names.contains(used.name) {
            throw Problem(offset: used.offset, text: "no group is named \"\(used.name)\"")
        }
        if mode != .plain, highestReference.number > groupCount {
            throw Problem(offset: highestReference.offset, text: "no group has that number")
        }
        return node
    }

    func problem(_ text: String) -> Problem { Problem(offset: offset, text: text) }

    func unit(_ place: Int) -> UInt16 { place < units.count ? units[place] : 0 }

    func isAt(_ character: Character, _ step: Int = 0) -> Bool {
        offset + step < units.count && units[offset + step] == UInt16(character.asciiValue ?? 0)
    }

    mutating func take(_ character: Character) -> Bool {
        guard isAt(character) else { return false }
        offset += 1
        return true
    }

    /// Groups are counted before: `\3` means a group or an old octal number by that.
    private mutating func countGroups() {
        var place = 0
        var isInClass = false
        while place < units.count {
            switch units[place] {
            case 0x5C: place += 1
            case 0x5B: isInClass = true
            case 0x5D: isInClass = false
            case 0x28 where !isInClass:
                if unit(place + 1) != 0x3F {
                    groupCount += 1
                } else if unit(place + 2) == 0x3C, unit(place + 3) != 0x3D, unit(place + 3) != 0x21 {
                    groupCount += 1
                    hasNames = true
                }
            default: break
            }
            place += 1
        }
    }

    // MARK: Structure

    private mutating func alternatives() throws(Problem) -> RegexNode {
        depth += 1
        guard depth <= Self.depthMax else { throw problem("groups nested more than \(Self.depthMax) levels deep") }
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        depth -= 1
        return all.count == 1 ? all[0] : .alternatives(all)
    }

    private mutating func sequence() throws(Problem) -> RegexNode {
        var parts: [RegexNode] = []
        while offset < units.count, !isAt("|"), !isAt(")") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func term() throws(Problem) -> RegexNode {
        var isRepeatable = true
        let node = try atom(&isRepeatable)
        let place = offset
        guard let (least, most) = try quantifier() else { return node }
        guard isRepeatable else { throw Problem(offset: place, text: "nothing to repeat") }
        return .repeated(node, least, most)
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}` with or without `?`; nil if there is none. `most` nil: no end.
    private mutating func quantifier() throws(Problem) -> (Int, Int?)? {
        var bounds: (Int, Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if isAt("{") {
            guard let found = braces() else {
                if mode != .plain { throw problem("\"{\" that repeats nothing") }
                return nil
            }
            bounds = found
            if let most = bounds.1, bounds.0 > most { throw problem("numbers out of order in {}") }
        } else {
            return nil
        }
        _ = take("?")
        return bounds
    }

    /// `{n,m}`; nil, and nothing taken, if what stands here is not that.
    private mutating func braces() -> (Int, Int?)? {
        let start = offset
        offset += 1
        if let least = number() {
            var most: Int? = least
            if take(",") { most = number() }
            if take("}") { return (least, most) }
        }
        offset = start
        return nil
    }

    /// A number, at most 2^31: what is above means the same.
    private mutating func number() -> Int? {
        let start = offset
        var value = 0
        while offset < units.count, units[offset] >= 0x30, units[offset] <= 0x39 {
            value = min(value * 10 + Int(units[offset]) - 0x30, 1 << 31)
            offset += 1
        }
        return offset > start ? value : nil
    }

    private mutating func atom(_ isRepeatable: inout Bool) throws(Problem) -> RegexNode {
        let start = offset
        let first = units[offset]
        switch first {
        case 0x5E, 0x24:  // ^ $
            offset += 1
            isRepeatable = false
            return first == 0x5E ? .start : .assertion(start..<offset)
        case 0x28: return try group(&isRepeatable)
        case 0x2E:
            offset += 1
            return .set(.dot, start..<offset)
        case 0x5B:
            let set = mode == .sets ? try nestedClass(0) : try characterClass()
            return .set(set, start..<offset)
        case 0x5C: return try escape(&isRepeatable)
        case 0x2A, 0x2B, 0x3F: throw problem("nothing to repeat")
        case 0x7B:  // {
            if mode != .plain || braces() != nil { throw problem("nothing to repeat") }
            offset += 1
            return .set(RegexSet(first), start..<offset)
        case 0x7D where mode != .plain, 0x5D where mode != .plain: throw problem("lone quantifier bracket")
        default:
            offset += 1
            if mode != .plain, first >= 0xD800, first < 0xDC00, unit(offset) >= 0xDC00, unit(offset) < 0xE000 {
                offset += 1
            }
            return .set(RegexSet(first), start..<offset)
        }
    }

    private mutating func group(_ isRepeatable: inout Bool) throws(Problem) -> RegexNode {
        let start = offset
        offset += 1
        var isLook = false
        if take("?") {
            if take("=") || take("!") {
                isLook = true
                isRepeatable = mode == .plain
            } else if take("<") {
                if take("=") || take("!") {
                    isLook = true
                    isRepeatable = false
                } else {
                    let name = try groupName()
                    guard names.insert(name).inserted else {
                        throw Problem(offset: start, text: "two groups are named \"\(name)\"")
                    }
                }
            } else if !take(":") {
                try modifiers(start)
            }
        }
        let node = try alternatives()
        guard take(")") else { throw Problem(offset: start, text: "unterminated group") }
        return isLook ? .look(node, start..<offset) : node
    }

    /// `i`, `m`, `s` and what a minus takes away, up to the colon.
    private mutating func modifiers(_ start: Int) throws(Problem) {
        var seen: Set<UInt16> = []
        var hasMinus = false
        while offset < units.count {
            if take(":") {
                guard !seen.isEmpty else { break }
                isRecent = true
                return
            }
            if !hasMinus, take("-") {
                hasMinus = true
                continue
            }
            guard isAt("i") || isAt("m") || isAt("s"), seen.insert(units[offset]).inserted else { break }
            offset += 1
        }
        let isInline = offset < units.count && isAt(")") && !seen.isEmpty
        throw Problem(
            offset: start,
            text: isInline
                ? "invalid group: JavaScript has no flags inside a pattern; tick \"ignore case\" instead"
                : "invalid group")
    }

    /// A name from behind `<` to behind `>`.
    mutating func groupName() throws(Problem) -> String {
        let start = offset
        while offset < units.count, !isAt(">") { offset += 1 }
        let name = String(decoding: units[start..<offset], as: UTF16.self)
        guard take(">"), let first = name.unicodeScalars.first,
            first.properties.isIDStart || first == "_" || first == "$" || first == "\\",
            name.unicodeScalars.allSatisfy({
                $0.properties.isIDContinue || "$\\{}\u{200C}\u{200D}".unicodeScalars.contains($0)
            })
        else { throw Problem(offset: start, text: "invalid name of a group") }
        return name
    }

    // MARK: Escapes outside of classes

    private mutating func escape(_ isRepeatable: inout Bool) throws(Problem) -> RegexNode {
        let start = offset
        guard offset + 1 < units.count else { throw problem("\"\\\" at the end") }
        let kind = units[offset + 1]
        switch kind {
        case 0x62, 0x42:  // \b \B
            offset += 2
            isRepeatable = false
            return .assertion(start..<offset)
        case 0x31...0x39:
            offset += 1
            let value = number() ?? 0
            if value <= groupCount || mode != .plain {
                if value > highestReference.number { highestReference = (value, start) }
                return .backreference
            }
            offset = start
        case 0x6B where mode != .plain || hasNames:  // \k
            offset += 2
            guard take("<") else { throw Problem(offset: start, text: "\"\\k\" without a name") }
            usedNames.append((try groupName(), start))
            return .backreference
        default: break
        }
        let set = try characterEscape(isInClass: false)
        return .set(set, start..<offset)
    }
}
