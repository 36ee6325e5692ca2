package import Catalog
internal import Events
package import RequestParsing

/// A request of a foreign client as its protocol reads it. The body is unpacked already. Spans point into the
/// connection's buffers; nothing here outlives the request.
package struct ForeignRequest: ~Escapable {
    package let method: HTTPMethod
    /// What the path means to the protocol.
    package let action: UInt8
    /// Without a first-party prefix and a closing slash.
    package let path: RawSpan
    /// Without its `?`.
    package let query: RawSpan
    package let body: RawSpan
    package let contentType: RawSpan
    package let authorization: RawSpan
    /// As the client names this server; empty where it does not.
    package let host: RawSpan
    /// What stood before `path`: a first-party prefix, or nothing.
    package let prefix: RawSpan
    package let facts: RequestFacts
    package let catalog: CatalogSnapshot
    /// For headers that only one protocol knows.
    private let head: RequestHead
    private let headBytes: RawSpan

    @_lifetime(copy path, copy query, copy body, copy headBytes, copy facts)
    package init(
        method: HTTPMethod, action: UInt8, path: RawSpan, query: RawSpan, body: RawSpan, head: RequestHead,
        headBytes: RawSpan, facts: RequestFacts, catalog: CatalogSnapshot
    ) {
        self.method = method
        self.action = action
        self.path = path.withoutClosingSlash
        self.query = query
        self.body = body
        self.head = head
        self.headBytes = headBytes
        self.facts = facts
        self.catalog = catalog
        contentType = headBytes.extracting(head.value(.contentType) ?? 0..<0)
        authorization = headBytes.extracting(head.value(.authorization) ?? 0..<0)
        host = headBytes.extracting(head.value(.host) ?? 0..<0)
        prefix = headBytes.extracting(head.path).extracting(first: max(head.path.count - path.byteCount, 0))
    }

    /// The value of the first header line of this name, given in lower case; empty where there is none. O(headers).
    @_lifetime(copy self)
    package func header(_ name: StaticString) -> RawSpan {
        for index in 0..<head.fieldCount {
            let field = head.field(index)
            guard field.header == nil else { continue }
            let written = headBytes.extracting(field.name)
            if written.byteCount == name.utf8CodeUnitCount, written.equalsIgnoringCase(name) {
                return headBytes.extracting(field.value)
            }
        }
        return headBytes.extracting(first: 0)
    }
}

/// What a foreign client hears, in pieces that the HTTP side puts together. Reused.
package struct ForeignAnswer: Sendable {
    package enum Content: Sendable {
        /// No body at all.
        case none
        /// The 43 bytes of one transparent pixel.
        case pixel
        /// `body`, of this type.
        case text, json, javaScript
    }

    package var status: UInt16 = 200
    package var content = Content.none
    package var body: [UInt8] = []
    package var origins = ForeignOrigins.any
    /// Further header lines; values are checked where they are written.
    package var headers: [(name: StaticString, value: String)] = []
    /// Caches may keep it this long; 0 is `no-store`.
    package var cacheSeconds = 0

    package init() {}

    package mutating func reset() {
        status = 200
        content = .none
        body.removeAll(keepingCapacity: true)
        origins = .any
        headers.removeAll(keepingCapacity: true)
        cacheSeconds = 0
    }

    package mutating func text(_ text: StaticString) { set(.text, text) }
    package mutating func json(_ text: StaticString) { set(.json, text) }

    private mutating func set(_ content: Content, _ text: StaticString) {
        self.content = content
        body.removeAll(keepingCapacity: true)
        text.withUTF8Buffer { body.append(contentsOf: $0) }
    }
}
