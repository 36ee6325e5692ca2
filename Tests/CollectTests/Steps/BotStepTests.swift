import Collect
import Events
import Foundation
import Testing

@Suite struct BotStepTests {
    private func reason(_ userAgent: String, purpose: String = "") -> BotReason {
        let agent = Array(userAgent.utf8)
        let purpose = Array(purpose.utf8)
        return BotStep.reason(userAgent: agent.span.bytes, purpose: purpose.span.bytes)
    }

    @Test(arguments: [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0",
        "python-requests/2.32.3",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "Mozilla/5.0 (compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)", "Bytespider", "CCBot/2.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "WhatsApp/2.23.20.0", "Wget/1.21",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Go-http-client/2.0", "okhttp/4.12.0", "Java/17.0.2",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "node-fetch/1.0", "axios/1.7.2",
        "GOOGLEBOT",
        "Mozilla/5.0 (Linux; Android 6.0.1) Chrome/128 Mobile Safari/537.36 Chrome-Lighthouse", "UptimeRobot/2.0",
    ])
    func programsSayWhatTheyAre(userAgent: String) { #expect(reason(userAgent) == .userAgent) }

    @Test(arguments: [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/128.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/534.34 (KHTML, like Gecko) PhantomJS/1.9.2 Safari/534.34",
    ])
    func headlessBrowsersAreTold(userAgent: String) { #expect(reason(userAgent) == .headless) }

    @Test(arguments: [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/9.5)",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
        "Mozilla/5.0 (compatible; Konqueror/3.5; Linux) KHTML/3.5.5 (like Gecko)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 YaBrowser/24.6.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300.0.0.0",
        "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/300.0 Mobile/15E148 Safari/604.1",
    ])
    func peopleAreLeftAlone(userAgent: String) { #expect(reason(userAgent) == .none) }

    @Test(arguments: ["", "-", "   "]) func noUserAgentIsAProgram(userAgent: String) {
        #expect(reason(userAgent) == .noUserAgent)
    }

    @Test(arguments: ["prefetch", "prefetch;prerender", "Prerender", "preview", "prefetch;anonymous-client-ip"])
    func whatIsFetchedAheadIsFlagged(purpose: String) throws {
        #expect(reason(SentRequest.chrome, purpose: purpose) == .prefetch)
        let harness = try StepsHarness()
        var request = SentRequest()
        request.purpose = purpose
        let draft = try harness.take(request, .shop(), SentEvent(consent: .granting(.measurement))).draft
        #expect(draft.flags.isSuperset(of: [.bot, .prefetch]))
        #expect(draft.dailyID != nil && draft.deviceID == nil)
        #expect(harness.setCookie == nil)
    }

    @Test func agentsSeenBeforeKeepTheirVerdict() throws {
        let harness = try StepsHarness()
        let agents = (0..<600).map { index in
            let name = index % 3 == 0 ? "Googlebot/2.1 build \(index)" : "\(SentRequest.chrome) build \(index)"
            return index % 100 == 99 ? String(name.prefix(index / 100)) : name
        }
        for agent in agents + agents.reversed() + agents {
            var request = SentRequest()
            request.userAgent = agent
            #expect(try harness.take(request, .shop(), SentEvent()).draft.botReason == reason(agent), "\(agent)")
        }
    }

    @Test func onlyTheFirst512BytesCount() {
        let padding = String(repeating: "x", count: 512)
        #expect(reason(SentRequest.chrome + padding + " Googlebot") == .none)
    }

    /// Set HIGHLAND_CRAWLERS to the file crawler-user-agents.json of the Python package of that name.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HIGHLAND_CRAWLERS"] != nil))
    func nineOfTenKnownCrawlersAreFound() throws {
        let path = try #require(ProcessInfo.processInfo.environment["HIGHLAND_CRAWLERS"])
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let list = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        let instances = list.flatMap { $0["instances"] as? [String] ?? [] }
        let found = instances.count { reason($0) != .none }
        #expect(instances.count > 1_000)
        #expect(Double(found) / Double(instances.count) > 0.9, "\(found) of \(instances.count)")
    }
}
