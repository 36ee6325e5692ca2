internal import Events
internal import RequestParsing

/// What the kinds of events make of their values; `SnowplowFields` has the table.
enum SnowplowKinds {
    /// What the entities of an event are to it.
    enum Kind {
        case plain
        /// Products are its items.
        case ecommerce
        /// Products are its items, and a transaction is its revenue.
        case transaction
        /// A screen summary says how long it was looked at.
        case screenEnd
    }

    /// Fills name, properties, revenue and items; nil where the event was refused.
    static func fill(
        _ payload: SnowplowPayload, items: [SnowplowPayload], _ edge: inout EdgeCollector
    ) -> Kind? {
        let kind = payload[.kind]
        if edge.equals(kind, "pv") {
            edge.draft.name = edge.text("pageview")
        } else if edge.equals(kind, "pp") {
            ping(payload, &edge)
        } else if edge.equals(kind, "se") {
            structured(payload, &edge)
        } else if edge.equals(kind, "ue") {
            return SnowplowSelfDescribing.fill(payload, &edge)
        } else if edge.equals(kind, "tr") {
            order(payload, items: items, &edge)
        } else if edge.equals(kind, "ti") {
            item(payload, &edge)
        } else {
            edge.refuse(kind.count > 0 ? .invalidField : .missingName)
            return nil
        }
        return .plain
    }

    private static func structured(_ payload: SnowplowPayload, _ edge: inout EdgeCollector) {
        edge.draft.name = payload[.action]
        edge.put("category", payload[.category])
        edge.put("label", payload[.label])
        edge.put("property", payload[.property])
        number("value", payload[.value], &edge)
    }

    private static func ping(_ payload: SnowplowPayload, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("page_ping")
        edge.draft.flags.insert(.nonInteractive)
        number("scroll_x_max", payload[.scrollX], &edge)
        number("scroll_y_max", payload[.scrollY], &edge)
        guard let top = edge.count(payload[.scrollY]), let shown = height(of: payload[.viewport], edge),
            let whole = height(of: payload[.document], edge), whole > 0
        else { return }
        let percent = min((UInt64(top) + UInt64(shown)) * 100 / UInt64(whole), 100)
        let start = edge.arena.count
        CollectAnswer.append(Int(percent), to: &edge.arena.bytes)
        edge.put("scroll_depth", edge.arena.text(from: start), .number)
    }

    /// 800 of `1200x800`.
    private static func height(of size: ArenaText, _ edge: borrowing EdgeCollector) -> UInt32? {
        let bytes = edge.bytes(size)
        guard let mark = bytes.firstOffset(of: UInt8(ascii: "x"), in: 0..<bytes.byteCount) else { return nil }
        return edge.count(size.at(mark + 1..<bytes.byteCount))
    }

    private static func order(_ payload: SnowplowPayload, items: [SnowplowPayload], _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("order")
        if edge.draft.clientEventID.count == 0 { edge.draft.clientEventID = payload[.order] }
        edge.draft.revenueMicros = edge.micros(payload[.total])
        edge.draft.currency = payload[.orderCurrency]
        edge.put("order_id", payload[.order])
        number("tax", payload[.tax], &edge)
        number("shipping", payload[.shipping], &edge)
        edge.put("affiliation", payload[.affiliation])
        for one in items {
            var item = ItemDraft()
            item.id = one[.itemID]
            item.name = one[.itemName]
            item.priceMicros = edge.micros(one[.itemPrice])
            item.quantityMicros = edge.micros(one[.itemQuantity]) ?? item.quantityMicros
            edge.draft.items.append(item)
        }
    }

    /// Its order came in another request, or never: nothing is added to it later.
    private static func item(_ payload: SnowplowPayload, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("order_item")
        edge.draft.flags.insert(.nonInteractive)
        edge.put("order_id", payload[.itemOrder])
        edge.put("id", payload[.itemID])
        edge.put("name", payload[.itemName])
        edge.put("category", payload[.itemCategory])
        number("price", payload[.itemPrice], &edge)
        number("quantity", payload[.itemQuantity], &edge)
        edge.put("currency", payload[.itemCurrency])
    }

    /// A number where the text is one, else text.
    static func number(_ name: StaticString, _ text: ArenaText, _ edge: inout EdgeCollector) {
        edge.put(name, text, edge.micros(text) != nil ? .number : .string)
    }
}
