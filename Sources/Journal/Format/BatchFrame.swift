// The raw journal file: batches one after another, as the committer appends them.
//
// Constraints
//   - A batch is on disk whole or it is not there: it counts only with its commit marker.
//   - Bytes of another file, or of an earlier use of the blocks, never pass for a batch.
//   - After damage the next batch can be found, so that the lost range is named exactly.
//   - At most two batches are written and not yet synced: a batch that does not check tells damage from what a crash
//     left by what stands after it.
//   - At most `payloadBytesMax` bytes and `recordsMax` records a batch.
//
// Layout, little-endian: file header (80 bytes), then frames, then zeros as far as the file is preallocated.
//   frame
//     0   4   magic "BTCH"; "DONE" for the end frame, which closes a file that takes no more batches
//     4   4   payload bytes P
//     8   8   batch sequence; in the end frame the next batch's
//     16  8   written at, ms since 1970 (never orders anything)
//     24  4   record count
//     28  4   1 where the batch before was not yet synced when this one was written, else 0
//     32  4   header CRC: seed, chain so far (4 bytes), the 32 bytes before
//     36  P   records
//     36+P 4  magic "CMIT"
//     40+P 4  record count again
//     44+P 4  chain: CRC from the header CRC over the payload and the 8 bytes before
//   The end frame is its header alone. The chain begins as the header's seed (salt and number) and runs from frame to
//   frame; it ends with the file. It stands in the four bytes before each frame, so a frame after damage can be
//   checked.
//   record
//     0   4   bytes of the record; the top bit says that an idempotency key follows
//     4   16  the key, where the bit is set
//     …       the record (`RecordFormat`)
//
// Life cycle: filled in memory, `close`d with sequence and chain, written with one call, synced, then acknowledged once
// the batch before is.

internal import Events

package enum BatchFormat {
    static let batchMagic: UInt32 = 0x4843_5442
    static let endMagic: UInt32 = 0x454E_4F44
    static let markerMagic: UInt32 = 0x5449_4D43
    package static let headerBytes = 36
    package static let markerBytes = 12
    static let keyBit: UInt32 = 1 << 31
    /// A longer payload is taken for damage.
    package static let payloadBytesMax = 64 << 20
    package static let recordsMax = 1 << 22

    /// Frame bytes of one record beside the record itself.
    static func recordOverhead(hasKey: Bool) -> Int { hasKey ? 4 + ID128.byteCount : 4 }

    static func headerChecksum(_ bytes: [UInt8], at offset: Int, seed: UInt32, chain: UInt32) -> UInt32 {
        let started = withUnsafeBytes(of: chain.littleEndian) { CRC32C.checksum($0.bytes, seed: seed) }
        return CRC32C.checksum(bytes, offset..<offset + 32, seed: started)
    }

    /// The end frame's bytes.
    static func endFrame(nextBatch: UInt64, writtenAt: Timestamp, seed: UInt32, chain: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        appendHeader(
            &bytes, endMagic, payload: 0, sequence: nextBatch, writtenAt: writtenAt, records: 0, overlaps: false)
        bytes.appendWord(headerChecksum(bytes, at: 0, seed: seed, chain: chain))
        return bytes
    }

    static func appendHeader(
        _ bytes: inout [UInt8], _ magic: UInt32, payload: Int, sequence: UInt64, writtenAt: Timestamp, records: Int,
        overlaps: Bool
    ) {
        bytes.appendWord(magic)
        bytes.appendWord(UInt32(clamping: payload))
        bytes.appendWord(sequence)
        bytes.appendWord(UInt64(bitPattern: writtenAt.milliseconds))
        bytes.appendWord(UInt32(clamping: records))
        bytes.appendWord(UInt32(overlaps ? 1 : 0))
    }

    /// Ranges of the records in `bytes[payload]`, and their keys' offsets (-1 where there is none). Nil when the frames
    /// do not fill the payload exactly, their number differs, or one is no record.
    static func records(
        in bytes: [UInt8], payload: Range<Int>, count: Int
    ) -> (ranges: [Range<Int>], keyOffsets: [Int])? {
        guard count >= 0, count <= recordsMax, count <= payload.count / 4 else { return nil }
        var ranges: [Range<Int>] = []
        var keyOffsets: [Int] = []
        ranges.reserveCapacity(count)
        keyOffsets.reserveCapacity(count)
        var offset = payload.lowerBound
        while offset < payload.upperBound {
            guard ranges.count < count, payload.upperBound - offset >= 4 else { return nil }
            let word = bytes.word32(at: offset)
            offset += 4
            var keyOffset = -1
            if word & keyBit != 0 {
                guard payload.upperBound - offset >= ID128.byteCount else { return nil }
                keyOffset = offset
                offset += ID128.byteCount
            }
            let length = Int(word & ~keyBit)
            guard length >= RecordFormat.headerBytes, length <= RecordFormat.bytesMax,
                length <= payload.upperBound - offset
            else { return nil }
            ranges.append(offset..<offset + length)
            keyOffsets.append(keyOffset)
            offset += length
        }
        return ranges.count == count ? (ranges, keyOffsets) : nil
    }
}

/// A batch being filled: the frame's bytes with room for the header, so that it is written as it stands. Reused.
struct FrameBuffer: Sendable {
    private(set) var bytes: [UInt8] = [UInt8](repeating: 0, count: BatchFormat.headerBytes)
    /// Where the records stand in `bytes`.
    private(set) var ranges: [Range<Int>] = []
    /// Keys of the records in order of appearance, for the ones that have one.
    private(set) var keys: [ID128] = []

    var isEmpty: Bool { ranges.isEmpty }
    /// What it takes on disk.
    var byteCount: Int { bytes.count + BatchFormat.markerBytes }
    var payloadByteCount: Int { bytes.count - BatchFormat.headerBytes }

    mutating func append(_ record: RawSpan, key: ID128?) {
        appendFrame(byteCount: record.byteCount, key: key)
        let start = bytes.count
        record.withUnsafeBytes { bytes.append(contentsOf: $0) }
        ranges.append(start..<bytes.count)
    }

    private mutating func appendFrame(byteCount: Int, key: ID128?) {
        let count = UInt32(clamping: byteCount)
        guard let key else { return bytes.appendWord(count) }
        keys.append(key)
        // One append for count and key: each costs more than what it copies.
        withUnsafeTemporaryAllocation(byteCount: BatchFormat.recordOverhead(hasKey: true), alignment: 8) { head in
            head.storeBytes(of: (count | BatchFormat.keyBit).littleEndian, as: UInt32.self)
            head.storeBytes(of: key.low.littleEndian, toByteOffset: 4, as: UInt64.self)
            head.storeBytes(of: key.high.littleEndian, toByteOffset: 12, as: UInt64.self)
            // SAFETY: the stores above wrote all of its 20 bytes.
            bytes.append(contentsOf: UnsafeRawBufferPointer(head))
        }
    }

    /// Adds header and marker; gives the chain after this frame. Once a batch. `overlaps`: the batch before is not yet
    /// synced.
    mutating func close(
        sequence: UInt64, writtenAt: Timestamp, seed: UInt32, chain: UInt32, overlaps: Bool = false
    ) -> UInt32 {
        var header: [UInt8] = []
        header.reserveCapacity(BatchFormat.headerBytes)
        BatchFormat.appendHeader(
            &header, BatchFormat.batchMagic, payload: payloadByteCount, sequence: sequence, writtenAt: writtenAt,
            records: ranges.count, overlaps: overlaps)
        let headerCRC = BatchFormat.headerChecksum(header, at: 0, seed: seed, chain: chain)
        header.appendWord(headerCRC)
        bytes.replaceSubrange(0..<BatchFormat.headerBytes, with: header)
        bytes.appendWord(BatchFormat.markerMagic)
        bytes.appendWord(UInt32(clamping: ranges.count))
        let next = CRC32C.checksum(bytes, BatchFormat.headerBytes..<bytes.count, seed: headerCRC)
        bytes.appendWord(next)
        return next
    }

    /// Takes the marker off again, for a frame that must be closed anew in another file.
    mutating func reopen() { bytes.removeLast(BatchFormat.markerBytes) }

    /// Forgets the records; keeps at most `capacityKept` bytes of memory.
    mutating func removeAll(capacityKept: Int) {
        if bytes.capacity > capacityKept {
            bytes = [UInt8](repeating: 0, count: BatchFormat.headerBytes)
            ranges = []
            keys = []
        } else {
            bytes.removeLast(bytes.count - BatchFormat.headerBytes)
            ranges.removeAll(keepingCapacity: true)
            keys.removeAll(keepingCapacity: true)
        }
    }
}
