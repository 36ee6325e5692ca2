package import Catalog
package import Events
package import Journal

/// The collector with the steps that the public plane runs: a concrete type, so that callers in other modules reach code
/// that was specialised here. Belongs to one event loop.
package struct EdgeCollector: ~Copyable {
    var collector: Collector<PrivacySteps>
    /// Of the foreign request at hand.
    var sender = ForeignSender()

    /// - ledger: where this loop's counters and verdicts go.
    package init(
        secrets: Secrets, salts: DaySaltSource, geo: GeoSource, journal: any EventJournal,
        limits: CollectLimits = CollectLimits(),
        ledger: CollectLedger = CollectLedger()
    ) {
        collector = Collector(
            steps: PrivacySteps(secrets: secrets, salts: salts, geo: geo), journal: journal,
            idempotencySecret: secrets.idempotencySipKey, limits: limits, ledger: ledger)
    }

    /// `GET /collect.gif`; see `Collector.collectPixel`.
    package mutating func collectPixel(
        query: RawSpan, of request: borrowing RequestFacts, catalog: CatalogSnapshot
    ) -> CollectOutcome {
        collector.collectPixel(query: query, of: request, catalog: catalog)
    }

    /// `POST /collect`; see `Collector.collectBody`.
    package mutating func collectBody(
        _ bytes: RawSpan, of request: borrowing RequestFacts, catalog: CatalogSnapshot
    ) -> CollectOutcome {
        collector.collectBody(bytes, of: request, catalog: catalog)
    }

    /// Counts a request whose key is wrong: one event offered, one refused.
    package mutating func refuseRequest(_ reason: Rejection, of request: borrowing RequestFacts) {
        collector.refuseRequest(reason, of: request)
    }

    /// The answer to the last body; see `Collector.writeAnswer`.
    package func writeAnswer(_ outcome: CollectOutcome, into bytes: inout [UInt8]) {
        collector.writeAnswer(outcome, into: &bytes)
    }

    /// Appends the `Set-Cookie` value of the last request; false for none.
    package func appendCookie(_ instruction: CookieInstruction, to bytes: inout [UInt8], isSecure: Bool, now: Timestamp)
        -> Bool
    {
        instruction.appendHeader(to: &bytes, arena: collector.arena, isSecure: isSecure, now: now)
    }

    // For imports, which fill the draft themselves.

    /// Begins a request's worth of events.
    package mutating func begin() { collector.begin() }

    /// The event to fill before `offerDraft`, and the arena its texts lie in.
    package mutating func withDraft<Result>(_ body: (inout EventDraft, inout TextArena) throws -> Result) rethrows
        -> Result
    {
        try body(&collector.draft, &collector.arena)
    }

    package mutating func offerDraft(of request: borrowing RequestFacts, catalog: CatalogSnapshot) {
        collector.offerDraft(of: request, catalog: catalog)
    }

    package mutating func commit(of request: borrowing RequestFacts) -> CollectOutcome { collector.commit(of: request) }

    /// The refused events of the last request, by their place in it.
    package var rejections: [(index: Int, reason: Rejection)] { collector.rejections }
}
