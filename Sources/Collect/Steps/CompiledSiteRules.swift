internal import Catalog
internal import Events
internal import Synchronization

/// A site's rules in the form the steps use: made once for each version of a site, never changed.
final class CompiledSiteRules: Sendable {
    let site: Site
    /// Its own among all rules of the process: what caches remember a version of a site by.
    let serial: UInt64
    private static let serials = Atomic<UInt64>(1)
    /// Lower-case bytes of the site's domains.
    let domains: [[UInt8]]
    let excludedNetworks: [CIDR]
    /// Lower-case names of query parameters the site keeps beside the built-in ones.
    let queryParameters: [[UInt8]]

    /// A range that cannot be read is left out: the catalog refuses it when the site is written.
    init(_ site: Site) {
        self.site = site
        serial = CompiledSiteRules.serials.wrappingAdd(1, ordering: .relaxed).oldValue
        domains = site.domains.map { $0.utf8.map(ASCII.lower) }
        excludedNetworks = site.excludedNetworks.compactMap { CIDR($0) }
        queryParameters = site.allowedQueryParameters.map { $0.utf8.map(ASCII.lower) }
    }

    /// The host is one of the site's domains or below one of them. O(domains).
    func covers(host: borrowing RawSpan) -> Bool {
        for index in 0..<domains.count where HostName.isCovered(host, by: domains[index]) { return true }
        return false
    }

    func isExcluded(_ address: IPAddress) -> Bool {
        for range in excludedNetworks where range.contains(address) { return true }
        return false
    }
}

/// Compiled rules of the sites seen lately: direct-mapped over `slotCount` sites, a newcomer takes the slot. A site
/// that changed is a new object, so its old rules are never used. Belongs to one event loop.
struct CompiledSiteRulesCache {
    static let slotCount = 256
    private var slots = [CompiledSiteRules?](repeating: nil, count: CompiledSiteRulesCache.slotCount)

    /// About 5 ns when the site is there; compiling allocates.
    mutating func rules(for site: Site) -> CompiledSiteRules {
        let slot = Int(site.id.rawValue % UInt32(CompiledSiteRulesCache.slotCount))
        if let rules = slots[slot], rules.site === site { return rules }
        let rules = CompiledSiteRules(site)
        slots[slot] = rules
        return rules
    }
}

/// Host names as they stand in URLs and origins.
enum HostName {
    /// `host` is `domain` or a sub-domain of it, whatever its case; one trailing dot (the DNS root) changes nothing.
    /// Internationalised names are compared as written: browsers send the `xn--` form.
    static func isCovered(_ host: borrowing RawSpan, by domain: [UInt8]) -> Bool {
        var count = host.byteCount
        if count > 0, host.byte(at: count - 1) == UInt8(ascii: ".") { count -= 1 }
        guard !domain.isEmpty, count >= domain.count else { return false }
        let start = count - domain.count
        for index in 0..<domain.count where ASCII.lower(host.byte(at: start + index)) != domain[index] { return false }
        guard start > 0 else { return true }
        guard host.byte(at: start - 1) == UInt8(ascii: ".") else { return false }
        return isName(host, 0..<start - 1)
    }

    /// Labels of letters, digits, `-`, `_` and non-ASCII bytes, none empty.
    private static func isName(_ host: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        var labelBytes = 0
        for index in range {
            let byte = host.byte(at: index)
            if byte == UInt8(ascii: ".") {
                guard labelBytes > 0 else { return false }
                labelBytes = 0
            } else {
                guard ASCII.isAlphanumeric(byte) || byte == 0x2D || byte == 0x5F || byte >= 0x80 else { return false }
                labelBytes += 1
            }
        }
        return labelBytes > 0
    }
}
