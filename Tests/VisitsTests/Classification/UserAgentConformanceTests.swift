import Events
import Testing
import Visits

/// uap-core's own expectations, held against the rules as they are, before any renaming of ours.
@Suite struct UserAgentConformanceTests {
    static let isInstalled = AgentCases.read(UserAgentRules.debianPath) != nil

    @Test(
        .enabled(if: isInstalled, "uap-core is not installed"),
        arguments: [
            "tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml",
            "test_resources/pgts_browser_list.yaml", "test_resources/opera_mini_user_agent_strings.yaml",
            "test_resources/podcasting_user_agent_strings.yaml",
        ])
    func browsersAreWhatUapCoreExpects(file: String) throws {
        let engine = UserAgentEngine(rules: try UserAgentRules(path: UserAgentRules.debianPath))
        let cases = try #require(AgentCases(file)).cases
        #expect(cases.count > 10)
        var failures: [String] = []
        for expected in cases {
            let agent = Array((expected["user_agent_string"] ?? "").utf8)
            guard agent.count <= UserAgentEngine.userAgentBytesMax else { continue }
            let found = engine.match(agent.span.bytes).browser
            let wanted = [expected["family"] ?? "Other", expected["major"], expected["minor"], expected["patch"]]
            if [found.family] + found.version.prefix(3) != wanted {
                failures.append("\(expected["user_agent_string"] ?? ""): \(found), expected \(wanted)")
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(cases.count): \(failures.prefix(5).joined(separator: "\n"))")
    }

    @Test(
        .enabled(if: isInstalled, "uap-core is not installed"),
        arguments: ["tests/test_os.yaml", "test_resources/additional_os_tests.yaml"])
    func systemsAreWhatUapCoreExpects(file: String) throws {
        let engine = UserAgentEngine(rules: try UserAgentRules(path: UserAgentRules.debianPath))
        let cases = try #require(AgentCases(file)).cases
        #expect(cases.count > 10)
        var failures: [String] = []
        for expected in cases {
            let agent = Array((expected["user_agent_string"] ?? "").utf8)
            guard agent.count <= UserAgentEngine.userAgentBytesMax else { continue }
            let found = engine.match(agent.span.bytes).system
            let wanted = [
                expected["family"] ?? "Other", expected["major"], expected["minor"], expected["patch"],
                expected["patch_minor"],
            ]
            if [found.family] + found.version != wanted {
                failures.append("\(expected["user_agent_string"] ?? ""): \(found), expected \(wanted)")
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(cases.count): \(failures.prefix(5).joined(separator: "\n"))")
    }

    @Test(.enabled(if: isInstalled, "uap-core is not installed"))
    func everyRuleCompiles() throws {
        let engine = UserAgentEngine(rules: try UserAgentRules(path: UserAgentRules.debianPath))
        #expect(engine.ruleCount > 500)
        #expect(engine.compileAll() == 0)
    }

    /// The literal index may let a rule through in vain, and may never hide one that matches.
    @Test(.enabled(if: isInstalled, "uap-core is not installed"))
    func theLiteralIndexHidesNoMatch() throws {
        let engine = UserAgentEngine(rules: try UserAgentRules(path: UserAgentRules.debianPath))
        let agents =
            try #require(AgentCases("tests/test_ua.yaml")).cases + #require(AgentCases("tests/test_os.yaml")).cases
            + #require(AgentCases("tests/test_device.yaml")).cases.enumerated().filter { $0.offset % 23 == 0 }.map(
                \.element)
        var candidates = 0
        for agent in agents {
            let bytes = Array((agent["user_agent_string"] ?? "").utf8)
            let quick = engine.match(bytes.span.bytes)
            let slow = engine.matchTryingEveryRule(bytes.span.bytes)
            #expect(quick.browser == slow.browser && quick.system == slow.system, "\(agent)")
            candidates += engine.candidateCount(bytes.span.bytes)
        }
        let mean = Double(candidates) / Double(agents.count)
        #expect(mean < 40, "candidates a user agent: \(mean)")
    }
}
