/// Texts with bytes changed, cut out, repeated and cut off: without end, and the same ones for the same seed.
struct BrokenTexts: Sequence, IteratorProtocol {
    private let samples: [[UInt8]]
    private var state: UInt64

    init(of samples: [String], seed: UInt64) {
        self.samples = samples.map { Array($0.utf8) }
        state = seed
    }

    private mutating func number(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(truncatingIfNeeded: state >> 33) % Swift.max(limit, 1)
    }

    mutating func next() -> [UInt8]? {
        var bytes = samples[number(below: samples.count)]
        for _ in 0...number(below: 4) where !bytes.isEmpty {
            let place = number(below: bytes.count)
            switch number(below: 4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: number(below: 256))
            case 1: bytes.removeSubrange(place..<Swift.min(place + number(below: 9), bytes.count))
            case 2:
                let end = Swift.min(place + number(below: 40), bytes.count)
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: bytes.removeLast(number(below: bytes.count))
            }
        }
        return bytes
    }
}
