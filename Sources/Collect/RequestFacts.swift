package import Catalog
package import Events

/// What the steps may know of the HTTP request beside its events. Spans point into the connection's buffer
/// and are empty where the header is absent; nothing here outlives the request.
package struct RequestFacts: ~Escapable {
    package var receivedAt: Timestamp
    /// The client, after trusted proxies. Used whole by geo, bots and the day's hash, then cut; never stored.
    package var address: IPAddress
    /// TLS ended here or at a trusted proxy that says so.
    package var isSecure = false
    /// `Sec-GPC: 1`.
    package var objectsGlobally = false
    /// The request carries a valid server key: history may be written, server-only names are open.
    package var hasServerKey = false
    /// Whose key it is; a site outside its scope refuses the event as `wrong_key`. nil with imports, which may write anywhere.
    package var principal: Principal?
    package var userAgent: RawSpan
    /// Every `Cookie` header field's value; more than one is joined with `; ` by the caller.
    package var cookies: RawSpan
    package var origin: RawSpan
    package var referer: RawSpan
    package var acceptLanguage: RawSpan
    /// `Sec-Purpose`, `Purpose` or `X-Moz`.
    package var purpose: RawSpan
    /// `Sec-CH-UA-Platform`, `-Platform-Version`, `-Model`, `-Mobile` and `Sec-CH-UA` (or the full version list).
    package var platform: RawSpan
    package var platformVersion: RawSpan
    package var model: RawSpan
    package var mobile: RawSpan
    package var brands: RawSpan

    /// Every header absent, the spans empty pieces of `none`.
    @_lifetime(copy none)
    package init(receivedAt: Timestamp, address: IPAddress, none: RawSpan) {
        self.receivedAt = receivedAt
        self.address = address
        let empty = none.extracting(first: 0)
        userAgent = empty
        cookies = empty
        origin = empty
        referer = empty
        acceptLanguage = empty
        purpose = empty
        platform = empty
        platformVersion = empty
        model = empty
        mobile = empty
        brands = empty
    }
}
