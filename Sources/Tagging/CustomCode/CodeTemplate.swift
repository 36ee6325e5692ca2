/// Custom code with `{{Name}}` references: what stands in it, and the function that it becomes.
///
/// A reference is code wherever it stands, never text that is put into the code's text: no value of a page can end a
/// string or begin a statement. With `v` for the resolver and 3 for the variable's place:
///
/// | where | written | becomes |
/// | --- | --- | --- |
/// | code | `f({{Name}})` | `f(v(3))` |
/// | string | `'a{{Name}}b'` | `'a'.concat(v.s(3),'b')`; a key of an object gets brackets around it |
/// | template | `` `a{{Name}}b` `` | `` `a${v.s(3)}b` `` |
/// | regular expression | `/a{{Name}}/i` | `RegExp('a'.concat(v.s(3).replace(…)),"i")`, the value taken literally |
/// | comment | | stays text |
///
/// A name that the container lacks is reported, and counts as a variable without a value: `undefined`.
///
/// A script's names are the page's globals, as in a `<script>` of its own: `var` assigns globals (so that
/// `var _paq = _paq || []` keeps the queue that is there), functions are published before the code runs, `let`, `const`
/// and `class` after it.
package enum CodeTemplate {
    /// What a piece of code is.
    package enum Kind: Sendable {
        /// A custom JavaScript variable: one function, called for its value.
        case variable
        /// The code of a `<script>`: statements.
        case script

        var goal: JavaScriptSyntax.Goal { self == .variable ? .functionExpression : .script }
    }

    /// A part of code by where it stands.
    package enum Part: Sendable, Hashable {
        case text(String)
        /// The name of a variable whose value stands here, in code, a string, a template or a regular expression.
        case value(String)
    }

    /// What `compile` gives.
    package struct Compiled: Sendable, Hashable {
        /// A function of the resolver, whole: `function(v){…}`. It takes the container's function of places.
        package var function: String
        package var facts: JavaScriptFacts
        /// Names of variables that the container lacks, each once, in order.
        package var undefinedNames: [String]
        /// Names of variables that the code reads, each once, in order; those of `undefinedNames` are not among them.
        package var usedNames: [String]
    }

    /// The text cut at the references that count: those in comments are text. Fails as `compile` does.
    package static func split(_ source: String, as kind: Kind) -> Result<[Part], JavaScriptError> {
        let bytes = Array(source.utf8)
        return JavaScriptSyntax.parse(bytes, as: kind.goal, hasReferences: true).map { parse in
            var parts: [Part] = []
            var offset = 0
            for reference in parse.references {
                let end = reference.range.upperBound
                let start = reference.braces
                if start > offset { parts.append(.text(String(decoding: bytes[offset..<start], as: UTF8.self))) }
                parts.append(.value(Reference.name(in: bytes, start..<end)))
                offset = end
            }
            if offset < bytes.count { parts.append(.text(String(decoding: bytes[offset...], as: UTF8.self))) }
            return parts
        }
    }

    /// The function that a piece of code becomes, or why a browser would not take it. `place` gives a variable's place
    /// by its name, nil for one that is not there. O(bytes).
    package static func compile(
        _ source: String, as kind: Kind, place: (String) -> Int?
    ) -> Result<Compiled, JavaScriptError> {
        let bytes = Array(source.utf8)
        return JavaScriptSyntax.parse(bytes, as: kind.goal, hasReferences: true).map { parse in
            var rewriting = CodeRewriting(bytes, parse)
            rewriting.resolve(place)
            let code = rewriting.code(keepsVariables: kind == .variable)
            return Compiled(
                function: kind == .variable
                    ? "function(\(rewriting.resolver)){return (\n\(code)\n)()}" : rewriting.script(code),
                facts: parse.facts, undefinedNames: rewriting.undefinedNames, usedNames: rewriting.usedNames)
        }
    }
}
