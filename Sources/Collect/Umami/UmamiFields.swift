internal import Events

/// Where Umami's words land.
///
///     type            event, identify, performance; anything else is refused
///     website, link, pixel   the site's alias
///     name            name; a page view where there is none
///     url, hostname   url: a path becomes `https://HOSTNAME/path`
///     referrer        referrer; a path likewise
///     title, screen, language   the same
///     id              anonymousID; of `identify` userID too
///     timestamp       time, seconds since 1970
///     data            properties; of them `revenue` and `currency` become the event's money, and an order's
///                     `order_id` its clientEventID
///     tag             property `tag`
///     lcp, inp, cls, fcp, ttfb   properties of `performance`
///     userAgent       userAgent, where it is another than the request's
///     ip              address, with a key of this installation in `Authorization`; else passed over
///     browser, os, device   not kept: they are told from the agent
///     x-umami-cache   given back; says nothing to this server
enum UmamiFields {
    static let performance: [StaticString] = ["lcp", "inp", "cls", "fcp", "ttfb"]

    /// Whose `order_id` counts an order once.
    static let orders: [StaticString] = ["order", "purchase"]

    /// Beyond it a number of seconds is one of milliseconds.
    static let secondsMax: Int64 = 100_000_000_000

    /// What can never succeed; the rest is dropped in silence, an event of long ago too: Umami takes it.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed, .wrongKey, .timeOutOfRange: false
        default: true
        }
    }
}
