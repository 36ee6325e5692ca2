package import Events

/// What a client is: kind of device, browser and operating system with versions, from the user agent and, where they
/// say more, the client hints. Answers come from a bounded cache; a miss goes through the rules. A copy
/// shares the rules and goes on with a cache of its own. Belongs to one thread.
///
/// Cost: a hit is one SipHash and one copy; a miss about ten microseconds and a few small allocations.
package struct ClientClassifier {
    /// Answers kept when nothing else is asked for.
    package static let answersKeptMax = 16_384

    /// Why the rule file is not in use; nil when it is. Said once at the start by whoever makes the classifier.
    package let notice: ClassificationError?
    package let engine: UserAgentEngine
    private var cache: ClientCache
    private let key: ID128

    /// Reads the rules at `rulesPath`; without them, or where they cannot be read, the built-in rules for the main
    /// browsers stand in and `notice` says why. `key` is secret and random: nobody can then aim at a cache entry.
    package init(
        rulesPath: String? = UserAgentRules.debianPath, answersKept: Int = answersKeptMax, key: ID128
    ) {
        guard let rulesPath else {
            self.init(rules: .builtIn, notice: nil, answersKept: answersKept, key: key)
            return
        }
        do throws(ClassificationError) {
            self.init(rules: try UserAgentRules(path: rulesPath), notice: nil, answersKept: answersKept, key: key)
        } catch {
            self.init(rules: .builtIn, notice: error, answersKept: answersKept, key: key)
        }
    }

    package init(rules: UserAgentRules, notice: ClassificationError?, answersKept: Int, key: ID128) {
        self.notice = notice
        self.key = key
        engine = UserAgentEngine(rules: rules)
        cache = ClientCache(capacity: answersKept)
    }

    /// Answers found in the cache, and those that were not, since the start.
    package var hits: Int { cache.hits }
    package var misses: Int { cache.misses }
    /// Bytes of the cache, the literal index and the compiled patterns.
    package var byteCount: Int { cache.byteCount + engine.byteCount }

    /// Fills `answer`. `hints` is `platform\0platformVersion\0model\0mobile\0brands`; both may be empty.
    package mutating func classify(
        userAgent: borrowing RawSpan, hints: borrowing RawSpan, into answer: inout ClientClass
    ) {
        answer.reset()
        let agent = userAgent.extracting(first: UserAgentEngine.userAgentBytesMax)
        // The length keeps "ab"+"c" and "a"+"bc" apart.
        var hash = SipHash(key: ID128(low: key.low ^ UInt64(agent.byteCount), high: key.high))
        hash.update(agent)
        hash.update(hints)
        let digest = hash.finish()
        if cache.find(digest, into: &answer) { return }
        cache.insert(digest, words(of: agent, hints), into: &answer)
    }

    private func words(of agent: borrowing RawSpan, _ hints: borrowing RawSpan) -> ClientWords {
        let hints = ClientHints(hints)
        let (browser, system) = engine.match(agent)
        var words = ClientWords()
        if browser.family != "Other" {
            words.browser = ClientNames.browser(browser.family)
            words.browserVersion = Self.version(browser.version)
        }
        if system.family != "Other" {
            words.os = ClientNames.system(system.family)
            words.osVersion = Self.version(system.version)
        }
        hints.correct(&words)
        words.device = DeviceKind.of(userAgent: agent, system: words.os, hints: hints)
        return words
    }

    /// `major.minor`, or the major alone where nothing follows it.
    private static func version(_ parts: [String?]) -> String? {
        guard let major = parts[0] else { return nil }
        guard let minor = parts[1], minor.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return major }
        return major + "." + minor
    }
}

/// An answer in words, before it is stored.
struct ClientWords: Hashable {
    var device: DeviceKind?
    var browser: String?
    var browserVersion: String?
    var os: String?
    var osVersion: String?
}
