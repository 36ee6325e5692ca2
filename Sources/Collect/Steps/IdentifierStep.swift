package import Catalog
internal import Events

/// Gives an event the identifiers its consent to measurement allows, then cuts the address.
///
///     measurement          visitor's browser                          server key or import
///     granted              device from the signed cookie, or a new     device and user from keyed hashes of the client's
///                          one set by the answer; user hash            anonymousID and userID
///     unknown              `cookieless`: the day's hash; `none`: -     the same with a server key, else nothing
///     denied, objected     nothing; a cookie there is expired         nothing
///
/// The clients of other products name their visitors themselves: the device is the keyed hash of that name, in a browser
/// too, and no cookie is set.
///
/// Bots and prefetches have the day's hash only, and no cookie. A sender that is no web page (no `Origin`, no
/// `Referer`, no cookie) and names an `anonymousID` keeps no cookies: its device is the keyed hash of that id. A signed
/// cookie is never made from a client's word, so that nobody can have one made for somebody else's device.
///
/// A device first set less than a visit timeout ago carries the day's hash as well, where the site keeps it for unknown
/// consent: that is the bridge by which Visits continue a visit that was open when consent came. What lies before that
/// visit is not linked. For the visit timeout after the salt turns, the day's hash comes with yesterday's.
///
/// Cost: at most one HMAC to verify, one or two for the day's hash, one a claim; none for the batch's other events.
package struct IdentifierStep: CollectStep {
    package static let name = CollectStepName.identifier
    private let visitor: VisitorState
    private let salts: DaySaltSource
    /// What the request's answer does to the cookie: the last event that calls for something decides.
    private(set) var cookie = CookieInstruction.none

    init(_ visitor: VisitorState, salts: DaySaltSource) {
        self.visitor = visitor
        self.salts = salts
    }

    mutating func beginRequest() { cookie = .none }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        visitor.prepare(request, site)
        let measurement = draft.consent[.measurement]
        defer { draft.userID = .absent }
        guard measurement == .granted || measurement == .unknown else {
            refuse(&draft, request)
            return
        }
        if draft.describesVisitor(request) { addNetwork(&draft, request, &arena) }
        if !draft.answersVisitor(request) {
            claim(&draft, request, site, arena)
            if draft.describesVisitor(request), draft.deviceID == nil { addDaily(&draft, request, site) }
        } else if visitor.bot?.isBot ?? false {
            addDaily(&draft, request, site)
        } else if measurement == .granted {
            addDevice(&draft, request, site, &arena)
            draft.userHash = hash(draft.userID, .userID, site, arena)
            draft.claimedHash = hash(draft.previousUserID, .userID, site, arena)
        } else {
            addDaily(&draft, request, site)
        }
        if measurement != .granted { draft.anonymousID = .absent }
    }

    private mutating func refuse(_ draft: inout EventDraft, _ request: borrowing RequestFacts) {
        draft.anonymousID = .absent
        guard draft.answersVisitor(request), !(visitor.bot?.isBot ?? false) else { return }
        cookie = visitor.jar.deviceCount > 0 ? .expire : .none
        visitor.device = nil
        visitor.isDeviceRead = true
        visitor.isDeviceNew = false
    }

    private func claim(
        _ draft: inout EventDraft, _ request: borrowing RequestFacts, _ site: Site, _ arena: borrowing TextArena
    ) {
        guard draft.consent.grants(.measurement) || request.hasServerKey else { return }
        draft.deviceID = hash(draft.anonymousID, .anonymousID, site, arena)
        draft.userHash = hash(draft.userID, .userID, site, arena)
        draft.claimedHash = hash(draft.previousUserID, .userID, site, arena)
    }

    private mutating func addDevice(
        _ draft: inout EventDraft, _ request: borrowing RequestFacts, _ site: Site, _ arena: inout TextArena
    ) {
        if draft.wireProtocol.isForeign {
            addForeignDevice(&draft, request, site, arena)
            return
        }
        if visitor.device == nil, !draft.anonymousID.isAbsent, draft.anonymousID.count > 0,
            request.origin.byteCount == 0, request.referer.byteCount == 0, request.cookies.byteCount == 0
        {
            draft.deviceID = hash(draft.anonymousID, .anonymousID, site, arena)
            return
        }
        let stored = visitor.device?.consent ?? .unknown
        let stated = ConsentStep.merge(draft.statedConsent, over: stored)
        var device = visitor.device ?? DeviceCookie(id: .random(), firstSet: request.receivedAt, consent: stated)
        if visitor.device == nil { visitor.isDeviceNew = true }
        if visitor.device == nil || stated != stored {
            device.consent = stated
            let text = device.text(site: site.id, key: visitor.cookieKey)
            cookie = .set(arena.append(text.span.bytes))
        }
        visitor.device = device
        draft.deviceID = device.id
        if visitor.isDeviceNew { draft.flags.insert(.newDevice) }
        let age = device.ageMilliseconds(at: request.receivedAt)
        if site.unknownConsent == .cookieless, age < SaltKeeper.visitTimeoutMilliseconds {
            addDaily(&draft, request, site)
        }
    }

    /// A foreign client keeps its own identifier and mostly sends no cookies: the keyed hash of it is the device, and no
    /// cookie is set. Where it has none, our cookie is, if it came along, else the day's hash.
    private func addForeignDevice(
        _ draft: inout EventDraft, _ request: borrowing RequestFacts, _ site: Site, _ arena: borrowing TextArena
    ) {
        draft.deviceID = hash(draft.anonymousID, .anonymousID, site, arena) ?? visitor.device?.id
        if draft.deviceID == nil { addDaily(&draft, request, site) }
    }

    /// The hash of the day's salt, where the site keeps one for this consent.
    private func addDaily(_ draft: inout EventDraft, _ request: borrowing RequestFacts, _ site: Site) {
        guard site.unknownConsent == .cookieless || draft.consent.grants(.measurement) else { return }
        let salts: DaySalts
        let now: Timestamp
        switch self.salts {
        case .live(let keeper): (salts, now) = (keeper.salts(), request.receivedAt)
        case .replay(let replay): (salts, now) = (replay.salts(at: draft.occurredAt), draft.occurredAt)
        }
        let wantsPrevious = salts.previous != nil && now < salts.previousUntil
        let hashes = dailies(salts, wantsPrevious: wantsPrevious, request, site)
        draft.dailyID = hashes.current
        if wantsPrevious { draft.previousDailyID = hashes.previous }
    }

    /// The request's hashes: as found for another event of it, or for another request of the visitor, or made now.
    private func dailies(
        _ salts: DaySalts, wantsPrevious: Bool, _ request: borrowing RequestFacts, _ site: Site
    ) -> DailyHashes {
        if let known = visitor.daily, known.generation == salts.generation, !wantsPrevious || known.previous != nil {
            return known
        }
        let key = visitor.recentDailies.key(
            site: site.id, address: IdentifierStep.hashedAddress(request.address), agent: visitor.agentSerial,
            salts: salts.generation)
        if let key, let known = visitor.recentDailies.hashes(of: key), !wantsPrevious || known.previous != nil {
            visitor.daily = known
            return known
        }
        var made = DailyHashes(
            generation: salts.generation, current: IdentifierStep.daily(salts.current, request, site.id), previous: nil)
        if wantsPrevious, let previous = salts.previous {
            made.previous = IdentifierStep.daily(previous, request, site.id)
        }
        if let key { visitor.recentDailies.keep(made, of: key) }
        visitor.daily = made
        return made
    }

    /// An IPv6 network hands out a /64, whose last half changes by itself.
    private static func hashedAddress(_ address: IPAddress) -> IPAddress {
        address.isIPv4 ? address : address.masked(toPrefix: 64)
    }

    /// HMAC(salt, site, IPv4 address or IPv6 /64, user agent cut at 512 bytes).
    private static func daily(_ salt: KeyedHash, _ request: borrowing RequestFacts, _ site: SiteID) -> ID128 {
        let address = hashedAddress(request.address)
        var message = salt.begin()
        message.append(UInt64(site.rawValue))
        message.append(address.high)
        message.append(address.low)
        message.append(request.userAgent.extracting(first: min(request.userAgent.byteCount, BotStep.userAgentBytesMax)))
        return salt.finish(message)
    }

    private func hash(
        _ text: ArenaText, _ use: VisitorState.HashUse, _ site: Site, _ arena: borrowing TextArena
    ) -> ID128? {
        guard !text.isAbsent, text.count > 0 else { return nil }
        return visitor.hash(arena.bytes.span.bytes.extracting(text.range), as: use, for: site.id)
    }

    /// IPv4 /24 as 4 bytes, IPv6 /48 as 16, in network order: nothing else of the address is written anywhere.
    private func addNetwork(_ draft: inout EventDraft, _ request: borrowing RequestFacts, _ arena: inout TextArena) {
        if visitor.network == nil {
            let address = request.address
            let cut = address.masked(toPrefix: address.isIPv4 ? 24 : 48)
            visitor.network =
                address.isIPv4
                ? IdentifierStep.append(UInt32(truncatingIfNeeded: cut.low).bigEndian, to: &arena)
                : IdentifierStep.append((cut.high.bigEndian, cut.low.bigEndian), to: &arena)
        }
        draft.network = visitor.network ?? .absent
    }

    private static func append<Word: BitwiseCopyable>(_ word: Word, to arena: inout TextArena) -> ArenaText {
        withUnsafeBytes(of: word) { arena.append($0.bytes) }
    }
}
