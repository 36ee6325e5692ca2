/// Stand in the place of swift-crypto's hashes in fuzz targets, which compile without packages: the same calls, and no
/// hash to trust.
struct StandInDigest: Sequence {
    fileprivate var bytes: [UInt8]

    fileprivate init(_ state: UInt64, count: Int) {
        bytes = (0..<count).map { UInt8(truncatingIfNeeded: state >> UInt64($0 % 8 * 8)) }
    }

    func makeIterator() -> IndexingIterator<[UInt8]> { bytes.makeIterator() }
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}

/// A hash of 64 bits, repeated until it is as long as the one it stands for.
protocol StandInHash {
    static var byteCount: Int { get }
    var state: UInt64 { get set }
    init()
}

extension StandInHash {
    typealias Digest = StandInDigest

    mutating func update(bufferPointer: UnsafeRawBufferPointer) {
        for byte in bufferPointer { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    func finalize() -> StandInDigest { StandInDigest(state, count: Self.byteCount) }

    static func hash(data: [UInt8]) -> StandInDigest {
        var hash = Self()
        data.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}

struct SHA256: StandInHash {
    static let byteCount = 32
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
}

struct SHA384: StandInHash {
    static let byteCount = 48
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
}
