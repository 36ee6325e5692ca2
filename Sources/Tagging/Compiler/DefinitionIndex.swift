/// A definition with its names and ids looked up: first come, first found.
struct DefinitionIndex: Sendable {
    let definition: ContainerDefinition
    let mapping: TagTypeMapping
    private let tagsByName: [String: Int]
    private let triggersByID: [String: Int]
    private let variablesByName: [String: Int]

    init(_ definition: ContainerDefinition) {
        self.definition = definition
        mapping = TagTypeMapping(definition.templates)
        tagsByName = DefinitionIndex.places(definition.tags, by: \.name)
        triggersByID = DefinitionIndex.places(definition.triggers, by: \.id)
        variablesByName = DefinitionIndex.places(definition.variables, by: \.name)
    }

    func tagPlace(named name: String) -> Int? { tagsByName[name] }

    func variablePlace(named name: String) -> Int? { variablesByName[name] }

    /// Where a tag sends to: the value of a parameter that names the destination, or that of the tag which it names
    /// instead, whether that tag runs or not. Nil where there is nothing to send to.
    func destination(_ value: Parameter?) -> Parameter? {
        guard let value, let text = value.text, !text.isEmpty, text != DefinitionIndex.noDestination else { return nil }
        guard case .tagReference(let name) = value else { return value }
        guard let place = tagPlace(named: name) else { return nil }
        let parameters = definition.tags[place].parameters
        return [parameters["tagId"], parameters["measurementId"]].lazy.compactMap { $0 }.first { given in
            if case .tagReference = given { return false }
            return given.text?.isEmpty == false
        }
    }

    /// What Google's editor writes where an event names no configuration tag.
    private static let noDestination = "none"

    /// The container's own trigger of this id, else the built-in one.
    func trigger(id: String) -> Trigger? {
        if let place = triggersByID[id] { return definition.triggers[place] }
        return BuiltInTrigger(rawValue: id).map { Trigger(id: id, name: $0.name, type: $0.type) }
    }

    private static func places<Item>(_ items: [Item], by key: (Item) -> String) -> [String: Int] {
        Dictionary(items.enumerated().map { (key($0.element), $0.offset) }) { first, _ in first }
    }
}
