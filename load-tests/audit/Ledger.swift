import Events
import Foundation
import LoadSupport
import Synchronization

/// What the clients know of every id they sent.
final class Ledger: Sendable {
    private struct State {
        var acknowledged: [String] = []
        var refused: [String] = []
        var unknown: [String] = []
        /// Acknowledged ones are in `acknowledged` once, however often they were sent again.
        var known: Set<String> = []
    }
    private let state = Mutex(State())

    var counts: (acknowledged: Int, refused: Int, unknown: Int) {
        state.withLock { ($0.acknowledged.count, $0.refused.count, $0.unknown.count) }
    }

    func takeUnknown() -> [String] {
        state.withLock {
            let ids = $0.unknown
            $0.unknown = []
            return ids
        }
    }

    func sampleAcknowledged(_ count: Int, random: inout SeededGenerator) -> [String] {
        let all = state.withLock { $0.acknowledged }
        guard !all.isEmpty else { return [] }
        return (0..<count).map { _ in all[Int(random.next() % UInt64(all.count))] }
    }

    /// Sends one request with these ids and notes the verdict; false when the connection is of no more use.
    func send(_ ids: [String], over http: HTTPConnection, site: String, domain: String) -> Bool {
        let events = ids.map {
            "{\"site\":\"\(site)\",\"name\":\"pageview\",\"id\":\"\($0)\",\"url\":\"https://\(domain)/audit\"}"
        }
        let body = Array(("[" + events.joined(separator: ",") + "]").utf8)
        guard
            let answer = try? http.request(
                "POST", "/collect", headers: [("Content-Type", "application/json")], body: body)
        else {
            state.withLock { $0.unknown += ids }
            return false
        }
        state.withLock {
            if answer.status / 100 == 2 {
                for id in ids where $0.known.insert(id).inserted { $0.acknowledged.append(id) }
            } else {
                $0.refused += ids
            }
        }
        return true
    }

    func check(against stored: [String]) throws {
        var counts: [String: Int] = [:]
        for id in stored { counts[id, default: 0] += 1 }
        let (acknowledged, refused) = state.withLock { ($0.acknowledged, $0.refused) }
        let lost = acknowledged.filter { counts[$0] == nil }
        let doubled = acknowledged.filter { counts[$0, default: 0] > 1 }
        let stray = refused.filter { counts[$0] != nil }
        guard lost.isEmpty, doubled.isEmpty, stray.isEmpty else {
            throw AuditFailure(
                message:
                    "\(lost.count) acknowledged lost \(lost.prefix(5)), \(doubled.count) doubled \(doubled.prefix(5)), "
                    + "\(stray.count) refused but stored \(stray.prefix(5))")
        }
    }
}
