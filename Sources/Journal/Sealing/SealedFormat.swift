// The sealed journal file: the batches of a file that takes no more, in blocks, with an index. Written when a raw file
// is compressed, and again whenever records of it are erased.
//
// Constraints
//   - A block is read alone: damage costs the batches in one block, and a position is found by one block's reading.
//   - Sequences, indices and every record that is not erased are what they were in the raw file, byte for byte.
//   - At most 128 KiB of content a block; each block names its codec, so files of several codecs live side by side.
//
// Layout, little-endian: file header (80 bytes), blocks, index, trailer.
//   content of all blocks, one after another
//     0   8   batch sequence
//     8   8   written at, ms since 1970
//     16  4   payload bytes P
//     20  4   record count
//     24  P   records, framed as in the raw file
//   block
//     0   4   magic "BLOK"
//     4   4   stored bytes S
//     8   4   content bytes
//     12  4   codec: 0 none, 1 zlib (RFC 1950)
//     16  8   first batch that begins in this block; where none does, the next one's sequence
//     24  4   where in the content that batch begins; 0xFFFFFFFF where none does
//     28  4   block number, from 0
//     32  4   CRC: seed, the 32 bytes before, the stored bytes
//     36  S   stored bytes
//   index: per block 8 bytes file offset, then 24 bytes as 16…40 of the block (first batch, place, number, content
//     bytes, zero); CRC of all entries from the seed
//   trailer, 80 bytes: magic "SEALTAIL", index offset (8), block count (8), first batch (8), next batch (8), batches
//     (8), records (8), content bytes (8), newest `written at` (8), zero (4), CRC from the seed (4)
//
// Life cycle: written whole under a temporary name, synced, renamed over as the next generation; the directory is
// synced; only then is the generation before removed. Where both are found at start, the newer one counts: it was
// complete before it had its name. A damaged index is built again from the blocks' own headers.

internal import Events

package enum BlockCodec: UInt32, Hashable, Sendable, CaseIterable {
    case none = 0
    case zlib = 1
}

enum SealedFormat {
    static let blockMagic: UInt32 = 0x4B4F_4C42
    static let trailerMagic: UInt64 = 0x4C49_4154_4C41_4553
    static let blockHeaderBytes = 36
    static let blockContentMax = 128 << 10
    static let batchHeaderBytes = 24
    static let indexEntryBytes = 32
    static let trailerBytes = 80
    static let noBatch: UInt32 = .max
}

/// A block's place and what begins in it.
struct BlockEntry: Hashable, Sendable {
    var offset: Int
    var firstBatch: UInt64
    /// Where in the content that batch begins; nil where none does.
    var place: Int?
    var number: UInt32
    var contentBytes: Int

    func encode(into bytes: inout [UInt8]) {
        bytes.appendWord(UInt64(offset))
        bytes.appendWord(firstBatch)
        bytes.appendWord(place.map(UInt32.init(clamping:)) ?? SealedFormat.noBatch)
        bytes.appendWord(number)
        bytes.appendWord(UInt32(clamping: contentBytes))
        bytes.appendWord(UInt32(0))
    }

    init(offset: Int, firstBatch: UInt64, place: Int?, number: UInt32, contentBytes: Int) {
        self.offset = offset
        self.firstBatch = firstBatch
        self.place = place
        self.number = number
        self.contentBytes = contentBytes
    }

    init?(_ bytes: [UInt8], at start: Int) {
        guard let offset = Int(exactly: bytes.word64(at: start)) else { return nil }
        let place = bytes.word32(at: start + 16)
        self.init(
            offset: offset, firstBatch: bytes.word64(at: start + 8),
            place: place == SealedFormat.noBatch ? nil : Int(place),
            number: bytes.word32(at: start + 20), contentBytes: Int(bytes.word32(at: start + 24)))
    }
}

/// What the trailer says of the whole file.
struct SealedSummary: Hashable, Sendable {
    var indexOffset: Int
    var blockCount: Int
    var firstBatch: UInt64
    /// One more than the last batch in the file.
    var nextBatch: UInt64
    var batchCount: Int
    var recordCount: Int
    var contentBytes: Int
    var newestWrittenAt: Timestamp

    func encoded(seed: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendWord(SealedFormat.trailerMagic)
        for word in [
            UInt64(indexOffset), UInt64(blockCount), firstBatch, nextBatch, UInt64(batchCount), UInt64(recordCount),
            UInt64(contentBytes), UInt64(bitPattern: newestWrittenAt.milliseconds),
        ] { bytes.appendWord(word) }
        bytes.appendWord(UInt32(0))
        bytes.appendWord(CRC32C.checksum(bytes, seed: seed))
        return bytes
    }

    init?(_ bytes: [UInt8], seed: UInt32) {
        let end = SealedFormat.trailerBytes
        guard bytes.count == end, bytes.word64(at: 0) == SealedFormat.trailerMagic,
            CRC32C.checksum(bytes, 0..<end - 4, seed: seed) == bytes.word32(at: end - 4),
            let indexOffset = Int(exactly: bytes.word64(at: 8)), let blockCount = Int(exactly: bytes.word64(at: 16)),
            let batchCount = Int(exactly: bytes.word64(at: 40)), let recordCount = Int(exactly: bytes.word64(at: 48)),
            let contentBytes = Int(exactly: bytes.word64(at: 56))
        else { return nil }
        self.init(
            indexOffset: indexOffset, blockCount: blockCount, firstBatch: bytes.word64(at: 24),
            nextBatch: bytes.word64(at: 32), batchCount: batchCount, recordCount: recordCount,
            contentBytes: contentBytes,
            newestWrittenAt: Timestamp(milliseconds: Int64(bitPattern: bytes.word64(at: 64))))
    }

    init(
        indexOffset: Int, blockCount: Int, firstBatch: UInt64, nextBatch: UInt64, batchCount: Int, recordCount: Int,
        contentBytes: Int, newestWrittenAt: Timestamp
    ) {
        self.indexOffset = indexOffset
        self.blockCount = blockCount
        self.firstBatch = firstBatch
        self.nextBatch = nextBatch
        self.batchCount = batchCount
        self.recordCount = recordCount
        self.contentBytes = contentBytes
        self.newestWrittenAt = newestWrittenAt
    }
}
