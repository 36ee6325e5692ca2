internal import Events
internal import RequestParsing

/// The tag's requests: what its events share is in the query, each line of the body is one event. A single event is all
/// in the query, and the body empty.
enum GA4TagTranslation {
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        guard request.query.byteCount > 0 || request.body.byteCount > 0 else { return edge.refuseWhole(.emptyBody) }
        var shared = GA4Event()
        read(request.query, into: &shared, &edge)
        let body = request.body
        var events = 0
        var start = 0
        // One more than may be: that one refuses all.
        while start < body.byteCount, events <= edge.collector.limits.eventsMax {
            let end = body.firstOffset(of: UInt8(ascii: "\n"), in: start..<body.byteCount) ?? body.byteCount
            let line = withoutReturn(body.extracting(start..<end))
            start = end + 1
            guard line.byteCount > 0 else { continue }
            var event = shared
            read(line, into: &event, &edge)
            event.offer(request, into: &edge)
            events += 1
        }
        if events == 0 { shared.offer(request, into: &edge) }
    }

    @_lifetime(copy line)
    private static func withoutReturn(_ line: RawSpan) -> RawSpan {
        guard line.byteCount > 0, line.byte(at: line.byteCount - 1) == UInt8(ascii: "\r") else { return line }
        return line.extracting(first: line.byteCount - 1)
    }

    private static func read(_ source: RawSpan, into event: inout GA4Event, _ edge: inout EdgeCollector) {
        var pairs = QueryPairs(source)
        while let pair = pairs.next() {
            let key = source.extracting(pair.key)
            if let field = GA4Fields.field(key, in: GA4Fields.query) {
                let text = edge.text(source, pair.value)
                event.set(field, text, edge)
            } else if let dot = key.firstOffset(of: UInt8(ascii: "."), in: 0..<min(key.byteCount, 4)) {
                let name = pair.key.lowerBound + dot + 1..<pair.key.upperBound
                read(prefix: key.extracting(first: dot), name, pair.value, source, into: &event, &edge)
            } else if isItem(key), event.items.count < edge.collector.limits.itemsMax {
                event.items.append(item(edge.text(source, pair.value), &edge))
            }
        }
    }

    private static func read(
        prefix: RawSpan, _ name: Range<Int>, _ value: Range<Int>, _ source: RawSpan, into event: inout GA4Event,
        _ edge: inout EdgeCollector
    ) {
        let isNumber = prefix.equals("epn") || prefix.equals("upn")
        let type = isNumber ? PropertyType.number : .string
        if prefix.equals("ep") || prefix.equals("epn") {
            let name = edge.text(source, name)
            let value = edge.text(source, value)
            event.add(.init(name: name, value: value, type: type), edge)
        } else if prefix.equals("up") || prefix.equals("upn") {
            trait(name, value, type, source, into: &event, &edge)
        }
    }

    private static func trait(
        _ name: Range<Int>, _ value: Range<Int>, _ type: PropertyType, _ source: RawSpan, into event: inout GA4Event,
        _ edge: inout EdgeCollector
    ) {
        let start = edge.arena.count
        _ = edge.text("user.")
        PercentDecoding.appendText(source.extracting(name), plusIsSpace: true, to: &edge.arena.bytes)
        let name = edge.arena.text(from: start)
        event.add(trait: .init(name: name, value: edge.text(source, value), type: type))
    }

    // MARK: items

    /// `pr1`, `pr200`.
    private static func isItem(_ key: RawSpan) -> Bool {
        guard key.byteCount >= 3, key.byteCount <= 5, key.extracting(first: 2).equals("pr") else { return false }
        for offset in 2..<key.byteCount where !ASCII.isDigit(key.byte(at: offset)) { return false }
        return true
    }

    /// `idB-42~nmBoots~pr99.9~qt1`: fields of two letters and a value; `~~` is a tilde of the value.
    private static func item(_ text: ArenaText, _ edge: inout EdgeCollector) -> ItemDraft {
        var item = ItemDraft()
        var start = text.range.lowerBound
        let end = text.range.upperBound
        while start < end {
            let copied = edge.arena.count
            var offset = start
            while offset < end {
                let byte = edge.arena.bytes[offset]
                if byte == UInt8(ascii: "~") {
                    guard offset + 1 < end, edge.arena.bytes[offset + 1] == UInt8(ascii: "~") else { break }
                    offset += 1
                }
                edge.arena.appendByte(byte)
                offset += 1
            }
            set(edge.arena.text(from: copied), of: &item, edge)
            start = offset + 1
        }
        return item
    }

    private static func set(_ field: ArenaText, of item: inout ItemDraft, _ edge: borrowing EdgeCollector) {
        guard field.count > 2 else { return }
        let word = field.at(0..<2)
        let value = field.at(2..<field.range.count)
        // A cut id is another id.
        if edge.equals(word, "id"), value.count <= edge.collector.limits.idBytesMax { item.id = value }
        if edge.equals(word, "nm") { item.name = value }
        if edge.equals(word, "pr") { item.priceMicros = edge.micros(value) }
        if edge.equals(word, "qt"), let quantity = edge.micros(value) { item.quantityMicros = quantity }
    }
}
