package import Events
package import RequestParsing

/// One whole request as its responder sees it: spans into the connection's buffers, the body already taken out of its
/// chunks and unpacked. It cannot outlive the call it is given to; whoever answers later copies what is needed.
package struct Request: ~Escapable {
    package let head: RequestHead
    /// What the head's ranges are places in.
    package let headBytes: RawSpan
    /// The body; empty when there is none.
    package let body: RawSpan
    /// Every Cookie header's value; several are joined with `; `. Empty when there is none.
    package let cookies: RawSpan
    /// The client, after trusted proxies.
    package let address: IPAddress
    /// A trusted proxy says that the client came over TLS.
    package let isSecure: Bool

    @_lifetime(copy headBytes, copy body, copy cookies)
    init(head: RequestHead, headBytes: RawSpan, body: RawSpan, cookies: RawSpan, address: IPAddress, isSecure: Bool) {
        self.head = head
        self.headBytes = headBytes
        self.body = body
        self.cookies = cookies
        self.address = address
        self.isSecure = isSecure
    }

    package var method: HTTPMethod { head.method }

    /// The target up to its first `?`, as sent.
    package var path: RawSpan {
        @_lifetime(copy self) get { headBytes.extracting(head.path) }
    }

    /// The target after its first `?`, as sent; empty when there is none.
    package var query: RawSpan {
        @_lifetime(copy self) get { headBytes.extracting(head.query) }
    }

    /// The value of the first header line of this name; empty when there is none. O(1).
    @_lifetime(copy self)
    package func header(_ header: KnownHeader) -> RawSpan {
        guard let value = head.value(header) else { return headBytes.extracting(first: 0) }
        return headBytes.extracting(value)
    }

    package func has(_ header: KnownHeader) -> Bool { head.value(header) != nil }

    /// An empty span with this request's lifetime.
    package var none: RawSpan {
        @_lifetime(copy self) get { headBytes.extracting(first: 0) }
    }
}
