/// Stands in the place of swift-crypto's SHA-256 in fuzz targets, which compile without packages: the same calls, and
/// no hash to trust.
struct SHA256 {
    struct Digest: Sequence {
        fileprivate var bytes: [UInt8]
        func makeIterator() -> IndexingIterator<[UInt8]> { bytes.makeIterator() }
        func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            try bytes.withUnsafeBytes(body)
        }
    }

    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func update(bufferPointer: UnsafeRawBufferPointer) {
        for byte in bufferPointer { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    func finalize() -> Digest {
        Digest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: state >> UInt64($0 % 8 * 8)) })
    }

    static func hash(data: [UInt8]) -> Digest {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}
