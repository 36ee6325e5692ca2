internal import Collect
internal import Events

extension Importer {
    /// Takes one line; gives its key where it was offered to the steps.
    ///
    /// - hasEnd: false for a last line without its line end.
    mutating func offer(_ record: RawSpan, hasEnd: Bool) -> ID128? {
        switch request.kind {
        case .accessLog: return offerLogLine(record, hasEnd: hasEnd)
        case .ndjson:
            return offer(record, collector.readEvent(record, imported: &events, limits: limits))
        case .csv:
            guard let columns else { return nil }
            return offer(record, collector.readRecord(record, columns: columns, imported: &events, limits: limits))
        }
    }

    private mutating func offerLogLine(_ line: RawSpan, hasEnd: Bool) -> ID128? {
        // The user agent ends the line.
        if hasEnd, line.byteCount > 0, line.byte(at: line.byteCount - 1) == UInt8(ascii: "\"") { isCombined = true }
        switch log.read(line) {
        case .rejected(let reason):
            reject(reason.rawValue, line)
            return nil
        case .skipped(let reason):
            tally.skip(reason)
            return nil
        case .event(let parsed, let address, let verdict):
            if !hasEnd, isCombined, !parsed.isCombined {
                tally.skip(.unfinished)
                return nil
            }
            if parsed.isCombined { isCombined = true }
            let key = keys.key(of: line)
            guard !ledger.contains(key) else {
                tally.duplicates += 1
                return nil
            }
            collector.offer(
                line, parsed, from: address, as: verdict, key: key, receivedAt: receivedAt, translation: &log,
                catalog: parts.catalog)
            return key
        }
    }

    private mutating func offer(_ record: RawSpan, _ reading: ImportedEventReading) -> ID128? {
        switch reading {
        case .rejected(let reason):
            reject(reason.rawValue, record)
            return nil
        case .refused(let reason):
            reject(reason.rawValue, record)
            return nil
        case .event(let hasID):
            let key: ID128
            if hasID {
                let ids = keys.ids
                key = collector.withDraftID { ids.key(of: $0) }
            } else {
                key = keys.key(of: record)
            }
            guard !ledger.contains(key) else {
                tally.duplicates += 1
                return nil
            }
            collector.offerImported(events, key: key, receivedAt: receivedAt, catalog: parts.catalog)
            return key
        }
    }
}

/// The keys by which lines are known again.
///
/// With an event id: SipHash of (site, id) under the installation's secret, as for events that are collected, so that
/// an event is one whichever way it came. Else SipHash of (site, source, line, occurrence of that line in its file).
struct ImportKeys: ~Copyable {
    /// Keys of events with an id.
    struct IDs: Sendable {
        fileprivate let secret: ID128
        fileprivate let site: UInt64

        func key(of id: borrowing RawSpan) -> ID128 {
            var hash = SipHash(key: secret)
            hash.update(site)
            hash.update(id)
            return hash.finish()
        }
    }

    let ids: IDs
    private let seed: SipHash
    private var lines = RecentLines()

    init(secret: ID128, site: SiteID, source: String) {
        ids = IDs(secret: secret, site: UInt64(site.rawValue))
        var label = SipHash(key: secret)
        let bytes = Array(source.utf8)
        label.update(bytes.span.bytes)
        let folded = label.finish()
        var seed = SipHash(key: secret)
        for word in [UInt64(site.rawValue), folded.low, folded.high] { seed.update(word) }
        self.seed = seed
    }

    /// Occurrences are counted anew in each file.
    mutating func beginFile() { lines.removeAll() }

    /// The key of a line without its line end.
    mutating func key(of line: borrowing RawSpan) -> ID128 {
        var hash = seed
        hash.update(line)
        let first = hash.finish()
        let occurrence = lines.occurrence(of: first.low)
        guard occurrence > 1 else { return first }
        var again = SipHash(key: ids.secret)
        for word in [first.low, first.high, UInt64(occurrence)] { again.update(word) }
        return again.finish()
    }
}

/// The counts while they grow.
struct ImportTally {
    var read = 0
    var imported = 0
    var duplicates = 0
    private var assets = 0
    private var methods = 0
    private var statuses = 0
    private var unfinished = 0
    var rejected: [String: Int] = [:]
    var rejectedCount = 0

    mutating func skip(_ reason: AccessLogSkip) {
        switch reason {
        case .asset: assets += 1
        case .method: methods += 1
        case .status: statuses += 1
        case .duplicate: duplicates += 1
        case .unfinished: unfinished += 1
        }
    }

    var counts: ImportCounts {
        var counts = ImportCounts()
        counts.read = read
        counts.imported = imported
        let skipped: [(AccessLogSkip, Int)] = [
            (.asset, assets), (.method, methods), (.status, statuses), (.duplicate, duplicates),
            (.unfinished, unfinished),
        ]
        for (reason, count) in skipped where count > 0 { counts.skipped[reason.rawValue] = count }
        counts.rejected = rejected
        return counts
    }
}

/// Where records end: lines, or for CSV lines outside quotes. Keeps its place over pieces; what it says does not depend
/// on where they end.
///
/// A CSV record that is longer than the bound, or that the text ends in, has a quote that nothing closes: its first line
/// is taken for it, and the next record begins behind that.
struct RecordScan {
    enum Step: Equatable {
        /// A record without its line end, and where the next begins.
        case record(Range<Int>, next: Int)
        /// A record beyond the bound; the range is its beginning. What follows is passed over to its end.
        case tooLong(Range<Int>, next: Int)
        case passedOver(next: Int)
        case needsMore
    }

    private var csv: CSVRecordScan?
    /// How far a record that is not whole was searched.
    private var searched = 0
    private var isPassingOver = false

    init(isCSV: Bool) { csv = isCSV ? CSVRecordScan() : nil }

    /// Forgets an open quote.
    mutating func restart() { if csv != nil { csv = CSVRecordScan() } }

    /// The next step from `start` on, which is where the step before said; 0 in a new piece, that begins there.
    mutating func next(in bytes: borrowing RawSpan, from start: Int, isAtEnd: Bool, bytesMax: Int) -> Step {
        if isPassingOver {
            guard let end = LineFeed.first(in: bytes, from: start) else { return .passedOver(next: bytes.byteCount) }
            isPassingOver = false
            return .passedOver(next: end + 1)
        }
        let end = recordEnd(bytes, from: start + searched)
        searched = 0
        let count = (end ?? bytes.byteCount) - start
        guard count <= bytesMax else { return tooLong(bytes, start, bytesMax) }
        if let end { return .record(RecordScan.trim(bytes, start..<end), next: end + 1) }
        guard isAtEnd, count > 0 else {
            searched = count
            return .needsMore
        }
        if csv?.isInQuotes == true, let line = LineFeed.first(in: bytes, from: start) {
            restart()
            return .record(RecordScan.trim(bytes, start..<line), next: line + 1)
        }
        return .record(RecordScan.trim(bytes, start..<bytes.byteCount), next: bytes.byteCount)
    }

    private mutating func tooLong(_ bytes: borrowing RawSpan, _ start: Int, _ bytesMax: Int) -> Step {
        restart()
        guard let line = LineFeed.first(in: bytes, from: start) else {
            isPassingOver = true
            return .tooLong(start..<start + bytesMax, next: bytes.byteCount)
        }
        return .tooLong(start..<min(line, start + bytesMax), next: line + 1)
    }

    private mutating func recordEnd(_ bytes: borrowing RawSpan, from start: Int) -> Int? {
        if csv != nil { return csv?.end(in: bytes, from: start) }
        return LineFeed.first(in: bytes, from: start)
    }

    /// Without a carriage return at the end; empty where nothing but blanks is left.
    private static func trim(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, bytes.byte(at: end - 1) == 13 { end -= 1 }
        var start = range.lowerBound
        while start < end, bytes.byte(at: start) == 32 { start += 1 }
        return start == end ? end..<end : range.lowerBound..<end
    }
}
