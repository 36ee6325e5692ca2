import Events
import RequestParsing
import Testing

/// A JSON value as a list of its parts, against what its text says.
struct JSONTreeTests {
    /// The other tests have a tree of their own, made to be simple.
    private typealias Tree = RequestParsing.JSONTree

    private func read(_ text: String, depthMax: Int = 32) throws(JSONError) -> Tree {
        var tree = Tree()
        let bytes = Array(text.utf8)
        try tree.read(bytes.span.bytes, depthMax: depthMax, keysMax: 100_000)
        return tree
    }

    /// The value written again, by walking the tree's own links.
    private func text(_ tree: borrowing Tree, _ node: Int, _ source: [UInt8]) -> String {
        let token = String(decoding: source[tree.nodes[node].token.range], as: UTF8.self)
        switch tree.kind(node) {
        case .string: return "\"\(token)\""
        case .number, .true, .false, .null: return token
        case .object, .array:
            var parts: [String] = []
            var child = tree.first(in: node)
            while let one = child {
                let name = tree.nodes[one].key.map { "\"\(String(decoding: source[$0.range], as: UTF8.self))\":" } ?? ""
                parts.append(name + text(tree, one, source))
                child = tree.next(after: one, in: node)
            }
            let inner = parts.joined(separator: ",")
            return tree.kind(node) == .object ? "{\(inner)}" : "[\(inner)]"
        }
    }

    @Test(arguments: [
        "{}", "[]", "0", "\"\"", "null", "[[],{},[[]]]", #"{"a":{"b":[1,2,{"c":null}],"d":"x"},"e":[{}],"f":true}"#,
        #"[{"a":[]},[],{"b":{}},-1.5e3,false]"#,
    ])
    func walkingATreeGivesTheTextItWasReadFrom(_ source: String) throws {
        let tree = try read(source)
        let written = text(tree, 0, Array(source.utf8))
        let (end, count) = (tree.nodes[0].next, tree.nodes.count)
        #expect(written == source)
        #expect(end == count)
    }

    @Test func theLastMemberOfANameCountsAndNullIsNone() throws {
        let source = Array(#"{"a":1,"b":null,"a":{"x":2},"\u0063\u006c":3,"cl\u0061":4}"#.utf8)
        var tree = Tree()
        try tree.read(source.span.bytes, depthMax: 8, keysMax: 100)
        let bytes = source.span.bytes
        let names: [StaticString] = ["a", "b", "cl", "cla", "c", "x"]
        let found = names.map { tree.member($0, of: 0, in: bytes) }
        #expect(found[1] == nil && found[4] == nil && found[5] == nil)
        #expect(found[2] != nil && found[3] != nil, "names are what their escapes stand for")
        let a = try #require(found[0])
        let (kind, inner) = (tree.kind(a), tree.member("x", of: a, in: bytes))
        #expect(kind == .object && inner != nil)
        let ofNumber = tree.member("x", of: a + 1, in: bytes)
        #expect(ofNumber == nil, "a number has no members")
    }

    @Test func aTreeReadAgainKnowsNothingOfTheTextBefore() throws {
        var tree = Tree()
        let first = Array(#"{"\u0061":[1,2,3]}"#.utf8)
        let second = Array(#"{"\u0062":1}"#.utf8)
        try tree.read(first.span.bytes, depthMax: 8, keysMax: 100)
        try tree.read(second.span.bytes, depthMax: 8, keysMax: 100)
        let count = tree.nodes.count
        let (old, new) = (
            tree.member("a", of: 0, in: second.span.bytes), tree.member("b", of: 0, in: second.span.bytes)
        )
        #expect(count == 2 && old == nil && new == 1)
    }

    @Test func whatIsTooDeepTooManyOrNoJSONIsAnError() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let many = "[" + String(repeating: "0,", count: Tree.nodesMax) + "0]"
        for (source, kind) in [
            (deep, JSONError.Kind.tooDeep), (many, .tooManyKeys), ("", .unexpectedEnd), ("{", .unexpectedEnd),
            ("[1,", .unexpectedEnd), ("{]", .unexpectedByte), ("1 2", .unexpectedByte),
        ] {
            do throws(JSONError) {
                _ = try read(source)
                Issue.record("\(source.prefix(20)) was read")
            } catch {
                #expect(error.kind == kind, "\(source.prefix(20))")
            }
        }
    }
}
