/// Makes Highland events of Google's tags (`ContainerSettings.googleEvents`): GA4's configuration, GA4's events, and
/// Universal Analytics, whose own service is gone.
///
///     Google tag G-… (googtag, gaawc)   → highland: the page view, unless send_page_view is false
///     GA4 event (gaawe)                 → highlandEvent; page_view → highland
///     UA TRACK_PAGEVIEW                 → highland, and with the data layer's e-commerce data a highlandEvent named
///                                         after its action
///     UA TRACK_EVENT, SOCIAL, TIMING    → highlandEvent named after the action, the network's action, the variable
///     UA TRACK_TRANSACTION              → highlandEvent purchase
///
/// Parameters become properties; `value` becomes revenue. Google tags for Ads or Floodlight stay what they are.
enum GoogleEvents {
    /// The tags that take the place of one, or stand beside it; none where it is no analytics tag.
    static func converted(_ tag: Tag, _ own: PlannedTag?, _ index: DefinitionIndex) -> [PlannedTag] {
        if tag.type == "ua" { return universal(tag, index) }
        guard let own else { return [] }
        switch own.type.name {
        case "googleTag": return configuration(tag, own, index)
        case "ga4Event": return event(tag, own, index)
        default: return []
        }
    }

    // MARK: - GA4

    private static func configuration(_ tag: Tag, _ own: PlannedTag, _ index: DefinitionIndex) -> [PlannedTag] {
        let id = index.plainText(own.parameters["tagId"] ?? own.parameters["measurementId"]) ?? ""
        guard id.uppercased().hasPrefix("G-") else { return [] }
        let rows =
            table(own.parameters["configSettingsTable"], "parameter", "parameterValue")
            + table(own.parameters["fieldsToSet"], "name", "value")
        let sends = rows.first { $0.key == "send_page_view" }?.value ?? own.parameters["sendPageView"]
        if sends?.text == "false" { return [] }
        return [pageView(tag, title: rows, userID: rows)].compactMap { $0 }
    }

    private static func event(_ tag: Tag, _ own: PlannedTag, _ index: DefinitionIndex) -> [PlannedTag] {
        guard let name = own.parameters["eventName"], name.text?.isEmpty == false else { return [] }
        let rows =
            table(own.parameters["eventSettingsTable"], "parameter", "parameterValue")
            + table(own.parameters["eventParameters"], "name", "value")
            + settings(own.parameters["eventSettingsVariable"], index)
        if index.plainText(name) == "page_view" {
            return [pageView(tag, title: rows, userID: rows)].compactMap { $0 }
        }
        var parts = EventParts(name: name)
        for row in rows { parts.take(row) }
        if own.parameters["sendEcommerceData"]?.isTrue == true {
            let isObject = own.parameters["getEcommerceDataFrom"]?.text == "customObject"
            parts.addCommerce(isObject ? own.parameters["ecommerceMacroData"] : nil)
        }
        return [planned(tag, parts)].compactMap { $0 }
    }

    /// The rows of a settings variable (`gtes`), where the reference is a lone one.
    private static func settings(_ parameter: Parameter?, _ index: DefinitionIndex) -> [Parameter.Member] {
        guard let text = parameter?.text, case .reference(let name) = ReferenceText.split(text).first,
            let place = index.variablePlace(named: name)
        else { return [] }
        let variable = index.definition.variables[place]
        return table(variable.parameters["eventSettingsTable"], "parameter", "parameterValue")
    }

    // MARK: - Universal Analytics

    private static func universal(_ tag: Tag, _ index: DefinitionIndex) -> [PlannedTag] {
        let fields = universalSettings(tag, index) + tag.parameters
        func last(_ key: String) -> Parameter? { fields.last { $0.key == key }?.value }
        var parts = EventParts(name: .template(""))
        for (list, value) in [("dimension", "dimension"), ("metric", "metric")] {
            for member in fields where member.key == list {
                for row in table(member.value, "index", value) {
                    parts.take(.init(list + row.key, row.value))
                }
            }
        }
        let hasCommerce = last("enableEcommerce")?.isTrue == true
        let object = last("useEcommerceDataLayer")?.text == "false" ? last("ecommerceMacroData") : nil
        switch last("trackType")?.text ?? "TRACK_PAGEVIEW" {
        case "TRACK_EVENT":
            parts.name = last("eventAction") ?? .template("event")
            for (key, name) in [("eventCategory", "category"), ("eventLabel", "label"), ("eventValue", "value")] {
                if let value = last(key), value.text != "" { parts.addProperty(name, value) }
            }
            if last("nonInteraction")?.isTrue == true { parts.addProperty("nonInteraction", .boolean("true")) }
            if hasCommerce { parts.addCommerce(object) }
        case "TRACK_SOCIAL":
            parts.name = last("socialAction") ?? .template("social")
            for (key, name) in [("socialNetwork", "network"), ("socialActionTarget", "target")] {
                if let value = last(key) { parts.addProperty(name, value) }
            }
        case "TRACK_TIMING":
            parts.name = .template("timing")
            for (key, name) in [
                ("timingCategory", "category"), ("timingVar", "variable"), ("timingValue", "value"),
                ("timingLabel", "label"),
            ] {
                if let value = last(key) { parts.addProperty(name, value) }
            }
        case "TRACK_TRANSACTION":
            parts.name = .template("purchase")
            for (key, path) in [
                ("revenue", "transactionTotal"), ("currency", "transactionCurrency"), ("items", "transactionProducts"),
                ("id", "transactionId"),
            ] {
                parts.layer.append(LayerField(key: key, source: .path(path)))
            }
        default:
            let view = pageView(tag, title: [], userID: fields.flatMap { fieldsToSet($0) })
            // What a variable's object is about cannot be known here.
            guard hasCommerce, object == nil else { return [view].compactMap { $0 } }
            parts.addCommerce(nil)
            parts.layer.append(LayerField(key: "name", source: .action))
            var event = planned(tag, parts)
            event?.isExtra = true
            return [view, event].compactMap { $0 }
        }
        return [planned(tag, parts)].compactMap { $0 }
    }

    /// The parameters of the settings variable (`gas`) that a tag names; the tag's own come after them and win.
    private static func universalSettings(_ tag: Tag, _ index: DefinitionIndex) -> [Parameter.Member] {
        guard let text = tag.parameters["gaSettings"]?.text,
            case .reference(let name) = ReferenceText.split(text).first,
            let place = index.variablePlace(named: name)
        else { return [] }
        return index.definition.variables[place].parameters
    }

    private static func fieldsToSet(_ member: Parameter.Member) -> [Parameter.Member] {
        guard member.key == "fieldsToSet" else { return [] }
        return table(member.value, "fieldName", "value").map {
            $0.key == "userId" ? .init("user_id", $0.value) : $0
        }
    }

    // MARK: - Both

    private static func pageView(
        _ tag: Tag, title: [Parameter.Member], userID: [Parameter.Member]
    ) -> PlannedTag? {
        guard let type = TagType.named("highland") else { return nil }
        var parameters: [Parameter.Member] = []
        for (key, name) in [("page_title", "title"), ("page_location", "url")] {
            if let row = title.last(where: { $0.key == key }) { parameters.append(.init(name, row.value)) }
        }
        if let row = userID.last(where: { $0.key == "user_id" }) { parameters.append(.init("userID", row.value)) }
        return planned(tag, type, parameters, [])
    }

    private static func planned(_ tag: Tag, _ parts: EventParts) -> PlannedTag? {
        guard let type = TagType.named("highlandEvent") else { return nil }
        return planned(tag, type, parts.parameters, parts.layer)
    }

    private static func planned(
        _ tag: Tag, _ type: TagType, _ parameters: [Parameter.Member], _ layer: [LayerField]
    ) -> PlannedTag {
        var consent = type.purposes(for: parameters)
        if tag.consent.status == .needed {
            for type in tag.consent.types where !consent.contains(type) { consent.append(type) }
        }
        var planned = PlannedTag(tag: tag, type: type, parameters: parameters, consent: consent)
        planned.layer = layer
        planned.isConverted = true
        return planned
    }

    /// Rows of two columns as members; a row without its name is left out.
    private static func table(_ list: Parameter?, _ name: String, _ value: String) -> [Parameter.Member] {
        (list?.items ?? []).compactMap { row in
            guard let key = row.members[name]?.text, !key.isEmpty, let value = row.members[value] else { return nil }
            return Parameter.Member(key, value)
        }
    }
}
