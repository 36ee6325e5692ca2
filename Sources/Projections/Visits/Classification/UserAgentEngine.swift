internal import Events

/// What the rules say of one user agent, before any renaming. Nil where no rule says anything.
package struct UserAgentMatch: Hashable, Sendable {
    package var family: String
    /// Up to four parts, as the rules give them; not always digits ("XP", "beta").
    package var version: [String?]

    package static let other = UserAgentMatch(family: "Other", version: [nil, nil, nil, nil])
}

/// Applies rules to user agents: one pass of the literal index, then the few candidates in the order of the rules.
/// Belongs to one thread. Costs microseconds and allocates; `AgentClassifier` keeps it off the hot path.
package final class UserAgentEngine {
    /// Longer user agents are cut here.
    package static let userAgentBytesMax = 512

    private let rules: [UserAgentRule]
    private let browserCount: Int
    private let index: LiteralIndex
    private let patterns: PatternSet
    private var candidates: [UInt64] = []
    private var captures = Captures()

    package init(rules: UserAgentRules) {
        self.rules = rules.browsers + rules.systems
        browserCount = rules.browsers.count
        index = LiteralIndex(literals: self.rules.map { RequiredLiterals.find(in: $0.pattern) })
        patterns = PatternSet(self.rules.map { ($0.pattern, $0.ignoresCase) })
    }

    /// Matches that gave up at a limit since the start.
    package var limitsReached: Int { patterns.limitsReached }
    /// Rules whose pattern PCRE2 did not take so far.
    package var rulesRefused: Int { patterns.refused }
    package var rulesCompiled: Int { patterns.compiled }
    package var ruleCount: Int { rules.count }
    /// Bytes of the literal index and of the patterns compiled so far.
    package var byteCount: Int { index.byteCount + patterns.byteCount }

    /// Compiles every rule now instead of at its first try; how many PCRE2 refused.
    package func compileAll() -> Int { patterns.compileAll() }

    /// The browser and the operating system of a user agent.
    package func match(_ userAgent: borrowing RawSpan) -> (browser: UserAgentMatch, system: UserAgentMatch) {
        let text = userAgent.extracting(first: Self.userAgentBytesMax)
        index.candidates(of: text, into: &candidates)
        let browser = firstMatch(text, in: 0..<browserCount) { candidates[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
        let system = firstMatch(text, in: browserCount..<rules.count) {
            candidates[$0 >> 6] >> UInt64($0 & 63) & 1 == 1
        }
        return (browser, system)
    }

    /// The same without the literal index: every rule is tried. What tests hold `match` to.
    package func matchTryingEveryRule(
        _ userAgent: borrowing RawSpan
    ) -> (browser: UserAgentMatch, system: UserAgentMatch) {
        let text = userAgent.extracting(first: Self.userAgentBytesMax)
        return (
            firstMatch(text, in: 0..<browserCount) { _ in true },
            firstMatch(text, in: browserCount..<rules.count) { _ in true }
        )
    }

    /// How many rules the literal index leaves to try.
    package func candidateCount(_ userAgent: borrowing RawSpan) -> Int {
        index.candidates(of: userAgent.extracting(first: Self.userAgentBytesMax), into: &candidates)
        return candidates.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    private func firstMatch(
        _ text: borrowing RawSpan, in range: Range<Int>, where isCandidate: (Int) -> Bool
    ) -> UserAgentMatch {
        for rule in range where isCandidate(rule) && patterns.match(rule, text, into: &captures) {
            var match = UserAgentMatch.other
            match.family = part(0, of: rules[rule], text) ?? "Other"
            for place in 1...4 { match.version[place - 1] = part(place, of: rules[rule], text) }
            return match
        }
        return .other
    }

    private func part(_ place: Int, of rule: UserAgentRule, _ text: borrowing RawSpan) -> String? {
        guard let template = rule.replacements[place] else { return group(place + 1, text) }
        guard template.utf8.contains(0x24) else { return template.isEmpty ? nil : template }
        var filled = ""
        var rest = Substring(template)
        while let dollar = rest.firstIndex(of: "$") {
            filled += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            guard let digit = rest.first?.wholeNumberValue, (1...9).contains(digit) else {
                filled += "$"
                continue
            }
            filled += group(digit, text) ?? ""
            rest = rest.dropFirst()
        }
        filled += rest
        return trimmed(filled)
    }

    private func group(_ number: Int, _ text: borrowing RawSpan) -> String? {
        let start = Int(captures.starts[number])
        let end = Int(captures.ends[number])
        guard start >= 0, end > start, end <= text.byteCount else { return nil }
        return text.extracting(start..<end).text
    }

    private func trimmed(_ text: String) -> String? {
        var slice = Substring(text)
        while slice.first == " " { slice = slice.dropFirst() }
        while slice.last == " " { slice = slice.dropLast() }
        return slice.isEmpty ? nil : String(slice)
    }
}
