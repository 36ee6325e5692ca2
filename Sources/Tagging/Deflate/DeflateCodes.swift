/// The two Huffman codes of a block: lengths for literals and lengths, and for distances.
struct DeflateCodes {
    let literals: [Int]
    let distances: [Int]
    /// The code lengths as the block's head has them: symbols of RFC 1951, section 3.2.7, with their extra bits.
    let head: [(symbol: Int, value: Int, bits: Int)]
    /// Code lengths of the head's own symbols.
    let headLengths: [Int]
    /// All of the block with these steps.
    let bitCount: Int

    private static let headOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    static let codeBitsMax = 15

    /// The best codes for how often each symbol comes. O(symbols × log symbols).
    init(_ counts: DeflateCounts) {
        literals = DeflateCodes.lengths(counts.literals, max: DeflateCodes.codeBitsMax)
        var found = DeflateCodes.lengths(counts.distances, max: DeflateCodes.codeBitsMax)
        // Some decoders want a code even where there is no distance.
        if found.allSatisfy({ $0 == 0 }) { found[0] = 1 }
        distances = found
        head = DeflateCodes.head(of: DeflateCodes.trimmed(literals, 257) + DeflateCodes.trimmed(distances, 1))
        var headCounts = [Int](repeating: 0, count: 19)
        for item in head { headCounts[item.symbol] += 1 }
        headLengths = DeflateCodes.lengths(headCounts, max: 7)
        var bits = 3 + 5 + 5 + 4 + counts.extraBits
        for item in head { bits += headLengths[item.symbol] + item.bits }
        bits += 3 * DeflateCodes.headCount(headLengths)
        for (count, length) in zip(counts.literals, literals) { bits += count * length }
        for (count, length) in zip(counts.distances, distances) { bits += count * length }
        bitCount = bits
    }

    /// Writes the block's head, after its first three bits.
    func writeHead(_ writer: inout BitWriter) {
        let count = DeflateCodes.headCount(headLengths)
        writer.write(DeflateCodes.trimmed(literals, 257).count - 257, bits: 5)
        writer.write(DeflateCodes.trimmed(distances, 1).count - 1, bits: 5)
        writer.write(count - 4, bits: 4)
        for symbol in DeflateCodes.headOrder.prefix(count) { writer.write(headLengths[symbol], bits: 3) }
        let codes = DeflateCodes.codes(headLengths)
        for item in head {
            writer.write(codes[item.symbol], bits: headLengths[item.symbol])
            writer.write(item.value, bits: item.bits)
        }
    }

    /// Canonical codes of these lengths, first bit lowest.
    static func codes(_ lengths: [Int]) -> [Int] {
        var counts = [Int](repeating: 0, count: codeBitsMax + 2)
        for length in lengths where length > 0 { counts[length] += 1 }
        var next = [Int](repeating: 0, count: codeBitsMax + 2)
        for bits in 1...codeBitsMax { next[bits + 1] = (next[bits] + counts[bits]) << 1 }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            let code = next[length]
            next[length] += 1
            return (0..<length).reduce(0) { $0 << 1 | (code >> $1 & 1) }
        }
    }

    private static func headCount(_ lengths: [Int]) -> Int {
        max(4, (headOrder.lastIndex { lengths[$0] > 0 } ?? 0) + 1)
    }

    private static func trimmed(_ lengths: [Int], _ least: Int) -> ArraySlice<Int> {
        lengths.prefix(max(least, (lengths.lastIndex { $0 > 0 } ?? 0) + 1))
    }

    private static func head(of lengths: ArraySlice<Int>) -> [(symbol: Int, value: Int, bits: Int)] {
        let all = Array(lengths)
        var items: [(symbol: Int, value: Int, bits: Int)] = []
        var place = 0
        while place < all.count {
            let length = all[place]
            var run = all[place...].prefix { $0 == length }.count
            place += run
            if length > 0 {
                items.append((length, 0, 0))
                run -= 1
            }
            while run >= 3 {
                let part = min(run, length > 0 ? 6 : 138)
                if length > 0 {
                    items.append((16, part - 3, 2))
                } else {
                    items.append(part < 11 ? (17, part - 3, 3) : (18, part - 11, 7))
                }
                run -= part
            }
            items += Array(repeating: (length, 0, 0), count: run)
        }
        return items
    }

    /// Huffman's code lengths, none above `max`: where one would be, rare symbols are taken for less rare.
    private static func lengths(_ counts: [Int], max: Int) -> [Int] {
        var weights = counts
        while true {
            let lengths = lengths(weights)
            if lengths.allSatisfy({ $0 <= max }) { return lengths }
            weights = weights.map { $0 == 0 ? 0 : $0 / 2 + 1 }
        }
    }

    private static func lengths(_ counts: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: counts.count)
        let used = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $0) < (counts[$1], $1) }
        guard used.count > 1 else {
            for symbol in used { result[symbol] = 1 }
            return result
        }
        // Two queues: leaves by weight, and inner nodes, which are made in the order of their weights.
        var weights = used.map { counts[$0] }
        var parents = [Int](repeating: 0, count: 2 * used.count - 1)
        var leaf = 0
        var inner = used.count
        func lightest() -> Int {
            if leaf < used.count, inner >= weights.count || weights[leaf] <= weights[inner] {
                leaf += 1
                return leaf - 1
            }
            inner += 1
            return inner - 1
        }
        for _ in 1..<used.count {
            let first = lightest()
            let second = lightest()
            parents[first] = weights.count
            parents[second] = weights.count
            weights.append(weights[first] + weights[second])
        }
        var depths = [Int](repeating: 0, count: weights.count)
        for node in stride(from: weights.count - 2, through: 0, by: -1) { depths[node] = depths[parents[node]] + 1 }
        for (place, symbol) in used.enumerated() { result[symbol] = depths[place] }
        return result
    }
}

/// How often each symbol of a block comes.
struct DeflateCounts {
    private(set) var literals = [Int](repeating: 0, count: DeflateSymbols.literalCount)
    private(set) var distances = [Int](repeating: 0, count: DeflateSymbols.distanceCount)
    private(set) var extraBits = 0

    /// Of these steps, which give the bytes from `start` on, and the block's end.
    init(_ steps: ArraySlice<DeflateStep>, _ bytes: [UInt8], from start: Int) {
        var place = start
        literals[DeflateSymbols.endOfBlock] = 1
        for step in steps {
            if step.distance == 0 {
                literals[Int(bytes[place])] += 1
            } else {
                literals[DeflateSymbols.symbol(ofLength: step.length)] += 1
                distances[DeflateSymbols.symbol(ofDistance: step.distance)] += 1
                extraBits += DeflateSymbols.extra(ofLength: step.length).bits
                extraBits += DeflateSymbols.extra(ofDistance: step.distance).bits
            }
            place += step.length
        }
    }
}

/// Bits, the first ones lowest in each byte.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var held = 0
    private var count = 0

    /// At most 15 bits at a time.
    mutating func write(_ value: Int, bits: Int) {
        held |= value << count
        count += bits
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    mutating func finish() {
        write(0, bits: (8 - count) % 8)
    }
}
