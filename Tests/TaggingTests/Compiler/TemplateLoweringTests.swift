import Catalog
import Foundation
import RequestParsing
import Tagging
import Testing

@Suite("tags and variables of custom templates") struct TemplateLoweringTests {
    private static func template(
        _ code: String, kind: String = "TAG", fields: String = "[]", permissions: String = "[]",
        type: String = "cvt_1_2"
    ) -> ImportedTemplate {
        let text = TemplateFileTests.text(code: code, kind: kind, fields: fields, permissions: permissions)
        let foreign = JSONValue.object([.init("templateData", .string(text))])
        return ImportedTemplate(
            id: "2", name: "Made", gallery: nil, type: type,
            foreign: String(decoding: foreign.encoded, as: UTF8.self))
    }

    private static func definition(
        _ template: ImportedTemplate, _ parameters: [Parameter.Member] = [], allows: Bool = true
    ) -> ContainerDefinition {
        var definition = ContainerDefinition()
        definition.settings.allowsCustomCode = allows
        definition.templates = [template]
        var tag = Tagging.Tag(id: "1", name: "Shoes", type: template.type)
        tag.firingTriggers = [BuiltInTrigger.allPages.rawValue]
        tag.parameters = parameters
        definition.tags = [tag]
        return definition
    }

    private static func custom(_ compiled: CompiledText) -> String {
        String(decoding: compiled.compiled.custom?.bytes ?? [], as: UTF8.self)
    }

    @Test func theCodeIsAFunctionOfDataAndRequire() throws {
        let compiled = try CompiledText(
            TemplateLoweringTests.definition(TemplateLoweringTests.template("return require('getType')(data.a);")))
        #expect(
            TemplateLoweringTests.custom(compiled).contains(
                "return function(data,require){\"use strict\";return function(){\n"))
        #expect(compiled.data.contains("{t:\"template\",p:{i:0,d:[3]}"))
        #expect(compiled.data.contains(",P:[[0,{}]]"))
        #expect(compiled.findings.isEmpty)
    }

    @Test func namesOfThePageAreHiddenAndFound() throws {
        let code =
            "const a = x => window.b + a + y; function f(c = document) { var document; return arguments; } f(NaN, f);"
        let compiled = try CompiledText(TemplateLoweringTests.definition(TemplateLoweringTests.template(code)))
        #expect(TemplateLoweringTests.custom(compiled).contains("var window,y,document;return function(){"))
        #expect(
            compiled.says("its code names what templates do not have, which is undefined there: window, y, document"))
    }

    @Test(arguments: [
        ("const f = function g(n) { return n ? g(n - 1) : 0 }; f(1)", [String]()),
        ("for (const [k, v] of data.a) { k(v) }", []), ("try { data() } catch (e) { e() }", []),
        ("let { a, b: { c }, ...d } = data; a(c, d)", []), ("((a, { b }, [c] = a, ...d) => a + b + c + d)(1, {})", []),
        ("switch (data.a) { case 1: { const z = 1; z } default: z }", ["z"]), ("a: for (;;) break a", []),
        ("data.window.document; ({ window: 1, document() {} })", []), ("({ location })", ["location"]),
        ("typeof screen; top = 1", ["screen", "top"]), ("`${name}`", ["name"]), ("h(); { function h() {} }", ["h"]),
        ("later(); function later() {}", []), ("x = y => z => x + y + z", ["x"]), ("async () => await self", ["self"]),
        ("({ a: (p) } = data); [q] = []", ["p", "q"]),
    ])
    func freeNamesAreThoseThatNothingDeclares(_ code: String, _ names: [String]) throws {
        let facts = try JavaScriptSyntax.check(code, as: .functionBody).get()
        #expect(facts.freeNames.filter { $0 != "data" } == names)
    }

    @Test func whatIsRequiredIsKnown() throws {
        let code = "require('a'); // require('b')\n'require(\\'c\\')'; const r = 'x'; require(\"d\")(require('a'));"
        let facts = try JavaScriptSyntax.check(code, as: .functionBody).get()
        #expect(facts.requires == ["a", "d"])
        #expect(!facts.requiresAnything)
        #expect(try JavaScriptSyntax.check("const r = require; r('a')", as: .functionBody).get().requiresAnything)
        #expect(try JavaScriptSyntax.check("require('a' + b)", as: .functionBody).get().requiresAnything)
    }

    @Test(arguments: [
        ("require('sendHttpRequest')", "require('sendHttpRequest')"), ("const = 1", "does not parse, line"),
        ("eval('1')", "names eval"), ("}}; alert(1); function x() {{", "does not parse"),
        ("with (data) {}", "does not parse"),
    ])
    func whatCannotRunSaysWhy(_ code: String, _ reason: String) throws {
        let definition = TemplateLoweringTests.definition(TemplateLoweringTests.template(code))
        let compiled = try CompiledText(definition)
        #expect(compiled.says(reason))
        #expect(compiled.compiled.custom == nil)
        #expect(ContainerAnalysis.of(definition).refused.count == 1)
    }

    @Test func modulesAreThoseOfWhatIsRequired() throws {
        func script(_ code: String) throws -> String {
            let definition = TemplateLoweringTests.definition(TemplateLoweringTests.template(code))
            return String(decoding: try CompiledText(definition).compiled.script.bytes, as: UTF8.self)
        }
        let plain = try script("require('makeString')(1)")
        #expect(!plain.contains("SHA-256"))
        #expect(!plain.contains("injectScript"))
        #expect(try script("require('sha256')('a')").contains("SHA-256"))
        #expect(try script("require(data.name)").contains("injectScript"))
        let own = String(decoding: try CompiledText(.image("https://a.test/p")).compiled.script.bytes, as: UTF8.self)
        #expect(!own.contains("gtmOnSuccess"))
    }

    @Test func parametersHaveTheTypesOfFieldsAndDefaultsWhereTheyAreShown() throws {
        let fields = """
            [{"type": "CHECKBOX", "name": "on"}, {"type": "TEXT", "name": "a", "defaultValue": "x"},
             {"type": "TEXT", "name": "b", "defaultValue": "y", "enablingConditions": [
               {"paramName": "on", "paramValue": false, "type": "EQUALS"}]},
             {"type": "SIMPLE_TABLE", "name": "t", "defaultValue": [{"k": 1}]}]
            """
        let template = TemplateLoweringTests.template("return 1;", fields: fields)
        let on = Parameter.Member("on", .template("true"))
        let compiled = try CompiledText(TemplateLoweringTests.definition(template, [on]))
        #expect(compiled.data.contains("d:[3,\"on\",true,\"a\",\"x\",\"t\",[2,[3,\"k\",1]]]"))
    }

    @Test func withoutLeaveForCustomCodeItIsLeftOut() throws {
        let definition = TemplateLoweringTests.definition(TemplateLoweringTests.template("return 1;"), allows: false)
        #expect(definition.hasCustomCode)
        let compiled = try CompiledText(definition)
        #expect(compiled.says("warning: tag \"Shoes\": it does not run: it is custom code, which is not allowed"))
        #expect(compiled.compiled.custom == nil)
    }

    @Test func aVariablesTemplateIsAVariable() throws {
        var definition = ContainerDefinition.image("https://a.test/{{Made}}")
        definition.settings.allowsCustomCode = true
        definition.templates = [TemplateLoweringTests.template("return data.a;", kind: "MACRO")]
        var variable = Variable(id: "5", name: "Made", type: "cvt_1_2")
        variable.parameters = [.init("a", .template("b"))]
        definition.variables = [variable]
        let compiled = try CompiledText(definition)
        #expect(compiled.data.contains("V:[[\"template\",{i:0,d:[3,\"a\",\"b\"]}]]"))
        #expect(compiled.findings.isEmpty)
        definition.templates = [TemplateLoweringTests.template("return data.a;")]
        #expect(try CompiledText(definition).says("it is undefined: it is of the kind TAG"))
    }

    @Test func hostsOfPermissionsAreForTheCSPAndForKills() throws {
        let permissions = """
            [{"instance": {"key": {"publicId": "inject_script"}, "param": [{"key": "urls", "value": {"type": 2,
            "listItem": [{"type": 1, "string": "https://*.vendor.test/*"}]}}]}},
            {"instance": {"key": {"publicId": "send_pixel"}, "param": [{"key": "urls", "value": {"type": 2,
            "listItem": [{"type": 1, "string": "https://px.test/"}]}}]}}]
            """
        let template = TemplateLoweringTests.template("require('injectScript')('a')", permissions: permissions)
        let definition = TemplateLoweringTests.definition(template, [.init("u", .template("https://api.test/x"))])
        let compiled = try CompiledText(definition)
        #expect(compiled.compiled.scriptHosts == ["*.vendor.test"])
        #expect(compiled.compiled.connectHosts == ["api.test", "px.test"])
        #expect(ContainerAnalysis.of(definition).beforeConsent.count == 1)
        let killed = try CompiledText(definition) { $0.killedHosts = ["cdn.vendor.test"] }
        #expect(killed.compiled.custom == nil)
        #expect(killed.says("is switched off"))
        let other = try CompiledText(definition) { $0.killedHosts = ["else.test"] }
        #expect(other.data.contains(",K:[\"else.test\"]"))
    }

    @Test func anExportWithTemplatesComesBackAsItWas() throws {
        let text = TemplateFileTests.text(code: "return '</script>\\u2028';", kind: "MACRO")
        let data = String(decoding: JSONValue.string(text).encoded, as: UTF8.self)
        let bytes = Exports.text(
            """
            "tag": [{"tagId": "1", "name": "t", "type": "cvt_2_3", "firingTriggerId": ["2147479553"], "parameter": [
              {"type": "TEMPLATE", "key": "a", "value": "{{v}}"}]}],
            "variable": [{"variableId": "1", "name": "v", "type": "cvt_AB12C"}],
            "customTemplate": [
              {"accountId": "1", "containerId": "2", "templateId": "3", "name": "T", "fingerprint": "9",
               "templateData": \(String(decoding: JSONValue.string(TemplateFileTests.text()).encoded, as: UTF8.self))},
              {"accountId": "1", "containerId": "2", "templateId": "4", "name": "V", "templateData": \(data)}]
            """)
        let first = try GTMExport.read(bytes)
        #expect(first.definition.templates.map(\.type) == ["cvt_2_3", "cvt_AB12C"])
        #expect(ContainerAnalysis.of(first.definition).runs.map(\.name) == ["t"])
        #expect(first.findings.allSatisfy { $0.severity == .notice })
        let second = try GTMExport.read(GTMExport.write(first.definition, name: "n", publicID: "HL-1"))
        #expect(DefinitionDiff.between(first.definition, second.definition).isEmpty)
        #expect(first.definition == second.definition)
    }
}
