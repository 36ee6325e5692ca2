package import Catalog
package import Events
internal import RequestParsing

/// Why a line of an import of events is none, beside the reasons of the steps (`Rejection`): counted under these words
/// in an import's `rejected`.
package enum ImportedEventRejection: String, Error, Sendable, CaseIterable {
    /// `site` names another site than the import's.
    case wrongSite = "wrong_site"
    /// `ip` is no address.
    case invalidAddress = "invalid_address"
    case lineTooLong = "line_too_long"
    // CSV
    /// More or fewer fields than the header.
    case columnCount = "column_count"
    /// A quoted field has no end, or something follows it before the comma.
    case invalidQuotes = "invalid_quotes"
}

/// Turns lines of events into drafts, with a server key's rights: any time in the past, names as they are, devices and
/// users from keyed hashes of `anonymousID` and `userID`. Keeps its buffers; belongs to one thread.
///
/// A line is the native event's JSON object with two more fields, `userAgent` and `ip`. The agent is stored; the
/// address gives the place and is not stored; both together give bot verdict, network and, where there is no
/// `anonymousID`, the day's hash, as for the lines of an access log.
package struct ImportedEvents: Sendable {
    private let siteKey: [UInt8]
    private let names: [[UInt8]]
    private let assumesMeasurement: Bool
    /// As the last line stated it; empty for nothing.
    private(set) var agent: [UInt8] = []
    private(set) var address: IPAddress?
    private var word: [UInt8] = []
    var csv = CSVRecord()

    /// - assumesMeasurement: an event that says nothing of measurement had consent to it; the operator vouches for it.
    package init(_ site: Site, assumesMeasurement: Bool) {
        siteKey = Array(site.key.utf8)
        names = [siteKey] + site.domains.map { Array($0.utf8) }
        self.assumesMeasurement = assumesMeasurement
    }

    mutating func begin() {
        agent.removeAll(keepingCapacity: true)
        address = nil
    }

    /// Puts what every imported event has into the draft. `draft.siteKey` may be absent or one of the site's names.
    func finish(_ draft: inout EventDraft, _ arena: inout TextArena) throws(ImportedEventRejection) {
        if draft.siteKey.count > 0 {
            let stated = draft.siteKey.range
            var isOurs = false
            for name in names where arena.bytes[stated].elementsEqual(name) { isOurs = true }
            guard isOurs else { throw .wrongSite }
        }
        draft.siteKey = arena.append(siteKey.span.bytes)
        if assumesMeasurement, draft.statedConsent[.measurement] == .unknown {
            draft.statedConsent[.measurement] = .granted
        }
        draft.wireProtocol = .importedEvents
        draft.flags.insert(.imported)
        draft.knowsAddress = address != nil
    }

    mutating func setAgent(_ text: borrowing RawSpan) {
        agent.removeAll(keepingCapacity: true)
        TextCleaning.append(text, to: &agent)
    }

    mutating func setAddress(_ address: IPAddress) { self.address = address }

    private static let agentWord = Array("userAgent".utf8)
    private static let addressWord = Array("ip".utf8)

    /// Finds `userAgent` and `ip` among the members of a JSON object. Text that is no JSON is left to the event reader.
    mutating func readVisitor(_ line: RawSpan) throws(ImportedEventRejection) {
        begin()
        var scanner = JSONScanner(line)
        guard let first = try? scanner.next(), case .objectStart = first.kind else { return }
        while let key = try? scanner.next(), case .key = key.kind, let value = try? scanner.next() {
            guard case .string = value.kind, !key.hasEscapes else {
                guard (try? scanner.skip(value)) != nil else { return }
                continue
            }
            let name = line.extracting(key.range)
            let agentWord = ImportedEvents.agentWord
            let addressWord = ImportedEvents.addressWord
            if name.equals(agentWord.span.bytes) {
                agent.removeAll(keepingCapacity: true)
                JSONText.append(value, of: line, to: &agent)
            } else if name.equals(addressWord.span.bytes) {
                word.removeAll(keepingCapacity: true)
                JSONText.append(value, of: line, to: &word)
                let text = word
                guard let stated = IPAddress(parsing: text.span.bytes) else { throw .invalidAddress }
                address = stated
            }
        }
    }
}

/// What became of a line's reading.
package enum ImportedEventReading: Hashable, Sendable {
    /// The draft holds the event; `hasID` says whether it has an id of its own.
    case event(hasID: Bool)
    case refused(Rejection)
    case rejected(ImportedEventRejection)
}

extension EdgeCollector {
    /// Reads one line of NDJSON into the draft.
    package mutating func readEvent(
        _ line: RawSpan, imported: inout ImportedEvents, limits: CollectLimits
    ) -> ImportedEventReading {
        do throws(ImportedEventRejection) {
            try imported.readVisitor(line)
            var offset = 0
            while offset < line.byteCount, line.octet(at: offset) <= 0x20 { offset += 1 }
            guard offset < line.byteCount, line.octet(at: offset) == UInt8(ascii: "{") else {
                return .refused(.notAnObject)
            }
            var body = NativeBody(line, referer: line.extracting(0..<0), limits: limits)
            switch body.next(into: &collector.draft, arena: &collector.arena) {
            case .event: break
            case .refused(let reason), .broken(let reason): return .refused(reason)
            case .end: return .refused(.emptyBody)
            }
            let hasID = collector.draft.clientEventID.count > 0
            // Nothing may follow the object.
            guard body.next(into: &collector.draft, arena: &collector.arena) == .end else {
                return .refused(.invalidJSON)
            }
            try imported.finish(&collector.draft, &collector.arena)
            return .event(hasID: hasID)
        } catch {
            return .rejected(error)
        }
    }

    /// Reads one record of CSV into the draft.
    package mutating func readRecord(
        _ record: RawSpan, columns: CSVColumns, imported: inout ImportedEvents, limits: CollectLimits
    ) -> ImportedEventReading {
        do throws(ImportedEventRejection) {
            try imported.csv.read(record)
            guard imported.csv.ranges.count == columns.fields.count else { throw .columnCount }
            imported.begin()
            collector.draft.reset()
            if let reason = try columns.fill(&collector.draft, &collector.arena, imported: &imported, limits: limits) {
                return .refused(reason)
            }
            try imported.finish(&collector.draft, &collector.arena)
            return .event(hasID: collector.draft.clientEventID.count > 0)
        } catch {
            return .rejected(error)
        }
    }

    /// The id of the event in the draft, as its sender wrote it.
    package func withDraftID<Result>(_ body: (borrowing RawSpan) -> Result) -> Result {
        body(collector.arena.bytes.span.bytes.extracting(collector.draft.clientEventID.range))
    }

    /// Takes the event in the draft through the steps.
    /// - key: its idempotency key.
    package mutating func offerImported(
        _ imported: borrowing ImportedEvents, key: ID128, receivedAt: Timestamp, catalog: CatalogSnapshot
    ) {
        collector.beginVisitor()
        let agent = imported.agent
        var request = RequestFacts(
            receivedAt: receivedAt, address: imported.address ?? IPAddress(high: 0, low: 0), none: agent.span.bytes)
        request.userAgent = agent.span.bytes
        request.hasServerKey = true
        collector.draft.idempotencyKey = key
        collector.offerDraft(of: request, catalog: catalog)
    }
}
