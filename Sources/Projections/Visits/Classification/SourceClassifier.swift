internal import Catalog
internal import Events

/// Where a visit comes from. A function of landing URL, referrer and site alone. Belongs to one thread; allocates only
/// to grow its scratch space. Cost: below half a microsecond for a usual referrer.
///
/// Rules, in their order; the first that holds decides the channel:
///  1. The landing URL is tagged (`utm_…`, `mtm_…`, `pk_…`, `source`, `ref`) or has a click id: the tags decide. The
/// medium
///     goes before the kind of the source, a tag before a click id, a click id before the referrer. Whoever placed the
///     link said so, and an ad's detour over a payment or own page does not change it.
///  2. The referrer is a page of the site (its domains with sub-domains, or the landing URL's own host): Internal.
///  3. The referrer is no web or app address, or there is none: Direct.
///  4. The site excludes the referrer, or it is a payment provider's or sign-in page: Direct, and no referrer is told;
///     the visitor was here before.
///  5. A host of the tables: what the table says. Else a host called `mail.…`, `webmail.…`: Email. Else Referral,
/// and the
///     host is the source.
struct SourceClassifier {
    private let table = SourceTable.standard
    /// The referrer's host in lower case, without www.
    private var host: [UInt8] = []
    private var word: [UInt8] = []

    private static let valueBytesMax = 200
    private static let referrerBytesMax = 300

    private enum Origin {
        case none, own, excluded, mail, unknown
        case known(Int)

        /// Whether a visit may begin there.
        var isOutside: Bool {
            switch self {
            case .mail, .unknown, .known: true
            case .none, .own, .excluded: false
            }
        }
    }

    /// Bytes of the tables.
    var byteCount: Int { table.byteCount }

    /// Fills `answer`.
    mutating func classify(
        url: borrowing RawSpan, referrer: borrowing RawSpan, site: Site, into answer: inout TrafficSource
    ) {
        answer.reset()
        let landing = WebAddress(url, wantsQuery: true)
        let address = WebAddress(referrer, wantsQuery: false)
        let origin = self.origin(of: referrer, address, url, landing, site)
        if origin.isOutside { answer.referrer = putReferrer(referrer, address, into: &answer.arena) }
        let tags = CampaignParameters(url, query: landing.query)
        guard tags.isTagged else {
            answer.source = putSource(of: origin, into: &answer.arena)
            answer.channel = answer.arena.put(channel(of: origin).text)
            return
        }
        answer.utmSource = put(url, tags[.source], into: &answer.arena)
        answer.utmMedium = put(url, tags[.medium], into: &answer.arena)
        answer.utmCampaign = put(url, tags[.campaign], into: &answer.arena)
        answer.utmContent = put(url, tags[.content], into: &answer.arena)
        answer.utmTerm = put(url, tags[.term], into: &answer.arena)
        classify(tags, url, origin, into: &answer)
    }

    // MARK: - Tags

    private mutating func classify(
        _ tags: CampaignParameters, _ url: borrowing RawSpan, _ origin: Origin, into answer: inout TrafficSource
    ) {
        let named = tags[.source].isEmpty ? tags[.plainSource] : tags[.source]
        var entry: Int?
        var isMailName = false
        if !named.isEmpty {
            decode(url, named, lowercased: true)
            entry = knownSource(word.span.bytes)
            isMailName = entry == nil && CampaignMedium.of(word.span.bytes) == .email
        }
        if let entry, let name = table.name(of: entry) {
            answer.source = answer.arena.put(name)
        } else if !named.isEmpty {
            answer.source = answer.utmSource.isAbsent ? put(url, named, into: &answer.arena) : answer.utmSource
        } else if let vendor = tags.vendor {
            answer.source = answer.arena.put(vendor.source)
            entry = entryOfName(vendor.source)
        } else {
            answer.source = putSource(of: origin, into: &answer.arena)
            if case .known(let known) = origin { entry = known }
        }
        var kind = entry.map { table.kind(of: $0) }
        if isMailName { kind = .email }
        var medium: CampaignMedium?
        if !tags[.medium].isEmpty {
            decode(url, tags[.medium], lowercased: true)
            medium = .of(word.span.bytes)
        }
        answer.channel = answer.arena.put(Self.channel(medium, kind, tags.vendor).text)
    }

    private static func channel(_ medium: CampaignMedium?, _ kind: SourceKind?, _ vendor: ClickVendor?) -> Channel {
        switch medium {
        case .paid:
            switch kind {
            case .search, .paidSearch: return .paidSearch
            case .social: return .paidSocial
            default: return vendor.map { $0.isPaid ? $0.channel : .campaign } ?? .campaign
            }
        case .paidSearch: return .paidSearch
        case .paidSocial: return .paidSocial
        case .display: return .campaign
        case .email: return .email
        case .social: return .organicSocial
        case .search: return .organicSearch
        case .referral: return .referral
        case .assistant: return .assistant
        case .other where kind == .search: return .campaign
        case .other, nil: break
        }
        let isPlaced = vendor?.channel == .campaign && kind == .search
        if let vendor, medium == nil, vendor.isPaid || isPlaced || kind == nil { return vendor.channel }
        switch kind {
        case .search: return .organicSearch
        case .paidSearch: return .paidSearch
        case .social: return .organicSocial
        case .assistant: return .assistant
        case .email: return .email
        case .referral, .excluded, nil: return .campaign
        }
    }

    /// The table's entry for a tag: a host where it has a dot, else a name. Tags name no payment page.
    private func knownSource(_ word: borrowing RawSpan) -> Int? {
        if let named = table.find(name: word) { return named }
        var hasDot = false
        for offset in 0..<word.byteCount {
            hasDot = hasDot || word.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) == 0x2E
        }
        guard hasDot, word.byteCount <= WebAddress.hostBytesMax else { return nil }
        let start = Self.hasWWW(word) ? 4 : 0
        let found = table.find(host: word.extracting(start..<word.byteCount), path: RawSpan())
        return found.flatMap { table.kind(of: $0) == .excluded ? nil : $0 }
    }

    private mutating func entryOfName(_ name: StaticString) -> Int? {
        word.removeAll(keepingCapacity: true)
        name.withUTF8Buffer { for byte in $0 { word.append(RequiredLiterals.folded(byte)) } }
        return table.find(name: word.span.bytes)
    }

    // MARK: - Referrers

    private mutating func origin(
        of referrer: borrowing RawSpan, _ address: WebAddress, _ url: borrowing RawSpan, _ landing: WebAddress,
        _ site: Site
    ) -> Origin {
        guard address.isValid else { return .none }
        setHost(referrer, address.host)
        if landing.isValid, !landing.isApp, !address.isApp, isHost(url, landing.host) { return .own }
        if !address.isApp, Self.covers(site.domains, host) { return .own }
        if Self.covers(site.excludedReferrers, host) { return .excluded }
        let path = referrer.extracting(address.path)
        if let entry = table.find(host: host.span.bytes, path: path) {
            return table.kind(of: entry) == .excluded ? .excluded : .known(entry)
        }
        return isMailHost ? .mail : .unknown
    }

    private func channel(of origin: Origin) -> Channel {
        switch origin {
        case .none, .excluded: return .direct
        case .own: return .internal
        case .mail: return .email
        case .unknown: return .referral
        case .known(let entry):
            switch table.kind(of: entry) {
            case .search: return .organicSearch
            case .paidSearch: return .paidSearch
            case .social: return .organicSocial
            case .assistant: return .assistant
            case .email: return .email
            case .referral: return .referral
            case .excluded: return .direct
            }
        }
    }

    private func putSource(of origin: Origin, into arena: inout ClassArena) -> ClassText {
        switch origin {
        case .none, .own, .excluded: return .absent
        case .mail, .unknown: return Self.putClean(host.span.bytes, into: &arena, bytesMax: WebAddress.hostBytesMax)
        case .known(let entry):
            guard let name = table.name(of: entry) else {
                return Self.putClean(host.span.bytes, into: &arena, bytesMax: WebAddress.hostBytesMax)
            }
            return arena.put(name)
        }
    }

    /// Host and path, as in `news.example/article`; an app keeps its scheme.
    private mutating func putReferrer(
        _ referrer: borrowing RawSpan, _ address: WebAddress, into arena: inout ClassArena
    ) -> ClassText {
        var end = address.path.upperBound
        while end > address.path.lowerBound, Self.byte(referrer, end - 1) == 0x2F { end -= 1 }
        end = min(end, address.path.lowerBound + Self.referrerBytesMax)
        word.removeAll(keepingCapacity: true)
        if address.isApp { append(referrer.extracting(0..<address.host.lowerBound), lowercased: true) }
        word.append(contentsOf: host)
        if end > address.path.lowerBound {
            word.append(0x2F)
            append(referrer.extracting(address.path.lowerBound..<end), lowercased: false)
        }
        return Self.putClean(word.span.bytes, into: &arena, bytesMax: Self.referrerBytesMax)
    }

    private mutating func setHost(_ url: borrowing RawSpan, _ range: Range<Int>) {
        var range = range
        let isWWW =
            range.count > 4 && Self.lower(url, range.lowerBound) == 0x77
            && Self.lower(url, range.lowerBound + 1) == 0x77
            && Self.lower(url, range.lowerBound + 2) == 0x77 && Self.byte(url, range.lowerBound + 3) == 0x2E
        if isWWW { range = range.lowerBound + 4..<range.upperBound }
        host.removeAll(keepingCapacity: true)
        // SAFETY: the pointer covers the range's bytes and does not leave the call.
        url.extracting(range).withUnsafeBytes { host.append(contentsOf: $0) }
        Self.fold(&host, from: 0)
    }

    /// Whether the host at `range` is the one in `host`, case and www aside.
    private func isHost(_ url: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= host.count else { return false }
        let start = range.upperBound - host.count
        for index in 0..<host.count where Self.lower(url, start + index) != host[index] { return false }
        if start == range.lowerBound { return true }
        return start == range.lowerBound + 4 && Self.lower(url, range.lowerBound) == 0x77
            && Self.lower(url, range.lowerBound + 1) == 0x77 && Self.lower(url, range.lowerBound + 2) == 0x77
            && Self.byte(url, range.lowerBound + 3) == 0x2E
    }

    private mutating func append(_ text: borrowing RawSpan, lowercased: Bool) {
        let start = word.count
        // SAFETY: the pointer covers the span's bytes and does not leave the call.
        text.withUnsafeBytes { word.append(contentsOf: $0) }
        if lowercased { Self.fold(&word, from: start) }
    }

    private static func fold(_ bytes: inout [UInt8], from start: Int) {
        var span = bytes.mutableSpan
        for index in start..<span.count { span[index] = RequiredLiterals.folded(span[index]) }
    }

    /// `mail.firm.example`, `webmail2.firm.example`: at least three labels, the first of a mail server's usual ones.
    private var isMailHost: Bool {
        guard let dot = host.firstIndex(of: 0x2E), host[(dot + 1)...].contains(0x2E) else { return false }
        var end = dot
        while end > 0, host[end - 1] &- 0x30 < 10 { end -= 1 }
        return Self.mailLabels.find(host.span.bytes.extracting(0..<end)) != nil
    }

    private static let mailLabels: ByteTable = {
        var table = ByteTable()
        for label in ["mail", "webmail", "email", "wmail", "owa", "roundcube", "zimbra", "horde", "squirrelmail"] {
            table.insert(Array(label.utf8), 1)
        }
        return table
    }()

    /// Whether one of the domains is the host or a parent of it. Domains are lower-case.
    private static func covers(_ domains: [String], _ host: [UInt8]) -> Bool {
        for domain in domains {
            let matches = domain.utf8.withContiguousStorageIfAvailable { whole in
                var start = 0
                if whole.count > 4, whole[0] == 0x77, whole[1] == 0x77, whole[2] == 0x77, whole[3] == 0x2E { start = 4 }
                let count = whole.count - start
                guard count > 0, host.count >= count else { return false }
                let offset = host.count - count
                guard offset == 0 || host[offset - 1] == 0x2E else { return false }
                for index in 0..<count where host[offset + index] != whole[start + index] { return false }
                return true
            }
            if matches ?? false { return true }
        }
        return false
    }

    // MARK: - Text

    @inline(__always)
    private static func byte(_ text: borrowing RawSpan, _ offset: Int) -> UInt8 {
        text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private static func lower(_ text: borrowing RawSpan, _ offset: Int) -> UInt8 {
        RequiredLiterals.folded(byte(text, offset))
    }

    private static func hasWWW(_ text: borrowing RawSpan) -> Bool {
        text.byteCount > 4 && byte(text, 0) == 0x77 && byte(text, 1) == 0x77 && byte(text, 2) == 0x77
            && byte(text, 3) == 0x2E
    }

    private mutating func put(_ url: borrowing RawSpan, _ range: Range<Int>, into arena: inout ClassArena) -> ClassText
    {
        guard !range.isEmpty else { return .absent }
        decode(url, range, lowercased: false)
        return Self.putClean(word.span.bytes, into: &arena, bytesMax: Self.valueBytesMax)
    }

    /// A query value into `word`: escapes resolved, `+` a space, spaces at both ends left out.
    private mutating func decode(_ url: borrowing RawSpan, _ range: Range<Int>, lowercased: Bool) {
        word.removeAll(keepingCapacity: true)
        if range.count <= Self.valueBytesMax, Self.isPlain(url, range) {
            append(url.extracting(range), lowercased: lowercased)
            return
        }
        var offset = range.lowerBound
        while offset < range.upperBound, word.count <= Self.valueBytesMax {
            var byte = Self.byte(url, offset)
            offset += 1
            if byte == 0x2B {
                byte = 0x20
            } else if byte == 0x25, offset + 1 < range.upperBound, let high = Self.hex(Self.byte(url, offset)),
                let low = Self.hex(Self.byte(url, offset + 1))
            {
                byte = high << 4 | low
                offset += 2
            }
            if byte == 0x20, word.isEmpty { continue }
            word.append(lowercased ? RequiredLiterals.folded(byte) : byte)
        }
        while word.last == 0x20 { word.removeLast() }
    }

    /// Nothing to decode and nothing to trim.
    private static func isPlain(_ url: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        for offset in range {
            let byte = byte(url, offset)
            if byte == 0x25 || byte == 0x2B || byte == 0x20 { return false }
        }
        return true
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Copies text that reports can show: valid UTF-8, no control characters, at most `bytesMax` bytes.
    private static func putClean(_ text: borrowing RawSpan, into arena: inout ClassArena, bytesMax: Int) -> ClassText {
        let start = arena.count
        var offset = 0
        while offset < text.byteCount, byte(text, offset) &- 0x20 < 0x5F { offset += 1 }
        if offset == text.byteCount, offset <= bytesMax { return arena.put(text) }
        offset = 0
        while offset < text.byteCount {
            let first = Self.byte(text, offset)
            let length = UTF8Sequence.length(text, at: offset)
            guard arena.count - start + max(length, 3) <= bytesMax else { break }
            if length == 0 {
                for byte: UInt8 in [0xEF, 0xBF, 0xBD] { arena.putByte(byte) }
                offset += 1
                continue
            }
            if length == 1 {
                arena.putByte(first < 0x20 || first == 0x7F ? 0x20 : first)
            } else {
                for index in 0..<length { arena.putByte(Self.byte(text, offset + index)) }
            }
            offset += length
        }
        return arena.text(from: start)
    }
}

/// Well-formed UTF-8, byte by byte. Source: The Unicode Standard, table 3-7.
enum UTF8Sequence {
    /// Bytes of the character at `offset`, 1 to 4; 0 where none begins there.
    @inline(__always)
    static func length(_ text: borrowing RawSpan, at offset: Int) -> Int {
        func byte(_ index: Int) -> UInt8 {
            offset + index < text.byteCount
                ? text.unsafeLoadUnaligned(fromByteOffset: offset + index, as: UInt8.self) : 0
        }
        func isNext(_ index: Int) -> Bool { byte(index) & 0xC0 == 0x80 }
        let first = byte(0)
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: return isNext(1) ? 2 : 0
        case 0xE0...0xEF:
            let second = byte(1)
            if first == 0xE0, second < 0xA0 { return 0 }
            if first == 0xED, second > 0x9F { return 0 }
            return isNext(1) && isNext(2) ? 3 : 0
        case 0xF0...0xF4:
            let second = byte(1)
            if first == 0xF0, second < 0x90 { return 0 }
            if first == 0xF4, second > 0x8F { return 0 }
            return isNext(1) && isNext(2) && isNext(3) ? 4 : 0
        default: return 0
        }
    }
}
