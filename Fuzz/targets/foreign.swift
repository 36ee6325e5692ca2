import Catalog
import Collect
import Events
import Foundation
import Journal
import RequestParsing

/// A whole HTTP request to the decoder that `FUZZ_VARIANT` names. Whatever it holds, what is offered
/// is accepted or refused, each record can be read, and the answer is one that this protocol's clients do not repeat for
/// ever.
@_cdecl("fuzz_foreign")
public func fuzzForeign(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer gives `count` readable bytes for the time of this call and calls from one thread.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    bench.take(bytes)
    return 0
}

nonisolated(unsafe) private let bench = FuzzBench()

private final class FuzzBench {
    private let wanted: WireProtocol?
    private let journal = ReadingJournal()
    private let routes = ForeignRoutes()
    private let catalog: CatalogSnapshot
    private var edge: EdgeCollector
    private var answer = ForeignAnswer()

    init() {
        let name = ProcessInfo.processInfo.environment["FUZZ_VARIANT"] ?? ""
        wanted = WireProtocol.allCases.first { "\($0)" == name }
        precondition(wanted?.isForeign ?? false, "FUZZ_VARIANT names no foreign protocol")
        let site = Site(id: SiteID(1), key: "aaaaaaaaaaaaaaaaaaaaaa", name: "Shop", domains: ["shop.test"])
        let values: [AliasProtocol: String] = [
            .matomo: "1", .snowplow: "my-app", .plausible: "shop.test", .umami: "94db1cb1-74f4-4a40-ad6c-962362670409",
            .ga4: "G-TEST1234", .segment: "wk_test", .posthog: "phc_test",
        ]
        catalog = CatalogSnapshot(
            generation: 1, sites: [site],
            aliases: values.map { SiteAlias(site: site.id, protocol: $0.key, value: $0.value, consent: .client) })
        edge = EdgeCollector(secrets: Secrets.random(), salts: .replay(ReplaySalts()), geo: .none, journal: journal)
    }

    func take(_ bytes: [UInt8]) {
        let span = bytes.span.bytes
        var parser = RequestHeadParser(limits: HeadLimits())
        guard parser.parse(span) == .complete else { return }
        let head = parser.head
        let path = span.extracting(head.path)
        guard head.method != .options, let route = routes.route(path, method: head.method), route.wire == wanted else {
            return
        }
        var facts = RequestFacts(
            receivedAt: Timestamp(milliseconds: 1_795_354_629_000), address: IPAddress(ipv4: 0x0102_0304),
            none: span.extracting(first: 0))
        facts.userAgent = span.extracting(head.value(.userAgent) ?? 0..<0)
        facts.cookies = span.extracting(head.value(.cookie) ?? 0..<0)
        facts.origin = span.extracting(head.value(.origin) ?? 0..<0)
        facts.referer = span.extracting(head.value(.referer) ?? 0..<0)
        let request = ForeignRequest(
            method: head.method, action: route.action, path: path, query: span.extracting(head.query),
            body: span.extracting(head.byteCount..<span.byteCount), head: head, headBytes: span, facts: facts,
            catalog: catalog)
        let outcome = edge.collectForeign(route, request, answer: &answer)
        precondition(outcome.offered == outcome.accepted + outcome.refused, "an event is neither taken nor refused")
        precondition([200, 202, 204, 400, 401, 403, 404].contains(answer.status), "an answer that clients repeat")
    }
}

/// Reads every record it is given, and keeps none.
private final class ReadingJournal: EventJournal {
    var committedBatch: UInt64 { 0 }
    func addObserver(_ observer: any CommitObserver) {}

    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        let bytes = records.encoder.bytes.span.bytes
        for entry in records.entries {
            guard (try? EventView(bytes.extracting(entry.range)).kind) == .event else {
                preconditionFailure("a record cannot be read")
            }
        }
        return .pending(batch: 1, duplicates: 0)
    }
}
