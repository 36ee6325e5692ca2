package import Events

/// Looks at a journal directory without the lock and without writing: while a server has it open, and when none can.
/// The bytes after the last whole batch of the last file may be a commit in progress and are no damage.
package struct JournalInspection: Sendable {
    private let fileSystem: any FileSystem
    private let directory: String

    package init(directory: String, fileSystem: any FileSystem = PosixFileSystem()) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    /// What checking one file found.
    package struct FileResult: Hashable, Sendable {
        package var name: String
        package var byteCount = 0
        package var isSealed = false
        package var firstBatch: UInt64 = 0
        /// One more than the last whole batch.
        package var nextBatch: UInt64 = 0
        package var batchCount = 0
        package var recordCount = 0
        package var erasedRecordCount = 0
        package var payloadBytes = 0
        /// Bytes after the last whole batch of the last file that are no batch.
        package var tailBytes = 0
        package var oldestWrittenAt: Timestamp?
        package var newestWrittenAt: Timestamp?
        package var damage: [DamagedRange] = []
    }

    /// What checking the directory found.
    package struct Report: Hashable, Sendable {
        package var files: [FileResult] = []
        package var keyFileCount = 0
        package var keyCount = 0
        package var keyWindowStart: Timestamp?
        package var damage: [DamagedRange] { files.flatMap(\.damage) }
        package var isWhole: Bool { damage.isEmpty }
        package var batchCount: Int { files.reduce(0) { $0 + $1.batchCount } }
        package var recordCount: Int { files.reduce(0) { $0 + $1.recordCount } }
        package var erasedRecordCount: Int { files.reduce(0) { $0 + $1.erasedRecordCount } }
        package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
        package var payloadBytes: Int { files.reduce(0) { $0 + $1.payloadBytes } }
        package var lastBatch: UInt64 { files.map(\.nextBatch).max().map { $0 &- 1 } ?? 0 }
    }

    /// Reads everything: every checksum, every record's frame, the order of batches within and between files; names
    /// each damaged range. Blocks for the reading of the whole journal.
    package func verify() throws(JournalError) -> Report {
        var report = Report()
        try walk(&report) { _, _ in true }
        return report
    }

    /// Sizes and counts; the same reading as `verify`.
    package func stat() throws(JournalError) -> Report { try verify() }

    /// Hands every record to `body`, oldest first, until it returns false. Records of a newer version are passed over.
    /// Damaged ranges are in the report.
    package func dump(
        from start: Position = .start, _ body: (Position, borrowing EventView) -> Bool
    ) throws(JournalError) -> Report {
        var report = Report()
        try walk(&report) { batch, _ in
            guard batch.sequence >= start.batch else { return true }
            for (index, range) in batch.ranges.enumerated() {
                let position = Position(batch: batch.sequence, index: UInt32(clamping: index))
                guard position >= start, let view = try? EventView(batch.bytes.span.bytes.extracting(range)) else {
                    continue
                }
                if !body(position, view) { return false }
            }
            return true
        }
        return report
    }

    private func walk(
        _ report: inout Report, _ body: (StoredBatch, JournalFileInfo) -> Bool
    ) throws(JournalError) {
        do {
            let infos = try headers(&report)
            var expected: UInt64?
            for (index, info) in infos.enumerated() {
                var result = FileResult(name: info.name)
                result.byteCount = info.byteCount
                result.isSealed = info.isSealed
                result.firstBatch = info.firstBatch
                if let expected, info.firstBatch != expected {
                    result.damage.append(
                        DamagedRange(
                            file: info.name, bytes: 0..<0, firstBatch: expected, lastBatch: info.firstBatch &- 1,
                            reason: .missingBatches))
                }
                let goesOn = try check(info, isLast: index == infos.count - 1, &result, body)
                expected = result.nextBatch
                report.files.append(result)
                if !goesOn { return }
            }
        } catch let error as JournalError {
            throw error
        } catch let error as FileSystemError {
            throw .fileSystem(error)
        } catch {
            throw .unavailable
        }
    }

    /// Reads one file to its end; false when `body` has had enough.
    private func check(
        _ info: JournalFileInfo, isLast: Bool, _ result: inout FileResult,
        _ body: (StoredBatch, JournalFileInfo) -> Bool
    ) throws -> Bool {
        var cursor = try JournalFileCursor(fileSystem, directory: directory, info)
        while true {
            switch try cursor.next() {
            case .batch(let batch):
                result.batchCount += 1
                result.recordCount += batch.ranges.count
                result.oldestWrittenAt = min(result.oldestWrittenAt ?? batch.writtenAt, batch.writtenAt)
                result.newestWrittenAt = max(result.newestWrittenAt ?? batch.writtenAt, batch.writtenAt)
                for range in batch.ranges {
                    result.payloadBytes += range.count
                    if batch.bytes[range.lowerBound + 1] == RecordKind.erased.rawValue { result.erasedRecordCount += 1 }
                }
                if !body(batch, info) {
                    result.nextBatch = cursor.nextBatch
                    return false
                }
            case .damage(let damage): result.damage.append(damage)
            case .end(let end):
                result.nextBatch = cursor.nextBatch
                if case .torn(let bytes) = end {
                    if isLast {
                        result.tailBytes = bytes.count
                    } else {
                        result.damage.append(
                            DamagedRange(
                                file: info.name, bytes: bytes, firstBatch: cursor.nextBatch, lastBatch: nil,
                                reason: .batch))
                    }
                }
                return true
            }
        }
    }

    /// The newest generation of each file, oldest first. A file that goes away meanwhile has a newer generation.
    private func headers(_ report: inout Report) throws -> [JournalFileInfo] {
        var newest: [UInt64: JournalFileInfo] = [:]
        for name in try fileSystem.list(directory).sorted() {
            let kind = JournalFileName(name)
            guard kind.isJournalOrKeys else { continue }
            let file: FileReference
            do { file = try FileReference(fileSystem, "\(directory)/\(name)", .read) } catch {
                if error.code == ErrorCode.noEntry { continue }
                throw error
            }
            let size = try file.size()
            switch JournalFileHeader.decode(try file.readBytes(at: 0, count: JournalFileHeader.byteCount)) {
            case .newer(let version):
                throw JournalError.newerFormat(file: name, version: version, supported: JournalFileHeader.version)
            case .damaged:
                var result = FileResult(name: name)
                result.byteCount = size
                result.damage = [
                    DamagedRange(file: name, bytes: 0..<size, firstBatch: 0, lastBatch: nil, reason: .header)
                ]
                report.files.append(result)
            case .header(let header) where header.kind == .keys:
                guard let keys = try KeyFile.open(fileSystem, directory: directory, name: name, header: header) else {
                    continue
                }
                report.keyFileCount += 1
                report.keyCount += keys.keyCount
                report.keyWindowStart = min(report.keyWindowStart ?? keys.coverage.oldest, keys.coverage.oldest)
            case .header(let header):
                let info = JournalFileInfo(name: name, header: header, lastBatch: nil, byteCount: size)
                if let known = newest[header.number], known.header.generation > header.generation { continue }
                newest[header.number] = info
            }
        }
        return newest.values.sorted { $0.header.number < $1.header.number }
    }
}

extension JournalFileName {
    fileprivate var isJournalOrKeys: Bool {
        switch self {
        case .journal, .keys: true
        default: false
        }
    }
}
