import Tagging
import Testing

/// Grammar is compared with Node over thousands of texts in `Tests/Oracles/check-javascript-syntax`; here stands what a
/// change must not lose.
@Suite struct CustomCodeJavaScriptTests {
    private func problem(_ code: String, as goal: JavaScriptSyntax.Goal = .script) -> String? {
        if case .failure(let error) = JavaScriptSyntax.check(code, as: goal) { return error.problem }
        return nil
    }

    private func facts(_ code: String) throws -> JavaScriptFacts {
        try JavaScriptSyntax.check(code, as: .script).get()
    }

    @Test(arguments: [
        "a\n++b", "x = a / b / c", "if (a) /b/g.test(c)", "({a = 1} = {})", "async (a) => await a", "`${`${{}}`}`",
        "async function f(){ for await (x of y) ; }",
        "class A { #a = 1; static { this.#b } static #b(){} get c(){ return this?.#a } }", "a?.5:1", "1_000n ** 2n",
        "let\nlet1 = 1", "var yield, await, async, of", "a <!-- b\n--> c", "label: for (;;) continue label",
        "var \\u0061 = 'x'", "x = function*(){ yield* a }", "new async(a)", "a ?? (b || c)", "/(?<n>[/\\]])\\k<n>/gu",
    ])
    func whatBrowsersTakeParses(_ code: String) {
        #expect(problem(code) == nil)
    }

    @Test(arguments: [
        "return 1", "let a; var a", "a => { let b; var b }", "break", "a: while (1) (function(){ break a })",
        "({a = 1})",
        "1 = a", "a?.b = 1", "(a, b) = 1", "'use strict'; with (a) b", "function f(a, a){ 'use strict' }",
        "async function f(a = await b){}", "function* f(a = yield){}", "/(/", "/a/gg", "'a\nb'", "`${a", "/* a",
        "new.target", "super.a", "import a from 'b'", "#!a", "a ?? b || c", "-a ** b", "0_1", "3in []",
        "class A { constructor(){} constructor(){} }", "class A { b(){ this.#c } }", "if (1) let a", "await a",
    ])
    func whatBrowsersRefuseIsRefused(_ code: String) {
        #expect(problem(code) != nil)
    }

    @Test(arguments: [
        "}});alert(1);(function(){", "});alert(1);(function(){", "}alert(1);{", "*/ alert(1) /*",
        ")}{(",
    ])
    func codeCannotLeaveItsWrapper(_ code: String) {
        #expect(problem(code) != nil)
        #expect(problem("function(){\(code)}", as: .functionExpression) != nil)
    }

    @Test func aVariableIsOneFunction() {
        #expect(problem("function(){ return 1 } // done", as: .functionExpression) == nil)
        #expect(problem("(a => a)", as: .functionExpression) == nil)
        for code in ["1", "function(){}, function(){}", "function(){}()", "function(){};", "", "class {}"] {
            #expect(problem(code, as: .functionExpression) != nil)
        }
    }

    @Test func depthAndLengthAreBounded() {
        let levels = JavaScriptSyntax.depthMax + 1
        #expect(problem(String(repeating: "a?b:", count: 3_000) + "c") == nil)
        #expect(problem(String(repeating: "if(a)b;else ", count: 3_000) + "c") == nil)
        #expect(problem(String(repeating: "[", count: levels))?.contains("levels deep") == true)
        #expect(problem(String(repeating: "(class{a=", count: levels))?.contains("levels deep") == true)
        #expect(problem(String(repeating: "{", count: levels))?.contains("levels deep") == true)
        #expect(problem(String(repeating: "!", count: 100_000) + "a")?.contains("levels deep") == true)
        #expect(problem(String(repeating: "[", count: JavaScriptSyntax.bytesMax + 1))?.contains("bytes") == true)
    }

    @Test func aProblemNamesItsPlace() {
        guard case .failure(let found) = JavaScriptSyntax.check("var é = 1;\n  a b", as: .script) else {
            Issue.record("two names in a row are taken")
            return
        }
        #expect("\(found.line):\(found.column) \(found.problem)" == "2:5 unexpected \"b\"")
    }

    @Test func declarationsOfTheTopLevelAreListed() throws {
        let found = try facts(
            """
            function f(a) { var hidden }
            if (f) { var inBlock, {x, y: [z = 1]} = f; let hidden; function late() {} }
            for (var i in f) ;
            let l; const c = 1; class K {}
            """)
        let names = found.declarations.map { "\($0.kind.rawValue) \($0.name)" }
        #expect(
            names == [
                "function f", "variable inBlock", "variable x", "variable z", "blockFunction late", "variable i",
                "let l",
                "constant c", "class K",
            ])
    }

    @Test func whatCodeDoesIsKnown() throws {
        let writes = try facts("window.document.write('<p>')")
        #expect(writes.usesDocumentWrite)
        let quiet = try facts("stream.write('a'); evaluate(1); setTimeout(f, 1)")
        #expect(!quiet.usesDocumentWrite)
        #expect(!quiet.usesEval)
        for code in ["eval(a)", "new Function('a')", "setTimeout('a()', 1)", "window.setInterval(`a`)"] {
            let found = try facts(code)
            #expect(found.usesEval)
        }
        let hosts = try facts("s.src = '//cdn.test/a.js'; t = \"https://X.test:8443/b?c\"; u = '//x'; v = '/y.test'")
            .hosts
        #expect(hosts == ["cdn.test", "x.test:8443"])
    }
}
