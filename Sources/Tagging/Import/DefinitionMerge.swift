/// Brings an imported definition into a workspace that has objects already: as Google Tag Manager does it, over the old
/// one or merged into it.
///
/// In a merge objects are the same where their kind and name are. One that says the same is not taken twice; of two that
/// differ either the imported one takes the other's place, or it gets another name, and what is imported with it refers to
/// it by that. Ids are given anew. What the workspace has and the import has not is left alone.
package struct DefinitionMerge: Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// The workspace's objects go.
        case overwrite
        /// Of two objects with the same name the imported one stays, with the other's id.
        case mergeOverwriting
        /// Of two objects with the same name the imported one is renamed.
        case mergeRenaming
    }

    /// The workspace with the import in it.
    package private(set) var definition: ContainerDefinition
    /// What got another name, or took the place of another object.
    package private(set) var findings: [Finding] = []
    private let imported: ContainerDefinition
    private let mode: Mode
    /// What imported things refer to, by its new id or name.
    private var references = DefinitionReferences()

    /// Ids that are given are above all that either definition has, and above `idsAfter`: a workspace whose highest object
    /// was deleted says how far it had come. O(bytes of both).
    package init(
        _ imported: ContainerDefinition, into workspace: ContainerDefinition, mode: Mode, idsAfter: Int64 = 0
    ) {
        self.imported = imported
        self.mode = mode
        guard mode != .overwrite else {
            definition = imported
            definition.settings = DefinitionMerge.settings(workspace.settings, imported.settings)
            definition.settings.importedID = imported.settings.importedID
            return
        }
        definition = workspace
        definition.settings = DefinitionMerge.settings(workspace.settings, imported.settings)
        mergeFolders(idsAfter)
        nameVariables()
        mergeTriggers(idsAfter)
        mergeVariables(idsAfter)
        nameTags()
        mergeTags(idsAfter)
        for builtIn in imported.builtIns where !definition.builtIns.contains(builtIn) {
            definition.builtIns.append(builtIn)
        }
        mergeTemplates()
    }

    private static func settings(_ old: ContainerSettings, _ new: ContainerSettings) -> ContainerSettings {
        var settings = old
        settings.allowsCustomCode = old.allowsCustomCode || new.allowsCustomCode
        settings.importedID = old.importedID ?? new.importedID
        return settings
    }

    // MARK: Kinds

    private mutating func mergeFolders(_ idsAfter: Int64) {
        var ids = FreshIDs(definition.folders.map(\.id) + imported.folders.map(\.id), after: idsAfter)
        for folder in imported.folders {
            if let same = definition.folders.first(where: { $0.name == folder.name }) {
                references.folderIDs[folder.id] = same.id
                continue
            }
            var folder = folder
            let id = ids.next()
            references.folderIDs[folder.id] = id
            folder.id = id
            definition.folders.append(folder)
        }
    }

    /// Names are decided before anything is rewritten, since everything refers to variables by name.
    private mutating func nameVariables() {
        guard mode == .mergeRenaming else { return }
        var names = Set(definition.variables.map(\.name)).union(imported.variables.map(\.name))
        let old = index(definition.variables, \.name)
        for variable in imported.variables {
            guard let same = old[variable.name], !isSame(same, variable) else { continue }
            references.variableNames[variable.name] = rename(variable.name, "variable", &names)
        }
    }

    /// A tag that says the same, and whose triggers and variables do, is the old one, whatever became of the tags that it
    /// calls.
    private mutating func nameTags() {
        guard mode == .mergeRenaming else { return }
        var names = Set(definition.tags.map(\.name)).union(imported.tags.map(\.name))
        let old = index(definition.tags, \.name)
        var others: [String: String] = [:]
        for tag in imported.tags {
            guard let same = old[tag.name], !isSame(same, tag) else { continue }
            others[tag.name] = rename(tag.name, "tag", &names)
        }
        references.tagNames = others
    }

    private mutating func rename(_ name: String, _ kind: String, _ taken: inout Set<String>) -> String {
        var other = "\(name) (import)"
        var number = 2
        while !taken.insert(other).inserted {
            other = "\(name) (import \(number))"
            number += 1
        }
        findings.append(
            Finding(
                .notice, "\(kind) \"\(name)\"", "There is another one of this name; the imported one is \"\(other)\"."))
        return other
    }

    private mutating func replaced(_ name: String, _ kind: String) {
        findings.append(
            Finding(.notice, "\(kind) \"\(name)\"", "The imported one takes the place of the one that was there."))
    }

    private mutating func mergeTriggers(_ idsAfter: Int64) {
        var ids = FreshIDs(definition.triggers.map(\.id) + imported.triggers.map(\.id), after: idsAfter)
        let old = index(definition.triggers, \.name)
        var names = Set(definition.triggers.map(\.name)).union(imported.triggers.map(\.name))
        var places: [Int?] = []
        for trigger in imported.triggers {
            let same = old[trigger.name]
            // trigger groups name others by id, so they are compared after those have got theirs
            if let same, mode == .mergeOverwriting || rewritten(trigger, id: same.id, name: same.name, same) == same {
                references.triggerIDs[trigger.id] = same.id
                places.append(definition.triggers.firstIndex { $0.id == same.id })
            } else {
                references.triggerIDs[trigger.id] = ids.next()
                places.append(nil)
            }
        }
        for (trigger, place) in zip(imported.triggers, places) {
            let id = references.triggerIDs[trigger.id] ?? trigger.id
            guard let place else {
                let isTaken = old[trigger.name] != nil
                let name = isTaken ? rename(trigger.name, "trigger", &names) : trigger.name
                definition.triggers.append(rewritten(trigger, id: id, name: name, nil))
                continue
            }
            let new = rewritten(trigger, id: id, name: trigger.name, definition.triggers[place])
            if new != definition.triggers[place] { replaced(trigger.name, "trigger") }
            definition.triggers[place] = new
        }
    }

    private mutating func mergeVariables(_ idsAfter: Int64) {
        var ids = FreshIDs(definition.variables.map(\.id) + imported.variables.map(\.id), after: idsAfter)
        let places = places(definition.variables, \.name)
        for variable in imported.variables {
            let name = references.variableNames[variable.name] ?? variable.name
            if let place = places[name] {
                let old = definition.variables[place]
                if mode == .mergeRenaming || isSame(old, variable) { continue }
                definition.variables[place] = rewritten(variable, id: old.id, name: name)
                replaced(name, "variable")
            } else {
                definition.variables.append(rewritten(variable, id: ids.next(), name: name))
            }
        }
    }

    private mutating func mergeTags(_ idsAfter: Int64) {
        var ids = FreshIDs(definition.tags.map(\.id) + imported.tags.map(\.id), after: idsAfter)
        let places = places(definition.tags, \.name)
        for tag in imported.tags {
            let name = references.tagNames[tag.name] ?? tag.name
            if let place = places[name] {
                let old = definition.tags[place]
                // one that differs has another name by now, unless it is to take the old one's place
                if mode == .mergeRenaming || isSame(old, tag) { continue }
                definition.tags[place] = rewritten(tag, id: old.id, name: name)
                replaced(name, "tag")
            } else {
                definition.tags.append(rewritten(tag, id: ids.next(), name: name))
            }
        }
    }

    private mutating func mergeTemplates() {
        for template in imported.templates {
            guard let place = definition.templates.firstIndex(where: { $0.type == template.type }) else {
                definition.templates.append(template)
                continue
            }
            if mode == .mergeOverwriting { definition.templates[place] = template }
        }
    }

    // MARK: Rewriting

    private func isSame(_ old: Variable, _ new: Variable) -> Bool {
        var new = new
        new.id = old.id
        new.folder = old.folder
        new.foreign = old.foreign
        return new == old
    }

    private func isSame(_ old: Tag, _ new: Tag) -> Bool {
        var new = rewritten(new, id: old.id, name: old.name)
        new.folder = old.folder
        new.foreign = old.foreign
        return new == old
    }

    private func rewritten(_ trigger: Trigger, id: String, name: String, _ old: Trigger?) -> Trigger {
        var trigger = references.rewritten(trigger)
        trigger.id = id
        trigger.name = name
        if let old {
            trigger.folder = old.folder
            trigger.foreign = old.foreign
        }
        return trigger
    }

    private func rewritten(_ variable: Variable, id: String, name: String) -> Variable {
        var variable = references.rewritten(variable)
        variable.id = id
        variable.name = name
        return variable
    }

    private func rewritten(_ tag: Tag, id: String, name: String) -> Tag {
        var tag = references.rewritten(tag)
        tag.id = id
        tag.name = name
        return tag
    }

    private func index<Object>(_ objects: [Object], _ key: (Object) -> String) -> [String: Object] {
        Dictionary(objects.map { (key($0), $0) }) { first, _ in first }
    }

    private func places<Object>(_ objects: [Object], _ key: (Object) -> String) -> [String: Int] {
        Dictionary(objects.enumerated().map { (key($0.element), $0.offset) }) { first, _ in first }
    }
}
