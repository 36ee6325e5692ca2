internal import Events

/// Where Plausible's words land.
///
///     n, name         name; `engagement` is a heartbeat that breaks no bounce
///     u, url          url; with `h` the fragment becomes part of its path
///     d, domain       the site's alias; several, joined by commas, are several sites
///     r, referrer     referrer
///     p, m, props, meta   properties: an object, or JSON text of one
///     $, revenue      revenue: amount and currency
///     i, interactive  false: breaks no bounce
///     e               engaged milliseconds
///     sd              property `scroll_depth`, percent; 255 is none
///     v               not kept: the script's version
enum PlausibleFields {
    static let engagement: StaticString = "engagement"
    static let scrollDepthNone = 255

    /// What can never succeed; the rest is dropped in silence, as Plausible does.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed: false
        default: true
        }
    }
}
