internal import COctets

/// Where a connection's objects lie. Between two requests of a connection others drive them out of the processor's
/// caches; asked for while the connection before is at work, they are there when their turn comes.
///
/// SAFETY: the addresses are only hinted at, never read, so it does not matter whether the objects still live.
package struct ConnectionMemory: @unchecked Sendable {
    /// Of a connection's object and of its transport's: as far as every request reads them.
    private static let connectionBytes = 640
    static let transportBytes = 128

    private let connection: UnsafeRawPointer
    private let transport: UnsafeRawPointer?

    init(_ connection: Connection, _ transport: (any ConnectionTransport)? = nil) {
        self.connection = UnsafeRawPointer(Unmanaged.passUnretained(connection).toOpaque())
        self.transport = transport.map { UnsafeRawPointer(Unmanaged<AnyObject>.passUnretained($0).toOpaque()) }
    }

    /// One instruction a cache line.
    package func prefetch() {
        octets_prefetchAll(connection, 0, Self.connectionBytes)
        if let transport { octets_prefetchAll(transport, 0, Self.transportBytes) }
    }
}
