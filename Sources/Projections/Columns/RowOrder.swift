/// The order in which rows go into a part, found by small keys: rows stay where they are.
///
/// Rows are put in order by one byte of a key after another, each pass stable. A pass costs some 12 instructions a row,
/// and there are as many as the keys' span has bytes; keys that are in order already cost no pass.
///
// SAFETY: rows are below the count of every key column, which the one caller, `PartBuilder`, sees to; counters are
// indexed by one byte.
struct RowOrder {
    typealias Keys = UnsafeBufferPointer<Int64>

    /// Places in the key columns.
    private(set) var rows: [UInt32]

    /// Visits, by number.
    init(_ rows: [UInt32], byNumber numbers: Keys) {
        self.rows = rows
        sort(by: numbers)
    }

    /// Events, by visit and position.
    init(_ rows: [UInt32], byVisit visits: Keys, batch batches: Keys, index indices: Keys) {
        self.rows = rows
        sort(by: visits)
        // Rows of one visit mostly came in the order of their positions.
        if RowOrder.areInOrder(self.rows, visits, batches, indices) { return }
        sort(by: indices)
        sort(by: batches)
        sort(by: visits)
    }

    private static func areInOrder(_ rows: [UInt32], _ visits: Keys, _ batches: Keys, _ indices: Keys) -> Bool {
        guard var last = rows.first.map({ Int($0) }) else { return true }
        for row in rows {
            let row = Int(row)
            if visits[row] == visits[last], batches[row] <= batches[last],
                batches[row] < batches[last] || indices[row] < indices[last]
            {
                return false
            }
            last = row
        }
        return true
    }

    private mutating func sort(by keys: Keys) {
        var least = Int64.max
        var most = Int64.min
        var last = Int64.min
        var isInOrder = true
        for row in rows {
            let key = keys[Int(row)]
            if key < last { isInOrder = false }
            last = key
            least = min(least, key)
            most = max(most, key)
        }
        if isInOrder { return }
        let span = UInt64(bitPattern: most &- least)
        var sorted = [UInt32](repeating: 0, count: rows.count)
        var shift: UInt64 = 0
        while shift < 64, span >> shift > 0 {
            RowOrder.pass(from: rows, to: &sorted, keys, least, shift)
            swap(&rows, &sorted)
            shift += 8
        }
    }

    /// Stable by the byte of `key - least` that begins at bit `shift`.
    private static func pass(
        from rows: [UInt32], to sorted: inout [UInt32], _ keys: Keys, _ least: Int64, _ shift: UInt64
    ) {
        var places = [Int](repeating: 0, count: 256)
        places.withUnsafeMutableBufferPointer { places in
            for row in rows { places[byte(of: keys[Int(row)], least, shift)] += 1 }
            var end = 0
            for value in 0..<256 {
                let count = places[value]
                places[value] = end
                end += count
            }
            sorted.withUnsafeMutableBufferPointer { sorted in
                for row in rows {
                    let value = byte(of: keys[Int(row)], least, shift)
                    sorted[places[value]] = row
                    places[value] &+= 1
                }
            }
        }
    }

    @inline(__always)
    private static func byte(of key: Int64, _ least: Int64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: UInt64(bitPattern: key &- least) >> shift & 255)
    }
}
