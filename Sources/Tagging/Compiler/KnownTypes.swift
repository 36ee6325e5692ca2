/// Where the compiler asks what a type of tag, trigger or variable is: the tables of `Types`, the mapping of Google's
/// tag types, and the runtime's modules.
enum KnownTypes {
    /// What can run a tag.
    enum TagAnswer {
        case runs(TagType, [Parameter.Member])
        /// What the tag spoke to is gone.
        case ended(String)
        case refused(String)
    }

    static func tag(_ tag: Tag, _ mapping: TagTypeMapping) -> TagAnswer {
        if let type = TagType.named(tag.type) { return .runs(type, tag.parameters) }
        if let mapped = mapping.runtimeType(of: tag), let type = TagType.named(mapped.type) {
            return .runs(type, mapped.parameters)
        }
        if let template = mapping.custom(ofType: tag.type), let code = template.code(as: "TAG") {
            return .runs(.template(template, code), tag.parameters)
        }
        let reason = mapping.reason(of: tag)
        return TagTypeMapping.hasEnded(tag.type) ? .ended(reason) : .refused(reason)
    }

    /// Google's own tags look at consent mode themselves.
    static func isGoogles(_ type: TagType) -> Bool {
        type.name.hasPrefix("google") || type.name == "ga4Event" || type.name == "conversionLinker"
    }

    /// Tags whose parameters may be URLs of scripts.
    static func loadsScripts(_ type: TagType) -> Bool {
        type.name != "image" && (type.name != TagTypeMapping.templateType || type.scriptHosts.contains(anyHost))
    }

    /// Among a template's hosts: a pattern that names none.
    static let anyHost = "*"

    /// The type of a trigger that can fire in pages.
    static func trigger(_ name: String) -> TriggerType? {
        TriggerType.named(name).flatMap { $0.usage == .web ? $0 : nil }
    }

    static func variable(_ name: String) -> VariableType? { VariableType.named(name) }

    /// The built-in variable that `{{title}}` means, as one of the definition's own would be.
    static func builtIn(named title: String) -> (word: String, variable: Variable)? {
        guard let known = BuiltInVariable.titled(title), let type = known.type else { return nil }
        var variable = Variable(id: "", name: title, type: type)
        variable.parameters = known.parameters
        return (known.name, variable)
    }

    // MARK: - Modules

    static let panelModule = "panel"
    /// What works out variables, conditions, and values that are no literals.
    static let valuesModule = "values"

    static func has(module name: String) -> Bool { RuntimeModules.starts[name] != nil }

    /// The name, in a script, of the function that a module begins with; one that is not there does nothing, which only a
    /// broken build has.
    static func start(of module: String) -> String { RuntimeModules.starts[module] ?? "Object" }

    /// The code that these modules need, each part once and before those that use it. O(parts).
    static func code(for modules: [String]) -> String {
        let needed = parts(for: modules)
        return RuntimeModules.parts.filter { needed.contains($0.name) }.map(\.code).joined()
    }

    /// Names of the parts of some modules: their own, and what those need.
    private static func parts(for modules: [String]) -> Set<String> {
        var open = modules.map { ["core", "noop", "ended"].contains($0) ? $0 : "modules/" + $0 }
        var needed: Set<String> = []
        while let name = open.popLast() {
            if needed.insert(name).inserted { open += partsByName[name]?.needs ?? [] }
        }
        return needed
    }

    private static let partsByName = Dictionary(
        RuntimeModules.parts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// What other modules build on: started first, in this order (`tags/README.md`).
    private static let basic = [
        valuesModule, "code", "compare", "css", "escape", "patterns", "priority", "sequence", VariableType.formatModule,
    ]

    /// What the modules of tags build on; they take it when they are started.
    private static let bases = Set(TagType.all.flatMap(\.base))

    /// The modules that these need, in the order in which the runtime starts them: each comes after those that it builds
    /// on; the panel is last, as it wraps what the others have registered.
    static func ordered(_ names: Set<String>) -> [String] {
        let rest = names.filter { !basic.contains($0) && $0 != panelModule }.sorted()
        return basic.filter(names.contains) + rest.filter(bases.contains) + rest.filter { !bases.contains($0) }
            + (names.contains(panelModule) ? [panelModule] : [])
    }
}

extension TriggerType {
    /// The parameter, where the runtime gets it.
    func sent(_ key: String) -> TagType.Field? { fields.first { $0.key == key } }
}

extension VariableType {
    /// The parameter, where the runtime gets it.
    func sent(_ key: String) -> TagType.Field? { fields.first { $0.key == key } }
}
