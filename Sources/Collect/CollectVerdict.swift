package import Events

/// What became of one event, as `highland tail` shows it. Holds no identifier, no address, no query string.
package struct CollectVerdict: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case accepted
        /// Kept and visible, not counted.
        case quarantined
        case refused
    }

    /// Rises by one with every verdict of this loop, from 1.
    package var sequence: UInt64
    package var receivedAt: Timestamp
    /// nil where the site was not found.
    package var site: SiteID?
    /// The event's name, cut at `CollectLedger.nameBytesMax`.
    package var name: String
    /// Host and path, cut at `CollectLedger.locationBytesMax`; the host alone where the event did not get as far as
    /// minimisation; empty where there is no URL.
    package var location: String
    package var kind: Kind
    /// The step that refused it.
    package var step: CollectStepName?
    package var reason: Rejection?
    package var flags: EventFlags
    package var wireProtocol: WireProtocol
}

/// A verdict as the collector notes it while the request's arena is alive.
struct StagedVerdict {
    var index: Int
    var site: SiteID?
    var name: ArenaText
    var url: ArenaText
    /// Host and path of the minimised URL; absent where the event did not get that far.
    var location: ArenaText
    var flags: EventFlags
    var wireProtocol: WireProtocol
    var step: CollectStepName
    /// nil: accepted, or not decided yet.
    var reason: Rejection?
}
