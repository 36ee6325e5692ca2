package import Catalog
internal import Events

/// Holds an event to `CollectLimits`, in two goes: what is refused for its size or form, before the costly steps; and
/// what is cut, after minimisation, so that no half of an e-mail address slips past the masks.
///
/// Fields that only describe (`screen`, `language`) are dropped where their form is wrong; an event is not lost for
/// them.
package struct LimitsStep: CollectStep {
    package static let name = CollectStepName.limits
    private let limits: CollectLimits

    package init(_ limits: CollectLimits = CollectLimits()) { self.limits = limits }

    /// Refuses with `missing_name`, `field_too_long`, `too_many_properties`, `too_many_items` or `invalid_field` (a
    /// currency that is not three letters). Also tells page views from other events.
    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        guard draft.name.count > 0 else { throw .missingName }
        guard Int(draft.name.count) <= limits.nameBytesMax else { throw .fieldTooLong }
        guard Int(max(draft.clientEventID.count, draft.anonymousID.count, draft.userID.count)) <= limits.idBytesMax
        else { throw .fieldTooLong }
        guard draft.properties.count <= limits.propertiesMax else { throw .tooManyProperties }
        for property in draft.properties {
            guard Int(property.key.count) <= limits.propertyKeyBytesMax,
                Int(property.value.count) <= limits.propertyValueBytesMax
            else { throw .fieldTooLong }
        }
        guard draft.items.count <= limits.itemsMax else { throw .tooManyItems }
        for item in draft.items where Int(item.id.count) > limits.idBytesMax { throw .fieldTooLong }
        if draft.currency.count > 0, CurrencyCode(arena.bytes.span.bytes.extracting(draft.currency.range)) == nil {
            throw .invalidField
        }
        if !LimitsStep.isScreen(arena.bytes.span.bytes.extracting(draft.screen.range)) { draft.screen = .absent }
        if !LimitsStep.isLanguage(arena.bytes.span.bytes.extracting(draft.language.range)) { draft.language = .absent }
        if LimitsStep.isPageview(arena.bytes.span.bytes.extracting(draft.name.range)) { draft.flags.insert(.pageview) }
    }

    /// Cuts URL, referrer, title and item names at their limits: never inside a character, never inside a `%XX`.
    package func cut(_ draft: inout EventDraft, arena: borrowing TextArena) {
        if Int(draft.url.count) > limits.urlBytesMax {
            LimitsStep.cut(&draft.url, limits.urlBytesMax, arena, isURL: true)
        }
        if Int(draft.referrer.count) > limits.urlBytesMax {
            LimitsStep.cut(&draft.referrer, limits.urlBytesMax, arena, isURL: true)
        }
        if Int(draft.title.count) > limits.titleBytesMax { LimitsStep.cut(&draft.title, limits.titleBytesMax, arena) }
        for index in draft.items.indices where Int(draft.items[index].name.count) > limits.titleBytesMax {
            LimitsStep.cut(&draft.items[index].name, limits.titleBytesMax, arena)
        }
    }

    private static func cut(
        _ text: inout ArenaText, _ bytesMax: Int, _ arena: borrowing TextArena, isURL: Bool = false
    ) {
        let start = text.range.lowerBound
        var end = start + bytesMax
        while end > start, arena.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        if isURL {
            for back in 1...2 where end - start >= back && arena.bytes[end - back] == UInt8(ascii: "%") {
                end -= back
                break
            }
        }
        text.count = UInt32(clamping: end - start)
    }

    /// `1920x1080`: one to five digits each.
    private static func isScreen(_ bytes: borrowing RawSpan) -> Bool {
        guard bytes.byteCount <= 11 else { return false }
        var digits = 0
        var sides = 1
        for offset in 0..<bytes.byteCount {
            let byte = bytes.byte(at: offset)
            if byte == UInt8(ascii: "x"), sides == 1, digits >= 1 {
                sides = 2
                digits = 0
            } else {
                digits += 1
                guard byte &- 48 < 10, digits <= 5 else { return false }
            }
        }
        return sides == 2 && digits >= 1
    }

    /// `de-CH`: letters, digits and hyphens, at most 35 bytes (RFC 5646, 4.4.1).
    static func isLanguage(_ bytes: borrowing RawSpan) -> Bool {
        guard bytes.byteCount >= 2, bytes.byteCount <= 35 else { return false }
        for offset in 0..<bytes.byteCount {
            switch bytes.byte(at: offset) {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"): continue
            default: return false
            }
        }
        return true
    }

    private static func isPageview(_ bytes: borrowing RawSpan) -> Bool {
        // "pageview" as a word, first byte lowest.
        bytes.byteCount == 8 && bytes.littleEndianUInt64(at: 0) == 0x7765_6976_6567_6170
    }
}
