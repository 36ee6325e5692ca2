/// Writes JavaScript and markup from a template's parameters. References `{{Name}}` stay where they stand: the compiler
/// resolves them as it does in custom HTML.
enum TemplateCode {
    /// A parameter as an expression. A lone reference keeps its type.
    static func expression(_ parameter: Parameter?) -> String {
        switch parameter {
        case nil: "undefined"
        case .boolean("true")?: "true"
        case .boolean("false")?: "false"
        case .integer(let text)? where Int64(text) != nil: text
        case .list(let items)?: "[\(items.map { expression($0) }.joined(separator: ","))]"
        case .map(let members)?:
            "{\(members.map { "\(literal($0.key)):\(expression($0.value))" }.joined(separator: ","))}"
        case .some(let scalar): expression(scalar.text ?? "")
        }
    }

    /// A text as an expression.
    static func expression(_ text: String) -> String { isReference(text) ? text : literal(text) }

    /// Whether a text is one reference and nothing else.
    static func isReference(_ text: String) -> Bool {
        guard text.hasPrefix("{{"), text.hasSuffix("}}"), text.utf8.count > 4 else { return false }
        return !text.dropFirst(2).dropLast(2).contains { $0 == "{" || $0 == "}" }
    }

    /// A text as a string literal that may stand in a script element; references in it are left as they are.
    static func literal(_ text: String) -> String {
        var result = "\""
        for (part, isReference) in parts(text) {
            guard !isReference else {
                result += part
                continue
            }
            for scalar in part.unicodeScalars {
                switch scalar {
                case "\"": result += "\\\""
                case "\\": result += "\\\\"
                case "\n": result += "\\n"
                case "<": result += "\\x3c"
                case _ where scalar.value < 32 || scalar.value == 0x2028 || scalar.value == 0x2029:
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// A text as part of a URL in an attribute; references are left, and encoded when they are resolved.
    static func urlPart(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for (part, isReference) in parts(text) {
            guard !isReference else {
                result += part.utf8
                continue
            }
            for byte in part.utf8 {
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "~"):
                    result.append(byte)
                default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The code that sets consent defaults, or an update, and Google's settings beside it, in the order given. Nothing in
    /// it is declared for the page.
    static func consent(_ commands: [String], _ more: String = "") -> String {
        "(function(w,d){function g(){(w.dataLayer=w.dataLayer||[]).push(arguments)}\n"
            + commands.map { $0 + "\n" }.joined() + more + "})(window,document);"
    }

    /// `g("consent","default",{…});` from pairs of name and expression.
    static func command(_ name: String, _ pairs: [(String, String)]) -> String {
        "g(\"consent\",\"\(name)\",{\(pairs.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))});"
    }

    /// An array of the regions in a text: `DK, NL`; nil where there are none and the default is for everybody.
    static func regions(_ text: String?) -> String? {
        guard let text, text != "all" else { return nil }
        if text.contains("{{") { return "(\"\"+\(expression(text))).split(/\\s*,\\s*/)" }
        let regions = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        return regions.isEmpty ? nil : "[\(regions.map { literal(String($0)) }.joined(separator: ","))]"
    }

    /// Markup of an inline script and one with an address after it.
    static func markup(_ code: String, source: String? = nil, attributes: String = "") -> [Parameter.Member] {
        var html = code.isEmpty ? "" : "<script>\(code)</script>"
        if let source { html += "\n<script async src=\"\(source)\"\(attributes)></script>" }
        return [Parameter.Member("html", .template(html)), Parameter.Member("supportDocumentWrite", .boolean("false"))]
    }

    /// A text cut into references and what lies between them. O(bytes).
    private static func parts(_ text: String) -> [(text: String, isReference: Bool)] {
        var result: [(String, Bool)] = []
        var rest = text[...]
        while let range = GTMReferences.first(in: rest) {
            if range.lowerBound > rest.startIndex { result.append((String(rest[..<range.lowerBound]), false)) }
            result.append((String(rest[range]), true))
            rest = rest[range.upperBound...]
        }
        if !rest.isEmpty { result.append((String(rest), false)) }
        return result
    }
}
