// The record: one event as it stands in the journal and as projections read it, encoded once by Collect.
//
// Constraints
//   - Read in place: no copy, no decoding pass, a field is a range of the record.
//   - Unknown fields survive a rewrite, so an older program can carry a newer one's records.
//   - At most `RecordFormat.bytesMax` bytes. Little-endian throughout.
//
// Layout
//   offset  bytes
//   0       1     version, 1
//   1       1     kind: 1 event, 2 control, 3 erased
//   2       2     consent, two bits a purpose (`Consent`)
//   4       4     site
//   8       8     receivedAt, ms since 1970
//   16      8     occurredAt, ms since 1970, the sender's clock already corrected
//   24      4     flags (`EventFlags`)
//   28      …     fields, each: tag (1 byte), length (varint, at most 5 bytes), that many bytes
//
// Fields stand in ascending order of their tags; `property` and `item` may repeat. An erased record is the
// 28-byte header with kind 3, consent, flags and times zero: its position and site remain, nothing else.
//
// Life cycle: a layout change that an old reader would misread raises the version; a new tag does not.

@usableFromInline
package enum RecordFormat {
    @inlinable package static var version: UInt8 { 1 }
    @inlinable package static var headerBytes: Int { 28 }
    /// The longest record the journal takes; Collect's limits keep events below it.
    @inlinable package static var bytesMax: Int { 64 * 1024 }
}

@usableFromInline
package enum RecordKind: UInt8, Sendable {
    case event = 1
    /// A definition that projections read (a site's zone, rules), as of its position.
    case control = 2
    /// Once an event; its payload is gone.
    case erased = 3
}

/// The fields of a record. Stored; numbers are never reused.
@usableFromInline
package enum FieldTag: UInt8, Sendable, CaseIterable {
    /// UTF-8, at most 120 bytes.
    case name = 1
    /// As the client sent it, UTF-8.
    case clientEventID = 2
    /// Absolute URL after minimisation.
    case url = 3
    /// Absolute URL after minimisation.
    case referrer = 4
    case title = 5
    /// As the client sent it; only where measurement is granted.
    case anonymousID = 6
    /// 16 bytes: keyed hash of the site's login for this person.
    case userHash = 7
    /// 16 bytes: the first-party device identifier.
    case deviceID = 8
    /// 16 bytes: the day's hash of site, address and user agent.
    case dailyID = 9
    /// 16 bytes: the same under yesterday's salt, for the visit-timeout after midnight.
    case previousDailyID = 10
    /// As sent, cut at 512 bytes.
    case userAgent = 11
    /// Client hints that change a classification: `platform\0platformVersion\0model\0mobile\0brands`, each may be empty.
    case clientHints = 12
    /// The browser's first preferred language, `de-CH`.
    case language = 13
    /// `1920x1080`, CSS pixels.
    case screen = 14
    /// Two upper-case letters, ISO 3166-1.
    case country = 15
    /// ISO 3166-2 subdivision code without the country, or a name.
    case region = 16
    case city = 17
    /// The address cut to /24 (4 bytes) or /48 (16 bytes), network order.
    case network = 18
    /// One byte, `BotReason`.
    case botReason = 19
    /// 8 bytes micros (signed), 3 bytes currency.
    case revenue = 20
    /// One byte, `QuarantineReason`.
    case quarantineReason = 21
    /// One byte, `WireProtocol`.
    case wireProtocol = 22
    /// Milliseconds the visitor was engaged, varint.
    case engagedMilliseconds = 23
    /// What the sender's clock was off by, in ms, 8 bytes signed; absent when not corrected.
    case clockOffset = 24
    /// key length (varint), key, type (1 byte, `PropertyType`), value.
    case property = 25
    /// id length (varint), id, name length (varint), name, quantity in millionths (8 bytes signed), price micros (8 bytes
    /// signed; Int64.min = absent).
    case item = 26
    /// A control record's payload: JSON.
    case control = 27
    /// HTTP status of an imported access-log line, 2 bytes.
    case httpStatus = 28
    /// 16 bytes: keyed hash of another login that the sender says is the same person's.
    case claimedHash = 29
}

/// How the event reached Highland. Stored; values are never reused.
package enum WireProtocol: UInt8, Sendable, CaseIterable {
    case native = 0
    case pixel = 1
    case accessLog = 2
    case importedEvents = 3
    case matomo = 4
    case snowplow = 5
    case plausible = 6
    case umami = 7
    case ga4 = 8
    case segment = 9
    case posthog = 10

    /// Spoken by the clients of another product.
    package var isForeign: Bool { rawValue >= WireProtocol.matomo.rawValue }
}

/// A property value's JSON type. Numbers keep the sender's decimal text.
@usableFromInline
package enum PropertyType: UInt8, Sendable, CaseIterable {
    case string = 0
    case number = 1
    /// One byte, 0 or 1.
    case boolean = 2
}

/// Why bytes are no record. Each names the offset inside the record.
@usableFromInline
package enum RecordError: Error, Hashable, Sendable {
    case tooShort(byteCount: Int)
    case tooLong(byteCount: Int)
    case version(UInt8)
    case kind(UInt8)
    /// A field's length runs past the end, its varint is longer than 5 bytes, or tags do not ascend.
    case field(offset: Int)
}
