internal import RequestParsing
internal import Tagging

/// What a draft is made of, as paths and tabs name it.
enum ItemKind: String, CaseIterable {
    case tags, triggers, variables, folders, builtins, settings

    var title: String {
        switch self {
        case .tags: "Tags"
        case .triggers: "Triggers"
        case .variables: "Variables"
        case .folders: "Folders"
        case .builtins: "Built-in variables"
        case .settings: "Settings"
        }
    }

    /// Of one of them.
    var single: String {
        switch self {
        case .tags: "tag"
        case .triggers: "trigger"
        case .variables: "variable"
        case .folders: "folder"
        case .builtins: "built-in variables"
        case .settings: "settings"
        }
    }

    /// There is one form for all of it.
    var isSingle: Bool { self == .builtins || self == .settings }
}

/// The form of one thing in a draft: its fields from what the draft has or from what was sent, and the draft with the
/// form's answers in it. Parameters that the type's table does not name are shown and stay as they are.
struct ItemForm {
    let kind: ItemKind
    let draft: ContainerDefinition
    /// The id of what is edited; nil for something new, and where there is one form for all.
    let id: String?
    /// The type of something new.
    let newType: String
    var source: FormSource

    init(_ kind: ItemKind, _ draft: ContainerDefinition, id: String?, newType: String, form: FormFields?) {
        self.kind = kind
        self.draft = draft
        self.id = id
        self.newType = newType
        source = FormSource(form)
    }

    // MARK: What it is

    var tag: Tag? { id.flatMap { id in draft.tags.first { $0.id == id } } }
    var trigger: Trigger? { id.flatMap { id in draft.triggers.first { $0.id == id } } }
    var variable: Variable? { id.flatMap { id in draft.variables.first { $0.id == id } } }
    var folder: Folder? { id.flatMap { id in draft.folders.first { $0.id == id } } }

    /// False where the draft has nothing of that id, or the type of something new is none.
    var exists: Bool {
        switch kind {
        case .tags: id == nil ? TagType.named(newType) != nil : tag != nil
        case .triggers: id == nil ? TriggerType.named(newType)?.usage == .web : trigger != nil
        case .variables: id == nil ? VariableType.named(newType) != nil : variable != nil
        case .folders: id == nil || folder != nil
        case .builtins, .settings: true
        }
    }

    var type: String {
        switch kind {
        case .tags: tag?.type ?? newType
        case .triggers: trigger?.type ?? newType
        case .variables: variable?.type ?? newType
        case .folders, .builtins, .settings: ""
        }
    }

    var name: String {
        switch kind {
        case .tags: tag?.name ?? ""
        case .triggers: trigger?.name ?? ""
        case .variables: variable?.name ?? ""
        case .folders: folder?.name ?? ""
        case .builtins, .settings: kind.title
        }
    }

    /// For people; the type's own word where the program does not know it.
    var typeTitle: String {
        switch kind {
        case .tags: TagType.running(type)?.title ?? type
        case .triggers: TriggerType.named(type)?.title ?? type
        case .variables: VariableType.named(type)?.title ?? type
        case .folders, .builtins, .settings: ""
        }
    }

    /// Whether nothing here runs what it is.
    var isUnknown: Bool {
        switch kind {
        case .tags: TagType.running(type) == nil
        case .triggers: TriggerType.named(type)?.usage != .web
        case .variables: VariableType.named(type) == nil
        case .folders, .builtins, .settings: false
        }
    }

    var typeFields: [TagType.Field] {
        switch kind {
        case .tags: TagType.running(type)?.fields ?? []
        case .triggers: TriggerType.named(type)?.fields ?? []
        case .variables: VariableType.named(type)?.fields ?? []
        case .folders, .builtins, .settings: []
        }
    }

    var parameters: [Parameter.Member] {
        switch kind {
        case .tags: tag?.parameters ?? []
        case .triggers: trigger?.parameters ?? []
        case .variables: variable?.parameters ?? []
        case .folders, .builtins, .settings: []
        }
    }

    // MARK: Fields

    /// The whole form, in order.
    var fields: [[String: Any]] {
        var fields: [FormField] = []
        switch kind {
        case .builtins: fields = builtInFields
        case .settings: fields = settingFields
        default:
            fields.append(nameField)
            fields += typeFields.map(parameterField)
            fields += otherParameters
            if kind == .tags { fields += tagFields }
            if kind == .triggers { fields += triggerFields }
            if kind == .variables { fields += variableFields }
            if kind != .folders { fields += commonFields }
        }
        return fields.map(\.values)
    }

    private var nameField: FormField {
        .line("name", "Name", value: source.text("name", name)).with(error: source.errors["name"], isRequired: true)
    }

    private func parameterField(_ field: TagType.Field) -> FormField {
        let name = "p.\(field.key)"
        let stored = parameters[field.key]
        let text = source.text(name, stored?.text ?? "")
        let made: FormField
        switch field.kind {
        case .text, .number: made = .line(name, field.title, value: text, example: field.example)
        case .code: made = .lines(name, field.title, value: text, rows: 14)
        case .flag:
            // A reference decides in the page.
            if let old = stored?.text, !["true", "false", ""].contains(old) {
                made = .line(name, field.title, value: text, example: "true, false or a variable")
            } else {
                made = .tick(name, field.title, isOn: source.isOn(name, stored?.isTrue ?? false))
            }
        case .choice(let words):
            let choices = (field.isRequired && !text.isEmpty ? [] : [("", "–")]) + words.map { ($0, $0) }
            made = .choice(name, field.title, choices, value: text)
        case .table(let keys): made = table(field, keys, stored)
        case .list: made = list(field, stored)
        }
        return made.with(error: source.errors[name], isRequired: field.isRequired)
    }

    private func table(_ field: TagType.Field, _ keys: [String], _ stored: Parameter?) -> FormField {
        guard ItemForm.isTable(stored) else { return .fixed(field.title, value: ItemForm.shown(stored)) }
        let rows = (stored?.items ?? []).map { item in keys.map { item.members[$0]?.text ?? "" } }
        return .table(
            "p.\(field.key)", field.title, keys.map { .init(key: $0, title: $0) },
            rows: source.shownRows("p.\(field.key)", keys, rows, blank: keys.map { _ in "" }))
    }

    private func list(_ field: TagType.Field, _ stored: Parameter?) -> FormField {
        guard ItemForm.isList(stored) else { return .fixed(field.title, value: ItemForm.shown(stored)) }
        let isTriggers = field.key == "triggerIds"
        let rows = (stored?.items ?? []).map { [isTriggers ? triggerLabel($0.text ?? "") : $0.text ?? ""] }
        let column = FormField.Column(
            key: "value", title: field.example.map { "Value, as \($0)" } ?? (isTriggers ? "Trigger" : "Value"),
            list: isTriggers ? "triggers" : nil)
        return .table(
            "p.\(field.key)", field.title, [column],
            rows: source.shownRows("p.\(field.key)", ["value"], rows, blank: [""]))
    }

    /// A table that the form can show: a list of maps of texts, or nothing yet.
    static func isTable(_ parameter: Parameter?) -> Bool {
        guard let parameter else { return true }
        guard case .list(let items) = parameter else { return parameter.text == "" }
        return items.count <= FormSource.rowsMax
            && items.allSatisfy { item in
                guard case .map(let members) = item else { return false }
                return members.allSatisfy { $0.value.text != nil }
            }
    }

    static func isList(_ parameter: Parameter?) -> Bool {
        guard let parameter else { return true }
        guard case .list(let items) = parameter else { return parameter.text == "" }
        return items.count <= FormSource.rowsMax && items.allSatisfy { $0.text != nil }
    }

    static func shown(_ parameter: Parameter?) -> String {
        guard let parameter else { return "–" }
        return parameter.text ?? String(decoding: ParameterJSON.value(parameter).encoded, as: UTF8.self)
    }

    /// Parameters that the type does not name: to look at.
    private var otherParameters: [FormField] {
        let known = Set(typeFields.map(\.key))
        let others = parameters.filter { !known.contains($0.key) }
        guard !others.isEmpty else { return [] }
        return [FormField.group("Other parameters", help: "Kept as they are.")]
            + others.map { FormField.fixed($0.key, value: ItemForm.shown($0.value)) }
    }

    private var commonFields: [FormField] {
        let folder: String?
        let notes: String?
        switch kind {
        case .tags: (folder, notes) = (tag?.folder, tag?.notes)
        case .triggers: (folder, notes) = (trigger?.folder, trigger?.notes)
        default: (folder, notes) = (variable?.folder, variable?.notes)
        }
        let choices = [("", "none")] + draft.folders.map { ($0.id, $0.name) }
        return FormField.fold(
            "Folder and notes",
            [
                .choice("folder", "Folder", choices, value: source.text("folder", folder ?? "")),
                .lines("notes", "Notes", value: source.text("notes", notes ?? ""), rows: 3),
            ])
    }

    // MARK: Triggers by name

    /// `All Pages (2147479553)`.
    func triggerLabel(_ id: String) -> String {
        let name = BuiltInTrigger(rawValue: id)?.name ?? draft.triggers.first { $0.id == id }?.name
        return name.map { "\($0) (\(id))" } ?? id
    }

    /// What a person may write for a trigger: its label, its id, or its name where no other has it.
    func triggerID(_ text: String) -> String? {
        let all = BuiltInTrigger.allCases.map { ($0.rawValue, $0.name) } + draft.triggers.map { ($0.id, $0.name) }
        if let found = all.first(where: { "\($0.1) (\($0.0))" == text || $0.0 == text }) { return found.0 }
        let named = all.filter { $0.1 == text }
        return named.count == 1 ? named.first?.0 : nil
    }

    /// Suggestions that fields of the form refer to.
    var dataLists: [[String: Any]] {
        guard kind == .tags || kind == .triggers else { return [] }
        let triggers = (BuiltInTrigger.allCases.map(\.rawValue) + draft.triggers.map(\.id)).map(triggerLabel)
        let variables =
            draft.builtIns.compactMap { BuiltInVariable.named($0)?.title } + draft.variables.map(\.name)
        let lists = [
            ("triggers", triggers), ("tags", draft.tags.map(\.name)), ("references", variables.map { "{{\($0)}}" }),
        ]
        return lists.map { id, options in
            ["listID": id, "listOptions": options.map { ["option": FormText.escape($0)] }] as [String: Any]
        }
    }
}

extension TagType {
    /// The type whose form a tag has: its own, or the one that runs tags of an import's type. O(1).
    static func running(_ type: String) -> TagType? {
        if let own = named(type) { return own }
        return TagTypeMapping.runtimeType(of: Tag(id: "", name: "", type: type), templates: []).flatMap {
            named($0.type)
        }
    }
}
