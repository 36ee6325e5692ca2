/// Makes smaller DEFLATE data (RFC 1951) than zlib does, for bytes that are compressed once and sent often.
///
/// Of all ways to write the bytes as literals and copies it takes the shortest one, by the lengths that symbols had in
/// the round before (the idea is that of Zopfli); it does so a few times, and cuts the bytes into blocks where that is
/// shorter. The same bytes give the same result. About 100 times zlib's time: at most 2 s for 64 KiB, which is as much
/// as it takes.
package struct SmallDeflate {
    /// More than that is nil.
    package static let bytesMax = 65_536
    private static let roundsMax = 15
    private static let blocksMax = 8
    /// Steps of a block, below which it is not cut.
    private static let blockStepsMin = 200
    /// Places that are tried for a cut.
    private static let cutsTried = 40

    private let bytes: [UInt8]
    private let matches: DeflateMatches

    private struct Block {
        let range: Range<Int>
        let steps: [DeflateStep]
        let codes: DeflateCodes
    }

    /// The whole data, with its last block marked.
    package static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty, bytes.count <= bytesMax else { return nil }
        let deflate = SmallDeflate(bytes: bytes, matches: DeflateMatches(bytes))
        let whole = deflate.block(0..<bytes.count)
        let parts = deflate.cuts(of: whole).map { deflate.block($0) }
        let isCut = parts.reduce(0) { $0 + $1.codes.bitCount } < whole.codes.bitCount
        return deflate.written(isCut ? parts : [whole])
    }

    // MARK: - Steps

    /// The best of some rounds, each by the costs of the one before.
    private func block(_ range: Range<Int>) -> Block {
        var costs = DeflateCosts()
        var best: Block?
        for _ in 0..<SmallDeflate.roundsMax {
            let steps = shortest(range, costs)
            let counts = DeflateCounts(steps[...], bytes, from: range.lowerBound)
            let codes = DeflateCodes(counts)
            if let known = best, known.steps == steps { break }
            if codes.bitCount < best?.codes.bitCount ?? .max { best = Block(range: range, steps: steps, codes: codes) }
            costs = DeflateCosts(counts)
        }
        return best ?? Block(range: range, steps: [], codes: DeflateCodes(DeflateCounts([], bytes, from: 0)))
    }

    /// The cheapest steps: a shortest path over the places. O(bytes × lengths).
    private func shortest(_ range: Range<Int>, _ costs: DeflateCosts) -> [DeflateStep] {
        var totals = [Float](repeating: .infinity, count: range.count + 1)
        var last = [DeflateStep](repeating: DeflateStep(length: 1, distance: 0), count: range.count + 1)
        totals[0] = 0
        for offset in 0..<range.count {
            let place = range.lowerBound + offset
            let here = totals[offset]
            let literal = here + costs.literals[Int(bytes[place])]
            if literal < totals[offset + 1] {
                totals[offset + 1] = literal
                last[offset + 1] = DeflateStep(length: 1, distance: 0)
            }
            var length = DeflateSymbols.lengthMin
            for match in matches.found[matches.starts[place]..<matches.starts[place + 1]] {
                let base = here + costs.cost(ofDistance: match.distance)
                let most = min(match.length, range.count - offset)
                while length <= most {
                    let total = base + costs.lengths[length]
                    if total < totals[offset + length] {
                        totals[offset + length] = total
                        last[offset + length] = DeflateStep(length: length, distance: match.distance)
                    }
                    length += 1
                }
            }
        }
        var steps: [DeflateStep] = []
        var offset = range.count
        while offset > 0 {
            steps.append(last[offset])
            offset -= last[offset].length
        }
        return steps.reversed()
    }

    // MARK: - Blocks

    /// The bytes' ranges, cut where two blocks are shorter than one, at most `blocksMax` of them.
    private func cuts(of whole: Block) -> [Range<Int>] {
        var places = [0]
        for step in whole.steps { places.append((places.last ?? 0) + step.length) }
        var ranges = [0..<whole.steps.count]
        var done: [Range<Int>] = []
        while let range = ranges.popLast() {
            if ranges.count + done.count + 2 <= SmallDeflate.blocksMax, let cut = cut(whole.steps, range, places) {
                ranges += [range.lowerBound..<cut, cut..<range.upperBound]
            } else {
                done.append(range)
            }
        }
        return done.sorted { $0.lowerBound < $1.lowerBound }.map { places[$0.lowerBound]..<places[$0.upperBound] }
    }

    /// Where a range of steps is best cut in two; nil where it is better whole.
    private func cut(_ steps: [DeflateStep], _ range: Range<Int>, _ places: [Int]) -> Int? {
        guard range.count >= 2 * SmallDeflate.blockStepsMin else { return nil }
        func size(_ part: Range<Int>) -> Int {
            DeflateCodes(DeflateCounts(steps[part], bytes, from: places[part.lowerBound])).bitCount
        }
        var best: (size: Int, place: Int) = (size(range), -1)
        var low = range.lowerBound + SmallDeflate.blockStepsMin
        var high = range.upperBound - SmallDeflate.blockStepsMin
        while high > low {
            let stride = max(1, (high - low) / SmallDeflate.cutsTried)
            for place in Swift.stride(from: low, through: high, by: stride) {
                let both = size(range.lowerBound..<place) + size(place..<range.upperBound)
                if both < best.size { best = (both, place) }
            }
            // Once more, closer, around the best one.
            guard best.place >= 0, stride > 1 else { break }
            low = max(low, best.place - stride)
            high = min(high, best.place + stride)
        }
        return best.place < 0 ? nil : best.place
    }

    private func written(_ blocks: [Block]) -> [UInt8] {
        var writer = BitWriter()
        for (number, block) in blocks.enumerated() {
            writer.write(number == blocks.count - 1 ? 1 : 0, bits: 1)
            writer.write(2, bits: 2)
            block.codes.writeHead(&writer)
            write(block, &writer)
        }
        writer.finish()
        return writer.bytes
    }

    private func write(_ block: Block, _ writer: inout BitWriter) {
        let literals = DeflateCodes.codes(block.codes.literals)
        let distances = DeflateCodes.codes(block.codes.distances)
        func literal(_ symbol: Int) { writer.write(literals[symbol], bits: block.codes.literals[symbol]) }
        var place = block.range.lowerBound
        for step in block.steps {
            if step.distance == 0 {
                literal(Int(bytes[place]))
            } else {
                literal(DeflateSymbols.symbol(ofLength: step.length))
                let length = DeflateSymbols.extra(ofLength: step.length)
                writer.write(length.value, bits: length.bits)
                let symbol = DeflateSymbols.symbol(ofDistance: step.distance)
                writer.write(distances[symbol], bits: block.codes.distances[symbol])
                let distance = DeflateSymbols.extra(ofDistance: step.distance)
                writer.write(distance.value, bits: distance.bits)
            }
            place += step.length
        }
        literal(DeflateSymbols.endOfBlock)
    }
}

/// Bits that symbols are expected to take.
private struct DeflateCosts {
    /// By byte.
    private(set) var literals: [Float]
    /// By length, from 0; with the extra bits.
    private(set) var lengths: [Float]
    /// By symbol; with the extra bits.
    private var distances: [Float]

    /// Before anything is known.
    init() {
        literals = Array(repeating: 7, count: 256)
        lengths = (0...DeflateSymbols.lengthMax).map { 7 + Float(DeflateSymbols.extra(ofLength: max($0, 3)).bits) }
        distances = (0..<DeflateSymbols.distanceCount).map { 5 + Float(max(0, $0 / 2 - 1)) }
    }

    /// As often as they came.
    init(_ counts: DeflateCounts) {
        let literalBits = DeflateCosts.bits(counts.literals)
        literals = Array(literalBits.prefix(256))
        lengths = (0...DeflateSymbols.lengthMax).map { length in
            let known = max(length, DeflateSymbols.lengthMin)
            return literalBits[DeflateSymbols.symbol(ofLength: known)]
                + Float(DeflateSymbols.extra(ofLength: known).bits)
        }
        distances = DeflateCosts.bits(counts.distances).enumerated().map { $1 + Float(max(0, $0 / 2 - 1)) }
    }

    func cost(ofDistance distance: Int) -> Float { distances[DeflateSymbols.symbol(ofDistance: distance)] }

    private static func bits(_ counts: [Int]) -> [Float] {
        let total = binaryLogarithm(max(1, counts.reduce(0, +)))
        return counts.map { $0 == 0 ? total + 1 : total - binaryLogarithm($0) }
    }

    /// Of a number from 1 on, to the twelfth bit after the point; by squares, which give the same on every machine.
    private static func binaryLogarithm(_ number: Int) -> Float {
        var rest = Float(number).significand
        var result = Float(Float(number).exponent)
        var bit: Float = 0.5
        for _ in 0..<12 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }
}
