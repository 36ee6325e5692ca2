package import Events

/// A made-up shop's visits as NDJSON lines in the shape of native events: something to look at after `make run`.
/// The same seed and end give the same lines. About 300 visits a day, more by day than by night and fewer at weekends.
package struct DemoEvents {
    private static let pages = [
        ("/", "Alpine Outfitters"), ("/boots", "Boots"), ("/boots/ridge-gtx", "Ridge GTX"),
        ("/boots/valley-low", "Valley Low"),
        ("/tents", "Tents"), ("/tents/two-season", "Two-season tent"), ("/guides/packing-list", "Packing list"),
        ("/guides/first-hut-tour", "Your first hut tour"), ("/stores/zurich", "Store Zurich"), ("/basket", "Basket"),
    ]
    /// Referrer, landing query, weight.
    private static let sources: [(referrer: String, query: String, weight: UInt64)] = [
        ("", "", 30), ("https://www.google.com/", "", 28), ("https://duckduckgo.com/", "", 4),
        ("https://chatgpt.com/", "", 5), ("https://www.instagram.com/", "", 7),
        ("https://www.reddit.com/r/hiking/", "", 4),
        ("https://blog.hut-tours.test/gear", "", 5),
        ("", "?utm_source=newsletter&utm_medium=email&utm_campaign=autumn", 9),
        ("https://www.google.com/", "?utm_source=google&utm_medium=cpc&utm_campaign=boots", 8),
    ]
    private static let agents = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
            + "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
    ]

    private let site: String
    private let domain: String
    private let now: Timestamp
    private let days: Int
    private var state: UInt64

    /// Events of the `days` days that end at `now`.
    package init(site: String, domain: String, now: Timestamp, days: Int, seed: UInt64 = 2026) {
        self.site = site
        self.domain = domain
        self.now = now
        self.days = days
        state = seed
    }

    /// Calls `line` with every event's JSON, a day at a time, visits in the order of their start.
    package mutating func forEachLine(_ line: (String) throws -> Void) rethrows {
        for day in stride(from: days - 1, through: 0, by: -1) {
            let dayEnd = now.adding(milliseconds: -Int64(day) * 86_400_000)
            let isWeekend = [2, 3].contains(((Int(dayEnd.utcDay) % 7) + 7) % 7)
            var starts = (0..<(isWeekend ? 190 : 300)).map { _ in dayEnd.adding(milliseconds: -Int64(dayTime())) }
            starts.sort()
            for (index, start) in starts.enumerated() {
                for text in visit(starting: start, name: "d\(day)-\(index)") { try line(text) }
            }
        }
    }

    private mutating func visit(starting start: Timestamp, name: String) -> [String] {
        let visitor = "visitor-\(below(2500))"
        let source = pick()
        let agent = Self.agents[below(Self.agents.count)]
        var lines: [String] = []
        var at = start
        let views = 1 + min(below(6), below(6))
        var page = below(3) == 0 ? 0 : below(Self.pages.count - 1)
        for view in 0..<views {
            let (path, title) = Self.pages[page]
            let url = "https://\(domain)\(path)\(view == 0 ? source.query : "")"
            let referrer = view == 0 ? source.referrer : "https://\(domain)/"
            lines.append(
                event(
                    "pageview", id: "\(name)-\(view)", at: at, url: url, referrer: referrer, title: title,
                    visitor: visitor,
                    agent: agent))
            at = at.adding(milliseconds: Int64(8_000 + below(110_000)))
            if at > now { return lines }
            page = below(Self.pages.count)
        }
        if views > 2, below(9) == 0 {
            let amount = 39 + below(260)
            lines.append(
                event(
                    "order", id: "\(name)-order", at: at, url: "https://\(domain)/basket", referrer: "",
                    title: "Basket",
                    visitor: visitor, agent: agent,
                    extra: ",\"revenue\":{\"amount\":\"\(amount).90\",\"currency\":\"CHF\"}"))
        } else if below(5) == 0 {
            lines.append(
                event(
                    "newsletter", id: "\(name)-news", at: at, url: "https://\(domain)/", referrer: "",
                    title: "Alpine Outfitters",
                    visitor: visitor, agent: agent, extra: ",\"properties\":{\"place\":\"footer\"}"))
        }
        return lines
    }

    private func event(
        _ name: String, id: String, at: Timestamp, url: String, referrer: String, title: String, visitor: String,
        agent: String,
        extra: String = ""
    ) -> String {
        """
        {"site":"\(site)","name":"\(name)","id":"\(id)","time":\(at.milliseconds),"url":"\(url)","referrer":"\(referrer)",\
        "title":"\(title)","anonymousID":"\(visitor)","userAgent":"\(agent)","language":"de-CH","screen":"1440x900",\
        "consent":{"measurement":true}\(extra)}
        """
    }

    /// Milliseconds back from a day's end, thinner at night.
    private mutating func dayTime() -> UInt64 {
        let whole: UInt64 = 86_400_000
        let first = next() % whole
        return below(3) == 0 ? first : whole / 4 + first / 2
    }

    private mutating func pick() -> (referrer: String, query: String, weight: UInt64) {
        var at = next() % Self.sources.reduce(0) { $0 + $1.weight }
        for source in Self.sources {
            if at < source.weight { return source }
            at -= source.weight
        }
        return Self.sources[0]
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016).
    private mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return (state &* 0x2545_F491_4F6C_DD1D) >> 11
    }
}
