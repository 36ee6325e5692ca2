internal import Events
internal import RequestParsing

/// Finds a request's events: one in query and form together, or many in a JSON body.
///
/// The content type says nothing: browsers send the JSON as a form. Each event is one pass over its pairs and one look
/// into a table of words for each.
enum MatomoTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        if isObject(request.body) { return bulk(request, into: &edge) }
        let count = request.query.byteCount + request.body.byteCount
        guard count > 0 else { return edge.refuseWhole(.emptyBody) }
        guard count <= edge.collector.limits.eventBytesMax else { return edge.refuseWhole(.eventTooLarge) }
        edge.beginEvent(Matomo.self)
        var values = MatomoValues()
        // What stands in the query goes before the same in the form.
        read(request.body, into: &values, request, &edge)
        read(request.query, into: &values, request, &edge)
        if values.has(.image), edge.equals(values[.image], "0") { edge.sender.note = MatomoNote.quiet.rawValue }
        MatomoEvent.offer(values, request, into: &edge)
    }

    private static func isObject(_ body: RawSpan) -> Bool {
        for offset in 0..<min(body.byteCount, 64) {
            switch body.byte(at: offset) {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "{"): return true
            default: return false
            }
        }
        return false
    }

    // MARK: pairs

    private static func read(
        _ source: RawSpan, into values: inout MatomoValues, _ request: borrowing ForeignRequest,
        _ edge: inout EdgeCollector
    ) {
        var pairs = QueryPairs(source)
        while let pair = pairs.next() {
            guard !pair.value.isEmpty else { continue }
            if pair.isKeyPlain {
                take(source.extracting(pair.key), source, pair.value, into: &values, request, &edge)
            } else {
                var key: [UInt8] = []
                PercentDecoding.append(source.extracting(pair.key), plusIsSpace: true, to: &key)
                take(key.span.bytes, source, pair.value, into: &values, request, &edge)
            }
        }
    }

    @inline(__always)
    private static func take(
        _ key: RawSpan, _ source: RawSpan, _ range: Range<Int>, into values: inout MatomoValues,
        _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        guard let field = MatomoField.table.value(of: key) else {
            guard MatomoField.isDimension(key) else { return }
            let value = edge.text(source, range)
            if value.count > 0 { edge.put(edge.collector.arena.append(key), value) }
            return
        }
        guard field != .token else {
            return authorize(source.extracting(range), &values, request, &edge)
        }
        let value = edge.text(source, range)
        if value.count > 0 { values[field] = value }
    }

    /// A key opens what needs one; a sender that has one, be it ours or not, is no visitor's browser.
    private static func authorize(
        _ key: RawSpan, _ values: inout MatomoValues, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        values.hasToken = true
        if edge.sender.principal == nil { _ = edge.authorize(key, request) }
    }

    // MARK: many events

    /// `{"requests":["?idsite=1&…",{"idsite":1,…}],"token_auth":"…","send_image":0}`
    private static func bulk(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        var note: MatomoNote = [.bulk, .unread]
        edge.sender.note = note.rawValue
        let body = request.body
        var tree = JSONTree()
        guard edge.read(body, into: &tree) else { return }
        guard let list = tree.member("requests", of: 0, in: body), tree.kind(list) == .array else {
            return edge.refuseWhole(.invalidField)
        }
        guard var item = tree.first(in: list) else { return edge.refuseWhole(.emptyBody) }
        note = .bulk
        if let image = tree.member("send_image", of: 0, in: body), !isOn(tree, image, body) { note.insert(.quiet) }
        edge.sender.note = note.rawValue
        var hasToken = false
        if let token = tree.member("token_auth", of: 0, in: body), tree.kind(token) == .string,
            !tree.nodes[token].token.range.isEmpty
        {
            hasToken = true
            _ = edge.authorize(body.extracting(tree.nodes[token].token.range), request)
        }
        let sender = edge.sender
        while edge.collector.hasRoom() {
            var values = MatomoValues()
            values.hasToken = hasToken
            event(tree, item, body, &values, request, into: &edge)
            // A key of one event is not the next one's.
            edge.sender = sender
            guard let next = tree.next(after: item, in: list) else { return }
            item = next
        }
    }

    private static func event(
        _ tree: borrowing JSONTree, _ item: Int, _ body: RawSpan, _ values: inout MatomoValues,
        _ request: borrowing ForeignRequest, into edge: inout EdgeCollector
    ) {
        edge.beginEvent(Matomo.self)
        let token = tree.nodes[item].token
        guard token.range.count <= edge.collector.limits.eventBytesMax else { return edge.refuse(.eventTooLarge) }
        switch tree.kind(item) {
        case .string where token.hasEscapes:
            var text: [UInt8] = []
            JSONText.appendVerbatim(token, of: body, to: &text)
            read(query(of: text.span.bytes), into: &values, request, &edge)
        case .string:
            read(query(of: body.extracting(token.range)), into: &values, request, &edge)
        case .object:
            members(tree, item, body, &values, request, &edge)
        default:
            return edge.refuse(.invalidField)
        }
        MatomoEvent.offer(values, request, into: &edge)
    }

    /// What follows the question mark of `?idsite=1`, `/matomo.php?idsite=1` or a whole URL; all of it where none
    /// stands before the first `=`.
    @_lifetime(copy text)
    private static func query(of text: RawSpan) -> RawSpan {
        guard let mark = text.firstOffset(of: UInt8(ascii: "?"), or: UInt8(ascii: "="), in: 0..<text.byteCount),
            text.byte(at: mark) == UInt8(ascii: "?")
        else { return text }
        return text.extracting(droppingFirst: mark + 1)
    }

    private static func members(
        _ tree: borrowing JSONTree, _ item: Int, _ body: RawSpan, _ values: inout MatomoValues,
        _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        var child = tree.first(in: item)
        while let one = child {
            child = tree.next(after: one, in: item)
            guard let key = tree.nodes[one].key, tree.kind(one) != .null else { continue }
            if key.isPlain {
                take(body.extracting(key.range), tree, one, body, &values, request, &edge)
            } else {
                var name: [UInt8] = []
                JSONText.append(key, of: body, to: &name)
                take(name.span.bytes, tree, one, body, &values, request, &edge)
            }
        }
    }

    private static func take(
        _ key: RawSpan, _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, _ values: inout MatomoValues,
        _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        let field = MatomoField.table.value(of: key)
        if field == .token {
            guard tree.kind(node) == .string, !tree.nodes[node].token.range.isEmpty else { return }
            return authorize(body.extracting(tree.nodes[node].token.range), &values, request, &edge)
        }
        guard field != nil || MatomoField.isDimension(key) else { return }
        let value: ArenaText
        switch tree.kind(node) {
        case .object, .array:
            // Lists that are JSON text in a query may stand here as they are.
            value = edge.arena.append(cleaning: body.extracting(tree.nodes[node].token.range))
        default: value = edge.text(tree, node, body)
        }
        guard value.count > 0 else { return }
        if let field { values[field] = value } else { edge.put(edge.collector.arena.append(key), value) }
    }

    private static func isOn(_ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan) -> Bool {
        let text = body.extracting(tree.nodes[node].token.range)
        return !(text.byteCount == 0 || text.equals("0") || text.equals("false"))
    }
}
