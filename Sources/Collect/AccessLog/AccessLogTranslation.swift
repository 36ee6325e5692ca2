package import Catalog
package import Events
internal import RequestParsing

/// Reads log lines of one site: what each is, and the draft it becomes. Keeps its buffers; belongs to one thread.
///
/// An event's `url` is `https://`, the site's first domain and the target, or the target itself where a client sent an
/// absolute http or https URL, which is quarantined where its host is not the site's: those are probes for open
/// proxies. Bytes of the line that are no UTF-8 and control characters go as everywhere (`TextCleaning`).
package struct AccessLogTranslation: Sendable {
    /// What a line is.
    package enum Reading: Sendable {
        case event(AccessLogLine, IPAddress, AccessLogVerdict)
        case skipped(AccessLogSkip)
        case rejected(AccessLogRejection)
    }

    private let siteKey: [UInt8]
    private let origin: [UInt8]
    private let domains: [[UInt8]]
    private var agent: [UInt8] = []
    // Who sent the line before, within the same batch: their place, verdict and hash are known already.
    private var lastAddress: IPAddress?
    private var lastAgent: [UInt8] = []

    /// For a site with at least one domain.
    package init(_ site: Site) {
        siteKey = Array(site.key.utf8)
        origin = Array("https://\(site.domains.first ?? "")".utf8)
        domains = site.domains.map { Array($0.lowercased().utf8) }
    }

    /// Takes a line apart and decides what it is. No allocation.
    package func read(_ line: borrowing RawSpan) -> Reading {
        let parsed: AccessLogLine
        do throws(AccessLogRejection) { parsed = try AccessLogLine(line) } catch { return .rejected(error) }
        guard let address = IPAddress(parsing: line.extracting(parsed.host)) else { return .rejected(.invalidHost) }
        let target = line.extracting(parsed.target)
        let verdict: AccessLogVerdict
        if target.byte(at: 0) == UInt8(ascii: "/") {
            verdict = AccessLogVerdict(
                method: line.extracting(parsed.method), status: parsed.status,
                path: target.extracting(0..<AccessLogTranslation.pathEnd(target)))
        } else {
            let parts = WebURL(target)
            verdict = AccessLogVerdict(
                method: line.extracting(parsed.method), status: parsed.status,
                path: target.extracting(parts?.path ?? 0..<0))
            if parts == nil, verdict.isEvent { return .rejected(.invalidRequestLine) }
        }
        if case .skipped(let reason) = verdict { return .skipped(reason) }
        return .event(parsed, address, verdict)
    }

    /// Where the query or a fragment begins.
    private static func pathEnd(_ target: borrowing RawSpan) -> Int {
        for offset in 0..<target.byteCount {
            let byte = target.octet(at: offset)
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return offset }
        }
        return target.byteCount
    }

    /// A new batch begins: its arena is empty.
    mutating func beginBatch() { lastAddress = nil }

    /// Fills the draft of a line that is an event.
    func fill(
        _ draft: inout EventDraft, _ arena: inout TextArena, from line: borrowing RawSpan, _ parsed: AccessLogLine,
        _ verdict: AccessLogVerdict
    ) {
        draft.reset()
        draft.siteKey = arena.append(siteKey.span.bytes)
        draft.name =
            switch verdict {
            case .notFound: arena.append("404")
            case .download: arena.append("download")
            case .pageview, .skipped: arena.append("pageview")
            }
        let start = arena.count
        let isAbsolute = line.octet(at: parsed.target.lowerBound) != UInt8(ascii: "/")
        if !isAbsolute { arena.bytes.append(contentsOf: origin) }
        AccessLogText.append(line.extracting(parsed.target), hasEscapes: parsed.hasEscapes, to: &arena.bytes)
        draft.url = arena.text(from: start)
        if !parsed.referrer.isEmpty {
            let start = arena.count
            AccessLogText.append(line.extracting(parsed.referrer), hasEscapes: parsed.hasEscapes, to: &arena.bytes)
            draft.referrer = arena.text(from: start)
        }
        draft.time = .at(parsed.time)
        draft.httpStatus = parsed.status
        draft.wireProtocol = .accessLog
        draft.flags = .imported
        if isAbsolute, isForeign(line.extracting(parsed.target)) {
            draft.flags.insert(.quarantined)
            draft.quarantineReason = .foreignHost
        }
    }

    private func isForeign(_ url: borrowing RawSpan) -> Bool {
        guard let parts = WebURL(url) else { return true }
        let host = url.extracting(parts.host)
        for domain in domains where HostName.isCovered(host, by: domain) { return false }
        return true
    }

    /// The user agent as it was sent; nil where the bytes in the line are just that.
    mutating func unescapedAgent(_ line: borrowing RawSpan, _ parsed: AccessLogLine) -> [UInt8]? {
        let raw = line.extracting(parsed.userAgent)
        if !parsed.hasEscapes, TextCleaning.isPlain(raw) { return nil }
        agent.removeAll(keepingCapacity: true)
        AccessLogText.append(raw, hasEscapes: parsed.hasEscapes, to: &agent)
        return agent
    }

    /// Whether the line before, in this batch, was by the same visitor; remembers this one.
    mutating func isSameVisitor(_ address: IPAddress, _ agent: borrowing RawSpan) -> Bool {
        if lastAddress == address, lastAgent.span.bytes.equals(agent) { return true }
        lastAddress = address
        lastAgent.removeAll(keepingCapacity: true)
        agent.withUnsafeBytes { lastAgent.append(contentsOf: $0) }
        return false
    }
}

extension AccessLogVerdict {
    /// Page view, 404 or download.
    package var isEvent: Bool {
        if case .skipped = self { false } else { true }
    }
}

extension EdgeCollector {
    /// Begins a batch of log lines.
    package mutating func beginAccessLog(_ translation: inout AccessLogTranslation) {
        begin()
        translation.beginBatch()
    }

    /// Takes a line that `read` called an event through the steps.
    /// - key: its idempotency key.
    package mutating func offer(
        _ line: RawSpan, _ parsed: AccessLogLine, from address: IPAddress, as verdict: AccessLogVerdict,
        key: ID128, receivedAt: Timestamp, translation: inout AccessLogTranslation, catalog: CatalogSnapshot
    ) {
        if let agent = translation.unescapedAgent(line, parsed) {
            offer(
                line, parsed, from: address, agent: agent.span.bytes, as: verdict, key: key, receivedAt: receivedAt,
                translation: &translation, catalog: catalog)
        } else {
            offer(
                line, parsed, from: address, agent: line.extracting(parsed.userAgent), as: verdict, key: key,
                receivedAt: receivedAt, translation: &translation, catalog: catalog)
        }
    }

    private mutating func offer(
        _ line: RawSpan, _ parsed: AccessLogLine, from address: IPAddress, agent: RawSpan, as verdict: AccessLogVerdict,
        key: ID128, receivedAt: Timestamp, translation: inout AccessLogTranslation, catalog: CatalogSnapshot
    ) {
        if !translation.isSameVisitor(address, agent) { collector.beginVisitor() }
        var request = RequestFacts(receivedAt: receivedAt, address: address, none: agent)
        request.userAgent = agent
        request.hasServerKey = true
        translation.fill(&collector.draft, &collector.arena, from: line, parsed, verdict)
        collector.draft.idempotencyKey = key
        collector.offerDraft(of: request, catalog: catalog)
    }

    /// Hands a batch of imported events to the journal; see `commit(of:)`.
    package mutating func commitImported(receivedAt: Timestamp) -> CollectOutcome {
        let nothing: [UInt8] = []
        let request = RequestFacts(
            receivedAt: receivedAt, address: IPAddress(high: 0, low: 0), none: nothing.span.bytes)
        return collector.commit(of: request)
    }
}
