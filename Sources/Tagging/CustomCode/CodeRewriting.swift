/// Writes code anew, with the resolver's calls in place of references.
struct CodeRewriting {
    private let bytes: [UInt8]
    private let parse: JavaScriptParse
    /// A name like `v` that the code does not have.
    let resolver: String
    private(set) var undefinedNames: [String] = []
    private(set) var usedNames: [String] = []
    private var places: [String: Int?] = [:]
    private var edits: [(range: Range<Int>, text: String)] = []

    init(_ bytes: [UInt8], _ parse: JavaScriptParse) {
        self.bytes = bytes
        self.parse = parse
        var number = -1
        var name = "v"
        while parse.resolverLike.contains(name) {
            number += 1
            name = "v\(number)"
        }
        resolver = name
    }

    /// Asks for the place of every name once.
    mutating func resolve(_ place: (String) -> Int?) {
        for reference in parse.references {
            let name = self.name(reference)
            if places[name] != nil { continue }
            let found = place(name)
            places[name] = .some(found)
            if found == nil { undefinedNames.append(name) } else { usedNames.append(name) }
        }
    }

    private func name(_ reference: JavaScriptReference) -> String {
        Reference.name(in: bytes, reference.braces..<reference.range.upperBound)
    }

    /// The code with every reference replaced, and with `var` of the top level taken away.
    mutating func code(keepsVariables: Bool) -> String {
        edits = []
        var index = 0
        while index < parse.references.count {
            let first = parse.references[index]
            var last = index + 1
            while last < parse.references.count, parse.references[last].literal == first.literal { last += 1 }
            write(parse.references[index..<last])
            index = last
        }
        for key in parse.keys {
            edits.append((key.lowerBound..<key.lowerBound, "["))
            edits.append((key.upperBound..<key.upperBound, "]"))
        }
        if !keepsVariables { releaseVariables() }
        return edited()
    }

    /// The edits in the order of their places; at one place, what was noted first comes first.
    private func edited() -> String {
        let sorted = edits.enumerated().sorted {
            ($0.element.range.lowerBound, $0.element.range.upperBound, $0.offset)
                < ($1.element.range.lowerBound, $1.element.range.upperBound, $1.offset)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16 * edits.count)
        var offset = 0
        for (_, edit) in sorted {
            result.append(contentsOf: bytes[offset..<max(edit.range.lowerBound, offset)])
            result.append(contentsOf: edit.text.utf8)
            offset = max(edit.range.upperBound, offset)
        }
        result.append(contentsOf: bytes[offset...])
        return String(decoding: result, as: UTF8.self)
    }

    /// The references of one literal, or one in code.
    private mutating func write(_ references: ArraySlice<JavaScriptReference>) {
        guard let first = references.first else { return }
        switch first.context {
        case .code: edits.append((first.range, space(before: first.range) + value(first)))
        case .codeAfterWord: edits.append((first.range, "(\(value(first, "void 0")))"))
        case .template:
            for reference in references { edits.append((reference.range, "${\(text(reference))}")) }
        case .string: writeString(references, first.literal)
        case .regex: writeRegex(references, first.literal)
        }
    }

    /// `'a{{b}}c'` as `'a'.concat(v.s(1),'c')`: it begins as it did, so no line end before it changes its meaning, and
    /// it binds as it did.
    private mutating func writeString(_ references: ArraySlice<JavaScriptReference>, _ literal: Range<Int>) {
        let quote = bytes[literal.lowerBound]
        let mark = String(UnicodeScalar(quote))
        var pieces: [String] = []
        var head = mark + mark
        var offset = literal.lowerBound + 1
        for reference in references {
            let piece = mark + String(decoding: bytes[offset..<reference.range.lowerBound], as: UTF8.self) + mark
            if reference.range.lowerBound > offset {
                if pieces.isEmpty { head = piece } else { pieces.append(piece) }
            }
            pieces.append(text(reference))
            offset = reference.range.upperBound
        }
        if offset < literal.upperBound - 1 {
            pieces.append(mark + String(decoding: bytes[offset..<literal.upperBound], as: UTF8.self))
        }
        edits.append((literal, "\(head).concat(\(pieces.joined(separator: ",")))"))
    }

    /// `/a{{b}}/g` as a call of `RegExp`, in which the values' own characters mean themselves.
    private mutating func writeRegex(_ references: ArraySlice<JavaScriptReference>, _ literal: Range<Int>) {
        guard let slash = bytes[literal].lastIndex(of: UInt8(ascii: "/")) else { return }
        var call = "''.concat("
        var offset = literal.lowerBound + 1
        for reference in references {
            if offset < reference.range.lowerBound { call += quoted(bytes[offset..<reference.range.lowerBound]) + "," }
            call += text(reference) + #".replace(/[-\/\\^$*+?.()|[\]{}]/g,"\\$&"),"#
            offset = reference.range.upperBound
        }
        call += quoted(bytes[offset..<slash]) + ")"
        let flags = String(decoding: bytes[(slash + 1)..<literal.upperBound], as: UTF8.self)
        edits.append((literal, space(before: literal) + "RegExp(\(call),\"\(flags)\")"))
    }

    /// A part of a regular expression as a string.
    private func quoted(_ slice: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in slice {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    private func value(_ reference: JavaScriptReference, _ missing: String = "undefined") -> String {
        guard let place = places[name(reference)] ?? nil else { return missing }
        return "\(resolver)(\(place))"
    }

    private func text(_ reference: JavaScriptReference) -> String {
        guard let place = places[name(reference)] ?? nil else { return "'undefined'" }
        return "\(resolver).s(\(place))"
    }

    /// A space where a name would run into the word before.
    private func space(before range: Range<Int>) -> String {
        range.lowerBound > 0 && isNamePart(bytes[range.lowerBound - 1]) ? " " : ""
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    // MARK: Globals

    /// `var` of the top level becomes assignments of globals: `var a = 1, b` is `void 0, a = 1, b`, which begins and
    /// ends as a statement does wherever the `var` stood.
    private mutating func releaseVariables() {
        for statement in parse.variables {
            let word = statement.offset..<(statement.offset + 3)
            edits.append((word, statement.isLoopHead ? "" : "void 0,"))
            if let end = statement.missingSemicolon { edits.append((end..<end, ";")) }
        }
    }

    /// The function of a script around its rewritten code.
    func script(_ code: String) -> String {
        var before = parse.facts.isStrict ? "\"use strict\";" : ""
        var after = ""
        for declaration in parse.facts.declarations {
            let name = declaration.name
            switch declaration.kind {
            case .variable: before += "window.hasOwnProperty(\"\(name)\")||(window.\(name)=void 0);"
            case .function:
                before += "window.\(name)=\(name);"
                if parse.redeclared.contains(name) { after += "window.\(name)=\(name);" }
            case .blockFunction:
                before += "\(name)=window.\(name);"
                after += "window.\(name)=\(name);"
            case .let, .constant, .class: after += "window.\(name)=\(name);"
            }
        }
        return "function(\(resolver)){\(before)\n\(code)\n\(after.isEmpty ? "" : ";" + after)}"
    }
}
