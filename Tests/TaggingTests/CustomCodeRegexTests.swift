import Tagging
import Testing

@Suite struct CustomCodeRegexTests {
    @Test(arguments: [
        #"^(\w+\.)*example\.com$"#, "^/(de|fr)/.*$", ".*", "(a|b)+c", #"\.(pdf|zip)$"#,
        #"^https?://([^/]+\.)?shop\.test(/|$)"#, #"^([a-z0-9-]+\.)+[a-z]{2,}$"#, #"(\d{1,3}\.){3}\d{1,3}"#,
        "^((?!foo).)*$", "([0-9a-f]{2})+", ".{0,2000}", "(['\"])(.*?)\\1", "(a+)+", "", "a{", "]", #"\d{32}"#,
        "(foo|bar|baz){1,10}x",
    ])
    func commonPatternsPass(_ pattern: String) {
        #expect(RegexCheck.check(pattern) == .ok)
    }

    @Test(arguments: [
        "(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*)*b", #"(\w+\s?)*$"#, "(x+x+)+y",
        "(a?){30}a{30}", "(a|a){30}b", "(a{1,10}){1,10}b", "^(?=(a+)+$)", #"(.|\s)*x"#, "((ab)*)*c",
    ])
    func explosivePatternsDoNot(_ pattern: String) {
        #expect(!RegexCheck.check(pattern).isUsable)
    }

    @Test func casesCountWhenTheyAreIgnored() {
        #expect(RegexCheck.check("([a-z]|[A-Z])*x").isUsable)
        #expect(!RegexCheck.check("([a-z]|[A-Z])*x", ignoringCase: true).isUsable)
    }

    @Test func chainsOfLoopsAreSlow() {
        guard case .slow = RegexCheck.check(".*a.*b.*c.*d") else {
            Issue.record("four loops that share characters are not called slow")
            return
        }
        #expect(RegexCheck.check(#"^\d+-\d+-\d+-\d+$"#) == .ok)
    }

    @Test(arguments: [
        ("(", 0), ("a)", 1), ("[b-a]", 2), ("*", 0), ("a{2,1}", 6), ("(?i)a", 0), ("(?<a>b)(?<a>c)", 7), ("\\", 0),
        ("(?P<a>b)", 0),
    ])
    func brokenPatternsNameTheirPlace(_ pattern: String, _ place: Int) {
        guard case .invalid(_, let at) = RegexCheck.check(pattern) else {
            Issue.record("\(pattern) is taken")
            return
        }
        #expect(at == place)
    }

    @Test func newSyntaxAndTooMuchAreRefused() {
        guard case .unsupported = RegexCheck.check("(?i:a)") else {
            Issue.record("flags of a group are taken")
            return
        }
        let nested = String(repeating: "(", count: 1000) + "a" + String(repeating: ")", count: 1000)
        #expect(!RegexCheck.check(nested).isUsable)
        #expect(!RegexCheck.check(String(repeating: "a", count: RegexCheck.unitsMax + 1)).isUsable)
        #expect(!RegexCheck.check(String(repeating: "(a|b)*", count: 1000)).isUsable)
    }
}

@Suite struct RegexProgramTests {
    @Test(
        arguments: [
            ("ab", [.match("a"), .match("b")]),
            ("x*", [.split(3), .match("x"), .jump(0)]),
            ("x+$", [.match("x"), .split(0), .match("$")]),
            ("x?y", [.split(2), .match("x"), .match("y")]),
            ("a|[bc]|", [.split(3), .match("a"), .jump(6), .split(6), .match("[bc]"), .jump(6)]),
            (#"\.{1,3}"#, [.match(#"\."#), .split(5), .match(#"\."#), .split(5), .match(#"\."#)]),
            ("(?=(?:a|b)c).{2,}", [.match("(?=(?:a|b)c)"), .match("."), .match("."), .split(2)]),
            (#"^\b\c"#, [.match("^"), .match(#"\b"#), .match(#"\\"#), .match("c")]),
            ("\u{1F600}", [.match(#"\ud83d"#), .match(#"\ude00"#)]),
            ("((){9})*", [.split(2), .jump(0)]),
        ("((?!b)){2}", [.match("(?!b)"), .match("(?!b)")]),
        ] as [(String, [RegexProgram.Step])])
    func patternsBecomeSteps(_ pattern: String, _ steps: [RegexProgram.Step]) {
        #expect(RegexProgram(pattern)?.steps == steps)
    }

    @Test(arguments: [
        "(a)\\1", "(?<n>a)\\k<n>", "(?=(a+)+$)b", "(", "a{501}", "(a{30}){30}", "(?i:a)",
    ])
    func someHaveNone(_ pattern: String) {
        #expect(RegexProgram(pattern) == nil)
    }

    @Test func emptyRoundsTakeNoTime() {
        #expect(RegexProgram("((((){2000000000}){2000000000}){2000000000})b")?.steps == [.match("b")])
    }
}
