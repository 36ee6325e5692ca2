internal import Events

/// A fixed list of ASCII names, found without regard to case: open addressing at most half full, FNV-1a over folded
/// bytes, full comparison on a hit. About 20 ns for a name of ten bytes, no allocation. The list is ours, so an
/// outsider cannot crowd a slot.
struct NameTable<Value: Sendable>: Sendable {
    private let names: [[UInt8]]
    private let values: [Value]
    private let slots: [Int32]

    init(_ entries: [(name: String, value: Value)]) {
        names = entries.map { $0.name.utf8.map(ASCII.lower) }
        values = entries.map(\.value)
        var count = 8
        while count < entries.count * 2 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for (index, name) in names.enumerated() {
            var slot = NameTable.hash(name.span.bytes) & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(clamping: index)
        }
        self.slots = slots
    }

    /// The value of the entry these bytes name; nil where there is none.
    func value(of name: borrowing RawSpan) -> Value? {
        var slot = NameTable.hash(name) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if ASCII.equalsFolded(name, lower: names[index]) { return values[index] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func hash(_ bytes: borrowing RawSpan) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<bytes.byteCount {
            hash = (hash ^ UInt64(ASCII.lower(bytes.byte(at: index)))) &* 0x100_0000_01b3
        }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
}

extension [UInt8] {
    /// Appends a piece of a span; one copy.
    @inline(__always)
    mutating func append(_ bytes: borrowing RawSpan, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }
}
