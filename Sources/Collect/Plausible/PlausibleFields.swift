internal import Events
internal import RequestParsing

/// Where Plausible's words land.
///
///     n, name         name; `engagement` breaks no bounce, a followed link is `outlink` or `download`
///     u, url          url
///     h, hashMode     1: the url's fragment becomes part of its path
///     d, domain       the site's alias; several, joined by commas, are several sites
///     r, referrer     referrer
///     p, m, props, meta   properties: an object, or JSON text of one; `url` of a followed link is `target`
///     $, revenue      revenue: amount and currency
///     i, interactive  false: breaks no bounce
///     e               engaged milliseconds
///     sd              property `scroll_depth`, percent; 255 is none
///     v               not kept: the script's version
enum PlausibleFields {
    static let engagement: StaticString = "engagement"
    static let scrollDepthNone = 255

    /// Our names of the events that the script sends when a link is followed.
    static func link(_ name: RawSpan) -> StaticString? {
        if name.equals("Outbound Link: Click") { return "outlink" }
        return name.equals("File Download") ? "download" : nil
    }

    /// The body of a 400: the field at fault, in Plausible's words.
    static func errors(_ reason: Rejection?) -> StaticString {
        switch reason {
        case .invalidJSON, .notAnObject, .tooDeep, .invalidUTF8, .emptyBody:
            "{\"errors\":{\"request\":[\"Unable to parse request body as json\"]}}"
        case .missingSite: "{\"errors\":{\"domain\":[\"can't be blank\"]}}"
        case .missingName: "{\"errors\":{\"event_name\":[\"can't be blank\"]}}"
        case .fieldTooLong: "{\"errors\":{\"event_name\":[\"should be at most 120 character(s)\"]}}"
        case .invalidField: "{\"errors\":{\"revenue_source\":[\"is invalid\"]}}"
        case .tooManyEvents: "{\"errors\":{\"domain\":[\"has too many sites\"]}}"
        default: "{\"errors\":{\"event\":[\"is invalid\"]}}"
        }
    }

    /// What can never succeed; the rest is dropped in silence, as Plausible does.
    static func isClientsFault(_ reason: Rejection?) -> Bool {
        switch reason {
        case .unknownSite, .originNotAllowed: false
        default: true
        }
    }
}
