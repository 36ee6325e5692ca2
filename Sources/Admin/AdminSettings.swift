/// How the admin plane listens and what it may take. Read once at start.
package struct AdminSettings: Sendable {
    /// The default is loopback: nothing outside the machine reaches it.
    package var listenHost = "127.0.0.1"
    /// 0 takes any free port. The default is 8081.
    package var listenPort = 8081
    /// Where people open the admin plane, when a proxy stands before it: scheme and host, a port if any. With `https`
    /// the session cookie is `__Host-` and `Secure`.
    package var adminURL: String?
    /// `HIGHLAND_PUBLIC_URL`; its host is a name that requests may be for.
    package var publicURL: String?
    /// The default is 1 MiB.
    package var bodyBytesMax = 1 << 20
    /// A connection without traffic is closed after this. The default is 30 s.
    package var idleTimeout = Duration.seconds(30)
    /// From a request's head to the end of its body. The default is 10 s.
    package var bodyDeadline = Duration.seconds(10)
    /// Connections open at once; more wait in the kernel. The default is 256.
    package var connectionsMax = 256
    /// Reports that run at once. The default is 2.
    package var queriesMax = 2
    /// Reports that wait for their turn; one more is answered 503. The default is 16.
    package var queriesWaitingMax = 16
    /// From asking for a turn to the answer of a report or a page. The default is 10 s.
    package var queryDeadline = Duration.seconds(10)

    package init() {}

    /// Whether browsers reach the plane over TLS.
    var isSecure: Bool { adminURL?.lowercased().hasPrefix("https://") ?? false }

    /// What people open: the configured URL or the address it listens on, without a slash at its end.
    func baseURL(port: Int) -> String {
        if let adminURL { return adminURL.hasSuffix("/") ? String(adminURL.dropLast()) : adminURL }
        let isAny = listenHost == "0.0.0.0" || listenHost == "::"
        let host = isAny ? "localhost" : listenHost.contains(":") ? "[\(listenHost)]" : listenHost
        return "http://\(host):\(port)"
    }
}
