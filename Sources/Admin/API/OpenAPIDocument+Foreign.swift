/// The paths of the public plane that other products' clients ask. All are alike: what a request and its answer say is
/// the vendor's, and stands in its own documentation. Tests hold the list to the protocols that are served.
extension OpenAPIDocument {
    /// A product, and what its clients are answered about events.
    private struct Vendor: Sendable {
        let name: String
        let answers: [(status: Int, description: String)]
    }

    /// Paths that mean the same; `answers` where it is not about events.
    private struct ForeignCall: Sendable {
        let vendor: Vendor
        let summary: String
        let methods: [String]
        let paths: [String]
        var answers: [(status: Int, description: String)]?
    }

    private static let never = (status: 400, description: "Can never succeed")
    private static let busy = (status: 503, description: "Not on disk; can succeed later, see Retry-After")

    private static let plausible = Vendor(
        name: "Plausible", answers: [(202, "Whatever became of the event that was read"), never, busy])
    private static let matomo = Vendor(
        name: "Matomo",
        answers: [
            (200, "A pixel; after many events, how many were taken"), (204, "Wanted without a body"), never, busy,
        ])
    private static let snowplow = Vendor(
        name: "Snowplow", answers: [(200, "Whatever became of the events that were read"), never, busy])
    private static let postHog = Vendor(
        name: "PostHog",
        answers: [(200, "Whatever became of the events that were read"), never, (401, "No project token"), busy])
    private static let umami = Vendor(
        name: "Umami", answers: [(200, "What its script gives back with the next event"), never, busy])
    private static let ga4 = Vendor(
        name: "GA4", answers: [(204, "Whatever became of the events"), (400, "The body is too large"), busy])
    private static let segment = Vendor(
        name: "Segment", answers: [(200, "Whatever became of the call"), never, (401, "No write key"), busy])

    private static let siteQuestion = ForeignCall(
        vendor: matomo, summary: "what the log importer asks before it sends", methods: ["post"], paths: ["/index.php"],
        answers: [(200, "The site, or an error in the importer's form"), (404, "Another question")])

    private static let calls: [ForeignCall] = [
        ForeignCall(vendor: plausible, summary: "one event", methods: ["post"], paths: ["/api/event"]),
        ForeignCall(
            vendor: matomo, summary: "one event, or many as JSON", methods: ["get", "post"],
            paths: ["/matomo.php", "/piwik.php"]),
        siteQuestion,
        ForeignCall(vendor: snowplow, summary: "one event in the query", methods: ["get"], paths: ["/i", "/ice.png"]),
        ForeignCall(
            vendor: snowplow, summary: "events", methods: ["get", "post"],
            paths: ["/com.snowplowanalytics.snowplow/tp2", "/{vendor}/tp2"]),
        ForeignCall(
            vendor: postHog, summary: "events", methods: ["get", "post"],
            paths: ["/e", "/i/v0/e", "/capture", "/batch"]),
        ForeignCall(
            vendor: postHog, summary: "events, an answer for each", methods: ["post"],
            paths: ["/i/v1/analytics/events"]),
        ForeignCall(
            vendor: postHog, summary: "no flags", methods: ["get", "post"], paths: ["/flags", "/decide"],
            answers: [(200, "None")]),
        ForeignCall(
            vendor: postHog, summary: "what its script asks of itself", methods: ["get"],
            paths: ["/array/{token}/config", "/array/{token}/config.js"], answers: [(200, "Nothing is switched on")]),
        ForeignCall(vendor: umami, summary: "one event", methods: ["post"], paths: ["/api/send"]),
        ForeignCall(vendor: umami, summary: "an array of events", methods: ["post"], paths: ["/api/batch"]),
        ForeignCall(
            vendor: umami, summary: "alive", methods: ["get"], paths: ["/api/heartbeat"], answers: [(200, "Alive")]),
        ForeignCall(vendor: ga4, summary: "the tag's events", methods: ["get", "post"], paths: ["/g/collect"]),
        ForeignCall(vendor: ga4, summary: "the Measurement Protocol", methods: ["post"], paths: ["/mp/collect"]),
        ForeignCall(
            vendor: ga4, summary: "a check that keeps nothing", methods: ["post"], paths: ["/debug/mp/collect"],
            answers: [(200, "What is wrong with the events")]),
        ForeignCall(
            vendor: segment, summary: "one call, also RudderStack's", methods: ["post"],
            paths: [
                "/v1/track", "/v1/t", "/t", "/v1/page", "/v1/p", "/p", "/v1/screen", "/v1/s", "/s", "/v1/identify",
                "/v1/i", "/i", "/v1/group", "/v1/g", "/g", "/v1/alias", "/v1/a", "/a", "/v1/merge",
            ]),
        ForeignCall(
            vendor: segment, summary: "many calls, also RudderStack's", methods: ["post"],
            paths: ["/v1/batch", "/v1/b", "/b", "/v1/import", "/beacon/v1/batch"]),
        ForeignCall(
            vendor: segment, summary: "one call in the query", methods: ["get"],
            paths: [
                "/pixel/v1/track", "/v1/pixel/track", "/pixel/v1/page", "/v1/pixel/page", "/v1/pixel/screen",
                "/v1/pixel/identify", "/v1/pixel/group", "/v1/pixel/alias",
            ], answers: [(200, "A pixel"), busy]),
        ForeignCall(
            vendor: segment, summary: "what its script says of itself; not kept", methods: ["post"],
            paths: ["/v1/m", "/m"], answers: [(200, "Heard")]),
        ForeignCall(
            vendor: segment, summary: "what its script asks before it sends", methods: ["get"],
            paths: ["/v1/projects/{key}/settings"], answers: [(200, "The calls are sent to here")]),
        ForeignCall(
            vendor: segment, summary: "what RudderStack's script asks before it sends", methods: ["get"],
            paths: ["/sourceConfig"], answers: [(200, "A source without destinations"), (401, "No write key")]),
    ]

    /// Each path once, with its comma. Two products may share one, each with a method of its own.
    static let foreignPaths = foreignText()

    private static func foreignText() -> String {
        var order: [String] = []
        var members: [String: [String]] = [:]
        for call in calls {
            for path in call.paths {
                if members[path] == nil {
                    order.append(path)
                    members[path] = [publicServer] + foreignParameters(path)
                }
                for method in call.methods {
                    members[path]?.append("\"\(method)\": {\(operation(call, method, path))}")
                }
            }
        }
        return order.map { "\"\($0)\": {\((members[$0] ?? []).joined(separator: ", "))},\n" }.joined()
    }

    /// The one path that both planes have: the operation names its own server.
    static let foreignRoot = "\"post\": {\(publicServer), \(operation(siteQuestion, "post", "/"))}"

    private static let publicServer =
        #""servers": [{"url": "http://localhost:8080", "description": "public plane"}]"#

    private static func foreignParameters(_ path: String) -> [String] {
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
        guard !names.isEmpty else { return [] }
        let parameters = names.map { name in
            #"{"name": "\#(name.dropFirst().dropLast())", "in": "path", "required": true, "schema": {"type": "string"}}"#
        }
        return ["\"parameters\": [\(parameters.joined(separator: ", "))]"]
    }

    private static func operation(_ call: ForeignCall, _ method: String, _ path: String) -> String {
        let words: [Character] = path.map { $0.isLetter || $0.isNumber ? $0 : "_" }
        let name = call.vendor.name
        let body =
            method == "get"
            ? "" : #""requestBody": {"description": "As \#(name)'s clients send it", "content": {"*/*": {}}}, "#
        let answers = (call.answers ?? call.vendor.answers).map { answer in
            #""\#(answer.status)": {"description": "\#(answer.description)"}"#
        }
        return #""operationId": "\#(name)_\#(method)\#(String(words))", "security": [], "#
            + #""summary": "\#(name): \#(call.summary)", \#(body)"responses": {\#(answers.joined(separator: ", "))}"#
    }
}
