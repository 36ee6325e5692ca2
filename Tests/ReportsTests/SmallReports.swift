import Columns
import Events
import Foundation
import Reports
import RequestParsing
import Testing

/// Reports over a few page views at chosen times, each a visit of its own by nobody known.
struct SmallReports {
    let store: EmbeddedColumnStore
    let zone: String
    private let folder: URL
    private static let site = SiteID(3)

    init(zone: String, at times: [Timestamp] = []) throws {
        self.zone = zone
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try EmbeddedColumnStore(partsDirectory: folder.path + "/parts")
        var events: [EventRow] = []
        var amendments = VisitAmendments()
        for (index, time) in times.enumerated() {
            let number = UInt64(index + 1)
            var event = EventRow(
                position: Position(batch: number, index: 0), site: SmallReports.site, occurredAt: time, flags: .pageview
            )
            event.visit = number
            events.append(event)
            amendments.visits.append(VisitRow(number: number, site: SmallReports.site, startedAt: time))
        }
        try store.append(events)
        try store.amend(amendments)
    }

    /// The moments half past every hour from the first to the last, which is left out.
    static func everyHour(from first: String, to last: String) throws -> [Timestamp] {
        let (start, end) = (try moment(first).milliseconds, try moment(last).milliseconds)
        return stride(from: start + 1_800_000, to: end, by: 3_600_000).map {
            Timestamp(milliseconds: $0)
        }
    }

    /// `2024-03-31T00:00:00+01:00`.
    static func moment(_ text: String) throws -> Timestamp {
        let date = try #require(ISO8601DateFormatter().date(from: text))
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1_000)
    }

    func run(_ members: String) throws -> ReportTable {
        let runner = ReportRunner(store: store) { [zone] name in
            ReportSite(id: SmallReports.site, name: name, timeZone: zone, currency: "EUR")
        }
        let json = #"{"site_id": "shop.test", \#(members)}"#
        return try runner.run(
            ReportQuery(json: Array(json.utf8)), now: Timestamp(milliseconds: 1_800_000_000_000))
    }

    /// The echoed range of a query's answer.
    func echo(_ members: String) throws -> JSONValue? {
        try JSONReader.read(run(members).json())["query"]?["date_range"]
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
