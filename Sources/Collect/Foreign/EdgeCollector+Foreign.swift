internal import Catalog
internal import Events
internal import RequestParsing

/// What a foreign request has shown of its sender so far.
struct ForeignSender {
    /// Whose key the request carries in the protocol's own place.
    var principal: Principal?
    /// The request comes from a library on a server: its address, agent and cookies are no visitor's.
    var isServer = false
    /// What the translation tells its own answer, in the protocol's own bits.
    var note: UInt8 = 0
    /// The identifier that the protocol keeps in a cookie of its own: its answer may set it again.
    var cookieID = ArenaText.absent
}

extension EdgeCollector {
    /// Takes a request of a foreign client and says what it hears.
    package mutating func collectForeign(
        _ route: ForeignRoute, _ request: borrowing ForeignRequest, answer: inout ForeignAnswer
    ) -> CollectOutcome {
        let one = ForeignProtocols.all[route.index]
        collector.begin()
        sender = ForeignSender()
        sender.isServer = EdgeCollector.isServer(request.facts)
        one.translate(request, into: &self)
        let outcome = collector.commit(of: request.facts)
        answer.reset()
        one.answer(request, outcome, of: self, into: &answer)
        return outcome
    }

    /// A browser sends where a page stands, or keeps cookies, or has a browser's agent; a library does none of it.
    private static func isServer(_ facts: borrowing RequestFacts) -> Bool {
        guard facts.origin.byteCount == 0, facts.referer.byteCount == 0, facts.cookies.byteCount == 0 else {
            return false
        }
        return !isBrowser(facts.userAgent)
    }

    /// The agent names itself as Mozilla has since 1994.
    static func isBrowser(_ agent: RawSpan) -> Bool {
        agent.byteCount >= 8 && agent.extracting(first: 8).equalsIgnoringCase("mozilla/")
    }

    // MARK: for translations

    /// The event at hand; texts lie in `arena`.
    var draft: EventDraft {
        _read { yield collector.draft }
        _modify { yield &collector.draft }
    }

    var arena: TextArena {
        _read { yield collector.arena }
        _modify { yield &collector.arena }
    }

    /// Forgets the draft before.
    mutating func beginEvent(_ protocol: any ForeignProtocol.Type) {
        collector.draft.reset()
        collector.draft.wireProtocol = `protocol`.wire
        collector.draft.aliases = `protocol`.aliases
    }

    /// The request carries a key of this installation in the protocol's own place; true where it may write events. The
    /// rights are those of a server key.
    mutating func authorize(_ key: RawSpan, _ request: borrowing ForeignRequest) -> Bool {
        guard let principal = request.catalog.principal(key: key), principal.role.has(.writeEvents) else {
            return false
        }
        sender.principal = principal
        sender.isServer = true
        return true
    }

    /// Takes the draft through the steps. Its site is named by `siteKey`: the alias, or the site's own key.
    mutating func offer(_ request: borrowing ForeignRequest) {
        guard collector.hasRoom() else { return }
        collector.draft.isFromServer = sender.isServer
        guard sender.isServer || !collector.draft.userAgent.isAbsent else {
            return collector.offerDraft(of: request.facts, catalog: request.catalog)
        }
        // The event's own agent and address stand for the request's; what the steps remember of the request does not
        // hold for it.
        var agent: [UInt8] = []
        agent.append(collector.arena.bytes.span.bytes, collector.draft.userAgent.range)
        var facts = EdgeCollector.facts(request.facts, agent: agent.span.bytes)
        facts.principal = sender.principal ?? facts.principal
        facts.hasServerKey = facts.principal != nil
        if let address = collector.draft.address, facts.hasServerKey { facts.address = address }
        collector.draft.knowsAddress = collector.draft.address != nil && facts.hasServerKey
        collector.beginVisitor()
        collector.offerDraft(of: facts, catalog: request.catalog)
        collector.beginVisitor()
    }

    /// The same request with another agent, which has no hints.
    @_lifetime(copy facts, copy agent)
    private static func facts(_ facts: borrowing RequestFacts, agent: RawSpan) -> RequestFacts {
        var changed = RequestFacts(receivedAt: facts.receivedAt, address: facts.address, none: agent)
        changed.isSecure = facts.isSecure
        changed.objectsGlobally = facts.objectsGlobally
        changed.hasServerKey = facts.hasServerKey
        changed.principal = facts.principal
        changed.userAgent = agent
        changed.cookies = facts.cookies
        changed.origin = facts.origin
        changed.referer = facts.referer
        changed.acceptLanguage = facts.acceptLanguage
        changed.purpose = facts.purpose
        return changed
    }

    /// One event of the request cannot be read.
    mutating func refuse(_ reason: Rejection) { collector.refuseDraft(reason) }

    /// Nothing of the request can be taken.
    mutating func refuseWhole(_ reason: Rejection) { collector.refuseBody(reason) }
}
