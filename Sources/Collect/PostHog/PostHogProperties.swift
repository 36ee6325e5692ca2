internal import Events
internal import RequestParsing

/// What of a PostHog event becomes properties, and an order's money and items.
enum PostHogProperties {
    static func put(
        _ tree: borrowing JSONTree, _ outer: PostHogMembers, _ inner: PostHogMembers, _ source: RawSpan,
        _ kind: PostHogFields.Kind, _ edge: inout EdgeCollector
    ) {
        let mark = UInt8(ascii: "$")
        switch kind {
        case .identify, .traits, .alias, .merge:
            for node in [outer[.setOnce], inner[.setOnce], outer[.set], inner[.set]] {
                edge.putAll(tree, of: node, source, mark: mark)
            }
            return
        case .group:
            keep("group_type", tree, inner[.groupType], source, &edge)
            keep("group_id", tree, inner[.groupKey], source, &edge)
            return edge.putAll(tree, of: inner[.groupTraits], source, mark: mark)
        case .order:
            let hasMoney = order(tree, outer, inner, source, &edge)
            let leaving = hasMoney ? PostHogFields.placedOfOrder : PostHogFields.placed
            edge.putAll(tree, of: outer[.properties], source, leaving: leaving, mark: mark)
        case .page, .leave:
            edge.putAll(tree, of: outer[.properties], source, leaving: PostHogFields.placedOfPage, mark: mark)
            if kind == .leave { scroll(tree, inner, source, &edge) }
        case .automatic, .other:
            edge.putAll(tree, of: outer[.properties], source, leaving: PostHogFields.placed, mark: mark)
        }
        for (member, name) in PostHogFields.kept { keep(name, tree, inner[member], source, &edge) }
        edge.putAll(tree, of: inner[.groups], source, prefix: "group")
        for node in [outer[.set], inner[.set]] { edge.putAll(tree, of: node, source, prefix: "set", mark: mark) }
    }

    private static func keep(
        _ name: StaticString, _ tree: borrowing JSONTree, _ node: Int?, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard let node else { return }
        switch tree.kind(node) {
        case .string: edge.put(name, edge.text(tree, node, source))
        case .number: edge.put(name, edge.text(tree, node, source), .number)
        case .true, .false:
            let value: [UInt8] = [tree.kind(node) == .true ? 1 : 0]
            edge.put(name, edge.arena.append(value.span.bytes), .boolean)
        case .object, .array, .null: return
        }
    }

    /// A part of 1, kept as whole percent.
    private static func scroll(
        _ tree: borrowing JSONTree, _ inner: PostHogMembers, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard let micros = edge.micros(tree, inner[.scroll], source), (0...1_000_000).contains(micros) else { return }
        let percent = Array("\(micros / 10_000)".utf8)
        edge.put("scroll_depth", edge.arena.append(percent.span.bytes), .number)
    }

    // MARK: orders

    /// True where the order says what it earned. What stands beside it stays a property: subtotal, tax, shipping,
    /// discount have the same names in every shop's plan.
    private static func order(
        _ tree: borrowing JSONTree, _ outer: PostHogMembers, _ inner: PostHogMembers, _ source: RawSpan,
        _ edge: inout EdgeCollector
    ) -> Bool {
        let id = edge.text(tree, inner[.orderID] ?? inner[.transactionID], source)
        edge.put("order_id", id)
        if edge.draft.clientEventID.count == 0 { edge.draft.clientEventID = id }
        items(tree, inner[.products] ?? inner[.items], source, &edge)
        guard let micros = edge.micros(tree, inner[.revenue] ?? inner[.total] ?? inner[.value], source) else {
            return false
        }
        let currency = edge.text(tree, inner[.currency], source)
        // Another unit than the site's, and none that is known: the number is no money.
        guard currency.count == 0 || CurrencyCode(edge.bytes(currency)) != nil else { return false }
        edge.draft.revenueMicros = micros
        edge.draft.currency = currency
        return true
    }

    private static func items(
        _ tree: borrowing JSONTree, _ list: Int?, _ source: RawSpan, _ edge: inout EdgeCollector
    ) {
        guard let list, tree.kind(list) == .array else { return }
        var child = tree.first(in: list)
        while let one = child, edge.draft.items.count < edge.collector.limits.itemsMax {
            child = tree.next(after: one, in: list)
            guard tree.kind(one) == .object else { continue }
            var item = ItemDraft()
            let id = first(["product_id", "sku", "item_id", "id"], tree, one, source, &edge)
            if Int(id.count) <= edge.collector.limits.idBytesMax { item.id = id }
            item.name = first(["name", "product_name", "item_name"], tree, one, source, &edge)
            item.quantityMicros = edge.micros(edge.text(tree, "quantity", of: one, source)) ?? 1_000_000
            item.priceMicros = edge.micros(edge.text(tree, "price", of: one, source))
            edge.draft.items.append(item)
        }
    }

    private static func first(
        _ names: [StaticString], _ tree: borrowing JSONTree, _ node: Int, _ source: RawSpan,
        _ edge: inout EdgeCollector
    ) -> ArenaText {
        for name in names {
            let text = edge.text(tree, name, of: node, source)
            if text.count > 0 { return text }
        }
        return .absent
    }
}
