package import Catalog
internal import Events

/// A piece of text in the arena of a classifier's answer; `absent` is "not known", null in reports.
package struct ClassText: Hashable, Sendable {
    package var offset: UInt32
    package var count: UInt32
    package static let absent = ClassText(offset: .max, count: 0)

    package init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    package var isAbsent: Bool { offset == .max }
    package var range: Range<Int> { isAbsent ? 0..<0 : Int(offset)..<Int(offset) + Int(count) }
}

/// The bytes of one answer's texts: appended to, forgotten by `removeAll`, memory kept. No allocation once grown.
package struct ClassArena: ~Copyable {
    package private(set) var bytes: [UInt8] = []
    package init() { bytes.reserveCapacity(1024) }

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Copies `text`; an empty one is `absent`.
    package mutating func put(_ text: borrowing RawSpan) -> ClassText {
        guard text.byteCount > 0 else { return .absent }
        let start = bytes.count
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return ClassText(offset: UInt32(clamping: start), count: UInt32(clamping: bytes.count - start))
    }

    /// Copies a constant such as a channel's name.
    package mutating func put(_ text: StaticString) -> ClassText {
        let start = bytes.count
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
        return ClassText(offset: UInt32(clamping: start), count: UInt32(clamping: bytes.count - start))
    }

    /// For decoders that write in place: bytes from `start` (an earlier `count`) to the end are the text.
    package var count: Int { bytes.count }
    package mutating func putByte(_ byte: UInt8) { bytes.append(byte) }
    package func text(from start: Int) -> ClassText {
        guard bytes.count > start else { return .absent }
        return ClassText(offset: UInt32(clamping: start), count: UInt32(clamping: bytes.count - start))
    }
}

/// What a user agent is. Reused: `reset` before each answer keeps the memory.
package struct ClientClass: ~Copyable {
    package var arena = ClassArena()
    /// `desktop`, `mobile`, `tablet`, `tv`, `console`, …
    package var device: ClassText = .absent
    package var browser: ClassText = .absent
    package var browserVersion: ClassText = .absent
    package var os: ClassText = .absent
    package var osVersion: ClassText = .absent
    package init() {}

    package mutating func reset() {
        arena.removeAll()
        device = .absent
        browser = .absent
        browserVersion = .absent
        os = .absent
        osVersion = .absent
    }
}

/// Where a visit that begins with this event comes from. Reused: `reset` before each answer keeps the memory.
package struct TrafficSource: ~Copyable {
    package var arena = ClassArena()
    /// The referring page as reports show it; absent for the site's own pages and excluded referrers.
    package var referrer: ClassText = .absent
    package var source: ClassText = .absent
    package var channel: ClassText = .absent
    package var utmSource: ClassText = .absent
    package var utmMedium: ClassText = .absent
    package var utmCampaign: ClassText = .absent
    package var utmContent: ClassText = .absent
    package var utmTerm: ClassText = .absent
    package init() {}

    package mutating func reset() {
        arena.removeAll()
        referrer = .absent
        source = .absent
        channel = .absent
        utmSource = .absent
        utmMedium = .absent
        utmCampaign = .absent
        utmContent = .absent
        utmTerm = .absent
    }
}

/// Turns what an event carries into the words of reports. Called on the projector's thread, and only where Visits'
/// own cache of answers has none: once per distinct client and once per distinct (URL query, referrer) for a while.
///
/// The answers are functions of the arguments alone, so that a rebuild gives what live gave: no clock, no counter, no
/// network. Arguments are empty spans where the event has no such field; they come from outside, so any byte may
/// stand in them. An implementation resets the answer, fills what it knows, never traps and allocates at most to grow
/// the arena or a cache of its own, which is bounded.
package protocol VisitClassifier {
    /// `userAgent` is at most 512 bytes; `hints` is the record's `clientHints` field:
    /// `platform\0platformVersion\0model\0mobile\0brands`, each may be empty.
    mutating func client(userAgent: RawSpan, hints: RawSpan, into: inout ClientClass)

    /// `url` and `referrer` are absolute and minimised. The answer may use the URL's host and query (not its path or
    /// fragment), the referrer and the site's definition; where the referrer's host is the URL's own, the answer
    /// must not depend on the referrer's path or query, because Visits' cache keeps one answer for all of them.
    mutating func traffic(url: RawSpan, referrer: RawSpan, site: Site, into: inout TrafficSource)
}
