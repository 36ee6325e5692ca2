import Events
import Testing

/// Reads and tests of eight bytes at once against the same done byte by byte.
struct OctetTests {
    @Test(arguments: [11] as [UInt64])
    func wordsAreTestedAsTheirBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let edges: [UInt8] = [
            0x00, 0x01, 0x1F, 0x20, 0x40, 0x41, 0x5A, 0x5B, 0x61, 0x7E, 0x7F, 0x80, 0xC1, 0xFF,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<8).map { _ in
                Bool.random(using: &random)
                    ? edges[Int.random(in: edges.indices, using: &random)]
                    : UInt8.random(in: 0 ... .max, using: &random)
            }
            let word = bytes.span.bytes.littleEndianUInt64(at: 0)
            let zeros = bytes.enumerated().reduce(UInt64(0)) {
                $1.element == 0 ? $0 | 0x80 << UInt64($1.offset * 8) : $0
            }
            #expect(EightOctets.zerosExactly(word) == zeros, "seed \(seed): \(bytes)")
            let lowered = bytes.map(ASCII.lower)
            #expect(
                EightOctets.lowered(word) == lowered.span.bytes.littleEndianUInt64(at: 0), "seed \(seed): \(bytes)")
            let firstZero = EightOctets.zeros(word).trailingZeroBitCount
            #expect(firstZero == zeros.trailingZeroBitCount, "seed \(seed): \(bytes)")
            let isPrintable = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            #expect((EightOctets.unprintable(word) == 0) == isPrintable, "seed \(seed): \(bytes)")
        }
    }

    @Test(arguments: [12] as [UInt64])
    func bytesAreFoundAndComparedAtEveryLength(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...40, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0x61...0x66, using: &random) }
            let start = Int.random(in: 0...count, using: &random)
            let span = bytes.span.bytes
            let wanted: (UInt8, UInt8) = (0x61, 0x66)
            let one = span.firstOffset(of: wanted.0, in: start..<count)
            #expect(one == bytes[start...].firstIndex(of: wanted.0), "seed \(seed): \(bytes)")
            let either = span.firstOffset(of: wanted.0, or: wanted.1, in: start..<count)
            #expect(either == bytes[start...].firstIndex { $0 == wanted.0 || $0 == wanted.1 }, "seed \(seed): \(bytes)")
            let copy = bytes.map { $0 }
            let isSame = span.equals(copy.span.bytes)
            #expect(isSame)
            guard count > 0 else { continue }
            var other = bytes
            other[Int.random(in: 0..<count, using: &random)] ^= 0x80
            let isOther = !span.equals(other.span.bytes) && !span.equals(bytes.span.bytes.extracting(first: count - 1))
            #expect(isOther, "seed \(seed): \(bytes)")
        }
    }
}
