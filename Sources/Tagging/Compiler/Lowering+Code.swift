internal import Catalog

/// Custom code: functions of the custom script, and markup whose scripts are such functions.
extension Lowering {
    /// The place of a function. One that a browser would not take is named, and loses only itself: it stays out of the
    /// joint script and is loaded alone.
    mutating func addCode(
        _ text: String, as kind: CodeTemplate.Kind, owner: String, at place: String, firstLine: Int = 1
    ) -> Int {
        guard mayUse(text, owner: owner, at: place) else { return -1 }
        modules.insert("code")
        switch CodeTemplate.compile(text, as: kind, place: { variablePlace(named: $0, at: place) }) {
        case .success(let compiled):
            if compiled.facts.usesEval {
                findings.add(
                    .notice, place, "it makes code out of text (eval), which a strict content security policy stops")
            }
            return code.add(CodePieces.Piece(function: compiled.function, parses: true))
        case .failure(let error):
            findings.add(
                .warning, "\(place), line \(error.line + firstLine - 1)",
                "this code does not parse, and only it will not run: \(error.problem) (column \(error.column))")
            return code.add(CodePieces.Piece(function: unread(text, as: kind, at: place), parses: false))
        }
    }

    /// The place of a template's function, which was checked when it was read.
    mutating func addTemplateCode(_ function: String) -> Int {
        modules.insert("code")
        return code.add(CodePieces.Piece(function: function, parses: true))
    }

    /// The value of a parameter that is code; nil where it is empty.
    mutating func lowerCode(
        _ text: String, of planned: PlannedTag, _ owner: String, at place: String
    ) -> Lowered? {
        guard planned.type.name == "html" else {
            return text.isEmpty ? nil : .integer(Int64(addCode(text, as: .script, owner: owner, at: place)))
        }
        guard mayUse(text, owner: owner, at: place) else { return nil }
        return lowerHTML(text, owner: owner, at: place)
    }

    /// Markup as the runtime puts it into the page: scripts are empty and carry the numbers of their functions.
    private mutating func lowerHTML(_ text: String, owner: String, at place: String) -> Lowered? {
        let pieces = HTMLTemplate.split(text)
        for problem in pieces.problems {
            findings.add(.warning, "\(place), line \(problem.line)", problem.text)
        }
        let functions = pieces.scripts.map { script in
            addCode(script.code, as: .script, owner: owner, at: place, firstLine: script.line)
        }
        var parts: [Lowered] = []
        var markup = ""
        for part in pieces.parts {
            switch part {
            case .text(let text): markup += text
            case .script(let number): markup += functions.indices.contains(number) ? String(functions[number]) : "-1"
            case .reference(let name, let context):
                if !markup.isEmpty { parts.append(.text(markup)) }
                markup = ""
                parts.append(lower(variablePlace(named: name, at: place), in: context))
            }
        }
        if !markup.isEmpty { parts.append(.text(markup)) }
        if parts.count == 1, case .text = parts[0] { return parts[0] }
        return parts.isEmpty ? nil : .joined(parts)
    }

    private mutating func lower(_ variable: Int, in context: HTMLTemplate.Context) -> Lowered {
        modules.insert("escape")
        return switch context {
        case .text: .html(variable)
        case .urlComponent: .urlPart(variable)
        case .url: .checked(variable, .url)
        case .css: .checked(variable, .css)
        case .jsonString: .checked(variable, .jsonString)
        case .json: .checked(variable, .json)
        }
    }

    func customScripts() -> (joint: ScriptFile, pieces: [ScriptFile])? {
        code.files(publicID: context.publicID, version: context.version)
    }

    /// False, with an error, where custom code is not allowed or there is too much of it.
    private mutating func mayUse(_ text: String, owner: String, at place: String) -> Bool {
        if !plan.index.definition.settings.allowsCustomCode {
            findings.add(.error, owner, "custom code is not allowed in this container")
            return false
        }
        let count = text.unicodeScalars.count
        guard count > ContainerLimits.codeCharactersMax else { return true }
        findings.add(
            .error, place, "\(count) characters of custom code; expected at most \(ContainerLimits.codeCharactersMax)")
        return false
    }

    /// A function of code that could not be read: references in it are calls, wherever they stand.
    private mutating func unread(_ text: String, as kind: CodeTemplate.Kind, at place: String) -> String {
        var code = ""
        for part in ReferenceText.split(text) {
            switch part {
            case .text(let text): code += text
            case .reference(let name): code += "v(\(variablePlace(named: name, at: place)))"
            }
        }
        return kind == .variable ? "function(v){return (\n\(code)\n)()}" : "function(v){\n\(code)\n}"
    }
}
