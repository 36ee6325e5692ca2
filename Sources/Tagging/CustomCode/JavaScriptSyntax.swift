/// Whether a text is JavaScript that a browser takes, and what it does at its top level. Nothing is run.
///
/// The grammar is ECMAScript 2023's for sloppy scripts, with what browsers add (HTML-like comments, functions in
/// blocks, Annex B regular expressions) and with the early errors that decide whether a browser refuses the text as a
/// whole. A hashbang is refused: the code ends up inside another script.
///
/// **Why checked code cannot leave its wrapper.** The compiler writes a piece between `function(v){` and `}`, each
/// followed or preceded by a line's end. A piece that is a whole script has its brackets balanced, and its last token,
/// template, literal and comment end with it or with the line; so the wrapper's brace is the next token after it, and
/// can only close what the wrapper opened. What would be read otherwise inside a function is refused in a script
/// (`return`, `new.target`), or reads the same (`await`, `yield` and `let` as names). `}});alert(1);(function(){` fails
/// at its first brace.
///
/// Cost: O(bytes); recursion is bounded by `depthMax`, the text by `bytesMax`.
package enum JavaScriptSyntax {
    /// Longer texts are refused.
    package static let bytesMax = 1 << 20
    /// Statements, expressions and brackets inside one another, at most; what stands in brackets counts as well as the
    /// brackets. The deepest takes about 3 MB of stack.
    package static let depthMax = 500

    /// What the text has to be.
    package enum Goal: Sendable {
        /// Statements, as in a `<script>`.
        case script
        /// One function (`function () {…}`, `() => …`, `class` not), in parentheses or not, and nothing else.
        case functionExpression
        /// The body of a function in strict mode: statements, with `return`. Its facts have the free names.
        case functionBody
    }

    /// The facts of a text that parses, or the first problem of one that does not.
    package static func check(
        _ source: String, as goal: Goal
    ) -> Result<JavaScriptFacts, JavaScriptError> {
        parse(Array(source.utf8), as: goal, hasReferences: false).map(\.facts)
    }

    /// The same with what a rewriting needs. With `hasReferences`, `{{Name}}` is an expression in code, and is noted in
    /// strings, templates and regular expressions.
    static func parse(
        _ bytes: [UInt8], as goal: Goal, hasReferences: Bool
    ) -> Result<JavaScriptParse, JavaScriptError> {
        guard bytes.count <= bytesMax else {
            return .failure(JavaScriptError(line: 1, column: 1, problem: "more than \(bytesMax) bytes of code"))
        }
        var parser = JavaScriptParser(bytes, hasReferences: hasReferences)
        do throws(JavaScriptFault) {
            switch goal {
            case .script: try parser.script()
            case .functionExpression: try parser.functionOnly()
            case .functionBody: try parser.functionBody()
            }
            return .success(parser.result())
        } catch {
            return .failure(JavaScriptError(error, in: bytes))
        }
    }
}

/// What the top level of a script declares, and what its code does that a container has to know.
package struct JavaScriptFacts: Sendable, Hashable {
    /// Names in the order of their first declaration; a name is there once.
    package var declarations: [Declaration] = []
    /// `document.write` or `writeln` by that name.
    package var usesDocumentWrite = false
    /// `eval(…)`, `Function(…)` or `setTimeout("…")`: a strict CSP stops it.
    package var usesEval = false
    /// Hosts that strings of the code name (`https://…`, `//…`), in order, each once, at most `hostsMax`: what the code
    /// may load from or send to. Hosts that it puts together are not seen.
    package var hosts: [String] = []
    package static let hostsMax = 100
    /// The text begins with `"use strict"`.
    package var isStrict = false
    /// Of a function's body, names that it reads or sets and does not declare, in order, each once: what it would take
    /// from the page. `arguments` is none.
    package var freeNames: [String] = []
    /// Of a function's body, what it calls `require` with, in order, each once.
    package var requires: [String] = []
    /// It calls `require` with something else than one plain string, or hands it on.
    package var requiresAnything = false

    package struct Declaration: Sendable, Hashable {
        package var name: String
        package var kind: Kind
    }

    package enum Kind: String, Sendable, CaseIterable {
        /// A function declared at the top level: there before the code runs.
        case function
        /// A function declared in a block of sloppy code: a variable that the block sets.
        case blockFunction
        /// `var`, also in blocks, loops and patterns.
        case variable
        case `let`, constant, `class`
    }
}

/// The first problem of a text; lines and columns (in characters) from 1.
package struct JavaScriptError: Error, Sendable, Hashable {
    package var line: Int
    package var column: Int
    /// A phrase for people: `unexpected "}"`.
    package var problem: String
}

extension JavaScriptError {
    /// The place of a fault as people count. O(bytes).
    init(_ fault: JavaScriptFault, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(fault.offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column, problem: fault.problem)
    }
}

/// A problem by its byte.
struct JavaScriptFault: Error {
    var offset: Int
    var problem: String
}

/// A parse: the facts, and places that a rewriting changes.
struct JavaScriptParse {
    var facts = JavaScriptFacts()
    /// `{{Name}}` in code, strings, templates and regular expressions, in order.
    var references: [JavaScriptReference] = []
    /// Strings with references that are keys: they have to become computed.
    var keys: [Range<Int>] = []
    /// `var` of the top level, in order.
    var variables: [JavaScriptVariableStatement] = []
    /// Functions of the top level that a `var` names as well.
    var redeclared: Set<String> = []
    /// Names in the code like `v` and `v12`, which the resolver cannot have.
    var resolverLike: Set<String> = []
}

/// A reference in code, and what it stands in.
struct JavaScriptReference {
    /// From `{{`, or the backslash before it, to behind `}}`.
    var range: Range<Int>
    /// Where `{{` begins.
    var braces: Int
    /// The literal that it is part of, with quotes; the same as `range` in code.
    var literal: Range<Int>
    var context: Context

    enum Context {
        /// After `new` and `delete`, a call has to stand in parentheses.
        case code, codeAfterWord, string, template, regex
    }
}

/// A `var` that declares globals.
struct JavaScriptVariableStatement {
    /// Where the word `var` begins.
    var offset: Int
    /// `for (var x of …)`: the word just goes.
    var isLoopHead: Bool
    /// Where a semicolon has to be written that the code left to the parser.
    var missingSemicolon: Int?
}
