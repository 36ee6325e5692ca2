internal import RequestParsing

/// The member `highland` of an export: what Google's format cannot say, in the form of our own JSON.
///
///     "highland": {"format": 1, "settings": {…}, "tags": [{…}], "waiting": ["7"], "madeContainer": true}
///
/// `tags` are those of our own types, whole; one whose id is in the export's list, as Google's type that does the same,
/// takes its place. `waiting` are ids of tags that wait for consent. All members but the first may be missing.
enum GTMNativeMember {
    /// The member, or nil where there is nothing to say.
    static func value(_ definition: ContainerDefinition, containerIsMade: Bool) -> JSONValue? {
        var members = [JSONValue.Member("format", .integer(ContainerDefinition.format))]
        var plain = ContainerSettings()
        plain.allowsCustomCode = definition.hasCustomCode
        if !containerIsMade { plain.importedID = importedID(definition) }
        if definition.settings != plain {
            members.append(JSONValue.Member("settings", DefinitionWriter.value(definition.settings)))
        }
        let native = definition.tags.filter { isNative($0) }
        if !native.isEmpty {
            members.append(JSONValue.Member("tags", .array(native.map { DefinitionWriter.value($0) })))
        }
        let waiting = definition.tags.filter { $0.consent.lacking == .waiting && !isNative($0) }
        if !waiting.isEmpty {
            members.append(JSONValue.Member("waiting", .array(waiting.map { .string($0.id) })))
        }
        if containerIsMade { members.append(JSONValue.Member("madeContainer", .bool(true))) }
        return members.count == 1 ? nil : .object(members)
    }

    /// Whether a tag's type is ours and not also Google's.
    private static func isNative(_ tag: Tag) -> Bool {
        TagType.named(tag.type) != nil && TagTypeMapping.exportedType(of: tag.type) != tag.type
    }

    private static func importedID(_ definition: ContainerDefinition) -> String? {
        let version = JSONValue.foreign(definition.foreign).first { $0.name == "containerVersion" }?.value
        guard let id = version?["container"]?["publicId"]?.scalarText, !id.isEmpty else { return nil }
        return definition.settings.importedID ?? id
    }

    /// Takes the member into a definition that was read from the rest. A member that is not in this form is reported.
    static func read(_ value: JSONValue, into definition: inout ContainerDefinition, _ findings: inout [Finding]) {
        do throws(TaggingError) {
            var object = try JSONObjectReader(value, path: "highland")
            guard try object.integer("format") == ContainerDefinition.format else {
                throw object.failure("format", "it is another", expected: "\(ContainerDefinition.format)")
            }
            var changed = definition
            for (value, path) in try object.list("tags", countMax: DefinitionReader.objectsMax) {
                take(try DefinitionReader.tag(value, path: path), into: &changed, &findings)
            }
            let waiting = Set(try object.texts("waiting", countMax: DefinitionReader.objectsMax))
            for place in changed.tags.indices where waiting.contains(changed.tags[place].id) {
                changed.tags[place].consent.lacking = .waiting
            }
            if let value = object.take("settings") {
                changed.settings = try DefinitionReader.settings(value, path: "highland.settings")
            } else {
                changed.settings.allowsCustomCode = changed.hasCustomCode
            }
            _ = try object.flag("madeContainer")
            try object.end()
            definition = changed
        } catch {
            findings.append(
                Finding(.warning, "highland", "What Highland wrote into this export is left out: \(error)."))
        }
    }

    /// One that stands in the list too takes that place; one of a type that Google does not have comes after the others.
    private static func take(_ tag: Tag, into definition: inout ContainerDefinition, _ findings: inout [Finding]) {
        if let place = definition.tags.firstIndex(where: { $0.id == tag.id }) {
            if definition.tags[place].name == tag.name { definition.tags[place] = tag }
            return
        }
        guard TagTypeMapping.exportedType(of: tag.type) == nil else { return }
        var tag = tag
        var ids = GTMIdentities(kind: "tag")
        for other in definition.tags { ids.reserve(other.id) }
        tag.id = ids.id(tag.id, "highland.tags", &findings)
        if definition.tags.contains(where: { $0.name == tag.name }) {
            tag.name += " \(tag.id)"
            while definition.tags.contains(where: { $0.name == tag.name }) { tag.name += "'" }
        }
        definition.tags.append(tag)
    }
}
