import Events
import RequestParsing

/// A body and a pixel's query to drafts. Every text of a draft must lie in the arena, a broken event
/// must not keep the one before, and what is read is bounded by what was sent.
@_cdecl("fuzz_native_body")
public func fuzzNativeBody(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer gives `count` readable bytes for the time of this call.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let referer = Array("https://shop.test/".utf8)
    let limits = CollectLimits()
    var draft = EventDraft()
    var arena = TextArena()
    var body = NativeBody(bytes.span.bytes, referer: referer.span.bytes, limits: limits)
    var events = 0
    reading: while true {
        switch body.next(into: &draft, arena: &arena) {
        case .end: break reading
        case .broken: break reading
        case .event, .refused: check(draft, in: arena)
        }
        events += 1
        precondition(events <= count + 1, "more events than bytes")
    }
    arena.removeAll()
    do throws(Rejection) {
        try PixelTranslation.translate(
            bytes.span.bytes, referer: referer.span.bytes, limits: limits, into: &draft, arena: &arena)
    } catch {}
    check(draft, in: arena)
    return 0
}

private func check(_ draft: EventDraft, in arena: borrowing TextArena) {
    var texts = [
        draft.siteKey, draft.name, draft.clientEventID, draft.url, draft.referrer, draft.title, draft.anonymousID,
        draft.userID, draft.screen, draft.language, draft.currency,
    ]
    for property in draft.properties { texts += [property.key, property.value] }
    for item in draft.items { texts += [item.id, item.name] }
    for text in texts where !text.isAbsent {
        precondition(text.range.upperBound <= arena.count, "a text lies outside of the arena")
        for byte in Array(arena.string(text).utf8) { precondition(byte >= 0x20 || byte <= 1, "a control character") }
    }
}
