extension Lowering {
    /// Writes a variable of the definition, or a built-in one, to its place. A type that pages do not know is
    /// undefined.
    mutating func lower(_ variable: Variable, to place: Int) {
        let words = FindingPlace.variable(variable.name)
        if let template = plan.index.mapping.variableTemplate(ofType: variable.type),
            let code = template.code(as: "MACRO")
        {
            return lower(variable, of: template, code, to: place, words)
        }
        guard let type = KnownTypes.variable(variable.type) else {
            findings.add(
                .warning, words,
                "variables of the type \(variable.type) do not run in pages: it is undefined"
                    + (plan.index.mapping.variableReason(ofType: variable.type).map { ": \($0)" } ?? ""))
            variables[place].type = "c"
            return
        }
        if let module = type.module { modules.insert(module) }
        modules.formUnion(type.options.filter { $0.isNeeded(by: variable.parameters) }.map(\.module))
        var parameters: [(key: String, value: Lowered)] = []
        for member in variable.parameters {
            guard let field = type.sent(member.key), !field.isUsual(member.value, among: variable.parameters) else {
                continue
            }
            let where_ = "\(words): parameter \(member.key)"
            if field.kind == .code, let text = member.value.text {
                let function = addCode(text, as: .variable, owner: words, at: where_)
                parameters.append((member.key, .integer(Int64(function))))
            } else {
                checkPatterns(in: member, of: variable, at: where_)
                parameters.append((member.key, lower(member.value, at: where_)))
            }
        }
        variables[place].type = type.name
        variables[place].parameters = parameters
        lowerFormat(of: variable, to: place, words)
    }

    /// Writes the formatting of a variable to its place.
    mutating func lowerFormat(of variable: Variable, to place: Int, _ words: String) {
        let format = variable.format.filter(Lowering.changesAnything)
        if !format.isEmpty {
            modules.insert(VariableType.formatModule)
            variables[place].format = format.map {
                ($0.key, lower($0.value, at: "\(words): format \($0.key)"))
            }
        }
    }

    /// Whether a value would be another after it.
    static func changesAnything(_ member: Parameter.Member) -> Bool {
        guard VariableType.formatKeys.contains(member.key) else { return false }
        switch member.value {
        case .boolean(let text): return text != "false"
        case .template(let text) where member.key == "caseConversionType": return text.lowercased() != "none"
        default: return true
        }
    }

    /// The patterns of a regular expression table. Where it replaces what they match, the browser has to find it.
    private mutating func checkPatterns(in member: Parameter.Member, of variable: Variable, at place: String) {
        guard variable.type == "remm", member.key == "map" else { return }
        let ignoringCase = variable.parameters["ignoreCase"]?.text != "false"
        let replaces = variable.parameters["replaceAfterMatch"].map { $0.text != "false" } ?? false
        for (row, item) in member.value.items.enumerated() {
            guard let key = item.members["key"]?.text else { continue }
            // Either may be what the page asks for.
            checkPattern(key, ignoringCase: ignoringCase, at: "\(place), row \(row + 1)") { pattern in
                replaces ? [] : [pattern, "^(?:\(pattern))$"]
            }
        }
    }

    /// A pattern that holds no references but to constants is looked at now; others are what the page makes of them, and
    /// a text of the page's own could take any time: such a pattern is named. One that a browser's matcher could run for
    /// ever on is given to our own, in the forms that the page asks for.
    mutating func checkPattern(
        _ text: String, ignoringCase: Bool, at place: String, as forms: (String) -> [String]
    ) {
        guard let text = constantText(of: text) else {
            let message = "the pattern holds variables, so that nobody can say beforehand how long it runs"
            return findings.add(.notice, place, message)
        }
        switch RegexCheck.check(text, ignoringCase: ignoringCase) {
        case .ok: return
        case .slow(let why): findings.add(.warning, place, "the pattern may be slow on long texts: \(why)")
        case .invalid(let problem, let offset):
            findings.add(
                .confirmation, place,
                "no regular expression, so that it never holds: \(problem), at character \(offset + 1)")
        case .explosive(let why):
            let asked = forms(text)
            let programs = asked.compactMap { pattern in RegexProgram(pattern).map { (pattern, $0) } }
            guard !programs.isEmpty, programs.count == asked.count else {
                return findings.add(.error, place, "the pattern may run for ever: \(why)")
            }
            modules.insert("patterns")
            for (pattern, program) in programs { self.programs[pattern] = program }
            findings.add(
                .notice, place,
                "browsers could run for ever on the pattern, so that we match it in bounded time: \(why)")
        case .unsupported(let why): findings.add(.warning, place, "older browsers do not take the pattern: \(why)")
        }
    }
}
