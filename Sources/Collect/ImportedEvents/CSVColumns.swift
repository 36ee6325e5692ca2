internal import Events
internal import RequestParsing

/// What a CSV file's columns are: the native event's fields by name, `p.KEY` for properties, other columns passed over.
///
/// `revenue` is an amount, `consent` the letters of the pixel, `time` RFC 3339, milliseconds since 1970, or
/// `YYYY-MM-DD HH:MM:SS` in UTC. An empty field is an absent one. A property is a number or a boolean where it is
/// written as JSON would, else text.
package struct CSVColumns: Sendable {
    /// Why a header cannot be used; one sentence.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    enum Field: Hashable, Sendable {
        case native(NativeField)
        case userAgent
        case address
        case property([UInt8])
        case ignored
    }

    let fields: [Field]
    /// The columns that give nothing, in the order of the header.
    package let ignored: [String]

    /// The fields that a column may be, for messages and help.
    package static let words =
        "name, id, time, url, referrer, title, anonymousID, userID, screen, language, revenue, currency, consent, site, "
        + "userAgent, ip and p.KEY"
    private static let plain: [NativeField] = [
        .site, .name, .id, .time, .url, .referrer, .title, .anonymousID, .userID, .screen, .language, .revenue,
        .currency,
        .consent,
    ]

    /// - map: field by column name, over what the names say themselves.
    package init(header: CSVRecord, map: [String: String]) throws(Failure) {
        var fields: [Field] = []
        var ignored: [String] = []
        var columns: Set<String> = []
        for index in header.ranges.indices {
            let column = header.text(index)
            columns.insert(column)
            let word = map[column] ?? column
            let field = CSVColumns.field(named: word)
            if field == .ignored {
                if map[column] != nil {
                    throw Failure(
                        description: "--map \(column)=\(word): no field has this name; expected \(CSVColumns.words)")
                }
                ignored.append(column)
            } else if fields.contains(field) {
                throw Failure(description: "two columns are '\(word)'; map one of them to another field with --map")
            }
            fields.append(field)
        }
        for column in map.keys.sorted() where !columns.contains(column) {
            throw Failure(description: "--map \(column)=…: the header has no column of this name")
        }
        guard fields.contains(.native(.name)) else {
            throw Failure(
                description: "no column is the event's 'name'; name one with --map COLUMN=name (the columns: "
                    + header.ranges.indices.map { header.text($0) }.joined(separator: ", ") + ")")
        }
        self.fields = fields
        self.ignored = ignored
    }

    private static func field(named word: String) -> Field {
        if word == "userAgent" { return .userAgent }
        if word == "ip" { return .address }
        let bytes = Array(word.utf8)
        if word.hasPrefix("p."), bytes.count > 2 { return .property(Array(bytes[2...])) }
        if let field = NativeField.named(bytes.span.bytes, 0..<bytes.count), plain.contains(field) {
            return .native(field)
        }
        return .ignored
    }

    /// Fills the draft from `imported.csv`, which has as many fields; gives why the event is refused, or nil.
    func fill(
        _ draft: inout EventDraft, _ arena: inout TextArena, imported: inout ImportedEvents, limits: CollectLimits
    ) throws(ImportedEventRejection) -> Rejection? {
        let record = imported.csv
        let bytes = record.bytes.span.bytes
        for index in fields.indices where !record.ranges[index].isEmpty {
            let value = bytes.extracting(record.ranges[index])
            do throws(Rejection) {
                switch fields[index] {
                case .ignored: break
                case .userAgent: imported.setAgent(value)
                case .address:
                    guard let address = IPAddress(parsing: value) else { throw Rejection.invalidField }
                    imported.setAddress(address)
                case .native(let field): try CSVColumns.put(value, as: field, &draft, &arena)
                case .property(let key):
                    let property = PropertyDraft(
                        key: arena.append(key.span.bytes), type: .string, value: CSVColumns.text(value, &arena))
                    try draft.putProperty(CSVColumns.typed(property, value, &arena), limits: limits, arena: arena)
                }
            } catch {
                if case .address = fields[index] { throw .invalidAddress }
                return error
            }
        }
        return nil
    }

    private static func text(_ value: borrowing RawSpan, _ arena: inout TextArena) -> ArenaText {
        arena.append(cleaning: value)
    }

    private static func put(
        _ value: RawSpan, as field: NativeField, _ draft: inout EventDraft, _ arena: inout TextArena
    ) throws(Rejection) {
        switch field {
        case .site: draft.siteKey = text(value, &arena)
        case .name: draft.name = text(value, &arena)
        case .id: draft.clientEventID = text(value, &arena)
        case .url: draft.url = text(value, &arena)
        case .referrer: draft.referrer = text(value, &arena)
        case .title: draft.title = text(value, &arena)
        case .anonymousID: draft.anonymousID = text(value, &arena)
        case .userID: draft.userID = text(value, &arena)
        case .screen: draft.screen = text(value, &arena)
        case .language: draft.language = text(value, &arena)
        case .currency: draft.currency = text(value, &arena)
        case .time: draft.time = time(value).map { .at($0) } ?? .invalid
        case .consent: draft.statedConsent = try PixelTranslation.consent(value)
        case .revenue:
            guard let micros = DecimalText.micros(value) else { throw .invalidField }
            draft.revenueMicros = micros
        default: break
        }
    }

    /// A time; one without an offset is UTC.
    private static func time(_ value: borrowing RawSpan) -> Timestamp? {
        if let time = TimeText.timestamp(value) { return time }
        guard value.byteCount >= 19, value.byteCount <= 40 else { return nil }
        var text = value.array
        text.append(UInt8(ascii: "Z"))
        return TimeText.rfc3339(text.span.bytes)
    }

    private static let yes = Array("true".utf8)
    private static let no = Array("false".utf8)

    private static func typed(
        _ property: PropertyDraft, _ value: borrowing RawSpan, _ arena: inout TextArena
    ) -> PropertyDraft {
        var property = property
        let (yes, no) = (CSVColumns.yes, CSVColumns.no)
        if value.equals(yes.span.bytes) || value.equals(no.span.bytes) {
            property.type = .boolean
            let start = arena.count
            arena.appendByte(value.equals(yes.span.bytes) ? 1 : 0)
            property.value = arena.text(from: start)
        } else if isNumber(value) {
            property.type = .number
        }
        return property
    }

    /// A number as JSON writes it, so that `007` and `+4` stay text. At most 20 bytes: longer digits are ids.
    private static func isNumber(_ value: borrowing RawSpan) -> Bool {
        let start = value.octet(at: 0) == UInt8(ascii: "-") ? 1 : 0
        guard value.byteCount > start, value.byteCount <= 20, value.octet(at: start) &- 48 < 10,
            value.octet(at: value.byteCount - 1) &- 48 < 10
        else { return false }
        if value.octet(at: start) == 48, value.byteCount > start + 1 {
            let next = value.octet(at: start + 1)
            guard next | 0x20 == UInt8(ascii: "e") || next == 46 else { return false }
        }
        return DecimalText.micros(value) != nil
    }
}
