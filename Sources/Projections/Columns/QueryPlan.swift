package import Events

/// A question to a column store, free of any query language: what a report compiles to. Every store gives the same
/// answer to the same plan over the same rows.
///
/// Which rows count
/// - An event counts when it is the site's, `from <= occurredAt < to`, none of `neverCounted` is set, its visit is
///   there, and, unless `includesBots`, neither `bot` nor `prefetch` is set and the visit is no bot's; and when it
///   and its visit match `filter`.
/// - A visit counts when its `anchorKind` is not none, it starts in the range, and at least one counting event of the
///   group is its. Without dimensions of events and filters on them that is every visit that starts in the range.
/// - A visitor is a distinct profile (by default the anchor) of the visits of counting events.
///
/// Which group they count in
/// - Events and visitors: the event's own values, its visit's values, and the bucket of the event's time.
/// - Visits: the same, but the bucket of the visit's start, so that buckets add up to the whole.
package struct QueryPlan: Sendable {
    package var site: SiteID
    package var from: Timestamp
    package var to: Timestamp
    package var dimensions: [PlanDimension] = []
    package var filter: PlanFilter = .all([])
    package var includesBots = false
    /// The currency whose amounts are summed; others are only named in the result.
    package var currency: CurrencyCode?
    /// Gives the profile of an anchor, so that a merge of identities changes all of history; nil: an anchor is one.
    /// Called at most once an anchor and plan, never for a daily one.
    package var profileOfAnchor: (@Sendable (AnchorNumber) -> UInt64)?
    /// More groups than this end the query with an error. About 200 bytes a group.
    package var groupsMax = 1_000_000
    /// Distinct pairs of group and visitor, and of group and visit within a day, likewise. 16 bytes a pair.
    package var pairsMax = 20_000_000
    /// Asked every few thousand rows; true ends the query with `ColumnError.cancelled`.
    package var isCancelled: (@Sendable () -> Bool)?

    package static let dimensionsMax = 8
    package static let filterDepthMax = 16
    package static let filterNodesMax = 256

    package init(site: SiteID, from: Timestamp, to: Timestamp) {
        self.site = site
        self.from = from
        self.to = to
    }
}

/// What results are grouped by or filtered on.
package enum PlanDimension: Hashable, Sendable {
    case value(Dimension)
    /// A property of the event, by its key.
    case property(String)
    case time(TimeBuckets)

    /// Its value may differ between the events of one visit.
    package var isOfEvent: Bool {
        switch self {
        case .value(let dimension): dimension.rawValue < Dimension.referrer.rawValue
        case .property: true
        case .time: false
        }
    }
}

/// The buckets of a time range: runs of time, each in one bucket. A bucket may have several runs, as an hour that the
/// clock goes through twice has.
package struct TimeBuckets: Hashable, Sendable {
    /// When each run starts, ascending; a run ends where the next starts.
    package var starts: [Timestamp]
    /// The bucket of each run, an index in `labels`.
    package var bucketOfRun: [Int]
    package var labels: [String]

    package init(starts: [Timestamp], bucketOfRun: [Int], labels: [String]) {
        self.starts = starts
        self.bucketOfRun = bucketOfRun
        self.labels = labels
    }

    /// The bucket of a time; nil before the first run. O(log runs).
    package func bucket(of time: Timestamp) -> Int? {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : bucketOfRun[low - 1]
    }
}

/// A closed tree of conditions; depth and size are bounded by the plan's constants.
package indirect enum PlanFilter: Hashable, Sendable {
    case all([PlanFilter])
    case any([PlanFilter])
    case not(PlanFilter)
    case match(PlanMatch)

    /// One dimension against a list. A missing value matches no value but the empty one.
    package struct PlanMatch: Hashable, Sendable {
        package var dimension: PlanDimension
        package var operation: Operation
        /// Any one of them suffices.
        package var values: [String]
        package var isCaseSensitive: Bool

        package enum Operation: Hashable, Sendable { case equals, contains }

        package init(dimension: PlanDimension, operation: Operation, values: [String], isCaseSensitive: Bool = true) {
            self.dimension = dimension
            self.operation = operation
            self.values = values
            self.isCaseSensitive = isCaseSensitive
        }
    }

    /// Some condition looks at a value of the event.
    package var looksAtEvents: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains { $0.looksAtEvents }
        case .not(let part): part.looksAtEvents
        case .match(let match): match.dimension.isOfEvent
        }
    }
}

/// What was counted for one group, or for all.
package struct Measures: Hashable, Sendable {
    package var events: UInt64 = 0
    package var pageviews: UInt64 = 0
    /// Events whose visit has an anchor. 0 beside `events` > 0: visitors and visits cannot be told.
    package var identifiedEvents: UInt64 = 0
    package var visitors: UInt64 = 0
    /// Visitors known for a day only.
    package var dailyVisitors: UInt64 = 0
    package var visits: UInt64 = 0
    package var dailyVisits: UInt64 = 0
    /// At most one interactive event.
    package var bounces: UInt64 = 0
    /// Exactly one interactive event and less than 10 s engaged.
    package var unengagedBounces: UInt64 = 0
    /// Over `visits`, those of one event included, which last 0.
    package var durationMilliseconds: Int128 = 0
    /// Page views of the counted visits, in the range or not.
    package var visitPageviews: UInt64 = 0
    /// Of `visits`, those that the group's page is the entry page of; as `visits` where pages are no dimension.
    package var entryVisits: UInt64 = 0
    package var entryBounces: UInt64 = 0
    package var entryUnengagedBounces: UInt64 = 0
    /// Amounts in the plan's currency.
    package var revenueMicros: Int128 = 0
    package var revenueEvents: UInt64 = 0

    package init() {}
}

/// A plan's answer: groups in no order.
package struct PlanResult: Sendable {
    package struct Group: Sendable {
        /// One a dimension: the text, nil for no value; a bucket's index for time.
        package var keys: [Key]
        package var measures: Measures
    }

    package enum Key: Hashable, Sendable {
        case none
        case text(String)
        case bucket(Int)
    }

    package var groups: [Group] = []
    /// Over everything that matched, whatever the group.
    package var total = Measures()
    /// Counting events of visits without an anchor.
    package var unidentifiedEvents: UInt64 { total.events - total.identifiedEvents }
    /// The visit rows of such events that start in the range: each is one event's.
    package var unidentifiedVisits: UInt64 = 0
    /// Dimensions of the plan that hold "(other)", because the site has more values than the store keeps apart.
    package var overflowed: [PlanDimension] = []
    /// Currencies of amounts that are not in the sums, ascending.
    package var otherCurrencies: [CurrencyCode] = []
    /// Events looked at.
    package var scannedEvents: UInt64 = 0

    package init() {}
}
