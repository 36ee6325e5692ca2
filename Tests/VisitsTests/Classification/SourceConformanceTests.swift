import Catalog
import Events
import Foundation
import Testing
import Visits

/// The public lists and referer-parser's cases, where a copy of them lies beside the checkout.
@Suite struct SourceConformanceTests {
    static let folder = "../shared/data/referrers"
    static let isPresent = AgentCases.bytes(folder + "/referer-tests.json") != nil
    static let absent: Comment = "no copy of the referrer lists at ../shared/data/referrers"

    /// Hosts whose name here is another one on purpose.
    static let differences: [String: String] = [
        "www.cnn.com": "a news site; it was a search engine's partner once, and a link from it is a referral",
        "login.live.com": "sign-in of Microsoft accounts; the social network it names closed in 2011",
        "yabs.yandex.ru": "advertisements only",
        "search.tb.ask.com": "told apart as Ask Toolbar, as referer-parser does",
        "android-app//com.google.android.googlequicksearchbox/https/www.google.com":
            "the same app stands there as its id",
    ]

    /// Where two lists know a host, assistants go before social networks and these before search engines.
    @Test(.enabled(if: isPresent, absent), arguments: ["AIAssistants.yml", "Socials.yml", "SearchEngines.yml"])
    func everyListedHostHasItsName(file: String) throws {
        var classifying = Classifying(rulesPath: nil)
        let earlier = try Self.hosts("AIAssistants.yml") + Self.hosts("Socials.yml")
        let rows = try Self.hosts(file)
        #expect(rows.count > 20)
        var failures: [String] = []
        for (name, host) in rows where Self.differences[host] == nil {
            let bare = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
            var names = [name]
            if file == "SearchEngines.yml" {
                names += earlier.filter { $0.host == bare || $0.host == host }.map(\.name)
            }
            for address in host.contains("{}") ? ["de", "co.uk"].map({ host.replacing("{}", with: $0) }) : [host] {
                let answer = classifying.traffic("https://site.invalid/", "https://\(address)")
                if !names.contains(answer.source ?? "") { failures.append("\(address): \(answer), expected \(names)") }
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(rows.count): \(failures.prefix(20).joined(separator: "\n"))")
    }

    static func hosts(_ file: String) throws -> [(name: String, host: String)] {
        let text = try #require(AgentCases.read(folder + "/" + file))
        var rows: [(String, String)] = []
        var name = ""
        var isWanted = true
        for line in text.split(separator: "\n") {
            let body = line.trimmingCharacters(in: .whitespaces)
            if line.first != " " {
                name = AgentCases.unquoted(line.dropLast(line.last == ":" ? 1 : 0)).removingPercentEncoding ?? ""
                isWanted = file != "SearchEngines.yml"
            } else if body.hasSuffix(":") {
                isWanted = body.hasSuffix("urls:")
            } else if isWanted, body.hasPrefix("- ") {
                rows.append((name, AgentCases.unquoted(body.dropFirst(2)).lowercased()))
            }
        }
        return rows
    }

    struct Case: Decodable {
        var uri: String
        var medium: String
        var source: String
    }

    /// What referer-parser calls otherwise: its name to ours. Ours are those of the CC0 lists.
    static let names: [String: String] = [
        "IXquick": "IxQuick", "Mail.ru": "Mailru", "Google Gemini": "Gemini", "Claude.ai": "Claude",
        "META.ai": "Meta AI",
        "Microsoft Copilot": "Copilot", "Mistral.ai": "Le Chat", "Perplexity.ai": "Perplexity", "Tumblr": "tumblr",
    ]

    /// Cases that come out otherwise, with the reason.
    static let otherwise: [String: String] = [
        "http://www.pricerunner.co.uk/": "Referral: a price comparison, not a search engine",
        "http://www.dalesearch.com/": "Referral: a browser hijacker that no list has any more",
        "https://suche.1und1.de": "Google by the CC0 list: its results are Google's",
    ]

    @Test(.enabled(if: isPresent, absent))
    func refererParsersCasesHold() throws {
        var classifying = Classifying(rulesPath: nil)
        let data = Data(try #require(AgentCases.bytes(Self.folder + "/referer-tests.json")))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        #expect(cases.count > 100)
        let channels = [
            "search": "Organic Search", "social": "Organic Social", "email": "Email", "paid": "Paid Search",
            "chatbot": "AI Assistant",
        ]
        var failures: [String] = []
        var differing = 0
        for row in cases {
            let answer = classifying.traffic("https://site.invalid/", row.uri)
            let wanted = Self.names[row.source] ?? row.source
            if answer.channel == channels[row.medium], answer.source == wanted { continue }
            if Self.otherwise.keys.contains(where: row.uri.hasPrefix) {
                differing += 1
            } else {
                failures.append("\(row.uri.prefix(60)): \(answer), expected \(row.medium) \(row.source)")
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(cases.count): \(failures.joined(separator: "\n"))")
        #expect(differing == Self.otherwise.count)
    }
}
