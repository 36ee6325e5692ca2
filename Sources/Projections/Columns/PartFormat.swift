internal import Events

// A part, `part-N.hcp` in the parts directory: events and visits of one site and one UTC day (of the visit's start;
// of the event itself where it has no visit).
//
// Constraints: little-endian; immutable; every column readable alone; a row's place never changes, because the
// manifest's deletion vectors count on it; at most 2^32 - 1 rows. Events are ordered by (visit, position) and visits
// by number, so one visit's rows are found by binary search.
// Layout:
//   u8 version = 1 | "HCP" | u32 site | i32 day | u32 events | u32 visits | u32 properties | u32 columns
//   per column: u8 id | u8 width (0, 1, 2, 4, 8) | u16 0 | u32 rows | i64 base | u64 offset
//   per column: rows x width bytes, each the value minus the base; width 0 says that all are the base
//   u32 CRC-32C of everything before
// Life cycle: written from a tail or by a merge, synced before a manifest names it, mapped while the store lives,
// removed when no published manifest names it and every query that reads it has ended. Rows are taken back only by
// deletion vectors; a merge or an erasure writes a new part without them.

/// The format's constants.
enum PartFormat {
    static let version: UInt8 = 1
    static let magic = Array("HCP".utf8)
    static let headBytes = 28
    static let columnBytes = 24
}

/// The columns of a part. Raw values are stored and never reused.
enum PartColumn {
    static let batch: UInt8 = 1
    static let index: UInt8 = 2
    static let visit: UInt8 = 3
    static let anchor: UInt8 = 4
    static let occurredAt: UInt8 = 5
    static let flags: UInt8 = 6
    static let name: UInt8 = 7
    static let page: UInt8 = 8
    static let hostname: UInt8 = 9
    static let revenueMicros: UInt8 = 10
    static let currency: UInt8 = 11
    static let engaged: UInt8 = 12
    static let propertyCount: UInt8 = 13
    static let propertyKey: UInt8 = 14
    static let propertyValue: UInt8 = 15
    static let visitNumber: UInt8 = 32
    static let visitAnchor: UInt8 = 33
    static let visitAnchorKind: UInt8 = 34
    static let visitStartedAt: UInt8 = 35
    static let visitLastAt: UInt8 = 36
    static let visitPageviews: UInt8 = 37
    static let visitEvents: UInt8 = 38
    static let visitInteractive: UInt8 = 39
    static let visitEngaged: UInt8 = 40
    static let visitIsBot: UInt8 = 41
    static let visitEntryPage: UInt8 = 42
    static let visitExitPage: UInt8 = 43
    /// Plus the index in `VisitRow.values`.
    static let visitValues: UInt8 = 64
    /// All columns of visits, in the order they are written.
    static let ofVisits = Array(visitNumber...visitExitPage) + Array(visitValues..<(visitValues + 18))
}

/// What a part spans, so that most parts are passed over unread. Kept in the manifest.
struct ZoneMap: Hashable, Sendable {
    var occurredMin = Int64.max
    var occurredMax = Int64.min
    var visitMin = UInt64.max
    var visitMax = UInt64.min
    var anchorMin = UInt32.max
    var anchorMax = UInt32.min

    /// Widens the map to what a column spans; most columns are not of the map.
    mutating func add(column id: UInt8, _ span: ClosedRange<Int64>) {
        switch id {
        case PartColumn.occurredAt:
            occurredMin = min(occurredMin, span.lowerBound)
            occurredMax = max(occurredMax, span.upperBound)
        case PartColumn.visit, PartColumn.visitNumber:
            visitMin = min(visitMin, VisitNumber(bitPattern: span.lowerBound))
            visitMax = max(visitMax, VisitNumber(bitPattern: span.upperBound))
        case PartColumn.anchor, PartColumn.visitAnchor:
            anchorMin = min(anchorMin, AnchorNumber(truncatingIfNeeded: span.lowerBound))
            anchorMax = max(anchorMax, AnchorNumber(truncatingIfNeeded: span.upperBound))
        default: break
        }
    }
}

/// The directory of a part's bytes, checked against them: after `init` no read leaves the bytes.
struct PartLayout: Sendable {
    struct Column: Sendable {
        var width = 0
        var rows = 0
        var base: Int64 = 0
        var offset = 0
    }

    let key: PartitionKey
    let eventCount: Int
    let visitCount: Int
    let propertyCount: Int
    private var columns = [Column](repeating: Column(), count: 128)

    /// Checks version, checksum, directory and row counts; the error names `path`.
    init(_ bytes: borrowing RawSpan, path: String) throws(ColumnError) {
        func damaged(_ offset: Int, _ reason: String) -> ColumnError {
            .damaged(path: path, offset: offset, reason: reason)
        }
        let end = bytes.byteCount - 4
        guard end >= PartFormat.headBytes else { throw damaged(bytes.byteCount, "it ends before its header does") }
        let magic = (1...3).map { bytes.byte(at: $0) }
        guard magic == PartFormat.magic else { throw damaged(1, "it does not begin as a part does") }
        let version = bytes.byte(at: 0)
        guard version <= PartFormat.version else {
            throw ColumnError.newerVersion(path: path, found: version, supported: PartFormat.version)
        }
        guard version == PartFormat.version else { throw damaged(0, "version \(version) never existed") }
        guard CRC32C.checksum(bytes.extracting(0..<end)) == bytes.littleEndianUInt32(at: end) else {
            throw damaged(end, "the checksum does not match, or the file was cut short")
        }
        let site = SiteID(bytes.littleEndianUInt32(at: 4))
        key = PartitionKey(site: site, day: Int32(bitPattern: bytes.littleEndianUInt32(at: 8)))
        eventCount = Int(bytes.littleEndianUInt32(at: 12))
        visitCount = Int(bytes.littleEndianUInt32(at: 16))
        propertyCount = Int(bytes.littleEndianUInt32(at: 20))
        let columnCount = Int(bytes.littleEndianUInt32(at: 24))
        guard columnCount <= (end - PartFormat.headBytes) / PartFormat.columnBytes else {
            throw damaged(24, "\(columnCount) columns do not fit")
        }
        for place in 0..<columnCount {
            let at = PartFormat.headBytes + place * PartFormat.columnBytes
            let id = Int(bytes.byte(at: at))
            let width = Int(bytes.byte(at: at + 1))
            let rows = Int(bytes.littleEndianUInt32(at: at + 4))
            let offset = Int(clamping: bytes.littleEndianUInt64(at: at + 16))
            guard id < 128, [0, 1, 2, 4, 8].contains(width), offset <= end, rows * width <= end - offset else {
                throw damaged(at, "column \(id) lies outside")
            }
            let base = Int64(bitPattern: bytes.littleEndianUInt64(at: at + 8))
            columns[id] = Column(width: width, rows: rows, base: base, offset: offset)
        }
        for id in 1...13 where columns[id].rows != eventCount { throw damaged(24, "column \(id) has too few rows") }
        for id in 14...15 where columns[id].rows != propertyCount { throw damaged(24, "column \(id) has too few rows") }
        for id in PartColumn.ofVisits where columns[Int(id)].rows != visitCount {
            throw damaged(24, "column \(id) has too few rows")
        }
    }

    /// One column's values. O(rows), one allocation.
    func decode(_ id: UInt8, _ bytes: borrowing RawSpan) -> [Int64] {
        bytes.withUnsafeBytes { bytes in
            [Int64](unsafeUninitializedCapacity: columns[Int(id & 127)].rows) { values, initialised in
                initialised = decode(id, bytes, into: values)
            }
        }
    }

    /// Writes one column's values to the beginning of `values`, as far as there is room. Gives their count. O(rows).
    func decode(_ id: UInt8, _ bytes: borrowing RawSpan, into values: UnsafeMutableBufferPointer<Int64>) -> Int {
        bytes.withUnsafeBytes { decode(id, $0, into: values) }
    }

    private func decode(
        _ id: UInt8, _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Int64>
    ) -> Int {
        let column = columns[Int(id & 127)]
        let count = min(column.rows, values.count)
        guard count > 0, let start = bytes.baseAddress, let values = values.baseAddress else { return 0 }
        switch column.width {
        case 0: values.update(repeating: column.base, count: count)
        case 1: PartLayout.widen(UInt8.self, start + column.offset, count, column.base, values)
        case 2: PartLayout.widen(UInt16.self, start + column.offset, count, column.base, values)
        case 4: PartLayout.widen(UInt32.self, start + column.offset, count, column.base, values)
        default: PartLayout.widen(UInt64.self, start + column.offset, count, column.base, values)
        }
        return count
    }

    @inline(__always)
    private static func widen<Word: FixedWidthInteger & BitwiseCopyable>(
        _ type: Word.Type, _ words: UnsafeRawPointer, _ count: Int, _ base: Int64, _ values: UnsafeMutablePointer<Int64>
    ) {
        // SAFETY: `init` saw the column's rows inside the bytes; `values` has room for `count`.
        for row in 0..<count {
            let word = words.loadUnaligned(fromByteOffset: row * MemoryLayout<Word>.size, as: Word.self)
            values[row] = base &+ Int64(truncatingIfNeeded: Word(littleEndian: word))
        }
    }

    /// One value; `row` is below the column's row count.
    func value(_ id: UInt8, _ row: Int, _ bytes: borrowing RawSpan) -> Int64 {
        let column = columns[Int(id & 127)]
        return switch column.width {
        case 0: column.base
        case 1: column.base &+ Int64(bytes.byte(at: column.offset + row))
        case 2: column.base &+ Int64(bytes.littleEndianUInt16(at: column.offset + row * 2))
        case 4: column.base &+ Int64(bytes.littleEndianUInt32(at: column.offset + row * 4))
        default: column.base &+ Int64(bitPattern: bytes.littleEndianUInt64(at: column.offset + row * 8))
        }
    }
}
