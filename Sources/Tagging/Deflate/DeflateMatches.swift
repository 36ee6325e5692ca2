/// What of the bytes before stands again at each place: by rising length, the nearest of each.
struct DeflateMatches {
    private(set) var found: [DeflateStep] = []
    /// Where those of each place begin in `found`; one more at the end.
    private(set) var starts: [Int] = []

    /// Earlier places with the same three bytes that are looked at.
    private static let chainMax = 2_000

    /// O(bytes × chain), at worst with copies of 258 bytes each.
    init(_ bytes: [UInt8]) {
        var heads: [Int: Int] = [:]
        var previous = [Int](repeating: -1, count: bytes.count)
        starts.reserveCapacity(bytes.count + 1)
        for place in bytes.indices {
            starts.append(found.count)
            guard place + DeflateSymbols.lengthMin <= bytes.count else { continue }
            let key = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
            let head = heads.updateValue(place, forKey: key) ?? -1
            previous[place] = head
            collect(bytes, at: place, from: head, previous)
        }
        starts.append(found.count)
    }

    private mutating func collect(_ bytes: [UInt8], at place: Int, from head: Int, _ previous: [Int]) {
        let most = min(DeflateSymbols.lengthMax, bytes.count - place)
        var longest = DeflateSymbols.lengthMin - 1
        var other = head
        var left = DeflateMatches.chainMax
        while other >= 0, place - other <= DeflateSymbols.distanceMax, longest < most, left > 0 {
            if bytes[other + longest] == bytes[place + longest] {
                var length = 0
                while length < most, bytes[other + length] == bytes[place + length] { length += 1 }
                if length > longest {
                    longest = length
                    found.append(DeflateStep(length: length, distance: place - other))
                }
            }
            other = previous[other]
            left -= 1
        }
    }
}
