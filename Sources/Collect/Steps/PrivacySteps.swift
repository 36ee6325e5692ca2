package import Catalog
internal import Events

/// The steps between the time step and the encoder, in order: origin, own traffic, geo, bot, consent, minimise,
/// identifier. Belongs to one event loop.
///
/// Contract: the driver calls `beginRequest` before the first event of each request and whenever it empties the arena;
/// what is known of the visitor is computed once for each request and site and used for the batch's other events. The
/// cookie instruction is the request's: pass the same variable for all of its events; the last event that calls for
/// something decides, so that a grant and a withdrawal in one batch end withdrawn.
///
/// After this, of the address only `network` and the place are left in the draft, and no raw login.
package struct PrivacySteps: ~Copyable, CollectSteps {
    private let visitor: VisitorState
    private var origin: OriginStep
    private var ownTraffic: OwnTrafficStep
    private var geo: GeoStep
    private var bot: BotStep
    private var consent: ConsentStep
    private var minimise: MinimiseStep
    private var identifier: IdentifierStep

    /// The databases, secrets and salts are shared by all loops; the caches are this loop's own (at most 256 sites and
    /// 1,024 places).
    package init(secrets: Secrets, salts: DaySaltSource, geo source: GeoSource) {
        visitor = VisitorState(secrets: secrets)
        origin = OriginStep(visitor)
        ownTraffic = OwnTrafficStep(visitor)
        geo = GeoStep(visitor, source: source)
        bot = BotStep(visitor)
        consent = ConsentStep(visitor)
        minimise = MinimiseStep(visitor)
        identifier = IdentifierStep(visitor, salts: salts)
    }

    /// A new request begins: forgets the visitor. A few stores.
    package mutating func beginRequest() {
        visitor.begin()
        identifier.beginRequest()
    }

    package mutating func expect(_ request: borrowing RequestFacts) { visitor.expect(request) }

    package mutating func expect(_ draft: borrowing EventDraft, for site: Site, arena: borrowing TextArena) {
        minimise.expect(page: draft.url, for: site, arena: arena)
    }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena,
        cookie: inout CookieInstruction, timings: inout StepTimings
    ) throws(CollectRefusal) {
        try PrivacySteps.step(&origin, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&ownTraffic, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&geo, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&bot, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&consent, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&minimise, &draft, request, site, &arena, &timings)
        try PrivacySteps.step(&identifier, &draft, request, site, &arena, &timings)
        cookie = identifier.cookie
    }

    @inline(__always)
    private static func step<Step: CollectStep>(
        _ step: inout Step, _ draft: inout EventDraft, _ request: borrowing RequestFacts, _ site: Site,
        _ arena: inout TextArena, _ timings: inout StepTimings
    ) throws(CollectRefusal) {
        do throws(Rejection) {
            try step.run(&draft, of: request, for: site, arena: &arena)
        } catch {
            throw CollectRefusal(error, at: Step.name)
        }
        timings.lap(Step.name)
    }
}
