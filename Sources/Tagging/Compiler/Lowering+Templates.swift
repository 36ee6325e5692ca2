/// Tags and variables that run their custom template's own code.
extension Lowering {
    /// The parameters of a tag or variable of a template: `i`, the template's place, and `d`, what its code sees as `data`.
    mutating func lower(
        _ template: CustomTemplate, _ code: CustomTemplate.Code, type: String, _ parameters: [Parameter.Member],
        _ words: String
    ) -> [(key: String, value: Lowered)] {
        modules.formUnion([TemplateAPI.baseModule] + code.modules)
        let data = template.typed(parameters).map { member in
            Lowered.Pair(key: .text(member.key), value: lower(member.value, at: "\(words): parameter \(member.key)"))
        }
        return [
            ("i", .integer(Int64(place(of: template, code, type: type)))), ("d", .map(data)),
        ]
    }

    /// Writes a variable of a template to its place.
    mutating func lower(
        _ variable: Variable, of template: CustomTemplate, _ code: CustomTemplate.Code, to place: Int, _ words: String
    ) {
        guard plan.index.definition.settings.allowsCustomCode else {
            variables[place].type = "c"
            return findings.add(
                .warning, words, "it is undefined: custom code is not allowed in this container")
        }
        let parameters = lower(template, code, type: variable.type, variable.parameters, words)
        variables[place].type = TagTypeMapping.templateType
        variables[place].parameters = parameters
        lowerFormat(of: variable, to: place, words)
    }

    private mutating func place(of template: CustomTemplate, _ code: CustomTemplate.Code, type: String) -> Int {
        if let found = templates.place(ofType: type) { return found }
        if !code.freeNames.isEmpty {
            let names = code.freeNames.prefix(10).map { String($0.prefix(40)) }.joined(separator: ", ")
            findings.add(
                .warning, "template \(FindingPlace.quoted(template.name))",
                "its code names what templates do not have, which is undefined there: \(names)")
        }
        let function = addTemplateCode(Lowering.function(code))
        return templates.add(type, function: function, template.permissions)
    }

    /// The function of a template, in the form of a JavaScript variable's: it gives the function of `data` and `require`.
    /// Names that the code would take from the page are variables of its own, and `this` is undefined.
    private static func function(_ code: CustomTemplate.Code) -> String {
        let hidden = code.freeNames.isEmpty ? "" : "var \(code.freeNames.joined(separator: ","));"
        return
            "function(){return function(data,require){\"use strict\";\(hidden)return function(){\n\(code.text)\n}()}}"
    }
}

extension TagType {
    /// The type of tags that run a template's own code: its hosts are those of the template's permissions, with
    /// `KnownTypes.anyHost` where a pattern names none. Pages do not offer it.
    static func template(_ template: CustomTemplate, _ code: CustomTemplate.Code) -> TagType {
        func hosts(_ names: String...) -> [String] {
            names.flatMap { name in
                let found = template.permissions.hosts(name)
                return found.names + (found.isAny ? [KnownTypes.anyHost] : [])
            }
        }
        return TagType(
            TagTypeMapping.templateType, title: template.name, fields: [], purposes: [],
            scriptHosts: hosts("inject_script"), connectHosts: hosts("send_pixel", "inject_hidden_iframe"),
            module: TemplateAPI.baseModule, base: code.modules)
    }
}
