internal import Events

/// Rows to the bytes of a part (`PartFormat.swift`). Rows are put in order by small keys and stay where they are; each
/// column is read twice, once for its range and once to be written. About 0.2 us an event of ten properties.
enum PartEncoder {
    static let version: UInt8 = 1
    static let magic = Array("HCP".utf8)
    static let headBytes = 28
    static let columnBytes = 24

    /// Sorts and encodes; O(n log n). The caller bounds the rows.
    static func encode(_ key: PartitionKey, _ events: [EventRow], _ visits: [VisitRow]) -> (
        bytes: [UInt8], zone: ZoneMap
    ) {
        var zone = ZoneMap()
        for event in events { zone.add(event) }
        for visit in visits { zone.add(visit) }
        let properties = events.reduce(0) { $0 + $1.properties.count }
        var writer = ColumnsWriter()
        addColumns(of: events, in: order(of: events), properties: properties, to: &writer)
        addColumns(of: visits, in: order(of: visits), to: &writer)
        var head = ByteWriter()
        head.append(version)
        head.bytes += magic
        head.append(key.site.rawValue)
        head.append(key.day)
        head.append(UInt32(clamping: events.count))
        head.append(UInt32(clamping: visits.count))
        head.append(UInt32(clamping: properties))
        head.append(UInt32(clamping: writer.columns.count))
        let start = headBytes + writer.columns.count * columnBytes
        head.bytes.reserveCapacity(start + writer.bytes.count + 4)
        for column in writer.columns {
            head.append(column.id)
            head.append(column.width)
            head.append(UInt16(0))
            head.append(UInt32(clamping: column.rows))
            head.append(column.base)
            head.append(UInt64(clamping: start + column.offset))
        }
        head.bytes += writer.bytes
        head.seal()
        return (head.bytes, zone)
    }

    /// Events by visit and position.
    private static func order(of events: [EventRow]) -> [UInt32] {
        struct Key {
            var visit: VisitNumber
            var position: Position
            var row: UInt32
        }
        var keys: [Key] = []
        keys.reserveCapacity(events.count)
        for row in events.indices {
            keys.append(Key(visit: events[row].visit, position: events[row].position, row: UInt32(clamping: row)))
        }
        keys.sort { $0.visit != $1.visit ? $0.visit < $1.visit : $0.position < $1.position }
        return keys.map(\.row)
    }

    /// Visits by number.
    private static func order(of visits: [VisitRow]) -> [UInt32] {
        var keys: [(number: VisitNumber, row: UInt32)] = []
        keys.reserveCapacity(visits.count)
        for row in visits.indices { keys.append((visits[row].number, UInt32(clamping: row))) }
        keys.sort { $0.number < $1.number }
        return keys.map(\.row)
    }

    private static func addColumns(
        of events: [EventRow], in order: [UInt32], properties: Int, to writer: inout ColumnsWriter
    ) {
        func add(_ id: UInt8, _ value: (borrowing EventRow) -> Int64) {
            writer.add(id, rows: order.count) { value(events[Int(order[$0])]) }
        }
        add(PartColumn.batch) { Int64(bitPattern: $0.position.batch) }
        add(PartColumn.index) { Int64($0.position.index) }
        add(PartColumn.visit) { Int64(bitPattern: $0.visit) }
        add(PartColumn.anchor) { Int64($0.anchor) }
        add(PartColumn.occurredAt) { $0.occurredAt.milliseconds }
        add(PartColumn.flags) { Int64($0.flags.rawValue) }
        add(PartColumn.name) { Int64($0.name) }
        add(PartColumn.page) { Int64($0.page) }
        add(PartColumn.hostname) { Int64($0.hostname) }
        add(PartColumn.revenueMicros) { $0.revenue?.micros ?? 0 }
        add(PartColumn.currency) { Int64($0.revenue?.currency.rawValue ?? 0) }
        add(PartColumn.engaged) { Int64($0.engagedMilliseconds) }
        add(PartColumn.propertyCount) { Int64($0.properties.count) }
        var flat: [EventRow.Property] = []
        flat.reserveCapacity(properties)
        for row in order { flat += events[Int(row)].properties }
        writer.add(PartColumn.propertyKey, rows: flat.count) { Int64(flat[$0].key) }
        writer.add(PartColumn.propertyValue, rows: flat.count) { Int64(flat[$0].value) }
    }

    private static func addColumns(of visits: [VisitRow], in order: [UInt32], to writer: inout ColumnsWriter) {
        func add(_ id: UInt8, _ value: (borrowing VisitRow) -> Int64) {
            writer.add(id, rows: order.count) { value(visits[Int(order[$0])]) }
        }
        add(PartColumn.visitNumber) { Int64(bitPattern: $0.number) }
        add(PartColumn.visitAnchor) { Int64($0.anchor) }
        add(PartColumn.visitAnchorKind) { Int64($0.anchorKind.rawValue) }
        add(PartColumn.visitStartedAt) { $0.startedAt.milliseconds }
        add(PartColumn.visitLastAt) { $0.lastAt.milliseconds }
        add(PartColumn.visitPageviews) { Int64($0.pageviews) }
        add(PartColumn.visitEvents) { Int64($0.events) }
        add(PartColumn.visitInteractive) { Int64($0.interactiveEvents) }
        add(PartColumn.visitEngaged) { Int64($0.engagedMilliseconds) }
        add(PartColumn.visitIsBot) { $0.isBot ? 1 : 0 }
        add(PartColumn.visitEntryPage) { Int64($0.entryPage) }
        add(PartColumn.visitExitPage) { Int64($0.exitPage) }
        for index in 0..<18 { add(PartColumn.visitValues + UInt8(index)) { Int64($0.values[index]) } }
    }
}

/// Columns one after another, each in the fewest of 0, 1, 2, 4 or 8 bytes a row.
struct ColumnsWriter {
    struct Column {
        var id: UInt8
        var width: UInt8
        var rows: Int
        var base: Int64
        /// In `bytes`.
        var offset: Int
    }

    private(set) var columns: [Column] = []
    private(set) var bytes: [UInt8] = []

    @inline(__always)
    mutating func add(_ id: UInt8, rows: Int, _ value: (Int) -> Int64) {
        var least = Int64.max
        var most = Int64.min
        for row in 0..<rows {
            let value = value(row)
            least = min(least, value)
            most = max(most, value)
        }
        let base = rows == 0 ? 0 : least
        let width = rows == 0 ? 0 : ColumnsWriter.width(of: UInt64(bitPattern: most &- least))
        let offset = bytes.count
        columns.append(Column(id: id, width: width, rows: rows, base: base, offset: offset))
        guard width > 0 else { return }
        bytes.append(contentsOf: repeatElement(0, count: rows * Int(width)))
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        for row in 0..<rows {
            let delta = UInt64(bitPattern: value(row) &- base)
            switch width {
            case 1: raw.storeBytes(of: UInt8(truncatingIfNeeded: delta), toByteOffset: offset + row, as: UInt8.self)
            case 2:
                let word = UInt16(truncatingIfNeeded: delta).littleEndian
                raw.storeBytes(of: word, toByteOffset: offset + row * 2, as: UInt16.self)
            case 4:
                let word = UInt32(truncatingIfNeeded: delta).littleEndian
                raw.storeBytes(of: word, toByteOffset: offset + row * 4, as: UInt32.self)
            default: raw.storeBytes(of: delta.littleEndian, toByteOffset: offset + row * 8, as: UInt64.self)
            }
        }
    }

    private static func width(of range: UInt64) -> UInt8 {
        switch range {
        case 0: 0
        case ...0xFF: 1
        case ...0xFFFF: 2
        case ...0xFFFF_FFFF: 4
        default: 8
        }
    }
}
