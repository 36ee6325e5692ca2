/// Turns a plan into the runtime's data: values with places for names, only what is used, each in a fixed order.
///
/// Variables get their places in the order in which tags and triggers first name them; one that another refers to is
/// put in a queue, so that a long chain needs no stack.
struct Lowering {
    let plan: ContainerPlan
    let context: CompileContext
    var findings: FindingList
    /// Names of runtime modules that are needed.
    var modules: Set<String> = []
    var variables: [LoweredVariable] = []
    var code = CodePieces()
    var scriptHosts: Set<String> = []
    var connectHosts: Set<String> = []
    var templates = LoweredTemplates()
    /// By pattern, those that the runtime matches itself.
    var programs: [String: RegexProgram] = [:]
    private var places: [Subject: Int] = [:]
    private var queue: [(place: Int, variable: Variable)] = []

    /// What can have a place among the variables.
    private enum Subject: Hashable {
        /// By its place in the definition.
        case own(Int)
        /// A built-in variable by its word.
        case builtIn(String)
        /// What a reference to nothing is: undefined.
        case nothing
        case dataLayer(String)
        /// What the data layer's `ecommerce` is about, from the n-th of `LayerField.actions` on.
        case action(Int)
    }

    init(_ plan: ContainerPlan, _ context: CompileContext, _ findings: FindingList) {
        self.plan = plan
        self.context = context
        self.findings = findings
    }

    private var index: DefinitionIndex { plan.index }

    // MARK: - Values

    /// `place` names the parameter for findings.
    mutating func lower(_ parameter: Parameter, at place: String) -> Lowered {
        switch parameter {
        case .template(let text): lower(text, at: place)
        case .boolean(let text): lower(scalar: text, at: place, Lowering.flag)
        case .integer(let text): lower(scalar: text, at: place, Lowering.number)
        case .list(let items): .list(items.map { lower($0, at: place) })
        case .map(let members):
            .map(members.map { Lowered.Pair(key: .text($0.key), value: lower($0.value, at: place)) })
        case .triggerReference(let id): lowerTrigger(id, at: place)
        case .tagReference(let name): lowerTag(name, at: place)
        }
    }

    /// A text with references: a lone one keeps its type, others are joined.
    mutating func lower(_ text: String, at place: String) -> Lowered {
        let parts = ReferenceText.split(text)
        guard parts.count != 1 else { return lower(parts[0], at: place) }
        let lowered = parts.map { lower($0, at: place) }
        let texts = lowered.compactMap(\.literal)
        return texts.count == lowered.count ? .text(texts.joined()) : .joined(lowered)
    }

    private mutating func lower(_ part: TextPart, at place: String) -> Lowered {
        switch part {
        case .text(let text): .text(text)
        case .reference(let name): constant(named: name) ?? .variable(variablePlace(named: name, at: place))
        }
    }

    /// The text that a name always means. A preview shows the variable instead.
    private func constant(named name: String) -> Lowered? {
        context.isPreview ? nil : constantText(named: name).map(Lowered.text)
    }

    /// What a text with references always is; nil where that depends on the page.
    func constantText(of text: String) -> String? {
        ReferenceText.filled(text, constantText(named:))
    }

    private func constantText(named name: String) -> String? {
        guard
            let place = index.variablePlace(named: name) ?? index.variablePlace(named: Lowering.trimmed(name))
        else { return nil }
        let variable = index.definition.variables[place]
        guard variable.type == "c", !variable.format.contains(where: Lowering.changesAnything),
            case .template(let text)? = variable.parameters["value"], ReferenceText.names(in: text).isEmpty
        else { return nil }
        return text
    }

    private mutating func lower(scalar text: String, at place: String, _ read: (String) -> Lowered?) -> Lowered {
        read(text) ?? lower(text, at: place)
    }

    private static func flag(_ text: String) -> Lowered? {
        switch text.lowercased() {
        case "true": .bool(true)
        case "false", "": .bool(false)
        default: nil
        }
    }

    /// Whole numbers that JavaScript holds exactly.
    static func number(_ text: String) -> Lowered? {
        guard let number = Int64(text), number.magnitude < 1 << 53 else { return nil }
        return .integer(number)
    }

    /// -1 where the script has no such trigger.
    private mutating func lowerTrigger(_ id: String, at place: String) -> Lowered {
        if let found = plan.triggerPlace(id: id) { return .integer(Int64(found)) }
        findings.add(.warning, place, "there is no trigger \(id) that could fire")
        return .integer(-1)
    }

    private mutating func lowerTag(_ name: String, at place: String) -> Lowered {
        if let found = plan.tagPlace(named: name) { return .integer(Int64(found)) }
        findings.add(.warning, place, "there is no tag \(FindingPlace.quoted(name)) that runs")
        return .integer(-1)
    }

    // MARK: - Names

    /// The place of what `{{name}}` means. A name that means nothing gets the place of an undefined value.
    mutating func variablePlace(named name: String, at place: String) -> Int {
        if let found = knownPlace(named: name) ?? knownPlace(named: Lowering.trimmed(name)) { return found }
        findings.add(.warning, place, "{{\(name)}} is undefined: the container has no variable of this name")
        return reserve(.nothing, named: "undefined", Variable(id: "", name: "undefined", type: "c"))
    }

    private mutating func knownPlace(named name: String) -> Int? {
        if let place = index.variablePlace(named: name) {
            return reserve(.own(place), named: name, index.definition.variables[place])
        }
        guard let builtIn = KnownTypes.builtIn(named: name) else { return nil }
        // What custom events' filters compare is never switched on or off.
        if builtIn.word != "_event", !index.definition.builtIns.contains(builtIn.word) {
            findings.add(
                .notice, "built-in variable \(FindingPlace.quoted(name))",
                "it is used without being switched on; it works all the same")
        }
        let isEvent = builtIn.word == "_event" && !context.isPreview
        return reserve(.builtIn(isEvent ? "event" : builtIn.word), named: name, builtIn.variable)
    }

    mutating func place(of field: LayerField) -> Int {
        switch field.source {
        case .path(let path): dataLayerPlace(path)
        case .action: actionPlace(from: 0)
        }
    }

    /// A table of patterns for each member: the event's name where the member is an object, else what the next one
    /// says.
    private mutating func actionPlace(from number: Int) -> Int {
        if let found = places[.action(number)] { return found }
        let place = variables.count
        places[.action(number)] = place
        let (member, name) = LayerField.actions[number]
        variables.append(LoweredVariable(name: "event of ecommerce.\(member)", type: "remm"))
        variables[place].parameters = [
            ("input", .variable(dataLayerPlace("ecommerce." + member))),
            ("map", .list([.map([.init("key", "^.object"), .init("value", name)])])), ("fullMatch", .bool(false)),
        ]
        if let module = KnownTypes.variable("remm")?.module { modules.insert(module) }
        // Each round is one further on in a short list.
        if number + 1 < LayerField.actions.count {
            variables[place].parameters += [
                ("setDefaultValue", .bool(true)), ("defaultValue", .variable(actionPlace(from: number + 1))),
            ]
        }
        return place
    }

    /// The place of a data layer variable that the container itself need not have.
    private mutating func dataLayerPlace(_ path: String) -> Int {
        var variable = Variable(id: "", name: path, type: "v")
        variable.parameters = [.init("name", .template(path)), .init("dataLayerVersion", .integer("2"))]
        return reserve(.dataLayer(path), named: path, variable)
    }

    private mutating func reserve(_ subject: Subject, named name: String, _ variable: Variable) -> Int {
        if let found = places[subject] { return found }
        let place = variables.count
        places[subject] = place
        variables.append(LoweredVariable(name: name, type: variable.type))
        queue.append((place, variable))
        return place
    }

    /// Lowers the variables that have been named since, and those that they name. O(what they hold).
    mutating func finishVariables() {
        while !queue.isEmpty {
            let batch = queue
            queue = []
            for (place, variable) in batch { lower(variable, to: place) }
        }
    }

    private static func trimmed(_ name: String) -> String {
        let kept = name.drop { $0.isWhitespace }
        return String(kept.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// A variable of the script.
struct LoweredVariable {
    /// For previews.
    var name: String
    var type: String
    var parameters: [(key: String, value: Lowered)] = []
    var format: [(key: String, value: Lowered)] = []
}
