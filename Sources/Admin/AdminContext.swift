internal import Catalog
package import Events
package import Hummingbird
internal import NIOCore

/// What the plane knows of a request beside the request itself.
package struct AdminContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil where the connection is already gone.
    package let peer: IPAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = AdminContext.address(source.channel.remoteAddress)
    }

    private static func address(_ address: SocketAddress?) -> IPAddress? {
        // A link-local address carries its interface behind a percent sign.
        (address?.ipAddress).flatMap { text in IPAddress(String(text.prefix { $0 != "%" })) }
    }
}

extension IPAddress {
    /// Whether it is this machine's own (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3).
    var isLoopback: Bool { isIPv4 ? ipv4 >> 24 == 127 : high == 0 && low == 1 }

    /// What one household has: the IPv4 address, the IPv6 /64.
    var network: IPAddress { isIPv4 ? self : masked(toPrefix: 64) }
}
