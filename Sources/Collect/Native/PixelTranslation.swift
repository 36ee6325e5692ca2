internal import Events
internal import RequestParsing

/// Translates the query of `GET /collect.gif`, or a form body with the same keys, into a draft.
///
/// A key given twice: the last one wins. An empty value is as good as none, but for properties. Unknown keys are passed
/// over. `name` is `pageview` where none is given; `url` is the `Referer` header's. A `consent` that is given states
/// every purpose: granted for its letters, denied for the others.
enum PixelTranslation {
    /// Refuses with `event_too_large`, `too_many_properties` or `invalid_field` (a revenue that is no decimal number,
    /// a consent letter that is none, a property without a name). Allocates nothing once the arena has grown.
    static func translate(
        _ query: RawSpan, referer: RawSpan, limits: CollectLimits, into draft: inout EventDraft,
        arena: inout TextArena
    ) throws(Rejection) {
        draft.reset()
        draft.wireProtocol = .pixel
        guard query.byteCount <= limits.eventBytesMax else { throw .eventTooLarge }
        // The query stands in the arena as it is: most values need no more, and the others are decoded where they are.
        let copy = arena.append(query)
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            if pair.isKeyPlain, isProperty(query, pair.key) {
                let name = copy.at(pair.key.lowerBound + 2..<pair.key.upperBound)
                try property(name, pair, of: query, copy: copy, limits: limits, into: &draft, arena: &arena)
            } else if let field = NativeField.named(query, pair.key) {
                try known(field, pair, of: query, copy: copy, into: &draft, arena: &arena)
            } else if !pair.isKeyPlain {
                try decoded(pair, of: query, copy: copy, limits: limits, into: &draft, arena: &arena)
            }
        }
        if draft.name.isAbsent { draft.name = arena.append("pageview") }
        if draft.url.isAbsent, referer.byteCount > 0 {
            draft.url = arena.append(cleaning: referer)
        }
    }

    /// A pair whose key was percent-encoded.
    private static func decoded(
        _ pair: QueryPair, of query: RawSpan, copy: ArenaText, limits: CollectLimits, into draft: inout EventDraft,
        arena: inout TextArena
    ) throws(Rejection) {
        let key = arena.decode(query, pair.key, copy: copy)
        if isProperty(arena.bytes.span.bytes, key.range) {
            let name = key.at(2..<Int(key.count))
            try property(name, pair, of: query, copy: copy, limits: limits, into: &draft, arena: &arena)
        } else if let field = NativeField.named(arena.bytes.span.bytes, key.range) {
            try known(field, pair, of: query, copy: copy, into: &draft, arena: &arena)
        }
    }

    /// Whether the key begins with `p.`.
    @inline(__always)
    private static func isProperty(_ bytes: borrowing RawSpan, _ key: Range<Int>) -> Bool {
        key.count >= 2 && bytes.littleEndianUInt16(at: key.lowerBound) == 0x2E70
    }

    @inline(__always)
    private static func property(
        _ name: ArenaText, _ pair: QueryPair, of query: RawSpan, copy: ArenaText, limits: CollectLimits,
        into draft: inout EventDraft, arena: inout TextArena
    ) throws(Rejection) {
        guard name.count > 0 else { throw .invalidField }
        let value = arena.value(pair, of: query, copy: copy)
        try draft.putProperty(PropertyDraft(key: name, type: .string, value: value), limits: limits, arena: arena)
    }

    private static func known(
        _ field: NativeField, _ pair: QueryPair, of query: RawSpan, copy: ArenaText, into draft: inout EventDraft,
        arena: inout TextArena
    ) throws(Rejection) {
        guard !pair.value.isEmpty else { return }
        switch field {
        case .site: draft.siteKey = arena.value(pair, of: query, copy: copy)
        case .name: draft.name = arena.value(pair, of: query, copy: copy)
        case .id: draft.clientEventID = arena.value(pair, of: query, copy: copy)
        case .url: draft.url = arena.value(pair, of: query, copy: copy)
        case .referrer: draft.referrer = arena.value(pair, of: query, copy: copy)
        case .title: draft.title = arena.value(pair, of: query, copy: copy)
        case .anonymousID: draft.anonymousID = arena.value(pair, of: query, copy: copy)
        case .userID: draft.userID = arena.value(pair, of: query, copy: copy)
        case .screen: draft.screen = arena.value(pair, of: query, copy: copy)
        case .language: draft.language = arena.value(pair, of: query, copy: copy)
        case .currency: draft.currency = arena.value(pair, of: query, copy: copy)
        case .time:
            // A raw `+` in a time is an offset's sign that nobody escaped, never a space.
            let start = arena.count
            PercentDecoding.appendText(query.extracting(pair.value), plusIsSpace: false, to: &arena.bytes)
            let text = arena.text(from: start)
            draft.time = TimeText.timestamp(arena.bytes.span.bytes.extracting(text.range)).map { .at($0) } ?? .invalid
        case .revenue:
            let text = arena.value(pair, of: query, copy: copy)
            guard let micros = DecimalText.micros(arena.bytes.span.bytes.extracting(text.range)) else {
                throw .invalidField
            }
            draft.revenueMicros = micros
        case .consent:
            draft.statedConsent = try consent(query.extracting(pair.value))
        case .engagement:
            let text = arena.value(pair, of: query, copy: copy)
            guard let micros = DecimalText.micros(arena.bytes.span.bytes.extracting(text.range)) else {
                throw .invalidField
            }
            draft.flags.insert(.nonInteractive)
            draft.engagedMilliseconds = UInt32(clamping: micros / 1_000_000)
        case .preview:
            guard pair.value.count == 1 else { throw .invalidField }
            switch query.byte(at: pair.value.lowerBound) {
            case UInt8(ascii: "1"): draft.flags.insert(.preview)
            case UInt8(ascii: "0"): draft.flags.remove(.preview)
            default: throw .invalidField
            }
        default: break
        }
    }

    /// `m p a s x` in any order, or `0` alone.
    static func consent(_ letters: RawSpan) throws(Rejection) -> Consent {
        var consent = Consent(all: .denied)
        if letters.byteCount == 1, letters.byte(at: 0) == UInt8(ascii: "0") { return consent }
        for offset in 0..<letters.byteCount {
            switch letters.byte(at: offset) {
            case UInt8(ascii: "m"): consent[.measurement] = .granted
            case UInt8(ascii: "p"): consent[.personalisation] = .granted
            case UInt8(ascii: "a"): consent[.advertising] = .granted
            case UInt8(ascii: "s"): consent[.sharing] = .granted
            case UInt8(ascii: "x"): consent[.stitching] = .granted
            default: throw .invalidField
            }
        }
        return consent
    }
}

extension TextArena {
    /// A pair's value as text. `copy` is where the whole query stands in the arena.
    @inline(__always)
    mutating func value(_ pair: QueryPair, of query: RawSpan, copy: ArenaText) -> ArenaText {
        guard pair.isPlain else { return decode(query, pair.value, copy: copy) }
        return copy.at(pair.value)
    }

    /// The decoded and cleaned text of a piece of a query: where its copy stands, or behind everything else where it
    /// has to be cleaned, which may lengthen it.
    mutating func decode(_ query: RawSpan, _ range: Range<Int>, copy: ArenaText) -> ArenaText {
        let offset = Int(copy.offset) + range.lowerBound
        let written = PercentDecoding.decode(query, range, plusIsSpace: true, over: &bytes, at: offset)
        if TextCleaning.isClean(bytes.span.bytes.extracting(offset..<offset + written)) {
            return ArenaText(offset: UInt32(clamping: offset), count: UInt32(clamping: written))
        }
        let start = count
        PercentDecoding.appendText(query.extracting(range), plusIsSpace: true, to: &bytes)
        return text(from: start)
    }

    /// Text as somebody sent it, cleaned.
    mutating func append(cleaning text: borrowing RawSpan) -> ArenaText {
        let start = count
        TextCleaning.append(text, to: &bytes)
        return self.text(from: start)
    }

    /// A text of the program's own.
    mutating func append(_ text: StaticString) -> ArenaText {
        let start = count
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
        return self.text(from: start)
    }

    /// Whether two texts hold the same bytes. Texts of one length mostly differ in their last bytes, so it goes
    /// backwards.
    func equal(_ left: ArenaText, _ right: ArenaText) -> Bool {
        guard left.count == right.count else { return false }
        var (first, second) = (left.range.upperBound, right.range.upperBound)
        while first > left.range.lowerBound {
            first -= 1
            second -= 1
            if bytes[first] != bytes[second] { return false }
        }
        return true
    }
}

extension EventDraft {
    /// Adds a property; one of the same key is replaced, so that the last one wins. Refuses with
    /// `too_many_properties` at the limit. O(properties), which are few.
    mutating func putProperty(
        _ property: PropertyDraft, limits: CollectLimits, arena: borrowing TextArena
    ) throws(Rejection) {
        // One bit for each key's length and last byte: most keys meet none of their kind.
        let last = property.key.count > 0 ? arena.bytes[property.key.range.upperBound - 1] : 0
        let bit: UInt64 = 1 &<< UInt64(last ^ UInt8(truncatingIfNeeded: property.key.count &* 5))
        if propertyKeyBits & bit != 0 {
            for index in properties.indices where arena.equal(properties[index].key, property.key) {
                properties[index] = property
                return
            }
        }
        guard properties.count < limits.propertiesMax else { throw .tooManyProperties }
        propertyKeyBits |= bit
        properties.append(property)
    }
}
