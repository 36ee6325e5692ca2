internal import Catalog
internal import Collect
internal import Events
internal import Journal
internal import RequestParsing
internal import Serving

/// Answers the public plane on one event loop: finds the route, gives the request's facts to the collector, and holds the
/// answer back until the events are on disk.
final class PublicResponder: RequestResponder {
    let answers: PublicAnswers
    let shared: ServerState
    private let waiters: CommitWaiters
    private let journal: LoopJournal
    var catalog: CatalogReader
    var scripts: TagScriptsReader
    let tagAnswers: TagAnswers
    let scriptCounters: TagScriptCounters
    var collector: EdgeCollector
    let time: any TimeSource
    private var body: [UInt8] = []
    private var cookie: [UInt8] = []
    let foreignRoutes = ForeignRoutes()
    var foreignAnswer = ForeignAnswer()
    /// The absolute limit on what a body unpacks to.
    let bodyBytesMax: Int
    /// A foreign body that came zipped without saying so.
    var unzipped: [UInt8] = []
    private var origins: (generation: UInt64, list: OriginAllowList)
    /// The last origin that was asked about, and an answer with the header lines that it gets.
    private var lastOrigin: [UInt8] = []
    private var lastOriginLines: Response

    init(
        shared: ServerState, answers: PublicAnswers, tagAnswers: TagAnswers, waiters: CommitWaiters,
        journal: LoopJournal, collector: consuming EdgeCollector, scriptCounters: TagScriptCounters,
        bodyBytesMax: Int, time: any TimeSource
    ) {
        self.shared = shared
        self.answers = answers
        self.tagAnswers = tagAnswers
        self.scriptCounters = scriptCounters
        self.waiters = waiters
        self.journal = journal
        self.collector = collector
        self.bodyBytesMax = bodyBytesMax
        self.time = time
        catalog = shared.catalog.makeReader()
        scripts = shared.scripts.makeReader()
        let snapshot = catalog.current()
        origins = (snapshot.generation, OriginAllowList(snapshot))
        lastOriginLines = Response(answers.preflight)
    }

    func respond(to request: borrowing Request, slot: ResponseSlot) -> ResponseDecision {
        guard let path = withoutPrefix(request.path) else { return .now(Response(answers.notFound)) }
        if let name = Self.scriptPath(path) { return .now(script(name, request)) }
        guard let route = PublicRoute(path) else {
            guard let route = foreignRoutes.route(path, method: request.method) else {
                return .now(Response(answers.notFound))
            }
            return foreign(route, path: path, request, slot)
        }
        switch (route, request.method) {
        case (.pixel, .get), (.pixel, .head): return pixel(request, slot)
        case (.collect, .post): return collect(request, slot)
        case (.collect, .options), (.pixel, .options): return .now(preflight(request))
        case (.alive, .get), (.alive, .head): return .now(Response(answers.alive))
        case (.ready, .get), (.ready, .head): return .now(shared.readiness())
        case (.robots, .get), (.robots, .head): return .now(Response(answers.robots))
        case (.securityText, .get), (.securityText, .head):
            return .now(shared.securityText(host: request.header(.host).text))
        default: return .now(Response(answers.methodNotAllowed(route)))
        }
    }

    func endTurn() { journal.endTurn() }

    // MARK: collect

    private func pixel(_ request: borrowing Request, _ slot: ResponseSlot) -> ResponseDecision {
        let snapshot = catalog.current()
        let facts = requestFacts(request)
        let outcome = collector.collectPixel(query: request.query, of: facts, catalog: snapshot)
        var response = Response(outcome.status == .unavailable ? answers.pixelUnavailable : answers.pixel)
        addCookie(outcome.cookie, to: &response, of: facts)
        return answer(response, after: outcome, slot)
    }

    private func collect(_ request: borrowing Request, _ slot: ResponseSlot) -> ResponseDecision {
        let snapshot = catalog.current()
        var facts = requestFacts(request)
        let authorization = request.header(.authorization)
        if authorization.byteCount > 0 {
            guard let principal = snapshot.principal(authorization: authorization), principal.role.has(.writeEvents)
            else {
                collector.refuseRequest(.wrongKey, of: facts)
                var response = Response(answers.wrongKey)
                allowOrigin(request, snapshot, &response)
                return .now(response)
            }
            facts.principal = principal
            facts.hasServerKey = true
        }
        let outcome = collector.collectBody(request.body, of: facts, catalog: snapshot)
        var response = collectResponse(outcome)
        addCookie(outcome.cookie, to: &response, of: facts)
        allowOrigin(request, snapshot, &response)
        return answer(response, after: outcome, slot)
    }

    /// Answers at once what wrote nothing, and the rest when its batch is on disk.
    func answer(_ response: Response, after outcome: CollectOutcome, _ slot: ResponseSlot) -> ResponseDecision {
        guard case .pending(let batch, _) = outcome.receipt else { return .now(response) }
        waiters.wait(for: batch, slot: slot, response: response)
        return .later
    }

    private func collectResponse(_ outcome: CollectOutcome) -> Response {
        if let template = answers.accepted(outcome) { return Response(template) }
        body.removeAll(keepingCapacity: true)
        collector.writeAnswer(outcome, into: &body)
        let retry = outcome.status == .unavailable ? [("Retry-After", "1")] : []
        let response = try? Response(
            status: UInt16(outcome.status.code), headers: PublicAnswers.collectHeaders + retry, body: body)
        return response ?? Response(answers.unavailable)
    }

    /// `Set-Cookie` as the identifier step decided.
    private func addCookie(
        _ instruction: CookieInstruction, to response: inout Response, of facts: borrowing RequestFacts
    ) {
        guard instruction != .none else { return }
        cookie.removeAll(keepingCapacity: true)
        if collector.appendCookie(instruction, to: &cookie, isSecure: facts.isSecure, now: facts.receivedAt) {
            let value = cookie
            response.addField("Set-Cookie", value.span.bytes)
        }
    }

    // MARK: origins

    /// The exact allow-list: an origin whose host is one of a site's domains or below it; no wildcard, never echoed otherwise.
    private func allowOrigin(_ request: borrowing Request, _ snapshot: CatalogSnapshot, _ response: inout Response) {
        allow(request.header(.origin), snapshot, &response)
    }

    /// Lets a page of `origin` read the answer, where that is one of a site's domains.
    func allow(_ origin: RawSpan, _ snapshot: CatalogSnapshot, _ response: inout Response) {
        guard origin.byteCount > 0 else { return }
        if origins.generation != snapshot.generation {
            origins = (snapshot.generation, OriginAllowList(snapshot))
            lastOrigin = []
        }
        let known = lastOrigin
        if !origin.equals(known.span.bytes) {
            lastOriginLines = originLines(origin)
            lastOrigin = origin.array
        }
        response.addFields(of: lastOriginLines)
    }

    private func originLines(_ origin: RawSpan) -> Response {
        var response = Response(answers.preflight)
        response.addField("Vary", "Origin")
        guard origins.list.allows(origin) else { return response }
        response.addField("Access-Control-Allow-Origin", origin)
        response.addField("Access-Control-Allow-Credentials", "true")
        return response
    }

    private func preflight(_ request: borrowing Request) -> Response {
        var response = Response(answers.preflight)
        allowOrigin(request, catalog.current(), &response)
        return response
    }

    // MARK: facts

    @_lifetime(copy request)
    func requestFacts(_ request: borrowing Request) -> RequestFacts {
        var facts = RequestFacts(receivedAt: time.wallClock(), address: request.address, none: request.none)
        facts.isSecure = request.isSecure
        let objection = request.header(.globalPrivacyControl)
        facts.objectsGlobally = objection.byteCount == 1 && objection.byte(at: 0) == UInt8(ascii: "1")
        facts.userAgent = request.header(.userAgent)
        facts.cookies = request.cookies
        facts.origin = request.header(.origin)
        facts.referer = request.header(.referer)
        facts.acceptLanguage = request.header(.acceptLanguage)
        facts.purpose =
            request.has(.secPurpose)
            ? request.header(.secPurpose)
            : request.has(.purpose) ? request.header(.purpose) : request.header(.mozillaPurpose)
        facts.platform = request.header(.clientHintPlatform)
        facts.platformVersion = request.header(.clientHintPlatformVersion)
        facts.model = request.header(.clientHintModel)
        facts.mobile = request.header(.clientHintMobile)
        facts.brands =
            request.has(.clientHintFullVersionList)
            ? request.header(.clientHintFullVersionList) : request.header(.clientHintBrands)
        return facts
    }
}
