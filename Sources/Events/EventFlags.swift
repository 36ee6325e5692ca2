/// One-bit facts of an event, stored in the record's header. Bits are never reused.
@usableFromInline
package struct EventFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt32
    @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Sent by a program; the reason is the `botReason` field. Left out of reports unless asked for.
    package static let bot = EventFlags(rawValue: 1 << 0)
    /// Fetched ahead of a visit that may never come.
    package static let prefetch = EventFlags(rawValue: 1 << 1)
    /// The site's own staff: an excluded address or the opt-out cookie.
    package static let ownTraffic = EventFlags(rawValue: 1 << 2)
    /// Came through an import, not from a client.
    package static let imported = EventFlags(rawValue: 1 << 3)
    /// Sent with a server key.
    package static let serverKey = EventFlags(rawValue: 1 << 4)
    /// Kept and visible, never counted; the reason is the `quarantineReason` field.
    package static let quarantined = EventFlags(rawValue: 1 << 5)
    /// Does not break a bounce and is no page: a heartbeat, an impression.
    package static let nonInteractive = EventFlags(rawValue: 1 << 6)
    /// The device identifier was set by the answer to this very event.
    package static let newDevice = EventFlags(rawValue: 1 << 7)
    /// A page was viewed: `name` is `pageview`.
    package static let pageview = EventFlags(rawValue: 1 << 8)
    /// Sent in preview or debugging; never counted.
    package static let preview = EventFlags(rawValue: 1 << 9)
    /// Says that identifiers belong together, and is nothing a visitor did; never counted.
    package static let identity = EventFlags(rawValue: 1 << 10)

    /// What keeps an event out of every report, whatever is asked.
    package static let neverCounted: EventFlags = [.quarantined, .preview, .ownTraffic, .identity]
}

/// Why an event is taken for a program's. Stored; values are never reused.
package enum BotReason: UInt8, Sendable, CaseIterable {
    case none = 0
    /// The user agent names a known crawler or library.
    case userAgent = 1
    /// No user agent at all.
    case noUserAgent = 2
    /// A headless or automated browser that says so.
    case headless = 3
    /// A data centre's or a monitor's address range, where configured.
    case address = 4
    /// `Purpose: prefetch`, `Sec-Purpose: prefetch`, or a prerender.
    case prefetch = 5
}

/// Why an event is kept but not counted. Stored; values are never reused.
package enum QuarantineReason: UInt8, Sendable, CaseIterable {
    case none = 0
    /// The page's host is not one of the site's domains.
    case foreignHost = 1
}
