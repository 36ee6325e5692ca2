internal import Events

/// A part's bytes and what the store keeps of it.
struct EncodedPart {
    let bytes: [UInt8]
    let zone: ZoneMap
    /// Events and visits.
    let rows: Int
    /// The highest number of a visit with a row; 0 without one.
    let visitMax: VisitNumber
}

/// Puts a part together (`PartFormat.swift`) from columns of any order: first the columns that rows are put in order
/// by, then the others.
///
// SAFETY: every column holds a value for each of `order`'s rows: both come from the one source that is at work.
struct PartBuilder {
    typealias Values = UnsafeBufferPointer<Int64>

    private let key: PartitionKey
    private var writer = ColumnsWriter()
    private var zone = ZoneMap()
    private var visitMax: VisitNumber = 0
    private var (events, visits, properties) = (0, 0, 0)
    /// Of the events or visits at work.
    private var order: [UInt32] = []
    private var propertyOrder: [UInt32] = []

    init(_ key: PartitionKey) { self.key = key }

    /// Begins with events; `rows` are those that go into the part.
    mutating func beginEvents(_ rows: [UInt32], visits: Values, batches: Values, indices: Values) {
        order = RowOrder(rows, byVisit: visits, batch: batches, index: indices).rows
        events = rows.count
    }

    /// Begins with visits.
    mutating func beginVisits(_ rows: [UInt32], numbers: Values) {
        order = RowOrder(rows, byNumber: numbers).rows
        visits = rows.count
    }

    /// Adds a column of the events or visits begun with.
    mutating func add(_ id: UInt8, _ values: Values) {
        guard let span = order.withUnsafeBufferPointer({ writer.add(id, values, $0) }) else { return }
        zone.add(column: id, span)
        if id == PartColumn.visitNumber { visitMax = VisitNumber(bitPattern: span.upperBound) }
    }

    /// Adds the column of how many properties each event has, which begin at `starts` in the columns that follow.
    mutating func addPropertyCounts(_ counts: Values, starts: UnsafeBufferPointer<UInt32>) {
        add(PartColumn.propertyCount, counts)
        propertyOrder = []
        propertyOrder.reserveCapacity(order.reduce(0) { $0 + Int(truncatingIfNeeded: counts[Int($1)]) })
        for row in order {
            let start = starts[Int(row)]
            for property in start..<(start &+ UInt32(truncatingIfNeeded: counts[Int(row)])) {
                propertyOrder.append(property)
            }
        }
        properties = propertyOrder.count
    }

    /// Adds a column of properties.
    mutating func addProperties(_ id: UInt8, _ values: Values) {
        propertyOrder.withUnsafeBufferPointer { _ = writer.add(id, values, $0) }
    }

    /// The part.
    func encoded() -> EncodedPart {
        var part = ByteWriter()
        let start = PartFormat.headBytes + writer.columns.count * PartFormat.columnBytes
        part.bytes.reserveCapacity(start + writer.columns.reduce(4) { $0 + $1.bytes.count })
        part.append(PartFormat.version)
        part.bytes += PartFormat.magic
        part.append(key.site.rawValue)
        part.append(key.day)
        part.append(UInt32(clamping: events))
        part.append(UInt32(clamping: visits))
        part.append(UInt32(clamping: properties))
        part.append(UInt32(clamping: writer.columns.count))
        var offset = start
        for column in writer.columns {
            part.append(column.id)
            part.append(column.width)
            part.append(UInt16(0))
            part.append(UInt32(clamping: column.rows))
            part.append(column.base)
            part.append(UInt64(clamping: offset))
            offset += column.bytes.count
        }
        for column in writer.columns { part.bytes += column.bytes }
        part.seal()
        return EncodedPart(bytes: part.bytes, zone: zone, rows: events + visits, visitMax: visitMax)
    }
}
