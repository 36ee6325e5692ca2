package import Events

/// Everything that can be set from outside, with its defaults: one value for the whole program, made once at start.
/// `ConfigurationKey.all` names every field for people; `ConfigurationLoader` fills it.
package struct Configuration: Sendable, Equatable {
    package var storage = StorageSettings()
    package var publicPlane = PublicPlaneSettings()
    package var adminPlane = AdminPlaneSettings()
    package var collect = CollectSettings()
    package var journal = JournalSettings()
    package var projections = ProjectionSettings()
    package var log = LogSettings()

    package init() {}
}

/// Directories. All are made at start with mode 0700.
package struct StorageSettings: Sendable, Equatable {
    /// Journal, columns, catalog, admin socket. The default is `./data`.
    package var dataDirectory = "./data"
    /// The day's salt: a tmpfs, in no backup. Nil is one in `/dev/shm`, see `Directories`.
    package var runtimeDirectory: String?
    /// Signing keys. Nil is `secrets` in the data directory.
    package var secretsDirectory: String?
    /// Where a write is refused with 503: the larger of the two shares of the volume stays free.
    /// The defaults are 1 GiB and 5 percent.
    package var reserveBytes = 1 << 30
    package var reservePercent = 5
}

/// The port that the world sees.
package struct PublicPlaneSettings: Sendable, Equatable {
    package var listen = ListenAddress(host: "0.0.0.0", port: 8080)
    /// How browsers reach it: scheme, host and port without a path. Nil: as the request says.
    package var url: String?
    /// Whom to tell of a weakness, a `mailto:`, `https:` or `tel:` URI. Nil: `security@` the public URL's host, the
    /// first site's domain or the request's host.
    package var securityContact: String?
    /// Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. The default is nobody.
    package var trustedProxies: [CIDR] = []
    /// Event loops; 0 is one a core.
    package var loops = 0
    package var connectionsMax = 8_000
    package var connectionsPerAddressMax = 200
    package var headerBytesMax = 32 << 10
    package var bodyBytesMax = 1 << 20
    package var headerTimeout = Duration.seconds(10)
    package var bodyTimeout = Duration.seconds(10)
    package var requestTimeout = Duration.seconds(15)
    package var writeTimeout = Duration.seconds(10)
    package var idleTimeout = Duration.seconds(30)
    package var drainTimeout = Duration.seconds(8)
    /// Which code reads requests: our own, or SwiftNIO's in a doubt.
    package var parser = RequestParserChoice.own
}

/// The two readers of HTTP/1 that the public plane has.
package enum RequestParserChoice: String, Sendable, CaseIterable {
    case own, nio
}

/// The port for people and tools of the house.
package struct AdminPlaneSettings: Sendable, Equatable {
    package var listen = ListenAddress(host: "127.0.0.1", port: 8081)
}

/// The steps from request to record.
package struct CollectSettings: Sendable, Equatable {
    /// An mmdb file. Nil: countries from the system's tor-geoipdb, when it is there.
    package var geoDatabase: String?
    package var eventsPerRequestMax = 500
    package var eventBytesMax = 32 << 10
}

/// The journal's files and queue.
package struct JournalSettings: Sendable, Equatable {
    package var fileBytesMax = 64 << 20
    /// Beyond either bound requests are answered 503.
    package var queueBytesMax = 32 << 20
    package var queueAgeMax = Duration.milliseconds(250)
    /// What projections read without a file.
    package var tailRingBytes = 32 << 20
    /// How long and for how many ids a repeated event is recognised.
    package var idempotencyWindow = Duration.seconds(24 * 3_600)
    package var idempotencyIDsMax = 50_000_000
    /// Starts although batches are damaged, and passes over them. The default is false.
    package var acceptsDamage = false
}

/// Everything behind the journal.
package struct ProjectionSettings: Sendable, Equatable {
    package var checkpointInterval = Duration.seconds(10)
    /// Imports and rebuilds pause at a quarter of it, reports at half, collection answers 503 beyond it.
    package var lagEventsMax = 2_000_000
    /// Threads that answer reports.
    package var queryThreads = 2
    package var queryTimeout = Duration.seconds(10)
}

/// What is written to standard error.
package struct LogSettings: Sendable, Equatable {
    package var level = LogLevel.notice
}

/// The levels of swift-log, by name.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

/// An address to bind: `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`. Port 0 lets the system choose.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// In its usual notation, without brackets.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Nil unless the text is an IP address (IPv6 in brackets) or `localhost`, a colon and a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        guard IPAddress(host) != nil, host.utf8.contains(UInt8(ascii: ":")) == isBracketed else { return nil }
        self.init(host: host, port: port)
    }

    package var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }
    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Nobody beyond this machine can connect.
    package var isLoopback: Bool {
        guard let address = IPAddress(host) else { return false }
        return address.isIPv4 ? address.ipv4 >> 24 == 127 : address.high == 0 && address.low == 1
    }
}
