internal import Events

/// Reads a raw journal file from its first frame. Tells a torn tail from damage: a frame that does not check, with a
/// frame of this file after it, was acknowledged once; with none after it, it is what a crash left. One frame after it
/// proves nothing where that says itself that it was written before the other was synced; two always do, since no more
/// are ever written ahead.
struct RawFileCursor: Sendable {
    let name: String
    private var window: FileWindow
    private let seed: UInt32
    private var chain: UInt32
    /// Where the next frame stands.
    private(set) var offset = JournalFileHeader.byteCount
    private(set) var nextBatch: UInt64
    private var hasEnded: FileEnd?

    init(_ file: FileReference, name: String, header: JournalFileHeader) throws(FileSystemError) {
        self.name = name
        self.window = try FileWindow(file)
        self.seed = header.seed
        self.chain = header.seed
        self.nextBatch = header.firstBatch
    }

    /// The next batch, the next damaged range, or the end. A live file may have grown at its next call.
    mutating func next() throws(FileSystemError) -> FileStep {
        if hasEnded == .complete { return .end(.complete) }
        if let step = try read() { return step }
        // A live file's window may be older than the batch that is asked for.
        try window.refresh()
        if let step = try read() { return step }
        return try afterUnreadable()
    }

    private enum Frame {
        case batch(payload: Int, records: Int, overlaps: Bool)
        case end
    }

    /// The frame whose header stands at `position`, when its checksum continues `chain`.
    private mutating func frame(at position: Int, chain: UInt32) throws(FileSystemError) -> (Frame, sequence: UInt64)? {
        guard let place = try window.load(position..<position + BatchFormat.headerBytes) else { return nil }
        let start = place.lowerBound
        let magic = window.bytes.word32(at: start)
        guard magic == BatchFormat.batchMagic || magic == BatchFormat.endMagic,
            BatchFormat.headerChecksum(window.bytes, at: start, seed: seed, chain: chain)
                == window.bytes.word32(at: start + 32)
        else { return nil }
        let sequence = window.bytes.word64(at: start + 8)
        if magic == BatchFormat.endMagic { return (.end, sequence) }
        let payload = Int(window.bytes.word32(at: start + 4))
        let records = Int(window.bytes.word32(at: start + 24))
        guard payload <= BatchFormat.payloadBytesMax, records <= BatchFormat.recordsMax else { return nil }
        let overlaps = window.bytes.word32(at: start + 28) != 0
        return (.batch(payload: payload, records: records, overlaps: overlaps), sequence)
    }

    /// The batch or the end frame at `offset`; nil when what stands there does not check.
    private mutating func read() throws(FileSystemError) -> FileStep? {
        guard let (frame, sequence) = try frame(at: offset, chain: chain), sequence == nextBatch else { return nil }
        guard case .batch(let payload, let records, _) = frame else {
            guard try window.isZero(from: offset + BatchFormat.headerBytes) else { return nil }
            hasEnded = .complete
            return .end(.complete)
        }
        let count = BatchFormat.headerBytes + payload + BatchFormat.markerBytes
        guard let place = try window.load(offset..<offset + count) else { return nil }
        let marker = place.upperBound - BatchFormat.markerBytes
        guard window.bytes.word32(at: marker) == BatchFormat.markerMagic,
            window.bytes.word32(at: marker + 4) == UInt32(records)
        else { return nil }
        let headerCRC = window.bytes.word32(at: place.lowerBound + 32)
        let next = CRC32C.checksum(
            window.bytes, place.lowerBound + BatchFormat.headerBytes..<place.upperBound - 4, seed: headerCRC)
        guard next == window.bytes.word32(at: place.upperBound - 4) else { return nil }
        let writtenAt = Timestamp(milliseconds: Int64(bitPattern: window.bytes.word64(at: place.lowerBound + 16)))
        let bytes = Array(window.bytes[place])
        let content = BatchFormat.headerBytes..<bytes.count - BatchFormat.markerBytes
        guard let (ranges, keys) = BatchFormat.records(in: bytes, payload: content, count: records) else {
            let damage = DamagedRange(
                file: name, bytes: offset..<offset + count, firstBatch: sequence, lastBatch: sequence, reason: .content)
            advance(by: count, to: sequence, chain: next)
            return .damage(damage)
        }
        advance(by: count, to: sequence, chain: next)
        return .batch(
            StoredBatch(sequence: sequence, writtenAt: writtenAt, bytes: bytes, ranges: ranges, keyOffsets: keys))
    }

    private mutating func advance(by count: Int, to sequence: UInt64, chain next: UInt32) {
        offset += count
        chain = next
        nextBatch = sequence &+ 1
    }

    /// What follows when no frame checks at `offset`: a clean or torn end, or damage with a frame after it.
    private mutating func afterUnreadable() throws(FileSystemError) -> FileStep {
        if let end = hasEnded { return .end(end) }
        if try window.isZero(from: offset) { return .end(.open) }
        let computed = try computedChain()
        var position = offset + 1
        // The frame after, which proves nothing by itself.
        var ahead: (offset: Int, chain: UInt32, sequence: UInt64)?
        while position + BatchFormat.headerBytes <= window.fileBytes {
            guard let found = try nextMagic(from: position) else { break }
            var chains: [UInt32] = []
            if let place = try window.load(found - 4..<found) {
                chains.append(window.bytes.word32(at: place.lowerBound))
            }
            if let computed, computed.offset == found { chains.append(computed.chain) }
            for candidate in chains {
                guard let (kind, sequence) = try frame(at: found, chain: candidate), sequence >= nextBatch else {
                    continue
                }
                if ahead == nil, case .batch(_, _, overlaps: true) = kind, sequence == nextBatch &+ 1 {
                    ahead = (found, candidate, sequence)
                    break
                }
                return resume(ahead ?? (found, candidate, sequence))
            }
            position = found + 1
        }
        let end = try endOfData()
        hasEnded = .torn(bytes: offset..<end)
        return .end(.torn(bytes: offset..<end))
    }

    /// Goes on at a frame after damage.
    private mutating func resume(_ next: (offset: Int, chain: UInt32, sequence: UInt64)) -> FileStep {
        let damage = DamagedRange(
            file: name, bytes: offset..<next.offset, firstBatch: nextBatch,
            lastBatch: next.sequence > nextBatch ? next.sequence - 1 : nextBatch, reason: .batch)
        offset = next.offset
        chain = next.chain
        nextBatch = next.sequence
        return .damage(damage)
    }

    /// Where the frame at `offset` ends by its own header, and the chain its content gives: a frame whose marker alone
    /// is damaged still leads to the next.
    private mutating func computedChain() throws(FileSystemError) -> (offset: Int, chain: UInt32)? {
        guard let (found, sequence) = try frame(at: offset, chain: chain), sequence == nextBatch,
            case .batch(let payload, let records, _) = found
        else { return nil }
        let count = BatchFormat.headerBytes + payload + BatchFormat.markerBytes
        guard let place = try window.load(offset..<offset + count) else { return nil }
        var marker: [UInt8] = []
        marker.appendWord(BatchFormat.markerMagic)
        marker.appendWord(UInt32(clamping: records))
        let content = place.lowerBound + BatchFormat.headerBytes..<place.upperBound - BatchFormat.markerBytes
        let headerCRC = window.bytes.word32(at: place.lowerBound + 32)
        let overPayload = CRC32C.checksum(window.bytes, content, seed: headerCRC)
        return (offset + count, CRC32C.checksum(marker, seed: overPayload))
    }

    /// The next place from `position` on where a frame's magic stands.
    private mutating func nextMagic(from position: Int) throws(FileSystemError) -> Int? {
        var position = position
        while position + 4 <= window.fileBytes {
            let count = min(64 << 10, window.fileBytes - position)
            guard let place = try window.load(position..<position + count) else { return nil }
            for index in place.lowerBound..<place.upperBound - 3 {
                let first = window.bytes[index]
                guard first == 0x42 || first == 0x44 else { continue }
                let magic = window.bytes.word32(at: index)
                if magic == BatchFormat.batchMagic || magic == BatchFormat.endMagic {
                    return position + (index - place.lowerBound)
                }
            }
            if count < 4 { return nil }
            position += count - 3
        }
        return nil
    }

    /// After the last byte that is not zero.
    private mutating func endOfData() throws(FileSystemError) -> Int {
        var end = window.fileBytes
        while end > offset {
            let from = max(offset, end - (64 << 10))
            guard let place = try window.load(from..<end) else { return end }
            if let last = window.bytes[place].lastIndex(where: { $0 != 0 }) {
                return from + (last - place.lowerBound) + 1
            }
            end = from
        }
        return end
    }
}
