internal import Events
internal import RequestParsing

/// Reads one JSON event into a draft. It goes over the whole object even where a field is refused, so that the next
/// event of the body can be read; the first refusal is kept.
///
/// - `null` is as good as nothing. A field of the wrong type is `invalid_field`; unknown fields are passed over.
/// - A field given twice: the last one wins.
/// - Objects in `properties` are flattened, keys joined by dots, three levels deep; arrays, and objects deeper than
///   that, become their JSON text. Empty keys are `invalid_field`.
/// - Amounts, prices and quantities are decimal text or numbers; `DecimalText` says how they are read.
///
/// Methods that change nothing are `mutating` all the same: on an `inout` value the others begin with a copy of it.
struct NativeEventReader: ~Escapable {
    var scanner: JSONScanner
    let limits: CollectLimits
    private(set) var refusal: Rejection?
    /// Where the scanned text stands in the arena; set before anything is read.
    var copy = ArenaText(offset: 0, count: 0)

    @_lifetime(copy scanner)
    init(_ scanner: consuming JSONScanner, limits: CollectLimits) {
        self.scanner = scanner
        self.limits = limits
    }

    /// Reads the members of the object whose brace has been read. Throws only where the text is no JSON; look at
    /// `refusal`.
    @_lifetime(self: copy self)
    mutating func read(into draft: inout EventDraft, arena: inout TextArena) throws(JSONError) {
        refusal = nil
        draft.reset()
        var member = JSONMember()
        while try scanner.nextMember(into: &member) {
            guard refusal == nil, !member.value.isNull, let field = field(member.key, arena: &arena) else {
                try scanner.skip(member.value)
                continue
            }
            try read(field, member.value, into: &draft, arena: &arena)
        }
    }

    @_lifetime(self: copy self)
    private mutating func read(
        _ field: NativeField, _ value: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        switch field {
        case .site: draft.siteKey = try text(value, arena: &arena)
        case .name: draft.name = try text(value, arena: &arena)
        case .id: draft.clientEventID = try text(value, arena: &arena)
        case .url: draft.url = try text(value, arena: &arena)
        case .referrer: draft.referrer = try text(value, arena: &arena)
        case .title: draft.title = try text(value, arena: &arena)
        case .anonymousID: draft.anonymousID = try text(value, arena: &arena)
        case .userID: draft.userID = try text(value, arena: &arena)
        case .screen: draft.screen = try text(value, arena: &arena)
        case .language: draft.language = try text(value, arena: &arena)
        case .time: draft.time = try time(value, arena: &arena)
        case .sentAt: draft.sentAt = try time(value, arena: &arena)
        case .revenue: try revenue(value, into: &draft, arena: &arena)
        case .items: try items(value, into: &draft, arena: &arena)
        case .consent: try consent(value, into: &draft, arena: &arena)
        case .engagement:
            draft.flags.insert(.nonInteractive)
            draft.engagedMilliseconds = try milliseconds(value, arena: &arena)
        case .preview: try preview(value, into: &draft)
        case .properties:
            if !draft.properties.isEmpty { draft.properties.removeAll(keepingCapacity: true) }
            guard case .objectStart = value.kind else { return try refuse(.invalidField, value) }
            try properties(prefix: .absent, level: 1, into: &draft, arena: &arena)
        default: try scanner.skip(value)
        }
    }

    // MARK: scalars

    /// Keeps the first refusal and passes over the value.
    @_lifetime(self: copy self)
    private mutating func refuse(_ reason: Rejection, _ value: JSONToken) throws(JSONError) {
        if refusal == nil { refusal = reason }
        try scanner.skip(value)
    }

    /// The field a key names. A key with escapes is decoded first.
    @_lifetime(self: copy self)
    private mutating func field(_ key: JSONToken, arena: inout TextArena) -> NativeField? {
        guard key.hasEscapes else { return NativeField.named(scanner.bytes, key.range) }
        let name = decoded(key, arena: &arena)
        return NativeField.named(arena.bytes.span.bytes, name.range)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func decoded(_ token: JSONToken, arena: inout TextArena) -> ArenaText {
        token.isPlain ? copy.at(token.range) : cleaned(token, arena: &arena)
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func cleaned(_ token: JSONToken, arena: inout TextArena) -> ArenaText {
        let start = arena.count
        JSONText.append(token, of: scanner.bytes, to: &arena.bytes)
        return arena.text(from: start)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func text(_ value: JSONToken, arena: inout TextArena) throws(JSONError) -> ArenaText {
        guard case .string = value.kind else {
            try refuse(.invalidField, value)
            return .absent
        }
        return decoded(value, arena: &arena)
    }

    @_lifetime(self: copy self)
    private mutating func time(_ value: JSONToken, arena: inout TextArena) throws(JSONError) -> ClientTime {
        let time: Timestamp?
        switch value.kind {
        case .number: time = TimeText.milliseconds(scanner.bytes.extracting(value.range))
        case .string:
            let text = decoded(value, arena: &arena)
            time = TimeText.timestamp(arena.bytes.span.bytes.extracting(text.range))
        default:
            try refuse(.invalidField, value)
            return .absent
        }
        return time.map { .at($0) } ?? .invalid
    }

    /// A number, or decimal text; nil after a refusal.
    @_lifetime(self: copy self)
    private mutating func decimal(_ value: JSONToken, arena: inout TextArena) throws(JSONError) -> Int64? {
        var micros: Int64?
        if case .number = value.kind { micros = DecimalText.micros(scanner.bytes.extracting(value.range)) }
        if case .string = value.kind {
            let text = decoded(value, arena: &arena)
            micros = DecimalText.micros(arena.bytes.span.bytes.extracting(text.range))
        }
        if micros == nil { try refuse(.invalidField, value) }
        return micros
    }

    /// Whole milliseconds, 49 days at most; nil after a refusal.
    @_lifetime(self: copy self)
    private mutating func milliseconds(_ value: JSONToken, arena: inout TextArena) throws(JSONError) -> UInt32? {
        guard let micros = try decimal(value, arena: &arena) else { return nil }
        return UInt32(clamping: micros / 1_000_000)
    }

    /// A field given twice: the last one wins.
    @_lifetime(self: copy self)
    private mutating func preview(_ value: JSONToken, into draft: inout EventDraft) throws(JSONError) {
        switch value.kind {
        case .true: draft.flags.insert(.preview)
        case .false: draft.flags.remove(.preview)
        default: try refuse(.invalidField, value)
        }
    }

    // MARK: composed fields

    @_lifetime(self: copy self)
    private mutating func revenue(
        _ value: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        draft.revenueMicros = nil
        draft.currency = .absent
        guard case .objectStart = value.kind else { return try refuse(.invalidField, value) }
        var member = JSONMember()
        while try scanner.nextMember(into: &member) {
            switch member.value.isNull ? nil : field(member.key, arena: &arena) {
            case .amount: draft.revenueMicros = try decimal(member.value, arena: &arena)
            case .currency: draft.currency = try text(member.value, arena: &arena)
            default: try scanner.skip(member.value)
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func items(
        _ value: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        draft.items.removeAll(keepingCapacity: true)
        guard case .arrayStart = value.kind else { return try refuse(.invalidField, value) }
        while true {
            let element = try scanner.next()
            if case .arrayEnd = element.kind { return }
            guard case .objectStart = element.kind else {
                try refuse(.invalidField, element)
                continue
            }
            let item = try item(arena: &arena)
            if draft.items.count < limits.itemsMax {
                draft.items.append(item)
            } else if refusal == nil {
                refusal = .tooManyItems
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func item(arena: inout TextArena) throws(JSONError) -> ItemDraft {
        var item = ItemDraft()
        var member = JSONMember()
        while try scanner.nextMember(into: &member) {
            switch member.value.isNull || refusal != nil ? nil : field(member.key, arena: &arena) {
            case .id: item.id = try text(member.value, arena: &arena)
            case .name: item.name = try text(member.value, arena: &arena)
            case .quantity: item.quantityMicros = try decimal(member.value, arena: &arena) ?? item.quantityMicros
            case .price: item.priceMicros = try decimal(member.value, arena: &arena)
            default: try scanner.skip(member.value)
            }
        }
        return item
    }

    @_lifetime(self: copy self)
    private mutating func consent(
        _ value: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        draft.statedConsent = .unknown
        guard case .objectStart = value.kind else { return try refuse(.invalidField, value) }
        var member = JSONMember()
        while try scanner.nextMember(into: &member) {
            guard let purpose = field(member.key, arena: &arena)?.purpose else {
                try scanner.skip(member.value)
                continue
            }
            switch member.value.kind {
            case .true: draft.statedConsent[purpose] = .granted
            case .false: draft.statedConsent[purpose] = .denied
            case .null: draft.statedConsent[purpose] = .unknown
            default: try refuse(.invalidField, member.value)
            }
        }
    }

    /// Reads the members of an object of properties. Calls itself, at most `propertyLevelsMax` deep.
    @_lifetime(self: copy self)
    private mutating func properties(
        prefix: ArenaText, level: Int, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        var member = JSONMember()
        while try scanner.nextMember(into: &member) {
            let value = member.value
            guard refusal == nil, !value.isNull else {
                try scanner.skip(value)
                continue
            }
            let (path, isEmpty) = path(of: member.key, behind: prefix, arena: &arena)
            if isEmpty || Int(path.count) > limits.propertyKeyBytesMax {
                try refuse(isEmpty ? .invalidField : .fieldTooLong, value)
            } else if case .objectStart = value.kind, level < limits.propertyLevelsMax {
                try properties(prefix: path, level: level + 1, into: &draft, arena: &arena)
            } else {
                try property(path, value, into: &draft, arena: &arena)
            }
        }
    }

    /// `prefix.key`, and whether the key itself is empty.
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func path(
        of key: JSONToken, behind prefix: ArenaText, arena: inout TextArena
    ) -> (path: ArenaText, isEmpty: Bool) {
        guard prefix.isAbsent else { return longPath(of: key, behind: prefix, arena: &arena) }
        let path = decoded(key, arena: &arena)
        return (path, path.count == 0)
    }

    @_lifetime(self: copy self)
    private mutating func longPath(
        of key: JSONToken, behind prefix: ArenaText, arena: inout TextArena
    ) -> (path: ArenaText, isEmpty: Bool) {
        let start = arena.count
        for offset in prefix.range { arena.appendByte(arena.bytes[offset]) }
        arena.appendByte(UInt8(ascii: "."))
        let keyStart = arena.count
        JSONText.append(key, of: scanner.bytes, to: &arena.bytes)
        return (arena.text(from: start), arena.count == keyStart)
    }

    @_lifetime(self: copy self)
    private mutating func property(
        _ key: ArenaText, _ value: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) {
        let type: PropertyType
        let text: ArenaText
        switch value.kind {
        case .string: (type, text) = (.string, decoded(value, arena: &arena))
        case .true, .false:
            let start = arena.count
            if case .true = value.kind { arena.appendByte(1) } else { arena.appendByte(0) }
            (type, text) = (.boolean, arena.text(from: start))
        case .number:
            // Digits, signs, a point, an `e`: nothing that needs cleaning.
            (type, text) = (.number, copy.at(value.range))
        default:
            let start = arena.count
            try scanner.skip(value)
            TextCleaning.append(scanner.bytes.extracting(value.start..<scanner.offset), to: &arena.bytes)
            (type, text) = (.string, arena.text(from: start))
        }
        let draftProperty = PropertyDraft(key: key, type: type, value: text)
        do throws(Rejection) {
            try draft.putProperty(draftProperty, limits: limits, arena: arena)
        } catch {
            refusal = error
        }
    }
}

extension NativeField {
    /// The purpose a member of `consent` names.
    var purpose: Purpose? {
        switch self {
        case .measurement: .measurement
        case .personalisation: .personalisation
        case .advertising: .advertising
        case .sharing: .sharing
        case .stitching: .stitching
        default: nil
        }
    }
}

extension JSONToken {
    /// Matched as a pattern: `==` on an enumeration of another module is a call through its witness table.
    @inline(__always)
    var isNull: Bool {
        if case .null = kind { true } else { false }
    }
}
