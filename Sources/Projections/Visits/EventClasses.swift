internal import Catalog
internal import Columns
internal import Events

/// Turns an event's user agent, place, URL query and referrer into classes of codes, through recent answers, so that
/// classification and dictionary look-ups run once per distinct input for a while.
struct EventClasses: ~Copyable {
    private let store: any ColumnStore
    private var classifier: any VisitClassifier
    private var client = ClientClass()
    private var source = TrafficSource()
    private var contexts = RecentAnswers<RecentClass>(answersMax: 4096, blank: .none)
    private var sources = RecentAnswers<RecentClass>(answersMax: 4096, blank: .none)

    init(store: any ColumnStore, classifier: any VisitClassifier) {
        self.store = store
        self.classifier = classifier
    }

    /// After a site's definition changed: traffic depends on it.
    mutating func forgetSites() { sources.removeAll() }

    /// The class of country to language; a reference the caller owns.
    mutating func context(
        of fields: borrowing RecordFields, in bytes: RawSpan, site: SiteID, table: inout ClassTable
    ) -> UInt32 {
        let text = bytes.extracting(fields.contextBytes)
        if text.isEmpty { return 0 }
        let word = UInt64(site.rawValue)
        if let place = contexts.place(of: text, word) { return table.retain(&contexts[place]) }
        classifier.client(
            userAgent: bytes.extracting(fields.range(.userAgent)), hints: bytes.extracting(fields.range(.clientHints)),
            into: &client)
        var codes = ClassCodes(site: site.rawValue)
        codes.codes[0] = code(bytes.extracting(fields.range(.country)), site, .country)
        codes.codes[1] = code(bytes.extracting(fields.range(.region)), site, .region)
        codes.codes[2] = code(bytes.extracting(fields.range(.city)), site, .city)
        codes.codes[3] = code(client.device, .device, site)
        codes.codes[4] = code(client.browser, .browser, site)
        codes.codes[5] = code(client.browserVersion, .browserVersion, site)
        codes.codes[6] = code(client.os, .os, site)
        codes.codes[7] = code(client.osVersion, .osVersion, site)
        codes.codes[8] = code(bytes.extracting(fields.range(.screen)), site, .screen)
        codes.codes[9] = code(bytes.extracting(fields.range(.language)), site, .language)
        var answer = RecentClass(codes)
        let id = table.retain(&answer)
        contexts.keep(answer, for: text, word)
        return id
    }

    /// The class of referrer to utm term of an event with a page URL; a reference the caller owns. All pages of the
    /// site's own host are one referrer.
    mutating func traffic(
        of page: PageCodes, url: RawSpan, referrer: RawSpan, site: Site, table: inout ClassTable
    ) -> UInt32 {
        let word = page.origin << 1
        if let place = sources.place(of: referrer, word) { return table.retain(&sources[place]) }
        let isOwn = isOwn(referrer, of: page, url)
        let none = referrer.extracting(0..<0)
        let known = isOwn ? sources.place(of: none, word | 1) : nil
        var answer = known.map { sources[$0] } ?? source(of: url, referrer, site)
        let id = table.retain(&answer)
        if isOwn, known == nil { sources.keep(answer, for: none, word | 1) }
        sources.keep(answer, for: referrer, word)
        return id
    }

    private mutating func source(of url: RawSpan, _ referrer: RawSpan, _ site: Site) -> RecentClass {
        classifier.traffic(url: url, referrer: referrer, site: site, into: &source)
        var codes = ClassCodes(site: site.id.rawValue)
        codes.codes[0] = sourceCode(source.referrer, .referrer, site.id)
        codes.codes[1] = sourceCode(source.source, .source, site.id)
        codes.codes[2] = sourceCode(source.channel, .channel, site.id)
        codes.codes[3] = sourceCode(source.utmSource, .utmSource, site.id)
        codes.codes[4] = sourceCode(source.utmMedium, .utmMedium, site.id)
        codes.codes[5] = sourceCode(source.utmCampaign, .utmCampaign, site.id)
        codes.codes[6] = sourceCode(source.utmContent, .utmContent, site.id)
        codes.codes[7] = sourceCode(source.utmTerm, .utmTerm, site.id)
        return RecentClass(codes, keepsEmpty: true)
    }

    @inline(__always)
    private func isOwn(_ referrer: RawSpan, of page: PageCodes, _ url: RawSpan) -> Bool {
        if referrer.isEmpty { return false }
        let host = PageURL.host(of: referrer)
        return !host.isEmpty
            && RecordBytes.equalIgnoringCase(
                referrer.extracting(host), url.extracting(Int(page.hostStart)..<Int(page.hostEnd)))
    }

    private func code(_ text: RawSpan, _ site: SiteID, _ dimension: Dimension) -> ValueCode {
        text.isEmpty ? 0 : store.code(of: text, site: site, dimension: dimension)
    }

    private func code(_ text: ClassText, _ dimension: Dimension, _ site: SiteID) -> ValueCode {
        text.isAbsent ? 0 : code(client.arena.bytes.span.bytes.extracting(text.range), site, dimension)
    }

    private func sourceCode(_ text: ClassText, _ dimension: Dimension, _ site: SiteID) -> ValueCode {
        text.isAbsent ? 0 : code(source.arena.bytes.span.bytes.extracting(text.range), site, dimension)
    }
}
