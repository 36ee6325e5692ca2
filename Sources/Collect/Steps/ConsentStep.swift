package import Catalog
package import Events

/// Decides each purpose's state. The first that says something wins:
///
///     1. opt-out cookie        objected, every purpose
///     2. Sec-GPC: 1            objected for advertising, sharing and stitching; where the event itself says denied, denied
///     3. the event's own field
///     4. a CMP's signal        translators write it into `statedConsent` where the event's own field says nothing
///     5. the state stored for this identifier on this site: the consent bits of the signed cookie
///     6. the site's default
///
/// GPC outranks even the event's own grant: it is the visitor's standing objection, the field is the page's claim.
/// What was last stated is carried on in the cookie by the identifier step, so a grant persists until the cookie ends; a
/// refusal of measurement ends the cookie and must be kept by the page (or by the opt-out cookie).
package struct ConsentStep: CollectStep {
    package static let name = CollectStepName.consent
    private static let covered: [Purpose] = [.advertising, .sharing, .stitching]
    private let visitor: VisitorState

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        visitor.prepare(request, site)
        var stored = Consent.unknown
        if draft.answersVisitor(request) {
            if visitor.jar.hasOptOut {
                draft.statedConsent = Consent(all: .objected)
            } else if !(visitor.bot?.isBot ?? false) {
                visitor.readDevice(request, site.id)
                stored = visitor.device?.consent ?? .unknown
            }
        }
        let objects = request.objectsGlobally && draft.answersVisitor(request)
        draft.consent = ConsentStep.resolve(
            stated: draft.statedConsent, stored: stored, default: site.consentDefault, objectsGlobally: objects)
    }

    /// The rule for what stands below the opt-out cookie.
    package static func resolve(
        stated: Consent, stored: Consent, default siteDefault: ConsentDefault, objectsGlobally: Bool
    ) -> Consent {
        var consent = merge(stated, over: stored)
        if siteDefault == .granted { consent = merge(consent, over: Consent(all: .granted)) }
        guard objectsGlobally else { return consent }
        for index in 0..<covered.count where stated[covered[index]] != .denied { consent[covered[index]] = .objected }
        return consent
    }

    /// `first` where it says something, else `second`.
    static func merge(_ first: Consent, over second: Consent) -> Consent {
        // A purpose has two bits; `said` has both set where either is set in `first`.
        let low = (first.rawValue | first.rawValue >> 1) & 0x5555
        let said = low | low << 1
        return Consent(rawValue: (first.rawValue & said) | (second.rawValue & ~said))
    }
}
