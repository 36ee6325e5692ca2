/// The commands of `gtag()` that a tag of the type `consentMode` gives: `[["set", key, true], ["consent", "default", {…}]]`.
enum ConsentCommands {
    /// Consent mode's types.
    static let types = [
        "ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage",
        "personalization_storage", "security_storage",
    ]

    /// The parameter `commands`, from those of consent mode's template: settings first, then a default for each row that says
    /// something, or the update. A default grants `security_storage` where it does not speak of it. O(rows).
    @Sendable static func made(_ parameters: [Parameter.Member]) -> [Parameter.Member] {
        var commands: [Parameter] = []
        for key in ["url_passthrough", "ads_data_redaction"] {
            guard let value = parameters[key], value.text != "false", value.text != "" else { continue }
            commands.append(.list([.template("set"), .template(key), value.isTrue ? .boolean("true") : value]))
        }
        if parameters["command"]?.text == "update" {
            commands += command("update", states(parameters, prefix: "update_"))
        } else {
            for row in parameters["settingsTable"]?.items ?? [] {
                commands += command("default", settings(row.members))
            }
        }
        return [Parameter.Member("commands", .list(commands))]
    }

    private static func command(_ word: String, _ members: [Parameter.Member]) -> [Parameter] {
        members.isEmpty ? [] : [.list([.template("consent"), .template(word), .map(members)])]
    }

    private static func settings(_ row: [Parameter.Member]) -> [Parameter.Member] {
        var members = states(row, prefix: "")
        guard !members.isEmpty else { return [] }
        if row["security_storage"]?.text?.isEmpty != false {
            members.append(Parameter.Member("security_storage", .template("granted")))
        }
        if let text = (row["region"] ?? row["regions"])?.text { members += regions(text) }
        if let wait = row["wait_for_update"]?.text, !wait.isEmpty {
            members.append(Parameter.Member("wait_for_update", .integer(wait)))
        }
        return members
    }

    private static func states(_ members: [Parameter.Member], prefix: String) -> [Parameter.Member] {
        types.compactMap { type in
            guard let value = members[prefix + type], value.text?.isEmpty == false else { return nil }
            return Parameter.Member(type, value)
        }
    }

    /// Nothing where a default is for everybody; a reference stays what it is, and counts as some region.
    private static func regions(_ text: String) -> [Parameter.Member] {
        let names = text.split { $0 == "," || $0.isWhitespace }.map { Parameter.template(String($0)) }
        guard !names.isEmpty, text != "all" else { return [] }
        return [Parameter.Member("region", text.contains("{{") ? .template(text) : .list(names))]
    }
}
