internal import Columns
internal import Events

/// What a page URL is in codes, and where traffic has to look.
struct PageCodes {
    var page: ValueCode = 0
    var hostname: ValueCode = 0
    /// Stands for site, host and query: two pages of one origin have their traffic from the same. 0 is none.
    var origin: UInt64 = 0
    /// In the URL.
    var hostStart: UInt32 = 0
    var hostEnd: UInt32 = 0

    static let none = PageCodes()
}

/// Turns what an event says of itself into codes: its name, page, host and properties. Whole texts are looked up
/// first, a URL, all properties at once or one, so that parsing and dictionaries are for what is new for a while.
struct EventCodes: ~Copyable {
    private let store: any ColumnStore
    private var names = RecentAnswers<ValueCode>(answersMax: 1024, blank: 0)
    private var pages = RecentAnswers<PageCodes>(answersMax: 4096, blank: .none)
    private var origins = RecentAnswers<UInt64>(answersMax: 4096, blank: 0)
    private var properties = RecentAnswers<EventRow.Property>(answersMax: 4096, blank: .init(key: 0, value: 0))
    private var propertyLists = RecentAnswers<[EventRow.Property]>(answersMax: 2048, blank: [])
    private var lastOrigin: UInt64 = 0
    private var scratch: [UInt8] = []
    private var found: [EventRow.Property] = []

    init(store: any ColumnStore) { self.store = store }

    mutating func name(_ text: RawSpan, _ site: SiteID) -> ValueCode {
        if text.isEmpty { return 0 }
        let word = UInt64(site.rawValue)
        if let place = names.place(of: text, word) { return names[place] }
        let code = store.code(of: text, site: site, dimension: .eventName)
        names.keep(code, for: text, word)
        return code
    }

    // MARK: Pages

    /// None for an empty URL.
    mutating func page(_ url: RawSpan, _ site: SiteID) -> PageCodes {
        if url.isEmpty { return .none }
        let word = UInt64(site.rawValue)
        if let place = pages.place(of: url, word) { return pages[place] }
        let parts = PageURL(url)
        var codes = PageCodes()
        codes.page = pageCode(url.extracting(parts.path), site)
        codes.hostname = hostCode(url.extracting(parts.host), site)
        codes.origin = origin(url.extracting(parts.host), url.extracting(parts.query), site)
        codes.hostStart = UInt32(clamping: parts.host.lowerBound)
        codes.hostEnd = UInt32(clamping: parts.host.upperBound)
        pages.keep(codes, for: url, word)
        return codes
    }

    private mutating func pageCode(_ path: RawSpan, _ site: SiteID) -> ValueCode {
        guard path.isEmpty else { return store.code(of: path, site: site, dimension: .page) }
        let root: [1 of UInt8] = [UInt8(ascii: "/")]
        return store.code(of: root.span.bytes, site: site, dimension: .page)
    }

    private mutating func hostCode(_ host: RawSpan, _ site: SiteID) -> ValueCode {
        if host.isEmpty { return 0 }
        scratch.removeAll(keepingCapacity: true)
        for index in 0..<host.byteCount { scratch.append(RecordBytes.lower(host.byte(at: index))) }
        return store.code(of: scratch.span.bytes, site: site, dimension: .hostname)
    }

    /// A number that no other origin has; one that is not remembered gets another.
    private mutating func origin(_ host: RawSpan, _ query: RawSpan, _ site: SiteID) -> UInt64 {
        scratch.removeAll(keepingCapacity: true)
        host.withUnsafeBytes { scratch.append(contentsOf: $0) }
        query.withUnsafeBytes { scratch.append(contentsOf: $0) }
        let word = UInt64(site.rawValue) << 32 | UInt64(truncatingIfNeeded: host.byteCount)
        let text = scratch
        if let place = origins.place(of: text.span.bytes, word) { return origins[place] }
        lastOrigin += 1
        origins.keep(lastOrigin, for: text.span.bytes, word)
        return lastOrigin
    }

    // MARK: Properties

    /// `list` is all properties of an event, with tags and lengths. Events that say the same share one array.
    mutating func properties(_ list: RawSpan, _ site: SiteID) -> [EventRow.Property] {
        if list.isEmpty { return [] }
        let word = UInt64(site.rawValue)
        if let place = propertyLists.place(of: list, word) { return propertyLists[place] }
        found.removeAll(keepingCapacity: true)
        var cursor = FieldCursor(at: 0)
        while let field = cursor.next(in: list) { addProperty(list.extracting(field.value), site) }
        // One allocation of the right size.
        let answer = Array(found[...])
        propertyLists.keep(answer, for: list, word)
        return answer
    }

    private mutating func addProperty(_ field: RawSpan, _ site: SiteID) {
        let word = UInt64(site.rawValue)
        if let place = properties.place(of: field, word) {
            found.append(properties[place])
            return
        }
        guard let codes = codes(ofProperty: field, site) else { return }
        properties.keep(codes, for: field, word)
        found.append(codes)
    }

    /// Booleans are `true` and `false`; values are cut at 300 bytes. nil for what cannot be read.
    private func codes(ofProperty field: RawSpan, _ site: SiteID) -> EventRow.Property? {
        var offset = 0
        guard let keyCount = Varint.read(field, at: &offset), Int(keyCount) < field.byteCount - offset else {
            return nil
        }
        let key = offset..<offset + Int(keyCount)
        let value = key.upperBound + 1..<field.byteCount
        guard let type = PropertyType(rawValue: field.byte(at: key.upperBound)), !key.isEmpty else { return nil }
        let keyCode = store.code(of: field.extracting(key), site: site, dimension: .propertyKey)
        if type == .boolean {
            let isTrue = !value.isEmpty && field.byte(at: value.lowerBound) != 0
            let text = isTrue ? EventCodes.trueText : EventCodes.falseText
            return .init(key: keyCode, value: store.code(of: text.span.bytes, site: site, dimension: .propertyValue))
        }
        let text = field.extracting(RecordBytes.cut(value, at: 300, in: field))
        return .init(
            key: keyCode, value: text.isEmpty ? 0 : store.code(of: text, site: site, dimension: .propertyValue))
    }

    private static let trueText = Array("true".utf8)
    private static let falseText = Array("false".utf8)
}
