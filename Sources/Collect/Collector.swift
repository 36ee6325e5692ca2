package import Catalog
package import Events
package import Journal
internal import RequestParsing

/// The edge of one event loop: takes a request's events through every step and hands what is accepted to the journal
/// in one append.
///
///     pixel query ─┐
///                  ├─> draft ─> site ─> limits ─> time ─> Steps (origin … identifier) ─> cut ─> encode ─┐   per event
///     body ────────┘                                                                                   │
///     answer <── outcome <── journal.append(all accepted) <────────────────────────────────────────────┘   per request
///
/// Belongs to one event loop: no locks but the ledger's, no allocation once the buffers have grown. Generic over the
/// composition of steps so that calls are direct; use it with one concrete composition inside this module, because a
/// generic type of another module is not specialised.
///
/// A source that is neither pixel nor native body (an import) fills `draft` and `arena` itself: `begin`, then for each
/// event `offerDraft`, then `commit`.
package struct Collector<Steps: CollectSteps & ~Copyable>: ~Copyable {
    /// The event being worked on.
    package var draft = EventDraft()
    /// The text of all events of the request; a cookie to be set points into it.
    package var arena = TextArena()
    package let ledger: CollectLedger
    package var steps: Steps

    private let journal: any EventJournal
    let limits: CollectLimits
    private let siteStep = SiteStep()
    private var limitsStep: LimitsStep
    private var timeStep = TimeStep()
    private var encodeStep: EncodeStep
    private var pending = PendingRecords()
    private var staged: [StagedVerdict] = []
    private var timings = StepTimings()
    private var cookie = CookieInstruction.none
    /// The reason and the number of events where a body is refused as a whole.
    private var wholeRefusal: (reason: Rejection, offered: Int)?
    private var offered = 0

    /// - idempotencySecret: the installation's key of client event ids; the same over restarts.
    /// - ledger: where counters and verdicts go; one for each collector.
    package init(
        steps: consuming Steps, journal: any EventJournal, idempotencySecret: ID128,
        limits: CollectLimits = CollectLimits(), ledger: CollectLedger = CollectLedger()
    ) {
        self.steps = steps
        self.journal = journal
        self.limits = limits
        self.ledger = ledger
        limitsStep = LimitsStep(limits)
        encodeStep = EncodeStep(secret: idempotencySecret)
    }

    /// Takes `GET /collect.gif`; `query` is without its `?`. The answer is the GIF whatever the outcome. Where the query
    /// begins with `event=`, the rest is a body of `POST /collect`, percent-encoded, from a page that may send nothing but
    /// images; it is decoded into an array of its own.
    package mutating func collectPixel(
        query: RawSpan, of request: borrowing RequestFacts, catalog: CatalogSnapshot
    ) -> CollectOutcome {
        let event: StaticString = "event="
        let count = event.utf8CodeUnitCount
        if query.byteCount > count, query.extracting(0..<count).equals(event) {
            var json: [UInt8] = []
            PercentDecoding.append(query.extracting(count..<query.byteCount), plusIsSpace: false, to: &json)
            return collectBody(json.span.bytes, of: request, catalog: catalog)
        }
        beginRequest()
        steps.expect(request)
        do throws(Rejection) {
            try PixelTranslation.translate(query, referer: request.referer, limits: limits, into: &draft, arena: &arena)
            timings.lap(.parse)
            offerDraft(of: request, catalog: catalog)
        } catch {
            refuse(error, at: .parse, catalog: catalog)
        }
        return commit(of: request)
    }

    /// Takes the body of `POST /collect`, already unzipped; `NativeBody` says what it may be.
    package mutating func collectBody(
        _ bytes: RawSpan, of request: borrowing RequestFacts, catalog: CatalogSnapshot
    ) -> CollectOutcome {
        begin()
        steps.expect(request)
        var body = NativeBody(bytes, referer: request.referer, limits: limits)
        reading: while true {
            let step = body.next(into: &draft, arena: &arena)
            timings.lap(.parse)
            if step == .end { break }
            if case .broken(let reason) = step {
                refuseWhole(reason)
                break
            }
            guard offered < limits.eventsMax else {
                refuseWhole(.tooManyEvents)
                break
            }
            if case .refused(let reason) = step {
                refuse(reason, at: .parse, catalog: catalog)
            } else {
                offerDraft(of: request, catalog: catalog)
            }
        }
        return commit(of: request)
    }

    /// Refuses a request before its body is read: one event offered, one refused.
    package mutating func refuseRequest(_ reason: Rejection, of request: borrowing RequestFacts) {
        begin()
        draft.reset()
        refuse(reason, at: .site)
        _ = commit(of: request)
    }

    /// Forgets the request before.
    package mutating func begin() {
        // Its texts lie in the arena: they go together.
        draft.reset()
        beginRequest()
    }

    /// The same but for the draft, which the translator is about to reset.
    private mutating func beginRequest() {
        steps.beginRequest()
        encodeStep.beginRequest()
        arena.removeAll()
        pending.removeAll()
        staged.removeAll(keepingCapacity: true)
        cookie = .none
        wholeRefusal = nil
        offered = 0
        timings.begin()
    }

    /// The next events of this request are somebody else's: forgets what was known of the visitor, keeps the events. For
    /// imports, whose batches hold many visitors.
    package mutating func beginVisitor() {
        steps.beginRequest()
        encodeStep.beginRequest()
    }

    /// Takes the draft through the steps: it waits for `commit`, or is refused and counted.
    package mutating func offerDraft(of request: borrowing RequestFacts, catalog: CatalogSnapshot) {
        do throws(CollectRefusal) {
            let site = try process(of: request, catalog: catalog)
            stage(site: site, step: .encode, reason: nil)
        } catch {
            refuse(error.reason, at: error.step, catalog: catalog)
        }
    }

    /// The event at hand cannot be read: it is refused and counted, others may follow.
    mutating func refuseDraft(_ reason: Rejection) {
        if hasRoom() { refuse(reason, at: .parse) }
    }

    /// Nothing of the request can be taken, what was offered before included.
    mutating func refuseBody(_ reason: Rejection) {
        if wholeRefusal == nil { refuseWhole(reason) }
    }

    /// Whether one more event may follow; one beyond the limit refuses the whole request.
    mutating func hasRoom() -> Bool {
        guard wholeRefusal == nil else { return false }
        if offered < limits.eventsMax { return true }
        refuseWhole(.tooManyEvents)
        return false
    }

    /// Hands the accepted events to the journal and adds the request to the ledger.
    package mutating func commit(of request: borrowing RequestFacts) -> CollectOutcome {
        var outcome = CollectOutcome()
        var isTransient = false
        if let wholeRefusal {
            outcome.offered = wholeRefusal.offered
            outcome.refused = wholeRefusal.offered
        } else {
            outcome.offered = offered
            if !pending.entries.isEmpty {
                do throws(JournalRefusal) {
                    let receipt = try journal.append(pending)
                    outcome.receipt = receipt
                    outcome.accepted = pending.entries.count
                    outcome.duplicates = receipt.duplicates
                    outcome.cookie = cookie
                } catch {
                    isTransient = true
                    refuseWaiting(error.rejection)
                }
                timings.lap(.journal)
            }
            outcome.refused = offered - outcome.accepted
        }
        outcome.status = CollectStatus(accepted: outcome.accepted, rejected: outcome.refused, isTransient: isTransient)
        ledger.record(
            outcome, staged, text: arena.bytes, receivedAt: request.receivedAt,
            timings: timings.isSampling ? timings : nil)
        return outcome
    }

    /// Appends `{"accepted":n,"rejected":[{"index":i,"reason":"…"}]}`: the answer to `POST /collect`. Indices are
    /// places in the body, from 0. A body refused as a whole has one entry, the place where reading ended.
    package func writeAnswer(_ outcome: CollectOutcome, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"accepted\":".utf8)
        CollectAnswer.append(outcome.accepted, to: &bytes)
        bytes.append(contentsOf: ",\"rejected\":[".utf8)
        var isFirst = true
        for verdict in staged {
            guard let reason = verdict.reason else { continue }
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(contentsOf: "{\"index\":".utf8)
            CollectAnswer.append(verdict.index, to: &bytes)
            bytes.append(contentsOf: ",\"reason\":\"".utf8)
            bytes.append(contentsOf: reason.rawValue.utf8)
            bytes.append(contentsOf: "\"}".utf8)
        }
        bytes.append(contentsOf: "]}".utf8)
    }

    /// The refused events of the last request, in the order of their places.
    package var rejections: [(index: Int, reason: Rejection)] {
        staged.compactMap { verdict in verdict.reason.map { (verdict.index, $0) } }
    }

    // MARK: one event

    private mutating func process(
        of request: borrowing RequestFacts, catalog: CatalogSnapshot
    ) throws(CollectRefusal) -> SiteID {
        let site: Site
        do throws(Rejection) {
            site = try siteStep.site(of: &draft, arena: arena, request: request, catalog: catalog)
        } catch { throw CollectRefusal(error, at: .site) }
        // The memory that takes longest to come; of later events it is asked for together.
        if offered == 0 {
            steps.expect(draft, for: site, arena: arena)
            if let key = encodeStep.expectedKey(&draft, for: site, arena: arena) { journal.expect(key) }
        }
        timings.lap(.site)
        do throws(Rejection) {
            try limitsStep.run(&draft, of: request, for: site, arena: &arena)
        } catch { throw CollectRefusal(error, at: .limits) }
        timings.lap(.limits)
        do throws(Rejection) {
            try timeStep.run(&draft, of: request, for: site, arena: &arena)
        } catch { throw CollectRefusal(error, at: .time) }
        timings.lap(.time)
        try steps.run(&draft, of: request, for: site, arena: &arena, cookie: &cookie, timings: &timings)
        limitsStep.cut(&draft, arena: arena)
        do throws(Rejection) {
            try encodeStep.run(&draft, of: request, for: site, arena: arena, into: &pending)
        } catch { throw CollectRefusal(error, at: .encode) }
        timings.lap(.encode)
        return site.id
    }

    private mutating func refuse(_ reason: Rejection, at step: CollectStepName, catalog: CatalogSnapshot? = nil) {
        let key = draft.siteKey
        let site = key.count > 0 ? catalog?.site(key: arena.bytes.span.bytes.extracting(key.range))?.id : nil
        stage(site: site, step: step, reason: reason)
    }

    private mutating func stage(site: SiteID?, step: CollectStepName, reason: Rejection?) {
        staged.append(
            StagedVerdict(
                index: offered, site: site, name: draft.name, url: draft.url, location: draft.location,
                flags: draft.flags, wireProtocol: draft.wireProtocol, step: step,
                reason: reason))
        offered += 1
    }

    // MARK: a whole request

    /// Nothing of the body is taken: all its events so far and the one at hand are refused for the same reason.
    private mutating func refuseWhole(_ reason: Rejection) {
        pending.removeAll()
        encodeStep.beginRequest()
        staged.removeAll(keepingCapacity: true)
        cookie = .none
        wholeRefusal = (reason, offered + 1)
        draft.reset()
        stage(site: nil, step: .parse, reason: reason)
    }

    /// The journal took nothing: what waited for it is refused for now.
    private mutating func refuseWaiting(_ reason: Rejection) {
        for index in staged.indices where staged[index].reason == nil {
            staged[index].reason = reason
            staged[index].step = .journal
        }
    }
}

/// Writes numbers into an answer.
enum CollectAnswer {
    /// Appends a number that is not negative, in decimal digits.
    static func append(_ number: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(48 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

extension AppendReceipt {
    /// How many of the request's events the journal had.
    var duplicates: Int {
        switch self {
        case .pending(_, let duplicates), .durable(let duplicates): duplicates
        }
    }
}

extension JournalRefusal {
    /// The reason that answers and metrics give for it.
    var rejection: Rejection {
        switch self {
        case .queueFull: .queueFull
        case .noSpace: .noSpace
        case .lagging: .projectionLag
        case .failed: .journalFailed
        case .closed: .shuttingDown
        }
    }
}
