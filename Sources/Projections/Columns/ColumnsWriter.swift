/// Columns, each in the fewest of 0, 1, 2, 4 or 8 bytes a row.
///
// SAFETY: `rows` are below the count of `values`; both are the caller's for the time of the call.
struct ColumnsWriter {
    struct Column {
        var id: UInt8
        var width: UInt8
        var rows: Int
        var base: Int64
        var bytes: [UInt8]
    }

    private(set) var columns: [Column] = []

    /// Adds a column of the values at `rows`, in their order. Gives what they span; nil without rows.
    @discardableResult
    mutating func add(
        _ id: UInt8, _ values: UnsafeBufferPointer<Int64>, _ rows: UnsafeBufferPointer<UInt32>
    ) -> ClosedRange<Int64>? {
        guard !rows.isEmpty else {
            columns.append(Column(id: id, width: 0, rows: 0, base: 0, bytes: []))
            return nil
        }
        let span = ColumnsWriter.span(of: values, rows)
        let width = ColumnsWriter.width(of: UInt64(bitPattern: span.upperBound &- span.lowerBound))
        let bytes: [UInt8] =
            switch width {
            case 0: []
            case 1: ColumnsWriter.encoded(UInt8.self, values, rows, span.lowerBound)
            case 2: ColumnsWriter.encoded(UInt16.self, values, rows, span.lowerBound)
            case 4: ColumnsWriter.encoded(UInt32.self, values, rows, span.lowerBound)
            default: ColumnsWriter.encoded(UInt64.self, values, rows, span.lowerBound)
            }
        columns.append(Column(id: id, width: width, rows: rows.count, base: span.lowerBound, bytes: bytes))
        return span
    }

    private static func span(
        of values: UnsafeBufferPointer<Int64>, _ rows: UnsafeBufferPointer<UInt32>
    ) -> ClosedRange<Int64> {
        var least = Int64.max
        var most = Int64.min
        if rows.count == values.count {
            // Each value is of one row.
            for value in values {
                least = min(least, value)
                most = max(most, value)
            }
        } else {
            for row in rows {
                let value = values[Int(row)]
                least = min(least, value)
                most = max(most, value)
            }
        }
        return least...most
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

    @inline(__always)
    private static func encoded<Word: FixedWidthInteger & UnsignedInteger>(
        _ type: Word.Type, _ values: UnsafeBufferPointer<Int64>, _ rows: UnsafeBufferPointer<UInt32>, _ base: Int64
    ) -> [UInt8] {
        let count = rows.count * MemoryLayout<Word>.size
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialised in
            bytes.withMemoryRebound(to: Word.self) { words in
                for place in 0..<rows.count {
                    words[place] = Word(truncatingIfNeeded: values[Int(rows[place])] &- base).littleEndian
                }
            }
            initialised = count
        }
    }
}
