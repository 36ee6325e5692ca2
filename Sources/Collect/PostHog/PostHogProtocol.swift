internal import Catalog
internal import Events
internal import RequestParsing

/// PostHog: its capture paths, and just enough of the others to keep its clients calm.
///
///     GET, POST /e, /i/v0/e, /capture, /batch     one event, an array, or {"api_key":…,"batch":[…]}
///     POST /i/v1/analytics/events                 the same batch; the token is in `Authorization`, an answer per event
///     GET, POST /flags, /decide                   no flags
///     GET /array/TOKEN/config, …/config.js        nothing is switched on
///
/// Its clients take 200 and nothing else for success, and do not read on. Source: PostHog's capture service and
/// posthog-js as they behave.
enum PostHog: ForeignProtocol {
    static let aliases = AliasProtocol.posthog
    static let wire = WireProtocol.posthog
    static let paths = [
        ForeignPath("/e", [.get, .post], events),
        ForeignPath("/i/v0/e", [.get, .post], events),
        ForeignPath("/capture", [.get, .post], events),
        ForeignPath("/batch", [.get, .post], events),
        ForeignPath("/i/v1/analytics/events", .post, results),
        ForeignPath("/flags", [.get, .post], flags),
        ForeignPath("/decide", [.get, .post], flags),
    ]
    static let preflight = ForeignPreflight(
        origins: .mirrored,
        headers: "Content-Type, Content-Encoding, Authorization, X-Requested-With, Traceparent, PostHog-Sdk-Info, "
            + "PostHog-Attempt, PostHog-Request-Id, PostHog-Request-Timestamp")

    static let events: UInt8 = 0
    /// Events whose answer speaks of each.
    static let results: UInt8 = 1
    static let flags: UInt8 = 2
    static let config: UInt8 = 3
    static let configScript: UInt8 = 4

    static func action(of path: RawSpan, method: HTTPMethod) -> UInt8? {
        guard method == .get || method == .head || method == .options else { return nil }
        return PostHogAnswers.configPath(path).map { $0.isScript ? configScript : config }
    }

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        guard request.action == events || request.action == results else { return }
        PostHogTranslation.translate(request, into: &edge)
    }

    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        answer.origins = .mirrored
        switch request.action {
        case flags: answer.json(PostHogAnswers.noFlags)
        case config, configScript: PostHogAnswers.config(request, into: &answer)
        default: PostHogAnswers.events(request, outcome, of: edge, into: &answer)
        }
    }
}
