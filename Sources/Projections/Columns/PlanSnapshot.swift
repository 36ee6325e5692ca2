internal import Events

/// One partition's rows at the moment a query began; shares the store's memory.
struct PartitionSnapshot: Sendable {
    let parts: [PartSlot]
    let events: [EventRow]
    let visits: [VisitRow]

    /// Some event may lie in the range.
    func mayHoldEvents(from: Timestamp, to: Timestamp) -> Bool {
        for slot in parts
        where slot.part.zone.occurredMin < to.milliseconds && slot.part.zone.occurredMax >= from.milliseconds {
            return true
        }
        return events.contains { $0.occurredAt >= from && $0.occurredAt < to }
    }
}

/// Columns of the live visits of one partition, by dense local number, with the way from visit number to it.
struct VisitColumns {
    let count: Int
    /// By the plan's visit slots.
    let columns: [[Int64]]
    private let first: UInt64
    /// Local number plus 1 by `number - first`, where numbers lie close together.
    private let direct: [UInt32]
    private let hashed: [UInt64: UInt32]

    init(_ snapshot: PartitionSnapshot, slots: [UInt8]) {
        var numbers: [Int64] = []
        var columns = [[Int64]](repeating: [], count: slots.count)
        for slot in snapshot.parts {
            let live = (0..<slot.part.layout.visitCount).filter { !slot.deadVisits.contains($0) }
            if live.isEmpty { continue }
            numbers += VisitColumns.pick(slot.part.decode(PartColumn.visitNumber), live)
            for (index, column) in slots.enumerated() {
                columns[index] += VisitColumns.pick(slot.part.decode(column), live)
            }
        }
        for visit in snapshot.visits { numbers.append(Int64(bitPattern: visit.number)) }
        for (index, column) in slots.enumerated() { columns[index] += snapshot.visits.map { $0.column(column) } }
        self.columns = columns
        count = numbers.count
        let keys = numbers.map { UInt64(bitPattern: $0) }
        let least = keys.min() ?? 0
        let span = (keys.max() ?? 0) - least
        first = least
        if span < UInt64(count) * 4 + 1_024 {
            var direct = [UInt32](repeating: 0, count: Int(span) + 1)
            for (local, number) in keys.enumerated() { direct[Int(number - least)] = UInt32(clamping: local + 1) }
            self.direct = direct
            hashed = [:]
        } else {
            direct = []
            hashed = Dictionary(keys.enumerated().map { ($1, UInt32(clamping: $0)) }) { _, last in last }
        }
    }

    private static func pick(_ values: [Int64], _ rows: [Int]) -> [Int64] {
        values.count == rows.count ? values : rows.map { values[$0] }
    }

    /// The local number of a visit; nil when the partition has no live row of it.
    func local(_ number: UInt64) -> Int? {
        if direct.isEmpty { return hashed[number].map { Int($0) } }
        guard number >= first, number - first < UInt64(direct.count) else { return nil }
        let entry = direct[Int(number - first)]
        return entry == 0 ? nil : Int(entry) - 1
    }
}

extension PartSlot {
    /// The columns of the part's events that a plan reads, by its event slots.
    func eventColumns(_ slots: [ColumnSlot]) -> [[Int64]] {
        var properties: (counts: [Int64], keys: [Int64], values: [Int64])?
        return slots.map { slot in
            switch slot {
            case .event(let column): return part.decode(column)
            case .visit: return []
            case .property(let key):
                let columns =
                    properties
                    ?? (
                        part.decode(PartColumn.propertyCount), part.decode(PartColumn.propertyKey),
                        part.decode(PartColumn.propertyValue)
                    )
                properties = columns
                var values = [Int64](repeating: 0, count: part.layout.eventCount)
                var place = 0
                for row in 0..<part.layout.eventCount {
                    let end = min(columns.keys.count, place + max(0, Int(columns.counts[row])))
                    while place < end {
                        if columns.keys[place] == Int64(key), values[row] == 0 { values[row] = columns.values[place] }
                        place += 1
                    }
                }
                return values
            }
        }
    }
}

extension PartitionSnapshot {
    /// The same of the tail's events.
    func tailColumns(_ slots: [ColumnSlot]) -> [[Int64]] {
        slots.map { slot in
            switch slot {
            case .event(let column): events.map { $0.column(column) }
            case .visit: []
            case .property(let key):
                events.map { event in
                    for property in event.properties where property.key == key && property.value != 0 {
                        return Int64(property.value)
                    }
                    return 0
                }
            }
        }
    }
}

extension EventRow {
    /// The value as a part's column holds it.
    func column(_ column: UInt8) -> Int64 {
        switch column {
        case PartColumn.visit: Int64(bitPattern: visit)
        case PartColumn.anchor: Int64(anchor)
        case PartColumn.occurredAt: occurredAt.milliseconds
        case PartColumn.flags: Int64(flags.rawValue)
        case PartColumn.name: Int64(name)
        case PartColumn.page: Int64(page)
        case PartColumn.hostname: Int64(hostname)
        case PartColumn.revenueMicros: revenue?.micros ?? 0
        case PartColumn.currency: Int64(revenue?.currency.rawValue ?? 0)
        case PartColumn.engaged: Int64(engagedMilliseconds)
        default: 0
        }
    }
}

extension VisitRow {
    /// The value as a part's column holds it.
    func column(_ column: UInt8) -> Int64 {
        switch column {
        case PartColumn.visitAnchor: Int64(anchor)
        case PartColumn.visitAnchorKind: Int64(anchorKind.rawValue)
        case PartColumn.visitStartedAt: startedAt.milliseconds
        case PartColumn.visitLastAt: lastAt.milliseconds
        case PartColumn.visitPageviews: Int64(pageviews)
        case PartColumn.visitEvents: Int64(events)
        case PartColumn.visitInteractive: Int64(interactiveEvents)
        case PartColumn.visitEngaged: Int64(engagedMilliseconds)
        case PartColumn.visitIsBot: isBot ? 1 : 0
        case PartColumn.visitEntryPage: Int64(entryPage)
        case PartColumn.visitExitPage: Int64(exitPage)
        case PartColumn.visitValues..<(PartColumn.visitValues + 18):
            Int64(values[Int(column - PartColumn.visitValues)])
        default: 0
        }
    }
}

extension Dimension {
    /// The column that holds the codes, of the event or of its visit.
    var slot: ColumnSlot {
        switch self {
        case .eventName: .event(PartColumn.name)
        case .page: .event(PartColumn.page)
        case .hostname: .event(PartColumn.hostname)
        case .propertyKey, .propertyValue: .property(0)
        case .entryPage: .visit(PartColumn.visitEntryPage)
        case .exitPage: .visit(PartColumn.visitExitPage)
        default: .visit(PartColumn.visitValues + (rawValue - Dimension.referrer.rawValue))
        }
    }
}
