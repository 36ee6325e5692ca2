internal import Events

/// One plan at work: compiled once, then fed one partition after the other, then asked for the result.
///
/// Memory: the columns the plan reads of one part, the visits of one partition, the groups and the pairs. Cost: one
/// pass over the events of the parts that the range touches.
struct PlanExecutor {
    let plan: QueryPlan
    let dictionaries: [Dimension: DictionarySnapshot]
    var eventSlots: [ColumnSlot] = [
        .event(PartColumn.visit), .event(PartColumn.occurredAt), .event(PartColumn.flags),
        .event(PartColumn.revenueMicros), .event(PartColumn.currency),
    ]
    var visitSlots: [UInt8] = [
        PartColumn.visitAnchor, PartColumn.visitAnchorKind, PartColumn.visitStartedAt, PartColumn.visitLastAt,
        PartColumn.visitPageviews, PartColumn.visitInteractive, PartColumn.visitEngaged, PartColumn.visitIsBot,
        PartColumn.visitEntryPage,
    ]
    var keySources: [KeySource] = []
    var visitFilter = CompiledFilter.always(true)
    var eventFilter = CompiledFilter.always(true)
    /// The place of the page among the dimensions, where it is one.
    var pageKey: Int?
    var timeKeys: [(place: Int, buckets: TimeBuckets)] = []

    var groups: GroupTable
    var measures: [Measures] = []
    var total = Measures()
    var unidentifiedVisits: UInt64 = 0
    var scanned: UInt64 = 0
    var visitorPairs = PairSet()
    var allVisitors = PairSet()
    var visitPairs = PairSet()
    var otherCurrencies: Set<UInt32> = []
    var visitorOfAnchor: [AnchorNumber: UInt32] = [:]
    var visitorOfProfile: [UInt64: UInt32] = [:]
    var visitorCount: UInt32 = 0

    enum KeySource {
        case event(Int)
        case visit(Int)
        case time
    }

    /// What is known of the visits of the partition being read.
    struct VisitState {
        static let counts: UInt8 = 1
        static let startsInRange: UInt8 = 2
        static let identified: UInt8 = 4
        static let daily: UInt8 = 8
        /// Was added to the total.
        static let seen: UInt8 = 16
        var flags: [UInt8]
        var visitors: [UInt32]
    }

    init(plan: QueryPlan, dictionaries: [Dimension: DictionarySnapshot]) throws(ColumnError) {
        self.plan = plan
        self.dictionaries = dictionaries
        groups = GroupTable(width: plan.dimensions.count)
        guard plan.dimensions.count <= QueryPlan.dimensionsMax else {
            throw ColumnError.bound(
                name: "dimensions", limit: QueryPlan.dimensionsMax, hint: "ask for fewer dimensions")
        }
        var nodes = 0
        guard plan.filter.measure(depth: 1, nodes: &nodes) <= QueryPlan.filterDepthMax,
            nodes <= QueryPlan.filterNodesMax
        else {
            throw ColumnError.bound(
                name: "filter depth (nodes: \(QueryPlan.filterNodesMax))", limit: QueryPlan.filterDepthMax,
                hint: "ask with fewer or flatter conditions")
        }
        for (place, dimension) in plan.dimensions.enumerated() {
            if case .time(let buckets) = dimension {
                timeKeys.append((place, buckets))
                keySources.append(.time)
            } else {
                let (source, isOfEvent) = slot(dimension)
                keySources.append(isOfEvent ? .event(source) : .visit(source))
            }
            if dimension == .value(.page) { pageKey = place }
        }
        if plan.dimensions.isEmpty {
            _ = groups.group(of: [])
            measures = [Measures()]
        }
        compileFilter()
    }

    private mutating func compileFilter() {
        let compiled = compile(plan.filter)
        let parts: [CompiledFilter]
        if case .all(let all) = compiled { parts = all } else { parts = [compiled] }
        let ofVisits = parts.filter { !$0.readsEvents }
        let ofEvents = parts.filter { $0.readsEvents }
        visitFilter = ofVisits.isEmpty ? .always(true) : .all(ofVisits)
        eventFilter = ofEvents.isEmpty ? .always(true) : .all(ofEvents)
    }

    private mutating func compile(_ filter: PlanFilter) -> CompiledFilter {
        switch filter {
        case .all(let parts): return .all(parts.map { compile($0) })
        case .any(let parts): return .any(parts.map { compile($0) })
        case .not(let part): return .not(compile(part))
        case .match(let match):
            guard let dictionary = dictionary(of: match.dimension) else { return .always(false) }
            let answers = CompiledFilter.answers(match, dictionary)
            let (place, isOfEvent) = slot(match.dimension)
            return isOfEvent ? .event(slot: place, matches: answers) : .visit(slot: place, matches: answers)
        }
    }

    /// The dictionary a dimension's codes are in; nil for time, which has none.
    func dictionary(of dimension: PlanDimension) -> DictionarySnapshot? {
        switch dimension {
        case .value(let dimension): dictionaries[dimension.dictionary] ?? .empty
        case .property: dictionaries[.propertyValue] ?? .empty
        case .time: nil
        }
    }

    /// The place of a dimension's column among the slots, added when it is new.
    private mutating func slot(_ dimension: PlanDimension) -> (Int, isOfEvent: Bool) {
        let wanted: ColumnSlot
        switch dimension {
        case .value(let dimension): wanted = dimension.slot
        case .property(let key):
            let code = (dictionaries[.propertyKey] ?? .empty).code(of: Array(key.utf8))
            wanted = .property(code == 0 ? .max : code)
        case .time: wanted = .property(.max)
        }
        if case .visit(let column) = wanted {
            if let known = visitSlots.firstIndex(of: column) { return (known, false) }
            visitSlots.append(column)
            return (visitSlots.count - 1, false)
        }
        if let known = eventSlots.firstIndex(of: wanted) { return (known, true) }
        eventSlots.append(wanted)
        return (eventSlots.count - 1, true)
    }
}
