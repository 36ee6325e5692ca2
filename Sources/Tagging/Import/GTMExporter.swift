internal import RequestParsing

/// Writes a definition as an export of format 2; `GTMExport` says what becomes of what Google's format cannot say.
struct GTMExporter {
    private typealias Member = JSONValue.Member

    private let definition: ContainerDefinition
    /// Members beside `containerVersion`, and those in it, that the import kept.
    private let root: [JSONValue.Member]
    private let version: [JSONValue.Member]
    private let owner: GTMObjects.Owner

    init(_ definition: ContainerDefinition) {
        self.definition = definition
        let foreign = JSONValue.foreign(definition.foreign)
        root = foreign.filter { !["containerVersion", "exportFormatVersion", "highland"].contains($0.name) }
        let version = foreign.first { $0.name == "containerVersion" }?.value ?? .null
        self.version = version.members
        owner = GTMObjects.Owner(
            accountID: version["accountId"]?.scalarText, containerID: version["containerId"]?.scalarText)
    }

    func write(name: String, publicID: String, time: String?, keepsNative: Bool) -> [UInt8] {
        var container = version.first { $0.name == "container" }?.value.members
        let isMade = container == nil
        if container == nil {
            container = [
                Member("name", .string(name)), Member("publicId", .string(definition.settings.importedID ?? publicID)),
                Member("usageContext", .array([.string("WEB")])),
            ]
        }
        if let id = definition.settings.importedID, let place = container?.firstIndex(where: { $0.name == "publicId" })
        {
            container?[place].value = .string(id)
        }
        let lists = lists()
        var members: [Member] = []
        var written: Set<String> = []
        for member in version where written.insert(member.name).inserted {
            switch member.name {
            case "container": members.append(Member("container", .object(container ?? [])))
            case "tag", "trigger", "variable", "folder", "customTemplate":
                members.append(lists.first { $0.name == member.name } ?? member)
            case "builtInVariable":
                let isSame = GTMExporter.types(member.value) == definition.builtIns
                if let value = isSame ? member : lists.first(where: { $0.name == member.name }) {
                    members.append(value)
                }
            default: members.append(member)
            }
        }
        if isMade { members.append(Member("container", .object(container ?? []))) }
        members += lists.filter { !written.contains($0.name) }
        var export = [Member("exportFormatVersion", .integer(2))]
        if let time, !root.contains(where: { $0.name == "exportTime" }) {
            export.append(Member("exportTime", .string(time)))
        }
        export += root + [Member("containerVersion", .object(members))]
        if keepsNative, let native = GTMNativeMember.value(definition, containerIsMade: isMade) {
            export.append(Member("highland", native))
        }
        return IndentedJSON.write(.object(export), step: 4, lineMax: 0)
    }

    private func lists() -> [Member] {
        let tags = definition.tags.compactMap { tag -> JSONValue? in
            var tag = tag
            if TagType.named(tag.type) != nil {
                guard let exported = GTMExporter.exported(tag) else { return nil }
                tag = exported
            }
            return .object(GTMObjects.foreignTag(owner).members(of: tag, foreign: JSONValue.foreign(tag.foreign)))
        }
        let triggers = definition.triggers.map { trigger in
            JSONValue.object(
                GTMObjects.foreignTrigger(owner).members(of: trigger, foreign: JSONValue.foreign(trigger.foreign)))
        }
        let variables = definition.variables.map { variable in
            JSONValue.object(
                GTMObjects.foreignVariable(owner).members(of: variable, foreign: JSONValue.foreign(variable.foreign)))
        }
        let folders = definition.folders.map { folder in
            JSONValue.object(
                GTMObjects.foreignFolder(owner).members(of: folder, foreign: JSONValue.foreign(folder.foreign)))
        }
        let templates = definition.templates.map { template in
            JSONValue.object(JSONValue.foreign(template.foreign))
        }
        let lists = [
            ("tag", tags), ("trigger", triggers), ("variable", variables), ("folder", folders),
            ("builtInVariable", GTMObjects.builtIns(definition.builtIns, owner)), ("customTemplate", templates),
        ]
        return lists.compactMap { $0.1.isEmpty ? nil : Member($0.0, .array($0.1)) }
    }

    /// A tag of our own types as Google's that does the same.
    static func exported(_ tag: Tag) -> Tag? {
        guard let type = TagTypeMapping.exportedType(of: tag.type) else { return nil }
        var tag = tag
        tag.type = type
        return tag
    }

    /// The words of a list of built-in variables, each once.
    static func types(_ list: JSONValue) -> [String] {
        var seen: Set<String> = []
        return list.items.flatMap { item in
            if let type = item.scalarText { return [type] }
            return (item["type"].map { $0.items.isEmpty ? [$0] : $0.items } ?? []).compactMap(\.scalarText)
        }.map(GTMWords.camel).filter { !$0.isEmpty && seen.insert($0).inserted }
    }
}
