internal import Events

/// Finds a byte string among a fixed list: open addressing at most half full, FNV-1a, full comparison on a hit.
/// The keys are our own random ones or derived from them, so an outsider cannot crowd a slot.
package struct KeyTable: Sendable {
    private let keys: [[UInt8]]
    private let slots: [Int32]

    /// - Parameter texts: no two alike. O(their bytes).
    package init(_ texts: [String]) {
        keys = texts.map { Array($0.utf8) }
        var count = 8
        while count < keys.count * 2 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for (index, key) in keys.enumerated() {
            var slot = KeyTable.hash(key.span.bytes) & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(clamping: index)
        }
        self.slots = slots
    }

    /// The place of the key that has these bytes; nil where there is none. O(bytes), no allocation.
    package func index(of bytes: borrowing RawSpan) -> Int? {
        var slot = KeyTable.hash(bytes) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            let key = keys[index]
            if bytes.equals(key.span.bytes) { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func hash(_ bytes: borrowing RawSpan) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<bytes.byteCount { hash = (hash ^ UInt64(bytes.byte(at: index))) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
}
