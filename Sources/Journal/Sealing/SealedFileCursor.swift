internal import Events

/// Reads a sealed file's batches from the first, or from where `seek` puts it. Memory: the index, one block, one batch.
struct SealedFileCursor: Sendable {
    let name: String
    private let index: SealedIndex
    private let seed: UInt32
    private var window: FileWindow
    private var block = 0
    /// Content read and not yet given; it begins with a batch's first byte.
    private var content: [UInt8] = []
    private var consumed = 0
    private(set) var nextBatch: UInt64
    private var hasReportedIndex = false

    init(_ file: FileReference, name: String, header: JournalFileHeader) throws(FileSystemError) {
        self.name = name
        self.index = try SealedIndex(file, header: header)
        self.seed = header.seed
        self.window = try FileWindow(file)
        self.nextBatch = header.firstBatch
    }

    /// Goes to the block in which `sequence` begins or which stands nearest before it.
    mutating func seek(to sequence: UInt64) {
        guard let found = index.block(for: sequence), index.entries[found].firstBatch > nextBatch else { return }
        block = found
        content.removeAll(keepingCapacity: true)
        consumed = 0
        nextBatch = index.entries[found].firstBatch
        pendingSkip = index.entries[found].place ?? 0
    }

    /// Content of the next block that belongs to a batch before `nextBatch`.
    private var pendingSkip = 0

    mutating func next() throws(FileSystemError) -> FileStep {
        if let bytes = index.damagedBytes, !hasReportedIndex {
            hasReportedIndex = true
            return .damage(
                DamagedRange(file: name, bytes: bytes, firstBatch: nextBatch, lastBatch: nil, reason: .index))
        }
        while true {
            switch batch() {
            case .batch(let stored): return .batch(stored)
            case .inconsistent:
                return damage(through: block, from: max(0, block - 1), reason: .content)
            case .needsMore: break
            }
            guard block < index.entries.count else {
                if content.count > consumed { return damage(through: block, from: max(0, block - 1), reason: .content) }
                return .end(.complete)
            }
            let entry = index.entries[block]
            guard entry.number == expectedNumber else { return damage(through: block, from: block, reason: .block) }
            guard let read = try StoredBlock.read(&window, at: entry.offset, seed: seed),
                read.entry == entry,
                let expanded = BlockCompression.expand(
                    read.stored, codec: read.codec, contentBytes: entry.contentBytes),
                pendingSkip <= expanded.count
            else { return damage(through: block + 1, from: block, reason: .block) }
            if consumed > 0 {
                content.removeFirst(consumed)
                consumed = 0
            }
            content.append(contentsOf: expanded[pendingSkip...])
            pendingSkip = 0
            block += 1
        }
    }

    /// The number that the next block must have: its place, or one more than the block before it where the index was
    /// built again and blocks may be missing.
    private var expectedNumber: UInt32 {
        if index.summary != nil || block == 0 { return UInt32(clamping: block) }
        return resumedAt == block ? index.entries[block].number : index.entries[block - 1].number &+ 1
    }

    /// The block at which reading went on after damage.
    private var resumedAt = -1

    private enum Assembly {
        case batch(StoredBatch)
        case needsMore
        case inconsistent
    }

    /// The batch that `content` begins with, once all of it is there.
    private mutating func batch() -> Assembly {
        let head = SealedFormat.batchHeaderBytes
        guard content.count - consumed >= head else { return .needsMore }
        let payload = Int(content.word32(at: consumed + 16))
        let records = Int(content.word32(at: consumed + 20))
        guard content.word64(at: consumed) == nextBatch, payload <= BatchFormat.payloadBytesMax else {
            return .inconsistent
        }
        guard content.count - consumed >= head + payload else { return .needsMore }
        let bytes = Array(content[consumed..<consumed + head + payload])
        guard let (ranges, keys) = BatchFormat.records(in: bytes, payload: head..<bytes.count, count: records) else {
            return .inconsistent
        }
        let stored = StoredBatch(
            sequence: nextBatch, writtenAt: Timestamp(milliseconds: Int64(bitPattern: bytes.word64(at: 8))),
            bytes: bytes,
            ranges: ranges, keyOffsets: keys)
        consumed += bytes.count
        nextBatch += 1
        return .batch(stored)
    }

    /// Names what is lost up to the first batch that begins in a block from `resume` on, and goes on there.
    private mutating func damage(through resume: Int, from damaged: Int, reason: DamageReason) -> FileStep {
        let first = nextBatch
        var next = resume
        while next < index.entries.count, index.entries[next].place == nil { next += 1 }
        let start = damaged < index.entries.count ? index.entries[damaged].offset : index.summary?.indexOffset ?? 0
        let end =
            damaged + 1 < index.entries.count ? index.entries[damaged + 1].offset : index.summary?.indexOffset ?? start
        content.removeAll(keepingCapacity: true)
        consumed = 0
        block = next
        resumedAt = next
        var last = index.summary.map { $0.nextBatch &- 1 }
        if next < index.entries.count {
            nextBatch = index.entries[next].firstBatch
            pendingSkip = index.entries[next].place ?? 0
            last = nextBatch &- 1
        } else if let summary = index.summary {
            nextBatch = summary.nextBatch
        }
        return .damage(
            DamagedRange(file: name, bytes: start..<max(start, end), firstBatch: first, lastBatch: last, reason: reason)
        )
    }
}
