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
        let reason = mapping.reason(of: tag)
        return tag.type == "ua" ? .ended(reason) : .refused(reason)
    }

    /// Google's own tags look at consent mode themselves.
    static func isGoogles(_ type: TagType) -> Bool {
        type.name.hasPrefix("google") || type.name == "ga4Event" || type.name == "conversionLinker"
    }

    /// Tags whose parameters may be URLs of scripts.
    static func loadsScripts(_ type: TagType) -> Bool { type.name != "image" }

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

    static func has(module name: String) -> Bool { RuntimeModules.all[name] != nil }

    /// The expression of a module; one that is not there is a function that does nothing, which only a broken build
    /// has.
    static func module(_ name: String) -> String {
        var text = RuntimeModules.all[name] ?? "function(){}"
        while text.utf8.last == UInt8(ascii: "\n") || text.utf8.last == UInt8(ascii: ";") { text.removeLast() }
        return text
    }

    /// What other modules build on: started first, in this order (`tags/README.md`).
    private static let basic = [
        valuesModule, "elements", "code", "compare", "escape", "sequence", VariableType.formatModule,
    ]

    /// What the modules of tags build on; they take it when they are started.
    private static let bases = Set(TagType.all.flatMap(\.base))

    /// The modules that these need, in the order in which the runtime starts them: each comes after those that it builds
    /// on; the panel is last, as it wraps what the others have registered.
    static func ordered(_ names: Set<String>) -> [String] {
        var all = names
        if names.contains("code") || names.contains(where: { usesElements(RuntimeModules.all[$0] ?? "") }) {
            all.insert("elements")
        }
        let rest = all.filter { !basic.contains($0) && $0 != panelModule }.sorted()
        return basic.filter(all.contains) + rest.filter(bases.contains) + rest.filter { !bases.contains($0) }
            + (all.contains(panelModule) ? [panelModule] : [])
    }

    private static func usesElements(_ module: String) -> Bool {
        module.contains(".script(") || module.contains(".image(")
    }
}

extension TriggerType {
    /// Whether the runtime gets this parameter.
    func sends(_ key: String) -> Bool { fields.contains { $0.key == key } }
}

extension VariableType {
    /// Whether the runtime gets this parameter.
    func sends(_ key: String) -> Bool { fields.contains { $0.key == key } }

    /// Whether it is JavaScript.
    func isCode(_ key: String) -> Bool { fields.contains { $0.key == key && $0.kind == .code } }
}
