internal import Columns
internal import Events

/// The codes of one class of visits, all of one site: ten of place and client, or eight of traffic.
struct ClassCodes: Equatable {
    static let width = 10
    var site: UInt32
    var codes: [10 of ValueCode] = InlineArray(repeating: 0)

    init(site: UInt32) { self.site = site }

    /// One bit for each code that is not 0.
    var mask: UInt16 {
        var mask: UInt16 = 0
        for index in 0..<ClassCodes.width where codes[index] != 0 { mask |= 1 << UInt16(index) }
        return mask
    }

    var hash: UInt32 {
        var hash = UInt64(site) &* 0x9e37_79b9_7f4a_7c15
        for index in 0..<ClassCodes.width {
            hash = (hash ^ UInt64(codes[index])) &* 0xd6e8_feb8_6659_fd93
            hash ^= hash >> 32
        }
        return UInt32(truncatingIfNeeded: hash)
    }

    static func == (left: ClassCodes, right: ClassCodes) -> Bool {
        guard left.site == right.site else { return false }
        for index in 0..<width where left.codes[index] != right.codes[index] { return false }
        return true
    }
}

/// Distinct combinations of codes, each under a small id, counted by how many kept events and visits refer to it and
/// forgotten when none does. So an event carries 4 bytes for its place and client, 4 for its traffic.
///
/// Id 0 is no class. About 80 bytes an entry. The ids mean nothing outside one process: checkpoints store codes.
struct ClassTable: ~Copyable {
    private struct Entry {
        var codes: ClassCodes
        var references: UInt32
        var hash: UInt32
        var mask: UInt16
        /// No two entries ever had the same.
        var serial: UInt64
    }

    private var entries: [Entry] = [Entry(codes: ClassCodes(site: 0), references: 0, hash: 0, mask: 0, serial: 0)]
    private var free: [UInt32] = []
    private var slots: [UInt32] = [UInt32](repeating: 0, count: 64)
    private(set) var count = 0
    private var lastSerial: UInt64 = 0

    /// The id of codes that were found lately. The caller owns one reference of it.
    @inline(__always)
    mutating func retain(_ recent: inout RecentClass) -> UInt32 {
        if recent.id != 0, entries[Int(recent.id)].serial == recent.serial {
            entries[Int(recent.id)].references += 1
            return recent.id
        }
        return retainAnew(&recent)
    }

    private mutating func retainAnew(_ recent: inout RecentClass) -> UInt32 {
        if recent.isNone { return 0 }
        recent.id = retainedID(of: recent.codes)
        recent.serial = entries[Int(recent.id)].serial
        return recent.id
    }

    /// The id of these codes. The caller owns one reference of it.
    mutating func retainedID(of codes: ClassCodes) -> UInt32 {
        let hash = codes.hash
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let id = slots[slot]
            if entries[Int(id)].hash == hash, entries[Int(id)].codes == codes {
                entries[Int(id)].references += 1
                return id
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        lastSerial += 1
        let entry = Entry(codes: codes, references: 1, hash: hash, mask: codes.mask, serial: lastSerial)
        let id: UInt32
        if let reused = free.popLast() {
            id = reused
            entries[Int(id)] = entry
        } else {
            id = UInt32(clamping: entries.count)
            entries.append(entry)
        }
        slots[slot] = id
        count += 1
        if count * 2 > slots.count { grow() }
        return id
    }

    @inline(__always)
    mutating func retain(_ id: UInt32) { if id != 0 { entries[Int(id)].references += 1 } }

    @inline(__always)
    mutating func release(_ id: UInt32) {
        guard id != 0 else { return }
        entries[Int(id)].references -= 1
        if entries[Int(id)].references == 0 { remove(id) }
    }

    func codes(of id: UInt32) -> ClassCodes { entries[Int(id)].codes }

    /// Writes the first codes of `id` into a row's values from `place` on.
    @inline(__always)
    func copyCodes(of id: UInt32, _ count: Int, to row: inout VisitRow, at place: Int) {
        for index in 0..<count { row.values[place + index] = entries[Int(id)].codes.codes[index] }
    }

    /// One bit for each code that `id` knows.
    @inline(__always)
    func mask(of id: UInt32) -> UInt16 { entries[Int(id)].mask }

    /// Whether `other` knows nothing that `id` does not know already.
    @inline(__always)
    func covers(_ id: UInt32, _ other: UInt32) -> Bool {
        id == other || entries[Int(other)].mask & ~entries[Int(id)].mask == 0
    }

    /// Whether `other` says nothing else than `id` where it says anything.
    func agrees(_ id: UInt32, _ other: UInt32) -> Bool {
        if id == other || other == 0 { return true }
        for index in 0..<ClassCodes.width {
            let code = entries[Int(other)].codes.codes[index]
            if code != 0, code != entries[Int(id)].codes.codes[index] { return false }
        }
        return true
    }

    /// Gives up a reference of `id` for one of `id` with its gaps filled from `other`. 0 stands for all gaps.
    mutating func filled(_ id: UInt32, from other: UInt32) -> UInt32 {
        if other == 0 { return id }
        if id == 0 {
            retain(other)
            return other
        }
        if covers(id, other) { return id }
        var codes = entries[Int(id)].codes
        let second = entries[Int(other)].codes
        for index in 0..<ClassCodes.width where codes.codes[index] == 0 { codes.codes[index] = second.codes[index] }
        let merged = retainedID(of: codes)
        release(id)
        return merged
    }

    /// One more than the highest id given out.
    var idsEnd: Int { entries.count }

    /// Every class in use, in the order of ids.
    func forEach(_ body: (UInt32, ClassCodes) -> Void) {
        for id in entries.indices.dropFirst() where entries[id].references > 0 {
            body(UInt32(clamping: id), entries[id].codes)
        }
    }

    private mutating func remove(_ id: UInt32) {
        let mask = slots.count - 1
        var hole = Int(entries[Int(id)].hash) & mask
        while slots[hole] != id { hole = (hole + 1) & mask }
        var next = (hole + 1) & mask
        while slots[next] != 0 {
            let ideal = Int(entries[Int(slots[next])].hash) & mask
            if (next - ideal) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = 0
        entries[Int(id)].serial = 0
        free.append(id)
        count -= 1
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count * 2)
        for id in old where id != 0 {
            var slot = Int(entries[Int(id)].hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = id
        }
    }
}

/// Codes that were found lately, and the class that has them as long as its entry stands.
struct RecentClass {
    let codes: ClassCodes
    /// Whether the codes are no class: there are none, and that says nothing.
    let isNone: Bool
    fileprivate var id: UInt32 = 0
    fileprivate var serial: UInt64 = 0

    init(_ codes: ClassCodes, keepsEmpty: Bool = false) {
        self.codes = codes
        isNone = !keepsEmpty && codes.mask == 0
    }

    static let none = RecentClass(ClassCodes(site: 0))
}
