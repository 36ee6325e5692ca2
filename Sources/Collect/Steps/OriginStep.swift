package import Catalog
internal import Events
internal import RequestParsing

/// Whether an event comes from one of the site's own pages.
///
///     Origin             URL's host              the event is
///     own, absent, null  own, or URL has none    taken
///     any                foreign                 quarantined: stored, visible, not counted
///     foreign            own, or URL has none    refused as `origin_not_allowed`
///
/// A page elsewhere (a copy, a translation proxy, a host nobody registered yet) states itself truthfully in both
/// and is kept so that the site's owner sees it; one whose browser says another origin than the event claims is not.
/// `null` (a sandboxed frame, a beacon under `Referrer-Policy: no-referrer`) vouches for nothing and grants no CORS,
/// and leaves the decision to the URL. Server keys are exempt. O(URL) bytes, no allocation.
package struct OriginStep: CollectStep {
    package static let name = CollectStepName.origin
    private let visitor: VisitorState

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        guard !request.hasServerKey, draft.wireProtocol != .accessLog, draft.wireProtocol != .importedEvents else {
            return
        }
        visitor.prepare(request, site)
        if isForeign(draft.url, arena) {
            draft.flags.insert(.quarantined)
            draft.quarantineReason = .foreignHost
            return
        }
        let origin = request.origin
        guard origin.byteCount > 0 else { return }
        let isAllowed =
            visitor.isOriginAllowed ?? (OriginStep.isNull(origin) || visitor.rules.allows(origin: origin))
        visitor.isOriginAllowed = isAllowed
        guard isAllowed else { throw .originNotAllowed }
    }

    /// A relative URL has no host that could be foreign; an absolute one without host, or without authority, is.
    private func isForeign(_ text: ArenaText, _ arena: borrowing TextArena) -> Bool {
        guard text.count > 0 else { return false }
        return !visitor.isOwn(arena.bytes.span.bytes.extracting(text.range))
    }

    private static let null = Array("null".utf8)
    private static func isNull(_ origin: borrowing RawSpan) -> Bool { ASCII.equalsFolded(origin, lower: null) }
}

extension CompiledSiteRules {
    /// An `Origin` header of one of the site's pages: `http` or `https`, a covered host, any port, nothing after it.
    func allows(origin: borrowing RawSpan) -> Bool {
        guard let host = OriginAllowList.host(of: origin) else { return false }
        return covers(host: origin.extracting(host))
    }
}

/// Which origins may read answers (CORS), for the HTTP responder: made once a snapshot, shared by all loops. The
/// responder echoes an allowed origin and never says `*`.
package struct OriginAllowList: Sendable {
    /// Every site's domains in ascending order, without repetition.
    private let domains: [[UInt8]]

    package init(_ snapshot: CatalogSnapshot) {
        let all = Set(snapshot.sites.flatMap { $0.domains.map { $0.utf8.map(ASCII.lower) } })
        domains = all.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The origin belongs to any site: for a preflight, which names no site. A binary search for each label of the
    /// host, at most 128; no allocation.
    package func allows(_ origin: borrowing RawSpan) -> Bool {
        guard let host = OriginAllowList.host(of: origin), host.count <= 254 else { return false }
        var end = host.upperBound
        if end > host.lowerBound, origin.byte(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
        var start = host.lowerBound
        while start < end {
            if let domain = domain(equal: origin.extracting(start..<end)) {
                return HostName.isCovered(origin.extracting(host), by: domain)
            }
            while start < end, origin.byte(at: start) != UInt8(ascii: ".") { start += 1 }
            start += 1
        }
        return false
    }

    /// The origin belongs to this site: for the answer to a request that names it. O(domains of the site).
    package static func allows(_ origin: borrowing RawSpan, for site: Site) -> Bool {
        guard let host = host(of: origin) else { return false }
        for domain in site.domains {
            let bytes = domain.utf8.map(ASCII.lower)
            if HostName.isCovered(origin.extracting(host), by: bytes) { return true }
        }
        return false
    }

    /// The host of `scheme://host[:port]` with a web scheme; nil for `null` and anything longer.
    static func host(of origin: borrowing RawSpan) -> Range<Int>? {
        let parts = URLParts(origin)
        guard parts.hasAuthority, parts.isWeb(origin), parts.path.isEmpty, !parts.host.isEmpty,
            parts.host.lowerBound == parts.scheme.upperBound + 3, parts.port.upperBound == origin.byteCount
        else { return nil }
        return parts.host
    }

    private func domain(equal name: borrowing RawSpan) -> [UInt8]? {
        var low = 0
        var high = domains.count
        while low < high {
            let middle = low + (high - low) / 2
            switch OriginAllowList.order(domains[middle], name) {
            case 0: return domains[middle]
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }

    private static func order(_ domain: [UInt8], _ name: borrowing RawSpan) -> Int {
        for index in 0..<min(domain.count, name.byteCount) {
            let byte = ASCII.lower(name.byte(at: index))
            if domain[index] != byte { return domain[index] < byte ? -1 : 1 }
        }
        return domain.count - name.byteCount
    }
}
