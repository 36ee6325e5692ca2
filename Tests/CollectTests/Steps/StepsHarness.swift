import Catalog
import Collect
import Events
import Foundation

/// A browser's request, with the headers that the steps read.
struct SentRequest {
    static let chrome =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
    var receivedAt = Timestamp(milliseconds: 1_760_000_000_000)
    var address = "203.0.113.77"
    var userAgent = SentRequest.chrome
    var cookies = ""
    var origin = "https://shop.test"
    var referer = ""
    var purpose = ""
    var objectsGlobally = false
    var hasServerKey = false
    var isSecure = true
}

/// What a page says of one event.
struct SentEvent {
    var name = "pageview"
    var url = "https://shop.test/"
    var referrer = ""
    var title = ""
    var id = ""
    var anonymousID = ""
    var userID = ""
    var screen = ""
    var language = ""
    var properties: [(key: String, value: String)] = []
    var items: [(id: String, name: String)] = []
    var consent: Consent = .unknown
    var wireProtocol: WireProtocol = .native
    var occurredAt = Timestamp(milliseconds: 1_760_000_000_000)
}

/// What the steps made of it, copied out.
struct TakenEvent {
    var draft: EventDraft
    var url: String
    var referrer: String
    var title: String
    var name: String
    var id: String
    var country: String
    var network: [UInt8]
    var properties: [(key: String, value: String)]
    /// Every byte the draft points to, a newline after each text.
    var referenced: [UInt8]
}

/// One event loop's steps, with a clock that the test moves.
final class StepsHarness {
    let clock: ManualTimeSource
    let keeper: SaltKeeper
    let secrets: Secrets
    let directory: String
    /// Tells the steps of each request and its first event ahead, as the collector does.
    var looksAhead = false
    private var steps: PrivacySteps
    private var arena = TextArena()
    private var timings = StepTimings()
    /// The `Set-Cookie` value of the last request; nil where there was none.
    private(set) var setCookie: String?

    init(
        secrets: Secrets = .random(), now: Int64 = 1_760_000_000_000, geo: GeoSource = .none, replay: ReplaySalts? = nil
    ) throws {
        directory = NSTemporaryDirectory() + "highland-steps-\(UUID().uuidString)"
        clock = ManualTimeSource(wall: Timestamp(milliseconds: now))
        keeper = try SaltKeeper(directory: directory, clock: clock)
        self.secrets = secrets
        steps = PrivacySteps(secrets: secrets, salts: replay.map { .replay($0) } ?? .live(keeper), geo: geo)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The cookie header a browser would send after the last answer.
    var browserCookie: String { setCookie.map { String($0.prefix { $0 != ";" }) } ?? "" }

    func take(_ request: SentRequest = SentRequest(), _ site: Site, _ event: SentEvent) throws(CollectRefusal)
        -> TakenEvent
    {
        try take(request, site, [event])[0]
    }

    func take(_ request: SentRequest, _ site: Site, _ events: [SentEvent]) throws(CollectRefusal) -> [TakenEvent] {
        arena.removeAll()
        steps.beginRequest()
        var buffer: [UInt8] = []
        func put(_ text: String) -> Range<Int> {
            let start = buffer.count
            buffer += Array(text.utf8)
            return start..<buffer.count
        }
        let agent = put(request.userAgent)
        let cookies = put(request.cookies)
        let origin = put(request.origin)
        let referer = put(request.referer)
        let purpose = put(request.purpose)
        let headers = buffer
        let addressBytes = Array(request.address.utf8)
        var facts = RequestFacts(
            receivedAt: request.receivedAt, address: IPAddress(parsing: addressBytes.span.bytes) ?? IPAddress(ipv4: 0),
            none: headers.span.bytes)
        facts.userAgent = headers.span.bytes.extracting(agent)
        facts.cookies = headers.span.bytes.extracting(cookies)
        facts.origin = headers.span.bytes.extracting(origin)
        facts.referer = headers.span.bytes.extracting(referer)
        facts.purpose = headers.span.bytes.extracting(purpose)
        facts.objectsGlobally = request.objectsGlobally
        facts.hasServerKey = request.hasServerKey
        facts.isSecure = request.isSecure
        var cookie = CookieInstruction.none
        var taken: [TakenEvent] = []
        if looksAhead { steps.expect(facts) }
        for event in events {
            var draft = makeDraft(event)
            if looksAhead, taken.isEmpty { steps.expect(draft, for: site, arena: arena) }
            try steps.run(&draft, of: facts, for: site, arena: &arena, cookie: &cookie, timings: &timings)
            taken.append(copy(draft))
        }
        var header: [UInt8] = []
        let hasHeader = cookie.appendHeader(
            to: &header, arena: arena, isSecure: request.isSecure, now: request.receivedAt)
        setCookie = hasHeader ? String(decoding: header, as: UTF8.self) : nil
        return taken
    }

    /// Of the last events that were taken.
    func anonymousID(of draft: EventDraft) -> String { arena.string(draft.anonymousID) }

    private func text(_ string: String) -> ArenaText {
        guard !string.isEmpty else { return .absent }
        let bytes = Array(string.utf8)
        return arena.append(bytes.span.bytes)
    }

    private func makeDraft(_ event: SentEvent) -> EventDraft {
        var draft = EventDraft()
        draft.name = text(event.name)
        draft.url = text(event.url)
        draft.referrer = text(event.referrer)
        draft.title = text(event.title)
        draft.clientEventID = text(event.id)
        draft.anonymousID = text(event.anonymousID)
        draft.userID = text(event.userID)
        draft.screen = text(event.screen)
        draft.language = text(event.language)
        for (key, value) in event.properties {
            draft.properties.append(PropertyDraft(key: text(key), type: .string, value: text(value)))
        }
        for (id, name) in event.items {
            var item = ItemDraft()
            item.id = text(id)
            item.name = text(name)
            draft.items.append(item)
        }
        draft.statedConsent = event.consent
        draft.wireProtocol = event.wireProtocol
        draft.occurredAt = event.occurredAt
        return draft
    }

    private func copy(_ draft: EventDraft) -> TakenEvent {
        var texts = [
            draft.name, draft.url, draft.referrer, draft.title, draft.clientEventID, draft.anonymousID, draft.userID,
            draft.screen, draft.language, draft.currency, draft.country, draft.region, draft.city, draft.network,
        ]
        for property in draft.properties { texts += [property.key, property.value] }
        for item in draft.items { texts += [item.id, item.name] }
        var referenced: [UInt8] = []
        for text in texts { referenced += arena.bytes[text.range] + [0x0A] }
        return TakenEvent(
            draft: draft, url: arena.string(draft.url), referrer: arena.string(draft.referrer),
            title: arena.string(draft.title), name: arena.string(draft.name), id: arena.string(draft.clientEventID),
            country: arena.string(draft.country), network: Array(arena.bytes[draft.network.range]),
            properties: draft.properties.map { (arena.string($0.key), arena.string($0.value)) }, referenced: referenced)
    }
}

extension Site {
    /// The site of these tests.
    static func shop(
        id: UInt32 = 1, domains: [String] = ["shop.test"], unknown: UnknownConsentMode = .cookieless,
        consent: ConsentDefault = .unknown, parameters: [String] = [], excluded: [String] = []
    ) -> Site {
        Site(
            id: SiteID(id), key: "k\(id)", name: "Shop", domains: domains, unknownConsent: unknown,
            consentDefault: consent,
            allowedQueryParameters: parameters, excludedNetworks: excluded)
    }
}

extension Consent {
    /// These purposes granted, the others unknown.
    static func granting(_ purposes: Purpose...) -> Consent {
        var consent = Consent.unknown
        for purpose in purposes { consent[purpose] = .granted }
        return consent
    }

    static func with(_ purpose: Purpose, _ state: ConsentState) -> Consent {
        var consent = Consent.unknown
        consent[purpose] = state
        return consent
    }
}

/// Data from outside, where this machine has it.
enum OutsideData {
    static let geo = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../shared/data/geo")
        .standardized.path
    static let hasGeo = FileManager.default.fileExists(atPath: geo)
    static let hasTor = FileManager.default.fileExists(atPath: TorGeoDatabase.debianDirectory + "/geoip")
}
