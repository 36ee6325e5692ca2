import Events
import Foundation
import RequestParsing

/// What tests read with the scanner: a value tree to compare with Foundation's.
indirect enum JSONTree: Equatable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null

    /// What Foundation made of a text.
    init?(_ value: Any) {
        switch value {
        case let value as [String: Any]: self = .object(value.compactMapValues { JSONTree($0) })
        case let value as [Any]: self = .array(value.compactMap { JSONTree($0) })
        case let value as String: self = .string(value)
        case let value as NSNumber:
            self = String(cString: value.objCType) == "c" ? .boolean(value.boolValue) : .number(value.doubleValue)
        case is NSNull: self = .null
        default: return nil
        }
    }
}

/// The scanner's verdict on a text and what it read.
struct JSONReading {
    var tree: JSONTree?
    var error: JSONError?
    var hasLoneSurrogate = false
    /// A number that no Double holds, which Foundation refuses.
    var hasHugeNumber = false
    /// A name twice in one object; which one Foundation keeps is not our business.
    var hasRepeatedName = false
    /// Objects are read with `nextMember`, not by single tokens.
    private let isByMembers: Bool

    init(_ text: [UInt8], depthMax: Int = 32, isByMembers: Bool = false) {
        self.isByMembers = isByMembers
        var scanner = JSONScanner(text.span.bytes, depthMax: depthMax)
        do throws(JSONError) {
            let first = try scanner.next()
            let tree = try read(first, &scanner, text)
            guard try scanner.next().kind == .end else { return }
            self.tree = tree
        } catch {
            self.error = error
        }
    }

    private mutating func read(
        _ token: JSONToken, _ scanner: inout JSONScanner, _ text: [UInt8]
    ) throws(JSONError) -> JSONTree {
        switch token.kind {
        case .objectStart:
            var members: [String: JSONTree] = [:]
            while let (key, value) = try member(&scanner) {
                let name = string(key, text)
                if members[name] != nil { hasRepeatedName = true }
                members[name] = try read(value, &scanner, text)
            }
            return .object(members)
        case .arrayStart:
            var elements: [JSONTree] = []
            while true {
                let element = try scanner.next()
                if element.kind == .arrayEnd { return .array(elements) }
                elements.append(try read(element, &scanner, text))
            }
        case .string: return .string(string(token, text))
        case .number:
            let value = Double(String(decoding: text[token.range], as: UTF8.self)) ?? .nan
            if !value.isFinite { hasHugeNumber = true }
            return .number(value)
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        default: return .null
        }
    }

    private func member(_ scanner: inout JSONScanner) throws(JSONError) -> (key: JSONToken, value: JSONToken)? {
        if isByMembers {
            var member = JSONMember()
            return try scanner.nextMember(into: &member) ? (member.key, member.value) : nil
        }
        let key = try scanner.next()
        return key.kind == .objectEnd ? nil : (key, try scanner.next())
    }

    private mutating func string(_ token: JSONToken, _ text: [UInt8]) -> String {
        var out: [UInt8] = []
        if JSONText.appendVerbatim(token, of: text.span.bytes, to: &out) { hasLoneSurrogate = true }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Random JSON texts.
struct JSONGenerator {
    var random: SeededGenerator

    mutating func text(depth: Int = 4) -> String {
        switch Int.random(in: 0..<(depth == 0 ? 6 : 9), using: &random) {
        case 0: return "null"
        case 1: return Bool.random(using: &random) ? "true" : "false"
        case 2: return String(Int.random(in: -1_000_000...1_000_000, using: &random))
        case 3:
            return "\(Int.random(in: -99...99, using: &random)).\(Int.random(in: 0...9999, using: &random))e"
                + "\(["", "+", "-"].randomElement(using: &random) ?? "")\(Int.random(in: 0...20, using: &random))"
        case 4, 5: return string()
        case 6: return list("[", "]") { $0.text(depth: depth - 1) }
        default: return list("{", "}") { $0.string() + $0.blank() + ":" + $0.blank() + $0.text(depth: depth - 1) }
        }
    }

    private mutating func list(_ open: String, _ close: String, _ element: (inout JSONGenerator) -> String) -> String {
        let count = Int.random(in: 0...4, using: &random)
        var parts: [String] = []
        for _ in 0..<count { parts.append(blank() + element(&self) + blank()) }
        return open + (parts.isEmpty ? blank() : parts.joined(separator: ",")) + close
    }

    private mutating func blank() -> String {
        ["", "", "", " ", "\n", "\t ", "\r\n"].randomElement(using: &random) ?? ""
    }

    private mutating func string() -> String {
        let pieces = [
            "a", "shop", "https://shop.test/p?q=1", "ü", "日本", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u0000",
            "\\ud83d\\ude00", " ", "~", "0123456789abcdef", "\u{7F}", "\\b\\f\\r\\t",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
        return "\"" + text + "\""
    }
}
