internal import Columns
internal import Events

// The rows as plain tables, for an independent engine to count.
extension RowModel {
    /// Two CSV texts with header lines: events and visits, ordered by position and number, values as text, times in
    /// milliseconds, empty for none. They join on `visit`.
    package func csv() -> (events: String, visits: String) {
        var eventLines = [
            "batch,index,site,visit,anchor,occurred_at,flags,name,page,hostname,revenue_micros,currency,plan,size"
        ]
        for event in events.values.sorted(by: { $0.position < $1.position }) {
            func property(_ key: String) -> String {
                let found = event.properties.first { text($0.key, event.site, .propertyKey) == key }
                return found.map { text($0.value, event.site, .propertyValue) } ?? ""
            }
            let numbers: [any CustomStringConvertible] = [
                event.position.batch, event.position.index, event.site, event.visit, event.anchor,
                event.occurredAt.milliseconds, event.flags.rawValue,
            ]
            let texts = [
                text(event.name, event.site, .eventName), text(event.page, event.site, .page),
                text(event.hostname, event.site, .hostname), event.revenue.map { "\($0.micros)" } ?? "",
                event.revenue.map { "\($0.currency)" } ?? "", property("plan"), property("Size"),
            ]
            eventLines.append((numbers.map(\.description) + texts.map(RowModel.quoted)).joined(separator: ","))
        }
        let dimensions = ReportedDimension.all
        let names = dimensions.map { "\($0)" }.joined(separator: ",")
        var visitLines = [
            "visit,site,anchor,anchor_kind,started_at,last_at,pageviews,events,interactive,engaged_ms,is_bot,"
                + "entry_page,exit_page," + names
        ]
        for visit in visits.values.sorted(by: { $0.number < $1.number }) {
            let numbers: [any CustomStringConvertible] = [
                visit.number, visit.site, visit.anchor, visit.anchorKind.rawValue, visit.startedAt.milliseconds,
                visit.lastAt.milliseconds, visit.pageviews, visit.events, visit.interactiveEvents,
                visit.engagedMilliseconds, visit.isBot ? 1 : 0,
            ]
            let texts =
                [text(visit.entryPage, visit.site, .page), text(visit.exitPage, visit.site, .page)]
                + dimensions.map { text(visit[$0], visit.site, $0) }
            visitLines.append((numbers.map(\.description) + texts.map(RowModel.quoted)).joined(separator: ","))
        }
        return (eventLines.joined(separator: "\n") + "\n", visitLines.joined(separator: "\n") + "\n")
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty
            ? "" : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private enum ReportedDimension {
        static let all = Dimension.allCases.filter {
            $0.rawValue >= Dimension.referrer.rawValue && $0.rawValue <= Dimension.language.rawValue
        }
    }
}
