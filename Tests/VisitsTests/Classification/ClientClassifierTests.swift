import Events
import Testing
import Visits

@Suite struct ClientClassifierTests {
    struct Row: Sendable {
        var claim: String
        var agent: String
        var hints: String
        var answer: ClientAnswer

        init(_ claim: String, _ agent: String, hints: String = "", _ answer: ClientAnswer) {
            self.claim = claim
            self.agent = agent
            self.hints = hints
            self.answer = answer
        }
    }

    static let chromeWindows =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
    static let chromeAndroid =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
    static let chromeMac =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
    static let brands = #""Chromium";v="124", "Google Chrome";v="124", "Not-A.Brand";v="99""#

    /// What both the rule file and the built-in rules must say.
    static let common: [Row] = [
        Row("Chrome on Windows", chromeWindows, ClientAnswer("desktop", "Chrome", "124.0", "Windows", "10")),
        Row("Chrome on Android", chromeAndroid, ClientAnswer("mobile", "Chrome", "124.0", "Android", "10")),
        Row("Chrome on a Mac", chromeMac, ClientAnswer("desktop", "Chrome", "124.0", "macOS", "10.15")),
        Row(
            "Safari on an iPhone",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
            ClientAnswer("mobile", "Safari", "17.4", "iOS", "17.4")),
        Row(
            "Safari on an iPad",
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
            ClientAnswer("tablet", "Safari", "16.6", "iOS", "16.6")),
        Row(
            "Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
            ClientAnswer("desktop", "Firefox", "125.0", "Linux", nil)),
        Row("Edge", chromeWindows + " Edg/124.0.0.0", ClientAnswer("desktop", "Edge", "124.0", "Windows", "10")),
        Row("Opera", chromeWindows + " OPR/109.0.0.0", ClientAnswer("desktop", "Opera", "109.0", "Windows", "10")),
        Row(
            "Samsung Internet",
            "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
            ClientAnswer("mobile", "Samsung Internet", "23.0", "Android", "13")),
        Row(
            "an Android tablet says no Mobile",
            "Mozilla/5.0 (Linux; Android 12; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            ClientAnswer("tablet", "Chrome", "120.0", "Android", "12")),
        Row(
            "Internet Explorer 11", "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            ClientAnswer("desktop", "Internet Explorer", "11.0", "Windows", "7")),
        Row("nothing", "", ClientAnswer(nil, nil, nil, nil, nil)),
        Row("not a word", "\u{1}\u{2}", ClientAnswer(nil, nil, nil, nil, nil)),
        Row(
            "hints tell Windows 11", chromeWindows, hints: "\"Windows\"\0\"15.0.0\"\0\"\"\0?0\0" + brands,
            ClientAnswer("desktop", "Chrome", "124.0", "Windows", "11")),
        Row(
            "hints tell Windows 10", chromeWindows, hints: "Windows\010.0.0\0\00\0",
            ClientAnswer("desktop", "Chrome", "124.0", "Windows", "10")),
        Row(
            "hints tell Windows 8.1", chromeWindows, hints: "Windows\00.3.0\0\0\0",
            ClientAnswer("desktop", "Chrome", "124.0", "Windows", "8.1")),
        Row(
            "hints tell the real Android", chromeAndroid, hints: "\"Android\"\0\"14.0.0\"\0\"Pixel 8\"\0?1\0" + brands,
            ClientAnswer("mobile", "Chrome", "124.0", "Android", "14")),
        Row(
            "hints tell an Android tablet", chromeAndroid, hints: "\"Android\"\0\"13.0.0\"\0\"SM-X200\"\0?0\0",
            ClientAnswer("tablet", "Chrome", "124.0", "Android", "13")),
        Row(
            "hints tell the real macOS", chromeMac, hints: "\"macOS\"\0\"14.4.1\"\0\"\"\0?0\0" + brands,
            ClientAnswer("desktop", "Chrome", "124.0", "macOS", "14.4")),
        Row(
            "hints tell the brand", chromeWindows,
            hints:
                "\"Windows\"\0\"15.0.0\"\0\0?0\0\"Not;A=Brand\";v=\"8\", \"Chromium\";v=\"124\", \"Brave\";v=\"124\"",
            ClientAnswer("desktop", "Brave", "124.0", "Windows", "11")),
        Row(
            "full versions in hints", chromeWindows, hints: "\0\0\0\0\"Microsoft Edge\";v=\"125.1.2535.51\"",
            ClientAnswer("desktop", "Edge", "125.1", "Windows", "10")),
        Row(
            "an unknown brand changes nothing", chromeWindows,
            hints: "\0\0\0\0\"Chromium\";v=\"124\", \"Nobody\";v=\"1\"",
            ClientAnswer("desktop", "Chrome", "124.0", "Windows", "10")),
        Row(
            "broken hints change nothing", chromeWindows, hints: "\"\0\"x\0\0?\0\",;v=\"",
            ClientAnswer("desktop", "Chrome", "124.0", "Windows", "10")),
    ]

    static let withRules: [Row] = [
        Row(
            "a television",
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
            ClientAnswer("tv", "Chrome", "79.0", "webOS", nil)),
        Row(
            "a console",
            "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
            ClientAnswer("console", "Safari", "13.0", nil, nil)),
        Row(
            "a watch", "atc/1.0 watchOS/5.1.3 model/Watch3,4 hwp/t8004 build/16S535 (6; dt:156)",
            ClientAnswer("watch", "Apple Watch App", "3.4", "watchOS", "5.1")),
        Row(
            "a car",
            "Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.130 Safari/537.36 Tesla/2020.16.2.1",
            ClientAnswer("car", "Chrome", "79.0", "Linux", nil)),
        Row(
            "a crawler", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            ClientAnswer("bot", "Googlebot", "2.1", nil, nil)),
        Row(
            "a telephone called Cubot is no bot",
            "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.99 Mobile Safari/537.36",
            ClientAnswer("mobile", "Chrome", "86.0", "Android", "9")),
        Row("a library", "curl/8.5.0", ClientAnswer(nil, "curl", "8.5", nil, nil)),
        Row(
            "Chrome OS",
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
            ClientAnswer("desktop", "Chrome", "124.0", "Chrome OS", "14541.0")),
        Row(
            "an app's web view on an iPhone",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 15_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
            ClientAnswer("mobile", "Safari (in-app)", nil, "iOS", "15.1")),
        Row(
            "Windows XP", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
            ClientAnswer("desktop", "Internet Explorer", "8.0", "Windows", "XP")),
    ]

    /// One classifier for all rows: reading the rules takes most of a second without optimisation.
    @Test(.enabled(if: UserAgentConformanceTests.isInstalled, "uap-core is not installed"))
    func clientsAreWhatTheTableSays() {
        var classifying = Classifying()
        #expect(classifying.classifier.clients.notice == nil)
        for row in Self.common + Self.withRules {
            let answer = classifying.client(row.agent, hints: row.hints)
            #expect(answer == row.answer, "\(row.claim)")
        }
    }

    @Test func builtInRulesKnowTheMainClients() {
        var classifying = Classifying(rulesPath: nil)
        for row in Self.common {
            let answer = classifying.client(row.agent, hints: row.hints)
            #expect(answer == row.answer, "\(row.claim)")
        }
    }

    @Test func aMissingRuleFileIsSaidAndStoodInFor() {
        let clients = ClientClassifier(rulesPath: "/nowhere/regexes.yaml", key: Classifying.key)
        guard case .read("open", "/nowhere/regexes.yaml", _) = clients.notice else {
            Issue.record("\(String(describing: clients.notice))")
            return
        }
        #expect(clients.engine.ruleCount == ClientClassifier(rulesPath: nil, key: Classifying.key).engine.ruleCount)
        #expect(ClientClassifier(rulesPath: nil, key: Classifying.key).notice == nil)
    }

    @Test func everyBuiltInRuleCompiles() {
        #expect(UserAgentEngine(rules: .builtIn).compileAll() == 0)
    }

    @Test(arguments: [
        ("", ClassificationError.noRules),
        ("user_agent_parsers:\n", .noRules),
        ("  - regex: 'x'\n", .line(1, expected: "a section before the first rule")),
        ("os_parsers:\n  - regex: x\n", .line(2, expected: "key: 'value'")),
        ("os_parsers:\n  - regex: 'x\n", .line(2, expected: "key: 'value'")),
        ("os_parsers:\n  - flag: 'x'\n", .line(2, expected: "- regex: '…'")),
        (
            "os_parsers:\n  - regex: 'x'\n    v9: 'a'\n",
            .line(3, expected: "a replacement or regex_flag 'i' after a rule")
        ),
    ])
    func brokenRulesNameTheirLine(text: String, error: ClassificationError) {
        #expect(throws: error) { try UserAgentRules(text: Array(text.utf8)) }
    }

    @Test func anOverlongUserAgentIsCut() {
        var classifying = Classifying(rulesPath: nil)
        let long = Self.chromeWindows + String(repeating: " x", count: 20_000) + " Edg/124.0"
        #expect(classifying.client(long).browser == "Chrome")
    }

    @Test func answersDoNotDependOnTheCache() {
        var small = Classifying(rulesPath: nil, answersKept: 2)
        var large = Classifying(rulesPath: nil, answersKept: 4096)
        for round in 0..<3 {
            for row in Self.common {
                #expect(small.client(row.agent, hints: row.hints) == row.answer, "round \(round)")
                #expect(large.client(row.agent, hints: row.hints) == row.answer, "round \(round)")
            }
        }
        #expect(large.classifier.clients.hits >= 2 * Self.common.count - 4)
        #expect(small.classifier.clients.misses > large.classifier.clients.misses)
    }
}
