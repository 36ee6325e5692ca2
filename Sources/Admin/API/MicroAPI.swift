package import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// One event that arrived, and what became of it.
package struct Arrival: Sendable {
    package var receivedAt: Timestamp
    /// The words it came in: `native`, `matomo` …
    package var wireProtocol: String
    /// The site's first domain; nil where the site was not found.
    package var site: String?
    package var name: String
    /// Host and path; no query.
    package var location: String
    package var isBot: Bool
    /// Kept and visible, not counted.
    package var isQuarantined: Bool
    /// The step that refused it, and why; nil where it was taken.
    package var refusal: (step: String, reason: String)?

    package init(
        receivedAt: Timestamp, wireProtocol: String, site: String?, name: String, location: String, isBot: Bool,
        isQuarantined: Bool, refusal: (step: String, reason: String)?
    ) {
        self.receivedAt = receivedAt
        self.wireProtocol = wireProtocol
        self.site = site
        self.name = name
        self.location = location
        self.isBot = isBot
        self.isQuarantined = isQuarantined
        self.refusal = refusal
    }
}

/// `/micro/…`: what arrived since the last reset and why something was refused, for whoever tries out a tracker. After
/// snowplow-micro's paths. Answers this machine only, and asks for a key that may read single events; to begin anew, for
/// one that may edit.
extension AdminHandlers {
    func microAll() -> Response { AdminAnswer.json(AdminHandlers.counts(sources.arrivals())) }

    func microGood() -> Response {
        AdminAnswer.json(.array(sources.arrivals().filter { $0.refusal == nil }.map(AdminHandlers.json)))
    }

    func microBad() -> Response {
        AdminAnswer.json(.array(sources.arrivals().filter { $0.refusal != nil }.map(AdminHandlers.json)))
    }

    func microReset() -> Response {
        sources.resetArrivals()
        return AdminAnswer.json(AdminHandlers.counts(sources.arrivals()))
    }

    private static func counts(_ arrivals: [Arrival]) -> JSONValue {
        let bad = arrivals.count { $0.refusal != nil }
        return .object([
            .init("total", .integer(Int64(arrivals.count))), .init("good", .integer(Int64(arrivals.count - bad))),
            .init("bad", .integer(Int64(bad))),
        ])
    }

    private static func json(_ arrival: Arrival) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("receivedAt", .string(MomentText.rfc3339(arrival.receivedAt))),
            .init("protocol", .string(arrival.wireProtocol)),
            .init("site", arrival.site.map { .string($0) } ?? .null), .init("name", .string(arrival.name)),
            .init("location", .string(arrival.location)), .init("bot", .bool(arrival.isBot)),
            .init("quarantined", .bool(arrival.isQuarantined)),
        ]
        if let (step, reason) = arrival.refusal {
            members += [.init("step", .string(step)), .init("reason", .string(reason))]
        }
        return .object(members)
    }
}
