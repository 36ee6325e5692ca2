internal import Events

/// Opens a journal made of arbitrary bytes and reads all of it: what fuzzing calls. Never traps, whatever the bytes.
package enum RecoveryCheck {
    /// `bytes` become one file: raw, sealed, keys or identifiers by the first byte, with a header that fits unless the
    /// second byte is odd, so that the code behind the header is reached. Gives the records read.
    package static func run(_ bytes: RawSpan) -> Int {
        guard bytes.byteCount >= 2 else { return 0 }
        let directory = "/fuzz"
        let disk = SimulatedFileSystem()
        let kinds: [JournalFileKind] = [.raw, .sealed, .keys, .identifiers]
        let kind = kinds[Int(bytes.byte(at: 0) % 4)]
        let header = JournalFileHeader(
            kind: kind, generation: 0, number: 1, firstBatch: 1, journalID: ID128(low: 1, high: 1),
            salt: ID128(low: 2, high: 2), createdAt: Timestamp(milliseconds: 0))
        let content = bytes.extracting(2..<bytes.byteCount).array
        let file = bytes.byte(at: 1) & 1 == 0 ? header.encoded + content : content
        let name =
            switch kind {
            case .raw, .sealed: JournalFileName.journal(1, 0)
            case .keys: JournalFileName.keys(1, 1)
            case .identifiers: JournalFileName.identifiers(1, 0)
            }
        disk.setContents(of: "\(directory)/\(name)", to: file)
        var options = JournalOptions(directory: directory)
        options.acceptsDamage = true
        options.fileBytes = 4096
        options.zeroChunkBytes = 512
        options.blockBytes = 64
        options.reserveBytes = 0
        var records = 0
        if kind == .identifiers {
            _ = try? disk.makeDirectory(directory)
            _ = try? IdentifierSidecar.read(number: 1, generation: 0, directory: directory, disk)
        }
        let clock = ManualTimeSource(wall: Timestamp(milliseconds: 0))
        if let journal = try? FileJournal.open(options, fileSystem: disk, clock: clock) {
            let reader = journal.reader(after: 0)
            while let batch = try? reader.next(waitingAtMost: 0) {
                let bytes = batch.bytes
                for range in batch.ranges where isRecord(bytes.span.bytes.extracting(range)) { records += 1 }
            }
        }
        _ = try? JournalInspection(directory: directory, fileSystem: disk).verify()
        return records
    }

    private static func isRecord(_ bytes: RawSpan) -> Bool {
        do throws(RecordError) {
            _ = try EventView(bytes)
            return true
        } catch {
            return false
        }
    }
}
