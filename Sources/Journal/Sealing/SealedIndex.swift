internal import Events

/// A sealed file's index: read from its end, or built again from its blocks where the end is damaged.
struct SealedIndex: Sendable {
    var entries: [BlockEntry]
    /// Nil where the trailer or the index is damaged.
    var summary: SealedSummary?
    /// The damaged bytes, when they are.
    var damagedBytes: Range<Int>?

    /// Reads the trailer alone: 80 bytes.
    static func summary(of file: FileReference, header: JournalFileHeader) throws(FileSystemError) -> SealedSummary? {
        let size = try file.size()
        guard size >= JournalFileHeader.byteCount + SealedFormat.trailerBytes else { return nil }
        let bytes = try file.readBytes(at: size - SealedFormat.trailerBytes, count: SealedFormat.trailerBytes)
        guard let summary = SealedSummary(bytes, seed: header.seed), summary.firstBatch == header.firstBatch else {
            return nil
        }
        return summary
    }

    /// Reads the index; 32 bytes a block.
    init(_ file: FileReference, header: JournalFileHeader) throws(FileSystemError) {
        let size = try file.size()
        if let summary = try Self.summary(of: file, header: header),
            summary.indexOffset >= JournalFileHeader.byteCount, summary.blockCount >= 0,
            summary.blockCount <= size / SealedFormat.indexEntryBytes,
            summary.indexOffset <= size,
            size - summary.indexOffset == summary.blockCount * SealedFormat.indexEntryBytes + 4
                + SealedFormat.trailerBytes
        {
            let count = summary.blockCount * SealedFormat.indexEntryBytes
            let bytes = try file.readBytes(at: summary.indexOffset, count: count + 4)
            if bytes.count == count + 4, CRC32C.checksum(bytes, 0..<count, seed: header.seed) == bytes.word32(at: count)
            {
                let found = (0..<summary.blockCount).compactMap {
                    BlockEntry(bytes, at: $0 * SealedFormat.indexEntryBytes)
                }
                if found.count == summary.blockCount {
                    self.entries = found
                    self.summary = summary
                    return
                }
            }
        }
        let (walked, end) = try Self.walk(file, header: header, size: size)
        self.entries = walked
        self.summary = nil
        self.damagedBytes = end..<max(end, size)
    }

    /// Every block that checks, and where the last one ends. Reads the whole file.
    private static func walk(
        _ file: FileReference, header: JournalFileHeader, size: Int
    ) throws(FileSystemError) -> ([BlockEntry], Int) {
        var entries: [BlockEntry] = []
        var end = JournalFileHeader.byteCount
        var position = end
        var window = try FileWindow(file)
        while position + SealedFormat.blockHeaderBytes <= size {
            guard let place = try window.load(position..<position + SealedFormat.blockHeaderBytes) else { break }
            if window.bytes.word32(at: place.lowerBound) == SealedFormat.blockMagic,
                let block = try StoredBlock.read(&window, at: position, seed: header.seed)
            {
                entries.append(block.entry)
                position += block.byteCount
                end = position
            } else {
                position += 1
            }
        }
        return (entries, end)
    }

    /// The block from which batch `sequence` is found by reading on; nil where no batch begins anywhere before it.
    func block(for sequence: UInt64) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].firstBatch <= sequence { low = middle + 1 } else { high = middle }
        }
        var index = low - 1
        while index >= 0, entries[index].place == nil { index -= 1 }
        return index >= 0 ? index : nil
    }
}

/// One block as it stands in the file, checked.
struct StoredBlock {
    var entry: BlockEntry
    var codec: BlockCodec
    /// With its header.
    var byteCount: Int
    var stored: [UInt8]

    /// The block at `offset`; nil when it does not check.
    static func read(_ window: inout FileWindow, at offset: Int, seed: UInt32) throws(FileSystemError) -> StoredBlock? {
        let headerBytes = SealedFormat.blockHeaderBytes
        guard let place = try window.load(offset..<offset + headerBytes) else { return nil }
        let head = Array(window.bytes[place])
        let count = Int(head.word32(at: 4))
        guard head.word32(at: 0) == SealedFormat.blockMagic, count <= SealedFormat.blockContentMax,
            let codec = BlockCodec(rawValue: head.word32(at: 12)),
            let content = try window.load(offset + headerBytes..<offset + headerBytes + count)
        else { return nil }
        let stored = Array(window.bytes[content])
        let started = CRC32C.checksum(head, 0..<32, seed: seed)
        guard CRC32C.checksum(stored, seed: started) == head.word32(at: 32) else { return nil }
        let begins = head.word32(at: 24)
        return StoredBlock(
            entry: BlockEntry(
                offset: offset, firstBatch: head.word64(at: 16),
                place: begins == SealedFormat.noBatch ? nil : Int(begins),
                number: head.word32(at: 28), contentBytes: Int(head.word32(at: 8))),
            codec: codec, byteCount: headerBytes + count, stored: stored)
    }
}
