internal import Events
internal import RequestParsing

/// What the visitor did: the event's name, and what belongs to it.
extension MatomoEvent {
    /// Refuses with `missing_name` an event that has a category only, or an action that is none of those known; with
    /// `invalid_field` a goal without a number.
    static func action(_ values: MatomoValues, _ edge: inout EdgeCollector) throws(Rejection) {
        if values.has(.ping), !edge.equals(values[.ping], "0") {
            edge.draft.name = edge.text("ping")
            edge.draft.flags.insert(.nonInteractive)
        } else if values.has(.goal) {
            try goal(values, &edge)
        } else if values.has(.contentName) {
            content(values, &edge)
        } else if values.has(.category) || values.has(.action) {
            guard values.has(.action) else { throw .missingName }
            event(values, &edge)
        } else if values.has(.download) || values.has(.link) {
            edge.draft.name = edge.text(values.has(.download) ? "download" : "outlink")
            edge.put("target", values.has(.download) ? values[.download] : values[.link])
        } else if values.has(.search) {
            edge.draft.name = edge.text("search")
            edge.put("keyword", values[.search])
            edge.put("category", values[.searchCategory])
            number("results", values[.searchCount], &edge)
        } else if values.has(.crash) {
            crash(values, &edge)
        } else if values.has(.media) {
            media(values, &edge)
        } else if values.has(.custom), !edge.equals(values[.custom], "0") {
            throw .missingName
        } else {
            // As in access logs: a page that is not there is none that was viewed.
            edge.draft.name = edge.text(edge.draft.httpStatus == 404 ? "404" : "pageview")
            for (field, name) in MatomoField.timings where values.has(field) { number(name, values[field], &edge) }
        }
    }

    private static func event(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        let action = values[.action]
        edge.draft.name = edge.cut(action, edge.collector.limits.nameBytesMax)
        if edge.draft.name.count < action.count { edge.put("action", action) }
        edge.put("category", values[.category])
        edge.put("label", values[.label])
        number("value", values[.value], &edge)
    }

    private static func content(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        if values.has(.contentInteraction) {
            edge.draft.name = edge.text("content_interaction")
            edge.put("content_interaction", values[.contentInteraction])
        } else {
            edge.draft.name = edge.text("content_impression")
            edge.draft.flags.insert(.nonInteractive)
        }
        edge.put("content_name", values[.contentName])
        edge.put("content_piece", values[.contentPiece])
        edge.put("content_target", values[.contentTarget])
    }

    private static func crash(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("crash")
        edge.draft.flags.insert(.nonInteractive)
        edge.put("message", values[.crash])
        edge.put("type", values[.crashType])
        edge.put("category", values[.crashCategory])
        edge.put("source", values[.crashSource])
        number("line", values[.crashLine], &edge)
        number("column", values[.crashColumn], &edge)
    }

    private static func media(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("media")
        edge.draft.flags.insert(.nonInteractive)
        edge.put("media_id", values[.media])
        edge.put("media_title", values[.mediaTitle])
        edge.put("media_resource", values[.mediaResource])
        edge.put("media_type", values[.mediaType])
        edge.put("media_player", values[.mediaPlayer])
        number("media_seconds", values[.mediaSeconds], &edge)
        number("media_position", values[.mediaPosition], &edge)
        number("media_length", values[.mediaLength], &edge)
    }

    // MARK: goals and orders

    private static func goal(_ values: MatomoValues, _ edge: inout EdgeCollector) throws(Rejection) {
        guard let number = edge.count(values[.goal]) else { throw .invalidField }
        guard number == 0 else {
            edge.draft.name = edge.text("goal")
            edge.put("goal", values[.goal])
            edge.draft.revenueMicros = edge.micros(values[.revenue])
            attribution(values, &edge)
            return
        }
        if values.has(.order) { order(values, &edge) } else { cart(values, &edge) }
        items(values[.items], &edge)
    }

    private static func order(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("order")
        edge.draft.revenueMicros = edge.micros(values[.revenue])
        let id = values[.order]
        // The same order sent twice meets itself.
        if Int(id.count) <= edge.collector.limits.idBytesMax { edge.draft.clientEventID = id }
        edge.put("order_id", id)
        number("subtotal", values[.subtotal], &edge)
        number("tax", values[.tax], &edge)
        number("shipping", values[.shipping], &edge)
        number("discount", values[.discount], &edge)
        attribution(values, &edge)
    }

    /// What lies in a cart is no revenue yet.
    private static func cart(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.draft.name = edge.text("cart")
        number("value", values[.revenue], &edge)
    }

    private static func attribution(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.put("attributed_campaign", values[.attributedCampaign])
        edge.put("attributed_keyword", values[.attributedKeyword])
    }

    /// `[["B-42","Boots",["Shoes","Autumn"],99.9,1]]`: id, name, categories, price, quantity. Those beyond the limit
    /// are left out, and so is what is no number.
    private static func items(_ text: ArenaText, _ edge: inout EdgeCollector) {
        guard text.count > 2 else { return }
        json(text, &edge) { tree, source, edge in
            guard tree.kind(0) == .array else { return }
            var child = tree.first(in: 0)
            while let one = child, edge.draft.items.count < edge.collector.limits.itemsMax {
                child = tree.next(after: one, in: 0)
                guard tree.kind(one) == .array else { continue }
                edge.draft.items.append(item(tree, one, source, &edge))
            }
        }
    }

    private static func item(
        _ tree: borrowing JSONTree, _ node: Int, _ source: RawSpan, _ edge: inout EdgeCollector
    ) -> ItemDraft {
        var item = ItemDraft()
        var child = tree.first(in: node)
        var place = 0
        while let one = child, place < 5 {
            switch place {
            case 0:
                let id = edge.text(tree, one, source)
                if Int(id.count) <= edge.collector.limits.idBytesMax { item.id = id }
            case 1: item.name = edge.text(tree, one, source)
            case 3: item.priceMicros = edge.micros(tree, one, source)
            case 4: item.quantityMicros = edge.micros(tree, one, source) ?? item.quantityMicros
            default: break
            }
            place += 1
            child = tree.next(after: one, in: node)
        }
        return item
    }
}
