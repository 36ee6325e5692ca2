internal import Tagging

/// The fields that one kind of thing has beside its type's.
extension ItemForm {
    static let consentTypes = [
        "ad_storage", "analytics_storage", "ad_user_data", "ad_personalization", "functionality_storage",
        "personalization_storage", "security_storage", "stitching",
    ]

    // MARK: Tags

    var tagFields: [FormField] {
        let tag = tag ?? Tag(id: "", name: "", type: "")
        return triggering(tag) + running(tag) + consent(tag)
    }

    private func triggering(_ tag: Tag) -> [FormField] {
        func rows(_ name: String, _ title: String, _ ids: [String]) -> FormField {
            FormField.table(
                name, title, [.init(key: "id", title: "Trigger", list: "triggers")],
                rows: source.shownRows(name, ["id"], ids.map { [triggerLabel($0)] }, blank: [""])
            ).with(error: source.errors[name])
        }
        return [.group("When it fires"), rows("firing", "Any of these fires it", tag.firingTriggers)]
            + FormField.fold(
                "But not when", [rows("blocking", "Any of these keeps it from firing", tag.blockingTriggers)])
    }

    private func running(_ tag: Tag) -> [FormField] {
        let often = [
            ("unlimited", "every time"), ("oncePerEvent", "once an event"), ("oncePerLoad", "once a page"),
        ]
        return [
            .choice("often", "How often", often, value: source.text("often", tag.firing.rawValue)),
            .tick("paused", "Paused", isOn: source.isOn("paused", tag.isPaused)),
        ] + FormField.fold("Order and time", timing(tag)) + FormField.fold("Before and after it", sequence(tag))
    }

    private func timing(_ tag: Tag) -> [FormField] {
        [
            FormField.line(
                "priority", "Priority: higher ones begin first",
                value: source.text("priority", tag.priority?.text ?? ""),
                example: "0"
            ).with(error: source.errors["priority"]),
            .tick("live", "Not in previews", isOn: source.isOn("live", tag.isLiveOnly)),
            FormField.line(
                "starts", "Not before (UTC)", value: source.text("starts", MomentForm.text(tag.startsAt)),
                example: "2026-12-01 08:00"
            ).with(error: source.errors["starts"]),
            FormField.line(
                "ends", "Not from then on (UTC)", value: source.text("ends", MomentForm.text(tag.endsAt)),
                example: "2026-12-24 18:00"
            ).with(error: source.errors["ends"]),
        ]
    }

    private func sequence(_ tag: Tag) -> [FormField] {
        [
            FormField.line("setup", "Tag before it", value: source.text("setup", tag.setup?.tagName ?? "")).with(
                error: source.errors["setup"], list: "tags"),
            .tick(
                "setupStops", "Not this tag where that one failed",
                isOn: source.isOn("setupStops", tag.setup?.stopsOnFailure ?? false)),
            FormField.line("cleanup", "Tag after it", value: source.text("cleanup", tag.cleanup?.tagName ?? "")).with(
                error: source.errors["cleanup"], list: "tags"),
            .tick(
                "cleanupStops", "Not that one where this tag failed",
                isOn: source.isOn("cleanupStops", tag.cleanup?.stopsOnFailure ?? false)),
        ]
    }

    private func consent(_ tag: Tag) -> [FormField] {
        let purposes = TagType.running(type)?.purposes(for: tag.parameters) ?? []
        let own = purposes.isEmpty ? "none" : purposes.joined(separator: ", ")
        let status = [
            ("notSet", "what its type needs: \(own)"), ("notNeeded", "none"), ("needed", "all that are ticked below"),
        ]
        let lacking = [("dropped", "does not fire"), ("waiting", "waits for the grant")]
        let others = tag.consent.types.filter { !ItemForm.consentTypes.contains($0) }
        let ticks = (ItemForm.consentTypes + others).map { type in
            FormField.tick(
                "consent.\(type)", type, isOn: source.isOn("consent.\(type)", tag.consent.types.contains(type)))
        }
        return [
            .group("Consent"),
            FormField.choice(
                "consent", "Consent that it needs", status, value: source.text("consent", tag.consent.status.rawValue)
            ).with(error: source.errors["consent"]),
        ]
            + FormField.fold("Purposes to tick", ticks) + [
                .choice(
                    "lacking", "Without it the tag", lacking,
                    value: source.text("lacking", tag.consent.lacking.rawValue))
            ]
    }

    // MARK: Triggers

    static let comparisonTitles: [(Condition.Comparison, String, String)] = [
        (.equals, "equals", "does not equal"), (.contains, "contains", "does not contain"),
        (.startsWith, "starts with", "does not start with"), (.endsWith, "ends with", "does not end with"),
        (.matchRegex, "matches RegEx", "does not match RegEx"),
        (.cssSelector, "matches CSS selector", "does not match CSS selector"),
        (.urlMatches, "URL matches", "URL does not match"), (.less, "is less than", "is not less than"),
        (.lessOrEquals, "is at most", "is not at most"), (.greater, "is greater than", "is not greater than"),
        (.greaterOrEquals, "is at least", "is not at least"),
    ]

    /// The conditions that a trigger of this type has; their lists stay where the draft has some of another kind.
    var conditionLists: [(name: String, title: String, conditions: [Condition])] {
        let trigger = trigger ?? Trigger(id: "", name: "", type: type)
        var lists: [(String, String, [Condition])] = []
        if type == "customEvent" || !trigger.customEventFilters.isEmpty {
            lists.append(("events", "The event's name: all have to hold", trigger.customEventFilters))
        }
        lists.append(("filters", "Fires where all of these hold; without any, always", trigger.filters))
        let listens = typeFields.contains { $0.key == "waitForTags" }
        if listens || !trigger.autoEventFilters.isEmpty {
            lists.append(("auto", "Listens on pages where all of these hold", trigger.autoEventFilters))
        }
        return lists
    }

    static let conditionKeys = ["subject", "comparison", "value", "case"]

    private static func blank(_ name: String) -> [String] { [name == "events" ? "{{_event}}" : "", "equals", "", ""] }

    static func isBlank(_ row: [String], _ name: String) -> Bool {
        row[2].isEmpty && (row[0].isEmpty || row[0] == blank(name)[0])
    }

    static func row(_ condition: Condition) -> [String] {
        [
            condition.subject, (condition.isNegated ? "!" : "") + condition.comparison.rawValue, condition.value,
            condition.ignoresCase ? "ignored" : "",
        ]
    }

    var triggerFields: [FormField] {
        let comparisons =
            ItemForm.comparisonTitles.map { ($0.0.rawValue, $0.1) }
            + ItemForm.comparisonTitles.map { ("!" + $0.0.rawValue, $0.2) }
        let columns: [FormField.Column] = [
            .init(key: "subject", title: "Variable", list: "references"),
            .init(key: "comparison", title: "Comparison", choices: comparisons),
            .init(key: "value", title: "Value"),
            .init(key: "case", title: "Case", choices: [("", "matters"), ("ignored", "ignored")]),
        ]
        return [.group("Conditions")]
            + conditionLists.map { name, title, conditions in
                let rows = source.shownRows(
                    name, ItemForm.conditionKeys, conditions.map(ItemForm.row), blank: ItemForm.blank(name))
                return FormField.table(name, title, columns, rows: rows).with(error: source.errors[name])
            }
    }

    // MARK: Variables

    static let formatTitles = [
        ("convertNullToValue", "Instead of null"), ("convertUndefinedToValue", "Instead of undefined"),
        ("convertTrueToValue", "Instead of true"), ("convertFalseToValue", "Instead of false"),
    ]

    var variableFields: [FormField] {
        let format = variable?.format ?? []
        let known = Set(ItemForm.formatTitles.map(\.0) + ["caseConversionType"])
        let cases = [("", "as it is"), ("lowercase", "lower case"), ("uppercase", "upper case")]
        let letters = format["caseConversionType"]?.text ?? ""
        let fields =
            [
                FormField.choice(
                    "v.caseConversionType", "Letters", cases,
                    value: source.text("v.caseConversionType", letters == "none" ? "" : letters))
            ]
            + ItemForm.formatTitles.map { key, title in
                .line("v.\(key)", title, value: source.text("v.\(key)", format[key]?.text ?? ""))
            }
            + format.filter { !known.contains($0.key) }.map { .fixed($0.key, value: ItemForm.shown($0.value)) }
        return FormField.fold("Format of the value", fields)
    }

    // MARK: The draft as a whole

    static let webBuiltIns = BuiltInVariable.all.filter { $0.usage == .web }

    var builtInFields: [FormField] {
        [FormField.group("Switched on", help: "{{Page URL}} and the like are undefined while they are off.")]
            + ItemForm.webBuiltIns.map { built in
                .tick(
                    "b.\(built.name)", built.title,
                    isOn: source.isOn("b.\(built.name)", draft.builtIns.contains(built.name)))
            }
    }

    var settingFields: [FormField] {
        let settings = draft.settings
        return [
            FormField.tick(
                "code", "Allow custom HTML and JavaScript (by who may publish)",
                isOn: source.isOn("code", settings.allowsCustomCode)
            ).with(error: source.errors["code"]),
            .choice(
                "googleConsent", "Google's tags without consent",
                [("basic", "do not run"), ("advanced", "run and tell Google so")],
                value: source.text("googleConsent", settings.googleConsent.rawValue)),
            .choice(
                "googleEvents", "Events of Google Analytics tags",
                [("keep", "go to Google"), ("highland", "become Highland events"), ("both", "both")],
                value: source.text("googleEvents", settings.googleEvents.rawValue)),
            FormField.line(
                "wait", "Milliseconds that tags wait for a consent manager's first word",
                value: source.text("wait", String(settings.waitForConsentMilliseconds)), example: "500"
            ).with(error: source.errors["wait"]),
            FormField.line(
                "importedID", "Google's id of the container, where pages ask for it",
                value: source.text("importedID", settings.importedID ?? ""), example: "GTM-ABC1234"
            ).with(error: source.errors["importedID"]),
        ]
    }
}
