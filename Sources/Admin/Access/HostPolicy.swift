internal import Catalog
internal import Events

/// Which `Host` a request may be for. A page elsewhere that points its own name at this machine (DNS rebinding) has
/// that name in `Host`; so names must be known ones. Address literals pass: no name can be rebound to them.
package struct HostPolicy: Sendable {
    private let names: Set<String>

    package init(_ settings: AdminSettings) {
        var names: Set<String> = ["localhost"]
        names.insert(settings.listenHost.lowercased())
        for url in [settings.publicURL, settings.adminURL] {
            if let host = url.flatMap(HostPolicy.host(ofURL:)) { names.insert(host) }
        }
        self.names = names
    }

    /// Whether a `Host` value is one of ours, whatever its port.
    package func allows(_ authority: String) -> Bool {
        guard let host = HostPolicy.host(of: authority) else { return false }
        return names.contains(host) || host.hasSuffix(".localhost") || IPAddress(host) != nil
    }

    /// The host of `host`, `host:port`, `[v6]` or `[v6]:port`, lower-case and without brackets; nil when it is none.
    static func host(of authority: String) -> String? {
        guard !authority.isEmpty, authority.utf8.count <= 300 else { return nil }
        let text = authority.lowercased()
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<end]
            rest = text[end...]
        }
        let isPort = rest.first == ":" && rest.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
        guard rest.isEmpty || isPort, rest.utf8.count <= 6, !host.isEmpty else { return nil }
        return String(host.last == "." ? host.dropLast() : host)
    }

    /// The host of an absolute URL.
    static func host(ofURL url: String) -> String? {
        guard let scheme = url.range(of: "://") else { return nil }
        return host(of: String(url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }))
    }
}

extension String {
    /// Where `text` first stands; O(count).
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
