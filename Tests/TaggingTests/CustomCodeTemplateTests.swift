import Tagging
import Testing

@Suite struct CustomCodeTemplateTests {
    private func compiled(
        _ code: String, as kind: CodeTemplate.Kind = .script
    ) throws -> CodeTemplate.Compiled {
        try CodeTemplate.compile(code, as: kind, place: { ["x": 0, "Page URL": 7][$0] }).get()
    }

    @Test(arguments: [
        ("f({{x}})", "f(v(0))"), ("f('a{{x}}b')", "f('a'.concat(v.s(0),'b'))"),
        ("f(\"{{x}}\")", "f(\"\".concat(v.s(0)))"),
        ("f(`a{{Page URL}}`)", "f(`a${v.s(7)}`)"), ("f({'{{x}}': 1})", "f({[''.concat(v.s(0))]: 1})"),
        ("f('{{x}}{{x}}')", "f(''.concat(v.s(0),v.s(0)))"), ("f('\\{{x}}')", "f(''.concat(v.s(0)))"),
        ("f() // {{x}}", "f() // {{x}}"), ("f({{nope}})", "f(undefined)"), ("new {{x}}()", "new (v(0))()"),
        ("f({a:{b:{}}})", "f({a:{b:{}}})"), ("typeof{{x}}", "typeof v(0)"),
    ])
    func aReferenceBecomesCode(_ code: String, _ wanted: String) throws {
        let found = try compiled(code)
        #expect(found.function == "function(v){\n\(wanted)\n}")
    }

    @Test func aReferenceInARegularExpressionMeansItsCharacters() throws {
        let found = try compiled("f(/^{{x}}\\d/i)")
        #expect(
            found.function.contains(
                #"RegExp(''.concat("^",v.s(0).replace(/[-\/\\^$*+?.()|[\]{}]/g,"\\$&"),"\\d"),"i")"#))
    }

    @Test func namesAreReported() throws {
        let found = try compiled("f({{nope}}, '{{x}}', {{nope}}, {{Page URL}}) /* {{comment}} */")
        #expect(found.undefinedNames == ["nope"])
        #expect(found.usedNames == ["x", "Page URL"])
    }

    @Test func theResolverHasANameOfItsOwn() throws {
        let found = try compiled("var v = 1, v0; f({{x}})")
        #expect(found.function.hasPrefix("function(v1){"))
        #expect(found.function.contains("f(v1(0))"))
    }

    @Test func namesOfTheTopLevelAreGlobals() throws {
        let queue = try compiled("var q = q || []\nq.push(1)").function
        #expect(
            queue == "function(v){window.hasOwnProperty(\"q\")||(window.q=void 0);\nvoid 0, q = q || [];\nq.push(1)\n}")
        let declared = try compiled("function f(){}\nlet l = 1").function
        #expect(declared == "function(v){window.f=f;\nfunction f(){}\nlet l = 1\n;window.l=l;}")
        let inner = try compiled("(function(){ var a = 1 })()").function
        #expect(inner == "function(v){\n(function(){ var a = 1 })()\n}")
    }

    @Test func strictCodeStaysStrict() throws {
        let found = try compiled("'use strict'; var a").function
        #expect(found.hasPrefix("function(v){\"use strict\";window"))
    }

    @Test func aVariableIsCalled() throws {
        let found = try compiled("function(){ return {{x}} } // end", as: .variable)
        #expect(found.function == "function(v){return (\nfunction(){ return v(0) } // end\n)()}")
    }

    @Test(arguments: ["{{x}} = 1", "{{x}}++", "var {{x}}", "f({{x)", "a {{x}}", "let {{x}}", "class A { {{x}}(){} }"])
    func referencesThatAreNoExpressionsAreRefused(_ code: String) {
        let found = CodeTemplate.compile(code, as: .script, place: { _ in 0 })
        #expect(throws: JavaScriptError.self) { try found.get() }
    }

    @Test func partsAreSplit() throws {
        let parts = try CodeTemplate.split("f('a{{x}}', {{y}})", as: .script).get()
        #expect(parts == [.text("f('a"), .value("x"), .text("', "), .value("y"), .text(")")])
    }
}
