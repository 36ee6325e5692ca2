/// Small numbers by byte strings: filled at the start, then read without allocation. Open addressing, half full.
struct ByteTable {
    private var text: [UInt8] = []
    private var keys: [Range<Int>] = []
    private var values: [Int] = []
    private var slots = [UInt16](repeating: 0, count: 64)

    var byteCount: Int { text.count + keys.count * 16 + values.count * 8 + slots.count * 2 }

    /// The first value given to a key stays. At most 32,000 keys; more are not taken.
    mutating func insert(_ key: [UInt8], _ value: Int) {
        guard find(key.span.bytes) == nil, keys.count < 32_000 else { return }
        keys.append(text.count..<text.count + key.count)
        values.append(value)
        text += key
        if keys.count * 2 > slots.count {
            slots = [UInt16](repeating: 0, count: slots.count * 2)
            for number in keys.indices { place(number) }
        } else {
            place(keys.count - 1)
        }
    }

    func find(_ key: borrowing RawSpan) -> Int? {
        var index = Int(truncatingIfNeeded: Self.hash(key)) & (slots.count - 1)
        while slots[index] != 0 {
            let number = Int(slots[index]) - 1
            let range = keys[number]
            if range.count == key.byteCount, equals(range, key) { return values[number] }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func place(_ number: Int) {
        let key = Array(text[keys[number]])
        var index = Int(truncatingIfNeeded: Self.hash(key.span.bytes)) & (slots.count - 1)
        while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = UInt16(number + 1)
    }

    @inline(__always)
    private func equals(_ range: Range<Int>, _ key: borrowing RawSpan) -> Bool {
        for index in 0..<range.count
        where text[range.lowerBound + index] != key.unsafeLoadUnaligned(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        return true
    }

    /// FNV-1a; keys come from constants, so nobody can aim at a slot.
    private static func hash(_ key: borrowing RawSpan) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<key.byteCount {
            hash = (hash ^ UInt64(key.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01b3
        }
        return hash ^ hash >> 29
    }
}
