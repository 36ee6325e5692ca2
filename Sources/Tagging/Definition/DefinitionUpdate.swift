/// Takes a newer version into a draft that was begun on an older one, so that neither the draft's changes nor those of
/// the versions since go.
///
/// Objects are the same where their ids are (templates: their types). What one side alone changed, added or removed is
/// taken from that side. Where both changed the same thing in different ways the draft's stays, and a finding names it.
/// Where the draft and a version since gave the same id to different new things, the draft's gets another one, and what
/// the draft has follows it.
package struct DefinitionUpdate: Sendable {
    /// The draft with the newer version in it.
    package private(set) var definition: ContainerDefinition
    /// What both sides changed, in the order of the kinds.
    package private(set) var findings: [Finding] = []

    /// `base` is what the draft was begun on. O(bytes of all three).
    package init(_ draft: ContainerDefinition, from base: ContainerDefinition, to newest: ContainerDefinition) {
        let draft = DefinitionUpdate.renumbered(draft, base, newest)
        definition = draft
        definition.tags = merge("tag", base.tags, draft.tags, newest.tags, \.id, \.name)
        definition.triggers = merge("trigger", base.triggers, draft.triggers, newest.triggers, \.id, \.name)
        definition.variables = merge("variable", base.variables, draft.variables, newest.variables, \.id, \.name)
        definition.folders = merge("folder", base.folders, draft.folders, newest.folders, \.id, \.name)
        definition.templates = merge("template", base.templates, draft.templates, newest.templates, \.type, \.type)
        definition.builtIns = merge("built-in variable", base.builtIns, draft.builtIns, newest.builtIns, \.self, \.self)
        definition.settings = settings(base.settings, draft.settings, newest.settings)
        definition.foreign = draft.foreign == base.foreign ? newest.foreign : draft.foreign
    }

    // MARK: Ids

    /// The draft with ids of its own for what a version since has given to something else. What things refer to comes
    /// first: two that look alike differ where they mean different things by an id.
    private static func renumbered(
        _ draft: ContainerDefinition, _ base: ContainerDefinition, _ newest: ContainerDefinition
    ) -> ContainerDefinition {
        var draft = draft
        let folders = freshIDs(base.folders, draft.folders, newest.folders, \.id)
        draft.rewrite(DefinitionReferences(folderIDs: folders))
        renumber(&draft.folders, \.id, folders)
        // A group whose members got other ids is another group: once more, as deep as groups stand in groups.
        while true {
            let triggers = freshIDs(base.triggers, draft.triggers, newest.triggers, \.id)
            guard !triggers.isEmpty else { break }
            draft.rewrite(DefinitionReferences(triggerIDs: triggers))
            renumber(&draft.triggers, \.id, triggers)
        }
        renumber(&draft.tags, \.id, freshIDs(base.tags, draft.tags, newest.tags, \.id))
        renumber(&draft.variables, \.id, freshIDs(base.variables, draft.variables, newest.variables, \.id))
        return draft
    }

    private static func renumber<Object>(
        _ objects: inout [Object], _ id: WritableKeyPath<Object, String>, _ fresh: [String: String]
    ) {
        for place in objects.indices {
            if let other = fresh[objects[place][keyPath: id]] { objects[place][keyPath: id] = other }
        }
    }

    /// New ids by old ones, for objects that the draft and the newest version added under one id and that differ.
    private static func freshIDs<Object: Hashable>(
        _ base: [Object], _ draft: [Object], _ newest: [Object], _ id: KeyPath<Object, String>
    ) -> [String: String] {
        let old = Set(base.map { $0[keyPath: id] })
        let new = Dictionary(newest.map { ($0[keyPath: id], $0) }) { first, _ in first }
        var ids = FreshIDs((base + draft + newest).map { $0[keyPath: id] })
        var fresh: [String: String] = [:]
        for object in draft where !old.contains(object[keyPath: id]) {
            if let other = new[object[keyPath: id]], other != object { fresh[object[keyPath: id]] = ids.next() }
        }
        return fresh
    }

    // MARK: Three ways

    private mutating func merge<Object: Hashable>(
        _ kind: String, _ base: [Object], _ draft: [Object], _ newest: [Object],
        _ id: KeyPath<Object, String>, _ name: KeyPath<Object, String>
    ) -> [Object] {
        func byID(_ objects: [Object]) -> [String: Object] {
            Dictionary(objects.map { ($0[keyPath: id], $0) }) { first, _ in first }
        }
        let (old, mine, theirs) = (byID(base), byID(draft), byID(newest))
        var kept: [Object] = []
        for key in DefinitionUpdate.order(base, draft, newest, id) {
            let (before, own, other) = (old[key], mine[key], theirs[key])
            if own == before {
                if let other { kept.append(other) }
            } else if other == before || own == other {
                if let own { kept.append(own) }
            } else if let chosen = own ?? other {
                kept.append(chosen)
                conflict("\(kind) \"\(chosen[keyPath: name])\"", isOwn: own != nil, isOther: other != nil)
            }
        }
        return kept
    }

    /// All ids once: in the draft's order where the newest version left the base's, else in the newest version's; what
    /// the other side added comes last.
    private static func order<Object>(
        _ base: [Object], _ draft: [Object], _ newest: [Object], _ id: KeyPath<Object, String>
    ) -> [String] {
        let (old, mine, theirs) = (
            base.map { $0[keyPath: id] }, draft.map { $0[keyPath: id] }, newest.map { $0[keyPath: id] }
        )
        let inBoth = Set(old).intersection(theirs)
        let isKept = old.filter(inBoth.contains) == theirs.filter(inBoth.contains)
        var seen: Set<String> = []
        return (isKept ? mine + theirs : theirs + mine).filter { seen.insert($0).inserted }
    }

    private mutating func conflict(_ place: String, isOwn: Bool, isOther: Bool) {
        let text =
            if !isOwn {
                "The draft had removed it and a newer version has changed it: it is back, as the newer version has it."
            } else if !isOther {
                "A newer version has removed it and the draft has changed it: the draft's stays."
            } else {
                "A newer version has changed it as well: the draft's stays."
            }
        findings.append(Finding(.warning, place, text))
    }

    private mutating func settings(
        _ base: ContainerSettings, _ draft: ContainerSettings, _ newest: ContainerSettings
    ) -> ContainerSettings {
        var settings = draft
        func take<Value: Equatable>(_ member: WritableKeyPath<ContainerSettings, Value>, _ name: String) {
            let (before, own, other) = (base[keyPath: member], draft[keyPath: member], newest[keyPath: member])
            if own == before {
                settings[keyPath: member] = other
            } else if other != before, own != other {
                conflict("settings: \(name)", isOwn: true, isOther: true)
            }
        }
        take(\.allowsCustomCode, "allowsCustomCode")
        take(\.importedID, "importedID")
        take(\.googleConsent, "googleConsent")
        take(\.googleEvents, "googleEvents")
        take(\.waitForConsentMilliseconds, "waitForConsentMilliseconds")
        return settings
    }
}
