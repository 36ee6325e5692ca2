internal import CChecksum

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720, appendix B.4): by the processor's instruction, eight
/// bytes a step, or where it has none by tables, sixteen bytes a step. No allocation after the first use, which asks
/// the processor or fills 16 KiB of tables.
package enum CRC32C {
    /// The checksum of `bytes[range]` continued from `seed`, the checksum of what came before (0 at the start).
    package static func checksum(_ bytes: [UInt8], _ range: Range<Int>, seed: UInt32 = 0) -> UInt32 {
        checksum(bytes.span.bytes.extracting(range), seed: seed)
    }

    package static func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        checksum(bytes.span.bytes, seed: seed)
    }

    package static func checksum(_ bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return checksumByTables(bytes, seed: seed) }
        return bytes.withUnsafeBytes { buffer in
            // SAFETY: reads `buffer.count` bytes from the buffer's address; the processor was asked.
            ~crc32c_by_instruction(~seed, buffer.baseAddress, buffer.count)
        }
    }

    /// The same on any processor.
    package static func checksumByTables(_ bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            tables.withUnsafeBufferPointer { table in
                // SAFETY: table indices are a byte plus at most 15 * 256 in 4096 entries; loads stay below `count`.
                update(~seed, buffer, table)
            }
        }
    }

    private static let hasInstruction = crc32c_has_instruction() != 0

    private static func update(
        _ start: UInt32, _ buffer: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        // SAFETY: `base` is only used for offsets below `buffer.count`; `entry` for indices below 4096.
        guard let base = buffer.baseAddress, let entry = table.baseAddress else { return ~start }
        var crc = start
        var offset = 0
        let count = buffer.count
        while count - offset >= 16 {
            let first = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(crc)
            let second = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            let a = lookup(entry, first, 15) ^ lookup(entry, second, 7)
            crc = a
            offset += 16
        }
        while offset < count {
            crc =
                entry[Int(UInt8(truncatingIfNeeded: crc) ^ base.load(fromByteOffset: offset, as: UInt8.self))]
                ^ (crc >> 8)
            offset += 1
        }
        return ~crc
    }

    /// The eight bytes of `word` through tables `top` down to `top - 7`.
    @inline(__always)
    private static func lookup(_ entry: UnsafePointer<UInt32>, _ word: UInt64, _ top: Int) -> UInt32 {
        // SAFETY: a byte plus (top - 0...7) * 256 with top 7 or 15 is below 4096.
        entry[top &* 256 &+ Int(word & 0xFF)]
            ^ entry[(top &- 1) &* 256 &+ Int((word >> 8) & 0xFF)]
            ^ entry[(top &- 2) &* 256 &+ Int((word >> 16) & 0xFF)]
            ^ entry[(top &- 3) &* 256 &+ Int((word >> 24) & 0xFF)]
            ^ entry[(top &- 4) &* 256 &+ Int((word >> 32) & 0xFF)]
            ^ entry[(top &- 5) &* 256 &+ Int((word >> 40) & 0xFF)]
            ^ entry[(top &- 6) &* 256 &+ Int((word >> 48) & 0xFF)]
            ^ entry[(top &- 7) &* 256 &+ Int(word >> 56)]
    }

    /// Table k holds the checksum of each byte followed by k zero bytes.
    private static let tables: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
            table[byte] = crc
        }
        for byte in 256..<16 * 256 {
            let shorter = table[byte - 256]
            table[byte] = table[Int(shorter & 0xFF)] ^ (shorter >> 8)
        }
        return table
    }()
}
