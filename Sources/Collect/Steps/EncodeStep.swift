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
package struct EncodeStep {
    package static let name = CollectStepName.encode
    /// Bytes of a User-Agent kept; the rest is cut.
    package static let userAgentBytesMax = 512
    /// Bytes of each client hint kept.
    package static let hintBytesMax = 256

    private let secret: ID128
    private var scratch: [UInt8] = []

    package init(secret: ID128) { self.secret = secret }

    /// Adds the record to `pending`. Refuses with `event_too_large` where it would be longer than the journal takes. No
    /// allocation once the buffers have grown.
    package mutating func run(
        _ draft: borrowing EventDraft, of request: borrowing RequestFacts, for site: Site, arena: borrowing TextArena,
        into pending: inout PendingRecords
    ) throws(Rejection) {
        pending.encoder.begin(
            site: site.id, receivedAt: request.receivedAt, occurredAt: draft.occurredAt, consent: draft.consent,
            flags: draft.flags)
        text(.name, draft.name, arena, &pending.encoder)
        text(.clientEventID, draft.clientEventID, arena, &pending.encoder)
        text(.url, draft.url, arena, &pending.encoder)
        text(.referrer, draft.referrer, arena, &pending.encoder)
        text(.title, draft.title, arena, &pending.encoder)
        if draft.consent.grants(.measurement) { text(.anonymousID, draft.anonymousID, arena, &pending.encoder) }
        identifiers(draft, &pending.encoder)
        client(draft, request, arena, &pending.encoder)
        place(draft, arena, &pending.encoder)
        facts(draft, site, arena, &pending.encoder)
        lists(draft, arena, &pending.encoder)
        guard pending.encoder.recordByteCount <= RecordFormat.bytesMax else {
            pending.encoder.discard()
            throw .eventTooLarge
        }
        pending.entries.append(
            PendingRecords.Entry(
                range: pending.encoder.end(), idempotencyKey: idempotencyKey(draft, site: site.id, arena: arena)))
    }

    private func idempotencyKey(_ draft: borrowing EventDraft, site: SiteID, arena: borrowing TextArena) -> ID128? {
        if let key = draft.idempotencyKey { return key }
        guard draft.clientEventID.count > 0 else { return nil }
        var hash = SipHash(key: secret)
        hash.update(UInt64(site.rawValue))
        hash.update(arena.bytes.span.bytes.extracting(draft.clientEventID.range))
        return hash.finish()
    }

    /// Writes a text that is there and not empty.
    @inline(__always)
    private func text(
        _ tag: FieldTag, _ text: ArenaText, _ arena: borrowing TextArena, _ encoder: inout RecordEncoder
    ) {
        if text.count > 0 { encoder.field(tag, arena.bytes.span.bytes.extracting(text.range)) }
    }

    private func identifiers(_ draft: borrowing EventDraft, _ encoder: inout RecordEncoder) {
        if let id = draft.userHash { encoder.field(.userHash, id) }
        if let id = draft.deviceID { encoder.field(.deviceID, id) }
        if let id = draft.dailyID { encoder.field(.dailyID, id) }
        if let id = draft.previousDailyID { encoder.field(.previousDailyID, id) }
    }

    private mutating func client(
        _ draft: borrowing EventDraft, _ request: borrowing RequestFacts, _ arena: borrowing TextArena,
        _ encoder: inout RecordEncoder
    ) {
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
        if draft.language.count > 0 {
            encoder.field(.language, arena.bytes.span.bytes.extracting(draft.language.range))
        } else {
            let first = EncodeStep.firstLanguage(request.acceptLanguage)
            if LimitsStep.isLanguage(first) { encoder.field(.language, first) }
        }
        text(.screen, draft.screen, arena, &encoder)
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

    private func place(_ draft: borrowing EventDraft, _ arena: borrowing TextArena, _ encoder: inout RecordEncoder) {
        text(.country, draft.country, arena, &encoder)
        text(.region, draft.region, arena, &encoder)
        text(.city, draft.city, arena, &encoder)
        text(.network, draft.network, arena, &encoder)
    }

    private func facts(
        _ draft: borrowing EventDraft, _ site: Site, _ arena: borrowing TextArena, _ encoder: inout RecordEncoder
    ) {
        if draft.botReason != .none { encoder.field(.botReason, byte: draft.botReason.rawValue) }
        if let micros = draft.revenueMicros {
            let stated = CurrencyCode(arena.bytes.span.bytes.extracting(draft.currency.range))
            if let currency = stated ?? CurrencyCode(site.currency) {
                encoder.field(.revenue, Money(micros: micros, currency: currency))
            }
        }
        if draft.quarantineReason != .none { encoder.field(.quarantineReason, byte: draft.quarantineReason.rawValue) }
        encoder.field(.wireProtocol, byte: draft.wireProtocol.rawValue)
        if let engaged = draft.engagedMilliseconds { encoder.field(.engagedMilliseconds, varint: engaged) }
        if let offset = draft.clockOffsetMilliseconds { encoder.field(.clockOffset, int64: offset) }
    }

    private func lists(_ draft: borrowing EventDraft, _ arena: borrowing TextArena, _ encoder: inout RecordEncoder) {
        for property in draft.properties {
            encoder.property(
                key: arena.bytes.span.bytes.extracting(property.key.range), type: property.type,
                value: arena.bytes.span.bytes.extracting(property.value.range))
        }
        for item in draft.items {
            encoder.item(
                id: arena.bytes.span.bytes.extracting(item.id.range),
                name: arena.bytes.span.bytes.extracting(item.name.range), quantityMicros: item.quantityMicros,
                priceMicros: item.priceMicros)
        }
        if let status = draft.httpStatus { encoder.field(.httpStatus, uint16: status) }
        if let id = draft.claimedHash { encoder.field(.claimedHash, id) }
    }
}
