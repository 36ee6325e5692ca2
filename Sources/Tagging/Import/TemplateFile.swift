package import RequestParsing

/// The text of a custom template of Google Tag Manager's (`template.tpl`, an export's `templateData`): sections under lines
/// like `___INFO___`, of which the first of a name counts.
///
///     ___INFO___                          JSON: kind, names, contexts
///     ___TEMPLATE_PARAMETERS___           JSON: the fields of its form, groups within groups
///     ___SANDBOXED_JS_FOR_WEB_TEMPLATE___ the code, the body of a function
///     ___WEB_PERMISSIONS___               JSON: what the code may do
///     ___TESTS___, ___NOTES___            not read
///
/// Reading never fails: what is not there or does not read is empty. O(bytes).
package struct TemplateFile: Sendable {
    /// `TAG`, or `MACRO` for a variable; empty where the text does not say.
    package private(set) var kind = ""
    package private(set) var displayName = ""
    /// `cvt_WKGBT`, or Google's word for one that has none yet.
    package private(set) var id = ""
    package private(set) var brand = ""
    package private(set) var fields: [Field] = []
    /// Nil where there is no code for web pages.
    package private(set) var code: String?
    package private(set) var permissions: [JSONValue] = []
    /// It has code for server containers.
    package private(set) var isForServers = false

    /// One field of the form that people fill in.
    package struct Field: Sendable {
        package var name: String
        /// `TEXT`, `CHECKBOX`, `SIMPLE_TABLE`, …
        package var type: String
        package var defaultValue: JSONValue?
        /// The lists of conditions of the field and the groups around it: of each list one has to hold.
        package var conditions: [[JSONValue]]
    }

    /// Fields of one template, and groups within groups; what is beyond has no default value.
    package static let fieldsMax = 1_000
    private static let depthMax = 10

    package init(_ data: String) {
        for (name, text) in TemplateFile.sections(data) {
            switch name {
            case "INFO":
                let info = TemplateFile.json(text)
                kind = info["type"]?.scalarText ?? ""
                displayName = info["displayName"]?.scalarText ?? ""
                id = info["id"]?.scalarText ?? ""
                brand = info["brand"]?["displayName"]?.scalarText ?? ""
            case "TEMPLATE_PARAMETERS":
                addFields(TemplateFile.json(text).items, [], TemplateFile.depthMax)
            case "SANDBOXED_JS_FOR_WEB_TEMPLATE", "SANDBOXED_JS":
                // The line between the header and the code is none of the code's.
                if code == nil { code = String(text.first?.isNewline == true ? text.dropFirst() : text) }
            case "WEB_PERMISSIONS": permissions = TemplateFile.json(text).items
            case "SANDBOXED_JS_FOR_SERVER": isForServers = true
            default: break
            }
        }
    }

    private static func json(_ text: Substring) -> JSONValue {
        (try? JSONReader.read(Array(text.utf8))) ?? .null
    }

    /// The sections in order, each name once; what stands before the first has none.
    static func sections(_ data: String) -> [(name: String, text: Substring)] {
        var sections: [(name: String, text: Substring)] = []
        var seen: Set<String> = []
        var open: (name: String, start: String.Index)?
        var line = data.startIndex
        func close(at end: String.Index) {
            if let open, seen.insert(open.name).inserted { sections.append((open.name, data[open.start..<end])) }
        }
        while line < data.endIndex {
            let end = data.utf8[line...].firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
            let next = end < data.endIndex ? data.utf8.index(after: end) : end
            if let name = header(data.utf8[line..<end]) {
                close(at: line)
                open = (name, next)
            }
            line = next
        }
        close(at: data.endIndex)
        return sections
    }

    /// The name of a line `___NAME___`, white space around it or not.
    private static func header(_ line: Substring.UTF8View) -> String? {
        var bytes = line.drop { $0 == 32 || $0 == 9 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        while let last = bytes.last, last == 32 || last == 9 || last == 13 { bytes.removeLast() }
        guard bytes.count > 6, bytes.count < 60, bytes.prefix(3).allSatisfy({ $0 == UInt8(ascii: "_") }),
            bytes.suffix(3).allSatisfy({ $0 == UInt8(ascii: "_") })
        else { return nil }
        let name = bytes.dropFirst(3).dropLast(3)
        let isName = name.allSatisfy {
            $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") || $0 == UInt8(ascii: "_")
                || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
        }
        return isName ? String(Substring(name)) : nil
    }

    // Recursion ends at `depth` 0.
    private mutating func addFields(_ items: [JSONValue], _ conditions: [[JSONValue]], _ depth: Int) {
        for item in items where fields.count < TemplateFile.fieldsMax {
            var around = conditions
            let own = item["enablingConditions"]?.items ?? []
            if !own.isEmpty { around.append(own) }
            if let name = item["name"]?.scalarText, let type = item["type"]?.scalarText, type != "GROUP",
                type != "LABEL"
            {
                fields.append(
                    Field(name: name, type: type, defaultValue: item["defaultValue"], conditions: around))
            }
            guard depth > 0 else { continue }
            addFields(item["subParams"]?.items ?? [], around, depth - 1)
            // Fields that belong to one of a group of buttons.
            for button in item["radioItems"]?.items ?? [] {
                let chosen = JSONValue.object([
                    .init("paramName", .string(item["name"]?.scalarText ?? "")),
                    .init("paramValue", button["value"] ?? .null), .init("type", .string("EQUALS")),
                ])
                addFields(button["subParams"]?.items ?? [], around + [[chosen]], depth - 1)
            }
        }
    }
}
