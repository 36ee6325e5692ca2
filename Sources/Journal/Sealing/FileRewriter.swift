internal import Events

/// Writes a journal file's next generation: sealed, compressed, and with records erased where asked. The file before it
/// stays until the new one is synced and named.
struct FileRewriter {
    let fileSystem: any FileSystem
    let directory: String
    let codec: BlockCodec

    struct Result: Sendable {
        var info: JournalFileInfo
        var erasedRecords: Int
    }

    /// Rewrites `info`. Throws `damaged` when the file cannot be read whole: damage is never sealed over.
    /// `acceptsTornTail` is for recovery, which has judged the tail already.
    func rewrite(
        _ info: JournalFileInfo, erasing erasure: Erasure?, now: Timestamp, acceptsTornTail: Bool = false
    ) throws(JournalError) -> Result {
        do {
            return try rewriteFiles(info, erasure, now, acceptsTornTail)
        } catch let error as JournalError {
            throw error
        } catch let error as FileSystemError {
            // Space that a half-made file holds is what others wait for.
            if ErrorCode.meansNoSpace(error.code) {
                try? fileSystem.unlinkIfPresent(temporary(info.header.number, info.header.generation + 1))
            }
            throw .fileSystem(error)
        } catch {
            throw .unavailable
        }
    }

    private func temporary(_ number: UInt64, _ generation: UInt32) -> String {
        "\(directory)/\(JournalFileName.journal(number, generation)).tmp"
    }

    private func rewriteFiles(
        _ info: JournalFileInfo, _ erasure: Erasure?, _ now: Timestamp, _ acceptsTornTail: Bool
    ) throws -> Result {
        var cursor = try JournalFileCursor(fileSystem, directory: directory, info)
        let header = JournalFileHeader(
            kind: .sealed, generation: info.header.generation + 1, number: info.header.number,
            firstBatch: info.header.firstBatch, journalID: info.header.journalID, salt: .random(), createdAt: now)
        let name = JournalFileName.journal(header.number, header.generation)
        let temporary = temporary(header.number, header.generation)
        try fileSystem.unlinkIfPresent(temporary)
        let file = try FileReference(fileSystem, temporary, .create)
        var writer = SealedFileWriter(file, header: header, codec: codec)
        var identifiers: Set<ID128> = []
        var erased = 0
        reading: while true {
            switch try cursor.next() {
            case .batch(let batch):
                let payload = try Self.payload(of: batch, erasure, &identifiers, &erased, info.name)
                try writer.append(
                    sequence: batch.sequence, writtenAt: batch.writtenAt, payload: payload, range: 0..<payload.count,
                    records: batch.ranges.count)
            case .damage(let range): throw JournalError.damaged(range)
            case .end(.torn(let bytes)) where !acceptsTornTail:
                throw JournalError.damaged(
                    DamagedRange(
                        file: info.name, bytes: bytes, firstBatch: cursor.nextBatch, lastBatch: info.lastBatch,
                        reason: .batch))
            case .end: break reading
            }
        }
        if let last = info.lastBatch, cursor.nextBatch != last &+ 1 {
            throw JournalError.damaged(
                DamagedRange(
                    file: info.name, bytes: 0..<0, firstBatch: cursor.nextBatch, lastBatch: last,
                    reason: .missingBatches))
        }
        let (summary, byteCount) = try writer.finish()
        try IdentifierSidecar.write(identifiers, header: header, directory: directory, fileSystem)
        try fileSystem.rename(temporary, to: "\(directory)/\(name)")
        try fileSystem.syncDirectoryFully(directory)
        let rewritten = JournalFileInfo(
            name: name, header: header, lastBatch: summary.nextBatch &- 1, byteCount: byteCount,
            recordCount: summary.recordCount, contentBytes: summary.contentBytes,
            newestWrittenAt: summary.newestWrittenAt)
        return Result(info: rewritten, erasedRecords: erased)
    }

    /// The batch's framed records with the erased ones replaced by their bare header; notes the identifiers that stay.
    private static func payload(
        of batch: StoredBatch, _ erasure: Erasure?, _ identifiers: inout Set<ID128>, _ erased: inout Int, _ name: String
    ) throws -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(batch.bytes.count)
        for (index, range) in batch.ranges.enumerated() {
            let bytes = batch.bytes.span.bytes.extracting(range)
            let view: EventView
            do { view = try EventView(bytes) } catch {
                // A record of a newer version or unknown kind passes as it is; nobody can name what it holds.
                append(batch.bytes, range, key: batch.key(of: index), to: &payload)
                continue
            }
            let position = Position(batch: batch.sequence, index: UInt32(clamping: index))
            if view.kind == .event, let erasure, erasure.applies(to: view, at: position) {
                let bare = bareRecord(site: view.site)
                append(bare, 0..<bare.count, key: nil, to: &payload)
                erased += 1
                continue
            }
            for tag in IdentifierSidecar.tags { if let id = view.id(tag) { identifiers.insert(id) } }
            append(batch.bytes, range, key: batch.key(of: index), to: &payload)
        }
        return payload
    }

    private static func append(_ bytes: [UInt8], _ range: Range<Int>, key: ID128?, to payload: inout [UInt8]) {
        payload.appendWord(UInt32(clamping: range.count) | (key == nil ? 0 : BatchFormat.keyBit))
        if let key { payload.appendID(key) }
        payload.append(contentsOf: bytes[range])
    }

    /// What stays of an erased record: kind and site.
    private static func bareRecord(site: SiteID) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: RecordFormat.headerBytes)
        bytes[0] = RecordFormat.version
        bytes[1] = RecordKind.erased.rawValue
        bytes.setWord(site.rawValue, at: 4)
        return bytes
    }
}
