package import Catalog
package import Events

/// A piece of text in a request's arena: offset and byte count. `absent` and an empty text differ.
package struct ArenaText: Hashable, Sendable {
    package var offset: UInt32
    package var count: UInt32
    package static var absent: ArenaText { ArenaText(offset: .max, count: 0) }

    package init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    package var isAbsent: Bool { offset == .max }
    /// A part of it, which may be empty.
    @inline(__always)
    func at(_ range: Range<Int>) -> ArenaText {
        ArenaText(
            offset: offset &+ UInt32(truncatingIfNeeded: range.lowerBound),
            count: UInt32(truncatingIfNeeded: range.count))
    }

    /// A part of it; absent where the part is empty.
    func piece(_ range: Range<Int>) -> ArenaText { range.isEmpty ? .absent : at(range) }

    package var range: Range<Int> { isAbsent ? 0..<0 : Int(offset)..<Int(offset) + Int(count) }
}

/// The decoded bytes of one request's events: appended to, never changed, forgotten when the request is done.
/// Bounded by the body limit, because decoding never lengthens text beyond three times its source.
package struct TextArena: ~Copyable {
    package internal(set) var bytes: [UInt8] = []
    package init() { bytes.reserveCapacity(8192) }

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    package mutating func append(_ text: borrowing RawSpan) -> ArenaText {
        let start = bytes.count
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return ArenaText(offset: UInt32(clamping: start), count: UInt32(clamping: bytes.count - start))
    }

    /// Where the next text begins; with `appendByte` and `text(from:)` a decoder writes in place.
    package var count: Int { bytes.count }
    package mutating func appendByte(_ byte: UInt8) { bytes.append(byte) }
    package func text(from start: Int) -> ArenaText {
        ArenaText(offset: UInt32(clamping: start), count: UInt32(clamping: bytes.count - start))
    }

    package func string(_ text: ArenaText) -> String { bytes.span.bytes.extracting(text.range).text }
}

/// A time as the client wrote it.
package enum ClientTime: Hashable, Sendable {
    case absent
    case at(Timestamp)
    /// Neither RFC 3339 nor milliseconds.
    case invalid
}

package struct PropertyDraft: Hashable, Sendable {
    package var key: ArenaText
    package var type: PropertyType
    /// Booleans: one byte, 0 or 1.
    package var value: ArenaText

    package init(key: ArenaText, type: PropertyType, value: ArenaText) {
        self.key = key
        self.type = type
        self.value = value
    }
}

package struct ItemDraft: Hashable, Sendable {
    package var id: ArenaText = .absent
    package var name: ArenaText = .absent
    /// 1,000,000 is one piece.
    package var quantityMicros: Int64 = 1_000_000
    package var priceMicros: Int64?
    package init() {}
}

/// One event between request and record. Translators fill the upper part from the client's words; the steps
/// check it and fill the lower part. Reused: `reset` keeps the arrays' memory.
package struct EventDraft: Sendable {
    // What the client said.
    /// The site's key, or in the words of `aliases` its alias.
    package var siteKey: ArenaText = .absent
    /// Whose aliases `siteKey` may be.
    package var aliases: AliasProtocol?
    package var name: ArenaText = .absent
    package var clientEventID: ArenaText = .absent
    package var time: ClientTime = .absent
    package var sentAt: ClientTime = .absent
    package var url: ArenaText = .absent
    package var referrer: ArenaText = .absent
    package var title: ArenaText = .absent
    package var anonymousID: ArenaText = .absent
    package var userID: ArenaText = .absent
    /// Another login that the sender says is the same person's.
    package var previousUserID: ArenaText = .absent
    package var screen: ArenaText = .absent
    package var language: ArenaText = .absent
    package var revenueMicros: Int64?
    package var currency: ArenaText = .absent
    package var engagedMilliseconds: UInt32?
    package var properties: [PropertyDraft] = []
    /// A bit for each property's key, see `putProperty`.
    var propertyKeyBits: UInt64 = 0
    package var items: [ItemDraft] = []
    /// What the event itself says of consent; unknown where it says nothing.
    package var statedConsent: Consent = .unknown
    /// The sender keeps no identifier of its visitor and wants none made: an alias's word that it asked does not hold.
    package var isCookieless = false
    package var wireProtocol: WireProtocol = .native
    package var httpStatus: UInt16?
    /// An imported event states its visitor's address, and the request's facts hold it.
    package var knowsAddress = false
    /// A library on a server sent it: the request's address, agent and cookies are no visitor's.
    package var isFromServer = false
    /// The visitor's agent and address where the event states them itself.
    package var userAgent: ArenaText = .absent
    package var address: IPAddress?

    // What the steps found.
    package var occurredAt = Timestamp(milliseconds: 0)
    package var clockOffsetMilliseconds: Int64?
    package var consent: Consent = .unknown
    package var flags = EventFlags(rawValue: 0)
    package var botReason: BotReason = .none
    package var quarantineReason: QuarantineReason = .none
    package var deviceID: ID128?
    package var userHash: ID128?
    package var claimedHash: ID128?
    package var dailyID: ID128?
    package var previousDailyID: ID128?
    package var country: ArenaText = .absent
    package var region: ArenaText = .absent
    package var city: ArenaText = .absent
    package var network: ArenaText = .absent
    package var idempotencyKey: ID128?
    /// Host and path of the minimised URL, for verdicts.
    var location: ArenaText = .absent

    package init() {}

    /// As a fresh one, but for the arrays' memory. Field by field: replacing the whole value copies it twice.
    package mutating func reset() {
        resetWords()
        resetFinds()
    }

    private mutating func resetWords() {
        siteKey = .absent
        aliases = nil
        name = .absent
        clientEventID = .absent
        time = .absent
        sentAt = .absent
        url = .absent
        referrer = .absent
        title = .absent
        anonymousID = .absent
        userID = .absent
        previousUserID = .absent
        screen = .absent
        language = .absent
        revenueMicros = nil
        currency = .absent
        engagedMilliseconds = nil
        if !properties.isEmpty { properties.removeAll(keepingCapacity: true) }
        propertyKeyBits = 0
        if !items.isEmpty { items.removeAll(keepingCapacity: true) }
        statedConsent = Consent(rawValue: 0)
        wireProtocol = .native
        httpStatus = nil
        knowsAddress = false
        isFromServer = false
        isCookieless = false
        userAgent = .absent
        address = nil
    }

    private mutating func resetFinds() {
        occurredAt = Timestamp(milliseconds: 0)
        clockOffsetMilliseconds = nil
        consent = Consent(rawValue: 0)
        flags = EventFlags(rawValue: 0)
        botReason = .none
        quarantineReason = .none
        deviceID = nil
        userHash = nil
        claimedHash = nil
        dailyID = nil
        previousDailyID = nil
        country = .absent
        region = .absent
        city = .absent
        network = .absent
        idempotencyKey = nil
        location = .absent
    }
}
