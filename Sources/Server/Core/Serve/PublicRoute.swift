internal import Events
internal import RequestParsing

/// The public plane's paths: a closed list, compared byte by byte, with or without a trailing slash.
enum PublicRoute: Int, CaseIterable {
    case pixel, collect, alive, ready, robots, securityText

    var path: StaticString {
        switch self {
        case .pixel: "/collect.gif"
        case .collect: "/collect"
        case .alive: "/healthz"
        case .ready: "/readyz"
        case .robots: "/robots.txt"
        case .securityText: "/.well-known/security.txt"
        }
    }

    /// For `Allow`.
    var methods: String {
        switch self {
        case .pixel: "GET, HEAD, OPTIONS"
        case .collect: "POST, OPTIONS"
        case .alive, .ready, .robots, .securityText: "GET, HEAD"
        }
    }

    /// The route of a request's path; nil where there is none. About 10 ns for the collect paths.
    init?(_ path: borrowing RawSpan) {
        if path.equals(PublicRoute.pixel.path) {
            self = .pixel
        } else if path.equals(PublicRoute.collect.path) {
            self = .collect
        } else {
            let trimmed = path.withoutClosingSlash
            for route in PublicRoute.allCases where trimmed.equals(route.path) {
                self = route
                return
            }
            return nil
        }
    }
}
