internal import Catalog
internal import Events
internal import RequestParsing

/// What the steps of one event loop share: the site's compiled rules, the hashes, and what is known of the visitor
/// for the request at hand. Computed once for each request and site, used for every event of the batch.
///
/// Contract: `begin` is called before the first event of each request, and whenever the arena is emptied.
final class VisitorState {
    let cookieKey: KeyedHash
    let identifierKey: KeyedHash
    let idempotencyKey: KeyedHash
    private var rulesCache = CompiledSiteRulesCache()
    private var verified = VerifiedCookies()
    var recentDailies = RecentDailies()
    private var isPrepared = false
    private(set) var rules: CompiledSiteRules
    private var ownOrigins = OwnOrigins()

    // Of the request, whatever the site.
    private var hasJar = false
    private(set) var jar = CookieJar()
    /// The bot step's verdict; its own to keep.
    var bot: BotVerdict?
    /// Stands for the user agent as long as the bot step remembers it; 0 where it does not.
    var agentSerial: UInt64 = 0
    /// The geo step's find; its own to keep.
    var place: PlacedTexts?
    var network: ArenaText?

    // Of the request and the site.
    private(set) var isExcluded = false
    /// The origin step's verdict on the request's `Origin`; its own to keep.
    var isOriginAllowed: Bool?
    /// The identifier in force: verified from the request, or made for an earlier event of it.
    var device: DeviceCookie?
    /// The cookie has been looked at.
    var isDeviceRead = false
    /// The device was made for this request.
    var isDeviceNew = false
    var daily: DailyHashes?

    init(secrets: Secrets) {
        cookieKey = KeyedHash(key: secrets.cookieKey)
        identifierKey = KeyedHash(key: secrets.identifierKey)
        idempotencyKey = KeyedHash(key: secrets.idempotencyKey)
        rules = CompiledSiteRules(Site(id: SiteID(0), key: "", name: "", domains: []))
    }

    func begin() {
        isPrepared = false
        hasJar = false
        bot = nil
        agentSerial = 0
        place = nil
        network = nil
    }

    /// Makes the request's and the site's facts ready; nothing to do for the second event of a batch.
    @inline(__always)
    func prepare(_ request: borrowing RequestFacts, _ site: Site) {
        if isPrepared, rules.site === site { return }
        prepareAnew(request, site)
    }

    private func prepareAnew(_ request: borrowing RequestFacts, _ site: Site) {
        rules = rulesCache.rules(for: site)
        readJar(request)
        isExcluded = rules.isExcluded(request.address)
        isOriginAllowed = nil
        device = nil
        isDeviceRead = false
        isDeviceNew = false
        daily = nil
        isPrepared = true
    }

    private func readJar(_ request: borrowing RequestFacts) {
        guard !hasJar else { return }
        jar = CookieJar(request.cookies)
        hasJar = true
    }

    /// An event of the request will need its cookie soon.
    func expect(_ request: borrowing RequestFacts) {
        readJar(request)
        if jar.deviceCount == 1 { verified.expect(request.cookies.extracting(jar.device)) }
    }

    /// Whether a URL is of one of the site's hosts, or relative and so of the page's.
    func isOwn(_ url: borrowing RawSpan) -> Bool {
        if ownOrigins.covers(url, rules) { return true }
        let parts = URLParts(url)
        guard parts.hasAuthority || !parts.scheme.isEmpty else { return true }
        guard rules.covers(host: url.extracting(parts.host)) else { return false }
        if parts.userInfo == nil, !parts.path.isEmpty { ownOrigins.remember(url, parts.path.lowerBound + 1, rules) }
        return true
    }

    /// The device cookie of the request, verified once. Two cookies of the name are none.
    func readDevice(_ request: borrowing RequestFacts, _ site: SiteID) {
        guard !isDeviceRead else { return }
        isDeviceRead = true
        guard jar.deviceCount == 1 else { return }
        device = verified.cookie(
            request.cookies.extracting(jar.device), site: site, key: cookieKey, now: request.receivedAt)
    }

    /// What a client's word is hashed for; keeps equal words of different kinds apart.
    enum HashUse: UInt8 {
        case anonymousID = 1
        case userID = 2
        case eventID = 3
    }

    func hash(_ text: borrowing RawSpan, as use: HashUse, for site: SiteID) -> ID128 {
        let key = use == .eventID ? idempotencyKey : identifierKey
        var message = key.begin()
        message.append(UInt64(site.rawValue) | UInt64(use.rawValue) << 32)
        message.append(text)
        return key.finish(message)
    }
}

/// The day's hashes of visitors seen lately: an HMAC costs more than most steps. Direct-mapped over 1,024 visitors, a
/// newcomer takes the place; 80 KiB a loop. A visitor is known by a keyed hash of site, address, agent and salts under
/// a key of this process, so no address is kept. Forgotten when the salt turns. Belongs to one event loop.
struct RecentDailies {
    private struct Entry {
        var key = ID128(low: 0, high: 0)
        var hashes = DailyHashes(generation: 0, current: ID128(low: 0, high: 0), previous: nil)
    }

    private let secret = ID128.random()
    private var entries = [Entry](repeating: Entry(), count: 1024)
    private var generation: UInt64 = 0

    /// What a visitor is known by; nil where the agent is not remembered.
    mutating func key(site: SiteID, address: IPAddress, agent: UInt64, salts generation: UInt64) -> ID128? {
        guard agent != 0 else { return nil }
        if self.generation != generation {
            self.generation = generation
            for slot in entries.indices { entries[slot] = Entry() }
        }
        var hash = SipHash(key: secret)
        hash.update(UInt64(site.rawValue))
        hash.update(address.high)
        hash.update(address.low)
        hash.update(agent)
        hash.update(generation)
        return hash.finish()
    }

    func hashes(of key: ID128) -> DailyHashes? {
        let slot = Int(truncatingIfNeeded: key.low & 1023)
        return entries[slot].key == key ? entries[slot].hashes : nil
    }

    mutating func keep(_ hashes: DailyHashes, of key: ID128) {
        entries[Int(truncatingIfNeeded: key.low & 1023)] = Entry(key: key, hashes: hashes)
    }
}

/// The cookieless hashes of one request under one pair of salts.
struct DailyHashes {
    var generation: UInt64
    var current: ID128
    var previous: ID128?
}

extension EventDraft {
    /// The request's address, agent and cookies are the visitor's own: not where a server or an import sends for
    /// others. The lines of an access log do describe the visitor; an imported event does where it states both.
    @inline(__always)
    func describesVisitor(_ request: borrowing RequestFacts) -> Bool {
        switch wireProtocol {
        case .accessLog: true
        case .importedEvents: knowsAddress && request.userAgent.byteCount > 0
        case .native, .pixel: !request.hasServerKey
        default: isFromServer ? knowsAddress && request.userAgent.byteCount > 0 : !request.hasServerKey
        }
    }

    /// The answer can set a cookie in the visitor's browser.
    @inline(__always)
    func answersVisitor(_ request: borrowing RequestFacts) -> Bool {
        switch wireProtocol {
        case .accessLog, .importedEvents: false
        case .native, .pixel: !request.hasServerKey
        default: !isFromServer && !request.hasServerKey
        }
    }
}
