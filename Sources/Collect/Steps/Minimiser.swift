internal import Events
internal import RequestParsing

/// Rewrites URLs and texts so that only what reports need is left. Keeps its buffers; belongs to one event loop.
///
/// URL: scheme, host, port and path stay, with path segments that hold something sensitive replaced by `(masked)`.
/// User information and fragment go. Of the query, campaign parameters and the site's own stay, click ids with
/// advertising consent; a value that holds something sensitive is replaced. A URL without authority (`mailto:`,
/// `data:`, `blob:`) keeps its scheme only. Cost: one pass, about 2 to 3 ns a byte.
struct Minimiser {
    /// The last rewrite that was needed.
    private(set) var output: [UInt8] = []
    private var decoded: [UInt8] = []
    private var again: [UInt8] = []

    /// How much of a query stays.
    enum Query {
        case none
        case allowed(clickIDs: Bool)

        /// A number for each.
        var code: UInt8 {
            switch self {
            case .none: 0
            case .allowed(clickIDs: false): 1
            case .allowed(clickIDs: true): 2
            }
        }
    }

    init() {
        output.reserveCapacity(2048)
        decoded.reserveCapacity(2048)
        again.reserveCapacity(2048)
    }

    /// Fills `output` with the text masked; false where the text may stay as it is. Percent-encoded text is looked at
    /// decoded, twice if need be, and becomes the decoded text where something was found.
    mutating func text(_ text: borrowing RawSpan, tokens: Bool = true) -> Bool {
        output.removeAll(keepingCapacity: true)
        guard PercentDecoding.isEncoded(text) else { return SensitiveText.mask(text, tokens: tokens, into: &output) }
        Minimiser.decode(text, into: &decoded, by: &again)
        return Minimiser.mask(decoded, tokens: tokens, into: &output)
    }

    /// Fills `output` with the minimised URL; false where it equals the one given. `rules` are the site's.
    mutating func url(_ url: borrowing RawSpan, query: Query, rules: SiteRules) -> Bool {
        output.removeAll(keepingCapacity: true)
        let parts = URLParts(url)
        if !parts.scheme.isEmpty {
            output.append(url, parts.scheme)
            output.append(UInt8(ascii: ":"))
            guard parts.hasAuthority else { return differs(from: url) }
        }
        if parts.hasAuthority {
            output.append(UInt8(ascii: "/"))
            output.append(UInt8(ascii: "/"))
            output.append(url, parts.host)
            output.append(url, parts.port)
        }
        appendPath(url, parts.path)
        if case .allowed(let clickIDs) = query, let range = parts.query {
            appendQuery(url, range, clickIDs: clickIDs, rules: rules)
        }
        return differs(from: url)
    }

    private func differs(from text: borrowing RawSpan) -> Bool { !output.span.bytes.equals(text) }

    private mutating func appendPath(_ url: borrowing RawSpan, _ path: Range<Int>) {
        var start = path.lowerBound
        for index in path where url.byte(at: index) == UInt8(ascii: "/") || url.byte(at: index) == UInt8(ascii: "\\") {
            appendChecked(url, start..<index, tokens: true)
            output.append(url.byte(at: index))
            start = index + 1
        }
        appendChecked(url, start..<path.upperBound, tokens: true)
    }

    private mutating func appendQuery(_ url: borrowing RawSpan, _ query: Range<Int>, clickIDs: Bool, rules: SiteRules) {
        var separator = UInt8(ascii: "?")
        var start = query.lowerBound
        while start < query.upperBound {
            var end = start
            var equals = -1
            while end < query.upperBound, url.byte(at: end) != UInt8(ascii: "&") {
                if equals < 0, url.byte(at: end) == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            let name = start..<(equals < 0 ? end : equals)
            let kind = Minimiser.kind(of: url.extracting(name), rules: rules)
            if kind == .campaign || (kind == .click && clickIDs) {
                output.append(separator)
                separator = UInt8(ascii: "&")
                output.append(url, name)
                if equals >= 0 {
                    output.append(UInt8(ascii: "="))
                    appendChecked(url, equals + 1..<end, tokens: kind == .campaign)
                }
            }
            start = end + 1
        }
    }

    /// The site's own parameters count as campaign ones, unless they are known to name a person.
    private static func kind(of name: borrowing RawSpan, rules: SiteRules) -> QueryParameterKind? {
        guard name.byteCount > 0, name.byteCount <= 64 else { return nil }
        if let known = QueryParameters.known.value(of: name) { return known }
        for index in 0..<rules.queryParameters.count {
            if ASCII.equalsFolded(name, lower: rules.queryParameters[index]) { return .campaign }
        }
        return nil
    }

    /// A path segment or value: as it is, or the marker for all of it.
    private mutating func appendChecked(_ url: borrowing RawSpan, _ range: Range<Int>, tokens: Bool) {
        guard range.count >= 6 else { return output.append(url, range) }
        let piece = url.extracting(range)
        let isSensitive: Bool
        if PercentDecoding.isEncoded(piece) {
            Minimiser.decode(piece, into: &decoded, by: &again)
            isSensitive = SensitiveText.next(in: decoded.span.bytes, tokens: tokens) != nil
        } else {
            isSensitive = SensitiveText.next(in: piece, tokens: tokens) != nil
        }
        if isSensitive { output.append(contentsOf: SensitiveText.marker) } else { output.append(url, range) }
    }

    private static func mask(_ text: [UInt8], tokens: Bool, into output: inout [UInt8]) -> Bool {
        SensitiveText.mask(text.span.bytes, tokens: tokens, into: &output)
    }

    /// Decodes once, and once more where that left something encoded: senders encode twice by mistake.
    private static func decode(_ text: borrowing RawSpan, into decoded: inout [UInt8], by spare: inout [UInt8]) {
        decoded.removeAll(keepingCapacity: true)
        PercentDecoding.append(text, plusIsSpace: false, to: &decoded)
        guard isEncoded(decoded) else { return }
        spare.removeAll(keepingCapacity: true)
        append(decoded, decodedTo: &spare)
        swap(&decoded, &spare)
    }

    private static func isEncoded(_ text: [UInt8]) -> Bool { PercentDecoding.isEncoded(text.span.bytes) }

    private static func append(_ text: [UInt8], decodedTo output: inout [UInt8]) {
        PercentDecoding.append(text.span.bytes, plusIsSpace: false, to: &output)
    }
}
