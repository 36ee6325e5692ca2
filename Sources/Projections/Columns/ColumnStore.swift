package import Events

/// What one journal batch changed in the visits: new versions, visits that a late event joined to another, and
/// events that moved from one visit to another.
package struct VisitAmendments: Sendable {
    /// New and newer versions, at most one a number.
    package var visits: [VisitRow] = []
    /// Visits that no longer are, because their events moved to another one.
    package var removed: [RemovedVisit] = []
    package var moved: [MovedEvent] = []

    package struct RemovedVisit: Hashable, Sendable {
        package var site: SiteID
        package var number: VisitNumber
        package var startedAt: Timestamp
        package init(site: SiteID, number: VisitNumber, startedAt: Timestamp) {
            self.site = site
            self.number = number
            self.startedAt = startedAt
        }
    }

    package struct MovedEvent: Hashable, Sendable {
        package var site: SiteID
        package var position: Position
        package var from: VisitNumber
        package var to: VisitNumber
        package init(site: SiteID, position: Position, from: VisitNumber, to: VisitNumber) {
            self.site = site
            self.position = position
            self.from = from
            self.to = to
        }
    }

    package init() {}
}

/// The port: events and visits in columns, asked by plans. Writes come from the projector's thread, in journal
/// order; queries from any thread see a consistent state no older than the last `append` and `amend` that returned.
/// After a crash the writer replays from its checkpoint: what a restored store already covers is passed over by the
/// caller, so every implementation sees each batch once after the state it restored.
package protocol ColumnStore: AnyObject, Sendable {
    /// The code of a value, made at first appearance; a site's bound on distinct values of a dimension gives the code
    /// of "(other)" beyond it. Projector's thread only. O(bytes), allocates only for a new value.
    func code(of value: borrowing RawSpan, site: SiteID, dimension: Dimension) -> ValueCode
    func append(_ events: [EventRow]) throws
    func amend(_ amendments: VisitAmendments) throws
    /// Writes all state below `directory`, which is empty, and syncs it.
    func checkpoint(into directory: String) throws
    func restore(from directory: String) throws
    func erase(anchors: [AnchorNumber]) throws
    /// Drops a site's events and visits that started before a time.
    func drop(site: SiteID, before: Timestamp) throws
    /// Answers a plan over a consistent state. Any thread. Errors: a bound of the plan, its cancellation, damage.
    func run(_ plan: QueryPlan) throws -> PlanResult
    /// The time of the site's earliest event, whatever its flags; nil when it has none. Any thread.
    func firstEventAt(site: SiteID) -> Timestamp?
}
