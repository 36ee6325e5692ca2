internal import Events
internal import RequestParsing

/// One event's values become a draft.
enum MatomoEvent {
    static func offer(_ values: MatomoValues, _ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        edge.draft.siteKey = values[.site]
        do throws(Rejection) {
            guard edge.draft.siteKey.count > 0 else { throw .missingSite }
            guard isOn(values, .recording, edge) else { throw .invalidField }
            try visitor(values, request, &edge)
            page(values, request, &edge)
            variables(values[.visitVariables], &edge)
            variables(values[.pageVariables], &edge)
            product(values, &edge)
            try action(values, &edge)
            edge.draft.time = time(values, request, edge)
        } catch { return edge.refuse(error) }
        edge.offer(request)
    }

    /// There, and not zero.
    private static func isOn(
        _ values: MatomoValues, _ field: MatomoField, _ edge: borrowing EdgeCollector
    ) -> Bool {
        values.has(field) && !edge.equals(values[field], "0") && !edge.equals(values[field], "false")
    }

    // MARK: the visitor

    private static func visitor(
        _ values: MatomoValues, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) throws(Rejection) {
        if values.has(.forcedVisitor) {
            guard values[.forcedVisitor].count == 16, let id = visitorID(values[.forcedVisitor], &edge) else {
                throw .invalidField
            }
            edge.draft.anonymousID = id
        } else if values.has(.visitor), !(values.has(.cookies) && !isOn(values, .cookies, edge)),
            let id = visitorID(values[.visitor], &edge)
        {
            edge.draft.anonymousID = id
        }
        edge.draft.userID = values[.user]
        edge.draft.screen = values[.screen]
        edge.draft.language = firstLanguage(values[.language], edge)
        if values.has(.consent) {
            edge.draft.statedConsent[.measurement] = isOn(values, .consent, edge) ? .granted : .denied
        }
        sender(values, request, &edge)
        if !edge.sender.isServer, hasOptedOut(request.facts.cookies) {
            edge.draft.statedConsent = Consent(all: .objected)
        }
    }

    /// The visitor's address, agent and place where a server says them. Its libraries send the visitor's agent as their
    /// own header too.
    private static func sender(
        _ values: MatomoValues, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        edge.draft.userAgent = values[.agent]
        guard values.hasToken || values.has(.address) else { return }
        edge.sender.isServer = true
        let header = request.facts.userAgent
        if edge.draft.userAgent.isAbsent, EdgeCollector.isBrowser(header) {
            edge.draft.userAgent = edge.arena.append(cleaning: header)
        }
        guard edge.sender.principal != nil || request.facts.hasServerKey else { return }
        if values.has(.address) { edge.draft.address = IPAddress(parsing: edge.bytes(values[.address])) }
        guard let country = country(values[.country], &edge) else { return }
        edge.draft.country = country
        edge.draft.region = values[.region]
        edge.draft.city = values[.city]
    }

    /// The first 16 of hexadecimal digits, small letters.
    private static func visitorID(_ text: ArenaText, _ edge: inout EdgeCollector) -> ArenaText? {
        guard text.count >= 16 else { return nil }
        var hasCapitals = false
        let digits = text.at(0..<16)
        for offset in digits.range {
            let byte = edge.collector.arena.bytes[offset]
            guard ASCII.hexValue(byte) != nil else { return nil }
            if ASCII.lower(byte) != byte { hasCapitals = true }
        }
        guard hasCapitals else { return digits }
        let start = edge.collector.arena.count
        for offset in digits.range { edge.collector.arena.appendByte(ASCII.lower(edge.collector.arena.bytes[offset])) }
        return edge.collector.arena.text(from: start)
    }

    private static func firstLanguage(_ text: ArenaText, _ edge: borrowing EdgeCollector) -> ArenaText {
        let bytes = edge.bytes(text)
        let end = bytes.firstOffset(of: UInt8(ascii: ","), or: UInt8(ascii: ";"), in: 0..<bytes.byteCount)
        return end.map { text.piece(0..<$0) } ?? text
    }

    /// Two letters, made capital.
    private static func country(_ text: ArenaText, _ edge: inout EdgeCollector) -> ArenaText? {
        guard text.count == 2 else { return nil }
        let start = edge.collector.arena.count
        for offset in text.range {
            let byte = edge.collector.arena.bytes[offset]
            guard ASCII.isLetter(byte) else { return nil }
            edge.collector.arena.appendByte(byte & 0xDF)
        }
        return edge.collector.arena.text(from: start)
    }

    /// Whether the browser has the cookie by which its owner objected to the Matomo that was at this address.
    private static func hasOptedOut(_ cookies: RawSpan) -> Bool {
        guard cookies.byteCount > 0 else { return false }
        var pairs = CookiePairs(of: cookies)
        while let pair = pairs.next() {
            let name = cookies.extracting(pair.name)
            if !pair.value.isEmpty, name.equals("matomo_ignore") || name.equals("piwik_ignore") { return true }
        }
        return false
    }

    // MARK: the page

    private static func page(
        _ values: MatomoValues, _ request: borrowing ForeignRequest, _ edge: inout EdgeCollector
    ) {
        edge.draft.url = values[.url]
        edge.draft.referrer = values[.referrer]
        edge.draft.title = values[.title]
        if !values.has(.url), !values.has(.referrer), request.facts.referer.byteCount > 0 {
            edge.draft.url = edge.arena.append(cleaning: request.facts.referer)
        }
    }

    /// `{"1":["size","42"]}`
    private static func variables(_ text: ArenaText, _ edge: inout EdgeCollector) {
        guard text.count > 2 else { return }
        json(text, &edge) { tree, source, edge in
            guard tree.kind(0) == .object else { return }
            var child = tree.first(in: 0)
            while let one = child {
                child = tree.next(after: one, in: 0)
                guard tree.kind(one) == .array, let name = tree.first(in: one),
                    let value = tree.next(after: name, in: one)
                else { continue }
                let key = edge.text(tree, name, source)
                let text = edge.text(tree, value, source)
                if edge.equals(key, "HTTP-code") {
                    edge.draft.httpStatus = edge.count(text).flatMap { (100...599).contains($0) ? UInt16($0) : nil }
                } else if text.count > 0 {
                    edge.put(key, text)
                }
            }
        }
    }

    private static func product(_ values: MatomoValues, _ edge: inout EdgeCollector) {
        edge.put("product_id", values[.productID])
        edge.put("product_name", values[.productName])
        edge.put("product_category", values[.productCategory])
        number("product_price", values[.productPrice], &edge)
    }

    /// A property of what is a number; of other text nothing.
    static func number(_ name: StaticString, _ value: ArenaText, _ edge: inout EdgeCollector) {
        if edge.micros(value) != nil { edge.put(name, value, .number) }
    }

    /// Calls `use` with the value that a text is in JSON; not at all where it is none.
    static func json(
        _ text: ArenaText, _ edge: inout EdgeCollector,
        _ use: (borrowing JSONTree, RawSpan, inout EdgeCollector) -> Void
    ) {
        // The arena grows while the value is read: it is read from a copy.
        var copy: [UInt8] = []
        copy.append(edge.collector.arena.bytes.span.bytes, text.range)
        var tree = JSONTree()
        guard (try? tree.read(copy.span.bytes, edge.collector.limits)) != nil else { return }
        use(tree, copy.span.bytes, &edge)
    }

    // MARK: time

    /// What `cdt` says, or now, less `cdo` seconds. What lies ahead, or is no time, is as good as nothing.
    private static func time(
        _ values: MatomoValues, _ request: borrowing ForeignRequest, _ edge: borrowing EdgeCollector
    ) -> ClientTime {
        guard values.has(.time) || values.has(.age) else { return .absent }
        let now = request.facts.receivedAt
        var time = now
        if values.has(.time) {
            guard let stated = moment(edge.bytes(values[.time])) else { return .absent }
            time = stated
        }
        if values.has(.age), let seconds = DecimalText.wholePart(edge.bytes(values[.age])) {
            let (age, overflow) = Int64(clamping: seconds.magnitude).multipliedReportingOverflow(by: 1_000)
            guard !overflow else { return .absent }
            time = time.adding(milliseconds: -age)
        }
        return time > now ? .absent : .at(time)
    }

    /// Seconds since 1970, `2026-11-25 12:00:00`, `2026-11-25` or RFC 3339; UTC where no zone is given.
    private static func moment(_ text: RawSpan) -> Timestamp? {
        if let seconds = DecimalText.wholePart(text) {
            let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
            return overflow || !TimeText.range.contains(value) ? nil : Timestamp(milliseconds: value)
        }
        guard text.byteCount >= 10, text.byteCount <= 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.append(text, 0..<text.byteCount)
        // A raw plus has become a space.
        if bytes.count >= 25, bytes[bytes.count - 6] == 0x20 { bytes[bytes.count - 6] = UInt8(ascii: "+") }
        if let time = TimeText.rfc3339(bytes.span.bytes) { return time }
        if bytes.count == 10 { bytes.append(contentsOf: "T00:00".utf8) }
        if bytes.count == 16 { bytes.append(contentsOf: ":00".utf8) }
        bytes.append(UInt8(ascii: "Z"))
        return TimeText.rfc3339(bytes.span.bytes)
    }
}
