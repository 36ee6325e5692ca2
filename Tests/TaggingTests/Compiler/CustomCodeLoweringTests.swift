import Catalog
import Tagging
import Testing

@Suite struct CustomCodeLoweringTests {
    private func html(_ text: String, _ variables: [Variable] = []) -> ContainerDefinition {
        var definition = ContainerDefinition.image("x", variables)
        definition.tags[0].type = "html"
        definition.tags[0].parameters = [.init("html", .template(text))]
        definition.settings.allowsCustomCode = true
        return definition
    }

    private func joint(_ compiled: CompiledText) -> String {
        String(decoding: compiled.compiled.custom?.bytes ?? [], as: UTF8.self)
    }

    @Test func inlineScriptsBecomeFunctions() throws {
        let compiled = try CompiledText(
            html(
                "<p title=\"{{A}}\">{{A}}</p><script>first({{A}})</script>"
                    + "<script src=\"https://cdn.test/x.js\"></script>"
                    + "<script>second('{{A}}')</script>", [.constant("1", "A", "a")]))
        #expect(compiled.data.contains(#"data-hl=\""#), "\(compiled.data)")
        #expect(compiled.data.contains("[4,0]"))
        #expect(!compiled.data.contains("first("))
        let code = joint(compiled)
        #expect(code.hasPrefix("__highland(\"HL-TEST0001\",[\n") && code.hasSuffix("]);\n"))
        #expect(code.contains("first(v(0))") && code.contains("v.s(0)"))
        #expect(compiled.compiled.pieces.count == 2)
        #expect(compiled.data.contains("u:\"tags/HL-TEST0001/" + (compiled.compiled.custom?.name ?? "none") + "\""))
        for piece in compiled.compiled.pieces { #expect(compiled.data.contains("\"tags/HL-TEST0001/\(piece.name)\"")) }
        #expect(compiled.compiled.scriptHosts == ["cdn.test"])
    }

    @Test func whatDoesNotParseLosesOnlyItself() throws {
        let compiled = try CompiledText(html("<p></p>\n<script>\nvar a = ;\n</script><script>good()</script>"))
        let code = joint(compiled)
        #expect(code.contains("[\n0,\nfunction(v"), "\(code)")
        #expect(!code.contains("var a = ;") && code.contains("good()"))
        let broken = String(decoding: compiled.compiled.pieces[0].bytes, as: UTF8.self)
        #expect(broken.contains("var a = ;") && broken.hasSuffix(",0);\n"))
        #expect(compiled.says("warning: tag \"Pixel\": parameter html, line 3: this code does not parse"))
    }

    @Test(arguments: [
        "}});alert(1);(function(){", "});alert(1);(", "*/alert(1)/*", "`", "</script>", "return 1}, function(v){",
    ])
    func codeCannotLeaveItsFunction(code: String) throws {
        var definition = ContainerDefinition.image("{{Evil}}{{Good}}")
        definition.settings.allowsCustomCode = true
        for (name, text) in [("Evil", "function(){ " + code + " }"), ("Good", "function(){return 7}")] {
            var variable = Variable(id: name, name: name, type: "jsm")
            variable.parameters = [.init("javascript", .template(text))]
            definition.variables.append(variable)
        }
        let compiled = try CompiledText(definition)
        if compiled.findings.isEmpty {
            #expect(joint(compiled).contains(code))
        } else {
            #expect(!joint(compiled).contains(code))
            #expect(joint(compiled).contains("[\n0,\nfunction(v"))
        }
    }

    @Test func customCodeHasToBeAllowed() {
        var definition = html("<p>only markup</p>")
        definition.settings.allowsCustomCode = false
        var variable = Variable(id: "1", name: "JS", type: "jsm")
        variable.parameters = [.init("javascript", .template("function(){return 1}"))]
        definition.variables = [variable]
        definition.tags.append(.image("2", "Uses", "{{JS}}"))
        let findings = ContainerCompiler.check(definition, CompileContext(publicID: "HL-TEST0001", version: 1))
        #expect(findings.map(\.place) == ["tag \"Pixel\"", "variable \"JS\""])
        #expect(findings.allSatisfy { $0.severity == .error && $0.message.contains("not allowed") })
    }

    @Test func aMegabyteOfHTMLIsNamed() {
        let findings = ContainerCompiler.check(
            html(String(repeating: "x", count: 1 << 20)), CompileContext(publicID: "HL-TEST0001", version: 1))
        #expect(findings.map(\.place).contains("tag \"Pixel\": parameter html"))
        #expect(findings[0].message == "1048576 characters of custom code; expected at most 102400")
    }

    @Test func anUndefinedReferenceInCodeIsNamed() throws {
        let compiled = try CompiledText(html("<script>f({{Nobody}})</script>"))
        #expect(compiled.says("warning: tag \"Pixel\": parameter html: {{Nobody}} is undefined"))
        #expect(compiled.data.contains("V:[[\"c\",{}]]") && joint(compiled).contains("f(v(0))"))
    }

    @Test func patternsAreLookedAt() {
        func severity(_ pattern: String) -> [Finding.Severity] {
            var definition = ContainerDefinition.image("x")
            definition.variables = [
                Variable(id: "1", name: "Loop", type: "c"), Variable(id: "2", name: "Page", type: "v"),
            ]
            definition.variables[0].parameters = [.init("value", .template("(a+)+"))]
            var trigger = Trigger(id: "1", name: "T", type: "pageview")
            trigger.filters = [Condition(.matchRegex, "{{_event}}", pattern)]
            definition.triggers = [trigger]
            definition.tags[0].firingTriggers = ["1"]
            return ContainerCompiler.check(definition, CompileContext(publicID: "HL-TEST0001", version: 1))
                .map(\.severity)
        }
        #expect(severity("^/(de|fr)/.*$") == [])
        #expect(severity("(a+)+$") == [.notice], "our own matcher has it")
        #expect(severity("(a+)+\\1$") == [.error], "it refers back")
        #expect(severity("(") == [.confirmation])
        #expect(severity("a{{_event}}") == [.notice])
        #expect(severity("^{{Loop}}\\1$") == [.error], "a constant is what it always is")
    }

    /// In a table either form may be what the page asks for; where what matches is replaced, the browser has to find it.
    @Test func patternsThatBrowsersCouldRunForEverOnAreCutIntoSteps() throws {
        var definition = ContainerDefinition.image("{{Table}}")
        var table = Variable(id: "1", name: "Table", type: "remm")
        table.parameters = [
            .init("input", .template("{{Page URL}}")),
            .init("map", .list([.map([.init("key", .template("(a|b*)*c")), .init("value", .template("1"))])])),
        ]
        definition.variables = [table]
        let compiled = try CompiledText(definition)
        #expect(compiled.data.contains(",X:[[\"(a|b*)*c\",["), "\(compiled.data)")
        #expect(compiled.data.contains("],[\"^(?:(a|b*)*c)$\",[\"^\","), "\(compiled.data)")
        table.parameters.append(.init("replaceAfterMatch", .boolean("true")))
        definition.variables = [table]
        #expect(throws: TaggingError.self) { try CompiledText(definition) }
    }
}
