internal import Events

extension PartLayout {
    /// The events as rows, in the part's order. O(rows), allocates; for tails, merges and erasures, not for queries.
    func events(_ bytes: borrowing RawSpan) -> [EventRow] {
        let batches = decode(PartColumn.batch, bytes)
        let indices = decode(PartColumn.index, bytes)
        let visits = decode(PartColumn.visit, bytes)
        let anchors = decode(PartColumn.anchor, bytes)
        let times = decode(PartColumn.occurredAt, bytes)
        let flags = decode(PartColumn.flags, bytes)
        let names = decode(PartColumn.name, bytes)
        let pages = decode(PartColumn.page, bytes)
        let hostnames = decode(PartColumn.hostname, bytes)
        let micros = decode(PartColumn.revenueMicros, bytes)
        let currencies = decode(PartColumn.currency, bytes)
        let engaged = decode(PartColumn.engaged, bytes)
        let propertyCounts = decode(PartColumn.propertyCount, bytes)
        let keys = decode(PartColumn.propertyKey, bytes)
        let values = decode(PartColumn.propertyValue, bytes)
        var rows: [EventRow] = []
        rows.reserveCapacity(eventCount)
        var property = 0
        for row in 0..<eventCount {
            let position = Position(batch: UInt64(bitPattern: batches[row]), index: PartLayout.word(indices[row]))
            var event = EventRow(
                position: position, site: key.site, occurredAt: Timestamp(milliseconds: times[row]),
                flags: EventFlags(rawValue: PartLayout.word(flags[row])))
            event.visit = UInt64(bitPattern: visits[row])
            event.anchor = PartLayout.word(anchors[row])
            event.name = PartLayout.word(names[row])
            event.page = PartLayout.word(pages[row])
            event.hostname = PartLayout.word(hostnames[row])
            event.engagedMilliseconds = PartLayout.word(engaged[row])
            if let currency = CurrencyCode(packed: PartLayout.word(currencies[row])) {
                event.revenue = Money(micros: micros[row], currency: currency)
            }
            let end = min(keys.count, property + max(0, Int(propertyCounts[row])))
            while property < end {
                let pair = EventRow.Property(
                    key: PartLayout.word(keys[property]), value: PartLayout.word(values[property]))
                event.properties.append(pair)
                property += 1
            }
            rows.append(event)
        }
        return rows
    }

    /// Some events as rows, without reading the others but for the number of their properties. `rows` ascend.
    func events(at rows: [Int], _ bytes: borrowing RawSpan) -> [EventRow] {
        let counts = decode(PartColumn.propertyCount, bytes)
        var property = 0
        var counted = 0
        var result: [EventRow] = []
        for row in rows {
            while counted < row {
                property += max(0, Int(counts[counted]))
                counted += 1
            }
            let batch = UInt64(bitPattern: value(PartColumn.batch, row, bytes))
            let position = Position(batch: batch, index: word(PartColumn.index, row, bytes))
            var event = EventRow(
                position: position, site: key.site,
                occurredAt: Timestamp(milliseconds: value(PartColumn.occurredAt, row, bytes)),
                flags: EventFlags(rawValue: word(PartColumn.flags, row, bytes)))
            event.visit = UInt64(bitPattern: value(PartColumn.visit, row, bytes))
            event.anchor = word(PartColumn.anchor, row, bytes)
            event.name = word(PartColumn.name, row, bytes)
            event.page = word(PartColumn.page, row, bytes)
            event.hostname = word(PartColumn.hostname, row, bytes)
            event.engagedMilliseconds = word(PartColumn.engaged, row, bytes)
            if let currency = CurrencyCode(packed: word(PartColumn.currency, row, bytes)) {
                event.revenue = Money(micros: value(PartColumn.revenueMicros, row, bytes), currency: currency)
            }
            let end = min(propertyCount, property + max(0, Int(counts[row])))
            for place in min(property, end)..<end {
                let name = word(PartColumn.propertyKey, place, bytes)
                event.properties.append(.init(key: name, value: word(PartColumn.propertyValue, place, bytes)))
            }
            result.append(event)
        }
        return result
    }

    private func word(_ column: UInt8, _ row: Int, _ bytes: borrowing RawSpan) -> UInt32 {
        UInt32(truncatingIfNeeded: value(column, row, bytes))
    }

    /// The visits as rows, in the part's order. O(rows), allocates.
    func visits(_ bytes: borrowing RawSpan) -> [VisitRow] {
        let numbers = decode(PartColumn.visitNumber, bytes)
        let fixed = (PartColumn.visitAnchor...PartColumn.visitExitPage).map { decode($0, bytes) }
        let values = (0..<18).map { decode(PartColumn.visitValues + UInt8($0), bytes) }
        var rows: [VisitRow] = []
        rows.reserveCapacity(visitCount)
        for row in 0..<visitCount {
            func word(_ id: UInt8) -> UInt32 { PartLayout.word(fixed[Int(id - PartColumn.visitAnchor)][row]) }
            func time(_ id: UInt8) -> Timestamp {
                Timestamp(milliseconds: fixed[Int(id - PartColumn.visitAnchor)][row])
            }
            var visit = VisitRow(
                number: UInt64(bitPattern: numbers[row]), site: key.site, startedAt: time(PartColumn.visitStartedAt))
            visit.lastAt = time(PartColumn.visitLastAt)
            visit.anchor = word(PartColumn.visitAnchor)
            visit.anchorKind =
                AnchorKind(rawValue: UInt8(truncatingIfNeeded: word(PartColumn.visitAnchorKind))) ?? .none
            visit.pageviews = word(PartColumn.visitPageviews)
            visit.events = word(PartColumn.visitEvents)
            visit.interactiveEvents = word(PartColumn.visitInteractive)
            visit.engagedMilliseconds = word(PartColumn.visitEngaged)
            visit.isBot = word(PartColumn.visitIsBot) != 0
            visit.entryPage = word(PartColumn.visitEntryPage)
            visit.exitPage = word(PartColumn.visitExitPage)
            for index in 0..<18 { visit.values[index] = PartLayout.word(values[index][row]) }
            rows.append(visit)
        }
        return rows
    }

    private static func word(_ value: Int64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
}

extension CurrencyCode {
    /// The code of a stored word; nil for 0 and for what are not three letters.
    init?(packed: UInt32) {
        guard packed != 0 else { return nil }
        let bytes = (0..<3).map { UInt8(truncatingIfNeeded: packed >> UInt32($0 * 8)) }
        self.init(bytes.span.bytes)
    }
}

/// An immutable part in its mapped file.
final class Part: Sendable {
    let file: StoredFile
    let layout: PartLayout
    let zone: ZoneMap
    private let mapped: MappedFile

    /// Maps the file and checks it whole, against itself and against what the manifest says of it.
    init(path: String, file: StoredFile, zone: ZoneMap) throws(ColumnError) {
        let mapped = try MappedFile(path: path)
        guard UInt64(mapped.byteCount) == file.byteCount else {
            throw ColumnError.damaged(
                path: path, offset: mapped.byteCount,
                reason: "it has not the \(file.byteCount) bytes it was written with")
        }
        let outcome: Result<PartLayout, ColumnError> = mapped.withBytes { bytes in
            do throws(ColumnError) {
                let layout = try PartLayout(bytes, path: path)
                guard bytes.littleEndianUInt32(at: bytes.byteCount - 4) == file.checksum else {
                    return .failure(.damaged(path: path, offset: 0, reason: "it is not the file the manifest names"))
                }
                return .success(layout)
            } catch {
                return .failure(error)
            }
        }
        layout = try outcome.get()
        self.mapped = mapped
        self.file = file
        self.zone = zone
    }

    /// One column's values.
    func decode(_ column: UInt8) -> [Int64] { mapped.withBytes { layout.decode(column, $0) } }
    /// One column's values, at the beginning of `values`, as far as there is room. Gives their count.
    func decode(_ column: UInt8, into values: UnsafeMutableBufferPointer<Int64>) -> Int {
        // SAFETY: written within its bounds only.
        mapped.withBytes { layout.decode(column, $0, into: values) }
    }
    /// Some events as rows; `rows` ascend.
    func events(at rows: [Int]) -> [EventRow] { mapped.withBytes { layout.events(at: rows, $0) } }
    /// The events as rows.
    func events() -> [EventRow] { mapped.withBytes { layout.events($0) } }
    /// The visits as rows.
    func visits() -> [VisitRow] { mapped.withBytes { layout.visits($0) } }

    /// The row of a visit. O(log visits).
    func row(ofVisit number: VisitNumber) -> Int? {
        guard number >= zone.visitMin, number <= zone.visitMax else { return nil }
        let wanted = Int64(bitPattern: number)
        let row = lowerBound(PartColumn.visitNumber, count: layout.visitCount, wanted)
        guard row < layout.visitCount else { return nil }
        return mapped.withBytes { layout.value(PartColumn.visitNumber, row, $0) } == wanted ? row : nil
    }

    /// The rows of a visit's events. O(log events).
    func eventRows(ofVisit number: VisitNumber) -> Range<Int> {
        guard number >= zone.visitMin, number <= zone.visitMax, number < VisitNumber(Int64.max) else { return 0..<0 }
        let wanted = Int64(bitPattern: number)
        let first = lowerBound(PartColumn.visit, count: layout.eventCount, wanted)
        return first..<max(first, lowerBound(PartColumn.visit, count: layout.eventCount, wanted + 1))
    }

    /// The position of an event's row.
    func position(ofRow row: Int) -> Position {
        mapped.withBytes { bytes in
            Position(
                batch: UInt64(bitPattern: layout.value(PartColumn.batch, row, bytes)),
                index: UInt32(truncatingIfNeeded: layout.value(PartColumn.index, row, bytes)))
        }
    }

    private func lowerBound(_ column: UInt8, count: Int, _ wanted: Int64) -> Int {
        mapped.withBytes { bytes in
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if layout.value(column, middle, bytes) < wanted { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}
