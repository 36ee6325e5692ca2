internal import Events

// The pass over the rows.
extension PlanExecutor {
    /// Adds one partition.
    mutating func scan(_ snapshot: PartitionSnapshot) throws(ColumnError) {
        guard snapshot.mayHoldEvents(from: plan.from, to: plan.to) else { return }
        let visits = VisitColumns(snapshot, slots: visitSlots)
        var state = visitState(visits)
        visitPairs.removeAll()
        for slot in snapshot.parts
        where slot.part.zone.occurredMin < plan.to.milliseconds && slot.part.zone.occurredMax >= plan.from.milliseconds
        {
            try scan(slot.eventColumns(eventSlots), slot.deadEvents, visits, &state)
        }
        try scan(snapshot.tailColumns(eventSlots), DeletionVector(), visits, &state)
    }

    private func visitState(_ visits: VisitColumns) -> VisitState {
        var flags = [UInt8](repeating: 0, count: visits.count)
        for visit in 0..<visits.count {
            let kind = visits.columns[1][visit]
            let startedAt = visits.columns[2][visit]
            var bits: UInt8 = 0
            if plan.includesBots || visits.columns[7][visit] == 0, visitFilter.matches([], 0, visits.columns, visit) {
                bits |= VisitState.counts
            }
            if startedAt >= plan.from.milliseconds, startedAt < plan.to.milliseconds {
                bits |= VisitState.startsInRange
            }
            if kind != Int64(AnchorKind.none.rawValue) { bits |= VisitState.identified }
            if kind == Int64(AnchorKind.daily.rawValue) { bits |= VisitState.daily }
            flags[visit] = bits
        }
        return VisitState(flags: flags, visitors: [UInt32](repeating: 0, count: visits.count))
    }

    private mutating func scan(
        _ events: [[Int64]], _ dead: DeletionVector, _ visits: VisitColumns, _ state: inout VisitState
    ) throws(ColumnError) {
        let (numbers, times, flags) = (events[0], events[1], events[2])
        let (from, to) = (plan.from.milliseconds, plan.to.milliseconds)
        var unwanted = Int64(EventFlags.neverCounted.rawValue)
        if !plan.includesBots { unwanted |= Int64(EventFlags([.bot, .prefetch]).rawValue) }
        var key = [UInt32](repeating: 0, count: plan.dimensions.count)
        for row in 0..<numbers.count {
            if row & 8_191 == 0 { try checkBounds() }
            guard times[row] >= from, times[row] < to, flags[row] & unwanted == 0, !dead.contains(row) else { continue }
            guard let visit = visits.local(UInt64(bitPattern: numbers[row])) else { continue }
            guard state.flags[visit] & VisitState.counts != 0 else { continue }
            guard eventFilter.matches(events, row, visits.columns, visit) else { continue }
            for (place, source) in keySources.enumerated() {
                switch source {
                case .event(let slot): key[place] = UInt32(truncatingIfNeeded: events[slot][row])
                case .visit(let slot): key[place] = UInt32(truncatingIfNeeded: visits.columns[slot][visit])
                case .time: break
                }
            }
            setTimes(in: &key, times[row])
            let group = group(of: key)
            addToTotal(visit, visits, &state)
            count(events, row, in: group, visit: visit, state: state)
            if !timeKeys.isEmpty, state.flags[visit] & VisitState.startsInRange != 0 {
                setTimes(in: &key, visits.columns[2][visit])
                countVisit(visit, visits, in: self.group(of: key), key: key, state: state)
            } else {
                countVisit(visit, visits, in: group, key: key, state: state)
            }
        }
        scanned += UInt64(numbers.count)
        try checkBounds()
    }

    private func setTimes(in key: inout [UInt32], _ time: Int64) {
        for (place, buckets) in timeKeys {
            let bucket = buckets.bucket(of: Timestamp(milliseconds: time))
            key[place] = bucket.map { UInt32(clamping: $0 + 1) } ?? 0
        }
    }

    private mutating func group(of key: [UInt32]) -> Int {
        let group = groups.group(of: key)
        if group == measures.count { measures.append(Measures()) }
        return group
    }

    /// Event metrics and visitors of one event.
    private mutating func count(_ events: [[Int64]], _ row: Int, in group: Int, visit: Int, state: VisitState) {
        measures[group].events += 1
        total.events += 1
        if events[2][row] & Int64(EventFlags.pageview.rawValue) != 0 {
            measures[group].pageviews += 1
            total.pageviews += 1
        }
        let currency = UInt32(truncatingIfNeeded: events[4][row])
        if currency != 0 {
            if currency == plan.currency?.rawValue {
                let micros = Int128(events[3][row])
                measures[group].revenueMicros += micros
                measures[group].revenueEvents += 1
                total.revenueMicros += micros
                total.revenueEvents += 1
            } else if otherCurrencies.count < 1_000 {
                otherCurrencies.insert(currency)
            }
        }
        guard state.flags[visit] & VisitState.identified != 0 else { return }
        measures[group].identifiedEvents += 1
        total.identifiedEvents += 1
        if visitorPairs.insert(group, state.visitors[visit]) {
            measures[group].visitors += 1
            if state.flags[visit] & VisitState.daily != 0 { measures[group].dailyVisitors += 1 }
        }
    }

    /// Adds a visit and its visitor to the total, the first time one of its events counts.
    private mutating func addToTotal(_ visit: Int, _ visits: VisitColumns, _ state: inout VisitState) {
        let flags = state.flags[visit]
        guard flags & VisitState.seen == 0 else { return }
        state.flags[visit] |= VisitState.seen
        let startsInRange = flags & VisitState.startsInRange != 0
        guard flags & VisitState.identified != 0 else {
            if startsInRange { unidentifiedVisits += 1 }
            return
        }
        let anchor = AnchorNumber(truncatingIfNeeded: visits.columns[0][visit])
        let isDaily = flags & VisitState.daily != 0
        state.visitors[visit] = visitor(of: anchor, isDaily: isDaily)
        if allVisitors.insert(0, state.visitors[visit]) {
            total.visitors += 1
            if isDaily { total.dailyVisitors += 1 }
        }
        if startsInRange { add(visit, visits, isEntry: true, isDaily: isDaily, to: &total) }
    }

    /// The dense number of the profile that an anchor belongs to.
    private mutating func visitor(of anchor: AnchorNumber, isDaily: Bool) -> UInt32 {
        guard let profileOfAnchor = plan.profileOfAnchor else { return anchor }
        if let known = visitorOfAnchor[anchor] { return known }
        var visitor = visitorCount
        if isDaily {
            visitorCount += 1
        } else {
            let profile = profileOfAnchor(anchor)
            if let known = visitorOfProfile[profile] { visitor = known } else { visitorCount += 1 }
            visitorOfProfile[profile] = visitor
        }
        visitorOfAnchor[anchor] = visitor
        return visitor
    }

    /// Visit metrics of the visit of one event, once a group.
    private mutating func countVisit(
        _ visit: Int, _ visits: VisitColumns, in group: Int, key: [UInt32], state: VisitState
    ) {
        let wanted = VisitState.startsInRange | VisitState.identified
        guard state.flags[visit] & wanted == wanted, visitPairs.insert(group, UInt32(clamping: visit)) else { return }
        let isEntry = pageKey.map { visits.columns[8][visit] == Int64(key[$0]) } ?? true
        let isDaily = state.flags[visit] & VisitState.daily != 0
        add(visit, visits, isEntry: isEntry, isDaily: isDaily, to: &measures[group])
    }

    private func add(_ visit: Int, _ visits: VisitColumns, isEntry: Bool, isDaily: Bool, to measures: inout Measures) {
        let interactive = visits.columns[5][visit]
        let isBounce = interactive <= 1
        let isUnengaged = interactive == 1 && visits.columns[6][visit] < 10_000
        measures.visits += 1
        if isDaily { measures.dailyVisits += 1 }
        if isBounce { measures.bounces += 1 }
        if isUnengaged { measures.unengagedBounces += 1 }
        measures.durationMilliseconds += max(0, Int128(visits.columns[3][visit]) - Int128(visits.columns[2][visit]))
        measures.visitPageviews += UInt64(clamping: visits.columns[4][visit])
        guard isEntry else { return }
        measures.entryVisits += 1
        if isBounce { measures.entryBounces += 1 }
        if isUnengaged { measures.entryUnengagedBounces += 1 }
    }

    private func checkBounds() throws(ColumnError) {
        if let isCancelled = plan.isCancelled, isCancelled() { throw ColumnError.cancelled }
        guard groups.count <= plan.groupsMax else {
            throw ColumnError.bound(
                name: "groups of one query", limit: plan.groupsMax, hint: "ask for fewer dimensions, or filter")
        }
        guard visitorPairs.count <= plan.pairsMax, visitPairs.count <= plan.pairsMax else {
            throw ColumnError.bound(
                name: "visitors by group of one query", limit: plan.pairsMax, hint: "ask for a shorter range, or filter"
            )
        }
    }

    /// The groups with their values as text.
    func result() -> PlanResult {
        var result = PlanResult()
        result.total = total
        result.unidentifiedVisits = unidentifiedVisits
        result.scannedEvents = scanned
        result.otherCurrencies = otherCurrencies.sorted().compactMap { CurrencyCode(packed: $0) }
        result.groups.reserveCapacity(groups.count)
        let sources = plan.dimensions.map { dictionary(of: $0) }
        for group in 0..<groups.count {
            let codes = groups.keys[(group * groups.width)..<((group + 1) * groups.width)]
            let keys = zip(codes, sources).map { code, dictionary in
                guard code != 0 else { return PlanResult.Key.none }
                guard let dictionary else { return .bucket(Int(code) - 1) }
                return .text(String(decoding: dictionary.bytes(of: code), as: UTF8.self))
            }
            result.groups.append(PlanResult.Group(keys: keys, measures: measures[group]))
        }
        for (dimension, dictionary) in zip(plan.dimensions, sources) where dictionary?.hasOverflowed == true {
            result.overflowed.append(dimension)
        }
        return result
    }
}
