package import Catalog

/// The steps of the edge, in the order they run: consent comes before minimisation, because click ids are kept only
/// with advertising consent. The raw value names the step in metrics and `highland tail`.
package enum CollectStepName: String, Sendable, CaseIterable {
    case parse
    case site
    case origin
    case limits
    case time
    case ownTraffic = "own_traffic"
    case geo
    case bot
    case consent
    case minimise
    case identifier
    case encode
    case journal
}

/// One step: reads and completes the draft, or refuses the event. A step belongs to one event loop, so it may
/// keep caches without locks; it never blocks and never traps on what the client sent.
package protocol CollectStep {
    static var name: CollectStepName { get }
    mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection)
}
