/// Tuples of codes to dense group numbers from 0: open addressing over one flat array. Grows to the plan's bound.
struct GroupTable {
    let width: Int
    private(set) var count = 0
    /// `width` codes a group.
    private(set) var keys: [UInt32] = []
    private var table = [UInt32](repeating: 0, count: 64)

    init(width: Int) { self.width = width }

    /// The group of a tuple, made when it is new.
    mutating func group(of key: [UInt32]) -> Int {
        var place = GroupTable.hash(key) & (table.count - 1)
        while table[place] != 0 {
            let group = Int(table[place]) - 1
            if equals(group, key) { return group }
            place = (place + 1) & (table.count - 1)
        }
        keys += key
        count += 1
        table[place] = UInt32(clamping: count)
        if count * 2 > table.count { grow() }
        return count - 1
    }

    private func equals(_ group: Int, _ key: [UInt32]) -> Bool {
        for index in 0..<width where keys[group * width + index] != key[index] { return false }
        return true
    }

    private mutating func grow() {
        table = [UInt32](repeating: 0, count: table.count * 2)
        for group in 0..<count {
            let key = Array(keys[(group * width)..<((group + 1) * width)])
            var place = GroupTable.hash(key) & (table.count - 1)
            while table[place] != 0 { place = (place + 1) & (table.count - 1) }
            table[place] = UInt32(clamping: group + 1)
        }
    }

    private static func hash(_ key: [UInt32]) -> Int {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for code in key {
            let product = (state ^ UInt64(code)).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
            state = product.high ^ product.low ^ 0x9E37_79B9_7F4A_7C15
        }
        return Int(truncatingIfNeeded: state ^ state >> 32)
    }
}

/// A set of pairs of 32-bit numbers: open addressing, 8 bytes a place, at most half full.
struct PairSet {
    private(set) var count = 0
    private var table = [UInt64](repeating: .max, count: 64)
    private var hasLast = false

    /// Adds a pair; false when it is there.
    mutating func insert(_ left: Int, _ right: UInt32) -> Bool {
        let pair = UInt64(truncatingIfNeeded: left) << 32 | UInt64(right)
        if pair == .max {
            defer { hasLast = true }
            return !hasLast
        }
        var place = PairSet.hash(pair) & (table.count - 1)
        while table[place] != .max {
            if table[place] == pair { return false }
            place = (place + 1) & (table.count - 1)
        }
        table[place] = pair
        count += 1
        if count * 2 > table.count { grow() }
        return true
    }

    /// Empties it and keeps its memory, unless it holds much more than it used.
    mutating func removeAll() {
        let size = table.count > 4_096 && count * 16 < table.count ? 64 : table.count
        table = [UInt64](repeating: .max, count: size)
        count = 0
        hasLast = false
    }

    private mutating func grow() {
        let old = table
        table = [UInt64](repeating: .max, count: old.count * 2)
        for pair in old where pair != .max {
            var place = PairSet.hash(pair) & (table.count - 1)
            while table[place] != .max { place = (place + 1) & (table.count - 1) }
            table[place] = pair
        }
    }

    private static func hash(_ pair: UInt64) -> Int {
        let product = pair.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: product.high ^ product.low)
    }
}
