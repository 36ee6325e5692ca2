internal import Catalog
internal import Collect
internal import Events
internal import Foundation
internal import Synchronization

/// One event's verdict as it travels over the admin socket to `highland tail`. Holds no identifier, no address, no query.
struct TailLine: Codable, Sendable {
    var receivedAtMilliseconds: Int64
    var site: String?
    var name: String
    /// Host and path, or the host alone where the event was refused before its URL was minimised.
    var location: String
    var verdict: String
    var step: String?
    var reason: String?
    var isBot: Bool
    /// The words it came in: `native`, `matomo` …
    var wireProtocol: String
}

struct TailRequest: Codable, Sendable {
    var site: String?
    /// Verdicts of the past to begin with.
    var count: Int
    var follows: Bool
}

extension ServerState {
    static let tailRequestName = "tail"

    /// Streams verdicts of all loops, merged by time within one look; looks five times a second.
    func registerTail(on admin: AdminServer) {
        admin.registerStream(ServerState.tailRequestName, of: TailLine.self) { [self] (request: TailRequest, stream) in
            var seen: [ObjectIdentifier: UInt64] = [:]
            var isFirst = true
            while stream.isOpen, !isDraining.load(ordering: .relaxed) {
                let lines = newVerdicts(
                    after: &seen, limit: isFirst ? min(max(request.count, 0), CollectLedger.verdictsMax) : .max,
                    of: request.site)
                isFirst = false
                for line in lines where !stream.send(line) { return }
                guard request.follows else { return }
                Thread.sleep(forTimeInterval: 0.2)
            }
        }
    }

    /// The verdicts of all ledgers that are new since `seen`, which then holds them.
    func verdicts(after seen: inout [ObjectIdentifier: UInt64]) -> [CollectVerdict] {
        var verdicts: [CollectVerdict] = []
        for ledger in ledgers.withLock({ $0 }) {
            let fresh = ledger.verdicts(after: seen[ObjectIdentifier(ledger)] ?? 0)
            if let last = fresh.last { seen[ObjectIdentifier(ledger)] = last.sequence }
            verdicts += fresh
        }
        return verdicts
    }

    private func newVerdicts(after seen: inout [ObjectIdentifier: UInt64], limit: Int, of site: String?) -> [TailLine] {
        let snapshot = catalog.current
        let wanted = site.flatMap { snapshot.site(reference: $0)?.id }
        var verdicts = verdicts(after: &seen)
        if site != nil { verdicts = verdicts.filter { $0.site == wanted && wanted != nil } }
        verdicts.sort { $0.receivedAt < $1.receivedAt }
        return verdicts.suffix(limit).map { verdict in
            TailLine(
                receivedAtMilliseconds: verdict.receivedAt.milliseconds,
                site: verdict.site.flatMap { snapshot.site(id: $0)?.domains.first },
                name: verdict.name, location: verdict.location, verdict: verdict.kind.rawValue,
                step: verdict.step?.rawValue,
                reason: verdict.reason?.rawValue, isBot: verdict.flags.contains(.bot),
                wireProtocol: "\(verdict.wireProtocol)")
        }
    }
}
