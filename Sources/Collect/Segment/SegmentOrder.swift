internal import Events
internal import RequestParsing

/// Money and what it was paid for.
enum SegmentOrder {
    /// `revenue`, of an order else `total`, in `currency`. What cannot be read stays a property.
    static func revenue(
        _ places: SegmentPlaces, isOrder: Bool, _ tree: borrowing JSONTree, _ body: RawSpan,
        leaving: inout [StaticString], _ edge: inout EdgeCollector
    ) {
        edge.draft.revenueMicros = amount(places.property("revenue", tree, body), tree, body, &edge)
        if edge.draft.revenueMicros != nil {
            leaving.append("revenue")
        } else if isOrder {
            edge.draft.revenueMicros = amount(places.property("total", tree, body), tree, body, &edge)
            if edge.draft.revenueMicros != nil { leaving.append("total") }
        }
        guard edge.draft.revenueMicros != nil else { return }
        let currency = edge.text(tree, places.property("currency", tree, body), body)
        guard CurrencyCode(edge.bytes(currency)) != nil else { return }
        edge.draft.currency = currency
        leaving.append("currency")
    }

    /// A number, or text of one, which may begin with a dollar sign.
    private static func amount(
        _ node: Int?, _ tree: borrowing JSONTree, _ body: RawSpan, _ edge: inout EdgeCollector
    ) -> Int64? {
        let text = edge.text(tree, node, body)
        guard text.count > 1, edge.bytes(text).byte(at: 0) == UInt8(ascii: "$") else { return edge.micros(text) }
        return edge.micros(text.at(1..<text.range.count))
    }

    /// The order's products, as many as an event may have. An id that is too long is left out.
    static func items(
        _ places: SegmentPlaces, _ tree: borrowing JSONTree, _ body: RawSpan, leaving: inout [StaticString],
        _ edge: inout EdgeCollector
    ) {
        guard let products = places.property("products", tree, body), tree.kind(products) == .array else { return }
        leaving.append("products")
        var child = tree.first(in: products)
        while let one = child, edge.draft.items.count < edge.collector.limits.itemsMax {
            child = tree.next(after: one, in: products)
            guard tree.kind(one) == .object else { continue }
            var item = ItemDraft()
            let id =
                tree.member("product_id", of: one, in: body) ?? tree.member("sku", of: one, in: body)
                ?? tree.member("id", of: one, in: body)
            item.id = edge.text(tree, id, body)
            if Int(item.id.count) > edge.collector.limits.idBytesMax { item.id = .absent }
            item.name = edge.text(tree, "name", of: one, body)
            if let quantity = edge.micros(tree, tree.member("quantity", of: one, in: body), body), quantity > 0 {
                item.quantityMicros = quantity
            }
            item.priceMicros = amount(tree.member("price", of: one, in: body), tree, body, &edge)
            edge.draft.items.append(item)
        }
    }
}
