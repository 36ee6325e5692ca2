package import Catalog

/// The classifier Highland runs with: user agents by rules and hints, sources by tags and tables. Belongs to one
/// thread.
package struct StandardVisitClassifier: VisitClassifier {
    package private(set) var clients: ClientClassifier
    private var sources = SourceClassifier()

    package init(clients: ClientClassifier) { self.clients = clients }

    package mutating func client(userAgent: RawSpan, hints: RawSpan, into answer: inout ClientClass) {
        clients.classify(userAgent: userAgent, hints: hints, into: &answer)
    }

    package mutating func traffic(url: RawSpan, referrer: RawSpan, site: Site, into answer: inout TrafficSource) {
        sources.classify(url: url, referrer: referrer, site: site, into: &answer)
    }

    /// Bytes of caches, tables and compiled rules.
    package var byteCount: Int { clients.byteCount + sources.byteCount }
}
