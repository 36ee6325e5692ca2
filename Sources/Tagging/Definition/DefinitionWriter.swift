internal import RequestParsing

/// The JSON values of a definition's parts; `ContainerDefinition+JSON.swift` draws them. Members that have their default
/// are left out.
enum DefinitionWriter {
    typealias Member = JSONValue.Member

    static func value(_ definition: ContainerDefinition) -> JSONValue {
        var members = [Member("format", .integer(ContainerDefinition.format))]
        members.append(Member("settings", value(definition.settings)))
        add("tags", definition.tags.map(value), to: &members)
        add("triggers", definition.triggers.map(value), to: &members)
        add("variables", definition.variables.map(value), to: &members)
        add("builtIns", definition.builtIns.map(JSONValue.string), to: &members)
        add("folders", definition.folders.map(value), to: &members)
        add("templates", definition.templates.map(value), to: &members)
        add("foreign", foreign: definition.foreign, to: &members)
        return .object(members)
    }

    static func value(_ settings: ContainerSettings) -> JSONValue {
        var members = [Member("allowsCustomCode", .bool(settings.allowsCustomCode))]
        add("importedID", settings.importedID, to: &members)
        members.append(Member("googleConsent", .string(settings.googleConsent.rawValue)))
        members.append(Member("googleEvents", .string(settings.googleEvents.rawValue)))
        members.append(
            Member("waitForConsentMilliseconds", .integer(Int64(clamping: settings.waitForConsentMilliseconds))))
        return .object(members)
    }

    static func value(_ tag: Tag) -> JSONValue {
        var members = names(tag.id, tag.name, tag.type)
        add("parameters", tag.parameters, to: &members)
        add("firingTriggers", tag.firingTriggers.map(JSONValue.string), to: &members)
        add("blockingTriggers", tag.blockingTriggers.map(JSONValue.string), to: &members)
        if let priority = tag.priority { members.append(Member("priority", ParameterJSON.value(priority))) }
        if tag.firing != .unlimited { members.append(Member("firing", .string(tag.firing.rawValue))) }
        for (name, sequenced) in [("setup", tag.setup), ("cleanup", tag.cleanup)] {
            guard let sequenced else { continue }
            var parts = [Member("tag", .string(sequenced.tagName))]
            add("stopsOnFailure", sequenced.stopsOnFailure, to: &parts)
            members.append(Member(name, .object(parts)))
        }
        add("isPaused", tag.isPaused, to: &members)
        add("isLiveOnly", tag.isLiveOnly, to: &members)
        if let startsAt = tag.startsAt { members.append(Member("startsAt", .integer(startsAt))) }
        if let endsAt = tag.endsAt { members.append(Member("endsAt", .integer(endsAt))) }
        if tag.consent != ConsentRule() {
            var parts = [Member("status", .string(tag.consent.status.rawValue))]
            add("types", tag.consent.types.map(JSONValue.string), to: &parts)
            if tag.consent.lacking != .dropped {
                parts.append(Member("lacking", .string(tag.consent.lacking.rawValue)))
            }
            members.append(Member("consent", .object(parts)))
        }
        add("folder", tag.folder, to: &members)
        add("notes", tag.notes, to: &members)
        add("foreign", foreign: tag.foreign, to: &members)
        return .object(members)
    }

    static func value(_ trigger: Trigger) -> JSONValue {
        var members = names(trigger.id, trigger.name, trigger.type)
        add("filters", trigger.filters.map(value), to: &members)
        add("customEventFilters", trigger.customEventFilters.map(value), to: &members)
        add("autoEventFilters", trigger.autoEventFilters.map(value), to: &members)
        add("parameters", trigger.parameters, to: &members)
        add("folder", trigger.folder, to: &members)
        add("notes", trigger.notes, to: &members)
        add("foreign", foreign: trigger.foreign, to: &members)
        return .object(members)
    }

    static func value(_ condition: Condition) -> JSONValue {
        var members = [
            Member("subject", .string(condition.subject)), Member("comparison", .string(condition.comparison.rawValue)),
            Member("value", .string(condition.value)),
        ]
        add("isNegated", condition.isNegated, to: &members)
        add("ignoresCase", condition.ignoresCase, to: &members)
        return .object(members)
    }

    static func value(_ variable: Variable) -> JSONValue {
        var members = names(variable.id, variable.name, variable.type)
        add("parameters", variable.parameters, to: &members)
        add("format", variable.format, to: &members)
        add("folder", variable.folder, to: &members)
        add("notes", variable.notes, to: &members)
        add("foreign", foreign: variable.foreign, to: &members)
        return .object(members)
    }

    static func value(_ folder: Folder) -> JSONValue {
        var members = [Member("id", .string(folder.id)), Member("name", .string(folder.name))]
        add("foreign", foreign: folder.foreign, to: &members)
        return .object(members)
    }

    static func value(_ template: ImportedTemplate) -> JSONValue {
        var members = names(template.id, template.name, template.type)
        add("gallery", template.gallery, to: &members)
        add("foreign", foreign: template.foreign, to: &members)
        return .object(members)
    }

    private static func names(_ id: String, _ name: String, _ type: String) -> [Member] {
        [Member("id", .string(id)), Member("name", .string(name)), Member("type", .string(type))]
    }

    private static func add(_ name: String, _ items: [JSONValue], to members: inout [Member]) {
        if !items.isEmpty { members.append(Member(name, .array(items))) }
    }

    private static func add(_ name: String, _ parameters: [Parameter.Member], to members: inout [Member]) {
        if !parameters.isEmpty { members.append(Member(name, ParameterJSON.value(parameters))) }
    }

    private static func add(_ name: String, _ text: String?, to members: inout [Member]) {
        if let text { members.append(Member(name, .string(text))) }
    }

    private static func add(_ name: String, _ flag: Bool, to members: inout [Member]) {
        if flag { members.append(Member(name, .bool(true))) }
    }

    /// JSON text of an object that would be written again as it stands becomes that object; all else stays a text.
    private static func add(_ name: String, foreign text: String?, to members: inout [Member]) {
        guard let text else { return }
        if text.utf8.first == UInt8(ascii: "{"), let value = try? JSONReader.read(Array(text.utf8)),
            value.depth <= DefinitionReader.foreignDepthMax, value.encoded.elementsEqual(text.utf8)
        {
            members.append(Member(name, value))
        } else {
            members.append(Member(name, .string(text)))
        }
    }
}
