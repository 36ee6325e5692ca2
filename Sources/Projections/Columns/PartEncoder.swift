internal import Events

/// Rows to the bytes of a part. Rows are read once, into columns of 64-bit values, which `PartBuilder` puts in order.
///
// SAFETY: the buffers have a place for each row and column, each written once before it is read.
enum PartEncoder {
    /// O(rows), about 10 instructions a value. The caller bounds the rows.
    static func encode(_ key: PartitionKey, _ events: [EventRow], _ visits: [VisitRow]) -> EncodedPart {
        var builder = PartBuilder(key)
        events.withUnsafeBufferPointer { add($0, to: &builder) }
        visits.withUnsafeBufferPointer { add($0, to: &builder) }
        return builder.encoded()
    }

    private static func add(_ events: UnsafeBufferPointer<EventRow>, to builder: inout PartBuilder) {
        let rows = events.count
        let columns = columns(of: events)
        columns.withUnsafeBufferPointer { columns in
            func column(_ id: UInt8) -> PartBuilder.Values {
                let first = Int(id - PartColumn.batch) * rows
                return UnsafeBufferPointer(rebasing: columns[first..<(first + rows)])
            }
            builder.beginEvents(
                [UInt32](0..<UInt32(clamping: rows)), visits: column(PartColumn.visit),
                batches: column(PartColumn.batch), indices: column(PartColumn.index))
            for id in PartColumn.batch..<PartColumn.propertyCount { builder.add(id, column(id)) }
            addProperties(of: events, counts: column(PartColumn.propertyCount), to: &builder)
        }
    }

    /// The columns from `batch` to `propertyCount`, one after another.
    private static func columns(of events: UnsafeBufferPointer<EventRow>) -> [Int64] {
        let rows = events.count
        return [Int64](unsafeUninitializedCapacity: rows * 13) { columns, initialised in
            for row in 0..<rows {
                columns[row] = Int64(bitPattern: events[row].position.batch)
                columns[row + rows] = Int64(events[row].position.index)
                columns[row + rows * 2] = Int64(bitPattern: events[row].visit)
                columns[row + rows * 3] = Int64(events[row].anchor)
                columns[row + rows * 4] = events[row].occurredAt.milliseconds
                columns[row + rows * 5] = Int64(events[row].flags.rawValue)
                columns[row + rows * 6] = Int64(events[row].name)
                columns[row + rows * 7] = Int64(events[row].page)
                columns[row + rows * 8] = Int64(events[row].hostname)
                columns[row + rows * 9] = events[row].revenue?.micros ?? 0
                columns[row + rows * 10] = Int64(events[row].revenue?.currency.rawValue ?? 0)
                columns[row + rows * 11] = Int64(events[row].engagedMilliseconds)
                columns[row + rows * 12] = Int64(events[row].properties.count)
            }
            initialised = rows * 13
        }
    }

    private static func addProperties(
        of events: UnsafeBufferPointer<EventRow>, counts: PartBuilder.Values, to builder: inout PartBuilder
    ) {
        var starts: [UInt32] = []
        starts.reserveCapacity(events.count)
        var total = 0
        for count in counts {
            starts.append(UInt32(clamping: total))
            total += Int(count)
        }
        let pairs = [Int64](unsafeUninitializedCapacity: total * 2) { pairs, initialised in
            var place = 0
            for row in events.indices where counts[row] > 0 {
                events[row].properties.withUnsafeBufferPointer { properties in
                    for property in properties {
                        pairs[place] = Int64(property.key)
                        pairs[place + total] = Int64(property.value)
                        place += 1
                    }
                }
            }
            initialised = total * 2
        }
        starts.withUnsafeBufferPointer { builder.addPropertyCounts(counts, starts: $0) }
        pairs.withUnsafeBufferPointer { pairs in
            builder.addProperties(PartColumn.propertyKey, UnsafeBufferPointer(rebasing: pairs[..<total]))
            builder.addProperties(PartColumn.propertyValue, UnsafeBufferPointer(rebasing: pairs[total...]))
        }
    }

    private static func add(_ visits: UnsafeBufferPointer<VisitRow>, to builder: inout PartBuilder) {
        let rows = visits.count
        let columns = columns(of: visits)
        columns.withUnsafeBufferPointer { columns in
            func column(_ index: Int) -> PartBuilder.Values {
                UnsafeBufferPointer(rebasing: columns[(index * rows)..<(index * rows + rows)])
            }
            builder.beginVisits([UInt32](0..<UInt32(clamping: rows)), numbers: column(0))
            for (index, id) in PartColumn.ofVisits.enumerated() { builder.add(id, column(index)) }
        }
    }

    /// The columns of `PartColumn.ofVisits`, one after another.
    private static func columns(of visits: UnsafeBufferPointer<VisitRow>) -> [Int64] {
        let rows = visits.count
        return [Int64](unsafeUninitializedCapacity: rows * 30) { columns, initialised in
            for row in 0..<rows {
                columns[row] = Int64(bitPattern: visits[row].number)
                columns[row + rows] = Int64(visits[row].anchor)
                columns[row + rows * 2] = Int64(visits[row].anchorKind.rawValue)
                columns[row + rows * 3] = visits[row].startedAt.milliseconds
                columns[row + rows * 4] = visits[row].lastAt.milliseconds
                columns[row + rows * 5] = Int64(visits[row].pageviews)
                columns[row + rows * 6] = Int64(visits[row].events)
                columns[row + rows * 7] = Int64(visits[row].interactiveEvents)
                columns[row + rows * 8] = Int64(visits[row].engagedMilliseconds)
                columns[row + rows * 9] = visits[row].isBot ? 1 : 0
                columns[row + rows * 10] = Int64(visits[row].entryPage)
                columns[row + rows * 11] = Int64(visits[row].exitPage)
                for index in 0..<18 { columns[row + rows * (12 + index)] = Int64(visits[row].values[index]) }
            }
            initialised = rows * 30
        }
    }
}
