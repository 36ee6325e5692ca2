internal import Events
internal import RequestParsing

/// Rewrites URLs and texts so that only what reports need is left. Keeps its buffers; belongs to one event loop.
///
/// URL: scheme, host, port and path stay, with path segments that hold something sensitive replaced by `(masked)`.
/// User information and fragment go. Of the query, campaign parameters and the site's own stay, click ids with
/// advertising consent; a value that holds something sensitive is replaced. A URL without authority (`mailto:`,
/// `data:`, `blob:`) keeps its scheme only. Of addresses in a text the query goes. Cost: one pass; nothing is copied
/// where all stays.
struct Minimiser {
    /// The last rewrite that was needed.
    private(set) var output: [UInt8] = []
    private var decoded: [UInt8] = []
    private var again: [UInt8] = []
    /// Of the URL being rewritten: something was left out, and how far it is copied then.
    private var isChanged = false
    private var copied = 0

    /// How much of a query stays.
    enum Query {
        case none
        case allowed(clickIDs: Bool)
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
        guard PercentDecoding.isEncoded(text) else {
            return Minimiser.mask(text, tokens: tokens, into: &output, by: &again)
        }
        Minimiser.decode(text, into: &decoded, by: &again)
        return Minimiser.mask(decoded, tokens: tokens, into: &output, by: &again)
    }

    /// Fills `output` with the minimised URL; false where that is the one given. `rules` are the site's.
    mutating func url(_ url: borrowing RawSpan, query: Query, rules: CompiledSiteRules) -> Bool {
        isChanged = false
        copied = 0
        let parts = URLParts(url)
        if parts.hasAuthority {
            cutAuthority(url, parts)
        } else if !parts.scheme.isEmpty {
            cut(url, parts.scheme.upperBound + 1..<url.byteCount)
            return finish(url)
        }
        cutPath(url, parts.path)
        var kept = parts.path.upperBound
        if case .allowed(let clickIDs) = query, let range = parts.query {
            kept = cutQuery(url, range, clickIDs: clickIDs, rules: rules)
        }
        cut(url, kept..<url.byteCount)
        return finish(url)
    }

    /// Leaves a part of the URL out: what stands before it is copied. Parts come in order. What is appended to `output`
    /// then takes its place.
    private mutating func cut(_ url: borrowing RawSpan, _ part: Range<Int>) {
        if part.isEmpty { return }
        if !isChanged { output.removeAll(keepingCapacity: true) }
        isChanged = true
        output.append(url, copied..<part.lowerBound)
        copied = part.upperBound
    }

    private mutating func finish(_ url: borrowing RawSpan) -> Bool {
        if isChanged { output.append(url, copied..<url.byteCount) }
        return isChanged
    }

    /// Two slashes the right way round, no user information.
    private mutating func cutAuthority(_ url: borrowing RawSpan, _ parts: URLParts) {
        let start = (parts.userInfo ?? parts.host).lowerBound
        if url.byte(at: start - 2) != UInt8(ascii: "/") || url.byte(at: start - 1) != UInt8(ascii: "/") {
            cut(url, start - 2..<start)
            output.append(UInt8(ascii: "/"))
            output.append(UInt8(ascii: "/"))
        }
        cut(url, start..<parts.host.lowerBound)
    }

    private mutating func cutPath(_ url: borrowing RawSpan, _ path: Range<Int>) {
        guard SensitiveText.mayHoldFind(url, in: path) else { return }
        var start = path.lowerBound
        for index in path where url.byte(at: index) == UInt8(ascii: "/") || url.byte(at: index) == UInt8(ascii: "\\") {
            mask(url, start..<index, tokens: true)
            start = index + 1
        }
        mask(url, start..<path.upperBound, tokens: true)
    }

    /// Gives where the part ends that stays.
    private mutating func cutQuery(
        _ url: borrowing RawSpan, _ query: Range<Int>, clickIDs: Bool, rules: CompiledSiteRules
    ) -> Int {
        // The question mark goes too where no parameter stays.
        var kept = query.lowerBound - 1
        var separator = UInt8(ascii: "?")
        var pairs = QueryPairs(url.extracting(query))
        while let pair = pairs.next() {
            let start = query.lowerBound + pair.key.lowerBound
            let kind = Minimiser.kind(of: url.extracting(start..<query.lowerBound + pair.key.upperBound), rules: rules)
            guard kind == .campaign || (kind == .click && clickIDs) else { continue }
            if start - kept > 1 {
                cut(url, kept..<start)
                output.append(separator)
            }
            separator = UInt8(ascii: "&")
            kept = query.lowerBound + pair.value.upperBound
            mask(url, query.lowerBound + pair.value.lowerBound..<kept, tokens: kind == .campaign, isQuery: true)
        }
        return kept
    }

    /// The site's own parameters count as campaign ones, unless they are known to name a person.
    private static func kind(of name: borrowing RawSpan, rules: CompiledSiteRules) -> QueryParameterKind? {
        guard name.byteCount > 0, name.byteCount <= 64 else { return nil }
        if let known = QueryParameters.known.value(of: name) { return known }
        for index in 0..<rules.queryParameters.count {
            if ASCII.equalsFolded(name, lower: rules.queryParameters[index]) { return .campaign }
        }
        return nil
    }

    /// A path segment or value: as it is, or the marker for all of it. In a query a plus may stand for a space as well as
    /// for itself.
    private mutating func mask(_ url: borrowing RawSpan, _ range: Range<Int>, tokens: Bool, isQuery: Bool = false) {
        guard range.count >= 6, SensitiveText.mayHoldFind(url, in: range, tokens: tokens) else { return }
        let piece = url.extracting(range)
        var isSensitive: Bool
        if PercentDecoding.isEncoded(piece) {
            Minimiser.decode(piece, into: &decoded, by: &again)
            isSensitive = SensitiveText.next(in: decoded.span.bytes, tokens: tokens) != nil
        } else {
            isSensitive = SensitiveText.next(in: piece, tokens: tokens) != nil
        }
        if !isSensitive, isQuery, piece.firstOffset(of: UInt8(ascii: "+"), in: 0..<piece.byteCount) != nil {
            Minimiser.decode(piece, plusIsSpace: true, into: &decoded, by: &again)
            // As in a telephone number that nobody escaped.
            if piece.byte(at: 0) == UInt8(ascii: "+") { decoded[0] = UInt8(ascii: "+") }
            isSensitive = SensitiveText.next(in: decoded.span.bytes, tokens: tokens) != nil
        }
        guard isSensitive else { return }
        cut(url, range)
        output.append(contentsOf: SensitiveText.marker)
    }

    private static func mask(
        _ text: [UInt8], tokens: Bool, into output: inout [UInt8], by spare: inout [UInt8]
    ) -> Bool {
        mask(text.span.bytes, tokens: tokens, into: &output, by: &spare)
    }

    private static func mask(
        _ text: borrowing RawSpan, tokens: Bool, into output: inout [UInt8], by spare: inout [UInt8]
    ) -> Bool {
        spare.removeAll(keepingCapacity: true)
        guard AddressQueries.cut(text, into: &spare) else {
            return SensitiveText.mask(text, tokens: tokens, into: &output)
        }
        if !SensitiveText.mask(spare.span.bytes, tokens: tokens, into: &output) { output.append(contentsOf: spare) }
        return true
    }

    /// Decodes once, and once more where that left something encoded: senders encode twice by mistake.
    private static func decode(
        _ text: borrowing RawSpan, plusIsSpace: Bool = false, into decoded: inout [UInt8], by spare: inout [UInt8]
    ) {
        decoded.removeAll(keepingCapacity: true)
        PercentDecoding.append(text, plusIsSpace: plusIsSpace, to: &decoded)
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
