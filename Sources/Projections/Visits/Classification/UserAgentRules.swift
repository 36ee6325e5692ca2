// The rule file of uap-core, as far as browsers and operating systems need it.
//
// Constraints
//   - Read once at the start, at most `bytesMax`; the order of rules is their meaning: the first match wins.
//   - One rule or replacement a line, values in single quotes. This is the whole of YAML that the file uses, so a
//     reader of lines takes 2 ms where a YAML parser takes a hundred.
//   - Sections other than the two known ones are passed over: device rules name brands and models, which no
//     dimension has.
//
// Layout
//   user_agent_parsers:
//     - regex: '(Brand)/(\d+)\.(\d+)'
//       family_replacement: 'Other $1'
//       v1_replacement: '3'
//   os_parsers:
//     - regex: '(Linux)'
//       regex_flag: 'i'
//       os_replacement: 'Linux'
//       os_v1_replacement: '4'
//
// Life cycle: bytes -> rules -> `UserAgentEngine`; the bytes are let go.
// Source: ua-parser/uap-core, docs/specification.md.

internal import Glibc

/// One pattern and what stands in for its groups. Templates may name groups as `$1` to `$9`.
package struct UserAgentRule: Hashable, Sendable {
    package var pattern: [UInt8]
    package var ignoresCase = false
    /// The family, then up to four parts of the version; nil takes group 1, 2, 3, 4, 5.
    package var replacements: [String?] = [nil, nil, nil, nil, nil]

    package init(pattern: [UInt8]) { self.pattern = pattern }
}

/// Browser and operating-system rules in their order.
package struct UserAgentRules: Sendable {
    package static let bytesMax = 4 << 20
    package static let rulesMax = 8192
    /// Where Debian's package uap-core puts the file.
    package static let debianPath = "/usr/share/uap-core/regexes.yaml"

    package private(set) var browsers: [UserAgentRule] = []
    package private(set) var systems: [UserAgentRule] = []

    private enum Section { case browsers, systems, other, none }

    /// Reads rules from the text of a rule file. O(bytes).
    package init(text: [UInt8]) throws(ClassificationError) {
        var section = Section.none
        var number = 0
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            number += 1
            try read(line: text[start..<end], number: number, section: &section)
            start = end + 1
        }
        guard !browsers.isEmpty || !systems.isEmpty else { throw .noRules }
    }

    /// Reads the rule file at `path`. Blocks; for the start only.
    package init(path: String) throws(ClassificationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .read(operation: "open", file: path, code: errno) }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the pointer covers exactly `count` bytes of `chunk` and does not leave the call.
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .read(operation: "read", file: path, code: errno) }
            if count == 0 { break }
            text.append(contentsOf: chunk[0..<count])
            guard text.count <= Self.bytesMax else { throw .fileTooLarge(file: path, bytesMax: Self.bytesMax) }
        }
        try self.init(text: text)
    }

    private mutating func read(
        line: ArraySlice<UInt8>, number: Int, section: inout Section
    ) throws(ClassificationError) {
        guard let first = line.firstIndex(where: { $0 != 0x20 && $0 != 0x0D }), line[first] != 0x23 else { return }
        if first == line.startIndex {
            switch String(decoding: line, as: UTF8.self) {
            case "user_agent_parsers:": section = .browsers
            case "os_parsers:": section = .systems
            default: section = .other
            }
            return
        }
        guard section != .other else { return }
        guard section != .none else { throw .line(number, expected: "a section before the first rule") }
        var body = line[first...]
        let opensRule = body.first == 0x2D
        if opensRule { body = body.dropFirst().drop { $0 == 0x20 } }
        guard let colon = body.firstIndex(of: 0x3A), let value = Self.quoted(body[(colon + 1)...]) else {
            throw .line(number, expected: "key: 'value'")
        }
        let key = String(decoding: body[..<colon], as: UTF8.self)
        if opensRule {
            guard key == "regex" else { throw .line(number, expected: "- regex: '…'") }
            guard browsers.count + systems.count < Self.rulesMax else {
                throw .line(number, expected: "at most \(Self.rulesMax) rules")
            }
            if section == .browsers {
                browsers.append(.init(pattern: value))
            } else {
                systems.append(.init(pattern: value))
            }
            return
        }
        let applied =
            section == .browsers
            ? Self.set(key, value, on: &browsers) : Self.set(key, value, on: &systems)
        guard applied else { throw .line(number, expected: "a replacement or regex_flag 'i' after a rule") }
    }

    private static func set(_ key: String, _ value: [UInt8], on rules: inout [UserAgentRule]) -> Bool {
        guard let last = rules.indices.last else { return false }
        let text = String(decoding: value, as: UTF8.self)
        switch key {
        case "regex_flag":
            guard text == "i" else { return false }
            rules[last].ignoresCase = true
        case "family_replacement", "os_replacement": rules[last].replacements[0] = text
        case "v1_replacement", "os_v1_replacement": rules[last].replacements[1] = text
        case "v2_replacement", "os_v2_replacement": rules[last].replacements[2] = text
        case "v3_replacement", "os_v3_replacement": rules[last].replacements[3] = text
        case "os_v4_replacement": rules[last].replacements[4] = text
        default: return false
        }
        return true
    }

    /// The text between single quotes, where two quotes stand for one; nil when it is not quoted or not closed.
    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let open = text.firstIndex(where: { $0 != 0x20 }), text[open] == 0x27 else { return nil }
        var value: [UInt8] = []
        var index = open + 1
        while index < text.endIndex {
            if text[index] == 0x27 {
                guard index + 1 < text.endIndex, text[index + 1] == 0x27 else { return value }
                index += 1
            }
            value.append(text[index])
            index += 1
        }
        return nil
    }
}
