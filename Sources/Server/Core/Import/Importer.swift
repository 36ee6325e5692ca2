internal import Catalog
internal import Collect
internal import Events
internal import Foundation
internal import Journal

/// What an import works with.
struct ImportParts {
    let catalog: CatalogSnapshot
    let secrets: Secrets
    let geo: GeoSource
    let journal: PatientJournal
    /// The data directory.
    let data: String
    let time: any TimeSource
    /// Asked between pieces; waits as long as stages behind the journal are too far behind, false ends the import.
    var mayGoOn: @Sendable () -> Bool = { true }
    /// Takes what there is to say; false ends the import.
    var report: (ImportMessage) -> Bool
}

/// One import: reads files in their order, takes every line through the same steps as a request, and hands batches to
/// the journal. Belongs to one thread; no text is made and nothing is allocated a line in the steady state.
///
///     file ─> piece of 256 KiB ─> line ─> translation ─> ledger? ─> steps ─> batch of 512 ─> journal ─> ledger
struct Importer: ~Copyable {
    /// When none of so many first lines of a file is one, it is another kind of file.
    static let trialLines = 100
    /// Longer lines are rejected and passed over.
    static let lineBytesMax = 64 << 10
    static let shownMax = 10
    private static let batchMax = 512
    private static let reportNanoseconds: UInt64 = 250_000_000

    let request: ImportRequest
    let parts: ImportParts
    let ledger: ImportLedger
    var collector: EdgeCollector
    var log: AccessLogTranslation
    var events: ImportedEvents
    var columns: CSVColumns?
    var keys: ImportKeys
    var tally = ImportTally()
    let limits = CollectLimits()
    /// Of the batch: each offered event's key, line and place in the piece.
    private var offered: [(key: ID128, line: Int, range: Range<Int>)] = []
    private var lastBatch: UInt64 = 0
    private var path = ""
    /// The line of the file in which the record at hand begins.
    private var line = 0
    /// Line ends inside that record.
    private var innerLines = 0
    /// A line of the file had a user agent.
    var isCombined = false
    private var shown = 0
    private var reportedAt = MonotonicInstant(nanoseconds: 0)
    var receivedAt: Timestamp

    /// Throws `noSuchSite`, or `ledger` where the ledger of imports cannot be read.
    static func open(_ request: ImportRequest, _ parts: ImportParts) throws(ImportError) -> Importer {
        guard let site = parts.catalog.site(reference: request.site) else { throw .noSuchSite(request.site) }
        return Importer(request, parts, site: site, ledger: try ImportLedger(data: parts.data, site: site.id))
    }

    private init(_ request: ImportRequest, _ parts: ImportParts, site: Site, ledger: ImportLedger) {
        self.request = request
        self.parts = parts
        self.ledger = ledger
        collector = EdgeCollector(
            secrets: parts.secrets, salts: .replay(ReplaySalts()), geo: parts.geo, journal: parts.journal,
            limits: CollectLimits())
        log = AccessLogTranslation(site)
        events = ImportedEvents(site, assumesMeasurement: request.assumesMeasurement)
        keys = ImportKeys(secret: parts.secrets.idempotencySipKey, site: site.id, source: request.source)
        receivedAt = parts.time.wallClock()
    }

    /// Reads all files; gives the counts. When it throws, what was taken so far is durable and in the ledger, as far as
    /// the disk allows.
    mutating func run() throws(ImportError) -> ImportCounts {
        do throws(ImportError) {
            for file in request.files { try read(file) }
        } catch {
            try? settle()
            throw error
        }
        try settle()
        return tally.counts
    }

    // MARK: files

    private mutating func read(_ file: String) throws(ImportError) {
        let input = try ImportInput(path: file)
        path = input.path
        line = 0
        innerLines = 0
        isCombined = false
        columns = nil
        keys.beginFile()
        let trial = tally
        var scan = RecordScan(isCSV: request.kind == .csv)
        var piece: [UInt8] = []
        var isAtEnd = false
        // A byte order mark is none of the text.
        while piece.count < 3, !isAtEnd { isAtEnd = try !input.read(into: &piece) }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) { piece.removeFirst(3) }
        var used = try take(piece, isAtEnd: isAtEnd, &scan, trial)
        while !isAtEnd {
            piece.removeFirst(used)
            try pause(input)
            isAtEnd = try !input.read(into: &piece)
            used = try take(piece, isAtEnd: isAtEnd, &scan, trial)
        }
        try pause(input)
    }

    /// Takes the whole lines of a piece; gives how many bytes are done with.
    private mutating func take(
        _ piece: [UInt8], isAtEnd: Bool, _ scan: inout RecordScan, _ trial: ImportTally
    ) throws(ImportError) -> Int {
        let bytes = piece.span.bytes
        receivedAt = parts.time.wallClock()
        begin()
        var start = 0
        reading: while true {
            switch scan.next(in: bytes, from: start, isAtEnd: isAtEnd, bytesMax: Importer.lineBytesMax) {
            case .record(let whole, let end):
                let (range, next) = firstLine(of: whole, next: end, in: bytes, &scan)
                start = next
                beginRecord()
                // A record's line end is not part of it.
                let hasEnd = next > 0 && bytes.byte(at: next - 1) == 10
                if !range.isEmpty { try take(bytes.extracting(range), at: range, hasEnd: hasEnd, trial) }
                if request.kind == .csv { countLines(bytes.extracting(range)) }
            case .tooLong(let range, let next):
                start = next
                beginRecord()
                tally.read += 1
                let reason =
                    request.kind == .accessLog
                    ? AccessLogRejection.lineTooLong.rawValue : ImportedEventRejection.lineTooLong.rawValue
                reject(reason, bytes.extracting(range))
                try endTrial(trial)
            case .passedOver(let next):
                start = next
                if next == bytes.byteCount { break reading }
            case .needsMore: break reading
            }
            if offered.count == Importer.batchMax { try commit(bytes) }
        }
        try commit(bytes)
        return start
    }

    private mutating func take(
        _ record: RawSpan, at range: Range<Int>, hasEnd: Bool, _ trial: ImportTally
    ) throws(ImportError) {
        if request.kind == .csv, columns == nil { return try readHeader(record) }
        tally.read += 1
        if let key = offer(record, hasEnd: hasEnd) { offered.append((key, line, range)) }
        try endTrial(trial)
    }

    /// Where a CSV record goes over several lines and its quotes are wrong, one of them was never closed: the record is
    /// its first line then, and what follows is read for itself.
    private func firstLine(
        of record: Range<Int>, next: Int, in bytes: RawSpan, _ scan: inout RecordScan
    ) -> (record: Range<Int>, next: Int) {
        guard request.kind == .csv,
            let line = LineFeed.first(in: bytes.extracting(record), from: 0)
        else { return (record, next) }
        var parsed = CSVRecord()
        if (try? parsed.read(bytes.extracting(record))) != nil { return (record, next) }
        scan.restart()
        let end = record.lowerBound + line
        return (record.lowerBound..<end, end + 1)
    }

    private mutating func beginRecord() {
        line += 1 + innerLines
        innerLines = 0
    }

    private mutating func countLines(_ record: RawSpan) {
        var start = 0
        while let end = LineFeed.first(in: record, from: start) {
            innerLines += 1
            start = end + 1
        }
    }

    /// Throws where the file's first lines are over and none of them was one.
    private func endTrial(_ trial: ImportTally) throws(ImportError) {
        guard tally.read - trial.read == Importer.trialLines else { return }
        if tally.rejectedCount - trial.rejectedCount == Importer.trialLines {
            let reason = tally.rejected.max { $0.value < $1.value }?.key ?? ""
            throw .notThisFormat(path: path, kind: request.kind, firstReason: reason)
        }
    }

    private mutating func readHeader(_ record: RawSpan) throws(ImportError) {
        var header = CSVRecord()
        do throws(ImportedEventRejection) { try header.read(record) } catch {
            throw .header(path: path, problem: "the header's quotes are wrong; expected \(request.kind.lineShape)")
        }
        do throws(CSVColumns.Failure) {
            let columns = try CSVColumns(header: header, map: request.map)
            self.columns = columns
            if !columns.ignored.isEmpty {
                say("\(path): columns passed over: \(columns.ignored.joined(separator: ", ").withoutControls)")
            }
        } catch {
            throw .header(path: path, problem: error.description.withoutControls)
        }
    }

    // MARK: batches

    private mutating func begin() {
        offered.removeAll(keepingCapacity: true)
        collector.beginAccessLog(&log)
    }

    /// Hands the offered events to the journal and begins the next batch.
    private mutating func commit(_ piece: RawSpan) throws(ImportError) {
        guard !offered.isEmpty else { return }
        let outcome = collector.commitImported(receivedAt: receivedAt)
        if outcome.status == .unavailable { throw journalFailure(collector.rejections.first?.reason) }
        if case .pending(let batch, _) = outcome.receipt { lastBatch = max(lastBatch, batch) }
        tally.imported += outcome.accepted - outcome.duplicates
        tally.duplicates += outcome.duplicates
        var refused: Set<Int> = []
        if outcome.refused > 0 {
            for (index, reason) in collector.rejections where index < offered.count {
                refused.insert(index)
                reject(reason.rawValue, piece.extracting(offered[index].range), line: offered[index].line)
            }
        }
        for index in offered.indices where !refused.contains(index) { ledger.add(offered[index].key) }
        if ledger.isFull { try settle() }
        begin()
    }

    /// Waits for the disk, then writes the ledger.
    private mutating func settle() throws(ImportError) {
        guard parts.journal.waitUntilDurable(lastBatch) else { throw journalFailure(.journalFailed) }
        try ledger.flush()
    }

    private func journalFailure(_ reason: Rejection?) -> ImportError {
        let problem =
            switch reason {
            case .noSpace: "the disk has too little space left: make some and repeat the import"
            case .shuttingDown: "the server is stopping: repeat the import when it runs again"
            default: "the journal cannot be written: see the server's log, or 'highland doctor'"
            }
        return .journal(problem: problem, counts: tally.counts)
    }

    /// Says how far it is, and waits where it must.
    private mutating func pause(_ input: ImportInput) throws(ImportError) {
        let now = parts.time.monotonic()
        if now.nanoseconds(since: reportedAt) >= Importer.reportNanoseconds {
            reportedAt = now
            let progress = ImportMessage.Progress(
                counts: tally.counts, bytesRead: input.bytesRead, bytesTotal: input.bytesTotal)
            guard parts.report(ImportMessage(progress: progress)) else { throw .cancelled }
        }
        guard parts.mayGoOn() else { throw .cancelled }
    }

    // MARK: what is said

    mutating func reject(_ reason: String, _ record: RawSpan, line: Int? = nil) {
        tally.rejected[reason, default: 0] += 1
        tally.rejectedCount += 1
        guard shown < Importer.shownMax else { return }
        shown += 1
        say("\(path.withoutControls):\(line ?? self.line): \(reason): \(ShownLine.text(record))")
    }

    private func say(_ note: String) { _ = parts.report(ImportMessage(note: note)) }
}

/// A rejected line for people: 160 bytes of it, everything but printable ASCII escaped.
enum ShownLine {
    static func text(_ line: borrowing RawSpan) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for offset in 0..<min(line.byteCount, 160) {
            let byte = line.byte(at: offset)
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self) + (line.byteCount > 160 ? "…" : "")
    }
}
