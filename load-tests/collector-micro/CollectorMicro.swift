import Catalog
import Collect
import Events
import Journal
import Synchronization

/// The collector alone, without network and disk: N requests through every step into a journal in memory. Prints ns a
/// request; under callgrind the difference of two run lengths gives instructions a request.
///
///     collector-micro pixel|batch cookie|cookieless|plain REQUESTS
///
/// `cookie`: consent granted, a signed cookie of one of 256 visitors. `cookieless`: consent unknown, the day's hash.
/// `plain`: measurement denied, so that neither cookie nor hash is computed.
@main
enum CollectorMicro {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let workload = Workload(kind: words[1], visitor: words[2]), let count = Int(words[3]),
            count > 0
        else {
            print("usage: CollectorMicro pixel|batch cookie|cookieless|plain REQUESTS")
            return
        }
        let clock = SystemTimeSource()
        var runner = try Runner(workload)
        let start = clock.monotonic()
        let accepted = runner.run(count)
        let spent = clock.monotonic().nanoseconds(since: start)
        print(
            "\(words[1]) \(words[2]): \(spent / UInt64(count)) ns a request, \(accepted) events, \(runner.bytes) bytes")
    }
}

/// Takes records and forgets them, but for their number and size.
final class CountingJournal: EventJournal {
    private let sums = Mutex((batch: UInt64(0), bytes: 0))

    var committedBatch: UInt64 { sums.withLock { $0.batch } }
    var bytes: Int { sums.withLock { $0.bytes } }
    func addObserver(_ observer: any CommitObserver) {}

    func append(_ records: borrowing PendingRecords) throws(JournalRefusal) -> AppendReceipt {
        let size = records.encoder.byteCount
        return sums.withLock { sums in
            sums.batch += 1
            sums.bytes += size
            return .pending(batch: sums.batch, duplicates: 0)
        }
    }
}

/// What is sent.
struct Workload {
    static let siteKey = "aaaaaaaaaaaaaaaaaaaaaa"
    static let received = Timestamp(milliseconds: 1_795_354_629_000)
    static let agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
    let isBatch: Bool
    let visitor: String

    init?(kind: String, visitor: String) {
        guard ["pixel", "batch"].contains(kind), ["cookie", "cookieless", "plain"].contains(visitor) else { return nil }
        isBatch = kind == "batch"
        self.visitor = visitor
    }

    /// One page view as a browser sends it, the query of the `collect-pixel` case.
    func query(_ page: Int) -> String {
        let consent = ["cookie": "&consent=mp", "plain": "&consent=0"][visitor] ?? ""
        return "site=\(Workload.siteKey)&name=pageview&url=https%3A%2F%2Fshop.test%2Fcatalogue%2Fshoes%2Frunning"
            + "%2Fproduct-\(page)%3Futm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dautumn-2026"
            + "%26utm_content%3Dhero%26size%3D42&referrer=https%3A%2F%2Fwww.google.com%2F"
            + "&title=Running+shoe+\(page)+%E2%80%93+Shop+Test+%7C+Free+delivery+over+50+EUR"
            + "&screen=1920x1080&language=de-CH\(consent)&p.category=shoes%2Frunning&p.price=129.90&p.stock=yes"
            + "&p.variant=blue-42&p.template=product-detail&p.experiment=pdp-layout-b&p.login=no&p.basket=\(page % 5)"
            + "&p.list=autumn-2026-top-sellers&p.load=412&id=b1-\(page * 7919)"
    }

    /// Ten events as a tag's queue sends them, the body of the `collect-batch` case.
    func body(_ page: Int) -> String {
        let consent = ["cookie": "true", "plain": "false"][visitor] ?? "null"
        let events = (1...10).map { place in
            let name = place == 1 ? "pageview" : place % 3 == 0 ? "scroll" : "click"
            return "{\"site\":\"\(Workload.siteKey)\",\"name\":\"\(name)\",\"id\":\"q1-\(page * 7919)-\(place)\""
                + ",\"url\":\"https://shop.test/catalogue/shoes/product-\(page)\",\"title\":\"Running shoe \(page)\""
                + ",\"referrer\":\"https://shop.test/catalogue\",\"properties\":{\"element\":\"add-to-basket\""
                + ",\"position\":\(place),\"depth\":0.75,\"list\":\"autumn\"},\"consent\":{\"measurement\":\(consent)}}"
        }
        return "[" + events.joined(separator: ",") + "]"
    }
}

/// One event loop's collector and the requests it takes in turn.
struct Runner: ~Copyable {
    private static let variants = 256
    private let journal = CountingJournal()
    private let catalog: CatalogSnapshot
    private var collector: EdgeCollector
    private var payloads: [[UInt8]] = []
    private var cookies: [[UInt8]] = []
    private let isBatch: Bool

    init(_ workload: Workload) throws {
        let secrets = Secrets.random()
        let site = Site(
            id: SiteID(7), key: Workload.siteKey, name: "Shop", domains: ["shop.test"],
            allowedQueryParameters: ["size"],
            excludedNetworks: ["198.51.100.0/24"])
        catalog = CatalogSnapshot(generation: 1, sites: [site])
        collector = EdgeCollector(secrets: secrets, salts: .replay(ReplaySalts()), geo: .none, journal: journal)
        isBatch = workload.isBatch
        let key = KeyedHash(key: secrets.cookieKey)
        let firstSet = Workload.received.adding(milliseconds: -86_400_000)
        for page in 1...Runner.variants {
            payloads.append(Array((isBatch ? workload.body(page) : workload.query(page)).utf8))
            var consent = Consent.unknown
            consent[.measurement] = .granted
            if !isBatch { consent = Runner.pixelConsent }
            let cookie = DeviceCookie(id: .random(), firstSet: firstSet, consent: consent)
            let text = String(decoding: cookie.text(site: site.id, key: key), as: UTF8.self)
            cookies.append(Array((workload.visitor == "cookie" ? "_ga=GA1.2.1; _hl=\(text)" : "_ga=GA1.2.1").utf8))
        }
    }

    /// What `consent=mp` states.
    private static var pixelConsent: Consent {
        var consent = Consent(all: .denied)
        consent[.measurement] = .granted
        consent[.personalisation] = .granted
        return consent
    }

    var bytes: Int { journal.bytes }

    /// The number of events taken.
    mutating func run(_ count: Int) -> Int {
        let agent = Array(Workload.agent.utf8)
        let origin = Array("https://shop.test".utf8)
        let language = Array("de-CH,de;q=0.9,en;q=0.8".utf8)
        let platform = Array("\"Windows\"".utf8)
        let brands = Array("\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"".utf8)
        let payloads = payloads
        let cookies = cookies
        var accepted = 0
        for index in 0..<count {
            let payload = payloads[index % Runner.variants]
            let cookie = cookies[(index / 3) % Runner.variants]
            var request = RequestFacts(
                receivedAt: Workload.received, address: IPAddress(ipv4: 0xCB00_7100 | UInt32(index % 251)),
                none: agent.span.bytes)
            request.userAgent = agent.span.bytes
            request.cookies = cookie.span.bytes
            request.acceptLanguage = language.span.bytes
            request.platform = platform.span.bytes
            request.brands = brands.span.bytes
            request.isSecure = true
            if isBatch {
                request.origin = origin.span.bytes
                accepted += collector.collectBody(payload.span.bytes, of: request, catalog: catalog).accepted
            } else {
                accepted += collector.collectPixel(query: payload.span.bytes, of: request, catalog: catalog).accepted
            }
        }
        return accepted
    }
}
