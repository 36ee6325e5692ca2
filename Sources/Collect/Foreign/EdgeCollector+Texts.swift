internal import Events
internal import RequestParsing

/// How translations turn a request's words into texts of the arena.
extension EdgeCollector {
    // MARK: queries and forms

    /// The value of a pair of a query or form, decoded and cleaned; absent where it is empty.
    mutating func text(_ source: RawSpan, _ range: Range<Int>) -> ArenaText {
        guard !range.isEmpty else { return .absent }
        let start = collector.arena.count
        PercentDecoding.appendText(source.extracting(range), plusIsSpace: true, to: &collector.arena.bytes)
        return collector.arena.text(from: start)
    }

    /// The same where a raw `+` is a sign and no space: times, telephone-like ids.
    mutating func textKeepingPlus(_ source: RawSpan, _ range: Range<Int>) -> ArenaText {
        guard !range.isEmpty else { return .absent }
        let start = collector.arena.count
        PercentDecoding.appendText(source.extracting(range), plusIsSpace: false, to: &collector.arena.bytes)
        return collector.arena.text(from: start)
    }

    /// The host that a URL names, without `www.`: how some products call a site.
    func host(of url: ArenaText) -> ArenaText {
        let host = url.piece(URLParts(bytes(url)).host)
        return host.count > 4 && equals(host.at(0..<4), "www.") ? host.at(4..<host.range.count) : host
    }

    // MARK: JSON

    /// Reads a body of JSON; false, and the whole request refused, where it is none.
    mutating func read(_ body: RawSpan, into tree: inout JSONTree) -> Bool {
        do throws(JSONError) {
            try tree.read(body, collector.limits)
            return true
        } catch {
            refuseWhole(body.byteCount == 0 ? .emptyBody : error.rejection)
            return false
        }
    }

    /// A string's text, a number's digits, `true` or `false`; absent for everything else.
    mutating func text(_ tree: borrowing JSONTree, _ node: Int?, _ source: RawSpan) -> ArenaText {
        guard let node else { return .absent }
        let token = tree.nodes[node].token
        let start = collector.arena.count
        switch tree.kind(node) {
        case .string: JSONText.append(token, of: source, to: &collector.arena.bytes)
        case .number, .true, .false: collector.arena.bytes.append(source, token.range)
        case .object, .array, .null: return .absent
        }
        return collector.arena.text(from: start)
    }

    /// The text of a member; see `text(_:_:_:)`.
    mutating func text(
        _ tree: borrowing JSONTree, _ name: StaticString, of node: Int, _ source: RawSpan
    ) -> ArenaText {
        text(tree, tree.member(name, of: node, in: source), source)
    }

    /// A decimal number, or text that is one, in millionths.
    mutating func micros(_ tree: borrowing JSONTree, _ node: Int?, _ source: RawSpan) -> Int64? {
        micros(text(tree, node, source))
    }

    // MARK: arena

    /// The bytes of a text.
    @_lifetime(borrow self)
    func bytes(_ text: ArenaText) -> RawSpan { collector.arena.bytes.span.bytes.extracting(text.range) }

    func equals(_ text: ArenaText, _ other: StaticString) -> Bool {
        collector.arena.bytes.span.bytes.extracting(text.range).equals(other)
    }

    func micros(_ text: ArenaText) -> Int64? {
        guard text.count > 0 else { return nil }
        return DecimalText.micros(collector.arena.bytes.span.bytes.extracting(text.range))
    }

    /// RFC 3339 or milliseconds; absent where there is no text.
    func time(_ text: ArenaText) -> ClientTime {
        guard text.count > 0 else { return .absent }
        let time = TimeText.timestamp(collector.arena.bytes.span.bytes.extracting(text.range))
        return time.map { .at($0) } ?? .invalid
    }

    /// The whole part of a number of 0 and more that fits; nil for everything else.
    func count(_ text: ArenaText) -> UInt32? {
        guard text.count > 0 else { return nil }
        let whole = DecimalText.wholePart(collector.arena.bytes.span.bytes.extracting(text.range))
        return whole.flatMap { UInt32(exactly: $0) }
    }

    /// A text of the program's own.
    mutating func text(_ own: StaticString) -> ArenaText { collector.arena.append(own) }

    // MARK: properties

    /// Adds a property whose name is the program's own; nothing where the value is absent or empty. What is beyond the
    /// limits is left out: foreign clients send more than they mean.
    mutating func put(_ name: StaticString, _ value: ArenaText, _ type: PropertyType = .string) {
        guard value.count > 0 else { return }
        put(collector.arena.append(name), value, type)
    }

    /// The same with the client's name.
    mutating func put(_ name: ArenaText, _ value: ArenaText, _ type: PropertyType = .string) {
        guard name.count > 0, Int(name.count) <= collector.limits.propertyKeyBytesMax else { return }
        let kept = cut(value, collector.limits.propertyValueBytesMax)
        let property = PropertyDraft(key: name, type: type, value: kept)
        try? collector.draft.putProperty(property, limits: collector.limits, arena: collector.arena)
    }

    /// Adds every member of an object, those of objects inside under names joined by dots, as deep as native events;
    /// arrays and what lies deeper become their JSON text. `null` is as good as nothing. `leaving` says which members of
    /// the outermost object have their own place; `mark` begins the names of those that have none.
    mutating func putAll(
        _ tree: borrowing JSONTree, of node: Int?, _ source: RawSpan, prefix: StaticString? = nil,
        leaving: [StaticString] = [], mark: UInt8? = nil
    ) {
        let prefix = prefix.map { collector.arena.append($0) } ?? .absent
        putAll(tree, of: node, source, behind: prefix, leaving: leaving, mark: mark)
    }

    /// The same behind a prefix that the client chose.
    mutating func putAll(
        _ tree: borrowing JSONTree, of node: Int?, _ source: RawSpan, behind prefix: ArenaText,
        leaving: [StaticString] = [], mark: UInt8? = nil
    ) {
        guard let node, tree.kind(node) == .object else { return }
        putMembers(tree, node, source, prefix, level: 1, leaving, mark)
    }

    /// Calls itself, at most `propertyLevelsMax` deep.
    private mutating func putMembers(
        _ tree: borrowing JSONTree, _ node: Int, _ source: RawSpan, _ prefix: ArenaText, level: Int,
        _ leaving: [StaticString], _ mark: UInt8?
    ) {
        var child = tree.first(in: node)
        while let one = child {
            child = tree.next(after: one, in: node)
            guard let key = tree.nodes[one].key else { continue }
            if leaving.contains(where: { source.extracting(key.range).equals($0) }) { continue }
            if let mark, !key.range.isEmpty, source.byte(at: key.range.lowerBound) == mark { continue }
            let name = name(key, behind: prefix, source)
            switch tree.kind(one) {
            case .null: continue
            case .object where level < collector.limits.propertyLevelsMax:
                putMembers(tree, one, source, name, level: level + 1, [], nil)
            case .object, .array:
                put(name, collector.arena.append(cleaning: source.extracting(tree.nodes[one].token.range)))
            case .string: put(name, text(tree, one, source))
            case .number: put(name, text(tree, one, source), .number)
            case .true, .false:
                let start = collector.arena.count
                collector.arena.appendByte(tree.kind(one) == .true ? 1 : 0)
                put(name, collector.arena.text(from: start), .boolean)
            }
        }
    }

    private mutating func name(_ key: JSONToken, behind prefix: ArenaText, _ source: RawSpan) -> ArenaText {
        let start = collector.arena.count
        if !prefix.isAbsent {
            for offset in prefix.range { collector.arena.appendByte(collector.arena.bytes[offset]) }
            collector.arena.appendByte(UInt8(ascii: "."))
        }
        JSONText.append(key, of: source, to: &collector.arena.bytes)
        return collector.arena.text(from: start)
    }

    /// The text, cut at so many bytes and never inside a character.
    func cut(_ text: ArenaText, _ count: Int) -> ArenaText {
        guard Int(text.count) > count else { return text }
        var end = text.range.lowerBound + max(count, 0)
        while end > text.range.lowerBound, collector.arena.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return text.at(0..<end - text.range.lowerBound)
    }
}

extension JSONTree {
    /// Reads a text within the limits of a body.
    mutating func read(_ source: RawSpan, _ limits: CollectLimits) throws(JSONError) {
        try read(source, depthMax: limits.depthMax, keysMax: limits.keysMax)
    }
}
