internal import RequestParsing

/// What differs between two definitions, for people who review or publish. Objects are the same where their ids are.
package enum DefinitionDiff {
    /// One tag, trigger, … that came, went or changed.
    package struct Change: Sendable, Hashable {
        package var kind: Kind
        /// The object's id; a setting's or list's name.
        package var id: String
        /// What it is called now, or was called where it is gone.
        package var name: String
        package var action: Action
        /// What it was called, where that changed.
        package var previousName: String?
        /// What changed inside, in the order of the stored form; empty for what came or went.
        package var details: [Detail] = []

        package init(_ kind: Kind, id: String, name: String, _ action: Action) {
            self.kind = kind
            self.id = id
            self.name = name
            self.action = action
        }
    }

    /// One member that differs. Texts stand as they are, other values as JSON; nil where there is none on that side.
    package struct Detail: Sendable, Hashable {
        /// As the stored form has it: `parameters.html`, `filters[0].value`.
        package var path: String
        package var old: String?
        package var new: String?

        package init(_ path: String, old: String?, new: String?) {
            self.path = path
            self.old = old
            self.new = new
        }
    }

    package enum Kind: String, Sendable, CaseIterable {
        case tag, trigger, variable, builtIn, folder, template, setting
    }

    package enum Action: String, Sendable, CaseIterable {
        case added, removed, renamed, changed
    }

    /// The way from one definition to another: empty where they are equal. Changes of one kind stand together, in the
    /// order of the new definition, gone ones last. O(bytes of both).
    package static func between(_ old: ContainerDefinition, _ new: ContainerDefinition) -> [Change] {
        let before = DefinitionWriter.value(old)
        let after = DefinitionWriter.value(new)
        var changes: [Change] = []
        let lists = [
            (Kind.tag, "tags"), (.trigger, "triggers"), (.variable, "variables"), (.folder, "folders"),
            (.template, "templates"),
        ]
        for (kind, name) in lists {
            changes += objects(kind, name, before[name]?.items ?? [], after[name]?.items ?? [])
        }
        changes += builtIns(old.builtIns, new.builtIns)
        let settings = after["settings"]?.members.map(\.name) ?? []
        let gone = (before["settings"]?.members.map(\.name) ?? []).filter { !settings.contains($0) }
        for name in settings + gone {
            changes += setting(name, before["settings"]?[name], after["settings"]?[name])
        }
        return changes + setting("foreign", before["foreign"], after["foreign"])
    }

    private static func setting(_ name: String, _ old: JSONValue?, _ new: JSONValue?) -> [Change] {
        let details = DefinitionDiff.details(name, old, new)
        guard !details.isEmpty else { return [] }
        var change = Change(.setting, id: name, name: name, .changed)
        change.details = details
        return [change]
    }

    private static func objects(_ kind: Kind, _ list: String, _ old: [JSONValue], _ new: [JSONValue]) -> [Change] {
        var before: [String: JSONValue] = [:]
        // Of several under one id the first counts, as it does below.
        for object in old where before[object.text("id")] == nil { before[object.text("id")] = object }
        var seen: Set<String> = []
        var changes: [Change] = []
        for object in new where seen.insert(object.text("id")).inserted {
            let id = object.text("id")
            let name = object.text("name")
            guard let previous = before[id] else {
                changes.append(Change(kind, id: id, name: name, .added))
                continue
            }
            let details = DefinitionDiff.details("", previous, object)
            guard !details.isEmpty else { continue }
            var change = Change(kind, id: id, name: name, .changed)
            if previous.text("name") != name {
                change.action = .renamed
                change.previousName = previous.text("name")
            }
            change.details = details
            changes.append(change)
        }
        for object in old where !seen.contains(object.text("id")) {
            changes.append(Change(kind, id: object.text("id"), name: object.text("name"), .removed))
        }
        let kept = old.map { $0.text("id") }.filter(seen.contains)
        let order = new.map { $0.text("id") }.filter { before[$0] != nil }
        return changes + reordered(list, kept, order)
    }

    private static func builtIns(_ old: [String], _ new: [String]) -> [Change] {
        let before = Set(old)
        let after = Set(new)
        var changes = new.filter { !before.contains($0) }.map { Change(.builtIn, id: $0, name: $0, .added) }
        changes += old.filter { !after.contains($0) }.map { Change(.builtIn, id: $0, name: $0, .removed) }
        return changes + reordered("builtIns", old.filter(after.contains), new.filter(before.contains))
    }

    /// Order decides which of two tags of the same priority begins.
    private static func reordered(_ list: String, _ old: [String], _ new: [String]) -> [Change] {
        guard old != new else { return [] }
        var change = Change(.setting, id: list, name: list, .changed)
        change.details = [Detail("order", old: old.joined(separator: " "), new: new.joined(separator: " "))]
        return [change]
    }

    /// Members and items that differ; the recursion is as deep as the values, which models and readers bound.
    private static func details(_ path: String, _ old: JSONValue?, _ new: JSONValue?) -> [Detail] {
        guard old != new else { return [] }
        switch (old, new) {
        case (.object(let before)?, .object(let after)?):
            var former: [String: JSONValue] = [:]
            for member in before { former[member.name] = member.value }
            var latter: Set<String> = []
            var result: [Detail] = []
            for member in after {
                latter.insert(member.name)
                result += details(join(path, member.name), former[member.name], member.value)
            }
            for member in before where !latter.contains(member.name) {
                result += details(join(path, member.name), member.value, nil)
            }
            if result.isEmpty {
                let orders = [before, after].map { $0.map(\.name).joined(separator: " ") }
                result.append(Detail(join(path, "order"), old: orders[0], new: orders[1]))
            }
            return result
        case (.array(let before)?, .array(let after)?):
            var result: [Detail] = []
            for index in 0..<max(before.count, after.count) {
                result += details(
                    "\(path)[\(index)]", index < before.count ? before[index] : nil,
                    index < after.count ? after[index] : nil)
            }
            return result
        default:
            return [Detail(path, old: old.map(text), new: new.map(text))]
        }
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: IndentedJSON.write(value, lineMax: .max).dropLast(), as: UTF8.self)
    }
}

extension JSONValue {
    /// A member's text, else an empty one.
    fileprivate func text(_ name: String) -> String {
        if case .string(let text)? = self[name] { return text }
        return ""
    }
}
