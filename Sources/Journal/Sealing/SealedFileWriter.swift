internal import Events

/// Writes a sealed file batch by batch. The caller renames it into place. Memory: one block, a megabyte of output, and
/// 32 bytes a block for the index.
struct SealedFileWriter {
    private let file: FileReference
    private let header: JournalFileHeader
    private let seed: UInt32
    private let codec: BlockCodec
    private var content: [UInt8] = []
    private var output: [UInt8]
    private var outputStart = 0
    private var entries: [BlockEntry] = []
    private var nextBatch: UInt64
    /// Where in `content` the first batch that begins in it stands.
    private var firstPlace: Int?
    private var firstInBlock: UInt64
    private var batchCount = 0
    private var recordCount = 0
    private var contentBytes = 0
    private var newestWrittenAt = Timestamp(milliseconds: .min)

    init(_ file: FileReference, header: JournalFileHeader, codec: BlockCodec) {
        self.file = file
        self.header = header
        self.seed = header.seed
        self.codec = codec
        self.nextBatch = header.firstBatch
        self.firstInBlock = header.firstBatch
        self.output = header.encoded
    }

    /// Adds the batch whose framed records are `payload`. Sequences ascend.
    mutating func append(
        sequence: UInt64, writtenAt: Timestamp, payload: [UInt8], range: Range<Int>, records: Int
    ) throws(FileSystemError) {
        if content.count >= SealedFormat.blockContentMax { try closeBlock() }
        if firstPlace == nil {
            firstPlace = content.count
            firstInBlock = sequence
        }
        var head: [UInt8] = []
        head.appendWord(sequence)
        head.appendWord(UInt64(bitPattern: writtenAt.milliseconds))
        head.appendWord(UInt32(clamping: range.count))
        head.appendWord(UInt32(clamping: records))
        nextBatch = sequence + 1
        try add(head, 0..<head.count)
        try add(payload, range)
        batchCount += 1
        recordCount += records
        newestWrittenAt = max(newestWrittenAt, writtenAt)
    }

    private mutating func add(_ bytes: [UInt8], _ range: Range<Int>) throws(FileSystemError) {
        var start = range.lowerBound
        while start < range.upperBound {
            if content.count >= SealedFormat.blockContentMax { try closeBlock() }
            let end = min(range.upperBound, start + SealedFormat.blockContentMax - content.count)
            content.append(contentsOf: bytes[start..<end])
            start = end
        }
    }

    private mutating func closeBlock() throws(FileSystemError) {
        guard !content.isEmpty else { return }
        let (used, stored) = BlockCompression.compress(content, with: codec)
        let number = UInt32(clamping: entries.count)
        let first = firstPlace == nil ? nextBatch : firstInBlock
        let place = firstPlace.map(UInt32.init(clamping:)) ?? SealedFormat.noBatch
        entries.append(
            BlockEntry(
                offset: outputStart + output.count, firstBatch: first, place: firstPlace, number: number,
                contentBytes: content.count))
        var head: [UInt8] = []
        head.appendWord(SealedFormat.blockMagic)
        head.appendWord(UInt32(clamping: stored.count))
        head.appendWord(UInt32(clamping: content.count))
        head.appendWord(used.rawValue)
        head.appendWord(first)
        head.appendWord(place)
        head.appendWord(number)
        head.appendWord(CRC32C.checksum(stored, seed: CRC32C.checksum(head, seed: seed)))
        output.append(contentsOf: head)
        output.append(contentsOf: stored)
        contentBytes += content.count
        content.removeAll(keepingCapacity: true)
        firstPlace = nil
        if output.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws(FileSystemError) {
        try file.writeAll(output, range: 0..<output.count, at: outputStart)
        outputStart += output.count
        output.removeAll(keepingCapacity: true)
    }

    /// Writes index and trailer and syncs; gives the summary and the file's size.
    mutating func finish() throws(FileSystemError) -> (summary: SealedSummary, byteCount: Int) {
        try closeBlock()
        let indexOffset = outputStart + output.count
        var index: [UInt8] = []
        for entry in entries { entry.encode(into: &index) }
        index.appendWord(CRC32C.checksum(index, seed: seed))
        output.append(contentsOf: index)
        let summary = SealedSummary(
            indexOffset: indexOffset, blockCount: entries.count, firstBatch: header.firstBatch, nextBatch: nextBatch,
            batchCount: batchCount, recordCount: recordCount, contentBytes: contentBytes,
            newestWrittenAt: newestWrittenAt)
        output.append(contentsOf: summary.encoded(seed: seed))
        try flush()
        try file.sync()
        return (summary, outputStart)
    }
}
