/// A site's number, given once by the catalog and never reused. 0 is no site.
@usableFromInline
package struct SiteID: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package let rawValue: UInt32
    @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable package static func == (left: SiteID, right: SiteID) -> Bool { left.rawValue == right.rawValue }
    @inlinable package static func < (left: SiteID, right: SiteID) -> Bool { left.rawValue < right.rawValue }
    @usableFromInline package var description: String { String(rawValue) }
}

/// 128 bits as two words: device identifiers, keyed hashes, file salts. The first byte on disk is the
/// lowest byte of `low`.
@usableFromInline
package struct ID128: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var low: UInt64
    @usableFromInline package var high: UInt64
    @inlinable package static var byteCount: Int { 16 }

    @inlinable package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Reads 16 bytes at `offset`; nil when the span is too short.
    @inlinable package init?(_ bytes: RawSpan, at offset: Int = 0) {
        guard offset >= 0, bytes.byteCount >= ID128.byteCount, offset <= bytes.byteCount - ID128.byteCount else {
            return nil
        }
        self.low = bytes.littleEndianUInt64(at: offset)
        self.high = bytes.littleEndianUInt64(at: offset + 8)
    }

    @inlinable package static func == (left: ID128, right: ID128) -> Bool {
        left.low == right.low && left.high == right.high
    }

    /// A fresh one from the system's random source.
    package static func random() -> ID128 {
        ID128(low: .random(in: 0 ... .max), high: .random(in: 0 ... .max))
    }

    @inlinable package static func < (left: ID128, right: ID128) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// 32 lower-case hexadecimal digits, in the order of the bytes on disk.
    @usableFromInline package var description: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for word in [low, high] {
            for shift in stride(from: 0, to: 64, by: 8) {
                let byte = UInt8(truncatingIfNeeded: word >> UInt64(shift))
                for nibble in [byte >> 4, byte & 15] { digits.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// A place in the journal: the batch (one append, one commit) and the record's index in it. Opaque and
/// ordered; there may be gaps; it never is a byte offset, so it survives compression and erasure.
@usableFromInline
package struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var batch: UInt64
    @usableFromInline package var index: UInt32
    /// Before the first record: batch numbers start at 1.
    package static let start = Position(batch: 0, index: 0)

    @inlinable package init(batch: UInt64, index: UInt32) {
        self.batch = batch
        self.index = index
    }

    @inlinable package static func == (left: Position, right: Position) -> Bool {
        left.batch == right.batch && left.index == right.index
    }

    @inlinable package static func < (left: Position, right: Position) -> Bool {
        left.batch != right.batch ? left.batch < right.batch : left.index < right.index
    }

    @usableFromInline package var description: String { "\(batch):\(index)" }
}

/// What an event hangs on, by decreasing strength of the tie. The raw value is stored in parts.
@usableFromInline
package enum AnchorKind: UInt8, Sendable, CaseIterable {
    /// Nothing: consent denied or objected, or a site that keeps no identifier while consent is unknown.
    case none = 0
    /// The first-party device identifier.
    case device = 1
    /// A user claim, where there is no device.
    case user = 2
    /// The day's hash of address and user agent. Never linked to anything else.
    case daily = 3
}

/// An anchor as it stands in an event; projections give it a dense number at first appearance.
@usableFromInline
package struct Anchor: Hashable, Sendable {
    @usableFromInline package var kind: AnchorKind
    @usableFromInline package var site: SiteID
    @usableFromInline package var id: ID128
    @inlinable package init(kind: AnchorKind, site: SiteID, id: ID128) {
        self.kind = kind
        self.site = site
        self.id = id
    }
}
