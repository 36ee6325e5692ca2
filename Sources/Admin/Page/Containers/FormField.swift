/// One field of a form as its template takes it. Names are those that the form sends.
struct FormField {
    private(set) var values: [String: Any]
    /// It says more than an untouched field, or has an error.
    private var isTold = false

    private init(_ shape: String, _ name: String, _ title: String) {
        values = [shape: true, "fieldName": name, "fieldID": "f-\(name)", "fieldTitle": title]
    }

    /// A heading.
    static func group(_ title: String, help: String? = nil) -> FormField {
        FormField("isGroup", "", title).with(help: help)
    }

    /// Fields that are out of sight until they are wanted: shown from the start where one of them says something.
    static func fold(_ title: String, _ fields: [FormField]) -> [FormField] {
        var start = FormField("isFold", "", title)
        start.values["isOpen"] = fields.contains { $0.isTold }
        return [start] + fields + [FormField("isFoldEnd", "", title)]
    }

    /// A line of text; many lines where the value has them, as a line would lose them.
    static func line(_ name: String, _ title: String, value: String, example: String? = nil) -> FormField {
        guard !value.utf8.contains(where: { $0 == 10 || $0 == 13 }) else {
            return lines(name, title, value: value, rows: 4)
        }
        var field = FormField("isLine", name, title)
        field.values["value"] = FormText.escape(value)
        field.values["example"] = FormText.escape(example ?? "")
        field.isTold = !value.isEmpty
        return field
    }

    static func lines(_ name: String, _ title: String, value: String, rows: Int) -> FormField {
        var field = FormField("isLines", name, title)
        field.values["value"] = FormText.escape(value)
        field.values["rows"] = String(rows)
        field.isTold = !value.isEmpty
        return field
    }

    static func tick(_ name: String, _ title: String, isOn: Bool) -> FormField {
        var field = FormField("isTick", name, title)
        field.values["isOn"] = isOn
        field.isTold = isOn
        return field
    }

    /// A value that is none of the choices is one more.
    static func choice(_ name: String, _ title: String, _ choices: [(String, String)], value: String) -> FormField {
        var field = FormField("isChoice", name, title)
        field.values["choices"] = FormField.choices(choices, value: value)
        field.isTold = value != choices.first?.0
        return field
    }

    static func choices(_ choices: [(String, String)], value: String) -> [[String: Any]] {
        let all = choices.contains { $0.0 == value } ? choices : choices + [(value, value)]
        return all.map {
            ["choice": FormText.escape($0.0), "choiceTitle": $0.1, "isOn": $0.0 == value] as [String: Any]
        }
    }

    /// Something to look at that the form does not send.
    static func fixed(_ title: String, value: String) -> FormField {
        var field = FormField("isFixed", "", title)
        field.values["value"] = FormText.shown(value)
        return field
    }

    /// A column of a table.
    struct Column {
        var key: String
        var title: String
        var choices: [(String, String)] = []
        /// A list of suggestions on the page.
        var list: String?
    }

    /// Rows of cells named `NAME.ROW.KEY`; the last is the empty one.
    static func table(_ name: String, _ title: String, _ columns: [Column], rows: [[String]]) -> FormField {
        var field = FormField("isTable", name, title)
        field.isTold = rows.count > 1
        field.values["columns"] = columns.map { ["column": $0.title] }
        field.values["tableRows"] = rows.enumerated().map { index, row in
            let cells = zip(columns, row).map { column, value in
                var cell: [String: Any] = [
                    "cellName": "\(name).\(index).\(column.key)", "cellLabel": "\(column.title), row \(index + 1)",
                    "cellValue": FormText.escape(value),
                ]
                if !column.choices.isEmpty {
                    cell["isCellChoice"] = true
                    cell["cellChoices"] = choices(column.choices, value: value)
                }
                if let list = column.list { cell["cellList"] = ["text": list] }
                return cell
            }
            return ["tableCells": cells] as [String: Any]
        }
        return field
    }

    func with(error: String? = nil, help: String? = nil, list: String? = nil, isRequired: Bool = false) -> FormField {
        var field = self
        if let error {
            field.values["error"] = ["text": error]
            field.isTold = true
        }
        if let help { field.values["help"] = ["text": help] }
        if let list { field.values["list"] = ["text": list] }
        if isRequired { field.values["isRequired"] = true }
        return field
    }
}

/// What a form's fields hold: what was sent, else what the draft has; and what is wrong with it.
struct FormSource {
    /// More rows of a table are not read.
    static let rowsMax = 1_000

    private let sent: [String: String]?
    /// By the name of the field.
    var errors: [String: String] = [:]
    /// Empty rows below the others.
    let emptyRows: Int

    /// Nil: the form was not sent yet.
    init(_ form: FormFields?) {
        sent = form.map { form in
            Dictionary(form.fields.map { ($0.name, $0.text) }) { first, _ in first }
        }
        emptyRows = form?["action"] == "rows" ? 8 : 1
    }

    var isSent: Bool { sent != nil }

    func text(_ name: String, _ stored: String = "") -> String {
        guard let sent else { return stored }
        return sent[name] ?? ""
    }

    /// What is to be stored: the old text where it only was sent back.
    func kept(_ name: String, _ stored: String?) -> String { FormText.kept(text(name, stored ?? ""), for: stored) }

    func isOn(_ name: String, _ stored: Bool) -> Bool {
        guard let sent else { return stored }
        return sent[name] != nil
    }

    /// The rows of a table, with the place that each had in the form.
    func rows(_ name: String, _ keys: [String], _ stored: [[String]]) -> [[String]] {
        guard let sent else { return stored }
        var rows: [[String]] = []
        for row in 0..<FormSource.rowsMax {
            let cells = keys.map { sent["\(name).\(row).\($0)"] }
            if cells.allSatisfy({ $0 == nil }) { break }
            rows.append(cells.map { $0 ?? "" })
        }
        return rows
    }

    /// The same with empty rows to fill in, and without empty ones between.
    func shownRows(_ name: String, _ keys: [String], _ stored: [[String]], blank: [String]) -> [[String]] {
        let rows = rows(name, keys, stored)
        let filled = rows.lastIndex { $0 != blank }.map { Array(rows[...$0]) } ?? []
        return filled + Array(repeating: blank, count: emptyRows)
    }

    mutating func wrong(_ name: String, _ text: String) {
        if errors[name] == nil { errors[name] = text }
    }
}
