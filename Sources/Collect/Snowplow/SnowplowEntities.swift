internal import Events
internal import RequestParsing

/// What an event carries beside itself: a list of self-describing JSON.
///
///     {"schema":"iglu:…/contexts/…","data":[{"schema":"iglu:VENDOR/NAME/…","data":{…}}]}
///
/// Members become properties `NAME.MEMBER`; of two entities of one name the last one's stay. A list that cannot be read
/// is passed over: the event itself is whole. Of the maker's own:
///
///     client_session      userId is the anonymousID of apps; the rest is not kept, as visits are found here
///     mobile_context      resolution and language are the event's where it has none; advertising ids are not kept
///     screen_summary      of a screen's end: foreground_sec is engagedMilliseconds
///     product             an item of a commerce event
///     transaction         of an order: revenue, currency, properties `order_id`, `tax`, `shipping`, `discount`
enum SnowplowEntities {
    struct Found {
        /// An app's own name for its visitor.
        var clientID = ArenaText.absent
    }

    /// Not kept: ids of a page load, of persons and of other products' cookies, timings and traits of a device that
    /// together tell it, and where exactly somebody stands.
    private static let left: [StaticString] = [
        "com.snowplowanalytics.snowplow/web_page", "com.snowplowanalytics.snowplow/browser_context",
        "com.snowplowanalytics.snowplow/geolocation_context", "com.snowplowanalytics.snowplow.ecommerce/user",
        "com.snowplowanalytics.snowplow/performance_navigation_timing", "org.w3/PerformanceTiming",
        "org.w3/PerformanceNavigationTiming", "com.google.analytics/cookies", "com.google.ga4/cookies",
        "org.ietf/http_cookie", "org.ietf/http_client_hints",
    ]

    /// Members of `mobile_context` that name a device or have their own place.
    private static let deviceMembers: [StaticString] = [
        "appleIdfa", "appleIdfv", "androidIdfa", "openIdfa", "resolution", "language",
    ]

    private static let transactionMembers: [StaticString] = [
        "transaction_id", "revenue", "currency", "tax", "shipping", "discount_amount",
    ]

    static func fill(
        _ payload: SnowplowPayload, _ kind: SnowplowKinds.Kind, _ edge: inout EdgeCollector
    ) -> Found {
        var found = Found()
        for (plain, encoded) in [(payload[.entities], ArenaText.absent), (.absent, payload[.encodedEntities])] {
            guard plain.count > 0 || encoded.count > 0,
                let bytes = SnowplowSelfDescribing.json(plain, encoded, edge)
            else { continue }
            read(bytes, kind, &found, &edge)
        }
        return found
    }

    private static func read(
        _ bytes: [UInt8], _ kind: SnowplowKinds.Kind, _ found: inout Found, _ edge: inout EdgeCollector
    ) {
        let source = bytes.span.bytes
        var tree = JSONTree()
        guard (try? tree.read(source, edge.collector.limits)) != nil,
            let list = tree.member("data", of: 0, in: source), tree.kind(list) == .array
        else { return }
        var child = tree.first(in: list)
        while let one = child {
            child = tree.next(after: one, in: list)
            guard tree.kind(one) == .object, let data = tree.member("data", of: one, in: source),
                let schema = SnowplowSchema(edge.text(tree, "schema", of: one, source), edge),
                !left.contains(where: { edge.equals(schema.path, $0) })
            else { continue }
            if !schema.isKnown(edge) {
                edge.putAll(tree, of: data, source, behind: schema.name)
            } else if edge.equals(schema.name, "client_session") {
                let id = edge.text(tree, "userId", of: data, source)
                // All zero where the app names nobody.
                if SnowplowNetworkID.isUUID(edge.bytes(id)) { found.clientID = id }
            } else if kind == .screenEnd, edge.equals(schema.name, "screen_summary") {
                engagement(edge.text(tree, "foreground_sec", of: data, source), &edge)
                edge.putAll(tree, of: data, source, behind: schema.name, leaving: ["foreground_sec"])
            } else if kind == .ecommerce || kind == .transaction, edge.equals(schema.name, "product") {
                product(tree, data, source, &edge)
            } else if kind == .transaction, edge.equals(schema.name, "transaction") {
                transaction(tree, data, source, &edge)
                edge.putAll(tree, of: data, source, behind: schema.name, leaving: transactionMembers)
            } else if edge.equals(schema.name, "mobile_context") {
                describe(tree, data, source, &edge)
                edge.putAll(tree, of: data, source, behind: schema.name, leaving: deviceMembers)
            } else {
                edge.putAll(tree, of: data, source, behind: schema.name)
            }
        }
    }

    private static func describe(
        _ tree: borrowing JSONTree, _ data: Int, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        if edge.draft.screen.count == 0 { edge.draft.screen = edge.text(tree, "resolution", of: data, source) }
        if edge.draft.language.count == 0 { edge.draft.language = edge.text(tree, "language", of: data, source) }
    }

    private static func engagement(_ seconds: ArenaText, _ edge: inout EdgeCollector) {
        guard let micros = edge.micros(seconds) else { return }
        edge.draft.engagedMilliseconds = UInt32(exactly: micros / 1_000)
    }

    private static func product(
        _ tree: borrowing JSONTree, _ data: Int, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard edge.draft.items.count < edge.collector.limits.itemsMax else { return }
        var item = ItemDraft()
        item.id = edge.text(tree, "id", of: data, source)
        item.name = edge.text(tree, "name", of: data, source)
        item.priceMicros = edge.micros(tree, tree.member("price", of: data, in: source), source)
        let quantity = edge.micros(tree, tree.member("quantity", of: data, in: source), source)
        item.quantityMicros = quantity ?? item.quantityMicros
        edge.draft.items.append(item)
    }

    private static func transaction(
        _ tree: borrowing JSONTree, _ data: Int, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        let order = edge.text(tree, "transaction_id", of: data, source)
        if edge.draft.clientEventID.count == 0 { edge.draft.clientEventID = order }
        edge.draft.revenueMicros = edge.micros(tree, tree.member("revenue", of: data, in: source), source)
        edge.draft.currency = edge.text(tree, "currency", of: data, source)
        edge.put("order_id", order)
        SnowplowKinds.number("tax", edge.text(tree, "tax", of: data, source), &edge)
        SnowplowKinds.number("shipping", edge.text(tree, "shipping", of: data, source), &edge)
        SnowplowKinds.number("discount", edge.text(tree, "discount_amount", of: data, source), &edge)
    }
}
