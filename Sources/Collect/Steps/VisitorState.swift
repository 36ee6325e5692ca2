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
    private var rulesCache = SiteRulesCache()
    private var verified = VerifiedCookies()
    private var isPrepared = false
    private(set) var rules: SiteRules
    private var ownOrigins = OwnOrigins()

    // Of the request, whatever the site.
    private var hasJar = false
    private(set) var jar = CookieJar()
    /// The bot step's verdict; its own to keep.
    var bot: BotVerdict?
    /// The geo step's find; its own to keep.
    var place: PlacedTexts?
    var network: ArenaText?

    // Of the request and the site.
    private(set) var isExcluded = false
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
        rules = SiteRules(Site(id: SiteID(0), key: "", name: "", domains: []))
    }

    func begin() {
        isPrepared = false
        hasJar = false
        bot = nil
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
        if !hasJar {
            jar = CookieJar(request.cookies)
            hasJar = true
        }
        isExcluded = rules.isExcluded(request.address)
        device = nil
        isDeviceRead = false
        isDeviceNew = false
        daily = nil
        isPrepared = true
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

/// The cookieless hashes of one request under one pair of salts.
struct DailyHashes {
    var generation: UInt64
    var current: ID128
    var previous: ID128?
}

extension EventDraft {
    /// The request's address, agent and cookies are the visitor's own: not where a server or an import sends for
    /// others. The lines of an access log do describe the visitor; an imported event does where it states both.
    func describesVisitor(_ request: borrowing RequestFacts) -> Bool {
        switch wireProtocol {
        case .accessLog: true
        case .importedEvents: knowsAddress && request.userAgent.byteCount > 0
        case .native, .pixel: !request.hasServerKey
        }
    }

    /// The answer can set a cookie in the visitor's browser.
    func answersVisitor(_ request: borrowing RequestFacts) -> Bool {
        describesVisitor(request) && wireProtocol != .accessLog && wireProtocol != .importedEvents
    }
}
