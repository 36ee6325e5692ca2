import Catalog
import Events
import Visits

/// Answers of a classifier as text, for comparison.
struct ClientAnswer: Hashable, CustomStringConvertible {
    var device: String?
    var browser: String?
    var browserVersion: String?
    var os: String?
    var osVersion: String?

    init(_ device: String?, _ browser: String?, _ browserVersion: String?, _ os: String?, _ osVersion: String?) {
        self.device = device
        self.browser = browser
        self.browserVersion = browserVersion
        self.os = os
        self.osVersion = osVersion
    }

    init(_ answer: borrowing ClientClass) {
        let bytes = answer.arena.bytes
        func text(_ piece: ClassText) -> String? {
            piece.isAbsent ? nil : String(decoding: bytes[piece.range], as: UTF8.self)
        }
        self.init(
            text(answer.device), text(answer.browser), text(answer.browserVersion), text(answer.os),
            text(answer.osVersion))
    }

    var description: String {
        [device, browser, browserVersion, os, osVersion].map { $0 ?? "-" }.joined(separator: " | ")
    }
}

struct SourceAnswer: Hashable, CustomStringConvertible {
    var channel: String?
    var source: String?
    var referrer: String?
    /// utm_source, medium, campaign, content, term.
    var tags: [String?]

    init(_ answer: borrowing TrafficSource) {
        let bytes = answer.arena.bytes
        func text(_ piece: ClassText) -> String? {
            piece.isAbsent ? nil : String(decoding: bytes[piece.range], as: UTF8.self)
        }
        channel = text(answer.channel)
        source = text(answer.source)
        referrer = text(answer.referrer)
        tags = [
            text(answer.utmSource), text(answer.utmMedium), text(answer.utmCampaign), text(answer.utmContent),
            text(answer.utmTerm),
        ]
    }

    var description: String { "\(channel ?? "-") | \(source ?? "-") | \(referrer ?? "-") | \(tags.map { $0 ?? "-" })" }
}

/// A classifier with conveniences for text.
struct Classifying: ~Copyable {
    static let key = ID128(low: 1, high: 2)
    static let site = Site(
        id: SiteID(1), key: "k", name: "shop", domains: ["shop.test", "www.brand.test"],
        excludedReferrers: ["bank.test"])

    var classifier: StandardVisitClassifier
    private var clientClass = ClientClass()
    private var trafficSource = TrafficSource()

    init(rulesPath: String? = UserAgentRules.debianPath, answersKept: Int = 64) {
        classifier = StandardVisitClassifier(
            clients: ClientClassifier(rulesPath: rulesPath, answersKept: answersKept, key: Self.key))
    }

    mutating func client(_ userAgent: String, hints: String = "") -> ClientAnswer {
        client(Array(userAgent.utf8), hints: Array(hints.utf8))
    }

    mutating func client(_ userAgent: [UInt8], hints: [UInt8] = []) -> ClientAnswer {
        classifier.client(userAgent: userAgent.span.bytes, hints: hints.span.bytes, into: &clientClass)
        return ClientAnswer(clientClass)
    }

    mutating func traffic(_ url: String, _ referrer: String, site: Site = site) -> SourceAnswer {
        traffic(Array(url.utf8), Array(referrer.utf8), site: site)
    }

    mutating func traffic(_ url: [UInt8], _ referrer: [UInt8], site: Site = site) -> SourceAnswer {
        classifier.traffic(url: url.span.bytes, referrer: referrer.span.bytes, site: site, into: &trafficSource)
        return SourceAnswer(trafficSource)
    }
}
