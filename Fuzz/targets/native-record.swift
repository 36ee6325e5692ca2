// A native body from bytes to record: no stop of the process, and every event that is accepted gives a record that
// decodes and whose fields are the draft's.
import Catalog
import Collect
import Events
import Journal
import RequestParsing

private let site = Site(id: SiteID(1), key: "k", name: "Shop", domains: ["shop.test"])

private func check(_ draft: EventDraft, _ arena: borrowing TextArena, _ record: RawSpan) {
    let view: EventView
    do throws(RecordError) { view = try EventView(record) } catch { fatalError("the record does not decode: \(error)") }
    let texts: [(FieldTag, ArenaText)] = [
        (.name, draft.name), (.clientEventID, draft.clientEventID), (.url, draft.url), (.referrer, draft.referrer),
        (.title, draft.title), (.screen, draft.screen), (.language, draft.language),
    ]
    for (tag, text) in texts {
        let expected: [UInt8]? = text.count > 0 ? arena.bytes.span.bytes.extracting(text.range).array : nil
        guard view.field(tag)?.array == expected else { fatalError("field \(tag) differs") }
    }
    guard view.occurredAt == draft.occurredAt, view.consent == draft.consent, view.flags == draft.flags,
        view.int64(.clockOffset) == draft.clockOffsetMilliseconds, view.revenue?.micros == draft.revenueMicros
    else { fatalError("a fixed field differs") }
    var properties: [PropertyType] = []
    view.forEachProperty { _, type, _ in properties.append(type) }
    guard properties == draft.properties.map(\.type) else { fatalError("the properties differ") }
    var quantities: [Int64] = []
    view.forEachItem { _, _, quantity, _ in quantities.append(quantity) }
    guard quantities == draft.items.map(\.quantityMicros) else { fatalError("the items differ") }
}

/// libFuzzer's entry: one input.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzNativeRecord(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: data, count: count))
    let received = Timestamp(milliseconds: 1_795_354_629_000)
    let request = RequestFacts(receivedAt: received, address: IPAddress(ipv4: 1), none: input)
    let limits = CollectLimits()
    var draft = EventDraft()
    var arena = TextArena()
    var pending = PendingRecords()
    var limitsStep = LimitsStep(limits)
    var timeStep = TimeStep()
    var encodeStep = EncodeStep(secret: ID128(low: 1, high: 2))
    var body = NativeBody(input, referer: input.extracting(first: 0), limits: limits)
    while true {
        switch body.next(into: &draft, arena: &arena) {
        case .end: return 0
        case .broken, .refused: continue
        case .event: break
        }
        do throws(Rejection) {
            try limitsStep.run(&draft, of: request, for: site, arena: &arena)
            try timeStep.run(&draft, of: request, for: site, arena: &arena)
            draft.consent = draft.statedConsent
            limitsStep.cut(&draft, arena: arena)
            try encodeStep.run(draft, of: request, for: site, arena: arena, into: &pending)
        } catch { continue }
        guard let entry = pending.entries.last else { fatalError("no record") }
        check(draft, arena, pending.encoder.bytes.span.bytes.extracting(entry.range))
    }
}
