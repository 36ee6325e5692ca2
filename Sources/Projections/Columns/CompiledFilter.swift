internal import Events

/// Where a value is read from while a plan runs: columns of the events, or of the visits.
enum ColumnSlot: Hashable, Sendable {
    case event(UInt8)
    case property(ValueCode)
    case visit(UInt8)
}

/// A filter with every condition as a table of answers by code, so that a row costs one look-up a condition.
indirect enum CompiledFilter: Sendable {
    case always(Bool)
    case all([CompiledFilter])
    case any([CompiledFilter])
    case not(CompiledFilter)
    case event(slot: Int, matches: [Bool])
    case visit(slot: Int, matches: [Bool])

    /// Some condition reads an event's column.
    var readsEvents: Bool {
        switch self {
        case .always, .visit: false
        case .event: true
        case .all(let parts), .any(let parts): parts.contains { $0.readsEvents }
        case .not(let part): part.readsEvents
        }
    }

    /// The answer for one event of one visit; depth is bounded by the plan.
    func matches(_ events: [[Int64]], _ event: Int, _ visits: [[Int64]], _ visit: Int) -> Bool {
        switch self {
        case .always(let answer): return answer
        case .all(let parts):
            for part in parts where !part.matches(events, event, visits, visit) { return false }
            return true
        case .any(let parts):
            for part in parts where part.matches(events, event, visits, visit) { return true }
            return false
        case .not(let part): return !part.matches(events, event, visits, visit)
        case .event(let slot, let matches): return CompiledFilter.answer(matches, events[slot][event])
        case .visit(let slot, let matches): return CompiledFilter.answer(matches, visits[slot][visit])
        }
    }

    private static func answer(_ matches: [Bool], _ code: Int64) -> Bool {
        code >= 0 && code < matches.count && matches[Int(code)]
    }

    /// The answers of one condition for the codes 0 to the dictionary's last. O(bytes of the dictionary).
    static func answers(_ match: PlanFilter.PlanMatch, _ dictionary: DictionarySnapshot) -> [Bool] {
        var answers = [Bool](repeating: false, count: Int(dictionary.count) + 1)
        answers[0] = match.values.contains("")
        guard dictionary.count > 0 else { return answers }
        let folded = match.values.map { match.isCaseSensitive ? $0 : $0.lowercased() }
        let wanted = folded.map { Array($0.utf8) }.filter { !$0.isEmpty }
        let exact = Set(wanted)
        for code in 1...dictionary.count {
            var bytes = dictionary.bytes(of: code)
            if !match.isCaseSensitive { bytes = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8) }
            answers[Int(code)] =
                switch match.operation {
                case .equals: exact.contains(bytes)
                case .contains: wanted.contains { contains(bytes, $0) }
                }
        }
        return answers
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= bytes.count else { return false }
        for start in 0...(bytes.count - part.count) where bytes[start] == first {
            if bytes[start..<(start + part.count)].elementsEqual(part) { return true }
        }
        return false
    }
}

extension PlanFilter {
    /// Depth and number of nodes; counting stops beyond the bounds.
    func measure(depth: Int, nodes: inout Int) -> Int {
        nodes += 1
        guard depth <= QueryPlan.filterDepthMax, nodes <= QueryPlan.filterNodesMax else { return depth }
        switch self {
        case .all(let parts), .any(let parts):
            return parts.reduce(depth) { max($0, $1.measure(depth: depth + 1, nodes: &nodes)) }
        case .not(let part): return part.measure(depth: depth + 1, nodes: &nodes)
        case .match: return depth
        }
    }
}
