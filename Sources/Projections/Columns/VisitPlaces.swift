/// Where the live version of each visit is that lies in a tail: visit number to place, by open addressing, at most half
/// full. A look-up costs some 20 instructions; it is asked for each event. 32 bytes a visit at least; its bound is that
/// of the tails' rows.
struct VisitPlaces {
    struct Place {
        let partition: Partition
        var row: Int
    }

    /// 0 where the slot is free: no visit has that number.
    private var numbers = [VisitNumber](repeating: 0, count: 64)
    private var places = [Place?](repeating: nil, count: 64)
    private var count = 0

    subscript(_ number: VisitNumber) -> Place? {
        @inline(__always)
        get { slot(of: number).flatMap { places[$0] } }
        set {
            if let newValue { put(newValue, number) } else { remove(number) }
        }
    }

    /// The visit's partition; nil where it is in no tail.
    @inline(__always)
    func partition(of number: VisitNumber) -> Partition? {
        guard let slot = slot(of: number) else { return nil }
        return places[slot]?.partition
    }

    /// Takes a place out and gives it.
    mutating func removeValue(forKey number: VisitNumber) -> Place? {
        let place = self[number]
        if place != nil { remove(number) }
        return place
    }

    @inline(__always)
    private func slot(of number: VisitNumber) -> Int? {
        guard number != 0 else { return nil }
        var slot = ideal(number)
        while numbers[slot] != number {
            if numbers[slot] == 0 { return nil }
            slot = (slot + 1) & (numbers.count - 1)
        }
        return slot
    }

    @inline(__always)
    private func ideal(_ number: VisitNumber) -> Int {
        Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> 32) & (numbers.count - 1)
    }

    private mutating func put(_ place: Place, _ number: VisitNumber) {
        guard number != 0 else { return }
        if let slot = slot(of: number) {
            places[slot] = place
            return
        }
        if (count + 1) * 2 > numbers.count { grow() }
        var slot = ideal(number)
        while numbers[slot] != 0 { slot = (slot + 1) & (numbers.count - 1) }
        numbers[slot] = number
        places[slot] = place
        count += 1
    }

    /// What stands behind it in its run moves up.
    private mutating func remove(_ number: VisitNumber) {
        guard var hole = slot(of: number) else { return }
        let mask = numbers.count - 1
        var next = (hole + 1) & mask
        while numbers[next] != 0 {
            if (next - ideal(numbers[next])) & mask >= (next - hole) & mask {
                numbers[hole] = numbers[next]
                places[hole] = places[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        numbers[hole] = 0
        places[hole] = nil
        count -= 1
    }

    private mutating func grow() {
        let (oldNumbers, oldPlaces) = (numbers, places)
        numbers = [VisitNumber](repeating: 0, count: oldNumbers.count * 2)
        places = [Place?](repeating: nil, count: oldNumbers.count * 2)
        count = 0
        for slot in oldNumbers.indices where oldNumbers[slot] != 0 {
            if let place = oldPlaces[slot] { put(place, oldNumbers[slot]) }
        }
    }
}
