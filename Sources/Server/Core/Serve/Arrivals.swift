internal import Admin
internal import Catalog
internal import Collect
internal import Events
internal import Synchronization

/// What arrived since a moment, for `/micro`: a view of the ledgers, which keep the last verdicts anyway.
final class Arrivals: Sendable {
    private let state: ServerState
    /// The last verdict of each ledger that is not shown any more.
    private let start: Mutex<[ObjectIdentifier: UInt64]> = Mutex([:])

    init(_ state: ServerState) { self.state = state }

    func reset() {
        start.withLock { _ = state.verdicts(after: &$0) }
    }

    /// Oldest first; at most `CollectLedger.verdictsMax` a ledger.
    func list() -> [Arrival] {
        var seen = start.withLock { $0 }
        let snapshot = state.catalog.current
        return state.verdicts(after: &seen).sorted { $0.receivedAt < $1.receivedAt }.map { verdict in
            Arrival(
                receivedAt: verdict.receivedAt, wireProtocol: "\(verdict.wireProtocol)",
                site: verdict.site.flatMap { snapshot.site(id: $0)?.domains.first }, name: verdict.name,
                location: verdict.location, isBot: verdict.flags.contains(.bot),
                isQuarantined: verdict.kind == .quarantined,
                refusal: verdict.reason.map { ((verdict.step ?? .parse).rawValue, $0.rawValue) })
        }
    }
}
