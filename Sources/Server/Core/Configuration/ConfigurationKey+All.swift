internal import Events

extension ConfigurationKey {
    /// Every key, in the order of the example file.
    package static let all: [ConfigurationKey] =
        storageKeys + publicPlaneKeys + adminPlaneKeys + collectKeys + journalKeys + projectionKeys + logKeys
        + scaleKeys

    /// The key with this name.
    package static func named(_ name: String) -> ConfigurationKey? { all.first { $0.name == name } }

    private static let storageKeys: [ConfigurationKey] = [
        ConfigurationKey(
            "storage.data", "DATA", "Directory of journal, columns, catalog and admin socket.",
            "the path of a directory",
            take: { text, configuration in
                guard isPath(text) else { return false }
                configuration.storage.dataDirectory = text
                return true
            }, show: { $0.storage.dataDirectory }),
        optional(
            "storage.runtime", "RUNTIME", \.storage.runtimeDirectory,
            "Directory of the day's salt: a tmpfs, in no backup. Empty: one in /dev/shm for this data directory.",
            "the path of a directory", where: isPath),
        optional(
            "storage.secrets", "SECRETS", \.storage.secretsDirectory,
            "Directory of signing keys. Empty: secrets in the data directory.", "the path of a directory", where: isPath
        ),
        bytes(
            "storage.reserveBytes", "RESERVE_BYTES", \.storage.reserveBytes, 0...(1 << 44),
            "Space that stays free on the data volume; below it events are answered 503."),
        count(
            "storage.reservePercent", "RESERVE_PERCENT", \.storage.reservePercent, 0...50,
            "The same as a share of the volume; the larger of the two counts."),
    ]

    private static let publicPlaneKeys: [ConfigurationKey] = [
        listen("public.listen", "LISTEN", \.publicPlane.listen, "Address and port of the public plane."),
        optional(
            "public.url", "PUBLIC_URL", \.publicPlane.url,
            "How browsers reach the public plane. Empty: as each request says.",
            "an origin such as https://data.shop.example, without a path", where: isOrigin),
        optional(
            "public.securityContact", "SECURITY_CONTACT", \.publicPlane.securityContact,
            "Whom to tell of a weakness (security.txt). Empty: security@ the public URL's or first site's domain.",
            "a URI such as mailto:security@shop.example, https://shop.example/security or tel:+41-44-000-00-00",
            where: SecurityContact.isURI),
        ConfigurationKey(
            "public.trustedProxies", "TRUSTED_PROXIES",
            "Networks whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.",
            "networks such as 10.0.0.0/8,2001:db8::/32, their host bits zero, at most 100",
            take: { text, configuration in
                let parts = text.split(separator: ",").map { String($0).trimmingSpaces() }
                let networks = parts.compactMap { CIDR(exact: $0) }
                guard networks.count == parts.count, parts.count <= 100 else { return false }
                configuration.publicPlane.trustedProxies = networks
                return true
            }, show: { $0.publicPlane.trustedProxies.map { "\($0)" }.joined(separator: ",") }),
        count("public.loops", "LOOPS", \.publicPlane.loops, 0...256, "Event loops; 0 is one a core."),
        count(
            "public.connectionsMax", "CONNECTIONS_MAX", \.publicPlane.connectionsMax, 1...1_000_000,
            "Open connections; further ones are closed at once."),
        count(
            "public.connectionsPerAddressMax", "CONNECTIONS_PER_ADDRESS_MAX", \.publicPlane.connectionsPerAddressMax,
            1...1_000_000, "Open connections of one address (IPv6: one /64); trusted proxies are exempt."),
        bytes(
            "public.headerBytesMax", "HEADER_BYTES_MAX", \.publicPlane.headerBytesMax, 1_024...(38 << 10),
            "All header lines together, at most 100 of at most 8 KiB; beyond it 431, and 414 for a request line over 8 KiB."
        ),
        bytes(
            "public.bodyBytesMax", "BODY_BYTES_MAX", \.publicPlane.bodyBytesMax, 1_024...(64 << 20),
            "A request's body, before and after decompression; beyond it 413."),
        duration(
            "public.headerTimeout", "HEADER_TIMEOUT", \.publicPlane.headerTimeout, .milliseconds(100) ... .seconds(600),
            "From a request's first byte to the end of its headers."),
        duration(
            "public.bodyTimeout", "BODY_TIMEOUT", \.publicPlane.bodyTimeout, .milliseconds(100) ... .seconds(3_600),
            "From the end of the headers to the end of the body."),
        duration(
            "public.requestTimeout", "REQUEST_TIMEOUT", \.publicPlane.requestTimeout,
            .milliseconds(100) ... .seconds(3_600),
            "From a request's first byte to its answer; beyond it 408 or 503."),
        duration(
            "public.writeTimeout", "WRITE_TIMEOUT", \.publicPlane.writeTimeout, .milliseconds(100) ... .seconds(3_600),
            "Until a client has taken an answer whole, or 16 KiB more of it."),
        duration(
            "public.idleTimeout", "IDLE_TIMEOUT", \.publicPlane.idleTimeout, .milliseconds(100) ... .seconds(3_600),
            "Between two requests of a connection."),
        duration(
            "public.drainTimeout", "DRAIN_TIMEOUT", \.publicPlane.drainTimeout, .milliseconds(100) ... .seconds(600),
            "From SIGTERM to the end of the last request."),
        ConfigurationKey(
            "public.parser", "PARSER", "Which code reads requests: own, or nio (slower) to settle a doubt.",
            "one of " + RequestParserChoice.allCases.map(\.rawValue).joined(separator: ", "),
            take: { text, configuration in
                guard let parser = RequestParserChoice(rawValue: text) else { return false }
                configuration.publicPlane.parser = parser
                return true
            }, show: { $0.publicPlane.parser.rawValue }),
    ]

    private static let adminPlaneKeys: [ConfigurationKey] = [
        listen("admin.listen", "ADMIN_LISTEN", \.adminPlane.listen, "Address and port of dashboard, API and metrics.")
    ]

    private static let collectKeys: [ConfigurationKey] = [
        optional(
            "collect.geoDatabase", "GEOIP", \.collect.geoDatabase,
            "Path of an mmdb file for country, region and city. Empty: countries from tor-geoipdb, when installed.",
            "the path of an mmdb file", where: isPath),
        count(
            "collect.eventsPerRequestMax", "EVENTS_PER_REQUEST_MAX", \.collect.eventsPerRequestMax, 1...100_000,
            "Events in one request; one with more is refused whole."),
        bytes(
            "collect.eventBytesMax", "EVENT_BYTES_MAX", \.collect.eventBytesMax, 1_024...(1 << 20),
            "One event; a larger one is rejected."),
    ]

    private static let journalKeys: [ConfigurationKey] = [
        bytes(
            "journal.fileBytesMax", "JOURNAL_FILE_BYTES_MAX", \.journal.fileBytesMax, (1 << 20)...(4 << 30),
            "Size at which a journal file is sealed and the next begun."),
        bytes(
            "journal.queueBytesMax", "QUEUE_BYTES_MAX", \.journal.queueBytesMax, (1 << 20)...(4 << 30),
            "Events that wait for the disk; beyond it requests are answered 503."),
        duration(
            "journal.queueAgeMax", "QUEUE_AGE_MAX", \.journal.queueAgeMax, .milliseconds(1) ... .seconds(60),
            "Age of the oldest waiting event; beyond it requests are answered 503."),
        bytes(
            "journal.tailRingBytes", "TAIL_RING_BYTES", \.journal.tailRingBytes, (1 << 20)...(4 << 30),
            "Newest events kept in memory, from which projections read."),
        duration(
            "journal.idempotencyWindow", "IDEMPOTENCY_WINDOW", \.journal.idempotencyWindow,
            .seconds(60) ... .seconds(30 * 86_400), "How long a repeated event is recognised by its id."),
        count(
            "journal.idempotencyIDsMax", "IDEMPOTENCY_IDS_MAX", \.journal.idempotencyIDsMax, 1_000...1_000_000_000,
            "For how many of the newest ids."),
        flag(
            "journal.acceptDamage", "JOURNAL_ACCEPT_DAMAGE", \.journal.acceptsDamage,
            "Start although batches of the journal are damaged, and pass over them: their events are lost for good."),
    ]

    private static let projectionKeys: [ConfigurationKey] = [
        duration(
            "projections.checkpointInterval", "CHECKPOINT_INTERVAL", \.projections.checkpointInterval,
            .milliseconds(100) ... .seconds(3_600), "Between two checkpoints: what a restart reads again."),
        count(
            "projections.lagEventsMax", "LAG_EVENTS_MAX", \.projections.lagEventsMax, 1_000...1_000_000_000,
            "Events that projections may be behind; beyond it events are answered 503."),
        count(
            "projections.queryThreads", "QUERY_THREADS", \.projections.queryThreads, 1...64,
            "Threads that answer reports."),
        duration(
            "projections.queryTimeout", "QUERY_TIMEOUT", \.projections.queryTimeout,
            .milliseconds(100) ... .seconds(600),
            "One report; beyond it 503."),
    ]

    private static let logKeys: [ConfigurationKey] = [
        ConfigurationKey(
            "log.level", "LOG_LEVEL", "The least severe line that is written.",
            "one of " + LogLevel.allCases.map(\.rawValue).joined(separator: ", "),
            take: { text, configuration in
                guard let level = LogLevel(rawValue: text) else { return false }
                configuration.log.level = level
                return true
            }, show: { $0.log.level.rawValue })
    ]

    /// Known by name and held empty, so that a node that was meant to join a cluster does not start alone unnoticed.
    private static let scaleKeys: [ConfigurationKey] = [
        absent("scale.journalURL", "JOURNAL_URL", "nats:// address to relay the journal to."),
        absent("scale.columnsURL", "COLUMNS_URL", "http:// address of an external column store."),
    ]

    private static func absent(_ name: String, _ variable: String, _ meaning: String) -> ConfigurationKey {
        ConfigurationKey(
            name, variable, meaning + " Not in this version.", "nothing: this version has the embedded store only",
            take: { text, _ in text.isEmpty }, show: { _ in "" })
    }
}

extension String {
    /// Without spaces at either end.
    func trimmingSpaces() -> String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
