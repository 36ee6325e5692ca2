internal import Catalog
internal import Events

/// Whom to tell of a weakness: the contact in `/.well-known/security.txt` (RFC 9116, section 2.5.3).
enum SecurityContact {
    /// Whether a text is a contact: a mailbox as `mailto:`, a page as `https:` or a number as `tel:`.
    static func isURI(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) && !"<>\"\\^`{|}".utf8.contains($0) }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard isPlain, text.utf8.count <= 1_000, parts.count == 2 else { return false }
        let rest = parts[1]
        switch parts[0] {
        case "mailto":
            let mailbox = rest.prefix { $0 != "?" }
            guard let at = mailbox.lastIndex(of: "@"), at != mailbox.startIndex else { return false }
            return (try? SiteRules.domain(String(mailbox[mailbox.index(after: at)...]))) != nil
        case "https":
            guard rest.hasPrefix("//") else { return false }
            let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
            return ConfigurationKey.isOrigin("https://\(authority)")
        case "tel":
            return rest.contains(where: \.isNumber) && rest.allSatisfy { "+-.()0123456789".contains($0) }
        default: return false
        }
    }

    /// What was configured; else the mailbox that RFC 2142 names, at the first of these that is a domain: the public
    /// URL's host, a site's domain, the host that the request names. Where none is, the mailbox is this machine's own.
    static func uri(configured: String?, publicURL: String?, siteDomain: String?, host: String) -> String {
        if let configured { return configured }
        let origin = publicURL.flatMap { $0.split(separator: "/").last.map { String($0) } }
        for authority in [origin, siteDomain, host].compactMap({ $0 }) {
            guard let domain = try? SiteRules.domain(String(authority.prefix { $0 != ":" })), domain.contains("."),
                IPAddress(domain) == nil
            else { continue }
            return "mailto:security@\(domain)"
        }
        return "mailto:security@localhost"
    }
}
