internal import RequestParsing

/// A custom template that came with an import, looked at: what runs it here, or why nothing does.
///
/// Its code becomes a function of the custom script as it stands (`Lowering+Templates.swift`); the runtime gives it
/// `data` and `require`. Names that it would take from the page are undefined in it.
struct CustomTemplate: Sendable {
    let name: String
    let file: TemplateFile
    let permissions: TemplatePermissions
    let verdict: Verdict

    enum Verdict: Sendable {
        case runs(Code)
        /// Half a sentence for people.
        case refused(String)
    }

    struct Code: Sendable {
        var text: String
        /// Names that the code would take from the page, in order.
        var freeNames: [String]
        /// Modules of the runtime that it needs.
        var modules: [String]
    }

    /// Templates of a container that are run.
    static let countMax = 200
    /// Of one template's code. Google Tag Manager's own bound for custom HTML is the same.
    static let codeBytesMax = 102_400

    /// What a browser would not take as a name of a variable, so that it cannot be kept from the code.
    private static let unhidden: Set<String> = ["eval"]
    /// Names that code of a template has without requiring them.
    private static let given: Set<String> = ["data", "require", "undefined", "NaN", "Infinity"]

    /// Reads and checks a template. O(bytes).
    init(_ template: ImportedTemplate) {
        let data = JSONValue.foreign(template.foreign).first { $0.name == "templateData" }?.value.scalarText ?? ""
        let file = TemplateFile(data)
        self.file = file
        name = template.name.isEmpty ? file.displayName : template.name
        permissions = TemplatePermissions(file.permissions)
        verdict = CustomTemplate.verdict(file, permissions)
    }

    private static func verdict(_ file: TemplateFile, _ permissions: TemplatePermissions) -> Verdict {
        guard let text = file.code else {
            return .refused(file.isForServers ? "it is for server containers" : "it has no code for web pages")
        }
        guard text.utf8.count <= codeBytesMax else {
            return .refused("it has \(text.utf8.count) bytes of code, more than \(codeBytesMax)")
        }
        let facts: JavaScriptFacts
        switch JavaScriptSyntax.check(text, as: .functionBody) {
        case .success(let found): facts = found
        case .failure(let error):
            return .refused("its code does not parse, line \(error.line): \(error.problem)")
        }
        let missing = facts.requires.filter { TemplateAPI.module(of: $0) == nil }
        guard missing.isEmpty else {
            let list = missing.prefix(5).map { "require('\($0.prefix(40))')" }.joined(separator: ", ")
            return .refused("it needs what there is not here: \(list)")
        }
        let free = facts.freeNames.filter { !given.contains($0) }
        if let name = free.first(where: unhidden.contains) {
            return .refused("its code names \(name), which templates do not have")
        }
        var modules = facts.requires.flatMap(TemplateAPI.modules(of:))
        if facts.requires.contains("queryPermission") { modules += TemplateAPI.modules(for: permissions) }
        if facts.requiresAnything { modules = TemplateAPI.allModules }
        return .runs(Code(text: text, freeNames: free, modules: Set(modules).sorted()))
    }

    /// Its code, if it runs as a tag (`TAG`) or a variable (`MACRO`).
    func code(as kind: String) -> Code? {
        guard case .runs(let code) = verdict, file.kind == kind || file.kind.isEmpty else { return nil }
        return code
    }

    /// Why nothing runs it as that: half a sentence; nil where something does.
    func reason(as kind: String) -> String? {
        if case .refused(let reason) = verdict { return reason }
        return code(as: kind) == nil ? "it is of the kind \(file.kind.prefix(20))" : nil
    }

    // MARK: Parameters

    /// A tag's or variable's parameters with the types that the form's fields have, and the default values of fields that
    /// are missing though the form would show them.
    func typed(_ parameters: [Parameter.Member]) -> [Parameter.Member] {
        var types: [String: String] = [:]
        for field in file.fields where types[field.name] == nil { types[field.name] = field.type }
        var result = parameters.map { member in
            guard types[member.key] == "CHECKBOX", case .template(let text) = member.value else { return member }
            return Parameter.Member(member.key, .boolean(text))
        }
        var given = Set(parameters.map(\.key))
        let defaults = file.fields.filter { !given.contains($0.name) && $0.defaultValue != nil }
        for field in defaults where isShown(field, parameters) && given.insert(field.name).inserted {
            guard let value = field.defaultValue, let parameter = CustomTemplate.parameter(value, 8) else { continue }
            result.append(Parameter.Member(field.name, parameter))
        }
        return result
    }

    private func isShown(_ field: TemplateFile.Field, _ parameters: [Parameter.Member]) -> Bool {
        field.conditions.allSatisfy { list in list.contains { holds($0, parameters) } }
    }

    /// A condition on another field; one that cannot be told beforehand does not hold.
    private func holds(_ condition: JSONValue, _ parameters: [Parameter.Member]) -> Bool {
        guard let name = condition["paramName"]?.scalarText else { return false }
        let value =
            parameters[name]?.text ?? file.fields.first { $0.name == name }?.defaultValue?.scalarText
        let wanted = (condition["paramValue"] ?? condition["value"])?.scalarText ?? ""
        if let value, GTMReferences.first(in: value[...]) != nil { return false }
        switch condition["type"]?.scalarText {
        case "EQUALS": return (value ?? "") == wanted
        case "NOT_EQUALS": return (value ?? "") != wanted
        case "PRESENT", "NON_EMPTY": return value?.isEmpty == false
        case "NOT_PRESENT": return value?.isEmpty != false
        default: return false
        }
    }

    /// A default value as a parameter. Recursion ends at `depth` 0.
    private static func parameter(_ value: JSONValue, _ depth: Int) -> Parameter? {
        switch value {
        case .string(let text): return .template(text)
        case .bool(let flag): return .boolean(flag ? "true" : "false")
        case .integer(let number): return .integer(String(number))
        case .number(let text): return .template(text)
        case .null: return nil
        case .array(let items): return depth > 0 ? .list(items.compactMap { parameter($0, depth - 1) }) : nil
        case .object(let members):
            guard depth > 0 else { return nil }
            return .map(
                members.compactMap { member in
                    parameter(member.value, depth - 1).map { Parameter.Member(member.name, $0) }
                })
        }
    }
}
