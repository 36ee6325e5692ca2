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
        /// Of files that hold no event: idempotency keys, identifiers. `dump` does not look for it.
        package var damageBeside: [DamagedRange] = []
        package var damage: [DamagedRange] { files.flatMap(\.damage) + damageBeside }
        /// Damage that events are lost by, or may be.
        package var lost: [DamagedRange] { files.flatMap(\.damage).filter(\.losesEvents) }
        package var isWhole: Bool { damage.isEmpty }
        package var batchCount: Int { files.reduce(0) { $0 + $1.batchCount } }
        package var recordCount: Int { files.reduce(0) { $0 + $1.recordCount } }
        package var erasedRecordCount: Int { files.reduce(0) { $0 + $1.erasedRecordCount } }
        package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
        package var payloadBytes: Int { files.reduce(0) { $0 + $1.payloadBytes } }
        package var lastBatch: UInt64 { files.map(\.nextBatch).max().map { $0 &- 1 } ?? 0 }
    }

    /// Reads everything: every checksum, every record's frame, the order of batches within and between files, the
    /// idempotency keys and the identifiers of sealed files; names each damaged range. Blocks for the reading of the
    /// whole journal.
    package func verify() throws(JournalError) -> Report {
        var report = Report()
        try walk(&report, checksBeside: true) { _, _ in true }
        return report
    }

    /// Sizes and counts; the same reading as `verify`.
    package func stat() throws(JournalError) -> Report { try verify() }

    /// Hands every record to `body`, oldest first, until it returns false. Records of a newer version are passed over.
    /// Damaged ranges of events are in the report.
    package func dump(
        from start: Position = .start, _ body: (Position, borrowing EventView) -> Bool
    ) throws(JournalError) -> Report {
        var report = Report()
        try walk(&report, checksBeside: false) { batch, _ in
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
        _ report: inout Report, checksBeside: Bool, _ body: (StoredBatch, JournalFileInfo) -> Bool
    ) throws(JournalError) {
        do {
            let listing = try JournalListing(directory, fileSystem)
            try read(listing, &report, body)
            if checksBeside { try checkBeside(listing, &report) }
        } catch {
            throw JournalError(error)
        }
    }

    /// Reads every journal file in order.
    private func read(
        _ listing: JournalListing, _ report: inout Report, _ body: (StoredBatch, JournalFileInfo) -> Bool
    ) throws {
        var expected: UInt64?
        /// What is missing before the next file has been said of the one before it.
        var isNamed = false
        for (index, file) in listing.files.enumerated() {
            let next = listing.files[(index + 1)...].first { $0.info != nil }?.info
            var result = FileResult(name: file.name)
            result.byteCount = file.byteCount
            guard let info = file.info else {
                result.firstBatch = expected ?? 1
                result.nextBatch = result.firstBatch
                result.damage = [
                    DamagedRange(
                        file: file.name, bytes: 0..<file.byteCount, firstBatch: result.firstBatch,
                        lastBatch: next.map { $0.firstBatch &- 1 }, reason: .header)
                ]
                report.files.append(result)
                isNamed = true
                continue
            }
            result.isSealed = info.isSealed
            result.firstBatch = info.firstBatch
            if let expected, info.firstBatch != expected, !(isNamed && info.firstBatch > expected) {
                result.damage.append(
                    DamagedRange(
                        file: info.name, bytes: 0..<0, firstBatch: expected, lastBatch: info.firstBatch &- 1,
                        reason: .missingBatches))
            }
            let goesOn = try check(info, before: next, &result, body)
            expected = result.nextBatch
            isNamed = result.damage.contains { $0.reason == .index }
            report.files.append(result)
            if !goesOn { return }
        }
    }

    /// Reads one file to its end; false when `body` has had enough.
    private func check(
        _ info: JournalFileInfo, before next: JournalFileInfo?, _ result: inout FileResult,
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
                if let place = result.damage.firstIndex(where: { $0.reason == .index }) {
                    // The blocks were found without it. Whether there were more of them, the next file tells, or the
                    // file's own end.
                    result.damage[place].firstBatch = cursor.nextBatch
                    result.damage[place].lastBatch = next.map { $0.firstBatch &- 1 } ?? info.lastBatch
                }
                if case .torn(let bytes) = end {
                    if next == nil {
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

    /// Reads the files that hold no event. One that has gone meanwhile was replaced.
    private func checkBeside(_ listing: JournalListing, _ report: inout Report) throws {
        for keys in listing.keys {
            guard let isWhole = try listing.unlessGone({ try readKeys(keys, &report) }), !isWhole else { continue }
            report.damageBeside.append(
                DamagedRange(
                    file: keys.name, bytes: 0..<keys.byteCount, firstBatch: keys.firstBatch,
                    lastBatch: keys.lastBatch, reason: .keys))
        }
        for info in listing.files.compactMap(\.info) where info.isSealed {
            let name = JournalFileName.identifiers(info.header.number, info.header.generation)
            let known = try IdentifierSidecar.read(
                number: info.header.number, generation: info.header.generation, directory: directory, fileSystem)
            if known != nil { continue }
            // A rewrite removes a file before its identifiers.
            guard
                try listing.unlessGone({ try FileReference(fileSystem, "\(directory)/\(info.name)", .read) }) != nil
            else { continue }
            let size = try listing.unlessGone {
                try FileReference(fileSystem, "\(directory)/\(name)", .read).size()
            }
            report.damageBeside.append(
                DamagedRange(
                    file: name, bytes: 0..<(size ?? 0), firstBatch: info.firstBatch, lastBatch: info.lastBatch,
                    reason: size == nil ? .identifiersMissing : .identifiers))
        }
    }

    /// Whether a key file is whole, page by page; counts its keys where it is.
    private func readKeys(_ listed: JournalListing.Keys, _ report: inout Report) throws -> Bool {
        guard let header = listed.header,
            let keys = try KeyFile.open(fileSystem, directory: directory, name: listed.name, header: header),
            (0..<keys.pageCount).allSatisfy({ keys.page($0) != nil })
        else { return false }
        report.keyFileCount += 1
        report.keyCount += keys.keyCount
        report.keyWindowStart = min(report.keyWindowStart ?? keys.coverage.oldest, keys.coverage.oldest)
        return true
    }
}

/// What stands in a journal directory, by the headers of its files.
private struct JournalListing {
    /// The newest generation of a journal file, or one whose header is damaged.
    struct File {
        var name: String
        var number: UInt64
        var byteCount: Int
        /// Nil where the header is damaged. `lastBatch` is known of sealed files.
        var info: JournalFileInfo?
    }

    struct Keys {
        var name: String
        var byteCount: Int
        /// By its name.
        var firstBatch: UInt64
        var lastBatch: UInt64
        /// Nil where it is damaged.
        var header: JournalFileHeader?
    }

    /// Oldest first; of one number the whole file first.
    private(set) var files: [File] = []
    private(set) var keys: [Keys] = []

    /// Reads every header. A file that goes away meanwhile has a newer generation. Throws `newerFormat` as opening
    /// does.
    init(_ directory: String, _ fileSystem: any FileSystem) throws {
        var newest: [UInt64: JournalFileInfo] = [:]
        var damaged: [File] = []
        for name in try fileSystem.list(directory).sorted() {
            let kind = JournalFileName(name)
            guard kind.hasHeader,
                let file = try unlessGone({ try FileReference(fileSystem, "\(directory)/\(name)", .read) })
            else { continue }
            let size = try file.size()
            let header = try Self.header(file, name)
            switch kind {
            case .journal(let number, let generation):
                guard let header, header.number == number, header.generation == generation,
                    header.kind == .raw || header.kind == .sealed
                else {
                    damaged.append(File(name: name, number: number, byteCount: size, info: nil))
                    continue
                }
                if let known = newest[number], known.header.generation > generation { continue }
                var info = JournalFileInfo(name: name, header: header, lastBatch: nil, byteCount: size)
                if header.kind == .sealed, let summary = try SealedIndex.summary(of: file, header: header) {
                    info.lastBatch = summary.nextBatch &- 1
                }
                newest[number] = info
            case .keys(let first, let last):
                let fits = header.map { $0.kind == .keys && $0.number == first && $0.firstBatch == last } ?? false
                keys.append(
                    Keys(
                        name: name, byteCount: size, firstBatch: first, lastBatch: last, header: fits ? header : nil))
            case .identifiers, .temporary, .lock, .aside, .unknown: break
            }
        }
        let whole = newest.values.map {
            File(name: $0.name, number: $0.header.number, byteCount: $0.byteCount, info: $0)
        }
        files = (whole + damaged).sorted {
            ($0.number, $0.info == nil ? 1 : 0) < ($1.number, $1.info == nil ? 1 : 0)
        }
    }

    /// What `body` gives; nil where its file is not there any more.
    func unlessGone<Value>(_ body: () throws -> Value) throws -> Value? {
        do { return try body() } catch let error as FileSystemError where error.code == ErrorCode.noEntry { return nil }
    }

    private static func header(_ file: FileReference, _ name: String) throws -> JournalFileHeader? {
        switch JournalFileHeader.decode(try file.readBytes(at: 0, count: JournalFileHeader.byteCount)) {
        case .header(let header): return header
        case .damaged: return nil
        case .newer(let version):
            throw JournalError.newerFormat(file: name, version: version, supported: JournalFileHeader.version)
        }
    }
}

extension JournalFileName {
    fileprivate var hasHeader: Bool {
        switch self {
        case .journal, .keys, .identifiers: true
        case .temporary, .lock, .aside, .unknown: false
        }
    }
}
