internal import RequestParsing

/// Turns an envelope's lists into a definition. Ids and names become unique first, since the model counts on it.
struct GTMImporter {
    private let envelope: GTMEnvelope
    private let version: GTMObject
    private let now: Int64?
    private var findings: [Finding]
    private var definition = ContainerDefinition()
    private var owner = GTMObjects.Owner()

    init(_ envelope: GTMEnvelope, now: Int64?) {
        self.envelope = envelope
        self.now = now
        version = envelope.version
        findings = envelope.findings
    }

    mutating func run() throws(TaggingError) -> GTMImport {
        owner = GTMObjects.Owner(
            accountID: try version.text("accountId"), containerID: try version.text("containerId"))
        let folders = try readFolders()
        let triggers = try readTriggers(folders: folders)
        try readTags(folders: folders, triggers: triggers)
        try readVariables(folders: folders)
        var name = ""
        if let value = version["container"] {
            let container = try GTMObject(value, path: "\(version.path).container")
            name = try container.text("name") ?? ""
            if let id = try container.text("publicId"), !id.isEmpty { definition.settings.importedID = id }
        }
        try readBuiltIns()
        try readTemplates()
        keepForeign()
        definition.settings.allowsCustomCode = definition.hasCustomCode
        if let highland = envelope.highland { GTMNativeMember.read(highland, into: &definition, &findings) }
        var check = GTMCheck(definition, version, now: now)
        findings += check.run()
        return GTMImport(
            definition: definition, findings: findings, containerName: name, format: envelope.format)
    }

    // MARK: Objects

    private mutating func readFolders() throws(TaggingError) -> [String: String] {
        var ids = GTMIdentities(kind: "folder")
        let objects = try objects("folder")
        for object in objects { ids.reserve(try object.text("folderId")) }
        for object in objects {
            var folder = try GTMObjects.folder(object)
            folder.id = ids.id(folder.id, object.path, &findings)
            folder.name = ids.name(folder.name, id: folder.id, object.path, &findings)
            folder.foreign = GTMObjects.foreignFolder(owner).kept(object.members, of: folder)
            definition.folders.append(folder)
        }
        return ids.renumbered
    }

    private mutating func readTriggers(folders: [String: String]) throws(TaggingError) -> [String: String] {
        var ids = GTMIdentities(kind: "trigger")
        let objects = try objects("trigger")
        for object in objects { ids.reserve(try object.text("triggerId")) }
        var read: [(trigger: Trigger, object: GTMObject)] = []
        for object in objects {
            var trigger = try GTMObjects.trigger(object, &findings)
            if let builtIn = BuiltInTrigger(rawValue: trigger.id) {
                if GTMImporter.isSame(trigger, builtIn) {
                    findings.append(
                        Finding(.notice, object.path, "Every container has \(builtIn.name); it is not listed again."))
                    continue
                }
                findings.append(
                    Finding(
                        .warning, "trigger \"\(trigger.name)\"",
                        "Its id \(trigger.id) is Google's for \(builtIn.name), and tags that name it fire then. The "
                            + "trigger gets an id of its own; no tag names that."))
                trigger.id = ids.fresh()
            } else {
                trigger.id = ids.id(trigger.id, object.path, &findings)
            }
            trigger.name = ids.name(trigger.name, id: trigger.id, object.path, &findings)
            trigger.folder = trigger.folder.map { folders[$0] ?? $0 }
            read.append((trigger, object))
        }
        let renumbered = ids.renumbered
        for (trigger, object) in read {
            var trigger = trigger
            if !renumbered.isEmpty {
                trigger.parameters = trigger.parameters.map {
                    Parameter.Member($0.key, $0.value.renumbered(renumbered))
                }
            }
            trigger.foreign = GTMObjects.foreignTrigger(owner).kept(object.members, of: trigger)
            report(trigger.foreign, GTMObjects.triggerNames, "trigger \"\(trigger.name)\"")
            definition.triggers.append(trigger)
        }
        return renumbered
    }

    private static func isSame(_ trigger: Trigger, _ builtIn: BuiltInTrigger) -> Bool {
        trigger.type == builtIn.type && trigger.filters.isEmpty && trigger.customEventFilters.isEmpty
            && trigger.autoEventFilters.isEmpty
    }

    private mutating func readTags(
        folders: [String: String], triggers: [String: String]
    ) throws(TaggingError) {
        var ids = GTMIdentities(kind: "tag")
        let objects = try objects("tag")
        for object in objects { ids.reserve(try object.text("tagId")) }
        for object in objects {
            var tag = try GTMObjects.tag(object, &findings)
            tag.id = ids.id(tag.id, object.path, &findings)
            tag.name = ids.name(tag.name, id: tag.id, object.path, &findings)
            tag.folder = tag.folder.map { folders[$0] ?? $0 }
            if !triggers.isEmpty {
                tag.firingTriggers = tag.firingTriggers.map { triggers[$0] ?? $0 }
                tag.blockingTriggers = tag.blockingTriggers.map { triggers[$0] ?? $0 }
                tag.parameters = tag.parameters.map { Parameter.Member($0.key, $0.value.renumbered(triggers)) }
            }
            tag.foreign = GTMObjects.foreignTag(owner).kept(object.members, of: tag)
            report(tag.foreign, GTMObjects.tagNames, "tag \"\(tag.name)\"")
            definition.tags.append(tag)
        }
    }

    private mutating func readVariables(folders: [String: String]) throws(TaggingError) {
        var ids = GTMIdentities(kind: "variable")
        let objects = try objects("variable")
        for object in objects { ids.reserve(try object.text("variableId")) }
        for object in objects {
            var variable = try GTMObjects.variable(object, &findings)
            variable.id = ids.id(variable.id, object.path, &findings)
            variable.name = ids.name(variable.name, id: variable.id, object.path, &findings)
            variable.folder = variable.folder.map { folders[$0] ?? $0 }
            variable.foreign = GTMObjects.foreignVariable(owner).kept(object.members, of: variable)
            report(variable.foreign, GTMObjects.variableNames, "variable \"\(variable.name)\"")
            definition.variables.append(variable)
        }
    }

    private func objects(_ name: String) throws(TaggingError) -> [GTMObject] {
        var objects: [GTMObject] = []
        for (value, path) in try version.list(name) { objects.append(try GTMObject(value, path: path)) }
        return objects
    }

    /// Says which members of an object are kept for the way back and have no effect here.
    private mutating func report(_ foreign: String?, _ names: Set<String>, _ place: String) {
        let silent: Set<String> = [
            "accountId", "containerId", "workspaceId", "path", "fingerprint", "tagManagerUrl", "monitoringMetadata",
            "monitoringMetadataTagNameKey", "dependencies", "scheduleStartMs", "scheduleEndMs",
        ]
        let unknown = JSONValue.foreign(foreign).map(\.name).filter { !names.contains($0) && !silent.contains($0) }
        guard !unknown.isEmpty else { return }
        let list = unknown.prefix(8).map { $0.prefix(40) }.joined(separator: ", ")
        findings.append(Finding(.notice, place, "Kept for export, without effect here: \(list)."))
    }

    // MARK: The rest

    private mutating func readBuiltIns() throws(TaggingError) {
        var seen: Set<String> = []
        func add(_ type: String) {
            let type = GTMWords.camel(type)
            if !type.isEmpty, seen.insert(type).inserted { definition.builtIns.append(type) }
        }
        for (value, path) in try version.list("builtInVariable") {
            if let type = value.scalarText {
                add(type)
                continue
            }
            let object = try GTMObject(value, path: path)
            let types = try object.texts("type")
            types.forEach(add)
            if let name = try object.text("name"), let type = types.first {
                let ours = GTMWords.displayName(builtIn: GTMWords.camel(type))
                if name != ours {
                    findings.append(
                        Finding(
                            .warning, path,
                            "The built-in variable \(ours) is called \"\(name.prefix(80))\" here; references by that "
                                + "name are undefined."))
                }
            }
        }
        if let container = version["container"] {
            let object = try GTMObject(container, path: "\(version.path).container")
            try object.texts("enabledBuiltInVariable").forEach(add)
        }
    }

    private mutating func readTemplates() throws(TaggingError) {
        let types = Set(definition.tags.map(\.type) + definition.variables.map(\.type))
        for object in try objects("customTemplate") {
            let id = try object.text("templateId") ?? ""
            // What the template says of itself decides where the gallery's reference does not.
            let said = TemplateFile(try object.text("templateData") ?? "").id
            let container = try object.text("containerId") ?? owner.containerID ?? ""
            var gallery: String?
            var type = "cvt_\(container)_\(id)"
            if let value = object["galleryReference"] {
                let reference = try GTMObject(value, path: "\(object.path).galleryReference")
                if let owner = try reference.text("owner"), let repository = try reference.text("repository") {
                    gallery = "\(owner)/\(repository)"
                }
                if let galleryID = try reference.text("galleryTemplateId"), !galleryID.isEmpty,
                    types.contains("cvt_\(galleryID)") || !types.contains(type)
                {
                    type = "cvt_\(galleryID)"
                }
            }
            if !types.contains(type), said.hasPrefix("cvt_"), types.contains(said) { type = said }
            definition.templates.append(
                ImportedTemplate(
                    id: id, name: try object.text("name") ?? "", gallery: gallery, type: type,
                    foreign: JSONValue.object(object.members).foreignText))
        }
    }

    /// What stands beside the lists: the container's description, zones, names and notes of the version.
    private mutating func keepForeign() {
        let isMade = envelope.highland?["madeContainer"] == .bool(true)
        if isMade { definition.settings.importedID = nil }
        var members: [JSONValue.Member] = []
        for member in version.members {
            switch member.name {
            case "tag", "trigger", "variable", "folder", "customTemplate":
                // an empty list says what none says, but the file has it
                if member.value == .array([]) { members.append(member) }
            case "builtInVariable":
                let ours = JSONValue.array(GTMObjects.builtIns(definition.builtIns, owner)).sorted
                let isSame = GTMExporter.types(member.value) == definition.builtIns
                if isSame, ours != member.value.sorted { members.append(member) }
            case "container":
                if isMade { continue }
                let parts = member.value.members.filter { $0.name != "enabledBuiltInVariable" }
                members.append(JSONValue.Member(member.name, .object(parts)))
            default: members.append(member)
            }
        }
        var root = envelope.root
        if !members.isEmpty { root.append(JSONValue.Member("containerVersion", .object(members))) }
        definition.foreign = root.isEmpty ? nil : JSONValue.object(root).foreignText
    }
}

extension Parameter {
    /// The same with references to triggers under their new ids. As deep as parameters are.
    fileprivate func renumbered(_ ids: [String: String]) -> Parameter {
        switch self {
        case .triggerReference(let id): .triggerReference(ids[id] ?? id)
        case .list(let items): .list(items.map { $0.renumbered(ids) })
        case .map(let members): .map(members.map { Member($0.key, $0.value.renumbered(ids)) })
        default: self
        }
    }
}
