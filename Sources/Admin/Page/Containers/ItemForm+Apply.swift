internal import Catalog
internal import Tagging

/// What a form's answers make of a draft.
extension ItemForm {
    /// The draft with the answers in it, and the id of what was edited; nil where `source.errors` say what is wrong.
    /// `highestID` is above all ids that were ever seen.
    mutating func applied(highestID: Int64) -> (draft: ContainerDefinition, id: String)? {
        var draft = draft
        let id = self.id ?? String(highestID &+ 1)
        switch kind {
        case .builtins:
            let others = draft.builtIns.filter { name in !ItemForm.webBuiltIns.contains { $0.name == name } }
            let chosen = ItemForm.webBuiltIns.map(\.name).filter { source.isOn("b.\($0)", false) }
            // What stays keeps its order, so that nothing differs that was not changed.
            draft.builtIns =
                draft.builtIns.filter { chosen.contains($0) || others.contains($0) }
                + chosen.filter { !draft.builtIns.contains($0) }
        case .settings: applySettings(&draft.settings)
        case .folders: applyFolder(&draft, id)
        case .tags: applyTag(&draft, id)
        case .triggers: applyTrigger(&draft, id)
        case .variables: applyVariable(&draft, id)
        }
        return source.errors.isEmpty ? (draft, id) : nil
    }

    /// The draft without it.
    func removed() -> ContainerDefinition {
        var draft = draft
        switch kind {
        case .tags: draft.tags.removeAll { $0.id == id }
        case .triggers: draft.triggers.removeAll { $0.id == id }
        case .variables: draft.variables.removeAll { $0.id == id }
        case .folders:
            draft.folders.removeAll { $0.id == id }
            for place in draft.tags.indices where draft.tags[place].folder == id { draft.tags[place].folder = nil }
            for place in draft.triggers.indices where draft.triggers[place].folder == id {
                draft.triggers[place].folder = nil
            }
            for place in draft.variables.indices where draft.variables[place].folder == id {
                draft.variables[place].folder = nil
            }
        case .builtins, .settings: break
        }
        return draft
    }

    // MARK: Common parts

    private mutating func newName(_ others: [String]) -> String {
        let text = FormFields.trimmed(source.text("name"))
        if text.isEmpty { source.wrong("name", "It needs a name.") }
        if text.count > 200 { source.wrong("name", "At most 200 characters.") }
        if others.contains(text) { source.wrong("name", "There is another \(kind.single) of this name.") }
        // What comes back unchanged stays to the last blank.
        return text == FormFields.trimmed(name) && id != nil ? name : text
    }

    private func optional(_ name: String, _ stored: String?) -> String? {
        let text = source.kept(name, stored)
        return text.isEmpty ? nil : text
    }

    /// A value of the same kind as the old one.
    private static func value(_ text: String, like old: Parameter?) -> Parameter {
        switch old {
        case .boolean: .boolean(text)
        case .integer: .integer(text)
        case .triggerReference: .triggerReference(text)
        case .tagReference: .tagReference(text)
        default: .template(text)
        }
    }

    private mutating func newParameters() -> [Parameter.Member] {
        var parameters = parameters
        for field in typeFields {
            let name = "p.\(field.key)"
            let stored = parameters[field.key]
            switch field.kind {
            case .table(let keys): applyTable(field, keys, &parameters)
            case .list: applyList(field, &parameters)
            case .flag where ["true", "false", "", nil].contains(stored?.text):
                let isOn = source.isOn(name, false)
                if isOn != (stored?.isTrue ?? false) {
                    parameters[field.key] =
                        stored.map { ItemForm.value(String(isOn), like: $0) } ?? .boolean(String(isOn))
                }
            default:
                let text = source.kept(name, stored?.text)
                if field.isRequired, text.isEmpty, stored?.text != "" {
                    source.wrong(name, "It is needed" + (field.example.map { ", as \($0)." } ?? "."))
                }
                if field.kind == .number, !text.isEmpty, !text.contains("{{"), Double(text) == nil {
                    source.wrong(name, "A number, or a variable.")
                }
                if text != stored?.text ?? "" {
                    parameters[field.key] = text.isEmpty ? nil : ItemForm.value(text, like: stored)
                }
            }
        }
        return parameters
    }

    private mutating func applyTable(_ field: TagType.Field, _ keys: [String], _ parameters: inout [Parameter.Member]) {
        let name = "p.\(field.key)"
        let stored = parameters[field.key]
        guard ItemForm.isTable(stored) else { return }
        let old = stored?.items ?? []
        var items: [Parameter] = []
        for (place, row) in source.rows(name, keys, []).enumerated() {
            let item = place < old.count ? old[place].members : []
            // A row goes when it is emptied; one that was empty before stays.
            let wasEmpty = place < old.count && keys.allSatisfy { (item[$0]?.text ?? "").isEmpty }
            guard wasEmpty || !row.allSatisfy(\.isEmpty) else { continue }
            var members = item
            for (key, text) in zip(keys, row) {
                let kept = FormText.kept(text, for: item[key]?.text)
                if item[key] != nil || !kept.isEmpty { members[key] = ItemForm.value(kept, like: item[key]) }
            }
            items.append(.map(members))
        }
        store(items, field, stored, &parameters)
    }

    private mutating func applyList(_ field: TagType.Field, _ parameters: inout [Parameter.Member]) {
        let name = "p.\(field.key)"
        let stored = parameters[field.key]
        guard ItemForm.isList(stored) else { return }
        let old = stored?.items ?? []
        let isTriggers = field.key == "triggerIds"
        var items: [Parameter] = []
        for (place, row) in source.rows(name, ["value"], []).enumerated() {
            let present = place < old.count ? old[place] : nil
            var text = row[0]
            guard !text.isEmpty || present?.text == "" else { continue }
            if isTriggers {
                guard let id = triggerID(text) else {
                    source.wrong(name, "There is no trigger \"\(text)\".")
                    continue
                }
                text = id
            }
            let like = present ?? (isTriggers ? Parameter.triggerReference("") : nil)
            items.append(ItemForm.value(FormText.kept(text, for: present?.text), like: like))
        }
        store(items, field, stored, &parameters)
    }

    private mutating func store(
        _ items: [Parameter], _ field: TagType.Field, _ stored: Parameter?, _ parameters: inout [Parameter.Member]
    ) {
        if items.isEmpty, field.isRequired { source.wrong("p.\(field.key)", "At least one row is needed.") }
        guard items != stored?.items ?? [] else { return }
        parameters[field.key] = items.isEmpty ? nil : .list(items)
    }

    // MARK: Kinds

    private mutating func applyTag(_ draft: inout ContainerDefinition, _ id: String) {
        let old = tag
        var new = old ?? Tag(id: id, name: "", type: newType)
        new.name = newName(draft.tags.filter { $0.id != id }.map(\.name))
        new.parameters = newParameters()
        new.firingTriggers = triggers("firing", new.firingTriggers)
        new.blockingTriggers = triggers("blocking", new.blockingTriggers)
        new.firing = Tag.FiringOption(rawValue: source.text("often")) ?? new.firing
        let priority = FormFields.trimmed(source.text("priority"))
        if priority != new.priority?.text ?? "" {
            let isReference = priority.hasPrefix("{{") && priority.hasSuffix("}}")
            if !priority.isEmpty, !isReference, Int32(priority) == nil {
                source.wrong("priority", "A whole number, or a variable.")
            }
            new.priority = priority.isEmpty ? nil : .integer(priority)
        }
        new.isPaused = source.isOn("paused", false)
        new.isLiveOnly = source.isOn("live", false)
        new.startsAt = moment("starts", new.startsAt)
        new.endsAt = moment("ends", new.endsAt)
        if let start = new.startsAt, let end = new.endsAt, start >= end { source.wrong("ends", "After the beginning.") }
        new.setup = sequenced("setup", new.setup, "setupStops")
        new.cleanup = sequenced("cleanup", new.cleanup, "cleanupStops")
        new.consent = consentRule(new.consent)
        new.folder = optional("folder", new.folder)
        new.notes = optional("notes", new.notes)
        if let place = draft.tags.firstIndex(where: { $0.id == id }) {
            draft.tags[place] = new
            if let old { draft.renameReferences(toTag: old.name, new.name) }
        } else {
            draft.tags.append(new)
        }
    }

    private mutating func triggers(_ name: String, _ old: [String]) -> [String] {
        var ids: [String] = []
        for row in source.rows(name, ["id"], []) {
            let text = FormFields.trimmed(row[0])
            if text.isEmpty { continue }
            // An id that nothing has stays where it was there before.
            guard let id = triggerID(text) ?? (old.contains(text) ? text : nil) else {
                source.wrong(name, "There is no trigger \"\(text)\"; choose one of the list.")
                continue
            }
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    private mutating func moment(_ name: String, _ old: Int64?) -> Int64? {
        let text = FormFields.trimmed(source.text(name))
        if text == MomentForm.text(old) { return old }
        if text.isEmpty { return nil }
        guard let moment = MomentForm.milliseconds(text) else {
            source.wrong(name, "A day and a time, as 2026-12-01 08:00.")
            return old
        }
        return moment
    }

    private mutating func sequenced(_ name: String, _ old: Tag.Sequenced?, _ stops: String) -> Tag.Sequenced? {
        let text = source.kept(name, old?.tagName)
        guard !FormFields.trimmed(text).isEmpty else { return nil }
        if text != old?.tagName, !draft.tags.contains(where: { $0.name == text }) {
            source.wrong(name, "There is no tag of this name.")
        }
        return Tag.Sequenced(tagName: text, stopsOnFailure: source.isOn(stops, false))
    }

    private mutating func consentRule(_ old: ConsentRule) -> ConsentRule {
        var rule = old
        rule.status = ConsentRule.Status(rawValue: source.text("consent")) ?? old.status
        let all = old.types + ItemForm.consentTypes.filter { !old.types.contains($0) }
        rule.types = all.filter { source.isOn("consent.\($0)", false) }
        rule.lacking = ConsentRule.Lacking(rawValue: source.text("lacking")) ?? old.lacking
        if rule.status == .needed, rule.types.isEmpty { source.wrong("consent", "Tick at least one below.") }
        return rule
    }

    private mutating func applyTrigger(_ draft: inout ContainerDefinition, _ id: String) {
        var new = trigger ?? Trigger(id: id, name: "", type: newType)
        new.name = newName(draft.triggers.filter { $0.id != id }.map(\.name))
        new.parameters = newParameters()
        for list in conditionLists {
            let conditions = conditions(list.name, list.conditions)
            switch list.name {
            case "events":
                if conditions.isEmpty, !list.conditions.isEmpty || trigger == nil {
                    source.wrong("events", "A custom event needs its name as the value.")
                }
                new.customEventFilters = conditions
            case "auto": new.autoEventFilters = conditions
            default: new.filters = conditions
            }
        }
        new.folder = optional("folder", new.folder)
        new.notes = optional("notes", new.notes)
        if let place = draft.triggers.firstIndex(where: { $0.id == id }) {
            draft.triggers[place] = new
        } else {
            draft.triggers.append(new)
        }
    }

    private mutating func conditions(_ name: String, _ old: [Condition]) -> [Condition] {
        var conditions: [Condition] = []
        for (place, row) in source.rows(name, ItemForm.conditionKeys, []).enumerated() {
            let present = place < old.count ? old[place] : nil
            let isUnchanged = present.map { ItemForm.row($0) == row } ?? false
            if ItemForm.isBlank(row, name), !isUnchanged { continue }
            let word = row[1].hasPrefix("!") ? String(row[1].dropFirst()) : row[1]
            guard let comparison = Condition.Comparison(rawValue: word) else {
                source.wrong(name, "\"\(CatalogError.shown(row[1]))\" is no comparison.")
                continue
            }
            if row[0].isEmpty, !isUnchanged { source.wrong(name, "A condition needs a variable, as {{Page Path}}.") }
            conditions.append(
                Condition(
                    comparison, FormText.kept(row[0], for: present?.subject),
                    FormText.kept(row[2], for: present?.value), isNegated: row[1].hasPrefix("!"),
                    ignoresCase: row[3] == "ignored"))
        }
        return conditions
    }

    private mutating func applyVariable(_ draft: inout ContainerDefinition, _ id: String) {
        let old = variable
        var new = old ?? Variable(id: id, name: "", type: newType)
        new.name = newName(draft.variables.filter { $0.id != id }.map(\.name))
        if new.name.contains("{{") || new.name.contains("}}") {
            source.wrong("name", "No double braces: they stand around it in references.")
        }
        new.parameters = newParameters()
        for key in ["caseConversionType"] + ItemForm.formatTitles.map(\.0) {
            let stored = new.format[key]
            if let stored, stored.text == nil { continue }
            let text = source.kept("v.\(key)", stored?.text)
            let isSame = text == stored?.text ?? "" || text.isEmpty && stored?.text == "none"
            if !isSame { new.format[key] = text.isEmpty ? nil : ItemForm.value(text, like: stored) }
        }
        new.folder = optional("folder", new.folder)
        new.notes = optional("notes", new.notes)
        if let place = draft.variables.firstIndex(where: { $0.id == id }) {
            draft.variables[place] = new
            if let old { draft.renameReferences(toVariable: old.name, new.name) }
        } else {
            draft.variables.append(new)
        }
    }

    private mutating func applyFolder(_ draft: inout ContainerDefinition, _ id: String) {
        let new = newName(draft.folders.filter { $0.id != id }.map(\.name))
        if let place = draft.folders.firstIndex(where: { $0.id == id }) {
            draft.folders[place].name = new
        } else {
            draft.folders.append(Folder(id: id, name: new))
        }
    }

    private mutating func applySettings(_ settings: inout ContainerSettings) {
        settings.allowsCustomCode = source.isOn("code", false)
        settings.googleConsent =
            ContainerSettings.GoogleConsent(rawValue: source.text("googleConsent")) ?? settings.googleConsent
        settings.googleEvents =
            ContainerSettings.GoogleEvents(rawValue: source.text("googleEvents")) ?? settings.googleEvents
        let wait = FormFields.trimmed(source.text("wait"))
        if let number = Int(wait), (0...60_000).contains(number) {
            settings.waitForConsentMilliseconds = number
        } else {
            source.wrong("wait", "A whole number from 0 to 60000.")
        }
        settings.importedID = optional("importedID", settings.importedID)
    }
}
