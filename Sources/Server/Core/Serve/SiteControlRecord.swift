internal import Catalog
internal import Events
internal import Foundation
internal import Journal
internal import Synchronization
internal import Visits

/// A site's definition as a control record: JSON of `SiteRecord`. Written at the start and whenever it changes, so that a
/// rebuild runs with the definitions as of then.
struct SiteControlRecord: SiteDefinitionReader {
    func site(payload: RawSpan, id: SiteID) -> Site? {
        guard let record = try? JSONDecoder().decode(SiteRecord.self, from: Data(payload.array)),
            record.id == id.rawValue
        else {
            return nil
        }
        return record.settings.site(id: id, key: record.key)
    }

    /// The same definition gives the same bytes.
    static func payload(of site: Site) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(SiteRecord(site))).map { [UInt8]($0) } ?? []
    }
}

/// Puts definitions into the journal, each when it is new or changed since this process wrote it.
final class DefinitionWriter: Sendable {
    private let journal: any EventJournal
    private let time: any TimeSource
    private let written = Mutex<[SiteID: [UInt8]]>([:])

    init(journal: any EventJournal, time: any TimeSource) {
        self.journal = journal
        self.time = time
    }

    /// Appends what is due; gives the batch that will have it. A refusal leaves it due: the next change or start writes it.
    @discardableResult
    func write(_ snapshot: CatalogSnapshot) -> UInt64? {
        written.withLock { written in
            var records = PendingRecords()
            var fresh: [SiteID: [UInt8]] = [:]
            for site in snapshot.sites {
                let payload = SiteControlRecord.payload(of: site)
                guard !payload.isEmpty, written[site.id] != payload else { continue }
                let now = time.wallClock()
                records.encoder.begin(kind: .control, site: site.id, receivedAt: now, occurredAt: now)
                records.encoder.field(.control, payload.span.bytes)
                records.entries.append(PendingRecords.Entry(range: records.encoder.end(), idempotencyKey: nil))
                fresh[site.id] = payload
            }
            guard !fresh.isEmpty, case .pending(let batch, _)? = try? journal.append(records) else { return nil }
            written.merge(fresh) { _, new in new }
            return batch
        }
    }
}
