internal import Events
internal import RequestParsing

/// `iglu:VENDOR/NAME/FORMAT/VERSION`: what a self-describing JSON is. The version is not looked at.
struct SnowplowSchema {
    /// `VENDOR/NAME`.
    let path: ArenaText
    let vendor: ArenaText
    let name: ArenaText

    /// nil where the text is no such address.
    init?(_ text: ArenaText, _ edge: borrowing EdgeCollector) {
        let start = 5
        let bytes = edge.bytes(text)
        guard bytes.byteCount > start, bytes.extracting(first: start).equals("iglu:"),
            let first = bytes.firstOffset(of: UInt8(ascii: "/"), in: start..<bytes.byteCount), first > start,
            let second = bytes.firstOffset(of: UInt8(ascii: "/"), in: first + 1..<bytes.byteCount), second > first + 1
        else { return nil }
        path = text.at(start..<second)
        vendor = text.at(start..<first)
        name = text.at(first + 1..<second)
    }

    /// The vendor is the protocol's maker, whose schemas mean something here.
    func isKnown(_ edge: borrowing EdgeCollector) -> Bool {
        edge.equals(vendor, "com.snowplowanalytics.snowplow") || edge.equals(vendor, "com.snowplowanalytics.mobile")
            || edge.equals(vendor, "com.snowplowanalytics.snowplow.ecommerce")
    }
}

/// Events whose name and data a schema describes.
///
///     {"schema":"iglu:…/unstruct_event/…","data":{"schema":"iglu:VENDOR/NAME/…","data":{…}}}
///
/// The name is NAME, the members of the innermost `data` are properties. Of the maker's own:
///
///     page_view           name `pageview`
///     page_ping           breaks no bounce
///     screen_view         its name is the title too
///     screen_end          breaks no bounce; the screen summary says how long the screen was looked at
///     link_click          targetUrl is property `target`
///     site_search         terms, joined by spaces, are property `keyword`, totalResults `results`
///     consent_preferences deny_all and withdrawn deny every purpose, allow_all grants it; others say nothing here
///     consent_withdrawn   with `all`: denies every purpose
///     change_form, focus_form, submit_form   what people typed is not kept
///     snowplow_ecommerce_action   its type is the name: `transaction` is `order`; `promo_view` breaks no bounce
enum SnowplowSelfDescribing {
    static func fill(_ payload: SnowplowPayload, _ edge: inout EdgeCollector) -> SnowplowKinds.Kind? {
        guard payload[.event].count > 0 || payload[.encodedEvent].count > 0 else { return refuse(.missingName, &edge) }
        guard let bytes = json(payload[.event], payload[.encodedEvent], edge) else {
            return refuse(.invalidJSON, &edge)
        }
        let source = bytes.span.bytes
        var tree = JSONTree()
        do throws(JSONError) {
            try tree.read(source, edge.collector.limits)
        } catch { return refuse(error.rejection, &edge) }
        guard tree.kind(0) == .object else { return refuse(.notAnObject, &edge) }
        // The wrapper; some leave it out.
        var outer = 0
        if let inner = tree.member("data", of: 0, in: source), tree.member("schema", of: inner, in: source) != nil {
            outer = inner
        }
        guard let schema = SnowplowSchema(edge.text(tree, "schema", of: outer, source), edge),
            !edge.equals(schema.name, "unstruct_event")
        else { return refuse(.invalidField, &edge) }
        edge.draft.name = schema.name
        let data = tree.member("data", of: outer, in: source)
        guard schema.isKnown(edge) else {
            edge.putAll(tree, of: data, source)
            return .plain
        }
        return known(schema, tree, data, source, &edge)
    }

    /// The bytes of the plain JSON, else what the base64 stands for; nil where that is none.
    static func json(_ plain: ArenaText, _ encoded: ArenaText, _ edge: borrowing EdgeCollector) -> [UInt8]? {
        var bytes: [UInt8] = []
        if plain.count > 0 {
            bytes.append(edge.bytes(plain), 0..<plain.range.count)
        } else if !Base64URL.append(edge.bytes(encoded), to: &bytes) {
            return nil
        }
        return bytes
    }

    private static func refuse(_ reason: Rejection, _ edge: inout EdgeCollector) -> SnowplowKinds.Kind? {
        edge.refuse(reason)
        return nil
    }

    private static func known(
        _ schema: SnowplowSchema, _ tree: borrowing JSONTree, _ data: Int?, _ source: RawSpan,
        _ edge: inout EdgeCollector
    ) -> SnowplowKinds.Kind {
        var kind = SnowplowKinds.Kind.plain
        var leaving: [StaticString] = []
        if edge.equals(schema.name, "page_view") {
            edge.draft.name = edge.text("pageview")
        } else if edge.equals(schema.name, "page_ping") {
            edge.draft.flags.insert(.nonInteractive)
        } else if let data, edge.equals(schema.name, "screen_view") {
            if edge.draft.title.count == 0 { edge.draft.title = edge.text(tree, "name", of: data, source) }
            leaving = ["id", "previousId"]
        } else if edge.equals(schema.name, "screen_end") {
            edge.draft.flags.insert(.nonInteractive)
            kind = .screenEnd
        } else if let data, edge.equals(schema.name, "link_click") {
            edge.put("target", edge.text(tree, "targetUrl", of: data, source))
            leaving = ["targetUrl"]
        } else if let data, edge.equals(schema.name, "site_search") {
            search(tree, data, source, &edge)
            leaving = ["terms", "totalResults"]
        } else if let data, edge.equals(schema.name, "consent_preferences") {
            preferences(edge.text(tree, "eventType", of: data, source), &edge)
        } else if let data, edge.equals(schema.name, "consent_withdrawn") {
            let all = tree.member("all", of: data, in: source)
            if let all, tree.kind(all) == .true { edge.draft.statedConsent = Consent(all: .denied) }
        } else if let data, edge.equals(schema.name, "snowplow_ecommerce_action") {
            kind = action(edge.text(tree, "type", of: data, source), &edge)
            leaving = ["type"]
        } else if forms.contains(where: { edge.equals(schema.name, $0) }) {
            leaving = ["value", "elements"]
        }
        edge.putAll(tree, of: data, source, leaving: leaving)
        return kind
    }

    private static let forms: [StaticString] = ["change_form", "focus_form", "submit_form"]

    private static func search(
        _ tree: borrowing JSONTree, _ data: Int, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        if let terms = tree.member("terms", of: data, in: source) {
            let start = edge.arena.count
            var child = tree.first(in: terms)
            while let one = child {
                child = tree.next(after: one, in: terms)
                guard tree.kind(one) == .string else { continue }
                if edge.arena.count > start { edge.arena.appendByte(UInt8(ascii: " ")) }
                JSONText.append(tree.nodes[one].token, of: source, to: &edge.arena.bytes)
            }
            edge.put("keyword", edge.arena.text(from: start))
        }
        SnowplowKinds.number("results", edge.text(tree, "totalResults", of: data, source), &edge)
    }

    private static func preferences(_ type: ArenaText, _ edge: inout EdgeCollector) {
        if edge.equals(type, "deny_all") || edge.equals(type, "withdrawn") {
            edge.draft.statedConsent = Consent(all: .denied)
        } else if edge.equals(type, "allow_all") {
            edge.draft.statedConsent = Consent(all: .granted)
        }
    }

    private static func action(_ type: ArenaText, _ edge: inout EdgeCollector) -> SnowplowKinds.Kind {
        guard type.count > 0 else { return .ecommerce }
        if edge.equals(type, "transaction") {
            edge.draft.name = edge.text("order")
            return .transaction
        }
        edge.draft.name = type
        if edge.equals(type, "promo_view") { edge.draft.flags.insert(.nonInteractive) }
        return .ecommerce
    }
}
