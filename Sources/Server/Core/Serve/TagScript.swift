package import Events

/// One file below `/tags/`, as the store of containers gives it.
package struct TagScript: Sendable, Equatable {
    /// How long caches may keep it.
    package enum Caching: String, CaseIterable, Sendable {
        /// A container's loader: what is published, rolled back or killed reaches pages within a minute.
        case live
        /// The content's hash stands in the path, so the bytes behind it never change.
        case immutable
        /// A draft, for whoever has the link.
        case preview

        var header: String {
            switch self {
            case .live: "public, max-age=60"
            case .immutable: "public, max-age=31536000, immutable"
            case .preview: "no-store"
            }
        }
    }

    /// Below `/tags/`: `HL-….js`, `HL-…/12-3f9a….js`.
    package var path: String
    package var bytes: [UInt8]
    /// The same, packed; empty where that is not worth it.
    package var gzip: [UInt8]
    package var caching: Caching
    /// From then on it is not served any more; nil for ever.
    package var expires: Timestamp?

    package init(path: String, bytes: [UInt8], gzip: [UInt8], caching: Caching, expires: Timestamp? = nil) {
        self.path = path
        self.bytes = bytes
        self.gzip = gzip
        self.caching = caching
        self.expires = expires
    }
}
