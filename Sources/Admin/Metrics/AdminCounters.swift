internal import Synchronization

/// What the admin plane counts of itself.
package final class AdminCounters: Sendable {
    private let statuses = Mutex<[UInt64]>([0, 0, 0, 0, 0])

    package init() {}

    /// Counts an answer by the class of its status.
    func add(_ status: Int) {
        let index = min(max(status / 100, 1), 5) - 1
        statuses.withLock { $0[index] &+= 1 }
    }

    func families(turns: QueryTurns, sessions: SessionTable) -> [MetricFamily] {
        let counts = statuses.withLock { $0 }
        let queries = turns.counts
        return [
            MetricFamily(
                "highland_admin_requests_total", .counter, help: "Requests to the admin plane, by class of status.",
                samples: counts.enumerated().map { index, count in
                    .init(.count(count), labels: [("status", "\(index + 1)xx")])
                }),
            MetricFamily(
                "highland_admin_sessions", .gauge, help: "Browser sessions kept, ended ones not yet removed included.",
                UInt64(clamping: sessions.count)),
            MetricFamily(
                "highland_admin_queries_running", .gauge, help: "Reports and pages whose turn it is.",
                UInt64(clamping: queries.running)),
            MetricFamily(
                "highland_admin_queries_waiting", .gauge, help: "Reports and pages that wait for their turn.",
                UInt64(clamping: queries.waiting)),
            MetricFamily(
                "highland_admin_queries_refused_total", .counter,
                help: "Reports and pages refused because too many waited.", queries.refused),
            MetricFamily(
                "highland_admin_queries_late_total", .counter,
                help: "Reports and pages given up because they took too long.", queries.late),
        ]
    }
}
