package import Catalog
package import Reports

/// What the admin plane shows but does not have itself. The server gives it at start; each is called from any thread.
package struct AdminSources: Sendable {
    /// Says whether the caller no longer waits for the answer.
    package typealias Cancellation = @Sendable () -> Bool

    /// Everything that is measured, for `/metrics`; the plane adds its own. Cheap: a scrape calls it.
    package var metrics: @Sendable () -> [MetricFamily]
    /// Runs a report on this site, which was found and allowed already; `query.site` is its number. Throws
    /// `ReportError` for a wrong request; anything else is answered 500 and counted. Must end soon after the
    /// cancellation says so, as its turn is only given on when it has ended.
    package var runReport: @Sendable (ReportQuery, Site, @escaping Cancellation) async throws -> ReportTable
    /// The latest events that arrived since the last reset, oldest first; a bounded number.
    package var arrivals: @Sendable () -> [Arrival]
    /// Forgets them.
    package var resetArrivals: @Sendable () -> Void
    /// Takes what an operator should see: a failed store, a report that broke. Without secrets or personal data.
    package var log: @Sendable (String, [String: String]) -> Void

    package init(
        metrics: @escaping @Sendable () -> [MetricFamily],
        runReport: @escaping @Sendable (ReportQuery, Site, @escaping Cancellation) async throws -> ReportTable,
        arrivals: @escaping @Sendable () -> [Arrival] = { [] }, resetArrivals: @escaping @Sendable () -> Void = {},
        log: @escaping @Sendable (String, [String: String]) -> Void = { _, _ in }
    ) {
        self.metrics = metrics
        self.runReport = runReport
        self.arrivals = arrivals
        self.resetArrivals = resetArrivals
        self.log = log
    }
}
