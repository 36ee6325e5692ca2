internal import Events

extension SensitiveText {
    /// Alphanumerics a run must have before it can be taken for random.
    private static let randomBytesMin = 24
    private static let hexadecimalBytesMin = 32
    private static let prefixedBytesMin = 16

    /// Prefixes that vendors give their keys, from their public documentation (Stripe, GitHub, GitLab, Slack, AWS,
    /// Google).
    private static let prefixes = [
        "sk_live_", "sk_test_", "rk_live_", "pk_live_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-",
        "xoxp-",
        "AKIA", "ASIA", "AIza", "ya29",
    ].map { Array($0.utf8) }

    /// The first four bytes of each, the first lowest.
    static let prefixHeads = prefixes.map { $0.span.bytes.littleEndianUInt32(at: 0) }

    /// A secret that begins with this run: a JWT, a long hexadecimal stretch, a known prefix, or characters that
    /// change as only random ones do. The find takes in what base64 may have around the run.
    static func secret(_ run: TextRun, in text: borrowing RawSpan) -> Range<Int>? {
        guard
            run.range.count >= prefixedBytesMin || run.range.count >= 10 && text.byte(at: run.range.lowerBound) == 0x65
        else { return nil }
        if let found = jsonWebToken(run, in: text) { return found }
        if run.hexStretchMax >= hexadecimalBytesMin { return run.range }
        if hasKnownPrefix(run, in: text) { return run.range }
        guard run.alphanumerics >= randomBytesMin, !run.isHexadecimal, run.digits >= 2,
            run.oddChanges * 4 >= run.alphanumerics, !hasUUID(run, in: text)
        else { return nil }
        return widened(run.range, in: text)
    }

    /// `eyJ…` (base64url of `{"`), a dot, more of it, and as a rule a third part (RFC 7519).
    private static func jsonWebToken(_ run: TextRun, in text: borrowing RawSpan) -> Range<Int>? {
        let start = run.range.lowerBound
        guard run.range.count >= 10, text.byte(at: start) == UInt8(ascii: "e"),
            text.byte(at: start + 1) == UInt8(ascii: "y"),
            text.byte(at: start + 2) == UInt8(ascii: "J")
        else { return nil }
        var end = run.range.upperBound
        guard end + 4 < text.byteCount, text.byte(at: end) == UInt8(ascii: "."),
            text.byte(at: end + 1) == UInt8(ascii: "e")
        else { return nil }
        while end < text.byteCount, isBase64URL(text.byte(at: end)) || text.byte(at: end) == UInt8(ascii: ".") {
            end += 1
        }
        return start..<end
    }

    private static func hasKnownPrefix(_ run: TextRun, in text: borrowing RawSpan) -> Bool {
        guard run.digits > 0 else { return false }
        let start = run.range.lowerBound
        for prefix in prefixes where run.range.count >= max(prefixedBytesMin, prefix.count + 8) {
            var index = 0
            while index < prefix.count, text.byte(at: start + index) == prefix[index] { index += 1 }
            if index == prefix.count { return true }
        }
        return false
    }

    /// A UUID in its usual form at the run's beginning or end names a thing more often than it opens one.
    private static func hasUUID(_ run: TextRun, in text: borrowing RawSpan) -> Bool {
        guard run.range.count >= 36 else { return false }
        return isUUID(at: run.range.lowerBound, in: text) || isUUID(at: run.range.upperBound - 36, in: text)
    }

    private static func isUUID(at start: Int, in text: borrowing RawSpan) -> Bool {
        for index in 0..<36 {
            let byte = text.byte(at: start + index)
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard ASCII.hexValue(byte) != nil else { return false }
            }
        }
        return true
    }

    private static func widened(_ range: Range<Int>, in text: borrowing RawSpan) -> Range<Int> {
        var end = range.upperBound
        while end < text.byteCount, isBase64(text.byte(at: end)) { end += 1 }
        return range.lowerBound..<end
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }
}
