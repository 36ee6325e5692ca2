internal import RequestParsing

/// Reads the JSON values that `DefinitionWriter` writes; refuses all others with their path.
enum DefinitionReader {
    /// Objects in one list. The compiler has limits of its own, far below; this one keeps a hostile text from memory.
    static let objectsMax = 10_000
    /// Levels that JSON of an export may have to stand as it is rather than as a text.
    static let foreignDepthMax = 48

    static func definition(_ value: JSONValue) throws(TaggingError) -> ContainerDefinition {
        var object = try JSONObjectReader(value, path: "")
        guard let format = try object.integer("format") else {
            throw object.failure("format", "nothing is here", expected: "the number \(ContainerDefinition.format)")
        }
        guard format == ContainerDefinition.format else {
            throw object.failure("format", "here is \(format)", expected: "\(ContainerDefinition.format)")
        }
        var definition = ContainerDefinition()
        if let value = object.take("settings") { definition.settings = try settings(value) }
        for (value, path) in try object.list("tags", countMax: objectsMax) {
            definition.tags.append(try tag(value, path: path))
        }
        for (value, path) in try object.list("triggers", countMax: objectsMax) {
            definition.triggers.append(try trigger(value, path: path))
        }
        for (value, path) in try object.list("variables", countMax: objectsMax) {
            definition.variables.append(try variable(value, path: path))
        }
        definition.builtIns = try object.texts("builtIns", countMax: objectsMax)
        for (value, path) in try object.list("folders", countMax: objectsMax) {
            var reader = try JSONObjectReader(value, path: path)
            var folder = Folder(id: try reader.requiredText("id"), name: try reader.requiredText("name"))
            folder.foreign = try foreign(&reader)
            try reader.end()
            definition.folders.append(folder)
        }
        for (value, path) in try object.list("templates", countMax: objectsMax) {
            definition.templates.append(try template(value, path: path))
        }
        definition.foreign = try foreign(&object)
        try object.end()
        return definition
    }

    static func settings(_ value: JSONValue, path: String = "settings") throws(TaggingError) -> ContainerSettings {
        var object = try JSONObjectReader(value, path: path)
        var settings = ContainerSettings()
        settings.allowsCustomCode = try object.flag("allowsCustomCode")
        settings.importedID = try object.text("importedID")
        if let consent = try object.word("googleConsent", ContainerSettings.GoogleConsent.self) {
            settings.googleConsent = consent
        }
        if let events = try object.word("googleEvents", ContainerSettings.GoogleEvents.self) {
            settings.googleEvents = events
        }
        if let wait = try object.integer("waitForConsentMilliseconds") {
            guard let milliseconds = Int(exactly: wait) else {
                throw object.failure("waitForConsentMilliseconds", "here is \(wait)", expected: "milliseconds")
            }
            settings.waitForConsentMilliseconds = milliseconds
        }
        try object.end()
        return settings
    }

    static func tag(_ value: JSONValue, path: String) throws(TaggingError) -> Tag {
        var object = try JSONObjectReader(value, path: path)
        var tag = Tag(
            id: try object.requiredText("id"), name: try object.requiredText("name"),
            type: try object.requiredText("type"))
        tag.parameters = try parameters("parameters", &object)
        tag.firingTriggers = try object.texts("firingTriggers", countMax: objectsMax)
        tag.blockingTriggers = try object.texts("blockingTriggers", countMax: objectsMax)
        if let value = object.take("priority") {
            tag.priority = try ParameterJSON.parameter(value, path: object.place("priority"))
        }
        tag.firing = try object.word("firing", Tag.FiringOption.self) ?? .unlimited
        tag.setup = try sequenced("setup", &object)
        tag.cleanup = try sequenced("cleanup", &object)
        tag.isPaused = try object.flag("isPaused")
        tag.isLiveOnly = try object.flag("isLiveOnly")
        tag.startsAt = try object.integer("startsAt")
        tag.endsAt = try object.integer("endsAt")
        if let value = object.take("consent") {
            var parts = try JSONObjectReader(value, path: object.place("consent"))
            tag.consent.status = try parts.word("status", ConsentRule.Status.self) ?? .notSet
            tag.consent.types = try parts.texts("types", countMax: objectsMax)
            tag.consent.lacking = try parts.word("lacking", ConsentRule.Lacking.self) ?? .dropped
            try parts.end()
        }
        tag.folder = try object.text("folder")
        tag.notes = try object.text("notes")
        tag.foreign = try foreign(&object)
        try object.end()
        return tag
    }

    private static func sequenced(
        _ name: String, _ object: inout JSONObjectReader
    ) throws(TaggingError) -> Tag.Sequenced? {
        guard let value = object.take(name) else { return nil }
        var parts = try JSONObjectReader(value, path: object.place(name))
        let sequenced = Tag.Sequenced(
            tagName: try parts.requiredText("tag"), stopsOnFailure: try parts.flag("stopsOnFailure"))
        try parts.end()
        return sequenced
    }

    private static func trigger(_ value: JSONValue, path: String) throws(TaggingError) -> Trigger {
        var object = try JSONObjectReader(value, path: path)
        var trigger = Trigger(
            id: try object.requiredText("id"), name: try object.requiredText("name"),
            type: try object.requiredText("type"))
        trigger.filters = try conditions("filters", &object)
        trigger.customEventFilters = try conditions("customEventFilters", &object)
        trigger.autoEventFilters = try conditions("autoEventFilters", &object)
        trigger.parameters = try parameters("parameters", &object)
        trigger.folder = try object.text("folder")
        trigger.notes = try object.text("notes")
        trigger.foreign = try foreign(&object)
        try object.end()
        return trigger
    }

    private static func conditions(
        _ name: String, _ object: inout JSONObjectReader
    ) throws(TaggingError) -> [Condition] {
        var conditions: [Condition] = []
        for (value, path) in try object.list(name, countMax: objectsMax) {
            var parts = try JSONObjectReader(value, path: path)
            let subject = try parts.requiredText("subject")
            guard let comparison = try parts.word("comparison", Condition.Comparison.self) else {
                throw parts.failure("comparison", "nothing is here", expected: "a comparison such as equals")
            }
            conditions.append(
                Condition(
                    comparison, subject, try parts.requiredText("value"), isNegated: try parts.flag("isNegated"),
                    ignoresCase: try parts.flag("ignoresCase")))
            try parts.end()
        }
        return conditions
    }

    private static func variable(_ value: JSONValue, path: String) throws(TaggingError) -> Variable {
        var object = try JSONObjectReader(value, path: path)
        var variable = Variable(
            id: try object.requiredText("id"), name: try object.requiredText("name"),
            type: try object.requiredText("type"))
        variable.parameters = try parameters("parameters", &object)
        variable.format = try parameters("format", &object)
        variable.folder = try object.text("folder")
        variable.notes = try object.text("notes")
        variable.foreign = try foreign(&object)
        try object.end()
        return variable
    }

    private static func template(_ value: JSONValue, path: String) throws(TaggingError) -> ImportedTemplate {
        var object = try JSONObjectReader(value, path: path)
        let id = try object.requiredText("id")
        let name = try object.requiredText("name")
        let type = try object.requiredText("type")
        let gallery = try object.text("gallery")
        guard let foreign = try foreign(&object) else {
            throw object.failure("foreign", "nothing is here", expected: "the template of the export")
        }
        try object.end()
        return ImportedTemplate(id: id, name: name, gallery: gallery, type: type, foreign: foreign)
    }

    private static func parameters(
        _ name: String, _ object: inout JSONObjectReader
    ) throws(TaggingError) -> [Parameter.Member] {
        guard let value = object.take(name) else { return [] }
        guard case .object(let members) = value else {
            throw object.failure(name, "here is \(value.kind)", expected: "an object")
        }
        return try ParameterJSON.members(members, path: object.place(name))
    }

    private static func foreign(_ object: inout JSONObjectReader) throws(TaggingError) -> String? {
        switch object.take("foreign") {
        case nil: nil
        case .string(let text): text
        case .object(let members): String(decoding: JSONValue.object(members).encoded, as: UTF8.self)
        case .some(let value):
            throw object.failure("foreign", "here is \(value.kind)", expected: "an object, or JSON as a text")
        }
    }
}
