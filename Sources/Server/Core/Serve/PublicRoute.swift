internal import Events

/// The public plane's paths: a closed list, compared byte by byte, with or without a trailing slash.
enum PublicRoute: CaseIterable {
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

    /// The route of a request's path; nil where there is none. About 10 ns for the collect paths.
    init?(_ path: borrowing RawSpan) {
        if path.equals(PublicRoute.pixel.path) {
            self = .pixel
        } else if path.equals(PublicRoute.collect.path) {
            self = .collect
        } else {
            var count = path.byteCount
            if count > 1, path.byte(at: count - 1) == UInt8(ascii: "/") { count -= 1 }
            let trimmed = path.extracting(first: count)
            for route in PublicRoute.allCases where trimmed.equals(route.path) {
                self = route
                return
            }
            return nil
        }
    }
}

extension RawSpan {
    /// The same bytes as a constant.
    fileprivate func equals(_ text: StaticString) -> Bool {
        guard byteCount == text.utf8CodeUnitCount else { return false }
        return withUnsafeBytes { bytes in
            // SAFETY: both buffers are alive for the call and have the same count.
            text.withUTF8Buffer { bytes.elementsEqual($0) }
        }
    }
}
