/// What can be said of a definition before anything is lowered: counts, names, depth, and what goes in circles.
struct ContainerChecks {
    private let index: DefinitionIndex
    private(set) var findings = FindingList()

    init(_ index: DefinitionIndex) {
        self.index = index
    }

    /// Throws where there is too much of something to look at the rest. O(definition).
    static func count(_ definition: ContainerDefinition) throws(TaggingError) {
        let counts = [
            ("tags", definition.tags.count), ("triggers", definition.triggers.count),
            ("variables", definition.variables.count),
        ]
        for (what, count) in counts where count > ContainerLimits.objectsMax {
            throw .tooMuch(what: what, count: count, allowed: ContainerLimits.objectsMax)
        }
    }

    /// Runs all of them.
    mutating func run() {
        let definition = index.definition
        duplicates("tag", definition.tags.map { ($0.id, $0.name) })
        duplicates("trigger", definition.triggers.map { ($0.id, $0.name) })
        duplicates("variable", definition.variables.map { ($0.id, $0.name) })
        for tag in definition.tags { depth(FindingPlace.tag(tag.name), tag.parameters) }
        for trigger in definition.triggers { depth(FindingPlace.trigger(trigger.name), trigger.parameters) }
        for variable in definition.variables {
            depth(FindingPlace.variable(variable.name), variable.parameters + variable.format)
        }
        guard !findings.hasErrors else { return }
        variableCycles()
        sequenceCycles()
    }

    /// Two tags or variables of a name cannot be told apart by what refers to them by name; triggers are referred to by
    /// id, so that two of a name only confuse people.
    private mutating func duplicates(_ kind: String, _ items: [(id: String, name: String)]) {
        var ids: Set<String> = []
        var names: Set<String> = []
        for item in items {
            if !ids.insert(item.id).inserted {
                findings.add(
                    .error, "\(kind) \(FindingPlace.quoted(item.name))", "another \(kind) has the id \(item.id) as well"
                )
            }
            if !names.insert(item.name).inserted {
                findings.add(
                    kind == "trigger" ? .warning : .error, "\(kind) \(FindingPlace.quoted(item.name))",
                    "another \(kind) has the same name")
            }
        }
    }

    private mutating func depth(_ place: String, _ parameters: [Parameter.Member]) {
        for member in parameters where ContainerChecks.isTooDeep(member.value, ContainerLimits.parameterDepthMax) {
            findings.add(
                .error, "\(place): parameter \(member.key)",
                "lists and maps are nested deeper than \(ContainerLimits.parameterDepthMax)")
        }
    }

    // Recursion ends at `allowed` 0.
    private static func isTooDeep(_ parameter: Parameter, _ allowed: Int) -> Bool {
        switch parameter {
        case .list(let items): allowed == 0 || items.contains { isTooDeep($0, allowed - 1) }
        case .map(let members): allowed == 0 || members.contains { isTooDeep($0.value, allowed - 1) }
        default: false
        }
    }

    private mutating func variableCycles() {
        let variables = index.definition.variables
        let edges = variables.map { variable in
            (variable.parameters + variable.format).flatMap { ParameterTexts.references(in: $0.value) }
                .compactMap { index.variablePlace(named: $0) }
        }
        for cycle in Cycles.find(edges) {
            let names = (cycle + cycle.prefix(1)).map { FindingPlace.quoted(variables[$0].name) }
            findings.add(
                .error, FindingPlace.variable(variables[cycle[0]].name),
                "it refers to itself: " + names.joined(separator: " → "))
        }
    }

    private mutating func sequenceCycles() {
        let tags = index.definition.tags
        let edges = tags.map { tag in
            [tag.setup, tag.cleanup].compactMap { $0 }.compactMap { index.tagPlace(named: $0.tagName) }
        }
        let cycles = Cycles.find(edges)
        for cycle in cycles {
            let names = (cycle + cycle.prefix(1)).map { FindingPlace.quoted(tags[$0].name) }
            findings.add(
                .error, FindingPlace.tag(tags[cycle[0]].name),
                "as set-up or clean-up tags these call each other: " + names.joined(separator: " → "))
        }
        guard cycles.isEmpty else { return }
        for (place, length) in Cycles.lengths(edges).enumerated() where length > ContainerLimits.sequenceMax {
            findings.add(
                .error, FindingPlace.tag(tags[place].name),
                "\(length) set-up and clean-up tags follow one another; expected at most \(ContainerLimits.sequenceMax)"
            )
        }
    }
}

/// Texts of parameters without regard to what they are for.
enum ParameterTexts {
    /// Names of `{{…}}` in a parameter, in order. The depth was checked (`ContainerLimits.parameterDepthMax`).
    static func references(in parameter: Parameter) -> [String] {
        all(in: parameter).flatMap { ReferenceText.names(in: $0) }
    }

    /// Every text of it that may hold references.
    static func all(in parameter: Parameter) -> [String] {
        switch parameter {
        case .template(let text), .boolean(let text), .integer(let text): [text]
        case .triggerReference, .tagReference: []
        case .list(let items): items.flatMap { all(in: $0) }
        case .map(let members): members.flatMap { all(in: $0.value) }
        }
    }
}

/// Circles in a graph whose nodes are 0 to n-1; no recursion.
enum Cycles {
    private static let foundMax = 50

    /// Every edge that closes a circle gives one, as its nodes in order; at most `foundMax`. O(nodes + edges).
    static func find(_ edges: [[Int]]) -> [[Int]] {
        var state = [UInt8](repeating: 0, count: edges.count)
        var cycles: [[Int]] = []
        for start in edges.indices where state[start] == 0 {
            var path = [(node: start, next: 0)]
            state[start] = 1
            while let top = path.last {
                guard top.next < edges[top.node].count else {
                    state[top.node] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = edges[top.node][top.next]
                if state[target] == 0 {
                    state[target] = 1
                    path.append((target, 0))
                } else if state[target] == 1, cycles.count < foundMax,
                    let first = path.firstIndex(where: { $0.node == target })
                {
                    cycles.append(path[first...].map(\.node))
                }
            }
        }
        return cycles
    }

    /// For each node the length of the longest path that begins with it, of a graph without cycles. O(nodes + edges).
    static func lengths(_ edges: [[Int]]) -> [Int] {
        var lengths = [Int](repeating: -1, count: edges.count)
        for start in edges.indices where lengths[start] < 0 {
            var stack = [start]
            while let node = stack.last {
                let open = edges[node].filter { lengths[$0] < 0 }
                if open.isEmpty {
                    lengths[node] = edges[node].map { lengths[$0] + 1 }.max() ?? 0
                    stack.removeLast()
                } else {
                    stack += open
                }
            }
        }
        return lengths
    }
}
