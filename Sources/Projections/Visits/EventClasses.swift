internal import Catalog
internal import Columns
internal import Events

/// Turns an event's user agent, place, URL query and referrer into classes of codes, through a cache of recent
/// answers, so that classification and dictionary look-ups run once per distinct input for a while.
struct EventClasses: ~Copyable {
    private var classifier: any VisitClassifier
    private var client = ClientClass()
    private var source = TrafficSource()
    private var recentContexts = RecentClasses(capacity: 8_192)
    private var recentTraffic = RecentClasses(capacity: 8_192)
    /// Random per process: nobody outside can make two inputs meet in the cache.
    private let key = ID128.random()

    init(classifier: any VisitClassifier) { self.classifier = classifier }

    /// After a site's definition changed: traffic depends on it.
    mutating func forgetSites() { recentTraffic.removeAll() }

    /// The class of country to language; a reference the caller owns. About 150 ns when known.
    mutating func context(
        of fields: RecordFields, in bytes: RawSpan, site: Site, store: any ColumnStore, table: inout ClassTable
    ) -> UInt32 {
        guard !fields.contextBytes.isEmpty else { return 0 }
        var hash = SipHash(key: key)
        hash.update(UInt64(site.id.rawValue))
        hash.update(bytes.extracting(fields.contextBytes))
        let digest = hash.finish()
        if let codes = recentContexts.codes(for: digest) { return codes.mask == 0 ? 0 : table.retainedID(of: codes) }
        classifier.client(
            userAgent: bytes.extracting(fields.range(.userAgent)), hints: bytes.extracting(fields.range(.clientHints)),
            into: &client)
        var codes = ClassCodes(site: site.id.rawValue)
        let place: [3 of (FieldTag, Dimension)] = [(.country, .country), (.region, .region), (.city, .city)]
        for index in 0..<3 {
            codes.codes[index] = code(bytes.extracting(fields.range(place[index].0)), site, place[index].1, store)
        }
        codes.codes[3] = code(client.device, .device, site, store)
        codes.codes[4] = code(client.browser, .browser, site, store)
        codes.codes[5] = code(client.browserVersion, .browserVersion, site, store)
        codes.codes[6] = code(client.os, .os, site, store)
        codes.codes[7] = code(client.osVersion, .osVersion, site, store)
        codes.codes[8] = code(bytes.extracting(fields.range(.screen)), site, .screen, store)
        codes.codes[9] = code(bytes.extracting(fields.range(.language)), site, .language, store)
        recentContexts.keep(codes, for: digest)
        return codes.mask == 0 ? 0 : table.retainedID(of: codes)
    }

    /// The class of referrer to utm term; a reference the caller owns, 0 where the event has no page URL. About
    /// 150 ns when known. All pages of the site's own host are one referrer.
    mutating func traffic(
        of fields: RecordFields, _ url: PageURL, in bytes: RawSpan, site: Site, store: any ColumnStore,
        table: inout ClassTable
    ) -> UInt32 {
        guard !fields.range(.url).isEmpty else { return 0 }
        let referrer = fields.range(.referrer)
        let referrerHost = referrer.isEmpty ? 0..<0 : PageURL(bytes, referrer).host
        let isOwn = !referrerHost.isEmpty && RecordBytes.equalIgnoringCase(referrerHost, url.host, in: bytes)
        var hash = SipHash(key: key)
        hash.update(UInt64(site.id.rawValue) << 32 | UInt64(truncatingIfNeeded: url.host.count))
        hash.update(UInt64(truncatingIfNeeded: url.query.count) << 1 | (isOwn ? 1 : 0))
        hash.update(bytes.extracting(url.host))
        hash.update(bytes.extracting(url.query))
        if !isOwn { hash.update(bytes.extracting(referrer)) }
        let digest = hash.finish()
        if let codes = recentTraffic.codes(for: digest) { return table.retainedID(of: codes) }
        classifier.traffic(
            url: bytes.extracting(fields.range(.url)), referrer: bytes.extracting(referrer), site: site, into: &source)
        var codes = ClassCodes(site: site.id.rawValue)
        codes.codes[0] = sourceCode(source.referrer, .referrer, site, store)
        codes.codes[1] = sourceCode(source.source, .source, site, store)
        codes.codes[2] = sourceCode(source.channel, .channel, site, store)
        codes.codes[3] = sourceCode(source.utmSource, .utmSource, site, store)
        codes.codes[4] = sourceCode(source.utmMedium, .utmMedium, site, store)
        codes.codes[5] = sourceCode(source.utmCampaign, .utmCampaign, site, store)
        codes.codes[6] = sourceCode(source.utmContent, .utmContent, site, store)
        codes.codes[7] = sourceCode(source.utmTerm, .utmTerm, site, store)
        recentTraffic.keep(codes, for: digest)
        return table.retainedID(of: codes)
    }

    private func code(_ text: RawSpan, _ site: Site, _ dimension: Dimension, _ store: any ColumnStore) -> ValueCode {
        text.byteCount == 0 ? 0 : store.code(of: text, site: site.id, dimension: dimension)
    }

    private func code(_ text: ClassText, _ dimension: Dimension, _ site: Site, _ store: any ColumnStore) -> ValueCode {
        text.isAbsent ? 0 : code(client.arena.bytes.span.bytes.extracting(text.range), site, dimension, store)
    }

    private func sourceCode(_ text: ClassText, _ dimension: Dimension, _ site: Site, _ store: any ColumnStore)
        -> ValueCode
    {
        text.isAbsent ? 0 : code(source.arena.bytes.span.bytes.extracting(text.range), site, dimension, store)
    }
}
