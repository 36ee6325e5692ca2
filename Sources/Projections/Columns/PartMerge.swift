internal import Events

/// Parts to one part, column by column: no row is made. Codes stay as they are, since all parts of a site share its
/// dictionaries. About 12 instructions a value; needs 8 bytes for each of the largest column's values and 40 an event.
///
// SAFETY: each buffer has a place for every row of all parts together, and each part fills its own stretch of it.
struct PartMerge {
    private let slots: [PartSlot]
    private var builder: PartBuilder
    /// One column of all parts, one part after another.
    private var values: [Int64]

    /// The live rows of neighbouring parts of the partition.
    static func encode(_ key: PartitionKey, _ slots: [PartSlot]) -> EncodedPart {
        var merge = PartMerge(key, slots)
        merge.addEvents()
        merge.addVisits()
        return merge.builder.encoded()
    }

    private init(_ key: PartitionKey, _ slots: [PartSlot]) {
        self.slots = slots
        builder = PartBuilder(key)
        var rowsMax = 0
        for count in [\PartLayout.eventCount, \.visitCount, \.propertyCount] {
            rowsMax = max(rowsMax, slots.reduce(0) { $0 + $1.part.layout[keyPath: count] })
        }
        values = [Int64](repeating: 0, count: rowsMax)
    }

    private mutating func addEvents() {
        let rows = slots.reduce(0) { $0 + $1.part.layout.eventCount }
        var live: [UInt32] = []
        live.reserveCapacity(rows)
        var first = 0
        for slot in slots {
            slot.deadEvents.appendOthers(of: slot.part.layout.eventCount, from: first, to: &live)
            first += slot.part.layout.eventCount
        }
        let visits = column(PartColumn.visit, rows)
        let batches = column(PartColumn.batch, rows)
        let indices = column(PartColumn.index, rows)
        visits.withUnsafeBufferPointer { visits in
            batches.withUnsafeBufferPointer { batches in
                indices.withUnsafeBufferPointer { indices in
                    builder.beginEvents(live, visits: visits, batches: batches, indices: indices)
                    builder.add(PartColumn.batch, batches)
                    builder.add(PartColumn.index, indices)
                    builder.add(PartColumn.visit, visits)
                }
            }
        }
        for id in PartColumn.anchor..<PartColumn.propertyCount { add(id, rows) }
        addProperties(ofRows: rows)
    }

    private mutating func addProperties(ofRows rows: Int) {
        let total = slots.reduce(0) { $0 + $1.part.layout.propertyCount }
        var starts: [UInt32] = []
        starts.reserveCapacity(rows)
        var (row, first) = (0, 0)
        read(PartColumn.propertyCount)
        for slot in slots {
            let end = first + slot.part.layout.propertyCount
            var place = first
            for _ in 0..<slot.part.layout.eventCount {
                // A part counts no more properties than it has.
                let count = min(max(0, values[row]), Int64(end - place))
                values[row] = count
                starts.append(UInt32(clamping: place))
                place += Int(count)
                row += 1
            }
            first = end
        }
        values.withUnsafeBufferPointer { values in
            starts.withUnsafeBufferPointer { starts in
                builder.addPropertyCounts(UnsafeBufferPointer(rebasing: values[..<rows]), starts: starts)
            }
        }
        for id in [PartColumn.propertyKey, PartColumn.propertyValue] {
            read(id)
            values.withUnsafeBufferPointer { builder.addProperties(id, UnsafeBufferPointer(rebasing: $0[..<total])) }
        }
    }

    private mutating func addVisits() {
        let rows = slots.reduce(0) { $0 + $1.part.layout.visitCount }
        var live: [UInt32] = []
        live.reserveCapacity(rows)
        var first = 0
        for slot in slots {
            slot.deadVisits.appendOthers(of: slot.part.layout.visitCount, from: first, to: &live)
            first += slot.part.layout.visitCount
        }
        read(PartColumn.visitNumber)
        values.withUnsafeBufferPointer {
            builder.beginVisits(live, numbers: UnsafeBufferPointer(rebasing: $0[..<rows]))
        }
        for id in PartColumn.ofVisits { add(id, rows) }
    }

    /// Reads a column and adds it.
    private mutating func add(_ id: UInt8, _ rows: Int) {
        read(id)
        values.withUnsafeBufferPointer { builder.add(id, UnsafeBufferPointer(rebasing: $0[..<rows])) }
    }

    /// A column of its own, which stays when others are read.
    private mutating func column(_ id: UInt8, _ rows: Int) -> [Int64] {
        read(id)
        return Array(values[..<rows])
    }

    /// Reads a column of all parts into `values`.
    private mutating func read(_ id: UInt8) {
        values.withUnsafeMutableBufferPointer { values in
            var rest = values
            for slot in slots {
                let count = slot.part.decode(id, into: rest)
                rest = UnsafeMutableBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
