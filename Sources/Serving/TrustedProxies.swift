package import Events
package import RequestParsing

/// Who the client is when proxies stand before us. X-Forwarded-For counts only where the peer itself is a configured
/// proxy; then its right-most address that is not such a proxy is the client, because only what our own proxies
/// appended can be believed.
package struct TrustedProxies: Sendable {
    private let ranges: [CIDR]

    package init(_ ranges: [CIDR]) { self.ranges = ranges }

    /// O(ranges).
    package func contains(_ address: IPAddress) -> Bool {
        for range in ranges where range.contains(address) { return true }
        return false
    }

    /// The client behind a trusted peer. Several header lines are read as one list. An element that is no address ends
    /// the search: the proxy that passed it on is the client then. When every element is a proxy, the left-most is it.
    package func client(of peer: IPAddress, head: borrowing RequestHead, bytes: RawSpan) -> IPAddress {
        guard head.value(.forwardedFor) != nil else { return peer }
        var client: IPAddress?
        for index in 0..<head.fieldCount {
            let field = head.field(index)
            guard field.header == .forwardedFor else { continue }
            var elements = ListElements(field.value)
            while let element = elements.next(in: bytes) {
                guard let address = IPAddress(forwardedElement: bytes.extracting(element)) else {
                    client = nil
                    continue
                }
                if client == nil || !contains(address) { client = address }
            }
        }
        return client ?? peer
    }

    /// Whether the nearest proxy says that its client used TLS: the last element of the last X-Forwarded-Proto.
    package func isSecure(head: borrowing RequestHead, bytes: RawSpan) -> Bool {
        guard head.value(.forwardedProto) != nil else { return false }
        var isSecure = false
        for index in 0..<head.fieldCount {
            let field = head.field(index)
            guard field.header == .forwardedProto else { continue }
            var elements = ListElements(field.value)
            while let element = elements.next(in: bytes) {
                isSecure = bytes.extracting(element).equalsIgnoringCase("https")
            }
        }
        return isSecure
    }
}
