package import Catalog
internal import Events

/// Flags events of the site's own staff: an address in the site's excluded ranges, or the `highland_own` cookie. Such
/// events are stored and never counted. A visitor's opt-out is another thing: an objection, see `ConsentStep`.
///
/// Does not apply where a server sends for its visitors. The ranges are parsed once for each version of a site.
package struct OwnTrafficStep: CollectStep {
    package static let name = CollectStepName.ownTraffic
    private let visitor: VisitorState

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        guard draft.describesVisitor(request) else { return }
        visitor.prepare(request, site)
        if visitor.isExcluded || visitor.jar.isOwn { draft.flags.insert(.ownTraffic) }
    }
}
