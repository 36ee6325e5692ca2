import Events
import Testing

struct CRC32CTests {
    struct Vector: Sendable {
        var bytes: [UInt8]
        var checksum: UInt32
    }

    static let vectors: [Vector] = [
        Vector(bytes: [UInt8](repeating: 0, count: 32), checksum: 0x8A91_36AA),
        Vector(bytes: [UInt8](repeating: 0xFF, count: 32), checksum: 0x62A8_AB43),
        Vector(bytes: [UInt8](0..<32), checksum: 0x46DD_794E),
        Vector(bytes: [UInt8](0..<32).reversed(), checksum: 0x113F_DB5C),
        Vector(bytes: [UInt8]("123456789".utf8), checksum: 0xE306_9283),
    ]

    @Test(
        "agrees with the published vectors (RFC 3720, B.4, and the check value of the CRC catalogue)",
        arguments: vectors)
    func matchesVectors(vector: Vector) {
        #expect(CRC32C.checksum(vector.bytes) == vector.checksum)
    }

    @Test func continuesOverAnySplit() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 * 31) }
        let whole = CRC32C.checksum(bytes)
        for cut in 0...bytes.count {
            #expect(CRC32C.checksum(bytes, cut..<bytes.count, seed: CRC32C.checksum(bytes, 0..<cut)) == whole)
        }
    }

    @Test("the processor's instruction and the tables agree", arguments: [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 999])
    func instructionAndTablesAgree(count: Int) {
        let bytes = (0..<count + 8).map { UInt8(truncatingIfNeeded: $0 * 167 + $0 >> 3) }
        for start in 0..<8 {
            let span = bytes.span.bytes.extracting(start..<(start + count))
            let seed = UInt32(start) &* 0x9E37_79B9
            let expected = CRC32C.checksumByTables(span, seed: seed)
            #expect(CRC32C.checksum(span, seed: seed) == expected, "from \(start)")
        }
    }
}
