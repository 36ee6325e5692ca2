package import Events

extension EmbeddedColumnStore {
    package func run(_ plan: QueryPlan) throws -> PlanResult {
        let (snapshots, dictionaries) = snapshot(of: plan)
        var executor = try PlanExecutor(plan: plan, dictionaries: dictionaries)
        for snapshot in snapshots { try executor.scan(snapshot) }
        return executor.result()
    }

    package func firstEventAt(site: SiteID) -> Timestamp? {
        lock.lock()
        defer { lock.unlock() }
        var first: Int64?
        for (key, partition) in partitions where key.site == site {
            for slot in partition.parts where slot.part.layout.eventCount > 0 {
                first = min(first ?? .max, slot.part.zone.occurredMin)
            }
            for event in partition.events { first = min(first ?? .max, event.occurredAt.milliseconds) }
        }
        return first.map { Timestamp(milliseconds: $0) }
    }

    /// The partitions of the plan's site in the order of their days, and the dictionaries it reads, as of one moment.
    private func snapshot(of plan: QueryPlan) -> ([PartitionSnapshot], [Dimension: DictionarySnapshot]) {
        lock.lock()
        defer { lock.unlock() }
        // An event's visit starts on the event's day or before; later days cannot hold the range.
        let lastDay = plan.to.utcDay
        let wanted = partitions.filter { $0.key.site == plan.site && $0.key.day <= lastDay }
        let snapshots = wanted.sorted { $0.key < $1.key }.map { entry in
            PartitionSnapshot(parts: entry.value.parts, events: entry.value.events, visits: entry.value.visits)
        }
        var dictionaries: [Dimension: DictionarySnapshot] = [:]
        for dimension in plan.dimensions { add(dimension, of: plan.site, to: &dictionaries) }
        plan.filter.visitDimensions { add($0, of: plan.site, to: &dictionaries) }
        return (snapshots, dictionaries)
    }

    private func add(_ dimension: PlanDimension, of site: SiteID, to snapshots: inout [Dimension: DictionarySnapshot]) {
        let needed: [Dimension] =
            switch dimension {
            case .value(let value): [value.dictionary]
            case .property: [.propertyKey, .propertyValue]
            case .time: []
            }
        for dimension in needed { snapshots[dimension] = dictionaries[site]?.snapshot(dimension) ?? .empty }
    }
}

extension PlanFilter {
    /// Calls `body` with the dimension of each condition, down to the depth that a plan may have.
    func visitDimensions(depth: Int = 1, _ body: (PlanDimension) -> Void) {
        guard depth <= QueryPlan.filterDepthMax else { return }
        switch self {
        case .all(let parts), .any(let parts): for part in parts { part.visitDimensions(depth: depth + 1, body) }
        case .not(let part): part.visitDimensions(depth: depth + 1, body)
        case .match(let match): body(match.dimension)
        }
    }
}
