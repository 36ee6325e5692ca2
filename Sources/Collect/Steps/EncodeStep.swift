package import Catalog
package import Events
package import Journal

/// Writes the finished draft as a record, once, and finds its idempotency key.
///
/// The key is SipHash-2-4-128 under the installation's secret of (site id as 8 bytes, client event id): the same id
/// sent twice to a site meets itself, and nobody outside can make two ids meet. There is none where the client sent
/// no id.
///
/// `anonymousID` is written only where measurement is granted, whatever the steps before left in the draft.
///
/// User agent, client hints and the browser's language are the request's: its second event copies them from its first
/// one's record. Contract: `beginRequest` is called whenever the request's facts change or the records are emptied.
package struct EncodeStep {
    package static let name = CollectStepName.encode
    /// Bytes of a User-Agent kept; the rest is cut.
    package static let userAgentBytesMax = 512
    /// Bytes of each client hint kept.
    package static let hintBytesMax = 256

    private let secret: ID128
    private var scratch: [UInt8] = []
    /// Where the request's user agent and client hints stand in the records, once they were written.
    private var agentFields: Range<Int>?
    /// The same with the browser's language behind them.
    private var agentAndLanguageFields: Range<Int>?

    /// The key of the request's first event, and what it was made of.
    private var expected: (site: SiteID, id: ArenaText, key: ID128)?

    package init(secret: ID128) { self.secret = secret }

    package mutating func beginRequest() {
        expected = nil
        agentFields = nil
        agentAndLanguageFields = nil
    }

    /// The idempotency key of an event that is yet to come through the steps; nil for none. It is taken as it is where
    /// they leave the event's id alone.
    package mutating func expectedKey(
        _ draft: inout EventDraft, for site: Site, arena: borrowing TextArena
    ) -> ID128? {
        guard let key = idempotencyKey(&draft, site: site.id, arena.bytes.span.bytes) else { return nil }
        expected = (site.id, draft.clientEventID, key)
        return key
    }

    /// Adds the record to `pending`. The draft stays as it is; here and below `inout` keeps it from being copied. Refuses
    /// with `event_too_large` where it would be longer than the journal takes. No allocation once the buffers have
    /// grown.
    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: borrowing TextArena,
        into pending: inout PendingRecords
    ) throws(Rejection) {
        pending.encoder.begin(
            site: site.id, receivedAt: request.receivedAt, occurredAt: draft.occurredAt, consent: draft.consent,
            flags: draft.flags)
        let texts = arena.bytes.span.bytes
        text(.name, draft.name, texts, &pending.encoder)
        text(.clientEventID, draft.clientEventID, texts, &pending.encoder)
        text(.url, draft.url, texts, &pending.encoder)
        text(.referrer, draft.referrer, texts, &pending.encoder)
        text(.title, draft.title, texts, &pending.encoder)
        if draft.anonymousID.count > 0, draft.consent.grants(.measurement) {
            text(.anonymousID, draft.anonymousID, texts, &pending.encoder)
        }
        identifiers(&draft, &pending.encoder)
        client(&draft, request, texts, &pending.encoder)
        place(&draft, texts, &pending.encoder)
        facts(&draft, site, texts, &pending.encoder)
        lists(&draft, texts, &pending.encoder)
        guard pending.encoder.recordByteCount <= RecordFormat.bytesMax else {
            pending.encoder.discard()
            beginRequest()
            throw .eventTooLarge
        }
        pending.entries.append(
            PendingRecords.Entry(
                range: pending.encoder.end(), idempotencyKey: idempotencyKey(&draft, site: site.id, texts)))
    }

    private func idempotencyKey(_ draft: inout EventDraft, site: SiteID, _ texts: borrowing RawSpan) -> ID128? {
        if let key = draft.idempotencyKey { return key }
        guard draft.clientEventID.count > 0 else { return nil }
        if let expected, expected.id == draft.clientEventID, expected.site == site { return expected.key }
        return SipHash.hash(
            key: secret, UInt64(site.rawValue), texts.extracting(draft.clientEventID.range))
    }

    /// Writes a text that is there and not empty.
    @inline(__always)
    private func text(
        _ tag: FieldTag, _ text: ArenaText, _ texts: borrowing RawSpan, _ encoder: inout RecordEncoder
    ) {
        if text.count > 0 { encoder.field(tag, texts.extracting(text.range)) }
    }

    private func identifiers(_ draft: inout EventDraft, _ encoder: inout RecordEncoder) {
        if let id = draft.userHash { encoder.field(.userHash, id) }
        if let id = draft.deviceID { encoder.field(.deviceID, id) }
        if let id = draft.dailyID { encoder.field(.dailyID, id) }
        if let id = draft.previousDailyID { encoder.field(.previousDailyID, id) }
    }

    private mutating func client(
        _ draft: inout EventDraft, _ request: borrowing RequestFacts, _ texts: borrowing RawSpan,
        _ encoder: inout RecordEncoder
    ) {
        if draft.language.count > 0 {
            agent(request, &encoder)
            text(.language, draft.language, texts, &encoder)
        } else if let known = agentAndLanguageFields {
            encoder.repeatFields(known)
        } else {
            let start = encoder.offset
            agent(request, &encoder)
            let first = EncodeStep.firstLanguage(request.acceptLanguage)
            if LimitsStep.isLanguage(first) { encoder.field(.language, first) }
            agentAndLanguageFields = start..<encoder.offset
        }
        text(.screen, draft.screen, texts, &encoder)
    }

    private mutating func agent(_ request: borrowing RequestFacts, _ encoder: inout RecordEncoder) {
        if let agentFields { return encoder.repeatFields(agentFields) }
        let start = encoder.offset
        let agent = request.userAgent
        if agent.byteCount > 0 {
            encoder.field(.userAgent, agent.extracting(0..<min(agent.byteCount, EncodeStep.userAgentBytesMax)))
        }
        let hints =
            request.platform.byteCount | request.platformVersion.byteCount | request.model.byteCount
            | request.mobile.byteCount | request.brands.byteCount
        if hints > 0 {
            scratch.removeAll(keepingCapacity: true)
            hint(request.platform)
            hint(request.platformVersion)
            hint(request.model)
            hint(request.mobile)
            hint(request.brands)
            scratch.removeLast()
            encoder.field(.clientHints, scratch.span.bytes)
        }
        agentFields = start..<encoder.offset
    }

    /// One hint and its closing NUL; a NUL inside ends it, so that the five stay five.
    private mutating func hint(_ bytes: borrowing RawSpan) {
        let count = min(bytes.byteCount, EncodeStep.hintBytesMax)
        scratch.append(bytes, 0..<(bytes.firstOffset(of: 0, in: 0..<count) ?? count))
        scratch.append(0)
    }

    /// `de-CH` of `de-CH,de;q=0.9`.
    @_lifetime(copy header)
    private static func firstLanguage(_ header: RawSpan) -> RawSpan {
        var end = 0
        scan: while end < header.byteCount, end < 64 {
            switch header.byte(at: end) {
            case UInt8(ascii: ","), UInt8(ascii: ";"), 0x20: break scan
            default: end += 1
            }
        }
        return header.extracting(0..<end)
    }

    private func place(_ draft: inout EventDraft, _ texts: borrowing RawSpan, _ encoder: inout RecordEncoder) {
        text(.country, draft.country, texts, &encoder)
        text(.region, draft.region, texts, &encoder)
        text(.city, draft.city, texts, &encoder)
        text(.network, draft.network, texts, &encoder)
    }

    private func facts(
        _ draft: inout EventDraft, _ site: Site, _ texts: borrowing RawSpan, _ encoder: inout RecordEncoder
    ) {
        // Patterns, because `!=` on an enumeration of another module is a call through its witness table.
        if case .none = draft.botReason {} else { encoder.field(.botReason, byte: draft.botReason.rawValue) }
        if let micros = draft.revenueMicros {
            let stated = CurrencyCode(texts.extracting(draft.currency.range))
            if let currency = stated ?? CurrencyCode(site.currency) {
                encoder.field(.revenue, Money(micros: micros, currency: currency))
            }
        }
        if case .none = draft.quarantineReason {
        } else {
            encoder.field(.quarantineReason, byte: draft.quarantineReason.rawValue)
        }
        encoder.field(.wireProtocol, byte: draft.wireProtocol.rawValue)
        if let engaged = draft.engagedMilliseconds { encoder.field(.engagedMilliseconds, varint: engaged) }
        if let offset = draft.clockOffsetMilliseconds { encoder.field(.clockOffset, int64: offset) }
    }

    private func lists(_ draft: inout EventDraft, _ texts: borrowing RawSpan, _ encoder: inout RecordEncoder) {
        for index in 0..<draft.properties.count {
            let property = draft.properties[index]
            encoder.property(
                key: texts.extracting(property.key.range), type: property.type,
                value: texts.extracting(property.value.range))
        }
        for index in 0..<draft.items.count {
            let item = draft.items[index]
            encoder.item(
                id: texts.extracting(item.id.range), name: texts.extracting(item.name.range),
                quantityMicros: item.quantityMicros, priceMicros: item.priceMicros)
        }
        if let status = draft.httpStatus { encoder.field(.httpStatus, uint16: status) }
        if let id = draft.claimedHash { encoder.field(.claimedHash, id) }
    }
}
